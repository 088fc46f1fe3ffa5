"""What acceptance leaves and takes: money in the court's account, places kept, replies."""

from collections.abc import Collection
from datetime import date

from zhipo.enforcement.models import KeptPlace, Proceeds
from zhipo.kernel.periods import days, deadline
from zhipo.law.referral.handover import Held, is_estate_in_court_account, is_handed_over
from zhipo.law.stay.effects import REPLY_DAYS, restored


def reply_by(sent_on: date, *, reply_days: int = REPLY_DAYS.default) -> date:
    """Until when an answer to a letter is looked for, moved off holidays."""
    return deadline(sent_on, days(reply_days)).last_day


def is_estate(proceeds: Proceeds) -> bool:
    """Whether money or a thing taken in enforcement belongs to the estate.

    What lies in the court's account is estate until it is paid out; what was paid out,
    or sold or given by a ruling that was served, is not (《执转破意见》第十七条, tag U).
    """
    held = Held(proceeds.held)
    if held == Held.COURT_ACCOUNT:
        return is_estate_in_court_account(is_paid_out=proceeds.paid_out_on is not None)
    return is_handed_over(held=held, needs_lawyer_check=True)


def next_to_restore(places: Collection[KeptPlace]) -> list[KeptPlace]:
    """The places of one property that may come back now, in the old order.

    The first that neither came back nor was declined: a later one waits for it
    (《破产法解释二》第八条).
    """
    by_id = {str(one.pk): one for one in places}
    ordered = tuple(str(one.pk) for one in sorted(places, key=lambda one: one.place))
    declined = frozenset(str(one.pk) for one in places if one.declined_on is not None)
    coming = [by_id[one] for one in restored(lifted_in_order=ordered, declined=declined)]
    return [one for one in coming if one.restored_on is None][:1]

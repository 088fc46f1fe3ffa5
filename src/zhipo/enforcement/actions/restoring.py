"""Preservation after a dismissal: back in its old order, or given up by its court."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.origins import locked_origin
from zhipo.enforcement.models import Freeze, KeptPlace
from zhipo.enforcement.policies.origins import as_fields, check_dismissed, debtor_of
from zhipo.enforcement.policies.referrals import check_day
from zhipo.enforcement.policies.stays import next_to_restore
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.web.refusals import NotInState


@transaction.atomic
def restore_freeze(
    *, place_id: int, restored_on: date, by: Any, today: date | None = None
) -> KeptPlace:
    """A court's freeze is on again, in its old place (《破产法解释二》第八条).

    It waits for every earlier one on the same property that has neither come back nor been
    given up. Raises NotAllowed, NotInState.
    """
    place, is_done = _place(place_id, "restored_on", restored_on, by, today)
    if is_done:
        return place
    beside = list(
        KeptPlace.objects.filter(
            **as_fields(place.origin), freeze__target=place.freeze.target_id,
            lifted_on__isnull=False,
        )
    )  # fmt: skip
    if place not in next_to_restore(beside):
        raise NotInState("enforcement.restore.not_its_turn", place=place.place)

    place.restored_on = restored_on
    place.save(update_fields=["restored_on"])
    Freeze.objects.filter(pk=place.freeze_id).update(state=place.was)

    record(Event.FREEZE_RESTORED, of=place, by=by,
           chain=chain_of(debtor_of(place.origin)), place=place.place)  # fmt: skip
    return place


@transaction.atomic
def give_up_freeze(
    *, place_id: int, declined_on: date, by: Any, today: date | None = None
) -> KeptPlace:
    """A court says that it does not restore its freeze; the next may move up.

    Raises NotAllowed, NotInState.
    """
    place, is_done = _place(place_id, "declined_on", declined_on, by, today)
    if is_done:
        return place

    place.declined_on = declined_on
    place.save(update_fields=["declined_on"])

    record(Event.FREEZE_NOT_RESTORED, of=place, by=by,
           chain=chain_of(debtor_of(place.origin)), place=place.place)  # fmt: skip
    return place


def _place(
    place_id: int, field: str, day: date, by: Any, today: date | None
) -> tuple[KeptPlace, bool]:
    """The place, locked and open to be answered; True where this was done before."""
    of = KeptPlace.objects.values("referral_id", "petition_id").get(pk=place_id)
    origin = locked_origin(**of)
    place = KeptPlace.objects.select_related("freeze__case").get(pk=place_id)
    for name, one in as_fields(origin).items():
        setattr(place, name, one)
    if getattr(place, field) == day:
        return place, True
    check_power_at(debtor_of(origin), Act.RESTORE, by, place.freeze.case.court_id)
    check_dismissed(origin)
    if place.restored_on is not None or place.declined_on is not None:
        raise NotInState("enforcement.restore.answered")
    if place.lifted_on is None:
        raise NotInState("enforcement.restore.still_on")
    check_day(day, since=origin.dismissed_on, today=today or timezone.localdate())
    return place, False

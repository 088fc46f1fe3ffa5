"""What its creditor did not take in time is the other creditors' (EBL 118, 119).

The money is in the general pool again; a further plan, in which those who let it lapse have
no part, gives it to the others.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.cases.powers import Act
from zhipo.claims.actions.messages import put_messages
from zhipo.claims.models import Claim
from zhipo.distributions.actions.planning import supersede_drafts
from zhipo.distributions.models import Lapse
from zhipo.distributions.queries.register import UNSETTLED
from zhipo.distributions.queries.returned import last_approved_number
from zhipo.kernel.money import yuan_text
from zhipo.payouts.actions.depositing import enter_periods, release_deposits
from zhipo.payouts.models import Deposit
from zhipo.payouts.policies.deposits import check_can_share_out
from zhipo.payouts.states import DepositReason, ReleasedTo
from zhipo.web.refusals import NotInState

W = DepositReason


@transaction.atomic
def share_out_unclaimed(
    *, case_id: int, by: Any, today: date | None = None
) -> list[Deposit]:
    """Two months after the last-distribution notice what nobody came for is given up, and
    the administrator or the court gives it to the others (《企业破产法》第一百一十八条).

    Plans being made end: their pools hold another sum now. Raises NotAllowed, NotInState
    where no period is over.
    """
    case = locked_case(case_id)
    check_can_share_out(by, case, Act.SHARE_OUT_UNCLAIMED)
    return _lapse(case, unclaimed_over, today, ruling="", by=by)


@transaction.atomic
def share_out_unsettled(
    *, case_id: int, ruling: str, by: Any, today: date | None = None
) -> list[Deposit]:
    """Two years after the end what is still in dispute, or reserved for a claim or a person
    that is not settled, goes to the others by the court (《企业破产法》第一百一十九条).

    What its creditor could take by now stays theirs. Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    check_can_share_out(by, case, Act.SHARE_OUT_UNSETTLED)
    if not ruling.strip():
        raise NotInState("cases.refused.empty")
    return _lapse(case, unsettled_over, today, ruling=ruling.strip(), by=by)


def unclaimed_over(case: Case, on: date) -> QuerySet[Deposit]:
    """What nobody came for, its last day past."""
    return _over(case, on).filter(why=W.UNCLAIMED)


def unsettled_over(case: Case, on: date) -> QuerySet[Deposit]:
    """What was kept for claims that are not settled to this day, the last day past."""
    claims = Claim.objects.filter(UNSETTLED, case=case).values("pk")
    kept = _over(case, on).filter(why__in=[W.DISPUTED, W.RESERVED])
    return kept.filter(share__claim__in=claims)


def _over(case: Case, on: date) -> QuerySet[Deposit]:
    kept = Deposit.objects.filter(share__plan__case=case, released_on=None, until__lt=on)
    return kept.order_by("pk")


def _lapse(
    case: Case, over_on: Any, today: date | None, *, ruling: str, by: Any
) -> list[Deposit]:
    on = today or timezone.localdate()
    enter_periods(case)
    found = over_on(case, on).select_for_update(of=("self",))
    over = list(found.select_related("share__plan__case"))
    if not over:
        raise NotInState("payouts.refused.nothing_waived")

    release_deposits(over, ReleasedTo.OTHERS, on, by)
    _keep_lapses(case, over, on, ruling)
    superseded = supersede_drafts(case)
    _tell(over)

    record(Event.DEPOSITS_REDISTRIBUTED, of=case, by=by, chain=case.number,
           count=len(over), fen=sum(one.fen for one in over), ruling=ruling,
           superseded=superseded)  # fmt: skip
    return over


def _keep_lapses(case: Case, over: Sequence[Deposit], on: date, ruling: str) -> None:
    after = last_approved_number(case)
    Lapse.objects.bulk_create(
        Lapse(share_id=one.share_id, part=one.part, fen=one.fen, on=on, after_plan=after,
              ruling=ruling)
        for one in over
    )  # fmt: skip


def _tell(over: Sequence[Deposit]) -> None:
    said = [
        (one.share.claim_id, f"message.lapsed_{one.why}", {"yuan": yuan_text(one.fen)})
        for one in over
    ]
    put_messages(said, now=timezone.now())

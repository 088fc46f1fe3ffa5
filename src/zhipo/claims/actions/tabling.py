"""Putting what is reviewed on the register 债权表 (EBL 57), and correcting the list."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.models import Claim
from zhipo.claims.queries.register import LISTED
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision

ADMITTED = Q(decision__in=[Decision.ADMIT, Decision.REDUCE])
READY = Q(state=ClaimState.REVIEWED)


@dataclass(frozen=True)
class Tabling:
    """What tabling does, in numbers: tabled, deferred, not admitted, still open."""

    tabled: int
    tabled_fen: int
    deferred: int
    rejected: int
    open: int


def tabling(case: Case) -> Tabling:
    """What `table_register` would do now."""
    to_table = _to_table()
    row = _live(case).aggregate(
        tabled=Count("pk", filter=to_table),
        tabled_fen=Sum("admitted_fen", filter=to_table, default=0),
        deferred=Count("pk", filter=READY & ~ADMITTED & ~Q(decision=Decision.REJECT)),
        rejected=Count("pk", filter=READY & Q(decision=Decision.REJECT)),
        open=Count("pk", filter=Q(state=ClaimState.FILED) & ~LISTED),
    )
    return Tabling(**row)


@transaction.atomic
def table_register(*, case_id: int, by: Any) -> Tabling:
    """Table every reviewed claim in one statement each way; the rest stays, reserved.

    Admitted claims go on the register, undecided ones are deferred with their reserve,
    rejected ones are listed as not admitted. May be repeated for what is reviewed later;
    with nothing new it changes nothing. Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    check_power(case, Act.TABLE_REGISTER, by)
    done = tabling(case)
    if not done.tabled + done.deferred + done.rejected:
        return done

    claims = _live(case)
    claims.filter(_to_table()).update(state=ClaimState.TABLED)
    claims.filter(READY, decision=Decision.REJECT).update(state=ClaimState.REJECTED)
    claims.filter(READY).update(state=ClaimState.DEFERRED)

    record(Event.REGISTER_TABLED, of=case, by=by, chain=case.number, **asdict(done))
    return done


def _to_table() -> Q:
    return (READY | LISTED) & ADMITTED


def _live(case: Case) -> QuerySet[Claim]:
    return Claim.objects.filter(case=case)

"""The register before the meeting and before the court (《企业破产法》第五十八条)."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.actions import start_own_clock
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.cases.powers import Act, check_power
from zhipo.claims.models import Claim, Objection
from zhipo.claims.queries.creditor import suit_until
from zhipo.claims.queries.register import CHECKED, IN_DISPUTE, UNDISPUTED, WAITING
from zhipo.claims.states import ObjectionState
from zhipo.law.register.states import ClaimState
from zhipo.web.refusals import NotInState


@dataclass(frozen=True)
class Confirming:
    """What a ruling does, in numbers: confirmed with their sum, disputed with theirs.

    `waiting` may still be sued over; a ruling leaves them as they are.
    """

    confirmed: int
    confirmed_fen: int
    disputed: int
    disputed_fen: int
    waiting: int


@transaction.atomic
def record_checking(*, case_id: int, checked_on: date, by: Any) -> int:
    """Record that the meeting has checked the tabled claims; how many they are.

    From that day the 15 days run in which a suit may be brought (《破产法解释三》第八条).
    With nothing new it changes nothing. Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    check_power(case, Act.RECORD_CHECKING, by)
    tabled = Claim.objects.filter(case=case, state=ClaimState.TABLED)
    count = tabled.update(state=ClaimState.CHECKED)
    if not count:
        if case.checked_on is None:
            raise NotInState("cases.refused.nothing_tabled")
        return 0

    case.checked_on = checked_on
    case.save(update_fields=["checked_on"])
    start_own_clock(case, "checked", checked_on)
    _start_days_to_sue(case)

    record(Event.REGISTER_CHECKED, of=case, by=by, chain=case.number, claims=count,
           checked_on=str(checked_on))  # fmt: skip
    return count


def _start_days_to_sue(case: Case) -> None:
    """Objections answered before the meeting get their last day for a suit (BI3 8)."""
    Objection.objects.filter(
        Q(claim__decided_at__isnull=True) | Q(claim__decided_at__date__lte=case.checked_on),
        claim__case=case,
        claim__state__in=(ClaimState.CHECKED, ClaimState.REJECTED),
        state=ObjectionState.EXPLAINED,
        suit_until__isnull=True,
    ).update(suit_until=suit_until(case))


def confirming(case: Case) -> Confirming:
    """What `confirm_register` would do now."""
    undisputed = Claim.objects.filter(UNDISPUTED, case=case)
    disputed = Claim.objects.filter(IN_DISPUTE, case=case)
    sums = undisputed.aggregate(fen=Sum("admitted_fen", default=0))
    return Confirming(
        confirmed=undisputed.count(),
        confirmed_fen=sums["fen"],
        disputed=disputed.count(),
        disputed_fen=disputed.aggregate(fen=Sum("claimed_fen", default=0))["fen"],
        waiting=Claim.objects.filter(WAITING, case=case).count(),
    )


@transaction.atomic
def confirm_register(*, case_id: int, ruling: str, by: Any) -> Confirming:
    """Enter the court's ruling: what nobody disputes is confirmed, set-based.

    The case keeps the day of its first ruling; later ones are for later claims.

    Checked claims under an open objection or a suit become disputed and stay in reserve;
    what may still be sued over waits for a later ruling, which also takes what was in
    dispute until the days for a suit passed without one.
    The same ruling again changes nothing. Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    check_power(case, Act.CONFIRM_REGISTER, by)
    number = ruling.strip()
    if not number:
        raise NotInState("cases.refused.empty")
    done = confirming(case)
    if not done.confirmed:
        if Claim.objects.filter(case=case, ruling=number).exists():
            return done
        raise NotInState(
            "cases.refused.nothing_to_confirm"
            if case.checked_on
            else "cases.refused.no_meeting"
        )

    claims = Claim.objects.filter(case=case)
    claims.filter(CHECKED & IN_DISPUTE).update(state=ClaimState.DISPUTED)
    claims.filter(UNDISPUTED).update(
        state=ClaimState.CONFIRMED, confirmed_fen=F("admitted_fen"), ruling=number
    )
    if case.confirmed_on is None:
        case.confirmed_on = timezone.localdate()
        case.save(update_fields=["confirmed_on"])

    record(Event.REGISTER_CONFIRMED, of=case, by=by, chain=case.number, ruling=number,
           **asdict(done))  # fmt: skip
    return done


def is_ready_for_ruling(case: Case) -> bool:
    """Whether there is anything that the judge could confirm now."""
    checked = Claim.objects.filter(CHECKED, case=case)
    return case.phase in (Phase.CHECKING, Phase.CONFIRMED) and checked.exists()

"""After filing: persons proven, others decided, the register tabled, checked, confirmed.

Consumers in doubt stay with people, and a few with large claims do not prove who they are:
their shares are reserved. Each step begins where the
case stands, so that an interrupted demonstration goes on.
"""

from collections.abc import Callable

from django.utils import timezone

from zhipo.cases.actions import change_phase
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.actions.confirming import confirm_register, record_checking
from zhipo.claims.actions.deciding import decide_claim
from zhipo.claims.actions.proving import prove_identity
from zhipo.claims.actions.tabling import table_register
from zhipo.claims.models import Claim
from zhipo.claims.policies.deciding import needs_two
from zhipo.claims.states import ClaimKind, FiledThrough, IdentityProof
from zhipo.demo import past
from zhipo.demo.days import Days
from zhipo.demo.web_case import stop_past_clocks
from zhipo.demo.web_people import staff_member
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision

RULING = "（2025）湘0302破3号之二"
SAYS = "与债务人账册和凭证核对一致。"
UNPROVEN_ONE_IN = 25
Told = Callable[[int, int], None]


def confirm(case: Case, days: Days, *, told: Told) -> None:
    """From the end of filing to the ruling on the register, by whoever leads each act."""
    if case.phase == Phase.FILING:
        with past.at(past.morning_of(days.reviewed_on)):
            _prove_identities(case, told)
            _to(case, Phase.REVIEW, by="lead")
    if case.phase == Phase.REVIEW:
        with past.at(past.morning_of(days.tabled_on)):
            _decide_others(case)
            table_register(case_id=case.pk, by=staff_member("lead"))
            _to(case, Phase.CHECKING, by="lead")
    if case.phase == Phase.CHECKING:
        with past.at(past.morning_of(days.checked_on)):
            record_checking(
                case_id=case.pk, checked_on=days.checked_on, by=staff_member("clerk")
            )
        with past.at(past.morning_of(days.confirmed_on)):
            confirm_register(case_id=case.pk, ruling=RULING, by=staff_member("judge"))
            _to(case, Phase.CONFIRMED, by="judge")


def _prove_identities(case: Case, told: Told) -> None:
    """Above the limit of the payment trail people enter their number, all but a few."""
    unproven = Claim.objects.filter(
        case=case, kind=ClaimKind.CONSUMER, identity=IdentityProof.UNPROVEN,
        state=ClaimState.REVIEWED, holder__isnull=False,
    ).exclude(decision=Decision.MANUAL)  # fmt: skip
    claims = list(unproven.select_related("holder", "creditor").order_by("pk"))
    for place, claim in enumerate(claims, 1):
        if place % UNPROVEN_ONE_IN and claim.holder is not None:
            prove_identity(
                claim_id=claim.pk, name=claim.holder.name, id_no=claim.holder.id_no,
                by=claim.creditor,
            )  # fmt: skip
        told(place, len(claims))


def _to(case: Case, phase: Phase, *, by: str) -> None:
    stop_past_clocks(case, before=timezone.localdate())
    change_phase(case_id=case.pk, to=phase, by=staff_member(by))
    case.refresh_from_db()


def _decide_others(case: Case) -> None:
    """Whoever has filed on paper is admitted as claimed; large sums by two people."""
    waiting = Claim.objects.filter(
        case=case, state=ClaimState.FILED, creditor=None
    ).exclude(kind=ClaimKind.CONSUMER)
    first, second = staff_member("reviewer-1"), staff_member("reviewer-2")
    on_paper = waiting.exclude(filed_through=FiledThrough.LISTED)
    for claim in on_paper.select_related("case").order_by("pk"):
        people = (first, second) if needs_two(claim) else (first,)
        for by in people:
            decide_claim(
                claim_id=claim.pk, decision=Decision.ADMIT, text=SAYS,
                admitted_fen=claim.claimed_fen, by=by,
            )  # fmt: skip

"""Claims that came on paper, and the employees' list (EBL 48.2, 49)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from datetime import date as day_of
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.actions.deciding import keep_adjustment, snapshot
from zhipo.claims.actions.filing import receipt_of, record_filing
from zhipo.claims.actions.others import PREFIX, Statement
from zhipo.claims.models import Claim
from zhipo.claims.policies.filing import check_is_open, is_late
from zhipo.claims.search_hashes import make_findable
from zhipo.claims.states import PREFILLED, ClaimKind, FiledThrough
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision
from zhipo.web.refusals import Declined, NotInState


class WrongDay(Declined):
    """A day on which the paper cannot have come."""

    status = 422


@dataclass(frozen=True)
class Arrival:
    """How and on which day a paper came: the day of posting or handing in counts."""

    through: FiledThrough
    on: day_of


@transaction.atomic
def enter_prefilled(
    *, claim_id: int, claimed_fen: int, text: str, arrival: Arrival, by: Any
) -> Claim:
    """File a pre-filled claim for somebody who came or wrote; once.

    Another figure than the books' goes to a person. Raises NotAllowed, NotInState,
    WrongDay.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("case", "holder")
        .get(pk=claim_id)
    )
    check_power(claim.case, Act.ENTER_CLAIM, by)
    if claim.state != PREFILLED:
        if claim.filed_through == arrival.through and claim.claimed_fen == claimed_fen:
            return claim
        raise NotInState("claims.refused.filed_already")

    claim.claimed_fen, claim.statement = claimed_fen, text
    claim.is_disputed = claimed_fen != claim.ledger_fen or bool(text)
    _arrive(claim, arrival)
    claim.save()

    record_filing(claim, by=by)
    return claim


@transaction.atomic
def enter_statement(
    *, case_id: int, said: Statement, form_key: str, arrival: Arrival, by: Any
) -> Claim:
    """File a claim that the books do not know, from paper; once per form.

    Raises NotAllowed, NotInState, WrongDay.
    """
    case = locked_case(case_id)
    check_power(case, Act.ENTER_CLAIM, by)
    known = Claim.objects.filter(case=case, creditor=None, form_key=form_key).first()
    if known is not None:
        return known

    claim = _stated(case, said, form_key)
    claim.is_disputed = True
    _arrive(claim, arrival)
    claim.save()

    record_filing(claim, by=by)
    return claim


@transaction.atomic
def list_employee(*, case_id: int, said: Statement, form_key: str, by: Any) -> Claim:
    """Put an employee's claim on the published list; once per form. Raises NotAllowed."""
    case = locked_case(case_id)
    check_power(case, Act.LIST_EMPLOYEES, by)
    known = Claim.objects.filter(case=case, creditor=None, form_key=form_key).first()
    if known is not None:
        return known

    claim = _stated(case, said, form_key)
    claim.state, claim.filed_at = ClaimState.FILED, timezone.now()
    claim.filed_through, claim.receipt = FiledThrough.LISTED, receipt_of(claim)
    claim.decision, claim.admitted_fen = Decision.ADMIT, said.claimed_fen
    claim.is_decided_by_person, claim.decided_by = True, by
    claim.decided_at, claim.rules = timezone.now(), ["cn.ebl.57.1"]
    claim.save()

    record_filing(claim, by=by)
    return claim


@transaction.atomic
def correct_listing(*, claim_id: int, claimed_fen: int, text: str, by: Any) -> Claim:
    """Correct a sum on the employees' list until it is tabled.

    Raises NotAllowed, NotInState.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=claim_id)
    )
    check_power(claim.case, Act.LIST_EMPLOYEES, by)
    if claim.filed_through != FiledThrough.LISTED or claim.state != ClaimState.FILED:
        raise NotInState("claims.refused.not_on_list")
    if claim.claimed_fen == claimed_fen:
        return claim

    before = snapshot(claim)
    claim.claimed_fen = claim.admitted_fen = claimed_fen
    claim.decided_by, claim.decided_at = by, timezone.now()
    claim.save(update_fields=["claimed_fen", "admitted_fen", "decided_by", "decided_at"])
    keep_adjustment(claim, before, act="listing_corrected", reason=text, by=by)

    record(Event.LISTING_CORRECTED, of=claim, by=by, chain=claim.case.number,
           before_fen=before["admitted_fen"], fen=claimed_fen)  # fmt: skip
    return claim


def _arrive(claim: Claim, arrival: Arrival) -> None:
    """Filed on the day the paper came. Raises WrongDay, NotInState."""
    case, today = claim.case, timezone.localdate()
    if not case.accepted_on <= arrival.on <= today:
        raise WrongDay("claims.refused.wrong_day", first=case.accepted_on.isoformat(),
                       last=today.isoformat())  # fmt: skip
    check_is_open(case, today=arrival.on)
    noon = datetime.combine(arrival.on, time(12), tzinfo=timezone.get_current_timezone())
    claim.state, claim.filed_through = ClaimState.FILED, arrival.through
    claim.filed_at = min(noon.astimezone(UTC), timezone.now())
    claim.receipt = receipt_of(claim)
    claim.is_late = is_late(case, today=arrival.on)


def _stated(case: Case, said: Statement, form_key: str) -> Claim:
    claim = Claim(
        case=case, number=_next_number(case, said.kind), kind=said.kind,
        claimant=said.claimant, claimed_fen=said.claimed_fen, statement=said.text,
        set_off_fen=said.set_off_fen, details=said.details, form_key=form_key,
    )  # fmt: skip
    make_findable(claim)
    return claim


def _next_number(case: Case, kind: ClaimKind) -> str:
    """The next free number of a kind; the case is locked, so no two get one."""
    prefix = PREFIX[kind]
    pattern = rf"^{prefix}-\d{{3}}-\d{{3}}$"
    number = Claim.objects.filter(case=case, number__regex=pattern).count() + 1
    return f"{prefix}-{number // 1000:03d}-{number % 1000:03d}"

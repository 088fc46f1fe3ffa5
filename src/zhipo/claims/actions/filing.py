"""Filing by the creditor: one tap, another figure, a change, a withdrawal, once more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.jobs import review_soon
from zhipo.claims.models import Adjustment, Claim
from zhipo.claims.policies.filing import (
    check_can_change,
    check_is_open,
    check_is_own,
    is_late,
    is_same_person,
    payout_of,
    proof_of,
)
from zhipo.claims.queries.creditor import accounts_proven_by
from zhipo.claims.search_hashes import make_findable
from zhipo.claims.states import PREFILLED, FiledThrough
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision
from zhipo.privacy.columns import lookup_hash
from zhipo.web.refusals import NotAllowed, NotInState

FILED_FIELDS = (
    "state", "creditor", "claimed_fen", "statement", "is_disputed", "filed_at",
    "filed_through", "receipt", "is_late", "identity", "payout_channel",
    "payout_account", "payout_hash",
)  # fmt: skip


def file_claim(*, claim_id: int, by: Any) -> Claim:
    """File one pre-filled claim as the books have it. See `file_claims`."""
    return file_claims(claim_ids=[claim_id], by=by)[0]


@transaction.atomic
def file_claims(*, claim_ids: Sequence[int], by: Any) -> list[Claim]:
    """File pre-filled claims of one person with one tap; a second tap changes nothing.

    What was filed for them at the counter or listed by the administrator becomes theirs.
    All or none. Raises NotAllowed for a claim that is not the person's, in the words for
    one that does not exist; NotInState where the case takes none.
    """
    claims = _locked(claim_ids)
    _check_own(by, claims)
    fresh = [claim for claim in claims if claim.state == PREFILLED]
    now = timezone.now()
    for claim in fresh:
        check_is_open(claim.case, today=timezone.localdate(now))
        _file(claim, now=now, by=by)

    taken = [claim for claim in claims if claim.creditor_id is None]
    for claim in taken:
        _take(claim, by=by)
    for claim in (*fresh, *taken):
        claim.save(update_fields=FILED_FIELDS)
    for claim in fresh:
        record_filing(claim, by=by)
    for claim in taken:
        record(Event.IDENTITY_PROVEN, of=claim, by=by, chain=claim.case.number,
               way=claim.identity)  # fmt: skip
    return claims


@transaction.atomic
def file_disputed(*, claim_id: int, claimed_fen: int, statement: str, by: Any) -> Claim:
    """File a pre-filled claim with a figure of the creditor's own: a person reviews it.

    The claim counts as filed with that figure. Raises NotAllowed, NotInState.
    """
    (claim,) = _locked([claim_id])
    _check_own(by, [claim])
    now = timezone.now()
    check_is_open(claim.case, today=timezone.localdate(now))
    if claim.state != PREFILLED:
        return _already_so(claim, claimed_fen, statement)

    claim.claimed_fen, claim.statement = claimed_fen, statement
    claim.is_disputed = claimed_fen != claim.ledger_fen or bool(statement)
    _file(claim, now=now, by=by)
    claim.save(update_fields=FILED_FIELDS)

    record_filing(claim, by=by)
    return claim


@transaction.atomic
def amend_claim(*, claim_id: int, claimed_fen: int, statement: str, by: Any) -> Claim:
    """Change figure or statement before the claim is tabled; a decision made is undone.

    The amended claim goes to a person. Raises NotAllowed, NotInState.
    """
    (claim,) = _locked([claim_id])
    check_can_change(by, claim)
    if (claim.claimed_fen, claim.statement) == (claimed_fen, statement):
        return claim

    before = _figures(claim)
    claim.claimed_fen, claim.statement, claim.is_disputed = claimed_fen, statement, True
    claim.identity = proof_of(by, claim)
    fields = ["claimed_fen", "statement", "is_disputed", "identity"]
    if claim.decision:
        claim.decision, claim.admitted_fen, claim.reasons = Decision.MANUAL, 0, []
        claim.is_decided_by_person, claim.decision_text = False, ""
        fields += ["decision", "admitted_fen", "reasons", "is_decided_by_person"]
        fields += ["decision_text"]
    claim.save(update_fields=fields)
    _adjust(claim, "amended", before, by)

    record(Event.CLAIM_AMENDED, of=claim, by=by, chain=claim.case.number, before=before,
           fen=claimed_fen)  # fmt: skip
    return claim


@transaction.atomic
def withdraw_claim(*, claim_id: int, by: Any) -> Claim:
    """Take a claim back before it is tabled. Raises NotAllowed, NotInState."""
    (claim,) = _locked([claim_id])
    if claim.state == ClaimState.WITHDRAWN and claim.creditor_id == by.pk:
        return claim
    check_can_change(by, claim)

    before = _figures(claim)
    claim.state = ClaimState.WITHDRAWN
    claim.save(update_fields=["state"])
    _adjust(claim, "withdrawn", before, by)

    record(Event.CLAIM_WITHDRAWN, of=claim, by=by, chain=claim.case.number, before=before)
    return claim


@transaction.atomic
def file_again(*, claim_id: int, by: Any) -> Claim:
    """File anew what was withdrawn: a new claim on the same account, same books.

    Raises NotAllowed, NotInState.
    """
    (old,) = _locked([claim_id])
    check_is_own(by, old)
    number = _next_number(old)
    again = Claim.objects.filter(holder=old.holder_id).exclude(state=ClaimState.WITHDRAWN)
    if old.holder_id is not None and (standing := again.first()) is not None:
        return standing
    if old.state != ClaimState.WITHDRAWN:
        raise NotInState("claims.refused.not_withdrawn")
    now = timezone.now()
    check_is_open(old.case, today=timezone.localdate(now))

    claim = Claim(
        case=old.case, number=number, kind=old.kind, holder=old.holder,
        claimant=old.claimant, claimed_fen=old.ledger_fen or old.claimed_fen,
        ledger_fen=old.ledger_fen, set_off_fen=old.set_off_fen, details=old.details,
        statement=old.statement if old.holder_id is None else "",
    )  # fmt: skip
    make_findable(claim)
    _file(claim, now=now, by=by)
    claim.save()

    record_filing(claim, by=by)
    return claim


def receipt_of(claim: Claim) -> str:
    """The receipt number: the claim's own number and a tail that cannot be guessed."""
    tail = lookup_hash("receipt", f"{claim.case_id}:{claim.number}")[:5].upper()
    return f"{claim.number}-{tail}"


def record_filing(claim: Claim, *, by: Any) -> None:
    """One entry for a claim filed, the last statement of the act; review comes soon."""
    review_soon(claim.case_id)
    record(
        Event.CLAIM_FILED,
        of=claim,
        by=by,
        chain=claim.case.number,
        fen=claim.claimed_fen,
        is_disputed=claim.is_disputed,
        is_late=claim.is_late,
        identity=claim.identity,
    )


def _locked(claim_ids: Sequence[int]) -> list[Claim]:
    """The claims, locked in one order. Raises NotAllowed where one is not there."""
    wanted = set(claim_ids)
    claims = list(
        Claim.objects.select_for_update(of=("self",))
        .select_related("holder", "case")
        .filter(pk__in=wanted)
        .order_by("pk")
    )
    if not claims or len(claims) != len(wanted):
        raise NotAllowed("claims.refused.not_found")
    return claims


def _check_own(by: Any, claims: list[Claim]) -> None:
    """Ask for proven accounts only where neither creditor, phone nor number decides."""
    accounts: set[tuple[str, str]] = set()
    for claim in claims:
        holder = claim.holder if claim.creditor_id is None else None
        if holder is not None and not is_same_person(by, holder) and not accounts:
            accounts = accounts_proven_by(by, claim.case_id)
        check_is_own(by, claim, accounts)


def _file(claim: Claim, *, now: datetime, by: Any) -> None:
    """Fill in what filing means; saving and recording are for the act."""
    claim.state = ClaimState.FILED
    claim.filed_at, claim.filed_through = now, FiledThrough.PHONE
    claim.receipt = receipt_of(claim)
    claim.is_late = is_late(claim.case, today=timezone.localdate(now))
    _take(claim, by=by)


def _take(claim: Claim, *, by: Any) -> None:
    """The person stands behind the claim now; money goes back where it came from."""
    claim.creditor = by
    claim.identity = proof_of(by, claim)
    if claim.payout_channel:
        return
    channel = payout_of(claim.holder)
    if channel is not None and claim.holder is not None:
        claim.payout_channel = channel
        claim.payout_account = claim.holder.payer_account
        claim.payout_hash = claim.holder.payer_hash


def _already_so(claim: Claim, claimed_fen: int, statement: str) -> Claim:
    """The same form once more is the same receipt; another form is a change."""
    if (claim.claimed_fen, claim.statement) != (claimed_fen, statement):
        raise NotInState("claims.refused.filed_already")
    return claim


def _figures(claim: Claim) -> dict[str, Any]:
    return {
        "state": claim.state,
        "claimed_fen": claim.claimed_fen,
        "decision": claim.decision,
        "admitted_fen": claim.admitted_fen,
    }


def _adjust(claim: Claim, act: str, before: dict[str, Any], by: Any) -> None:
    Adjustment.objects.create(
        claim=claim, at=timezone.now(), by=by, act=act, before=before,
        after=_figures(claim),
    )  # fmt: skip


def _next_number(old: Claim) -> str:
    """A-018-223 -> A-018-223/2: the withdrawn one keeps its number."""
    stem = old.number.split("/")[0]
    count = Claim.objects.filter(case=old.case_id, number__startswith=stem).count()
    return f"{stem}/{count + 1}"

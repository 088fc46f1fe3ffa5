"""What a creditor sees: claims of their own, found by phone, number or proven account."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.claims.models import Balance, Claim, Holder, Message
from zhipo.claims.policies.filing import is_own
from zhipo.claims.states import LIVE, PREFILLED, ClaimKind, EvidenceState, IdentityProof
from zhipo.law.deadlines.table import deadline_of
from zhipo.law.register.states import ClaimState
from zhipo.web.words import has, say

COUNTS_SECONDS = 10
PROVEN = (IdentityProof.TRAIL, IdentityProof.REAL_NAME)


@dataclass(frozen=True)
class Counts:
    """How many have filed, of how many whose balance the books show."""

    filed: int
    known: int
    counted_at: Any

    @property
    def percent(self) -> str:
        """97.5 %, one decimal, rounded down: nobody is counted who has not filed."""
        if not self.known:
            return ""
        tenths = 1000 * self.filed // self.known
        return f"{tenths // 10}.{tenths % 10} %"


def filing_counts(case: Case) -> Counts:
    """Counts of a case's consumers, read at most every COUNTS_SECONDS per process."""
    key = f"filing-counts:{case.pk}"
    found: Counts | None = cache.get(key)
    if found is None:
        row = Claim.objects.filter(case=case, kind=ClaimKind.CONSUMER).aggregate(
            filed=Count("pk", filter=Q(state__in=LIVE)),
            known=Count("pk", filter=~Q(state=ClaimState.WITHDRAWN)),
        )
        found = Counts(row["filed"], row["known"], timezone.now())
        cache.set(key, found, COUNTS_SECONDS)
    return found


def own_claims(user: Any, case: Case) -> list[Claim]:
    """The person's claims in a case, holders read with them, oldest account first.

    Accounts are found by the proven phone and, once proven, by identity number and by
    payer account under the same name.
    """
    claims = _claims_of(user, case, _holder_ids(user, case))
    accounts = proven_accounts(user, claims)
    if accounts:
        linked = _linked_holder_ids(case, accounts) - {claim.holder_id for claim in claims}
        if linked:
            claims += _claims_of(None, case, linked)
    return sorted((c for c in claims if is_own(user, c, accounts)), key=lambda c: c.pk)


def own_claim(user: Any, case: Case, claim_id: int) -> Claim | None:
    """One of the person's claims that they have taken; None for anybody else's."""
    claim = (
        Claim.objects.select_related("holder")
        .filter(pk=claim_id, case=case, creditor=user)
        .first()
    )
    if claim is not None:
        claim.case = case
    return claim


def proven_accounts(user: Any, claims: list[Claim]) -> set[tuple[str, str]]:
    """(payer hash, name hash) of the accounts whose identity the person has proven."""
    return {
        (claim.holder.payer_hash, claim.holder.name_hash)
        for claim in claims
        if claim.creditor_id == user.pk and claim.identity in PROVEN and claim.holder
        if claim.holder.payer_hash and claim.holder.name_hash
    }


def accounts_proven_by(user: Any, case_id: int) -> set[tuple[str, str]]:
    """The same, read anew, for an act that must not trust a page."""
    rows = Claim.objects.filter(creditor=user, case=case_id, identity__in=PROVEN).exclude(
        holder__payer_hash=""
    )
    return set(rows.values_list("holder__payer_hash", "holder__name_hash"))


def balances_of(claims: list[Claim]) -> dict[int, Balance]:
    """Holder id -> what the sealed books say, for the claims that stand in them."""
    holders = [claim.holder_id for claim in claims if claim.holder_id]
    rows = Balance.objects.select_related("evidence").filter(
        holder__in=holders, evidence__state=EvidenceState.SEALED
    )
    return {row.holder_id: row for row in rows}


def suit_until(case: Case) -> date | None:
    """The last day for a suit over an entry: 15 days after checking (BI3 8)."""
    if case.checked_on is None:
        return None
    return deadline_of("D17", event_on=case.checked_on).last_day


def messages_of(claim: Claim) -> QuerySet[Message]:
    """Messages on one claim, newest first."""
    return claim.messages.order_by("-sent_at", "-pk")


def text_of(message: Message) -> str:
    """A message in the reader's language: its phrase filled in, or its own words."""
    key = f"claims.{message.phrase}"
    return say(key, **message.values) if message.phrase and has(key) else message.text


def message_of_code(case: Case, code: str) -> Message | None:
    """The message with this proof code in a case: the answer to "is it real?"."""
    clean = "".join(one for one in code.upper() if one.isalnum())
    if not clean:
        return None
    return Message.objects.filter(claim__case=case, proof_code=clean).first()


def receipt_of_code(case: Case, code: str) -> Claim | None:
    """The claim whose receipt number this is."""
    clean = code.strip().upper()
    return Claim.objects.filter(case=case, receipt=clean).first() if clean else None


def _holder_ids(user: Any, case: Case) -> set[int]:
    known = Q()
    if user.phone_hash:
        known |= Q(phone_hash=user.phone_hash)
    if user.id_hash:
        known |= Q(id_hash=user.id_hash)
    if not known:
        return set()
    return set(Holder.objects.filter(known, case=case).values_list("pk", flat=True))


def _linked_holder_ids(case: Case, accounts: set[tuple[str, str]]) -> set[int]:
    rows = Holder.objects.filter(
        case=case, payer_hash__in={payer for payer, _ in accounts}
    ).values_list("pk", "payer_hash", "name_hash")
    return {pk for pk, payer, name in rows if (payer, name) in accounts}


def _claims_of(user: Any, case: Case, holder_ids: set[int]) -> list[Claim]:
    """Two indexes, never a scan: the person's own and those of the holders found."""
    wanted = Q(holder__in=holder_ids)
    if user is not None:
        wanted |= Q(creditor=user)
    found = Claim.objects.select_related("holder").filter(wanted, case=case)
    claims = list(found)
    for claim in claims:
        claim.case = case
    return claims


def is_waiting(claim: Claim) -> bool:
    """Whether the claim waits for its creditor's tap."""
    return claim.state == PREFILLED

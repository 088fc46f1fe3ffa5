"""Filing without an account in the books: suppliers, lenders, platforms, offices."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.claims.actions.filing import receipt_of, record_filing
from zhipo.claims.models import Claim
from zhipo.claims.policies.filing import check_is_open, is_late
from zhipo.claims.search_hashes import make_findable
from zhipo.claims.states import ClaimKind, FiledThrough
from zhipo.law.register.states import ClaimState

PREFIX = {
    ClaimKind.CONSUMER: "C",
    ClaimKind.SUPPLIER: "S",
    ClaimKind.PLATFORM: "P",
    ClaimKind.BANK: "L",
    ClaimKind.SECURED: "G",
    ClaimKind.EMPLOYEE: "E",
    ClaimKind.SOCIAL_TAX: "T",
}
"""First letter of the numbers of claims that no book knows; pre-filled ones have A."""


@dataclass(frozen=True)
class Statement:
    """What somebody says they are owed; amounts in fen, `details` as the form asks."""

    kind: ClaimKind
    claimant: str
    claimed_fen: int
    text: str
    set_off_fen: int = 0
    details: dict[str, int | str] = field(default_factory=dict)


@transaction.atomic
def file_statement(*, case_id: int, said: Statement, form_key: str, by: Any) -> Claim:
    """File a claim that the books do not know; the same form again is the same claim.

    It goes to a person, with its identity unproven and its share reserved. Raises
    NotInState where the case takes none.
    """
    case = locked_case(case_id)
    known = Claim.objects.filter(creditor=by, form_key=form_key).first()
    if known is not None:
        return known
    now = timezone.now()
    check_is_open(case, today=timezone.localdate(now))

    claim = Claim(
        case=case, number=_next_number(case, said.kind), kind=said.kind, creditor=by,
        claimant=said.claimant, claimed_fen=said.claimed_fen, statement=said.text,
        set_off_fen=said.set_off_fen, details=said.details, form_key=form_key,
        is_disputed=True, state=ClaimState.FILED, filed_at=now,
        filed_through=FiledThrough.PHONE,
        is_late=is_late(case, today=timezone.localdate(now)),
    )  # fmt: skip
    claim.receipt = receipt_of(claim)
    make_findable(claim)
    claim.save()

    record_filing(claim, by=by)
    return claim


def _next_number(case: Case, kind: ClaimKind) -> str:
    """S-000-001 and on; the case is locked, so no two get one number."""
    prefix = PREFIX[kind]
    count = Claim.objects.filter(
        case=case, number__regex=rf"^{prefix}-\d{{3}}-\d{{3}}$"
    ).count()
    number = count + 1
    return f"{prefix}-{number // 1000:03d}-{number % 1000:03d}"

"""What is wrong in the database after the fault run: empty lists where nothing is."""

from datetime import datetime

from django.db.models import Count

from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.audit.trail import chains, first_broken_link
from zhipo.claims.models import Claim
from zhipo.claims.states import PREFILLED, ClaimKind
from zhipo.kernel.identifiers import parse_phone
from zhipo.privacy.columns import lookup_hash


def missing(receipts: dict[str, list[str]]) -> list[str]:
    """Receipts that somebody saw and that stand on no filed claim of that person."""
    owners = {
        receipt: lookup_hash("phone", parse_phone(phone))
        for phone, seen in receipts.items()
        for receipt in seen
    }
    rows = Claim.objects.filter(receipt__in=owners).exclude(state=PREFILLED)
    held = dict(rows.values_list("receipt", "creditor__phone_hash"))
    return [receipt for receipt, owner in owners.items() if held.get(receipt) != owner]


def surplus(case_number: str, receipts: dict[str, list[str]]) -> list[str]:
    """Claims filed by consumers who in the end had nothing in hand."""
    seen = {receipt for several in receipts.values() for receipt in several}
    rows = _consumers(case_number).exclude(state=PREFILLED)
    return sorted(set(rows.values_list("receipt", flat=True)) - seen)


def filed_twice() -> list[str]:
    """Claims whose filing is on record more than once."""
    filed = Entry.objects.filter(event=Event.CLAIM_FILED).values("subject")
    twice = filed.annotate(times=Count("pk")).filter(times__gt=1)
    return list(twice.values_list("subject", flat=True))


def broken_chains() -> list[str]:
    """Chains of the audit trail that do not hold."""
    return [name for name in chains() if first_broken_link(name) is not None]


def lost_but_filed(lost: dict[str, datetime]) -> int:
    """How many had filed without knowing it when they tapped again."""
    keys = {lookup_hash("phone", parse_phone(phone)): at for phone, at in lost.items()}
    rows = Claim.objects.filter(creditor__phone_hash__in=keys).values_list(
        "creditor__phone_hash", "filed_at"
    )
    return sum(filed_at < keys[key] for key, filed_at in rows)


def undecided(case_number: str) -> int:
    """Claims of consumers that wait for the review."""
    return _consumers(case_number).filter(state="filed", decision="").count()


def _consumers(case_number: str):  # type: ignore[no-untyped-def]
    return Claim.objects.filter(case__number=case_number, kind=ClaimKind.CONSUMER)

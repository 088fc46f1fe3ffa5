"""What is read of the books: versions, and what changed from one to the next for whom."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from zhipo.cases.queries import cases_visible_to
from zhipo.claims.models import Claim, Evidence
from zhipo.kernel.identifiers import mask_name
from zhipo.law.register.states import ClaimState
from zhipo.privacy.columns import decrypt

KINDS = ("up", "down", "new", "gone")
FIGURES = ("count", "before_fen", "after_fen")
COMPARED = """WITH compared AS (
    SELECT coalesce(after.holder_id, before.holder_id) AS holder,
        coalesce(before.ledger_fen, 0) AS before_fen,
        coalesce(after.ledger_fen, 0) AS after_fen,
        CASE WHEN coalesce(before.ledger_fen, 0) = 0 THEN 'new'
            WHEN coalesce(after.ledger_fen, 0) = 0 THEN 'gone'
            WHEN after.ledger_fen > before.ledger_fen THEN 'up' ELSE 'down' END AS kind
    FROM (SELECT * FROM claims_balance WHERE evidence_id = %(before)s) AS before
    FULL JOIN (SELECT * FROM claims_balance WHERE evidence_id = %(after)s) AS after
        USING (holder_id)
    WHERE coalesce(before.ledger_fen, 0) <> coalesce(after.ledger_fen, 0))"""
COUNTS = f"""{COMPARED} SELECT kind, count(*), sum(before_fen)::bigint,
    sum(after_fen)::bigint FROM compared GROUP BY kind"""
ROWS = f"""{COMPARED} SELECT known.holder_id, known.name, compared.kind, before_fen,
        after_fen, claim.id, claim.number, claim.state
    FROM compared JOIN claims_holder AS known ON known.id = compared.holder
    LEFT JOIN claims_claim AS claim
        ON claim.holder_id = compared.holder AND claim.state <> 'withdrawn'
    WHERE %(kind)s = '' OR compared.kind = %(kind)s
    ORDER BY abs(after_fen - before_fen) DESC, known.holder_id
    LIMIT %(limit)s OFFSET %(offset)s"""


@dataclass(frozen=True)
class Change:
    """What one holder is owed by the version before and by this one, in fen."""

    holder_id: str
    name: str
    kind: str
    before_fen: int
    after_fen: int
    claim_id: int | None
    claim_number: str | None
    claim_state: str | None

    @property
    def difference_fen(self) -> int:
        return self.after_fen - self.before_fen


def evidence_visible_to(user: Any) -> QuerySet[Evidence]:
    """The books of the cases that staff see; creditors see their own balance instead."""
    if not getattr(user, "is_staff_member", False):
        return Evidence.objects.none()
    return Evidence.objects.filter(case__in=cases_visible_to(user)).select_related("case")


def version_before(evidence: Evidence) -> Evidence | None:
    """The last earlier version from which balances were computed."""
    earlier = Evidence.objects.filter(
        case=evidence.case_id, version__lt=evidence.version
    ).exclude(changes={})
    return earlier.order_by("-version").first()


def change_counts(evidence: Evidence) -> dict[str, Any]:
    """By kind how many holders changed, from which sum to which, against which version."""
    before = version_before(evidence)
    counts = {kind: dict.fromkeys(FIGURES, 0) for kind in KINDS}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, _compared(before, evidence))
        for kind, count, before_fen, after_fen in cursor.fetchall():
            counts[kind] = dict(zip(FIGURES, (count, before_fen, after_fen), strict=True))
    return {"against": before.version if before else None, **counts}


def _compared(before: Evidence | None, after: Evidence) -> dict[str, int | str | None]:
    return {"before": before.pk if before else None, "after": after.pk}


def changes_of(evidence: Evidence, *, kind: str, limit: int, offset: int) -> list[Change]:
    """For whom something changed, the largest difference first, names masked."""
    versions = _compared(version_before(evidence), evidence)
    values = {**versions, "kind": kind, "limit": limit, "offset": offset}
    with connection.cursor() as cursor:
        cursor.execute(ROWS, values)
        rows = cursor.fetchall()
    return [
        Change(holder_id, mask_name(decrypt(bytes(name))), *rest)
        for holder_id, name, *rest in rows
    ]


def cases_to_review() -> list[int]:
    """Cases in which filed claims wait for the automatic review."""
    waiting = Claim.objects.filter(
        decision="",
        is_decided_by_person=False,
        state__in=(ClaimState.FILED, ClaimState.REVIEWED),
    )
    return sorted(set(waiting.values_list("case", flat=True)))

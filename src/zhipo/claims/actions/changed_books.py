"""A corrected export: pre-filled claims follow it, filed ones keep what was filed.

What a creditor has stated is theirs; that the books changed is recorded on the claim, told
to the creditor, and has the claim reviewed again unless a person decided it.
"""

from typing import Any

from django.utils import timezone

from zhipo.claims.actions.messages import put_messages
from zhipo.claims.models import Adjustment, Claim, Evidence
from zhipo.claims.states import LIVE, PREFILLED
from zhipo.kernel.money import yuan_text
from zhipo.law.register.states import ClaimState

ACT = "books_changed"
BATCH = 2_000
OPEN = (ClaimState.FILED, ClaimState.REVIEWED)
"""Not yet on the register: the review may still change."""

NEW_BALANCE = """claims_claim AS claim SET {change} FROM claims_claim AS old
    LEFT JOIN claims_balance AS balance
        ON balance.holder_id = old.holder_id AND balance.evidence_id = %(evidence)s
    WHERE old.id = claim.id AND claim.case_id = %(case)s"""
LOCK = f"""SELECT FROM claims_claim WHERE case_id = %(case)s
    AND state = '{PREFILLED}' ORDER BY id FOR UPDATE"""
"""In the order in which a creditor's tap locks them."""

FOLLOW = f"""UPDATE {NEW_BALANCE}
    AND claim.state = '{PREFILLED}' AND balance.ledger_fen > 0
    AND (claim.ledger_fen, claim.claimed_fen) IS DISTINCT FROM
        (balance.ledger_fen, balance.ledger_fen)""".format(
    change="claimed_fen = balance.ledger_fen, ledger_fen = balance.ledger_fen"
)
GONE = f"""SELECT claim.id FROM claims_claim AS claim LEFT JOIN claims_balance AS balance
        ON balance.holder_id = claim.holder_id AND balance.evidence_id = %(evidence)s
    WHERE claim.case_id = %(case)s AND claim.state = '{PREFILLED}'
        AND claim.holder_id IS NOT NULL AND claim.ledger_fen IS NOT NULL
        AND coalesce(balance.ledger_fen, 0) = 0
    FOR UPDATE OF claim"""
"""Only what the books have pre-filled: whom enforcement made known has no sum there."""
DIFFERS = """SELECT claim.id, claim.ledger_fen, balance.ledger_fen
    FROM claims_claim AS claim LEFT JOIN claims_balance AS balance
        ON balance.holder_id = claim.holder_id AND balance.evidence_id = %(evidence)s
    WHERE claim.case_id = %(case)s AND claim.holder_id IS NOT NULL
        AND claim.state = ANY(%(live)s)
        AND claim.ledger_fen IS DISTINCT FROM balance.ledger_fen
    ORDER BY claim.id FOR UPDATE OF claim"""
TAKE_OVER = """UPDATE claims_claim AS claim SET ledger_fen = balance.ledger_fen
    FROM claims_claim AS old LEFT JOIN claims_balance AS balance
        ON balance.holder_id = old.holder_id AND balance.evidence_id = %(evidence)s
    WHERE old.id = claim.id AND claim.id = ANY(%(claims)s)"""


def bring_up_to_date(cursor: Any, evidence: Evidence) -> dict[str, int]:
    """Make the case's claims agree with these books; how many of each kind changed.

    Runs inside the act's transaction. A pre-filled claim of somebody who is owed nothing
    any more is taken out: nobody has claimed it.
    """
    keys = {"case": evidence.case_id, "evidence": evidence.pk}
    cursor.execute(LOCK, keys)
    cursor.execute(FOLLOW, keys)
    followed = cursor.rowcount
    cursor.execute(GONE, keys)
    gone = [row[0] for row in cursor.fetchall()]
    Claim.objects.filter(pk__in=gone).delete()
    cursor.execute(DIFFERS, {**keys, "live": sorted(LIVE)})
    differing = cursor.fetchall()
    for start in range(0, len(differing), BATCH):
        _tell(differing[start : start + BATCH], evidence)
    claims = [row[0] for row in differing]
    cursor.execute(TAKE_OVER, {**keys, "claims": claims})
    _review_again(claims)
    return {"updated": followed, "gone": len(gone), "filed_changed": len(differing)}


def _tell(rows: list[tuple[int, int | None, int | None]], evidence: Evidence) -> None:
    """The difference on the claim's history and before its creditor."""
    now = timezone.now()
    Adjustment.objects.bulk_create(
        Adjustment(
            claim_id=claim, at=now, act=ACT, before={"ledger_fen": before},
            after={"ledger_fen": after}, batch=f"evidence-{evidence.pk}",
        )
        for claim, before, after in rows
    )  # fmt: skip
    said = [
        (claim, "message.books_changed",
         {"before": yuan_text(before or 0), "after": yuan_text(after or 0)})
        for claim, before, after in rows
    ]  # fmt: skip
    put_messages(said, now=now)


def _review_again(claims: list[int]) -> None:
    """Automatic decisions under the old books fall; a person's decision stands."""
    Claim.objects.filter(
        pk__in=claims, state__in=OPEN, is_decided_by_person=False, is_disputed=False
    ).update(decision="", admitted_fen=None, reasons=[], rules=[], decided_at=None)

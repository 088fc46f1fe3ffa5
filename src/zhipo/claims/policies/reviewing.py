"""What the automatic review may decide, and what always goes to a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zhipo.engine.review.decisions import RULES
from zhipo.law.review.decision import Decision, Reason


class PersonalReason(StrEnum):
    """Why a person reviews a claim, beside the reasons of the law's table."""

    DISPUTED = "DISPUTED"  # 债权人不认可账面金额
    ON_PAPERS = "ON_PAPERS"  # 凭材料审查


@dataclass(frozen=True)
class Asked:
    """A live claim on an account, as review sees it: hashes in place of what is personal.

    `ledger_fen` is None where the books have no event of the holder.
    """

    claim_id: int
    holder_id: str
    claimed_fen: int
    filed_at: datetime
    id_hash: str
    known_id_hash: str
    payout_hash: str
    is_disputed: bool = False
    ledger_fen: int | None = None
    has_events_after: bool = False


@dataclass(frozen=True)
class Verdict:
    """What review says of one claim as it was asked about it."""

    asked: Asked
    decision: Decision
    admitted_fen: int
    reasons: tuple[str, ...]
    rules: tuple[str, ...]


def verdict(
    asked: Asked, *, decision: Decision, admitted_fen: int, reasons: Iterable[str]
) -> Verdict:
    """The table's decision on a claim, unless its creditor disputes the books' figure.

    A disputed claim goes to a person, with what the table says beside it.
    """
    given = set(reasons)
    is_decided = {Reason.SUPERSEDED} & given
    if asked.is_disputed and not is_decided:
        decision, admitted_fen = Decision.MANUAL, 0
        given.add(PersonalReason.DISPUTED)
    rules = {RULES[reason] for reason in given if reason in RULES}
    return Verdict(
        asked,
        decision,
        admitted_fen,
        tuple(sorted(map(str, given))),
        tuple(sorted(rules)),
    )

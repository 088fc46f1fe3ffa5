"""Why a claim waits for a person, in classes that each ask for another kind of work."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from zhipo.claims.policies.reviewing import PersonalReason
from zhipo.claims.states import ClaimKind
from zhipo.law.review.decision import Decision, Reason


class Doubt(StrEnum):
    """What makes a person needed, beside the reasons that review gives."""

    AMENDED = "AMENDED"  # 决定之后变更申报
    SECOND_ENTRY = "SECOND_ENTRY"  # 等待第二人录入
    ENTRIES_DIFFER = "ENTRIES_DIFFER"  # 两人录入不一致，待负责人定夺


@dataclass(frozen=True)
class Waiting:
    """What is known of a claim that waits, as far as it tells why."""

    kind: str
    decision: str
    reasons: Iterable[str]
    is_in_books: bool
    is_entered: bool = False
    is_split: bool = False


def doubts(waiting: Waiting) -> list[str]:
    """The classes a claim belongs to: reasons of review, `ON_PAPERS.<kind>`, Doubt.

    Outside the books a claim is reviewed on papers, other ones for every kind; a
    consumer's is one that the books do not know.
    """
    found = [_named(one, waiting.kind) for one in waiting.reasons] or [_unnamed(waiting)]
    if waiting.is_split:
        found.append(Doubt.ENTRIES_DIFFER)
    elif waiting.is_entered:
        found.append(Doubt.SECOND_ENTRY)
    return found


def _named(reason: str, kind: str) -> str:
    return f"{reason}.{kind}" if reason == PersonalReason.ON_PAPERS else reason


def _unnamed(waiting: Waiting) -> str:
    """Before review has given a reason, or after the creditor changed what was decided."""
    if not waiting.is_in_books:
        is_consumer = waiting.kind == ClaimKind.CONSUMER
        papers = f"{PersonalReason.ON_PAPERS}.{waiting.kind}"
        return Reason.NO_LEDGER if is_consumer else papers
    is_amended = waiting.decision == Decision.MANUAL
    return Doubt.AMENDED if is_amended else PersonalReason.DISPUTED

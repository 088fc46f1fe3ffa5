"""What the opinions ask for and a bundle lacks: told, never a ground to refuse.

《执转破意见》第十条 (tag U: the number is from memory) names six items, the last open.
Whether an item is there is read off the tables alone, so that both courts find the same.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from zhipo.enforcement.bundle.manifest import Gap
from zhipo.enforcement.bundle.tables import (
    ITEM_CONSENT,
    ITEM_DEBTS,
    ITEM_DECISION,
    ITEM_DISTRIBUTED,
    ITEM_PROPERTY,
)
from zhipo.enforcement.referral_states import ConsentAnswer, Signer
from zhipo.enforcement.states import STILL_OPEN, Title
from zhipo.law.referral.handover import Held
from zhipo.law.referral.transfer import (
    BUNDLE,
    may_refuse_for_incompleteness,
    missing_from_bundle,
)

RULE, CITE = "cn.refop.10", "《执转破意见》第十条"
Tables = Mapping[str, Sequence[Any]]


def gaps_of(tables: Tables) -> tuple[Gap, ...]:
    """The gaps of a bundle: items that are missing, then what is thin within the others."""
    there = frozenset(
        BUNDLE[item - 1] for item, is_there in ITEMS.items() if is_there(tables)
    )
    missing = missing_from_bundle(handed_over=there, needs_lawyer_check=True)
    items = [
        _gap(f"item_{BUNDLE.index(name) + 1}", BUNDLE.index(name) + 1, 1)
        for name in missing
    ]
    counted = [(code, item, count(tables)) for code, item, count in THIN]
    return (*items, *(_gap(*one) for one in counted if one[2]))


def may_be_refused_for(gaps: Sequence[Gap]) -> bool:
    """Whether a court may turn a bundle away for its gaps: never (tag U)."""
    may_refuse: bool = may_refuse_for_incompleteness(needs_lawyer_check=True)
    return bool(gaps) and may_refuse


def _gap(code: str, item: int, count: int) -> Gap:
    return Gap(code=code, item=item, count=count, rule=RULE, cite=CITE, status="U")


def _has_decision(tables: Tables) -> bool:
    """Decided, numbered, and signed by the president, who signs last."""
    return any(
        one.decided_on is not None and one.decision_number for one in tables["referrals"]
    ) and any(one.role == Signer.PRESIDENT and one.agrees for one in tables["signatures"])


def _has_consent(tables: Tables) -> bool:
    """Somebody agreed, and the writing is here or in the file."""
    return any(
        one.answer == ConsentAnswer.AGREES and (one.paper is not None or one.reference)
        for one in tables["consents"]
    )


def _has_property(tables: Tables) -> bool:
    """Something was found, or institutions were asked and have answered."""
    return bool(tables["properties"]) or any(one.is_good for one in tables["answers"])


def _has_distributed(tables: Tables) -> bool:
    """What the cases say was paid is listed payment by payment; nothing paid, no list."""
    paid_fen = sum(one.paid_fen for one in tables["cases"])
    listed_fen = sum(one.fen for one in tables["proceeds"] if one.held == Held.PAID_OUT)
    return bool(listed_fen >= paid_fen)


def _has_debts(tables: Tables) -> bool:
    return bool(tables["cases"])


ITEMS: dict[int, Callable[[Tables], bool]] = {
    ITEM_DECISION: _has_decision,
    ITEM_CONSENT: _has_consent,
    ITEM_PROPERTY: _has_property,
    ITEM_DISTRIBUTED: _has_distributed,
    ITEM_DEBTS: _has_debts,
}
"""Item -> whether the tables have it."""


def _without_contact(tables: Tables) -> int:
    """Known creditors whom a notice cannot reach (《企业破产法》第十四条)."""
    return sum(
        not (one.applicant_phone or one.applicant_address) for one in tables["cases"]
    )


def _unchecked(tables: Tables) -> int:
    return sum(one.title == Title.UNCHECKED for one in tables["properties"])


def _unanswered(tables: Tables) -> int:
    return sum(one.state in STILL_OPEN for one in tables["orders"])


THIN: tuple[tuple[str, int, Callable[[Tables], int]], ...] = (
    ("unchecked", ITEM_PROPERTY, _unchecked),
    ("unanswered", ITEM_PROPERTY, _unanswered),
    ("no_contact", ITEM_DEBTS, _without_contact),
)
"""What an item has and yet lacks, and in how many rows."""

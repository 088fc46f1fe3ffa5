"""The chart of a case's book: under which codes its accounts stand."""

from zhipo.law.waterfall.order import ClaimClass
from zhipo.ledger.kinds import AccountKind
from zhipo.ledger.posting import open_account
from zhipo.web.words import say

GENERAL = "pool:general"
COSTS = "costs"
IN_TRANSIT = "in_transit"
DEPOSITED = "deposited"
FUND = "fund"
BANK = "bank"
KINDS: dict[str, AccountKind] = {
    BANK: AccountKind.BANK,
    GENERAL: AccountKind.POOL,
    COSTS: AccountKind.COSTS,
    FUND: AccountKind.FUND,
    IN_TRANSIT: AccountKind.IN_TRANSIT,
    DEPOSITED: AccountKind.DEPOSITED,
}
"""What every case has from the beginning; `bank` is the administrator's account."""

COST_CLASSES = frozenset({ClaimClass.EXPENSE, ClaimClass.COMMON_BENEFIT})


def claims_of(class_name: str) -> str:
    """What is payable to a class: costs and common-benefit debts stand together."""
    return COSTS if class_name in COST_CLASSES else f"claims:{class_name}"


def pool_of(name: str) -> str:
    return f"pool:{name}"


def open_chart(book: str) -> None:
    """Open the accounts that every book has; those that are there stay."""
    for code, kind in KINDS.items():
        open_account(book, code, kind, title=_title(code))
    for name in ClaimClass:
        if name not in COST_CLASSES:
            open_account(book, claims_of(name), AccountKind.CLAIMS, title=_title(name))


def _title(name: str) -> str:
    return say(f"distributions.account.{name.replace(':', '_')}", lang="zh")

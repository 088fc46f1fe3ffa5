"""What the procedure costs: entered by people, or computed by the law and the book."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from zhipo.distributions.register import Row
from zhipo.law.fees.administrator import (
    collateral_fee_cap_fen,
    fee_cap_fen,
    fee_from_available,
    shared_cap_fen,
)
from zhipo.law.fees.court import bankruptcy_fee_fen
from zhipo.law.waterfall.basis import PriorityBasis
from zhipo.law.waterfall.order import ClaimClass

NOT_THE_DEBTORS = frozenset(
    {PriorityBasis.THIRD_PARTY_MONEY, PriorityBasis.SEGREGATED_MONEY}
)
"""Money of others that is paid out here: no fee is taken of it."""


class CostKind(StrEnum):
    CASE_FEE = "case_fee"  # 案件受理费
    ADMINISTRATOR = "administrator"  # 管理人报酬
    COLLATERAL_PAY = "collateral_pay"  # 担保物管理报酬
    ADVANCE = "advance"  # 偿还垫付款
    ENTERED = "entered"  # 其他费用


COMPUTED = frozenset({CostKind.CASE_FEE, CostKind.ADMINISTRATOR, CostKind.ADVANCE})
"""That nobody enters: by the tariffs of the law, or by what the book says was spent."""


@dataclass(frozen=True)
class Cost:
    """One line that the procedure adds to the register.

    `charged_to` is the code of the collateral's pool that bears it, empty for the estate.
    """

    id: str
    class_name: str
    fen: int
    title: str
    cite: str
    kind: str = CostKind.ENTERED
    charged_to: str = ""
    evidence: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def row(self) -> Row:
        return Row(self.id, self.class_name, self.fen)


@dataclass(frozen=True)
class Estate:
    """The money of this plan, in fen, and what was spent and paid for fees before it."""

    own_fen: int
    collateral_fen: Mapping[str, int]
    earlier_own_fen: int = 0
    earlier_collateral_fen: int = 0
    earlier_case_fee_fen: int = 0
    earlier_expense_fen: int = 0  # of the estate's own, the case fee in, the pay not
    earlier_pay_fen: int = 0
    advance_fen: int = 0  # of others' advances: spent, and repaid by no plan


def costs_of(rows: Iterable[Mapping[str, Any]]) -> list[Cost]:
    """Costs as a plan keeps them."""
    return [Cost(**row) for row in rows]


def case_fee_fen(estate: Estate) -> int:
    """The court's fee on all that was there so far, less what was charged before."""
    collateral = sum(estate.collateral_fen.values()) + estate.earlier_collateral_fen
    whole = bankruptcy_fee_fen(
        estate_fen=estate.own_fen + estate.earlier_own_fen, collateral_fen=collateral
    )
    return max(0, whole - estate.earlier_case_fee_fen)


def pay_cap_fen(estate: Estate, costs: Sequence[Cost], case_fee: int) -> int:
    """The most that the administrator may take of this plan's money.

    Solved on what is finally paid, all plans together (《管理人报酬规定》第二条); plans
    before it share the one limit (第三条).
    """
    available = max(0, estate.own_fen - case_fee - own_expense_fen(costs))
    before = max(0, estate.earlier_own_fen - estate.earlier_expense_fen)
    cap = fee_from_available(available_fen=available + before).fee_fen
    return min(
        available, shared_cap_fen(cap_fen=cap, paid_before_fen=estate.earlier_pay_fen)
    )


def own_expense_fen(costs: Iterable[Cost]) -> int:
    """The costs of the procedure that the estate itself bears, not its collateral."""
    return sum(
        cost.fen
        for cost in costs
        if cost.class_name == ClaimClass.EXPENSE and not cost.charged_to
    )


def is_within_cap(pay_fen: int, *, paid_fen: int) -> bool:
    """Whether a pay stands the limit on what is finally paid beside it."""
    return pay_fen <= fee_cap_fen(paid_fen=paid_fen)


def collateral_caps_fen(estate: Estate) -> dict[str, int]:
    """Pool -> the most pay for its collateral where nothing was agreed (第十三条)."""
    return {
        code: collateral_fee_cap_fen(collateral_fen=fen)
        for code, fen in estate.collateral_fen.items()
    }

"""The Yuhu-scale case as inputs: what is owed, what is left, where each figure is from.

`source: paper` marks the figures of the paper; `source: chosen` marks inputs of ours.
The paper does not publish the assets: ours are chosen so that consumers get close to
its 31 % where they are paid before other ordinary claims, and close to its implied
comparator (31 / 1.72 = 18.0 %) under the statutory order. No result is written by hand.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

SLUG, NUMBER = "xianxiangjia", "（2025）湘0302破3号"
DEBTOR, BRAND = "湘潭鲜享家电子商务有限公司", "鲜享家"
ADMINISTRATOR_PHONE = "0731-00000000"
ADMINISTRATOR_ADDRESS = "湖南省湘潭市雨湖区（演示地址）"
PAPER_CONSUMERS = 32_000
PAPER_CONSUMERS_FEN = 870_000_000
PAPER_SUPPLIERS = 89
PAPER_SUPPLIERS_FEN = 630_000_000
ACCEPTED_ON = date(2025, 9, 1)
PUBLISHED_ON = date(2025, 9, 10)
LAW_DATE = date(2025, 10, 22)
BOOKS_FROM = date(2024, 3, 1)
"""Eighteen months of order books."""


@dataclass(frozen=True)
class Account:
    """One of the six accounts found and frozen; balance in fen."""

    name: str
    institution: str
    fen: int


ACCOUNTS = (
    Account("微信商户号 A", "微信支付", 128_643_015),
    Account("微信商户号 B", "微信支付", 40_521_780),
    Account("支付宝商户号 A", "支付宝", 95_811_432),
    Account("支付宝商户号 B", "支付宝", 21_690_377),
    Account("基本户", "工商银行", 36_187_245),
    Account("一般户", "招商银行", 12_146_151),
)
OTHER_ASSETS = {
    "域名和商标拍卖": 28_000_000,
    "平台保证金退回": 30_000_000,
    "未设担保的存货": 20_000_000,
}
COLLATERAL_SOLD_FEN = 40_000_000
COLLATERAL_SALE_COST_FEN = 1_000_000
LENDER_FEN = 60_000_000
OTHER_COSTS_FEN = 15_000_000
COMMON_BENEFIT_FEN = 8_000_000
EMPLOYEES = 38
EMPLOYEES_FEN = 42_000_000
TAX_FEN = 20_000_000
TAX_DUE_ON = date(2025, 1, 15)
SOCIAL_INSURANCE_FEN = 16_000_000
PUNITIVE_FEN = 5_000_000
ADMIN_FINE_FEN = 3_000_000


def scaled(fen: int, consumers: int) -> int:
    """An amount of the 32,000-consumer case for a case of another size."""
    return int(Fraction(fen * consumers, PAPER_CONSUMERS))


def balance_up_to(consumers: int) -> int:
    """The prepaid balances of the first `consumers` holders together, in fen."""
    return scaled(PAPER_CONSUMERS_FEN, consumers)


def sources() -> dict[str, dict[str, object]]:
    """Every input figure with its source, for case.json."""
    paper = {
        "consumers": PAPER_CONSUMERS,
        "consumers_fen": PAPER_CONSUMERS_FEN,
        "suppliers": PAPER_SUPPLIERS,
        "suppliers_fen": PAPER_SUPPLIERS_FEN,
        "accounts": len(ACCOUNTS),
        "small_claims_ceiling_fen": 50_000,
        "instalments": 3,
        "rate": "0.31",
    }
    chosen = {
        **{account.name: account.fen for account in ACCOUNTS},
        **OTHER_ASSETS,
        "collateral_sold_fen": COLLATERAL_SOLD_FEN,
        "collateral_sale_cost_fen": COLLATERAL_SALE_COST_FEN,
        "lender_fen": LENDER_FEN,
        "other_costs_fen": OTHER_COSTS_FEN,
        "common_benefit_fen": COMMON_BENEFIT_FEN,
        "employees": EMPLOYEES,
        "employees_fen": EMPLOYEES_FEN,
        "tax_fen": TAX_FEN,
        "social_insurance_fen": SOCIAL_INSURANCE_FEN,
        "punitive_fen": PUNITIVE_FEN,
        "admin_fine_fen": ADMIN_FINE_FEN,
        "accepted_on": ACCEPTED_ON.isoformat(),
    }
    marked = {name: {"value": value, "source": "paper"} for name, value in paper.items()}
    marked |= {name: {"value": value, "source": "chosen"} for name, value in chosen.items()}
    return marked

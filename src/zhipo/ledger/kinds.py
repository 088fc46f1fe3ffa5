"""What an account of a case's book stands for, and which side it grows on."""

from enum import StrEnum


class AccountKind(StrEnum):
    BANK = "bank"  # 管理人银行账户
    PAYMENT = "payment"  # 支付账户
    COURT_MONEY = "court_money"  # 法院案款账户
    POOL = "pool"  # 财产池
    FUND = "fund"  # 援助资金
    COSTS = "costs"  # 应付费用
    CLAIMS = "claims"  # 应付债权
    IN_TRANSIT = "in_transit"  # 在途资金
    DEPOSITED = "deposited"  # 提存资金
    TAX = "tax"  # 应交税费


ASSETS = frozenset({AccountKind.BANK, AccountKind.PAYMENT, AccountKind.COURT_MONEY})
"""Where money lies: debits add to these. All others say whose it is: credits add."""

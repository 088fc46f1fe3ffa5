"""Credit repair: when the record of a debtor that goes on is shielded and cleared."""

from datetime import date

MARKET_REPAIR = date(2025, 12, 25)
"""《市场监督管理信用修复管理办法》."""
REPAIR = date(2026, 4, 1)
"""《信用修复管理办法》."""
PUDONG = date(2022, 1, 1)
"""《浦东新区破产规定》."""

"""Where money of a case comes from, and whose it is from then on."""

from enum import StrEnum


class Source(StrEnum):
    TAKEN_OVER = "taken_over"  # 接管资金
    FROZEN = "frozen"  # 冻结款项划转
    RECOVERED = "recovered"  # 追收款项
    SOLD = "sold"  # 财产变价款
    THIRD_PARTY = "third_party"  # 第三方资金
    FUND_ADVANCE = "fund_advance"  # 援助基金垫付


OF_A_POOL = frozenset(Source) - {Source.FUND_ADVANCE}
"""An advance of the fund is owed back as a cost and is nobody's to be distributed
(《企业破产法》第四十一条); all else stands in a pool."""

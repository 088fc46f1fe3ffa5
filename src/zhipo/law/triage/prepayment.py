"""When an operator must stop taking prepayments, and warning limits on them."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.rules import rule
from zhipo.law.prepaid import IN_FORCE as PRE


class Trade(StrEnum):
    RETAIL = "retail"  # 零售、住宿和餐饮业
    SERVICES = "services"  # 居民服务业


LARGE_RETAIL_STAFF = 300
RETAIL_SIZES = {"medium": (50, 500_000_000), "small": (10, 100_000_000)}
"""Class -> least staff, least revenue in fen."""
REVENUE_LIMIT = {Trade.RETAIL: Fraction(40, 100), Trade.SERVICES: Fraction(100, 100)}


@rule(
    id="cn.pre.7",
    cite="《预付式消费解释》第七条",
    text=(
        "经营者收取预付款后因经营困难不能按照合同约定兑付商品或者提供服务的，应当"
        "及时依法清算。经营者依法应当清算但未及时进行清算，造成消费者损失，消费者"
        "请求经营者的清算义务人依法承担民事责任的，人民法院应予支持。"
    ),
    status="V1",
    since=PRE,
    sheet="TRI-14",
)
def obligor_is_liable(
    *, cannot_perform: bool, liquidated_in_time: bool, consumers_lost: bool
) -> bool:
    """An operator that cannot perform liquidates promptly; who fails to is liable."""
    return cannot_perform and not liquidated_in_time and consumers_lost


@rule(
    id="cn.crir.22.3",
    cite="《消费者权益保护法实施条例》第二十二条第三款",
    status="V2",
    since=date(2024, 7, 1),
    sheet="TRI-14",
)
def must_stop_prepayment(*, has_major_risk: bool) -> bool:
    """On a major business risk no further prepayments may be taken."""
    return has_major_risk


@rule(
    id="cn.card.25",
    cite="《单用途商业预付卡管理办法（试行）》第二十五条",
    status="V2",
    since=date(2012, 11, 1),
    sheet="TRI-15",
)
def exceeds_revenue_limit(
    *, trade: Trade, prepaid_fen: int, last_year_revenue_fen: int
) -> bool:
    """Whether prepaid money is above 40 % (retail) or 100 % of last year's revenue."""
    return prepaid_fen > REVENUE_LIMIT[Trade(trade)] * last_year_revenue_fen


@rule(
    id="cn.card.25.new",
    cite="《单用途商业预付卡管理办法（试行）》第二十五条",
    status="U",
    since=date(2012, 11, 1),
    sheet="TRI-15",
)
def exceeds_capital_limit(
    *, prepaid_fen: int, registered_capital_fen: int, needs_lawyer_check: bool = False
) -> bool:
    """Registered for less than a year: more than twice the registered capital."""
    return prepaid_fen > 2 * registered_capital_fen


@rule(
    id="cn.sme.retail",
    cite="《中小企业划型标准规定》（工信部联企业〔2011〕300号）",
    status="U",
    since=date(2011, 6, 18),
    sheet="TRI-16",
)
def retail_size(*, staff: int, revenue_fen: int, needs_lawyer_check: bool = False) -> str:
    """Size class in retail: both staff and revenue must reach a class.

    The sheet names no lower limit of a large one: medium is the highest answer below
    300 staff, and 300 or more is refused.
    """
    if staff >= LARGE_RETAIL_STAFF:
        raise ValueError("300 staff or more: outside the classes at hand")
    for name, (least_staff, least_revenue_fen) in RETAIL_SIZES.items():
        if staff >= least_staff and revenue_fen >= least_revenue_fen:
            return name
    return "micro"

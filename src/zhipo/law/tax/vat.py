"""Value-added tax on what the estate sells (《增值税法》)."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import round_half_up
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.tax import VAT, VAT_RELIEF_ENDS

SMALL_SCALE_UP_TO_FEN = 500_000_000
LEVY_RATE = Fraction(3, 100)
REDUCED_LEVY_RATE = Fraction(1, 100)


class Supply(StrEnum):
    GOODS = "goods"  # 货物
    REPAIR = "repair"  # 加工修理修配服务
    MOVABLE_LEASE = "movable_lease"  # 有形动产租赁服务
    LISTED_GOODS = "listed_goods"  # 农产品、水电、图书报刊、饲料等
    TRANSPORT_AND_BASIC = "transport_and_basic"  # 交通运输、邮政、基础电信、建筑服务
    REAL_PROPERTY = "real_property"  # 不动产及其租赁
    LAND_USE_RIGHT = "land_use_right"  # 土地使用权
    SERVICE = "service"  # 其他服务
    INTANGIBLE = "intangible"  # 无形资产


class TaxPeriod(StrEnum):
    MONTHLY = "monthly"  # 按月
    QUARTERLY = "quarterly"  # 按季
    PER_SALE = "per_sale"  # 按次


RATES: dict[Supply, Fraction] = {
    Supply.GOODS: Fraction(13, 100),
    Supply.REPAIR: Fraction(13, 100),
    Supply.MOVABLE_LEASE: Fraction(13, 100),
    Supply.LISTED_GOODS: Fraction(9, 100),
    Supply.TRANSPORT_AND_BASIC: Fraction(9, 100),
    Supply.REAL_PROPERTY: Fraction(9, 100),
    Supply.LAND_USE_RIGHT: Fraction(9, 100),
    Supply.SERVICE: Fraction(6, 100),
    Supply.INTANGIBLE: Fraction(6, 100),
}
THRESHOLD_FEN: dict[TaxPeriod, int] = {
    TaxPeriod.MONTHLY: 10_000_000,
    TaxPeriod.QUARTERLY: 30_000_000,
    TaxPeriod.PER_SALE: 100_000,
}
LAND = frozenset({Supply.REAL_PROPERTY, Supply.LAND_USE_RIGHT})


@rule(
    id="cn.vat.10",
    cite="《增值税法》第十条",
    text=(
        "增值税税率：……（一）纳税人销售货物、加工修理修配服务、有形动产租赁服务"
        "，进口货物，除本条第二项、第四项、第五项规定外，税率为百分之十三。……（"
        "二）纳税人销售交通运输、邮政、基础电信、建筑、不动产租赁服务，销售不动产"
        "，转让土地使用权，销售或者进口下列货物，除本条第四项、第五项规定外，税率"
        "为百分之九：……（三）纳税人销售服务、无形资产，除本条第一项、第二项、第"
        "五项规定外，税率为百分之六。"
    ),
    status="V1",
    since=VAT,
    sheet="TAX-02",
)
def vat_rate(*, supply: Supply) -> Fraction:
    """The rate for sales inside the country; data, marks and domains are intangibles."""
    return RATES[supply]


@rule(
    id="cn.vat.17",
    cite="《增值税法》第十七条",
    text=(
        "销售额，是指纳税人发生应税交易取得的与之相关的价款，包括货币和非货币形式"
        "的经济利益对应的全部价款，不包括按照一般计税方法计算的销项税额和按照简易"
        "计税方法计算的应纳税额。"
    ),
    status="V1",
    since=VAT,
    sheet="TAX-02",
)
def output_vat_fen(*, gross_fen: int, supply: Supply) -> int:
    """The tax inside a price that includes it, by the general method, half up."""
    rate = vat_rate(supply=supply)
    return round_half_up(gross_fen * rate / (1 + rate))


@rule(
    id="cn.vat.9",
    cite="《增值税法》第九条",
    text=(
        "本法所称小规模纳税人，是指年应征增值税销售额未超过五百万元的纳税人。……"
        "小规模纳税人会计核算健全，能够提供准确税务资料的，可以向主管税务机关办理"
        "登记，按照本法规定的一般计税方法计算缴纳增值税。"
    ),
    status="V1",
    since=VAT,
    sheet="TAX-02",
)
def is_small_scale(*, yearly_sales_fen: int, is_registered_general: bool) -> bool:
    """Up to five million yuan a year, unless registered for the general method."""
    return yearly_sales_fen <= SMALL_SCALE_UP_TO_FEN and not is_registered_general


@rule(
    id="cn.vat.11",
    cite="《增值税法》第十一条",
    text="适用简易计税方法计算缴纳增值税的征收率为百分之三。",
    status="V1",
    since=VAT,
    sheet="TAX-02",
)
def levy_rate() -> Fraction:
    """The rate of the simple method: 3 %."""
    return LEVY_RATE


@rule(
    id="cn.vat.23",
    cite="《增值税法》第二十三条",
    text=(
        "小规模纳税人发生应税交易，销售额未达到起征点的，免征增值税；达到起征点的"
        "，依照本法规定全额计算缴纳增值税。……前款规定的起征点标准由国务院规定，"
        "报全国人民代表大会常务委员会备案。"
    ),
    status="V1",
    since=VAT,
    sheet="TAX-03",
)
def is_below_threshold(*, sales_fen: Fraction, threshold_fen: int) -> bool:
    """Exempt below the State Council's threshold; who reaches it is taxed in full."""
    return sales_fen < threshold_fen


@dataclass(frozen=True)
class SmallScaleVat:
    """The sale without tax, the rate it stands at and the tax, in fen."""

    net_fen: int
    rate: Fraction
    vat_fen: int


@rule(
    id="cn.vat.small_scale_2026",
    cite="国务院令第826号；财政部 税务总局公告2026年第10号；《增值税法》第二十三条",
    text=(
        "小规模纳税人发生应税交易，销售额未达到起征点的，免征增值税；达到起征点的"
        "，依照本法规定全额计算缴纳增值税。"
    ),
    status="V2",
    since=VAT,
    until=VAT_RELIEF_ENDS,
    sheet="TAX-03",
)
def small_scale_vat_fen(
    *, gross_fen: int, other_sales_fen: int, period: TaxPeriod, supply: Supply
) -> SmallScaleVat:
    """A small-scale payer's tax on one sale: none below the threshold, else 1 %.

    `other_sales_fen` are the period's other sales without tax. The 1 % does not reach
    real property and land-use rights, which stand at 3 %.
    """
    rate = levy_rate() if supply in LAND else REDUCED_LEVY_RATE
    net = gross_fen / (1 + rate)
    is_exempt = is_below_threshold(
        sales_fen=net + other_sales_fen, threshold_fen=THRESHOLD_FEN[period]
    )
    vat = Fraction(0) if is_exempt else gross_fen - net
    note(exact_net_fen=net, exact_vat_fen=vat)
    return SmallScaleVat(round_half_up(net), rate, round_half_up(vat))

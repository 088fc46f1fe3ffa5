"""Income tax at the end: the clearing period, its income and its dates."""

from dataclasses import dataclass
from datetime import date

from zhipo.kernel.periods import Deadline, days, deadline
from zhipo.kernel.rules import rule
from zhipo.law.tax import CIT


@dataclass(frozen=True)
class TaxYear:
    """A tax year, first and last day included."""

    first_day: date
    last_day: date


@rule(
    id="cn.cit.53",
    cite="《企业所得税法》第五十三条",
    text=(
        "企业所得税按纳税年度计算。纳税年度自公历1月1日起至12月31日止。……"
        "企业在一个纳税年度中间开业，或者终止经营活动，使该纳税年度的实际经营期不"
        "足十二个月的，应当以其实际经营期为一个纳税年度。……企业依法清算时，应当"
        "以清算期间作为一个纳税年度。"
    ),
    status="V1",
    since=CIT,
    sheet="TAX-04",
)
def tax_year_of_clearing(*, begun_on: date, ended_on: date) -> TaxYear:
    """The whole clearing period is one tax year, however many calendar years it spans.

    Raises ValueError where it ends before it begins.
    """
    if ended_on < begun_on:
        raise ValueError("the clearing period ends before it begins")
    return TaxYear(begun_on, ended_on)


@rule(
    id="cn.cit.53.2",
    cite="《企业所得税法》第五十三条第二款",
    text=(
        "企业在一个纳税年度中间开业，或者终止经营活动，使该纳税年度的实际经营期不"
        "足十二个月的，应当以其实际经营期为一个纳税年度。"
    ),
    status="V1",
    since=CIT,
    sheet="TAX-04",
)
def last_business_tax_year(*, stopped_on: date) -> TaxYear:
    """The year in which business stops runs from 1 January until that day."""
    return TaxYear(date(stopped_on.year, 1, 1), stopped_on)


@rule(
    id="cn.cit.55.1",
    cite="《企业所得税法》第五十五条第一款",
    text=(
        "企业在年度中间终止经营活动的，应当自实际经营终止之日起六十日内，向税务机"
        "关办理当期企业所得税汇算清缴。"
    ),
    status="V1",
    since=CIT,
    sheet="TAX-04",
)
def last_year_settled_by(*, stopped_on: date) -> Deadline:
    """The last business year is settled within 60 days of the actual end of business."""
    return deadline(stopped_on, days(60))


@rule(
    id="cn.cit.55.2",
    cite="《企业所得税法》第五十五条第二款",
    text=("企业应当在办理注销登记前，就其清算所得向税务机关申报并依法缴纳企业所得税。"),
    status="V1",
    since=CIT,
    sheet="TAX-04",
)
def may_deregister(*, is_clearing_declared: bool, is_clearing_tax_paid: bool) -> bool:
    """Clearing income is declared and its tax paid before deregistration."""
    return is_clearing_declared and is_clearing_tax_paid


@rule(
    id="cn.citr.11",
    cite="《企业所得税法实施条例》第十一条第一款",
    text=(
        "企业所得税法第五十五条所称清算所得，是指企业的全部资产可变现价值或者交易"
        "价格减除资产净值、清算费用以及相关税费等后的余额。"
    ),
    status="V1",
    since=CIT,
    sheet="TAX-04",
)
def clearing_income_fen(
    *, realised_fen: int, net_asset_value_fen: int, clearing_cost_fen: int, taxes_fen: int
) -> int:
    """What all assets fetch, less their net value, the cost of clearing and its taxes.

    Below zero it is a loss. Income tax itself is not among the taxes.
    """
    return realised_fen - net_asset_value_fen - clearing_cost_fen - taxes_fen

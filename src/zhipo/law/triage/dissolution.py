"""The company law's own way in: capital due, a liquidation group, its duty to ask."""

from datetime import date

from zhipo.kernel.periods import Deadline, days, deadline, years
from zhipo.kernel.rules import rule

COMPANY_LAW = date(2024, 7, 1)


@rule(
    id="cn.company.47",
    cite="《公司法》第四十七条第一款",
    text=(
        "有限责任公司的注册资本为在公司登记机关登记的全体股东认缴的出资额。全体股"
        "东认缴的出资额由股东按照公司章程的规定自公司成立之日起五年内缴足。"
    ),
    status="V1",
    since=COMPANY_LAW,
    sheet="TRI-17",
)
def capital_paid_by(*, founded_on: date) -> Deadline | None:
    """The last day for the capital of a limited company: five years from founding.

    None for a company founded before the law: its transition stands in rules of the
    State Council that were not read.
    """
    return None if founded_on < COMPANY_LAW else deadline(founded_on, years(5))


@rule(
    id="cn.company.232.1",
    cite="《公司法》第二百三十二条第一款",
    text=(
        "公司因本法第二百二十九条第一款第一项、第二项、第四项、第五项规定而解散的"
        "，应当清算。董事为公司清算义务人，应当在解散事由出现之日起十五日内组成清"
        "算组进行清算。"
    ),
    status="V1",
    since=COMPANY_LAW,
    sheet="TRI-17",
)
def liquidation_group_by(*, dissolved_on: date) -> Deadline:
    """The last day on which the directors form the liquidation group: 15 days."""
    return deadline(dissolved_on, days(15))


@rule(
    id="cn.company.237.1",
    cite="《公司法》第二百三十七条第一款",
    text=(
        "清算组在清理公司财产、编制资产负债表和财产清单后，发现公司财产不足清偿债"
        "务的，应当依法向人民法院申请破产清算。"
    ),
    status="V1",
    since=COMPANY_LAW,
    sheet=("TRI-17", "TRI-07"),
)
def group_must_ask_for_bankruptcy(*, assets_fen: int, debts_fen: int) -> bool:
    """A liquidation group that finds less property than debts must ask for bankruptcy."""
    return assets_fen < debts_fen

"""Measures against the debtor's property: which need a ruling, and how far they reach."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule

CPL = date(2024, 1, 1)


class Taking(StrEnum):
    QUERY = "query"  # 查询
    SEIZE = "seize"  # 扣押
    FREEZE = "freeze"  # 冻结
    DEDUCT = "deduct"  # 划拨
    SELL = "sell"  # 变价


@rule(
    id="cn.cpl.253",
    cite="《民事诉讼法》第二百五十三条",
    text=(
        "被执行人未按执行通知履行法律文书确定的义务，人民法院有权向有关单位查询被"
        "执行人的存款、债券、股票、基金份额等财产情况。人民法院有权根据不同情形扣"
        "押、冻结、划拨、变价被执行人的财产。人民法院查询、扣押、冻结、划拨、变价"
        "的财产不得超出被执行人应当履行义务的范围。……人民法院决定扣押、冻结、划"
        "拨、变价财产，应当作出裁定，并发出协助执行通知书，有关单位必须办理。"
    ),
    status="V1",
    since=CPL,
    sheet="ENF-07",
)
def faults_of_measure(
    *,
    taking: Taking,
    taken_fen: int,
    owed_fen: int,
    has_ruling: bool,
    has_assistance_notice: bool,
) -> tuple[str, ...]:
    """Why a measure may not stand; empty: lawful.

    None may go beyond what is owed; all but a query need a ruling and a notice to the
    unit that must assist.
    """
    needs_papers = taking != Taking.QUERY
    faults = {
        "more than what is owed": taken_fen > owed_fen,
        "no ruling": needs_papers and not has_ruling,
        "no notice to assist": needs_papers and not has_assistance_notice,
    }
    return tuple(fault for fault, holds in faults.items() if holds)

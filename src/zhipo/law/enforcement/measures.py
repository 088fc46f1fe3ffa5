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


class Exempt(StrEnum):
    """The eight items of《查封扣押冻结规定》第三条, in its order."""

    NECESSITIES = "necessities"  # 生活必需品
    LIVING_COSTS = "living_costs"  # 必需的生活费用
    SCHOOLING = "schooling"  # 义务教育必需的物品
    UNPUBLISHED_WORK = "unpublished_work"  # 未公开的发明或未发表的著作
    AIDS = "aids"  # 身体缺陷所必需的辅助工具、医疗物品
    HONOURS = "honours"  # 勋章及其他荣誉表彰的物品
    TREATY = "treaty"  # 条约规定免于查封的财产
    OTHER_LAW = "other_law"  # 法律或司法解释规定的其他财产


OF_A_FAMILY = frozenset(
    {Exempt.NECESSITIES, Exempt.LIVING_COSTS, Exempt.SCHOOLING, Exempt.AIDS}
)
"""Items that the article gives to 被执行人及其所扶养家属: a company has no family."""


@rule(
    id="cn.frz.3",
    cite="《查封扣押冻结规定》第三条",
    text=(
        "人民法院对被执行人的下列财产不得查封、扣押、冻结：……（四）未公开的发明或者未"
        "发表的著作；……（八）法律或者司法解释规定的其他不得查封、扣押、冻结的财产。"
    ),
    status="V1",
    since=date(2021, 1, 1),
    sheet="ENF-04",
)
def is_exempt(*, item: Exempt | None, is_natural_person: bool) -> bool:
    """Whether property may not be seized; what a family needs, only of natural persons."""
    if item is None:
        return False
    return is_natural_person or item not in OF_A_FAMILY

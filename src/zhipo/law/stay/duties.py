"""Duties of the debtor's people from service to the end (arts. 15, 126-129)."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule

EBL = date(2007, 6, 1)


@rule(
    id="cn.ebl.15.2",
    cite="《企业破产法》第十五条第二款",
    text=(
        "前款所称有关人员，是指企业的法定代表人；经人民法院决定，可以包括企业的财"
        "务管理人员和其他经营管理人员。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-13",
)
def is_bound(
    *, is_legal_representative: bool, runs_finance_or_business: bool, court_decided: bool
) -> bool:
    """The legal representative always; finance and management people by a decision."""
    return is_legal_representative or (runs_finance_or_business and court_decided)


class Breach(StrEnum):
    KEEPS_NO_RECORDS = "keeps_no_records"  # 不妥善保管财产、印章、账簿
    REFUSES_TO_ATTEND = "refuses_to_attend"  # 拒不列席债权人会议
    REFUSES_TO_ANSWER = "refuses_to_answer"  # 拒不陈述、回答或者作虚假陈述
    REFUSES_PAPERS = "refuses_papers"  # 拒不提交或者提交不真实的材料
    REFUSES_HAND_OVER = "refuses_hand_over"  # 拒不移交或者伪造、销毁证据
    LEAVES_DOMICILE = "leaves_domicile"  # 擅自离开住所地
    TAKES_NEW_OFFICE = "takes_new_office"  # 新任其他企业的董事、监事、高管


@rule(
    id="cn.ebl.15.1",
    cite="《企业破产法》第十五条第一款",
    text=(
        "自人民法院受理破产申请的裁定送达债务人之日起至破产程序终结之日，债务人的"
        "有关人员承担下列义务：……（一）妥善保管其占有和管理的财产、印章和账簿、"
        "文书等资料；……（二）根据人民法院、管理人的要求进行工作，并如实回答询问"
        "；……（三）列席债权人会议并如实回答债权人的询问；……（四）未经人民法院"
        "许可，不得离开住所地；……（五）不得新任其他企业的董事、监事、高级管理人"
        "员。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-13",
)
def is_breach(
    *,
    breach: Breach,
    ruling_served_on: date,
    ended_on: date | None,
    act_on: date,
    has_court_leave: bool = False,
) -> bool:
    """Whether the act breaks a duty: from service on the debtor to the end of the case.

    The court's leave opens the domicile and nothing else.
    """
    if act_on < ruling_served_on or (ended_on is not None and act_on > ended_on):
        return False
    return not (breach == Breach.LEAVES_DOMICILE and has_court_leave)


class Sanction(StrEnum):
    SUMMONS_BY_FORCE = "summons_by_force"  # 拘传
    FINE = "fine"  # 罚款
    ADMONITION = "admonition"  # 训诫
    DETENTION = "detention"  # 拘留


SANCTIONS: dict[Breach, tuple[Sanction, ...]] = {
    Breach.REFUSES_TO_ATTEND: (Sanction.SUMMONS_BY_FORCE, Sanction.FINE),
    Breach.REFUSES_TO_ANSWER: (Sanction.FINE,),
    Breach.REFUSES_PAPERS: (Sanction.FINE,),
    Breach.REFUSES_HAND_OVER: (Sanction.FINE,),
    Breach.LEAVES_DOMICILE: (Sanction.ADMONITION, Sanction.DETENTION, Sanction.FINE),
}


@rule(
    id="cn.ebl.126",
    cite="《企业破产法》第一百二十六条；《企业破产法》第一百二十七条；"
    "《企业破产法》第一百二十九条",
    text=(
        "有义务列席债权人会议的债务人的有关人员，经人民法院传唤，无正当理由拒不列"
        "席债权人会议的，人民法院可以拘传，并依法处以罚款。债务人的有关人员违反本"
        "法规定，拒不陈述、回答，或者作虚假陈述、回答的，人民法院可以依法处以罚款"
        "。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-13",
)
def sanctions(*, breach: Breach, was_summoned: bool = True) -> tuple[Sanction, ...]:
    """What the court may impose; who was not summoned may not be fetched or fined.

    For keeping no records and for a new office these articles name nothing.
    """
    if breach == Breach.REFUSES_TO_ATTEND and not was_summoned:
        return ()
    return SANCTIONS.get(Breach(breach), ())

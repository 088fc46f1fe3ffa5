"""The lawful grounds for paying consumers otherwise than by the order (WAT-21)."""

from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.waterfall import IN_FORCE


class PriorityBasis(StrEnum):
    PLAN_SMALL_CLASS = "PLAN_SMALL_CLASS"  # 重整计划小额债权组
    SETTLEMENT = "SETTLEMENT"  # 和解协议
    ALL_CREDITORS = "ALL_CREDITORS"  # 全体债权人协议
    VOLUNTARY_SUBORDINATION = "VOLUNTARY_SUBORDINATION"  # 自愿劣后
    THIRD_PARTY_MONEY = "THIRD_PARTY_MONEY"  # 第三方资金
    SEGREGATED_MONEY = "SEGREGATED_MONEY"  # 独立存管资金
    PERSONAL_INJURY = "PERSONAL_INJURY"  # 人身损害赔偿


ARTICLE_OF: dict[PriorityBasis, str] = {
    PriorityBasis.PLAN_SMALL_CLASS: "《企业破产法》第八十二条第二款、第八十七条",
    PriorityBasis.SETTLEMENT: "《企业破产法》第九十七条",
    PriorityBasis.ALL_CREDITORS: "《企业破产法》第一百零五条",
    PriorityBasis.VOLUNTARY_SUBORDINATION: "债权人书面同意（只及于其本人）",
    PriorityBasis.THIRD_PARTY_MONEY: "不属于债务人财产的资金（《电子商务法》第五十八条等）",
    PriorityBasis.SEGREGATED_MONEY: "独立存管资金，须经人民法院裁定",
    PriorityBasis.PERSONAL_INJURY: "《全国法院破产审判工作会议纪要》第二十八条",
}


class NoBasis(ValueError):
    """The statutory order may not be left without a lawful basis and its evidence."""


@rule(
    id="policy.basis",
    cite="《企业破产法》第八十二条第二款；《企业破产法》第九十七条；"
    "《企业破产法》第一百零五条",
    text="人民法院在必要时可以决定在普通债权组中设小额债权组对重整计划草案进行表决。",
    status="P",
    since=IN_FORCE,
    sheet=("WAT-21", "WAT-22"),
    reason="leaving the order is somebody's decision with a ground, never a default",
)
def checked_basis(*, basis: str | None, evidence: str | None) -> PriorityBasis:
    """The ground, if it is a lawful one and its evidence is named. Raises NoBasis."""
    if basis not in set(PriorityBasis):
        raise NoBasis(f"no lawful basis: {basis!r}")
    if not evidence or not evidence.strip():
        raise NoBasis(f"{basis} has no evidence")
    return PriorityBasis(basis)

"""The facts that identification asks for: a closed list, each with its kind and group.

Every fact fills an argument of `law.triage`, `law.fees` or the waterfall, or measures an
indicator of rescue; nothing else can be stated. Sums are fen, ranges [low, likely, high].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from zhipo.kernel.money import MAX_FEN
from zhipo.law.data_assets.gate import Outcome
from zhipo.law.triage.cause import Entity
from zhipo.law.triage.realisation import NOTHING, Range
from zhipo.law.triage.rescue import MOST, Indicator

MOST_COUNTED = 10**9


class FactKey(StrEnum):
    ENTITY = "entity"  # 主体类型
    OTHER_LAW = "other_law"  # 其他法律规定参照适用破产程序
    DEBT_LAWFUL = "debt_lawful"  # 债权债务关系依法成立
    PERIOD_EXPIRED = "period_expired"  # 债务履行期限已届满
    FULLY_PAID = "fully_paid"  # 已完全清偿
    ASSETS = "assets"  # 资产负债表等所示资产总额
    LIABILITIES = "liabilities"  # 资产负债表等所示负债总额
    CONTRARY_EVIDENCE = "contrary_evidence"  # 有相反证据证明资产足以偿债
    NO_FUNDS = "no_funds"  # 资金严重不足或者财产不能变现
    MISSING_REPRESENTATIVE = "missing_representative"  # 法定代表人下落不明
    FAILED_ENFORCEMENT = "failed_enforcement"  # 经强制执行无法清偿
    LONG_LOSSES = "long_losses"  # 长期亏损且扭亏困难
    OTHER_SIGN = "other_sign"  # 丧失清偿能力的其他情形
    SOLVENT_GUARANTOR = "solvent_guarantor"  # 连带责任人有清偿能力
    LIKELY_TO_FAIL = "likely_to_fail"  # 有明显丧失清偿能力可能
    CONSENT = "consent"  # 有书面同意移送
    SETTLEMENT_ASKED = "settlement_asked"  # 债务人请求和解
    DISSOLVED = "dissolved"  # 已解散
    LIQUIDATED_IN_TIME = "liquidated_in_time"  # 解散后在合理期限内清算完毕
    CAUSE_DISPROVED = "cause_disproved"  # 债务人举证证明未出现破产原因
    CLAIMS_CLEAR = "claims_clear"  # 债权债务关系明确
    ASSETS_CLEAR = "assets_clear"  # 财产状况清楚
    FACTS_SIMPLE = "facts_simple"  # 案情简单
    COMPLEX_CLAIMS = "complex_claims"  # 有未结诉讼仲裁或者债权复杂
    HARD_REALISATION = "hard_realisation"  # 变价困难或者耗时长
    SPECIAL_DEBTOR = "special_debtor"  # 上市、金融、合并破产或者跨境
    OTHER_EXCLUSION = "other_exclusion"  # 其他不宜快速审理的情形
    STAFF = "staff"  # 从业人员
    LAST_YEAR_REVENUE = "last_year_revenue"  # 上年营业收入
    PREPAID = "prepaid"  # 预收资金余额
    MAJOR_RISK = "major_risk"  # 出现重大经营风险
    ESTATE = "estate"  # 可变现财产
    RECOVERABLE = "recoverable"  # 破产后可追回财产
    COLLATERAL = "collateral"  # 担保物价值
    COLLATERAL_COST = "collateral_cost"  # 担保物变价费用
    SECURED_OWED = "secured_owed"  # 有财产担保债权
    PRIORITY_OWED = "priority_owed"  # 执行中应当优先受偿的债权
    ENFORCEMENT_COST = "enforcement_cost"  # 执行费用
    HANDLING_COST = "handling_cost"  # 破产的管理、变价和分配费用
    COMMON_OWED = "common_owed"  # 共益债务
    LATE_EMPLOYEE = "late_employee"  # 未申请执行的职工债权
    LATE_SOCIAL_TAX = "late_social_tax"  # 未申请执行的社会保险和税款
    LATE_CONSUMER = "late_consumer"  # 未申请执行的消费者债权
    LATE_ORDINARY = "late_ordinary"  # 未申请执行的其他普通债权
    GOING_CONCERN_VALUE = "going_concern_value"  # 继续经营价值
    BUYERS = "buyers"  # 一年内的买家数
    ACTIVE_BUYERS = "active_buyers"  # 近九十天的活跃买家数
    REPEAT_BUYERS = "repeat_buyers"  # 一年内复购的买家数
    SUPPLIERS_ASKED = "suppliers_asked"  # 已征询的供应商数
    SUPPLIERS_WILLING = "suppliers_willing"  # 愿意继续供货的供应商数
    DATA_OUTCOME = "data_outcome"  # 数据资产合规结论
    POINTS_GOING_CONCERN = "points_going_concern"  # 评分：继续经营价值
    POINTS_ACTIVE_BUYERS = "points_active_buyers"  # 评分：活跃买家
    POINTS_REPEAT_RATE = "points_repeat_rate"  # 评分：复购率
    POINTS_SUPPLIERS = "points_suppliers"  # 评分：供应商意愿
    POINTS_DATA_VALUE = "points_data_value"  # 评分：数据价值
    WORTH_RESCUING = "worth_rescuing"  # 有挽救价值


class FactKind(StrEnum):
    """What a fact's value is."""

    YES_NO = "yes_no"  # 是或者否
    ONE_OF = "one_of"  # 若干之一
    SUM = "sum"  # 金额
    RANGE = "range"  # 金额区间
    COUNT = "count"  # 数量


class FactGroup(StrEnum):
    """Where a fact stands on the page, in the order of the questions."""

    STANDING = "standing"  # 破产资格
    CAUSE = "cause"  # 破产原因
    ROAD = "road"  # 程序选择
    FAST_TRACK = "fast_track"  # 快速审理
    PREPAYMENT = "prepayment"  # 预付和规模
    MONEY = "money"  # 财产、费用和债权
    RESCUE = "rescue"  # 挽救价值


@dataclass(frozen=True)
class Spec:
    """What kind of value a fact takes, and its limits."""

    kind: FactKind
    group: FactGroup
    choices: tuple[str, ...] = ()
    most: int = MOST_COUNTED


K, G = FactKey, FactGroup
POINTS_OF: dict[FactKey, Indicator] = {
    K.POINTS_GOING_CONCERN: Indicator.GOING_CONCERN,
    K.POINTS_ACTIVE_BUYERS: Indicator.ACTIVE_BUYERS,
    K.POINTS_REPEAT_RATE: Indicator.REPEAT_RATE,
    K.POINTS_SUPPLIERS: Indicator.SUPPLIERS,
    K.POINTS_DATA_VALUE: Indicator.DATA_VALUE,
}
"""The points of an indicator are facts too: computed, and a judge may give others."""


def _all(kind: FactKind, group: FactGroup, *keys: FactKey) -> dict[FactKey, Spec]:
    return dict.fromkeys(keys, Spec(kind, group))


SPECS: dict[FactKey, Spec] = {
    K.ENTITY: Spec(FactKind.ONE_OF, G.STANDING, tuple(Entity)),
    **_all(FactKind.YES_NO, G.STANDING, K.OTHER_LAW),
    **_all(FactKind.YES_NO, G.CAUSE, K.DEBT_LAWFUL, K.PERIOD_EXPIRED, K.FULLY_PAID),
    **_all(FactKind.SUM, G.CAUSE, K.ASSETS, K.LIABILITIES),
    **_all(FactKind.YES_NO, G.CAUSE, K.CONTRARY_EVIDENCE, K.NO_FUNDS,
           K.MISSING_REPRESENTATIVE, K.FAILED_ENFORCEMENT, K.LONG_LOSSES, K.OTHER_SIGN,
           K.SOLVENT_GUARANTOR, K.LIKELY_TO_FAIL),
    **_all(FactKind.YES_NO, G.ROAD, K.CONSENT, K.SETTLEMENT_ASKED, K.DISSOLVED,
           K.LIQUIDATED_IN_TIME, K.CAUSE_DISPROVED),
    **_all(FactKind.YES_NO, G.FAST_TRACK, K.CLAIMS_CLEAR, K.ASSETS_CLEAR, K.FACTS_SIMPLE,
           K.COMPLEX_CLAIMS, K.HARD_REALISATION, K.SPECIAL_DEBTOR, K.OTHER_EXCLUSION),
    **_all(FactKind.COUNT, G.PREPAYMENT, K.STAFF),
    **_all(FactKind.SUM, G.PREPAYMENT, K.LAST_YEAR_REVENUE, K.PREPAID),
    **_all(FactKind.YES_NO, G.PREPAYMENT, K.MAJOR_RISK),
    **_all(FactKind.RANGE, G.MONEY, K.ESTATE, K.RECOVERABLE, K.COLLATERAL,
           K.COLLATERAL_COST, K.SECURED_OWED, K.PRIORITY_OWED, K.ENFORCEMENT_COST,
           K.HANDLING_COST, K.COMMON_OWED, K.LATE_EMPLOYEE, K.LATE_SOCIAL_TAX,
           K.LATE_CONSUMER, K.LATE_ORDINARY),
    **_all(FactKind.RANGE, G.RESCUE, K.GOING_CONCERN_VALUE),
    **_all(FactKind.COUNT, G.RESCUE, K.BUYERS, K.ACTIVE_BUYERS, K.REPEAT_BUYERS,
           K.SUPPLIERS_ASKED, K.SUPPLIERS_WILLING),
    K.DATA_OUTCOME: Spec(FactKind.ONE_OF, G.RESCUE, tuple(Outcome)),
    **{key: Spec(FactKind.COUNT, G.RESCUE, most=MOST[one])
       for key, one in POINTS_OF.items()},
    **_all(FactKind.YES_NO, G.RESCUE, K.WORTH_RESCUING),
}  # fmt: skip

Values = Mapping[FactKey, Any]
"""What is known, by fact; a fact that is not in it is unknown."""


def checked(key: FactKey, value: Any) -> Any:
    """The value as it is kept. Raises ValueError where it is none of the fact's kind."""
    spec = SPECS[key]
    if spec.kind == FactKind.YES_NO:
        if not isinstance(value, bool):
            raise ValueError("yes or no")
        return value
    if spec.kind == FactKind.ONE_OF:
        if value not in spec.choices:
            raise ValueError("none of the choices")
        return str(value)
    if spec.kind == FactKind.RANGE:
        low, likely, high = (_whole(one, MAX_FEN) for one in value)
        Range(low, likely, high)
        return [low, likely, high]
    return _whole(value, MAX_FEN if spec.kind == FactKind.SUM else spec.most)


def range_of(values: Values, key: FactKey) -> Range:
    """A range that is known, nothing where it is not."""
    found = values.get(key)
    return NOTHING if found is None else Range(*found)


def _whole(value: Any, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(f"a whole number from 0 to {most}")
    return value

"""The words of a referral to bankruptcy (执转破): its states, its papers, its people."""

from enum import StrEnum


class ReferralState(StrEnum):
    """How far one referral is; the debtor's `Stage` follows from it."""

    COLLECTING = "collecting"  # 征询意见中
    DECIDING = "deciding"  # 逐级签署中
    APPROVING = "approving"  # 报请批准中
    APPROVED = "approved"  # 已获批准
    DECLINED = "declined"  # 决定不移送
    DECIDED = "decided"  # 已决定移送
    SERVED = "served"  # 决定已送达
    SENT = "sent"  # 材料已移送
    UNDER_REVIEW = "under_review"  # 受移送法院审查中
    SUPPLEMENTING = "supplementing"  # 补充材料中
    ACCEPTED = "accepted"  # 已裁定受理
    REFUSED = "refused"  # 已裁定不予受理
    RETURNED = "returned"  # 材料已退回
    DISMISSED = "dismissed"  # 受理后驳回申请
    OVERTAKEN = "overtaken"  # 因另案受理而终结


R = ReferralState
_MOVES: dict[ReferralState, frozenset[ReferralState]] = {
    R.COLLECTING: frozenset({R.DECIDING, R.DECLINED}),
    R.DECIDING: frozenset({R.APPROVING, R.DECIDED, R.DECLINED}),
    R.APPROVING: frozenset({R.APPROVED, R.DECLINED}),
    R.APPROVED: frozenset({R.DECIDED, R.DECLINED}),
    R.DECLINED: frozenset(),
    R.DECIDED: frozenset({R.SERVED}),
    R.SERVED: frozenset({R.SENT}),
    R.SENT: frozenset({R.UNDER_REVIEW}),
    R.UNDER_REVIEW: frozenset({R.SUPPLEMENTING, R.ACCEPTED, R.REFUSED, R.SENT}),
    R.SUPPLEMENTING: frozenset({R.UNDER_REVIEW, R.ACCEPTED, R.REFUSED, R.SENT}),
    R.ACCEPTED: frozenset({R.DISMISSED}),
    R.REFUSED: frozenset({R.ACCEPTED, R.RETURNED}),
    R.RETURNED: frozenset(),
    R.DISMISSED: frozenset(),
    R.OVERTAKEN: frozenset(),
}
ENDED = frozenset({R.DECLINED, R.RETURNED, R.DISMISSED, R.OVERTAKEN})
"""Nothing more happens in these; any other referral of a debtor is its only one."""

REFERRAL_MOVES: dict[ReferralState, frozenset[ReferralState]] = {
    one: to if one in ENDED | {R.ACCEPTED} else to | {R.OVERTAKEN}
    for one, to in _MOVES.items()
}
"""Approval comes before the president signs (《执转破意见》第六条: before the decision). A
refusal may be reversed on appeal (《企业破产法》第十二条第一款), so a way leads from
REFUSED to ACCEPTED; the debtor returns only once the refusal has taken effect. A higher
court that takes the case gets the papers anew, so the way goes back to SENT. A petition
to the court that is accepted overtakes whatever has not come to its end."""

STAYS = frozenset(
    {R.DECIDED, R.SERVED, R.SENT, R.UNDER_REVIEW, R.SUPPLEMENTING, R.REFUSED, R.ACCEPTED}
)
"""From the decision on all known courts stay (《执转破意见》第八条)."""


class CourtLevel(StrEnum):
    BASIC = "basic"  # 基层人民法院
    INTERMEDIATE = "intermediate"  # 中级人民法院
    HIGH = "high"  # 高级人民法院


class ConsentAnswer(StrEnum):
    AGREES = "agrees"  # 同意移送
    DECLINES = "declines"  # 不同意移送


class ConsentForm(StrEnum):
    """How the answer is in writing (《执转破意见》第二条 asks for 书面)."""

    WRITTEN = "written"  # 书面意见
    QUESTIONING = "questioning"  # 询问笔录（签名）
    ONLINE = "online"  # 线上签名确认


class Signer(StrEnum):
    """Who signs, in the order of `law.referral.conditions.CHAIN`."""

    HANDLER = "handler"  # 承办人
    PANEL = "panel"  # 合议庭成员
    PRESIDENT = "president"  # 院长


class ServiceWay(StrEnum):
    IN_PERSON = "in_person"  # 直接送达
    LEFT = "left"  # 留置送达
    ELECTRONIC = "electronic"  # 电子送达
    POST = "post"  # 邮寄送达
    PUBLIC = "public"  # 公告送达


class NoticeKind(StrEnum):
    """A letter that the court sends out and then watches until it is acted upon."""

    TELL_COURT = "tell_court"  # 告知已知执行法院
    SUSPEND = "suspend"  # 中止执行通知书
    LIFT = "lift"  # 解除保全通知书
    RESTORE = "restore"  # 恢复保全通知书


class ComplaintGround(StrEnum):
    TURNED_AWAY = "turned_away"  # 拒收材料
    OVERRAN = "overran"  # 逾期未作裁定

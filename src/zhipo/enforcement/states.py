"""The words of the enforcement stage: stages, states, kinds."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a debtor stands between enforcement and bankruptcy."""

    ENFORCING = "enforcing"  # 执行中
    REFERRING = "referring"  # 移送决定中
    UNDER_REVIEW = "under_review"  # 移送审查中
    ACCEPTED = "accepted"  # 破产已受理
    RETURNED = "returned"  # 不予受理，已退回


S = Stage
STAGE_MOVES: dict[Stage, frozenset[Stage]] = {
    S.ENFORCING: frozenset({S.REFERRING, S.ACCEPTED}),
    S.REFERRING: frozenset({S.ENFORCING, S.UNDER_REVIEW, S.ACCEPTED}),
    S.UNDER_REVIEW: frozenset({S.ACCEPTED, S.RETURNED}),
    S.ACCEPTED: frozenset({S.RETURNED}),
    S.RETURNED: frozenset({S.ACCEPTED}),
}
"""A creditor's own petition may be accepted from every stage; after a refusal nobody refers
again (《执转破意见》第二十条, tag U), so no way leads from RETURNED to REFERRING. An
accepted petition may be dismissed (《企业破产法》第十二条第二款): the debtor returns."""


class EnforcementState(StrEnum):
    """How far one court is with one applicant's case."""

    OPEN = "open"  # 执行中
    CLOSED_FOR_NOW = "closed_for_now"  # 终结本次执行程序
    SUSPENDED = "suspended"  # 中止执行
    CLOSED = "closed"  # 执行完毕或终结执行


class ApplicantKind(StrEnum):
    """What the applicant is to the debtor: decides class and papers later."""

    CONSUMER = "consumer"  # 消费者
    SUPPLIER = "supplier"  # 供应商
    EMPLOYEE = "employee"  # 职工
    LENDER = "lender"  # 出借人
    TAX = "tax"  # 税务机关
    SOCIAL_INSURANCE = "social_insurance"  # 社会保险机构
    OTHER = "other"  # 其他


class InstitutionKind(StrEnum):
    PAYMENT = "payment"  # 支付机构
    BANK = "bank"  # 银行
    PLATFORM = "platform"  # 电商平台


class LineState(StrEnum):
    """What came of trying the line to an institution."""

    WORKS = "works"  # 连通
    SILENT = "silent"  # 无应答
    UNPROVEN = "unproven"  # 应答签名不符
    REFUSED = "refused"  # 对方不认可本院
    ODD = "odd"  # 应答不合协议


class InquiryState(StrEnum):
    """How far an order is, as this court knows it; overdue is a question of the clock."""

    PREPARED = "prepared"  # 待发送
    SENT = "sent"  # 已发送，未签收
    RECEIVED = "received"  # 已签收
    WORKING = "working"  # 办理中
    ANSWERED = "answered"  # 已反馈
    REFUSED = "refused"  # 不予办理
    OBJECTED = "objected"  # 提出异议
    TURNED_AWAY = "turned_away"  # 拒收


STILL_OPEN = frozenset(
    {InquiryState.PREPARED, InquiryState.SENT, InquiryState.RECEIVED, InquiryState.WORKING}
)
"""States in which the court goes on asking."""


class CameBy(StrEnum):
    """How an answer reached the court."""

    POLL = "poll"  # 主动查询
    CALLBACK = "callback"  # 机构推送


class PropertyKind(StrEnum):
    """What a debtor may have; the first eight are the inquiry protocol's own words."""

    BANK_ACCOUNT = "bank_account"  # 银行账户
    PAYMENT_ACCOUNT = "payment_account"  # 支付账户
    PLATFORM_DEPOSIT = "platform_deposit"  # 平台保证金
    SETTLEMENT_BALANCE = "settlement_balance"  # 待结算款
    RESERVE_ACCOUNT = "reserve_account"  # 备付金账户
    SHOP = "shop"  # 网店
    TRAFFIC_ACCOUNT = "traffic_account"  # 流量账号
    DOMAIN = "domain"  # 域名
    BRAND = "brand"  # 商标
    DATA = "data"  # 数据资产
    GOODS = "goods"  # 货物
    EQUIPMENT = "equipment"  # 设备
    REAL_ESTATE = "real_estate"  # 不动产
    RECEIVABLE = "receivable"  # 应收账款
    OTHER = "other"  # 其他财产


class Title(StrEnum):
    """Whose a thing is, as far as the court has found out."""

    UNCHECKED = "unchecked"  # 未核查
    DEBTORS = "debtors"  # 被执行人所有
    THIRD_PARTYS = "third_partys"  # 案外人所有
    CUSTODY = "custody"  # 代管资金
    DISPUTED = "disputed"  # 权属争议


class FreezeState(StrEnum):
    """What a freeze does now, as far as this court knows."""

    ORDERED = "ordered"  # 已发出
    IN_FORCE = "in_force"  # 生效
    PARTLY_IN_FORCE = "partly_in_force"  # 部分生效
    WAITING = "waiting"  # 轮候
    LAPSED = "lapsed"  # 期满失效
    LIFTED = "lifted"  # 已解除
    REFUSED = "refused"  # 未能冻结
    TAKEN_OVER = "taken_over"  # 已移交破产程序


HOLDS = frozenset({FreezeState.IN_FORCE, FreezeState.PARTLY_IN_FORCE, FreezeState.WAITING})
"""States in which a freeze stands, so that it can lapse."""


class Evidence(StrEnum):
    """What a judge's statement of a fact rests on."""

    ANSWER = "answer"  # 协助机构的反馈
    CASE = "case"  # 执行案件
    PAPER = "paper"  # 书证
    DOCUMENT = "document"  # 系统生成的文书
    HEARING = "hearing"  # 询问、听证笔录
    REPORT = "report"  # 审计、评估报告
    COMPUTED = "computed"  # 系统计算


class Belonging(StrEnum):
    """Whether a property is the estate's, as far as has been found out."""

    ESTATE = "estate"  # 债务人财产
    EXCLUDED = "excluded"  # 不属于债务人财产
    OPEN = "open"  # 归属待查明

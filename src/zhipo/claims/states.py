"""States of a claim on the web: those of the law's register, and the one before filing."""

from enum import StrEnum

from zhipo.law.register.states import MOVES as REGISTER_MOVES
from zhipo.law.register.states import ClaimState as Registered

PREFILLED = "prefilled"  # 已预填
STATES: tuple[str, ...] = (PREFILLED, *Registered)
BESIDE_THE_LAW: dict[str, frozenset[str]] = {
    PREFILLED: frozenset({Registered.FILED}),
    Registered.FILED: frozenset({Registered.TABLED}),
    Registered.REVIEWED: frozenset({Registered.FILED}),
    Registered.TABLED: frozenset({Registered.REJECTED}),
}
"""What the acts do beyond the register's own moves: a tap files what the books know; an
employee's claim is tabled as listed, without a filing to review (EBL 48.2); a decision is
undone until it is tabled; an entry falls before the meeting where another creditor's
objection to it is upheld."""

OF_THE_LAW: dict[str, frozenset[str]] = {
    state: frozenset(moves) for state, moves in REGISTER_MOVES.items()
}
NONE: frozenset[str] = frozenset()
MOVES: dict[str, frozenset[str]] = {
    state: OF_THE_LAW.get(state, NONE) | BESIDE_THE_LAW.get(state, NONE) for state in STATES
}
LIVE: frozenset[str] = frozenset(Registered) - {Registered.WITHDRAWN}


class ClaimKind(StrEnum):
    """Who claims; the heading in the register follows (law/register/states.py)."""

    CONSUMER = "consumer"  # 消费者
    SUPPLIER = "supplier"  # 供应商
    PLATFORM = "platform"  # 先行赔付的平台
    BANK = "bank"  # 无担保的出借人
    SECURED = "secured"  # 有财产担保的债权人
    EMPLOYEE = "employee"  # 职工
    SOCIAL_TAX = "social_tax"  # 税务、社会保险机关


class IdentityProof(StrEnum):
    TRAIL = "trail"  # 付款轨迹
    REAL_NAME = "real_name"  # 实名核验
    UNPROVEN = "unproven"  # 尚未证明


class FiledThrough(StrEnum):
    PHONE = "phone"  # 手机页面
    COUNTER = "counter"  # 现场
    POST = "post"  # 邮寄
    API = "api"  # 接口
    LISTED = "listed"  # 管理人列明（职工债权）


class PayoutChannel(StrEnum):
    WECHAT = "wechat"  # 微信零钱
    ALIPAY = "alipay"  # 支付宝
    BANK = "bank"  # 银行账户
    CASH = "cash"  # 现场领取


class ObjectionState(StrEnum):
    OPEN = "open"  # 待答复
    UPHELD = "upheld"  # 异议成立
    EXPLAINED = "explained"  # 已作出解释
    SUED = "sued"  # 已起诉
    JUDGED = "judged"  # 已裁判


class EvidenceState(StrEnum):
    UPLOADED = "uploaded"  # 已上传
    READING = "reading"  # 正在读取
    READ = "read"  # 已读取
    REFUSED = "refused"  # 已退回
    SEALED = "sealed"  # 已封存
    SUPERSEDED = "superseded"  # 已被更正版取代

"""States of releases, orders and deposits, and from which to which an order may go."""

from enum import StrEnum


class ReleaseState(StrEnum):
    PREPARED = "prepared"  # 出纳已编制
    RELEASED = "released"  # 负责人已放行
    PAUSED = "paused"  # 已暂停
    STOPPED = "stopped"  # 已停止
    DONE = "done"  # 已完成


class OrderState(StrEnum):
    PLANNED = "planned"  # 待发送
    SENDING = "sending"  # 发送中
    WAITING_USER = "waiting_user"  # 待收款人确认
    PAID = "paid"  # 已到账
    RETURNED = "returned"  # 已退回
    FAILED = "failed"  # 未成功
    DEPOSITED = "deposited"  # 已提存


O = OrderState  # noqa: E741  the table below reads as the law of orders
MOVES: dict[OrderState, frozenset[OrderState]] = {
    O.PLANNED: frozenset({O.SENDING, O.FAILED, O.DEPOSITED}),
    O.SENDING: frozenset({O.PLANNED, O.WAITING_USER, O.PAID, O.RETURNED, O.FAILED}),
    O.WAITING_USER: frozenset({O.PAID, O.RETURNED, O.FAILED}),
    O.PAID: frozenset({O.RETURNED}),
    O.RETURNED: frozenset(),
    O.FAILED: frozenset(),
    O.DEPOSITED: frozenset(),
}
"""From `sending` back: its only request was turned away, so that no channel has it. From
`paid` back: a bank may return what it had credited."""

OPEN = frozenset({O.PLANNED, O.SENDING, O.WAITING_USER})
"""That a worker or a person still has to see to."""

ON_THE_WAY = frozenset({O.SENDING, O.WAITING_USER})
"""Whose money is in transit."""

CLOSED = frozenset({O.RETURNED, O.FAILED, O.DEPOSITED})
"""Whose money is back for good: only such an order may have one that follows it."""


class Ending(StrEnum):
    """Why an order ended, or waits, beside the reasons that channels give."""

    EXPIRED = "expired"  # 收款人逾期未确认
    TAKEN_BACK = "taken_back"  # 已撤回
    STOPPED = "stopped"  # 付款批次已停止
    PAYEE_CHANGED = "payee_changed"  # 收款方式已变更
    NEVER_ARRIVED = "never_arrived"  # 通道没有收到
    NOT_COLLECTED = "not_collected"  # 未到现场领取
    NOT_FOUND = "not_found"  # 通道暂无此单
    NO_WORD = "no_word"  # 通道暂无答复
    CONTRADICTED = "contradicted"  # 通道答复前后矛盾
    LOOKED_AT = "looked_at"  # 已人工核对


class WayState(StrEnum):
    """Where a way of being paid stands that staff entered from a paper."""

    ENTERED = "entered"  # 待复核
    CHECKED = "checked"  # 已复核
    TAKEN_BACK = "taken_back"  # 已撤回


class DepositReason(StrEnum):
    UNCLAIMED = "unclaimed"  # 未受领
    DISPUTED = "disputed"  # 诉讼、仲裁未决
    CONDITIONAL = "conditional"  # 附条件
    RESERVED = "reserved"  # 身份或债权未定，预留


class ReleasedTo(StrEnum):
    CREDITOR = "creditor"  # 交付债权人
    OTHERS = "others"  # 分配给其他债权人

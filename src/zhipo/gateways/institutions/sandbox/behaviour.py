"""How an institution behaves towards one order: as it should, or in one of these ways."""

import random
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from zhipo.gateways.institutions.messages import Act


class Manner(StrEnum):
    """The ways to be wrong; each order meets one."""

    PROMPT = "prompt"  # 及时办理
    LATE = "late"  # 迟延办理
    NEVER = "never"  # 签收后不反馈
    SILENT = "silent"  # 未签收即断开
    RECEIPT_LOST = "receipt_lost"  # 已签收但回执丢失
    TWICE = "twice"  # 同一反馈发送两次
    DIFFERENT_SECOND = "different_second"  # 两次反馈内容不同
    PARTIAL = "partial"  # 先反馈一部分
    FORGED = "forged"  # 签名错误
    OLD_KEY = "old_key"  # 用停用密钥签名
    YUAN = "yuan"  # 以元计并如实标明
    YUAN_AS_FEN = "yuan_as_fen"  # 以元计却标为分
    SCALED = "scaled"  # 全部金额缩小为百分之一
    OTHER_DEBTOR = "other_debtor"  # 反馈他人信息
    OTHER_ORDER = "other_order"  # 反馈另一事项
    OBJECTION = "objection"  # 案外人异议
    UNLAWFUL = "unlawful"  # 机构认为措施违法
    NOT_CUSTOMER = "not_customer"  # 声称无此客户


class Behaviour(BaseModel):
    """`hours` of simulated time for LATE and PARTIAL; `times` that a wrong reply shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    manner: Manner = Manner.PROMPT
    hours: int = Field(default=24, ge=1, le=24 * 400)
    times: int = Field(default=1, ge=1, le=1000)


ONLY_FOR = {
    Manner.PARTIAL: {Act.QUERY},
    Manner.OBJECTION: {Act.FREEZE, Act.DEDUCT},
    Manner.UNLAWFUL: {Act.FREEZE, Act.DEDUCT},
    Manner.NOT_CUSTOMER: {Act.QUERY},
}
IN_REPLIES = frozenset(
    {
        Manner.DIFFERENT_SECOND,
        Manner.FORGED,
        Manner.OLD_KEY,
        Manner.YUAN,
        Manner.YUAN_AS_FEN,
        Manner.SCALED,
        Manner.OTHER_DEBTOR,
        Manner.OTHER_ORDER,
    }
)
"""Wrong on the way out: the books are right, and after `times` so is the reply."""


def fitting(behaviour: Behaviour, act: Act) -> Behaviour:
    """The behaviour, or PROMPT where it makes no sense for the act."""
    acts = ONLY_FOR.get(behaviour.manner)
    return behaviour if acts is None or act in acts else Behaviour()


def drawn(*, seed: int, party: str, order_id: str) -> Behaviour:
    """The behaviour that a seed gives to an order: seed 0 is prompt, always.

    Half of the orders are met as they should be. The same seed, party and order give the
    same behaviour, in whatever order things happen. NEVER and NOT_CUSTOMER are only set by
    hand: no court could tell them from the truth by waiting.
    """
    chance = random.Random(f"{seed}:{party}:{order_id}")
    if seed == 0 or chance.random() < 0.5:
        return Behaviour()
    by_hand = {Manner.PROMPT, Manner.NEVER, Manner.NOT_CUSTOMER}
    manner = chance.choice([one for one in Manner if one not in by_hand])
    return Behaviour(manner=manner, hours=chance.randint(1, 72), times=chance.randint(1, 2))

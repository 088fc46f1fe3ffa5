"""How a channel meets a transfer: as it should, or in one of these ways."""

import random
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Manner(StrEnum):
    """The ways to be difficult; each transfer meets one."""

    PROMPT = "prompt"  # 及时办理
    SLOW = "slow"  # 答复缓慢
    LATE = "late"  # 迟延办理
    ANSWER_LOST = "answer_lost"  # 已受理但答复丢失
    SILENT = "silent"  # 未受理即断开
    ERROR_AFTER = "error_after"  # 已受理却答系统错误
    ERROR_BEFORE = "error_before"  # 未受理答系统错误
    CALLBACK_TWICE = "callback_twice"  # 重复通知
    CALLBACK_FIRST = "callback_first"  # 通知先于答复到达
    CALLBACK_NEVER = "callback_never"  # 从不通知
    CALLBACK_FORGED = "callback_forged"  # 通知签名错误
    CALLBACK_WRONG = "callback_wrong"  # 通知金额错误
    ANSWER_FORGED = "answer_forged"  # 答复签名错误
    ANSWER_SKEWED = "answer_skewed"  # 答复时间戳偏差
    OTHER_SUM = "other_sum"  # 答复金额错误
    OTHER_REFERENCE = "other_reference"  # 答复他人单号
    WRONG_NAME = "wrong_name"  # 姓名不符
    ACCOUNT_CLOSED = "account_closed"  # 账户已注销
    NEVER_CONFIRMS = "never_confirms"  # 收款人从不确认
    DAY_CAP = "day_cap"  # 超过单日限额
    MAINTENANCE = "maintenance"  # 系统维护
    RATE_LIMIT = "rate_limit"  # 请求频率超限
    RETURN_LATE = "return_late"  # 回盘文件迟到
    ROW_MISSING = "row_missing"  # 回盘文件缺行
    ROW_DOUBLED = "row_doubled"  # 回盘文件重复行
    ROW_CHANGED = "row_changed"  # 回盘文件金额改动


class Behaviour(BaseModel):
    """`hours` of the sandbox's clock for LATE; `times` that a passing fault shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    manner: Manner = Manner.PROMPT
    hours: int = Field(default=6, ge=1, le=24 * 40)
    times: int = Field(default=1, ge=1, le=1000)


OF_FILES = frozenset(
    {Manner.RETURN_LATE, Manner.ROW_MISSING, Manner.ROW_DOUBLED, Manner.ROW_CHANGED}
)
AT_THE_DOOR = frozenset(
    {Manner.SILENT, Manner.ERROR_BEFORE, Manner.MAINTENANCE, Manner.RATE_LIMIT}
)
"""Turned away before anything is done, `times` times, then as it should be."""

ON_THE_WAY_OUT = frozenset(
    {
        Manner.SLOW,
        Manner.ANSWER_LOST,
        Manner.ERROR_AFTER,
        Manner.ANSWER_FORGED,
        Manner.ANSWER_SKEWED,
        Manner.OTHER_SUM,
        Manner.OTHER_REFERENCE,
    }
)
"""Done as it should be, told wrong `times` times."""

FOR_GOOD = frozenset({Manner.WRONG_NAME, Manner.ACCOUNT_CLOSED})
"""The transfer fails."""

DIFFICULT = 0.5
"""The share of transfers that a seed gives a manner other than prompt."""


def drawn(
    *, seed: int, channel: str, reference: str, difficult: float = DIFFICULT
) -> Behaviour:
    """The behaviour that a seed gives to a transfer: seed 0 is prompt, always.

    A share of them is `difficult`, the others are met as they should be. The same seed,
    channel and reference give the same behaviour, in whatever order things happen.
    """
    if seed == 0:
        return Behaviour()
    chance = random.Random(f"{seed}:{channel}:{reference}")
    if chance.random() < 1 - difficult:
        return Behaviour()
    manner = chance.choice([one for one in Manner if one not in OF_FILES])
    return Behaviour(manner=manner, hours=chance.randint(1, 72), times=chance.randint(1, 2))

"""Undoing a resolution: on what ground, by when (art. 64(2), 解释三 art. 12)."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.periods import Deadline
from zhipo.kernel.rules import rule
from zhipo.law.deadlines.table import deadline_of
from zhipo.law.voting.resolutions import BI3


class ResolutionFault(StrEnum):
    CALLED_UNLAWFULLY = "called_unlawfully"  # 召开违反法定程序
    VOTED_UNLAWFULLY = "voted_unlawfully"  # 表决违反法定程序
    UNLAWFUL_CONTENT = "unlawful_content"  # 决议内容违法
    BEYOND_POWERS = "beyond_powers"  # 超出职权范围


@rule(
    id="cn.bi3.12.3",
    cite="《破产法解释三》第十二条第三款；《企业破产法》第六十四条第二款",
    text=(
        "债权人申请撤销债权人会议决议的，应当提出书面申请。债权人会议采取通信、网"
        "络投票等非现场方式进行表决的，债权人申请撤销的期限自债权人收到通知之日起"
        "算。"
    ),
    status="V1",
    since=BI3,
    sheet="VOT-04",
)
def cancellation_asked_by(
    *, resolved_on: date, is_remote: bool, notified_on: date | None
) -> Deadline:
    """The last day for asking: fifteen days, after a remote vote from being told.

    Raises ValueError for a remote vote of which the creditor was not told: no clock runs.
    """
    if not is_remote:
        return deadline_of("D15", event_on=resolved_on)
    if notified_on is None:
        raise ValueError("after a remote vote the period runs from the notice")
    return deadline_of("D15", event_on=notified_on)


@rule(
    id="cn.bi3.12.1",
    cite="《破产法解释三》第十二条第一款",
    text=(
        "债权人会议的决议具有以下情形之一，损害债权人利益，债权人申请撤销的，人民"
        "法院应予支持：……（一）债权人会议的召开违反法定程序；……（二）债权人会"
        "议的表决违反法定程序；……（三）债权人会议的决议内容违法；……（四）债权"
        "人会议的决议超出债权人会议的职权范围。"
    ),
    status="V1",
    since=BI3,
    sheet="VOT-04",
)
def may_cancel(
    *,
    faults: frozenset[ResolutionFault],
    harms_creditors: bool,
    is_in_writing: bool,
    is_in_time: bool,
) -> bool:
    """A fault of the four, harm, a written petition, in time: all of them."""
    return bool(faults) and harms_creditors and is_in_writing and is_in_time

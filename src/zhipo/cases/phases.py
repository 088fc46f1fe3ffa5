"""The phases of a bankruptcy case, and from which to which it may go."""

from enum import StrEnum


class Phase(StrEnum):
    ACCEPTED = "accepted"  # 已受理
    FILING = "filing"  # 债权申报
    REVIEW = "review"  # 债权审查
    CHECKING = "checking"  # 债权核查
    CONFIRMED = "confirmed"  # 债权表已裁定确认
    DISTRIBUTION = "distribution"  # 分配
    CLOSED = "closed"  # 已终结
    DISMISSED = "dismissed"  # 已驳回


P = Phase
MOVES: dict[Phase, frozenset[Phase]] = {
    P.ACCEPTED: frozenset({P.FILING, P.DISMISSED}),
    P.FILING: frozenset({P.REVIEW, P.DISMISSED}),
    P.REVIEW: frozenset({P.CHECKING, P.DISMISSED}),
    P.CHECKING: frozenset({P.CONFIRMED, P.REVIEW, P.DISMISSED}),
    P.CONFIRMED: frozenset({P.DISTRIBUTION}),
    P.DISTRIBUTION: frozenset({P.CLOSED}),
    P.CLOSED: frozenset(),
    P.DISMISSED: frozenset(),
}
OPEN_FOR_FILING: frozenset[Phase] = frozenset(
    {P.FILING, P.REVIEW, P.CHECKING, P.CONFIRMED, P.DISTRIBUTION}
)
"""Late filing stays open until the last distribution (《企业破产法》第五十六条)."""

"""What is small, how a payment is cut, and when cutting is lawful (INS-01..09)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.money import equal_parts
from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.law.waterfall.basis import PriorityBasis

SINCE = date(2007, 6, 1)

CEILING_FEN = option(
    "option.small_claims.ceiling_fen",
    default=50_000,
    status="P",
    reason="the paper's 五百元以下; 以下 includes the number (民法典 art. 1259)",
    sheet="INS-01",
)
PARTS = option(
    "option.instalments.parts",
    default=3,
    status="P",
    reason="the paper's three instalments; a plan may set another number",
    sheet="INS-01",
)


class Mode(StrEnum):
    NONE = "none"  # 按比例
    FLAT = "flat"  # 小额全额
    TIERED = "tiered"  # 分段


class Procedure(StrEnum):
    LIQUIDATION = "liquidation"  # 破产清算
    REORGANISATION = "reorganisation"  # 重整
    SETTLEMENT = "settlement"  # 和解


@dataclass(frozen=True)
class Lawful:
    """Whether a schedule is lawful, and why."""

    is_lawful: bool
    reason: str


@rule(
    id="paper.instalments.small",
    cite="论文2.3；《民法典》第一千二百五十九条",
    status="P",
    since=SINCE,
    sheet=("INS-01", "S3"),
    reason="the paper's practice, offered as a plan's term, never as law",
)
def is_small(*, fen: int, ceiling_fen: int = CEILING_FEN.default) -> bool:
    """Up to and including the ceiling."""
    return fen <= ceiling_fen


@rule(
    id="cn.ebl.116.schedule",
    cite="《企业破产法》第一百一十六条；《企业破产法》第八十一条",
    text=(
        "破产财产分配方案经人民法院裁定认可后，由管理人执行。……管理人按照破产财"
        "产分配方案实施多次分配的，应当公告本次分配的财产额和债权额。管理人实施最"
        "后分配的，应当在公告中指明，并载明本法第一百一十七条第二款规定的事项。"
    ),
    status="V1",
    since=SINCE,
    sheet="INS-02",
)
def schedule_is_lawful(
    *, procedure: Procedure, is_equal_ratio_at_each_step: bool, basis: PriorityBasis | None
) -> Lawful:
    """A plan may set terms; in liquidation a part is a further distribution."""
    if procedure != Procedure.LIQUIDATION:
        return Lawful(True, "a term of the plan or settlement")
    if is_equal_ratio_at_each_step:
        return Lawful(True, "further distributions at an equal ratio")
    if basis is not None:
        return Lawful(True, f"carried by {basis.value}")
    return Lawful(False, "in liquidation unequal steps need a lawful basis")


@rule(
    id="policy.instalments.split",
    cite="本系统规则",
    status="P",
    since=SINCE,
    sheet="INS-05",
    reason="parts that people can check: equal, floored, the last takes the remainder",
)
def parts_fen(
    *,
    paid_fen: int,
    claim_fen: int,
    parts: int = PARTS.default,
    ceiling_fen: int = CEILING_FEN.default,
) -> tuple[int, ...]:
    """A consumer's payment in parts; a small claim's in one."""
    if is_small(fen=claim_fen, ceiling_fen=ceiling_fen):
        return (paid_fen,)
    return tuple(equal_parts(paid_fen, parts))


@rule(
    id="policy.instalments.cliff",
    cite="本系统规则",
    status="P",
    since=SINCE,
    sheet="INS-04",
    reason="flat pays a claim of 501 less than one of 500; tiered has no such step",
)
def small_claim_fen(
    *, fen: int, rate_percent: int, mode: Mode, ceiling_fen: int = CEILING_FEN.default
) -> int:
    """What one claim gets under a mode, floored, where the rest is paid at a rate."""
    if mode == Mode.TIERED:
        first = min(fen, ceiling_fen)
        return first + (fen - first) * rate_percent // 100
    if mode == Mode.FLAT and is_small(fen=fen, ceiling_fen=ceiling_fen):
        return fen
    return fen * rate_percent // 100


@rule(
    id="policy.instalments.feasible",
    cite="本系统规则",
    status="P",
    since=SINCE,
    sheet="INS-04",
    reason="a promise to pay small claims in full is tested against the money first",
)
def flat_is_feasible(*, small_claims_fen: int, money_fen: int) -> bool:
    """Whether the money pays all small claims in full."""
    return small_claims_fen <= money_fen


@rule(
    id="cn.ebl.46.2",
    cite="《企业破产法》第四十六条第二款",
    text="附利息的债权自破产申请受理时起停止计息。",
    status="V1",
    since=SINCE,
    sheet=("CLM-02", "INS-03"),
)
def interest_days(*, runs_from: date, accepted_on: date) -> int:
    """Days of interest a claim carries: none from the day of acceptance on.

    The day of acceptance itself earns nothing ("自…时起"), so the count is
    [runs_from, accepted_on). Events after it do not change a balance either.
    """
    return max(0, (accepted_on - runs_from).days)

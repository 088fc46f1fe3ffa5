"""Where an assistance fund's money may come from (FUND-01, FUND-06)."""

from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.support import EBL, MINUTES_2018


class FundSource(StrEnum):
    FISCAL = "fiscal"  # 财政资金
    ADMINISTRATORS_PAY = "administrators_pay"  # 从其他案件管理人报酬中提取
    PLATFORM_AGREEMENT = "platform_agreement"  # 平台协议出资
    DISPOSAL_COMMISSION = "disposal_commission"  # 破产财产处置提成


class NoSource(ValueError):
    """No law lets this money into the fund."""


BASIS_OF: dict[FundSource, str] = {
    FundSource.FISCAL: "财政决定",
    FundSource.ADMINISTRATORS_PAY: "《全国法院破产审判工作会议纪要》第十二条",
    FundSource.PLATFORM_AGREEMENT: "《电子商务法》第五十八条第二款",
}
"""A share of disposals is not here: the estate's money leaves by the order alone."""


@rule(
    id="cn.min18.12",
    cite="《全国法院破产审判工作会议纪要》第十二条",
    status="U",
    since=MINUTES_2018,
    sheet="FUND-01",
)
def courts_may_raise_from(*, source: FundSource, needs_lawyer_check: bool = False) -> bool:
    """Fiscal support, or a proportion of administrators' pay in other cases."""
    return source in {FundSource.FISCAL, FundSource.ADMINISTRATORS_PAY}


@rule(
    id="cn.ecl.58.fund",
    cite="《电子商务法》第五十八条第二款；《企业破产法》第一百一十三条",
    text=(
        "电子商务平台经营者与平台内经营者协议设立消费者权益保证金的，双方应当就消"
        "费者权益保证金的提取数额、管理、使用和退还办法等作出明确约定。"
    ),
    status="I",
    since=EBL,
    sheet=("FUND-06", "S6"),
    reason="the estate is paid out in the order of art. 113 and no text takes a share of "
    "disposals for a fund; a platform gives by agreement, the treasury by its decision",
)
def checked_source(*, source: FundSource, evidence: str | None) -> str:
    """The ground on which this money, with its evidence, comes in. Raises NoSource."""
    if source not in BASIS_OF:
        raise NoSource(f"{FundSource(source).value} has no basis: the order comes first")
    if not evidence or not evidence.strip():
        raise NoSource(f"{FundSource(source).value} has no evidence")
    return BASIS_OF[source]


PAPER_FUND_FEN = 50_000_000


@rule(
    id="paper.fund.size",
    cite="论文2.1.3",
    status="P",
    since=EBL,
    sheet=("FUND-01", "S11"),
    reason="the paper's fund of 500,000 yuan, source: paper; a figure to compare with",
)
def fund_size_in_paper_fen() -> int:
    """What the paper's district put into its fund, in fen; no law names an amount."""
    return PAPER_FUND_FEN

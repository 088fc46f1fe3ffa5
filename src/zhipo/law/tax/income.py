"""Enterprise income tax: rate, what may be deducted, losses (《企业所得税法》)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import round_half_up
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.tax import CIT

RATE = Fraction(25, 100)
SMALL_PROFIT_RATE = Fraction(20, 100)
LOSS_YEARS = 5
HIGH_TECH_LOSS_YEARS = 10


class Spending(StrEnum):
    REASONABLE = "reasonable"  # 与取得收入有关的合理支出
    DISTRIBUTION = "distribution"  # 向投资者支付的股息、红利
    INCOME_TAX = "income_tax"  # 企业所得税税款
    TAX_LATE_FEE = "tax_late_fee"  # 税收滞纳金
    FINE = "fine"  # 罚金、罚款和被没收财物的损失
    OTHER_GIFT = "other_gift"  # 第九条规定以外的捐赠支出
    SPONSORSHIP = "sponsorship"  # 赞助支出
    UNAPPROVED_RESERVE = "unapproved_reserve"  # 未经核定的准备金支出
    UNRELATED = "unrelated"  # 与取得收入无关的其他支出


class Industry(StrEnum):
    INDUSTRIAL = "industrial"  # 工业企业
    NON_INDUSTRIAL = "non_industrial"  # 其他企业


SMALL_PROFIT_LIMITS: dict[Industry, tuple[int, int, int]] = {
    Industry.INDUSTRIAL: (30_000_000, 100, 3_000_000_000),
    Industry.NON_INDUSTRIAL: (30_000_000, 80, 1_000_000_000),
}
"""Most yearly taxable income (fen), staff, and assets (fen) by the regulation."""


@rule(
    id="cn.cit.4",
    cite="《企业所得税法》第四条；《企业所得税法》第二十八条",
    text=(
        "企业所得税的税率为25％。……符合条件的小型微利企业，减按20％的税率征收企业所得税。"
    ),
    status="V1",
    since=CIT,
    sheet="TAX-04",
)
def income_tax_fen(*, taxable_fen: int, is_small_profit: bool = False) -> int:
    """25 % of taxable income, 20 % for a small-profit enterprise; none on a loss."""
    rate = SMALL_PROFIT_RATE if is_small_profit else RATE
    return round_half_up(max(0, taxable_fen) * rate)


@rule(
    id="cn.citr.92",
    cite="《企业所得税法实施条例》第九十二条",
    text=(
        "企业所得税法第二十八条第一款所称符合条件的小型微利企业，是指从事国家非限"
        "制和禁止行业，并符合下列条件的企业：……(一)工业企业，年度应纳税所得额"
        "不超过30万元，从业人数不超过100人，资产总额不超过3000万元；……"
        "(二)其他企业，年度应纳税所得额不超过30万元，从业人数不超过80人，资"
        "产总额不超过1000万元。"
    ),
    status="V1",
    since=CIT,
    sheet="TAX-04",
)
def is_small_profit_enterprise(
    *,
    industry: Industry,
    taxable_fen: int,
    staff: int,
    assets_fen: int,
    is_restricted_industry: bool = False,
) -> bool:
    """By the regulation: up to 300,000 yuan of income, and few staff and assets."""
    limits = SMALL_PROFIT_LIMITS[industry]
    measured = (taxable_fen, staff, assets_fen)
    is_small = all(one <= most for one, most in zip(measured, limits, strict=True))
    return is_small and not is_restricted_industry


@rule(
    id="cn.cit.28.effective",
    cite="财政部 税务总局公告（小型微利企业所得税优惠，至2027年12月31日，未核）",
    status="U",
    since=date(2023, 1, 1),
    until=date(2028, 1, 1),
    sheet="TAX-04",
)
def small_profit_tax_fen(
    *, taxable_fen: int, staff: int, assets_fen: int, needs_lawyer_check: bool = False
) -> int:
    """An effective 5 % up to 3 million yuan, 300 staff and 50 million of assets.

    Raises ValueError above any of the three.
    """
    note(needs_lawyer_check=needs_lawyer_check)
    if taxable_fen > 300_000_000 or staff > 300 or assets_fen > 5_000_000_000:
        raise ValueError("not a small-profit enterprise")
    return round_half_up(max(0, taxable_fen) * Fraction(5, 100))


@rule(
    id="cn.cit.10",
    cite="《企业所得税法》第八条；《企业所得税法》第十条",
    text=(
        "企业实际发生的与取得收入有关的、合理的支出，包括成本、费用、税金、损失和"
        "其他支出，准予在计算应纳税所得额时扣除。……在计算应纳税所得额时，下列支"
        "出不得扣除：……（一）向投资者支付的股息、红利等权益性投资收益款项；……"
        "（二）企业所得税税款；……（三）税收滞纳金；……（四）罚金、罚款和被没收"
        "财物的损失；……（五）本法第九条规定以外的捐赠支出；……（六）赞助支出；"
        "……（七）未经核定的准备金支出；……（八）与取得收入无关的其他支出。"
    ),
    status="V1",
    since=CIT,
    sheet="TAX-08",
)
def deductible_fen(*, spent_fen: Mapping[Spending, int]) -> int:
    """What of the spending may be deducted: late fees, fines and the like never."""
    return spent_fen.get(Spending.REASONABLE, 0)


@rule(
    id="cn.citr.22",
    cite="《企业所得税法实施条例》第十二条；《企业所得税法实施条例》第二十二条",
    text=(
        "企业所得税法第六条所称企业取得收入的货币形式，包括现金、存款、应收账款、"
        "应收票据、准备持有至到期的债券投资以及债务的豁免等。……企业所得税法第六"
        "条第(九)项所称其他收入，是指企业取得的除企业所得税法第六条第(一)项至"
        "第(八)项规定的收入外的其他收入，包括企业资产溢余收入、逾期未退包装物押"
        "金收入、确实无法偿付的应付款项、已作坏账损失处理后又收回的应收款项、债务"
        "重组收入、补贴收入、违约金收入、汇兑收益等。"
    ),
    status="V1",
    since=CIT,
    sheet="TAX-04",
)
def forgiven_debt_income_fen(*, debt_fen: int, settled_for_fen: int) -> int:
    """What creditors forgive, in a restructuring or otherwise, is income of the debtor."""
    return max(0, debt_fen - settled_for_fen)


@dataclass(frozen=True)
class LossesUsed:
    """The taxable income left, and by year of the loss what was used (fen)."""

    taxable_fen: int
    used_fen: dict[int, int]


@rule(
    id="cn.cit.18",
    cite="《企业所得税法》第十八条",
    text=(
        "企业纳税年度发生的亏损，准予向以后年度结转，用以后年度的所得弥补，但结转"
        "年限最长不得超过五年。"
    ),
    status="V1",
    since=CIT,
    sheet="TAX-04",
)
def income_after_losses(
    *, year: int, income_fen: int, losses_fen: Mapping[int, int]
) -> LossesUsed:
    """A year's income less the losses of the five years before it, the oldest first."""
    return _after_losses(year, income_fen, losses_fen, LOSS_YEARS)


@rule(
    id="cn.cit.18.high_tech",
    cite="财政部 税务总局（高新技术企业和科技型中小企业亏损结转，未核）",
    status="U",
    since=date(2018, 1, 1),
    sheet="TAX-04",
)
def high_tech_income_after_losses(
    *,
    year: int,
    income_fen: int,
    losses_fen: Mapping[int, int],
    needs_lawyer_check: bool = False,
) -> LossesUsed:
    """The same with ten years, for high-tech and small technology enterprises."""
    note(needs_lawyer_check=needs_lawyer_check)
    return _after_losses(year, income_fen, losses_fen, HIGH_TECH_LOSS_YEARS)


def _after_losses(
    year: int, income_fen: int, losses_fen: Mapping[int, int], years: int
) -> LossesUsed:
    left = income_fen
    used: dict[int, int] = {}
    for loss_year in sorted(losses_fen):
        if year - years <= loss_year < year:
            used[loss_year] = min(max(0, left), losses_fen[loss_year])
            left -= used[loss_year]
    return LossesUsed(left, used)

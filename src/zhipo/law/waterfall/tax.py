"""Tax in the order: its late fee, and tax against security."""

from datetime import date
from fractions import Fraction

from zhipo.kernel.money import round_half_up
from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.waterfall import IN_FORCE

TAX_LATE_FEE_DAILY = Fraction(5, 10_000)


COUNT_ACCEPTANCE_DAY = option(
    "option.tax_late_fee.count_acceptance_day",
    default=False,
    choices=(False, True),
    status="I",
    reason="the fee runs until acceptance; whether that day itself counts is not said",
    sheet="WAT-07",
)


TAX_BEFORE_SECURITY = option(
    "option.tax_before_security",
    default=False,
    choices=(False, True),
    status="I",
    reason="in bankruptcy arts. 109 and 113 EBL are special and later than art. 45 of the "
    "tax collection law; outside bankruptcy art. 45 applies",
    sheet="WAT-08",
)


@rule(
    id="cn.tcl.32",
    cite="《税收征收管理法》第三十二条；《税收征收管理法实施细则》第七十五条",
    text=(
        "纳税人未按照规定期限缴纳税款的，扣缴义务人未按照规定期限解缴税款的，税务"
        "机关除责令限期缴纳外，从滞纳税款之日起，按日加收滞纳税款万分之五的滞纳金"
        "。"
    ),
    status="V1",
    since=date(2001, 5, 1),
    sheet="WAT-07",
)
def tax_late_fee_fen(
    *,
    tax_fen: int,
    due_on: date,
    accepted_on: date,
    count_acceptance_day: bool = COUNT_ACCEPTANCE_DAY.default,
) -> int:
    """0.05 % a day from the day after the due date until acceptance: an ordinary claim."""
    counted = max(0, (accepted_on - due_on).days - (0 if count_acceptance_day else 1))
    note(days=counted)
    return round_half_up(tax_fen * TAX_LATE_FEE_DAILY * counted)


@rule(
    id="cn.tcl.45",
    cite="《税收征收管理法》第四十五条；《企业破产法》第一百零九条",
    text="税收优先于无担保债权",
    status="I",
    since=IN_FORCE,
    sheet="WAT-08",
    reason=TAX_BEFORE_SECURITY.reason,
)
def tax_before_security(
    *,
    tax_arose_on: date,
    security_created_on: date,
    is_in_bankruptcy: bool,
    is_tax_first: bool = TAX_BEFORE_SECURITY.default,
) -> bool:
    """Whether the tax goes before the security; in bankruptcy it does not by default."""
    has_conflict = tax_arose_on < security_created_on
    note(tax_vs_security_conflict=has_conflict)
    return has_conflict and (is_tax_first or not is_in_bankruptcy)

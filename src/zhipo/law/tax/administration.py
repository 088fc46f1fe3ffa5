"""The administrator before the tax office (公告2025年第24号)."""

from datetime import date

from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.tax import T24

CITE = "国家税务总局 最高人民法院公告2025年第24号"


@rule(
    id="cn.tax.administrator_files",
    cite="国家税务总局公告2019年第48号第四条",
    status="U",
    since=date(2020, 3, 1),
    until=T24,
    sheet="TAX-01",
)
def administrator_filed_before_2025(
    *, has_taken_over: bool, needs_lawyer_check: bool = False
) -> bool:
    """Until November 2025: whether the administrator did the debtor's tax business."""
    note(needs_lawyer_check=needs_lawyer_check)
    return has_taken_over


@rule(
    id="cn.tax.administrator_files",
    cite=CITE,
    status="V2",
    since=T24,
    sheet="TAX-01",
)
def administrator_files(*, has_taken_over: bool) -> bool:
    """Who has taken over files, withholds and invoices, with the administrator's seal."""
    return has_taken_over


@rule(id="cn.t24.scope", cite=CITE, status="V2", since=T24, sheet="TAX-01")
def is_announcement_applicable(*, ended_on: date | None) -> bool:
    """The announcement reaches every case that had not ended on 27 November 2025."""
    return ended_on is None or ended_on >= T24


@rule(id="cn.t24.abnormal", cite=CITE, status="V2", since=T24, sheet="TAX-01")
def is_abnormal_status_lifted(
    *, late_filings_made: bool, penalty_decision_issued: bool
) -> bool:
    """非正常户 is lifted once late filings are made and the penalty is decided."""
    return late_filings_made and penalty_decision_issued


@rule(id="cn.t24.left_over", cite=CITE, status="V2", since=T24, sheet="TAX-01")
def does_unpaid_tax_block(
    *, unpaid_tax_fen: int, unpaid_late_fees_and_fines_fen: int, is_plan_approved: bool
) -> bool:
    """Whether what is unpaid blocks credit repair or tax deregistration.

    Late fees and fines that an approved plan leaves unpaid do not; tax itself does.
    """
    left_over = 0 if is_plan_approved else unpaid_late_fees_and_fines_fen
    return unpaid_tax_fen + left_over > 0

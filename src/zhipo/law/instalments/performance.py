"""While parts are being paid: supervision, default, discharge (arts. 90-94, 104, 106)."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.instalments.parts import SINCE, Procedure


class Asker(StrEnum):
    ADMINISTRATOR = "administrator"  # 管理人
    INTERESTED_PERSON = "interested_person"  # 利害关系人
    SETTLEMENT_CREDITOR = "settlement_creditor"  # 和解债权人


MAY_END: dict[Procedure, frozenset[Asker]] = {
    Procedure.REORGANISATION: frozenset(Asker),
    Procedure.SETTLEMENT: frozenset({Asker.SETTLEMENT_CREDITOR}),
    Procedure.LIQUIDATION: frozenset(),
}
"""A settlement creditor is an interested person of a plan too; not the other way round."""


@rule(
    id="cn.ebl.93.1",
    cite="《企业破产法》第九十三条第一款；《企业破产法》第一百零四条第一款",
    text=(
        "债务人不能执行或者不执行重整计划的，人民法院经管理人或者利害关系人请求，"
        "应当裁定终止重整计划的执行，并宣告债务人破产。"
    ),
    status="V1",
    since=SINCE,
    sheet="INS-07",
)
def must_end_performance(
    *, procedure: Procedure, is_performed_as_agreed: bool, asked_by: Asker | None
) -> bool:
    """On default and on request the court ends plan or settlement and declares bankrupt.

    Nobody asking, nothing ends: the court does not act of its own motion here.
    """
    return not is_performed_as_agreed and asked_by in MAY_END[Procedure(procedure)]


@rule(
    id="cn.ebl.94",
    cite="《企业破产法》第九十四条；《企业破产法》第一百零六条",
    text="按照重整计划减免的债务，自重整计划执行完毕时起，债务人不再承担清偿责任。",
    status="V1",
    since=SINCE,
    sheet="INS-07",
)
def still_owed_fen(*, claim_fen: int, promised_fen: int, paid_fen: int) -> int:
    """What is owed of a claim: nothing once all that was promised is paid.

    Until then the reduction stands only as long as plan or settlement does, so the
    whole rest is shown.
    """
    assert 0 <= promised_fen <= claim_fen
    return 0 if paid_fen >= promised_fen else claim_fen - paid_fen


@rule(
    id="cn.ebl.93.4",
    cite="《企业破产法》第九十三条第四款；《企业破产法》第一百零四条第四款",
    text="有本条第一款规定情形的，为重整计划的执行提供的担保继续有效。",
    status="V1",
    since=SINCE,
    sheet="INS-07",
)
def security_stands(*, is_given_for_performance: bool, is_performance_ended: bool) -> bool:
    """Security for performance outlives the end of the plan or settlement."""
    return is_given_for_performance or not is_performance_ended


@rule(
    id="cn.ebl.91",
    cite="《企业破产法》第九十一条；《企业破产法》第九十条",
    text=(
        "监督期届满时，管理人应当向人民法院提交监督报告。自监督报告提交之日起，管"
        "理人的监督职责终止。……管理人向人民法院提交的监督报告，重整计划的利害关"
        "系人有权查阅。……经管理人申请，人民法院可以裁定延长重整计划执行的监督期"
        "限。"
    ),
    status="V1",
    since=SINCE,
    sheet="INS-08",
)
def is_supervised(
    *,
    approved_on: date,
    period_ends_on: date,
    extended_to: date | None,
    reported_on: date | None,
    today: date,
) -> bool:
    """Whether the administrator supervises on `today`.

    From the court's approval until the final report is handed in; the report is due when
    the period, as extended by the court, has run out, and one before does not count.
    """
    ends_on = extended_to or period_ends_on
    is_closed = reported_on is not None and ends_on <= reported_on <= today
    return approved_on <= today and not is_closed


@rule(
    id="cn.ebl.90.2",
    cite="《企业破产法》第九十条第二款",
    text="在监督期内，债务人应当向管理人报告重整计划执行情况和债务人财务状况。",
    status="V1",
    since=SINCE,
    sheet="INS-08",
)
def missing_from_report(
    *, tells_performance: bool, tells_finances: bool
) -> tuple[str, ...]:
    """What the debtor's report to the supervising administrator lacks."""
    told = {"performance of the plan": tells_performance, "finances": tells_finances}
    return tuple(item for item, is_told in told.items() if not is_told)

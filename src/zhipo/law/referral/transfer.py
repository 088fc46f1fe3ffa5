"""From the decision to transfer to the ruling: what stays, what goes along, who reviews."""

from datetime import date

from zhipo.kernel.periods import Deadline, days, deadline
from zhipo.kernel.rules import rule
from zhipo.law.referral.conditions import CPLI, REFOP

REVIEW_DAYS = 30


@rule(
    id="cn.refop.8.sale",
    cite="《执转破意见》第八条",
    status="V2",
    since=REFOP,
    sheet="REF-08",
)
def may_sell_during_review(*, is_perishable: bool) -> bool:
    """All known courts stay; only what cannot be kept is sold, the price is kept."""
    return is_perishable


@rule(
    id="cn.refop.9",
    cite="《执转破意见》第九条",
    status="V2",
    since=REFOP,
    sheet="REF-09",
)
def freezes_stay_on(*, is_decided: bool, is_accepted: bool) -> bool:
    """Between the decision to transfer and acceptance, freezes stay on."""
    return is_decided and not is_accepted


BUNDLE = (
    "移送破产审查决定书",
    "申请执行人或被执行人同意移送的书面材料",
    "财产状况及查封冻结清单和材料",
    "已分配财产清单及材料",
    "债务清单",
    "其他材料",
)


@rule(
    id="cn.refop.10",
    cite="《执转破意见》第十条",
    status="U",
    since=REFOP,
    sheet=("REF-10", "S4"),
)
def missing_from_bundle(
    *, handed_over: frozenset[str], needs_lawyer_check: bool = False
) -> tuple[str, ...]:
    """Which of the required items the transfer still lacks (the last is open)."""
    return tuple(item for item in BUNDLE[:-1] if item not in handed_over)


@rule(
    id="cn.refop.12",
    cite="《执转破意见》第十二条",
    status="U",
    since=REFOP,
    sheet="REF-12",
)
def may_refuse_for_incompleteness(*, needs_lawyer_check: bool = False) -> bool:
    """The case-filing division registers 破申 and may not refuse for incompleteness."""
    return False


@rule(
    id="cn.refop.14",
    cite="《执转破意见》第十四条",
    status="U",
    since=REFOP,
    sheet="REF-14",
)
def named_applicants(
    *, consented: tuple[str, ...], needs_lawyer_check: bool = False
) -> tuple[str, ...]:
    """Who is named as applicant: whoever consented."""
    return consented


@rule(
    id="cn.refop.20",
    cite="《执转破意见》第二十条",
    status="U",
    since=REFOP,
    sheet="REF-18",
)
def may_refer_again(*, was_refused: bool, needs_lawyer_check: bool = False) -> bool:
    """After a refusal the transfer may not be started again; parties petition directly."""
    return not was_refused


@rule(
    id="cn.refop.21",
    cite="《执转破意见》第二十一条",
    status="U",
    since=REFOP,
    sheet="REF-19",
)
def higher_court_acts(
    *,
    days_after_letter: int,
    days_after_order: int | None,
    needs_lawyer_check: bool = False,
) -> str:
    """Overrun: after 10 days an order, after 10 more the higher court takes the case."""
    if days_after_order is not None and days_after_order > 10:
        return "take_jurisdiction"
    return "order" if days_after_letter >= 10 else "wait"


@rule(
    id="cn.refop.7.objection",
    cite="《执转破意见》第七条",
    status="U",
    since=REFOP,
    sheet="REF-07",
)
def court_for_objection(
    *, enforcement_court: str, receiving_court: str, needs_lawyer_check: bool = False
) -> str:
    """The court before which the transfer is objected to: the receiving one decides."""
    return receiving_court


@rule(
    id="cn.refop.11.ask",
    cite="《执转破意见》第十一条",
    status="U",
    since=REFOP,
    sheet="REF-11",
)
def must_supplement(
    *, is_incomplete_or_wrong: bool, affects_cause: bool, needs_lawyer_check: bool = False
) -> bool:
    """The enforcement court supplements papers whose gap touches the finding of cause."""
    return is_incomplete_or_wrong and affects_cause


@rule(
    id="cn.refop.11.review",
    cite="《执转破意见》第十一条；《民事诉讼法解释》第五百一十二条",
    text="应当自收到执行案件相关材料之日起三十日内",
    status="U",
    since=CPLI,
    sheet=("REF-11", "REF-13"),
)
def review_ends_on(
    *, received_on: date, supplement_days: int = 0, needs_lawyer_check: bool = False
) -> Deadline:
    """The last day of the 30-day review; days spent on supplementing do not count."""
    return deadline(received_on, days(REVIEW_DAYS + supplement_days))

"""From the petition to the ruling: clocks that depend on who asks (art. 10)."""

from datetime import date

from zhipo.kernel.periods import Deadline, days, deadline
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.deadlines.table import deadline_of

EBL = date(2007, 6, 1)
BI1 = date(2011, 9, 26)


@rule(
    id="cn.ebl.10",
    cite="《企业破产法》第十条；《破产法解释一》第七条第三款",
    text=(
        "债权人提出破产申请的，人民法院应当自收到申请之日起五日内通知债务人。债务"
        "人对申请有异议的，应当自收到人民法院的通知之日起七日内向人民法院提出。人"
        "民法院应当自异议期满之日起十日内裁定是否受理。……除前款规定的情形外，人"
        "民法院应当自收到破产申请之日起十五日内裁定是否受理。……有特殊情况需要延"
        "长前两款规定的裁定受理期限的，经上一级人民法院批准，可以延长十五日。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-01",
)
def ruling_due(
    *,
    received_on: date,
    debtor_notified_on: date | None,
    supplement_days: int = 0,
    is_extended: bool = False,
) -> Deadline:
    """The last day for ruling on a petition.

    A creditor's petition (`debtor_notified_on` given): ten days after the seven for
    objecting; any other: fifteen from receipt. Fifteen more with the approval of the
    court above; days spent on supplementing are not counted (解释一 art. 7).
    """
    if debtor_notified_on is None:
        due = deadline_of("D04", event_on=received_on, is_extended=is_extended)
    else:
        objecting = deadline_of("D02", event_on=debtor_notified_on)
        note(objection_ends_on=objecting.last_day)
        due = deadline_of("D03", event_on=objecting.last_day, is_extended=is_extended)
    return deadline(due.counted, days(supplement_days)) if supplement_days else due


@rule(
    id="cn.bi1.6.1",
    cite="《破产法解释一》第六条第一款",
    text=(
        "债权人申请债务人破产的，应当提交债务人不能清偿到期债务的有关证据。债务人"
        "对债权人的申请未在法定期限内向人民法院提出异议，或者异议不成立的，人民法"
        "院应当依法裁定受理破产申请。"
    ),
    status="V1",
    since=BI1,
    sheet=("STY-01", "TRI-07"),
)
def must_accept_undisputed(
    *,
    creditor_shows_inability: bool,
    debtor_objected_in_time: bool,
    is_objection_sound: bool,
) -> bool:
    """A creditor's petition is accepted where the debtor has no sound, timely objection."""
    is_answered = debtor_objected_in_time and is_objection_sound
    return creditor_shows_inability and not is_answered

"""What a debtor's property report covers (财产报告)."""

from dataclasses import dataclass
from datetime import date

from zhipo.kernel.periods import subtract, years
from zhipo.kernel.rules import rule

LOOK_BACK = years(1)


@dataclass(frozen=True)
class Span:
    """The days whose changes are reported: first and last, both inside."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@rule(
    id="cn.inv.6",
    cite="《财产调查规定》第六条；《民事诉讼法》第二百五十二条",
    text=(
        "被执行人自收到执行通知之日前一年至提交书面财产报告之日，其财产情况发生下列变动"
        "的，应当将变动情况一并报告："
    ),
    status="V1",
    since=date(2021, 1, 1),
    sheet="ENF-06",
)
def reported_span(*, notice_received_on: date, reported_on: date) -> Span:
    """From one year before the enforcement notice was received to the day of the report.

    Raises ValueError for a report before the notice.
    """
    if reported_on < notice_received_on:
        raise ValueError("a report follows the notice that asks for it")
    return Span(subtract(notice_received_on, LOOK_BACK), reported_on)

"""Deadlines with two ends or counted backwards: filing window, notices, look-backs."""

from dataclasses import dataclass
from datetime import date, timedelta

from zhipo.kernel.periods import Period, add, days, months, subtract
from zhipo.kernel.rules import rule
from zhipo.law.deadlines.table import EBL

FILING_LEAST = days(30)
FILING_MOST = months(3)
MEETING_NOTICE_DAYS = 15
REPORT_BEFORE_DISPOSAL_DAYS = 10
LEAK_REPORT_HOURS = 24


class OutsideWindow(ValueError):
    """A date lies outside what the law allows."""


@dataclass(frozen=True)
class FilingWindow:
    """The first and last lawful end of the filing period."""

    earliest_end: date
    latest_end: date


@rule(
    id="cn.ebl.45",
    cite="《企业破产法》第四十五条",
    text=(
        "人民法院受理破产申请后，应当确定债权人申报债权的期限。债权申报期限自人民"
        "法院发布受理破产申请公告之日起计算，最短不得少于三十日，最长不得超过三个"
        "月。"
    ),
    status="V1",
    since=EBL,
    sheet=("CLM-01", "D10"),
)
def filing_window(*, published_on: date, ends_on: date | None = None) -> FilingWindow:
    """The filing period runs 30 days to 3 months from publication (not acceptance).

    Raises OutsideWindow where `ends_on` is outside.
    """
    window = FilingWindow(add(published_on, FILING_LEAST), add(published_on, FILING_MOST))
    if ends_on is not None and not window.earliest_end <= ends_on <= window.latest_end:
        raise OutsideWindow(
            f"{ends_on} is not between {window.earliest_end} and {window.latest_end}"
        )
    return window


@rule(
    id="cn.ebl.63",
    cite="《企业破产法》第六十三条",
    text="召开债权人会议，管理人应当提前十五日通知已知的债权人。",
    status="V1",
    since=EBL,
    sheet=("VOT-02", "D13"),
)
def latest_meeting_notice(*, meeting_on: date) -> date:
    """The last day on which known creditors may be told of a meeting."""
    return meeting_on - timedelta(days=MEETING_NOTICE_DAYS)


@rule(
    id="cn.bi3.15.2",
    cite="《破产法解释三》第十五条第二款",
    text=(
        "管理人实施处分前，应当根据企业破产法第六十九条的规定，提前十日书面报告债"
        "权人委员会或者人民法院。债权人委员会可以依照企业破产法第六十八条第二款的"
        "规定，要求管理人对处分行为作出相应说明或者提供有关文件依据。"
    ),
    status="V1",
    since=date(2019, 3, 28),
    sheet=("VOT-07", "D20"),
)
def latest_report_before_disposal(*, disposal_on: date) -> date:
    """The last day for the written report before a major disposal."""
    return disposal_on - timedelta(days=REPORT_BEFORE_DISPOSAL_DAYS)


@rule(
    id="cn.ebl.31.window",
    cite="《企业破产法》第三十一条；《企业破产法》第三十二条",
    text="人民法院受理破产申请前一年内",
    status="V1",
    since=EBL,
    sheet="D31",
)
def look_back_starts(*, accepted_on: date, period: Period) -> date:
    """The first day inside a look-back [acceptance − period, acceptance)."""
    return subtract(accepted_on, period)


@rule(
    id="cn.ndr.10",
    cite="《网络数据安全管理条例》第十条",
    text="还应当在24小时内向有关主管部门报告",
    status="V1",
    since=date(2025, 1, 1),
    sheet="D45",
)
def report_leak_within_hours(*, endangers_security: bool) -> int:
    """Hours until a report is due: 24 where security is endangered, else at once (0)."""
    return LEAK_REPORT_HOURS if endangers_security else 0

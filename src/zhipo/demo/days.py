"""On which days the demonstration's case goes on after filing: chosen, within the law.

Filing ends and the meeting is held on the days that the court has fixed; after the
checking the fifteen days for a suit pass before the ruling (《破产法解释三》第八条), the
meeting votes a week after it has the plan, the court rules a week later, and the parts
leave a month apart.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from zhipo.cases.clocks import last_filing_day
from zhipo.cases.models import Case
from zhipo.demo import case as inputs

OPENED_AFTER = timedelta(days=10)
PARTS = 3
BETWEEN_PARTS = timedelta(days=30)
UNTIL_AGAIN = timedelta(days=12)


@dataclass(frozen=True)
class Days:
    """The days of one case, each at or after the one before it."""

    reviewed_on: date
    tabled_on: date
    checked_on: date
    confirmed_on: date
    drafted_on: date
    voted_on: date
    submitted_on: date
    approved_on: date
    paid_on: tuple[date, ...]
    deposited_on: date

    @property
    def released_on(self) -> tuple[date, ...]:
        """A release for each part, and one for those whom the way before did not reach."""
        again = (self.paid_on[0] + UNTIL_AGAIN, self.paid_on[-1] + UNTIL_AGAIN)
        return tuple(sorted((*self.paid_on, *again)))


def opened_on() -> date:
    """The day on which the case comes into the database and is filed in."""
    return inputs.PUBLISHED_ON + OPENED_AFTER


def days_of(case: Case) -> Days:
    """The days of a case whose filing period and meeting are fixed."""
    filing_until = last_filing_day(case)
    assert filing_until is not None
    assert case.meeting_on is not None

    def after(day: date, days: int) -> date:
        return day + timedelta(days=days)

    confirmed_on = after(case.meeting_on, 20)
    drafted_on = after(confirmed_on, 2)
    voted_on = after(drafted_on, 7)
    first = after(voted_on, 15)
    paid_on = tuple(first + BETWEEN_PARTS * place for place in range(PARTS))
    return Days(
        reviewed_on=after(filing_until, 1),
        tabled_on=after(filing_until, 3),
        checked_on=case.meeting_on,
        confirmed_on=confirmed_on,
        drafted_on=drafted_on,
        voted_on=voted_on,
        submitted_on=after(voted_on, 1),
        approved_on=after(voted_on, 8),
        paid_on=paid_on,
        deposited_on=after(paid_on[-1], 60),
    )

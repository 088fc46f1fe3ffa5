"""All deadlines before the case on one court's calendar, from wherever they are kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import BANKRUPTCY_COURT
from zhipo.enforcement.clocks import article, cite_of, is_unverified
from zhipo.enforcement.models import (
    Clue,
    Debtor,
    Freeze,
    InquiryObjection,
    Notice,
    Petition,
    PropertyReport,
    ReferralClock,
    ReportedItem,
    Requery,
)
from zhipo.enforcement.queries.debtors import BUREAU
from zhipo.enforcement.queries.petitions import petition_clocks
from zhipo.enforcement.states import HOLDS


@dataclass(frozen=True)
class Due:
    """One last day: of what, of which debtor, whose duty, by which article.

    `key` names it for good, so that a calendar program knows it again; `words` is a
    sentence of enforcement/phrases.yaml.
    """

    key: str
    day: date
    words: str
    debtor: Debtor | None
    court: str
    cite: str
    detail: str = ""
    is_done: bool = False
    is_unverified: bool = False
    is_escalated: bool = False
    petition: Petition | None = None

    @property
    def name(self) -> str:
        """Whose it is: the debtor's name."""
        found = self.debtor or self.petition
        assert found is not None
        return found.name


def dues_of(user: Any, first: date, last: date) -> list[Due]:
    """Everything of one's own court whose last day lies in [first, last], by day.

    Whoever refers sees the receiving court's days of that referral too.
    """
    found = [due for source in SOURCES for due in source(user, Between(first, last))]
    return sorted(found, key=lambda one: (one.day, one.key))


class Between:
    """`[first, last]` as a filter of whichever field holds the last day."""

    def __init__(self, first: date, last: date) -> None:
        self.range = (first, last)

    def on(self, field: str) -> Q:
        return Q(**{f"{field}__range": self.range})


def _clocks(user: Any, between: Between) -> Iterator[Due]:
    own = organisations_where(user, BUREAU | BANKRUPTCY_COURT)
    sends = organisations_where(user, BUREAU)
    rows = ReferralClock.objects.filter(
        Q(court__in=own) | Q(referral__sending__in=sends), between.on("last_day")
    ).select_related("debtor", "court")
    for one in rows:
        yield Due(
            key=f"clock-{one.pk}",
            day=one.last_day,
            words=f"enforcement.deadline.{one.deadline}",
            debtor=one.debtor,
            court=one.court.name,
            cite=cite_of(one.deadline),
            detail=one.deadline,
            is_done=one.done_on is not None,
            is_unverified=is_unverified(one.deadline),
            is_escalated=one.escalated_on is not None,
        )


def _petitions(user: Any, between: Between) -> Iterator[Due]:
    """Deadlines of petitions that came to one's own court directly.

    One that nobody failed by not using it is over once it has passed.
    """
    today = timezone.localdate()
    for one in petition_clocks(user).filter(between.on("last_day")):
        yield Due(
            key=f"petition-{one.pk}",
            day=one.last_day,
            words=f"enforcement.deadline.{one.deadline}",
            debtor=None,
            court=one.petition.court.name,
            cite=cite_of(one.deadline),
            detail=one.petition.number,
            is_done=one.done_on is not None or (one.may_lapse and one.last_day < today),
            is_escalated=one.escalated_on is not None,
            petition=one.petition,
        )


def _freezes(user: Any, between: Between) -> Iterator[Due]:
    rows = Freeze.objects.filter(
        between.on("until"),
        case__court__in=organisations_where(user, BUREAU),
        state__in=HOLDS,
    ).select_related("case__debtor", "case__court", "target")
    for one in rows:
        yield Due(
            key=f"freeze-{one.pk}",
            day=one.until,
            words="enforcement.deadline.D37",
            debtor=one.case.debtor,
            court=one.case.court.name,
            cite=article("cn.cpli.485", one.until),
            detail=one.target.label,
        )


def _letters(user: Any, between: Between) -> Iterator[Due]:
    rows = Notice.objects.filter(
        between.on("reply_by"), sender__in=organisations_where(user, BUREAU)
    ).select_related(
        "referral__debtor", "petition__debtor", "court", "institution", "sender"
    )
    for one in rows:
        yield Due(
            key=f"letter-{one.pk}",
            day=one.reply_by or between.range[0],
            words=f"enforcement.notice.{one.kind}",
            debtor=one.origin.debtor,
            court=one.sender.name,
            cite="",
            detail=str(one.court or one.institution),
            is_done=one.acknowledged_on is not None,
        )


def _clues(user: Any, between: Between) -> Iterator[Due]:
    rows = Clue.objects.filter(
        between.on("check_by"), case__court__in=organisations_where(user, BUREAU)
    ).select_related("debtor", "case__court")
    for one in rows:
        yield Due(
            key=f"clue-{one.pk}",
            day=one.check_by or between.range[0],
            words="enforcement.deadline.clue",
            debtor=one.debtor,
            court=one.case.court.name,
            cite=article("cn.inv.2", one.received_on),
            is_done=one.checked_on is not None,
        )


def _reports(user: Any, between: Between) -> Iterator[Due]:
    rows = PropertyReport.objects.filter(
        between.on("due_on"), case__court__in=organisations_where(user, BUREAU)
    ).select_related("debtor", "case__court")
    for one in rows:
        yield Due(
            key=f"report-{one.pk}",
            day=one.due_on,
            words="enforcement.deadline.report",
            debtor=one.debtor,
            court=one.case.court.name,
            cite=article("cn.inv.6", one.due_on),
            is_done=one.received_on is not None,
        )


def _changes(user: Any, between: Between) -> Iterator[Due]:
    """Changes that the court knows of and the debtor is to report within ten days."""
    rows = ReportedItem.objects.filter(
        between.on("report_by"),
        report__case__court__in=organisations_where(user, BUREAU),
    ).select_related("report__debtor", "report__case__court")
    for one in rows:
        assert one.report_by is not None
        yield Due(
            key=f"change-{one.pk}",
            day=one.report_by,
            words="enforcement.deadline.change",
            debtor=one.report.debtor,
            court=one.report.case.court.name,
            cite=article("cn.inv.7", one.report_by),
            is_done=one.reported_on is not None,
        )


def _requeries(user: Any, between: Between) -> Iterator[Due]:
    """The half-yearly queries after a closing for now, while it lasts."""
    rows = Requery.objects.filter(
        between.on("due_on"),
        closing__case__court__in=organisations_where(user, BUREAU),
        closing__resumed_on=None,
    ).select_related("closing__case__debtor", "closing__case__court")
    for one in rows:
        case = one.closing.case
        yield Due(
            key=f"requery-{one.pk}",
            day=one.due_on,
            words="enforcement.deadline.requery",
            debtor=case.debtor,
            court=case.court.name,
            cite=article("cn.zb.requery", one.due_on),
            detail=case.number,
            is_done=one.done_on is not None,
        )


def _objections(user: Any, between: Between) -> Iterator[Due]:
    rows = InquiryObjection.objects.filter(
        between.on("reply_by"), order__case__court__in=organisations_where(user, BUREAU)
    ).select_related("order__case__debtor", "order__case__court")
    for one in rows:
        yield Due(
            key=f"objection-{one.pk}",
            day=one.reply_by,
            words="enforcement.deadline.objection",
            debtor=one.order.case.debtor,
            court=one.order.case.court.name,
            cite=article("cn.netq.6", one.reply_by),
            is_done=one.replied_at is not None,
        )


SOURCES: tuple[Callable[[Any, Between], Iterator[Due]], ...] = (
    _clocks,
    _petitions,
    _freezes,
    _letters,
    _clues,
    _reports,
    _changes,
    _requeries,
    _objections,
)
"""Where last days are kept: one query each."""

"""Freezes that cannot lapse unnoticed: alerts, escalation, renewal, the end as it comes.

Run as often as one likes: each day's word is said once. A freeze lapses in our books only
where no renewal of it is on its way; where one is, the institution is asked until it says.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.freeze_states import known_of, record_change, wake_waiting
from zhipo.enforcement.actions.freezing import renew_freeze
from zhipo.enforcement.actions.telling import tell
from zhipo.enforcement.models import Freeze, FreezeAlert, InquiryOrder
from zhipo.enforcement.queries.due import freezes_running_out, renewals_on_their_way
from zhipo.enforcement.states import HOLDS, FreezeState
from zhipo.law.enforcement.freezes import ALERT_DAYS, alert_days
from zhipo.web.refusals import Declined

LAST_ALERT = min(ALERT_DAYS)
EX_OFFICIO_DAYS = 30
"""Where the installation renews by itself: early enough that a refusal can be mended."""


@dataclass
class Watch:
    """What one look at the freezes has led to."""

    alerted: int = 0
    escalated: int = 0
    renewed: int = 0
    lapsed: int = 0


def watch_freezes(
    today: date | None = None,
    *,
    now: datetime | None = None,
    is_ex_officio: bool | None = None,
) -> Watch:
    """Look at every freeze whose end is near or past; each in a transaction of its own.

    `is_ex_officio`: renew what nobody has renewed (《民事诉讼法解释》第四百八十五条第三款);
    the installation's choice unless told.
    """
    at = now or timezone.now()
    day = today or timezone.localdate(at)
    renews = settings.ENVIRONMENT.renews_freezes if is_ex_officio is None else is_ex_officio
    watch = Watch()
    for freeze_id in freezes_running_out(day, within_days=max(ALERT_DAYS)):
        _look_at(freeze_id, day, at, watch)
        if renews:
            watch.renewed += _renew_ex_officio(freeze_id, day, at)
    return watch


@transaction.atomic
def _look_at(freeze_id: int, day: date, at: datetime, watch: Watch) -> None:
    freeze = (
        Freeze.objects.select_for_update(of=("self",), no_key=True)
        .select_related("case", "target", "order")
        .get(pk=freeze_id)
    )
    if freeze.state not in HOLDS:
        return
    renewals = renewals_on_their_way(freeze)
    if freeze.until < day:
        watch.lapsed += _end(freeze, renewals, at)
        return
    watch.alerted += _alert(freeze, day, at)
    if (freeze.until - day).days <= LAST_ALERT and not renewals:
        watch.escalated += _escalate(freeze, day, at)


def _alert(freeze: Freeze, day: date, at: datetime) -> int:
    """Tell the judge, once for each of the law's days that has come (ENF-01)."""
    days = zip(ALERT_DAYS, alert_days(ends_on=freeze.until), strict=True)
    due = {before for before, told_on in days if told_on <= day}
    told = freeze.alerts.filter(until=freeze.until).values_list("days_before", flat=True)
    new = sorted(due - set(told))
    if not new:
        return 0
    FreezeAlert.objects.bulk_create(
        [
            FreezeAlert(freeze=freeze, until=freeze.until, days_before=one, told_at=at)
            for one in new
        ],
        ignore_conflicts=True,
    )
    _tell(freeze, "freeze_ends", at, key=f"ends:{new[0]}", days=(freeze.until - day).days)
    record(Event.FREEZE_ALERTED, of=freeze, by=None, chain=freeze.case.number,
           days_before=new[0], until=str(freeze.until))  # fmt: skip
    return 1


def _escalate(freeze: Freeze, day: date, at: datetime) -> int:
    """A week before the end and nobody has renewed: the president is told, once."""
    days = (freeze.until - day).days
    if not _tell(freeze, "freeze_unanswered", at, role=Role.COURT_PRESIDENT, days=days):
        return 0
    record(Event.FREEZE_ESCALATED, of=freeze, by=None, chain=freeze.case.number,
           days=days, until=str(freeze.until))  # fmt: skip
    return 1


def _end(freeze: Freeze, renewals: list[InquiryOrder], at: datetime) -> int:
    """The last day is over: lapsed, or nobody knows until the institution has said."""
    InquiryOrder.objects.filter(
        pk__in=[freeze.order_id, *(one.pk for one in renewals)], settled_at=None
    ).update(ask_at=at)
    if renewals:
        _tell(freeze, "renewal_unknown", at)
        _tell(freeze, "renewal_unknown", at, role=Role.COURT_PRESIDENT)
        return 0
    before = known_of(freeze)
    freeze.state, freeze.frozen_fen, freeze.rank = FreezeState.LAPSED, 0, 0
    freeze.save(update_fields=["state", "frozen_fen", "rank"])
    _tell(freeze, "freeze_lapsed", at)
    _tell(freeze, "freeze_lapsed", at, role=Role.COURT_PRESIDENT)
    wake_waiting(freeze, at)
    record_change(freeze, before)
    return 1


def _renew_ex_officio(freeze_id: int, day: date, at: datetime) -> int:
    """Renew what is close to its end and on nobody's way, or say why it cannot be."""
    freeze = Freeze.objects.select_related("case", "target").get(pk=freeze_id)
    days = (freeze.until - day).days
    is_ours = freeze.state in HOLDS and 0 <= days <= EX_OFFICIO_DAYS
    if not is_ours or renewals_on_their_way(freeze):
        return 0
    try:
        renew_freeze(freeze_id=freeze_id, by=None, now=at)
    except Declined as declined:
        _tell(freeze, "renewal_refused", at, text=declined.sentence)
        return 0
    return 1


def _tell(
    freeze: Freeze,
    phrase: str,
    at: datetime,
    *,
    role: Role = Role.ENFORCEMENT_JUDGE,
    key: str = "",
    **values: object,
) -> bool:
    return tell(
        freeze.case, phrase, key=f"{phrase}:{key}:{freeze.pk}:{freeze.until}", now=at,
        role=role, label=freeze.target.label, until=freeze.until, **values,
    )  # fmt: skip

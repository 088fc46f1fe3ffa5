"""Rounds of reminders to those who have not filed: ordered, sent by a job, counted."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.models import Claim, Reminder, ReminderRound
from zhipo.claims.policies.reminding import is_quiet, not_before
from zhipo.claims.queries.desk import ClaimFilter, silent
from zhipo.claims.states import PREFILLED
from zhipo.gateways.sms import SmsGateway, SmsNotSent, sms_gateway
from zhipo.web.refusals import NotInState

TEMPLATE = "file_your_claim"
CHUNK = 5_000


class Channel(StrEnum):
    SMS = "sms"  # 短信
    LETTER = "letter"  # 信函


class ReminderState(StrEnum):
    WAITING = "waiting"  # 待发送
    SENDING = "sending"  # 正在发送
    SENT = "sent"  # 已发送
    FAILED = "failed"  # 发送失败
    SKIPPED = "skipped"  # 已申报，不再提醒


@transaction.atomic
def order_reminders(
    *,
    case_id: int,
    channel: Channel,
    now: datetime,
    wanted: ClaimFilter | None = None,
    by: Any,
) -> ReminderRound:
    """A round to everyone silent (whom the filter finds), not before the night is over.

    One round at a time; letters to the same people on one day are one round. A letter
    counts as sent when it is printed: its round is finished at once. Raises NotAllowed,
    NotInState where nobody is left to remind.
    """
    case = locked_case(case_id)
    check_power(case, Act.ORDER_REMINDERS, by)
    running = case.reminder_rounds.filter(channel=channel, finished_at=None).first()
    if running is not None:
        return running
    people = (wanted or ClaimFilter()).apply(silent(case))
    if channel == Channel.SMS:
        people = people.exclude(holder__phone_hash="")
    claim_ids = list(people.order_by("pk").values_list("pk", flat=True))
    if not claim_ids:
        raise NotInState("claims.refused.nobody_to_remind")
    is_letter = channel == Channel.LETTER
    if is_letter and (made := _letters_of_the_day(case, claim_ids, now)) is not None:
        return made

    ordered = ReminderRound.objects.create(
        case=case, channel=channel, ordered_by=by, ordered_at=now,
        not_before=now if is_letter else not_before(now),
        finished_at=now if is_letter else None,
    )  # fmt: skip
    state = ReminderState.SENT if is_letter else ReminderState.WAITING
    Reminder.objects.bulk_create(
        (
            Reminder(round=ordered, claim_id=pk, state=state, sent_at=ordered.finished_at)
            for pk in claim_ids
        ),
        batch_size=CHUNK,
    )

    record(Event.REMINDERS_ORDERED, of=ordered, by=by, chain=case.number, channel=channel,
           count=len(claim_ids))  # fmt: skip
    return ordered


def _letters_of_the_day(
    case: Case, claim_ids: list[int], now: datetime
) -> ReminderRound | None:
    """The round of letters that went to just these people today."""
    last = case.reminder_rounds.filter(
        channel=Channel.LETTER, ordered_at__date=timezone.localdate(now)
    ).order_by("-pk").first()  # fmt: skip
    if last is None:
        return None
    reached = last.reminders.order_by("claim_id").values_list("claim_id", flat=True)
    return last if list(reached) == claim_ids else None


def send_reminders(*, round_id: int, gateway: SmsGateway | None = None) -> int:
    """Send what waits in a round, until done or until night; how many still wait.

    SENDING is committed before the provider is asked: after a crash the outcome of that
    one message is unknown, and it is not sent a second time on a guess.
    """
    gateway = gateway or sms_gateway()
    waiting = Reminder.objects.filter(round=round_id, state=ReminderState.WAITING)
    for reminder_id in waiting.order_by("pk").values_list("pk", flat=True):
        if is_quiet(timezone.now()):
            return waiting.count()
        _send(reminder_id, gateway)
    _finish(round_id)
    return 0


def _send(reminder_id: int, gateway: SmsGateway) -> None:
    """One message: taken, sent, its result kept."""
    reminder = _take(reminder_id)
    if reminder is None:
        return
    claim = reminder.claim
    assert claim.holder is not None
    values = {"brand": claim.case.brand, "until": f"{claim.case.filing_until or '-'}"}
    try:
        reminder.result = gateway.send_notice(
            phone=claim.holder.phone, template=TEMPLATE, values=values
        )
        reminder.state = ReminderState.SENT
    except SmsNotSent as error:
        reminder.state, reminder.result = ReminderState.FAILED, str(error)[:80]
    reminder.sent_at = timezone.now()
    reminder.save(update_fields=["state", "result", "sent_at"])


@transaction.atomic
def _take(reminder_id: int) -> Reminder | None:
    """The reminder, marked as being sent; None where another has it or it is moot."""
    reminder = (
        Reminder.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("claim__case", "claim__holder")
        .filter(pk=reminder_id, state=ReminderState.WAITING)
        .first()
    )
    if reminder is None:
        return None
    is_moot = reminder.claim.state != PREFILLED
    reminder.state = ReminderState.SKIPPED if is_moot else ReminderState.SENDING
    reminder.save(update_fields=["state"])
    return None if is_moot else reminder


@transaction.atomic
def _finish(round_id: int) -> None:
    ordered = (
        ReminderRound.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=round_id)
    )
    if ordered.finished_at is not None:
        return
    ordered.finished_at = timezone.now()
    ordered.save(update_fields=["finished_at"])
    states = list(ordered.reminders.values_list("state", flat=True))
    counts: dict[str, Any] = {state: states.count(state) for state in set(states)}

    record(Event.REMINDERS_SENT, of=ordered, by=None, chain=ordered.case.number, **counts)


def silent_claims_of(ordered: ReminderRound) -> list[Claim]:
    """The claims of a round, with their holders, for printing letters."""
    return list(
        Claim.objects.filter(reminders__round=ordered)
        .select_related("holder")
        .order_by("number")
    )

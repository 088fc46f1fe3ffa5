"""Taking over what an institution says: kept as it came, applied once, in its own order.

A word older than the newest one of the institution's own clock changes nothing. One that
contradicts what was said before is kept and not believed, until it is said a second time.
An end is believed at once and asked for again, a minute and a day later: an account that
an answer has left out shows by nothing else than a second answer.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions import findings, freeze_states
from zhipo.enforcement.actions.telling import tell
from zhipo.enforcement.models import Freeze, InquiryAnswer, InquiryOrder
from zhipo.enforcement.states import HOLDS, CameBy, FreezeState, InquiryState
from zhipo.gateways.institutions.answers import Status
from zhipo.gateways.institutions.client import Told
from zhipo.gateways.institutions.messages import Act
from zhipo.gateways.institutions.refusals import Reason
from zhipo.gateways.institutions.signing import Raw

LONGEST_PAUSE = timedelta(hours=6)
READ_BACK = timedelta(minutes=1)
WATCH = timedelta(days=1)
ENDED = frozenset({InquiryState.ANSWERED, InquiryState.REFUSED})
WATCHED = HOLDS | {FreezeState.ORDERED, FreezeState.TAKEN_OVER}
KEPT_BAD = 50
"""Bad answers kept of one order; what comes beyond is counted on the last."""

BELIEVED_AT = 2
"""How often a correction must be told before it counts."""

SETTLED_AT = 3
"""How often an end must be told alike before nobody asks any more."""

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries in vain: twice as long each time."""
    return min(timedelta(minutes=2 ** min(tries, 12)), LONGEST_PAUSE)


def take_status(order: InquiryOrder, told: Told, *, came_by: CameBy, now: datetime) -> None:
    """Enter a status that is proven to be the institution's, for this order (locked)."""
    status = told.status
    freeze = freeze_states.freeze_of(order)
    kept, is_new = _keep(order, told, came_by, now)
    if is_new or not kept.is_good:
        if (fault := _contradiction(order, kept, status, freeze)) is not None:
            if not _is_believed_now(order, kept, fault):
                _distrust(order, kept, fault, now)
                return
            tell(order.case, "corrected", key=f"corrected:{kept.pk}", now=now,
                 institution=order.institution.name, act=order.act)  # fmt: skip
            is_new = True
        kept.is_good, kept.reason, kept.detail = True, "", ""
    kept.as_of = max(filter(None, (kept.as_of, status.as_of)))
    if not _is_older(order, status):
        _apply(order, status, freeze, now=now, is_new=is_new)
        kept.applied_at = kept.applied_at or now
    kept.save()
    _next_step(order, kept, freeze, now)


def keep_bad(
    order: InquiryOrder, raw: Raw, reason: str, detail: str, came_by: CameBy, now: datetime
) -> None:
    """Keep what cannot be relied on, as it came, with why; tell the judge once."""
    digest = hashlib.sha256(raw.body).hexdigest()
    known = order.answers.filter(sha256=digest).first()
    if known is None and order.answers.filter(is_good=False).count() >= KEPT_BAD:
        known = order.answers.filter(is_good=False).order_by("-pk").first()
    if known is not None:
        known.times += 1
        known.save(update_fields=["times"])
        return
    InquiryAnswer.objects.create(
        order=order, sha256=digest, is_good=False, reason=reason, detail=detail[:500],
        **_as_it_came(raw, came_by, now),
    )  # fmt: skip
    tell(order.case, "bad_answer", key=f"bad:{order.pk}", now=now,
         institution=order.institution.name, act=order.act, reason=reason)  # fmt: skip
    record(Event.ANSWER_REJECTED, of=order, by=None, chain=order.case.number,
           act=order.act, reason=reason, sha256=digest)  # fmt: skip


def digest_of(status: Status) -> str:
    """SHA-256 of what a status says; when it was said does not make it another."""
    timeless = status.model_copy(update={"as_of": EPOCH})
    return hashlib.sha256(timeless.to_bytes()).hexdigest()


def _keep(
    order: InquiryOrder, told: Told, came_by: CameBy, now: datetime
) -> tuple[InquiryAnswer, bool]:
    """The row of what was said, and whether it is said for the first time."""
    status = told.status
    kept, is_new = InquiryAnswer.objects.get_or_create(
        order=order,
        sha256=digest_of(status),
        defaults={
            "is_good": True,
            "as_of": status.as_of,
            "fingerprints": [one.fingerprint for one in status.answers],
            **_as_it_came(told.raw, came_by, now),
        },
    )
    if not is_new:
        kept.times += 1
    return kept, is_new


def _as_it_came(raw: Raw, came_by: CameBy, now: datetime) -> dict[str, object]:
    """The bytes, and the headers and the exchange that their signature covers."""
    exchange = raw.exchange
    return {
        "raw": base64.b64encode(raw.body).decode("ascii"),
        "headers": {
            **raw.headers,
            "method": exchange.method,
            "path": exchange.path,
            "status": exchange.status,
        },
        "came_by": came_by,
        "came_at": now,
    }


def _contradiction(
    order: InquiryOrder, kept: InquiryAnswer, status: Status, freeze: Freeze | None
) -> str | None:
    """What in a status is not as the institution (or this court itself) said before."""
    before = (
        order.answers.filter(is_good=True)
        .exclude(pk=kept.pk)
        .order_by("-as_of", "-pk")
        .first()
    )
    if before is not None:
        pairs = zip(before.fingerprints, kept.fingerprints, strict=False)
        for part, (earlier, later) in enumerate(pairs, start=1):
            if earlier != later:
                return f"part {part} was told otherwise before"
    return freeze_states.wrong_limit(freeze, status)


def _is_believed_now(order: InquiryOrder, kept: InquiryAnswer, fault: str) -> bool:
    """Told twice alike a correction counts; a ceiling that is not ours never does."""
    return kept.times >= BELIEVED_AT and fault != freeze_states.NOT_OURS


def _distrust(order: InquiryOrder, kept: InquiryAnswer, fault: str, now: datetime) -> None:
    is_first = kept.is_good
    kept.is_good, kept.reason, kept.detail = False, Reason.CONTRADICTS, fault
    kept.save()
    order.tries += 1
    order.ask_at = now + (READ_BACK if is_first else pause(order.tries))
    order.save(update_fields=["tries", "ask_at"])
    if is_first:
        tell(order.case, "bad_answer", key=f"bad:{order.pk}", now=now, act=order.act,
             institution=order.institution.name, reason=Reason.CONTRADICTS)  # fmt: skip
        record(Event.ANSWER_REJECTED, of=order, by=None, chain=order.case.number,
               act=order.act, reason=Reason.CONTRADICTS, sha256=kept.sha256)  # fmt: skip


def _is_older(order: InquiryOrder, status: Status) -> bool:
    """By the institution's clock, and at one instant by how much was said."""
    if order.told_at is None:
        return False
    return (status.as_of, len(status.answers)) < (order.told_at, order.told_parts)


def _apply(
    order: InquiryOrder, status: Status, freeze: Freeze | None, *, now: datetime,
    is_new: bool,
) -> None:  # fmt: skip
    """Take the newest word over: state, then each answer's findings, then the freeze."""
    before, parts = order.state, order.told_parts
    order.state = InquiryState(status.state.value)
    order.told_at, order.told_parts = status.as_of, len(status.answers)
    if before != order.state or parts != order.told_parts:
        order.tries = 0
    if order.state in ENDED and order.finished_at is None:
        order.finished_at = now
    if is_new:
        for answer in status.answers:
            findings.take_answer(order, answer, now=now)
    freeze_states.take_freeze(order, freeze, status, now=now)
    if before != order.state or parts != order.told_parts:
        _tell_of_refusal(order, status, now)
        record(Event.INQUIRY_ANSWERED, of=order, by=None, chain=order.case.number,
               act=order.act, state=order.state, parts=order.told_parts)  # fmt: skip


def _tell_of_refusal(order: InquiryOrder, status: Status, now: datetime) -> None:
    refusal = status.answers[-1].refusal if status.answers else None
    if refusal is not None:
        tell(order.case, "refused", key=f"refused:{order.pk}", now=now, act=order.act,
             institution=order.institution.name, text=refusal.text,
             cite=refusal.cite)  # fmt: skip


def _next_step(
    order: InquiryOrder, kept: InquiryAnswer, freeze: Freeze | None, now: datetime
) -> None:
    """When to ask again: until the end was told often enough, and a freeze every day."""
    if order.state in ENDED and kept.times < SETTLED_AT:
        order.ask_at = now + (READ_BACK if kept.times == 1 else WATCH)
    elif order.state in ENDED:
        is_own = freeze is not None and order.act == Act.FREEZE
        if is_own and freeze is not None and freeze.state in WATCHED:
            order.ask_at = now + WATCH
        else:
            order.settled_at = now
    elif order.state == InquiryState.OBJECTED:
        order.ask_at = now + WATCH
    else:
        order.tries += 1
        order.ask_at = now + pause(order.tries)
    order.save(
        update_fields=[
            "state", "told_at", "told_parts", "tries", "ask_at", "finished_at",
            "settled_at",
        ]
    )  # fmt: skip

"""What a channel does with a transfer, whatever protocol it is asked in."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import Reason
from zhipo.gateways.payouts.sandbox.behaviour import (
    DIFFICULT,
    FOR_GOOD,
    Behaviour,
    Manner,
)
from zhipo.gateways.payouts.sandbox.book import OPEN, Book, Entry, State

CLOSING = timedelta(minutes=30)
"""After the payee's time is up a channel takes this long to close, and says so late."""

CALLBACKS = {
    Manner.CALLBACK_TWICE: (Manner.PROMPT, Manner.PROMPT),
    Manner.CALLBACK_NEVER: (),
    Manner.CALLBACK_FORGED: (Manner.CALLBACK_FORGED, Manner.PROMPT),
    Manner.CALLBACK_WRONG: (Manner.CALLBACK_WRONG, Manner.PROMPT),
}


class TurnedAway(ValueError):
    """The request is not taken; `reason` is told in the channel's own code."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Asked:
    """A transfer as it came in a request, name in clear."""

    reference: str
    fen: int
    payee: str
    payee_name: str
    remark: str
    callback_to: str
    batch: str = ""

    @property
    def fingerprint(self) -> str:
        content = (self.reference, self.fen, self.payee, self.payee_name, self.remark)
        return hashlib.sha256(repr(content).encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class Teller:
    """One channel's. `confirms` is how payees take their money: at once, or when told to
    by whoever runs the sandbox; a channel without `confirm_within` needs none of it.
    `difficult` is the share of transfers that the seed gives another manner than prompt.
    """

    channel: str
    seed: int
    limits: Limits
    confirms_at_once: bool = True
    difficult: float = DIFFICULT

    def behaviour(self, book: Book, reference: str) -> Behaviour:
        return book.behaviour(
            reference, seed=self.seed, channel=self.channel, difficult=self.difficult
        )

    def take(self, book: Book, asked: Asked, behaviour: Behaviour) -> Entry:
        """The transfer as it stands now; asked for again it is the same. TurnedAway."""
        now = book.now()
        known = book.find(asked.reference)
        if known is not None:
            if known.fingerprint != asked.fingerprint:
                raise TurnedAway(Reason.OTHER_TRANSFER)
            return known
        self._check(book, asked, behaviour, now)
        entry = self._entry(asked, behaviour, now)
        book.add_funds(-asked.fen)
        book.count(asked.fen, at=now, payee=asked.payee)
        book.add(entry)
        if self.limits.confirm_within is None:
            self.work_off(book)
        return book.find(asked.reference) or entry

    def enter_failed(self, book: Book, asked: Asked, reason: Reason) -> None:
        """Keep a transfer that is not taken, where it is told of in a file later."""
        now = book.now()
        entry = self._entry(asked, Behaviour(), now)
        book.add(replace(entry, state=State.TURNED_DOWN, cause=reason.value, due_at=None))

    def take_back(self, book: Book, entry: Entry) -> Entry:
        """Cancel what the payee has not confirmed. TurnedAway."""
        if entry.state is State.TAKEN_BACK:
            return entry
        if entry.state not in OPEN or entry.confirmed:
            raise TurnedAway(Reason.NOT_CANCELLABLE)
        now = book.now()
        book.move(entry, State.TAKEN_BACK, at=now)
        self._give_back(book, entry)
        self._tell(book, entry)
        return replace(entry, state=State.TAKEN_BACK, updated_at=now)

    def confirm(self, book: Book, entry: Entry) -> Entry:
        """The payee takes the money, in time. TurnedAway."""
        now = book.now()
        is_late = now >= entry.created_at + (self.limits.confirm_within or timedelta())
        if entry.state is not State.WITH_PAYEE or is_late:
            raise TurnedAway(Reason.NOT_TAKEN)
        book.confirm(entry, now=now)
        self.work_off(book)
        return book.find(entry.reference) or entry

    def work_off(self, book: Book) -> None:
        """Do everything that is due by the clock."""
        now = book.now()
        while due := book.due(now):
            for entry in due:
                self._happen(book, entry)

    def _check(self, book: Book, asked: Asked, behaviour: Behaviour, now: datetime) -> None:
        limits = self.limits
        if asked.fen < limits.min_fen:
            raise TurnedAway(Reason.BELOW_MINIMUM)
        if asked.fen > limits.max_fen:
            raise TurnedAway(Reason.ABOVE_MAXIMUM)
        if limits.needs_name(asked.fen) and not asked.payee_name:
            raise TurnedAway(Reason.NAME_MISSING)
        if any(window.covers(now) for window in limits.windows):
            raise TurnedAway(Reason.CLOSED_HOURS)
        self._check_caps(book, asked, behaviour, now)
        if book.funds_fen() < asked.fen:
            raise TurnedAway(Reason.NO_MONEY)

    def _check_caps(
        self, book: Book, asked: Asked, behaviour: Behaviour, now: datetime
    ) -> None:
        day, payee_day = self.limits.day_fen, self.limits.payee_day_fen
        is_shown = behaviour.manner is Manner.DAY_CAP
        if is_shown and book.shows(asked.reference, behaviour):
            raise TurnedAway(Reason.MERCHANT_CAP)
        if day is not None and book.tally_fen(now) + asked.fen > day:
            raise TurnedAway(Reason.MERCHANT_CAP)
        counted = book.tally_fen(now, asked.payee) + asked.fen
        if payee_day is not None and counted > payee_day:
            raise TurnedAway(Reason.PAYEE_CAP)

    def _entry(self, asked: Asked, behaviour: Behaviour, now: datetime) -> Entry:
        is_late = behaviour.manner is Manner.LATE
        needs_payee = self.limits.confirm_within is not None
        state = State.WITH_PAYEE if needs_payee and not is_late else State.TAKEN
        code = hashlib.sha256(f"{self.channel}:{asked.reference}".encode()).hexdigest()
        entry = Entry(
            reference=asked.reference,
            number=f"{now:%Y%m%d}{int(code[:15], 16):020d}",
            fingerprint=asked.fingerprint,
            fen=asked.fen,
            payee=asked.payee,
            payee_name=asked.payee_name,
            state=state,
            cause="",
            created_at=now,
            updated_at=now,
            package=code[16:48],
            callback_to=asked.callback_to,
            batch=asked.batch,
        )
        due_at = now + timedelta(hours=behaviour.hours) if is_late else now
        if state is State.WITH_PAYEE:
            due_at = self._next_for_payee(entry, behaviour, now)
        return replace(entry, due_at=due_at, confirmed=not needs_payee)

    def _next_for_payee(
        self, entry: Entry, behaviour: Behaviour, now: datetime
    ) -> datetime:
        """When the payee confirms, or else when the transfer is closed."""
        is_ready = self.confirms_at_once and behaviour.manner is not Manner.NEVER_CONFIRMS
        within = self.limits.confirm_within or timedelta()
        return now if is_ready else entry.created_at + within + CLOSING

    def _happen(self, book: Book, entry: Entry) -> None:
        """The next thing to happen to a transfer, at the moment it was due."""
        assert entry.due_at is not None
        at, behaviour = entry.due_at, self.behaviour(book, entry.reference)
        within = self.limits.confirm_within
        if entry.state is State.TAKEN and within is not None:
            following = self._next_for_payee(entry, behaviour, at)
            book.move(entry, State.WITH_PAYEE, at=at, due_at=following)
            return
        if within is not None and at >= entry.created_at + within and not entry.confirmed:
            book.move(entry, State.LAPSED, cause="expired", at=at)
            self._give_back(book, entry)
        elif behaviour.manner in FOR_GOOD:
            book.move(entry, State.TURNED_DOWN, cause=behaviour.manner, at=at)
            self._give_back(book, entry)
        else:
            book.move(entry, State.DONE, at=at)
            book.pay(entry, at=at)
        self._tell(book, entry)

    def _give_back(self, book: Book, entry: Entry) -> None:
        book.add_funds(entry.fen)
        book.count(-entry.fen, at=entry.created_at, payee=entry.payee)

    def _tell(self, book: Book, entry: Entry) -> None:
        """Post the end of a transfer, in the manner it meets."""
        if not entry.callback_to:
            return
        manner = self.behaviour(book, entry.reference).manner
        for one in CALLBACKS.get(manner, (Manner.PROMPT,)):
            book.post(entry.reference, one)

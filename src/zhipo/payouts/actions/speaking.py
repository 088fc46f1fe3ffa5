"""What is said to a channel about one order in its turn, and what follows from the answer.

Nothing here touches the database: several threads speak while one enters.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.payouts.channel import Channel
from zhipo.gateways.payouts.outcomes import (
    AskOutcome,
    Closed,
    Reason,
    Refused,
    Sent,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.transfers import Transfer
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.payouts.verdicts import Asked, Verdict, after_asking, after_sending, pause
from zhipo.payouts.work import Done, Outcome, Work
from zhipo.privacy.columns import Undecipherable

MARGIN = timedelta(seconds=30)
"""What is begun so shortly before its turn ends would be answered after it: left."""

UNREADABLE_AGAIN = timedelta(hours=1)
NOT_A_TRANSFER = "NotATransfer"
RUNNING = frozenset({ReleaseState.RELEASED, ReleaseState.DONE})
S = OrderState
Clock = Callable[[], datetime]
Said = TypeVar("Said")
logger = logging.getLogger(__name__)


class TurnOver(Exception):
    """The order's turn is all but over: another worker may speak for it soon."""


@dataclass
class Speaker:
    """One channel's requests, from several threads, no faster than it allows."""

    channel: Channel
    clock: Clock = utc_now
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0

    def turn(self, work: Work, until: datetime) -> Done | None:
        """Everything that one order needs now; None where its turn is all but over."""
        try:
            transfer = work.transfer()
        except ValueError:
            return _never_told(work, self.clock())
        except Undecipherable:
            logger.exception("the payee of order %s does not open", work.reference)
            return _unreadable(work, self.clock())
        try:
            return _Turn(self, work, transfer, until).taken()
        except TurnOver:
            return None

    def spoken(self, request: Callable[[], Said], until: datetime) -> Said | Unknown:
        """One request, not before the channel's speed allows it. Raises TurnOver."""
        self._wait_for_its_place()
        if self.clock() > until - MARGIN:
            raise TurnOver
        try:
            return request()
        except Exception as error:
            # A fault of our own client: the request may have left all the same, and the
            # other orders of the batch have their answers.
            logger.exception("a request to %s", self.channel.name)
            return Unknown(type(error).__name__)

    def _wait_for_its_place(self) -> None:
        speed = self.channel.limits.per_second
        if not speed:
            return
        with self.lock:
            begins = max(self.next_at, time.monotonic())
            self.next_at = begins + 1 / speed
        time.sleep(max(0.0, begins - time.monotonic()))


@dataclass(frozen=True)
class _Turn:
    """One order's turn: a few requests in their order."""

    speaker: Speaker
    work: Work
    transfer: Transfer
    until: datetime

    def taken(self) -> Done:
        """Raises TurnOver where nothing of it has been said yet."""
        work = self.work
        if work.before is S.PLANNED:
            return self._sent(())
        is_stopped = work.release_state is ReleaseState.STOPPED
        if is_stopped and work.before is S.WAITING_USER:
            return self._taken_back()
        return self._asked()

    def _sent(self, answers: tuple[tuple[Asked, Outcome], ...]) -> Done:
        """Send: for the first time, or after the channel has said that it has nothing."""
        work, channel = self.work, self.speaker.channel
        outcome = self.speaker.spoken(lambda: channel.send(self.transfer), self.until)
        verdict = after_sending(
            outcome, is_first=not answers, turn=work.turn, limits=channel.limits,
            now=self.speaker.clock(),
        )  # fmt: skip
        said = (*answers, (Asked.SEND, outcome))
        return Done(work, said, verdict, sent_again=bool(answers))

    def _asked(self) -> Done:
        """Ask; what the channel does not know is sent once more, if its release runs."""
        outcome = self._standing()
        asked = self._done(Asked.ASK, outcome)
        state = self.work.release_state
        try:
            if asked.verdict.is_to_send_again and state in RUNNING:
                return self._sent(asked.answers)
            if _lacks_package(self.work, outcome) and state is not ReleaseState.STOPPED:
                return self._with_package(asked)
        except TurnOver:
            pass  # what has been said already is entered
        return asked

    def _with_package(self, asked: Done) -> Done:
        """The answer to the first request was lost, and with it what the payee's client
        opens: the same transfer sent again is the same one, and has it.
        """
        channel = self.speaker.channel
        sent = self.speaker.spoken(lambda: channel.send(self.transfer), self.until)
        verdict = asked.verdict
        if isinstance(sent, Sent) and sent.told is not None:
            verdict = replace(verdict, package=sent.told.package or "")
        said = (*asked.answers, (Asked.SEND, sent))
        return Done(self.work, said, verdict, sent_again=True)

    def _taken_back(self) -> Done:
        """Of a stopped release: taken back where the payee has not confirmed."""
        channel = self.speaker.channel
        outcome = self.speaker.spoken(lambda: channel.cancel(self.transfer), self.until)
        if isinstance(outcome, Closed):
            return self._done(Asked.CANCEL, outcome)
        try:
            asked = self._asked()
        except TurnOver:
            return self._done(Asked.CANCEL, Unknown("TurnOver"))
        return replace(asked, answers=((Asked.CANCEL, outcome), *asked.answers))

    def _standing(self) -> AskOutcome:
        channel = self.speaker.channel
        return self.speaker.spoken(lambda: channel.ask(self.transfer), self.until)

    def _done(self, asked: Asked, outcome: AskOutcome) -> Done:
        verdict = after_asking(outcome, self.work.standing, now=self.speaker.clock())
        return Done(self.work, ((asked, outcome),), verdict)


def _lacks_package(work: Work, outcome: Outcome) -> bool:
    is_to_confirm = isinstance(outcome, Waiting) and outcome.must_confirm
    return is_to_confirm and not work.has_package


def _never_told(work: Work, now: datetime) -> Done:
    """No channel could be told this: it ends if it is new, else a person looks."""
    outcome = Refused(Reason.NOT_TAKEN, is_final=True, code=NOT_A_TRANSFER)
    if work.before is S.PLANNED:
        verdict = Verdict(S.FAILED, reason=Reason.NOT_TAKEN, at=now, is_fact=False)
    else:
        verdict = Verdict(work.state, now + pause(work.turn), reason=Ending.NO_WORD)
    return Done(work, ((Asked.SEND, outcome),), verdict)


def _unreadable(work: Work, now: datetime) -> Done:
    """The installation's key is another one: nothing is sent, and nothing ends by it."""
    state = S.PLANNED if work.before is S.PLANNED else work.state
    at = now + UNREADABLE_AGAIN
    return Done(work, (), Verdict(state, at, reason=Reason.NOT_TAKEN, is_fact=False))

"""One order's turn with a channel: which requests leave, and what follows from them."""

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import (
    Closed,
    ClosedBy,
    NotFound,
    Paid,
    Reason,
    Refused,
    Sent,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.transfers import PayeeKind
from zhipo.payouts.actions.driving import BATCH, at_once
from zhipo.payouts.actions.speaking import MARGIN, Speaker
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.payouts.verdicts import Asked
from zhipo.payouts.work import Done, Work
from zhipo.privacy.columns import encrypt

S, R = OrderState, ReleaseState
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=3)
WAITS = Waiting(must_confirm=True, until=NOW + timedelta(hours=24))
WITH_PACKAGE = replace(WAITS, package="opens")


@dataclass
class Scripted:
    """Answers what a test has put down for each request, and keeps which ones came."""

    answers: dict[str, Any]
    limits: Limits = field(default_factory=Limits)
    requests: list[str] = field(default_factory=list)
    name = ChannelName.WECHAT

    def __getattr__(self, name: str) -> Any:
        if name not in ("send", "ask", "cancel"):
            raise AttributeError(name)

        def request(_: Any) -> Any:
            self.requests.append(name)
            answer = self.answers[name]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return request


def work(**given: Any) -> Work:
    values: dict[str, Any] = {
        "order": 1, "turn": 2, "before": S.SENDING, "release_state": R.RELEASED,
        "tries": 1, "confirm_until": None, "has_package": False,
        "channel": ChannelName.WECHAT, "reference": "A" * 32, "fen": 27_188, "part": 0,
        "claim_number": "A-001-001", "payee_kind": PayeeKind.WECHAT_OPENID,
        "sealed": (encrypt("oPayee1"), encrypt("张三丰"), b""),
    }  # fmt: skip
    return Work(**(values | given))


def turn(channel: Scripted, *, now: datetime = NOW, **given: Any) -> Done | None:
    speaker = Speaker(channel, lambda: now)  # type: ignore[arg-type]
    return speaker.turn(work(**given), UNTIL)


def said(done: Done | None) -> list[Asked]:
    assert done is not None
    return [asked for asked, _ in done.answers]


def test_what_is_planned_is_sent_and_what_was_sent_is_asked_about() -> None:
    channel = Scripted({"send": Sent("N"), "ask": Paid(at=NOW, number="N")})

    assert said(turn(channel, before=S.PLANNED)) == [Asked.SEND]
    assert said(turn(channel)) == [Asked.ASK]
    assert channel.requests == ["send", "ask"]


@pytest.mark.parametrize("state", [R.RELEASED, R.DONE, R.PAUSED, R.STOPPED])
def test_what_is_not_found_is_sent_again_if_its_release_runs(state: ReleaseState) -> None:
    channel = Scripted({"ask": NotFound(), "send": Sent("N", WITH_PACKAGE)})

    done = turn(channel, release_state=state)

    assert done is not None
    is_running = state in (R.RELEASED, R.DONE)
    assert channel.requests == (["ask", "send"] if is_running else ["ask"])
    assert done.sent_again is is_running
    assert done.verdict.state is (S.WAITING_USER if is_running else S.SENDING)


def test_lost_package_is_fetched_once_and_changes_nothing_else() -> None:
    channel = Scripted({"ask": WAITS, "send": Sent("N", WITH_PACKAGE)})

    done = turn(channel, before=S.WAITING_USER)
    again = turn(channel, before=S.WAITING_USER, has_package=True)

    assert done is not None
    assert (done.verdict.state, done.verdict.package) == (S.WAITING_USER, "opens")
    assert done.verdict.confirm_until == WAITS.until
    assert said(again) == [Asked.ASK]


@pytest.mark.parametrize(
    "answer", [Unknown("ReadTimeout"), Refused(Reason.NO_SUCH_ACCOUNT, is_final=True)]
)
def test_failure_to_fetch_the_package_leaves_the_order_waiting(answer: Any) -> None:
    done = turn(Scripted({"ask": WAITS, "send": answer}), before=S.WAITING_USER)

    assert done is not None
    assert (done.verdict.state, done.verdict.package) == (S.WAITING_USER, "")


def test_of_a_stopped_release_what_waits_for_its_payee_is_taken_back() -> None:
    closed = Closed(by=ClosedBy.CANCELLATION, at=NOW)
    given: dict[str, Any] = {"before": S.WAITING_USER, "release_state": R.STOPPED}

    done = turn(Scripted({"cancel": closed}), **given)
    late = Scripted({"cancel": Refused(Reason.NOT_CANCELLABLE, True),
                     "ask": Paid(at=NOW, number="N")})  # fmt: skip
    too_late = turn(late, **given)

    assert done is not None
    assert done.verdict.reason == Ending.TAKEN_BACK
    assert said(too_late) == [Asked.CANCEL, Asked.ASK]
    assert too_late is not None
    assert too_late.verdict.state is S.PAID


@pytest.mark.parametrize("before", [S.PLANNED, S.SENDING])
def test_fault_of_the_client_is_an_unknown_outcome(before: OrderState) -> None:
    broken = Scripted({"send": RuntimeError("a fault"), "ask": KeyError("a fault")})

    done = turn(broken, before=before)

    assert done is not None
    assert isinstance(done.answers[0][1], Unknown)
    assert (done.verdict.state, done.verdict.reason) == (S.SENDING, Ending.NO_WORD)


@pytest.mark.parametrize("before", [S.PLANNED, S.SENDING, S.WAITING_USER])
def test_nothing_is_said_in_a_turn_that_is_all_but_over(before: OrderState) -> None:
    channel = Scripted({"send": Sent("N"), "ask": NotFound()})

    late = UNTIL - MARGIN + timedelta(seconds=1)

    assert turn(channel, before=before, now=late) is None
    assert channel.requests == []


def test_what_no_channel_takes_ends_if_it_was_never_sent() -> None:
    unfit = (encrypt("an account with spaces"), b"", b"")
    channel = Scripted({})

    new, known = turn(channel, before=S.PLANNED, sealed=unfit), turn(channel, sealed=unfit)

    assert new is not None
    assert (new.verdict.state, new.verdict.is_fact) == (S.FAILED, False)
    assert known is not None
    assert known.verdict.state is S.SENDING


def test_payee_that_does_not_open_is_neither_sent_nor_ended() -> None:
    foreign = (b"\x00" * 40, b"", b"")

    done = turn(Scripted({}), before=S.PLANNED, sealed=foreign)

    assert done is not None
    assert (done.verdict.state, done.answers) == (S.PLANNED, ())


def test_requests_are_no_faster_than_the_channel_allows() -> None:
    channel = Scripted({"ask": NotFound()}, Limits(per_second=20))
    speaker = Speaker(channel, lambda: NOW)  # type: ignore[arg-type]

    begun = time.monotonic()
    for _ in range(5):
        speaker.turn(work(release_state=R.PAUSED), UNTIL)

    assert time.monotonic() - begun >= 4 / 20


def test_a_slow_channel_is_given_no_more_than_fits_into_a_turn() -> None:
    assert at_once(Limits(per_second=1), BATCH) == 30
    assert at_once(Limits(per_second=100), BATCH) == BATCH
    assert at_once(Limits(), BATCH) == BATCH

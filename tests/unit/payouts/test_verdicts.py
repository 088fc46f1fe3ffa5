"""What follows from an answer, for each state an order can be in; nothing is guessed."""

from datetime import UTC, datetime, timedelta

import pytest

from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import (
    Closed,
    ClosedBy,
    Failed,
    NotFound,
    Paid,
    Reason,
    Refused,
    Sent,
    Unknown,
    Waiting,
)
from zhipo.payouts.states import CLOSED, MOVES, Ending, OrderState
from zhipo.payouts.verdicts import (
    AFTER_CLOSING,
    LONGEST,
    Standing,
    Verdict,
    after_asking,
    after_sending,
    contradicts,
    may_move,
    pause,
)

S = OrderState
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
LIMITS = Limits()
PAID = Paid(at=NOW, number="N1")
LAPSED = Closed(by=ClosedBy.EXPIRY, at=NOW)


def asked(outcome: object, state: OrderState = S.SENDING, turn: int = 1) -> Verdict:
    return after_asking(outcome, Standing(state, turn), now=NOW)  # type: ignore[arg-type]


def sent(outcome: object, *, is_first: bool = True, turn: int = 1) -> Verdict:
    return after_sending(
        outcome,
        is_first=is_first,
        turn=turn,
        limits=LIMITS,
        now=NOW,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (PAID, S.PAID, ""),
        (Failed(Reason.WRONG_NAME), S.FAILED, Reason.WRONG_NAME),
        (Failed(Reason.RETURNED), S.RETURNED, Reason.RETURNED),
        (LAPSED, S.RETURNED, Ending.EXPIRED),
        (Closed(by=ClosedBy.CANCELLATION), S.RETURNED, Ending.TAKEN_BACK),
    ],
)
def test_only_the_word_of_the_channel_ends_an_order(
    outcome: object, state: OrderState, reason: str
) -> None:
    verdict = asked(outcome)

    assert (verdict.state, verdict.reason, verdict.ask_at) == (state, reason, None)
    assert verdict.is_fact


@pytest.mark.parametrize("outcome", [NotFound(), Unknown("ReadTimeout"), Waiting()])
@pytest.mark.parametrize("state", [S.SENDING, S.WAITING_USER])
def test_whatever_is_no_end_is_asked_again(outcome: object, state: OrderState) -> None:
    verdict = asked(outcome, state)

    assert verdict.state is state
    assert verdict.ask_at is not None
    assert verdict.ask_at > NOW


def test_what_is_not_found_is_sent_again_only_while_it_is_being_sent() -> None:
    assert asked(NotFound(), S.SENDING).is_to_send_again
    assert not asked(NotFound(), S.WAITING_USER).is_to_send_again
    assert not asked(Unknown("x"), S.SENDING).is_to_send_again


def test_turns_are_further_apart_each_time_and_a_few_hours_at_most() -> None:
    pauses = [pause(turn) for turn in range(20)]

    assert pauses == sorted(pauses)
    assert pauses[1] == timedelta(seconds=40)
    assert pauses[-1] == LONGEST


def test_an_order_that_waits_for_its_payee_is_asked_about_a_few_times_a_day() -> None:
    until, now, turn = NOW + timedelta(hours=24), NOW, 2
    while now < until + AFTER_CLOSING:
        waiting = Waiting(must_confirm=True, until=until)
        verdict = after_asking(waiting, Standing(S.WAITING_USER, turn), now=now)
        assert verdict.ask_at is not None
        now, turn = verdict.ask_at, turn + 1

    assert turn < 20
    assert now <= until + LONGEST + AFTER_CLOSING


@pytest.mark.parametrize(
    ("refused", "state"),
    [
        (Refused(Reason.NO_SUCH_ACCOUNT, is_final=True), S.FAILED),
        (Refused(Reason.TOO_OFTEN, is_final=False), S.PLANNED),
        (Refused(Reason.OTHER_TRANSFER, is_final=True), S.SENDING),
    ],
)
def test_refusal_of_the_only_request_leaves_nothing_with_the_channel(
    refused: Refused, state: OrderState
) -> None:
    verdict = sent(refused)

    assert verdict.state is state
    assert verdict.is_fact is (state is S.SENDING)


def test_refusal_for_now_of_a_second_request_leaves_the_first_one_open() -> None:
    assert sent(Refused(Reason.TOO_OFTEN, False), is_first=False).state is S.SENDING


def test_refusal_for_good_ends_what_the_channel_does_not_know() -> None:
    verdict = sent(Refused(Reason.ACCOUNT_CLOSED, True), is_first=False)

    assert (verdict.state, verdict.is_fact) == (S.FAILED, False)


def test_unknown_outcome_of_a_request_is_asked_about() -> None:
    verdict = sent(Unknown("ReadTimeout"))

    assert (verdict.state, verdict.reason) == (S.SENDING, Ending.NO_WORD)


def test_answer_to_a_request_never_says_that_it_is_paid() -> None:
    assert sent(Sent("N1")).state is S.SENDING
    waits = Waiting(must_confirm=True, until=NOW, package="p")
    assert sent(Sent("N1", waits)).state is S.WAITING_USER


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("to", list(S))
def test_moves_are_those_of_the_table(state: OrderState, to: OrderState) -> None:
    assert may_move(state, Verdict(to)) == (to == state or to in MOVES[state])


@pytest.mark.parametrize("state", [S.PLANNED, *sorted(CLOSED)])
def test_payment_of_what_has_ended_or_was_turned_away_contradicts(
    state: OrderState,
) -> None:
    assert contradicts(state, asked(PAID))


@pytest.mark.parametrize("outcome", [Failed(Reason.RISK), LAPSED])
def test_end_of_what_has_arrived_contradicts_and_moves_nothing(outcome: object) -> None:
    assert contradicts(S.PAID, asked(outcome))
    assert not may_move(S.PAID, asked(outcome))


def test_what_has_arrived_may_be_returned_by_the_payees_bank() -> None:
    verdict = asked(Failed(Reason.RETURNED))

    assert may_move(S.PAID, verdict)
    assert not contradicts(S.PAID, verdict)


def test_refusal_of_a_request_contradicts_nothing() -> None:
    assert not contradicts(S.PAID, sent(Refused(Reason.RISK, True)))

"""Whatever the channels do: nothing is believed paid that is not, nothing is paid twice."""

import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from integration.gateways.payout_ground import (
    ENDS,
    ONLINE,
    PayoutGround,
    lay_payout_ground,
    make_transfer,
)
from zhipo.gateways.payouts.outcomes import NotFound, Paid, Told
from zhipo.gateways.payouts.sandbox.behaviour import OF_FILES, Behaviour, Manner
from zhipo.gateways.payouts.transfers import Transfer

MANNERS = [one for one in Manner if one not in OF_FILES]
ROUNDS = 60

behaviours = st.builds(
    Behaviour,
    manner=st.sampled_from(MANNERS),
    hours=st.integers(1, 100),
    times=st.integers(1, 4),
)
orders = st.lists(st.tuples(st.sampled_from(ONLINE), behaviours), min_size=1, max_size=6)
acts = st.lists(
    st.tuples(
        st.sampled_from(["send", "ask", "cancel", "post", "wait", "wait_a_day"]),
        st.integers(0, 5),
    ),
    max_size=25,
)


@settings(max_examples=80, deadline=None)
@given(orders=orders, acts=acts)
def test_nothing_is_told_paid_that_the_book_does_not_show(
    orders: list[tuple[str, Behaviour]], acts: list[tuple[str, int]]
) -> None:
    with tempfile.TemporaryDirectory() as home:
        ground = lay_payout_ground(Path(home))
        transfers = [planned(ground, channel, how) for channel, how in orders]
        for act, place in acts:
            do(ground, act, transfers[place % len(transfers)])
            check_heard(ground)
        for transfer in transfers:
            settle(ground, transfer)
        check_heard(ground)
        check_books(ground, transfers)


def test_seed_draws_every_manner_and_a_patient_payer_has_the_truth(tmp_path: Path) -> None:
    ground = lay_payout_ground(tmp_path, seed=20250603)
    transfers = [make_transfer(channel) for _ in range(120) for channel in ONLINE]

    for transfer in transfers:
        ground.send(transfer)
    ends = Counter(type(settle(ground, transfer)).__name__ for transfer in transfers)

    check_books(ground, transfers)
    assert set(ends) == {"Paid", "Failed", "Closed"}
    assert ends["Paid"] > 120


def planned(ground: PayoutGround, channel: str, behaviour: Behaviour) -> Transfer:
    transfer = make_transfer(channel)
    with ground.made[channel].front.books.opened() as book:
        book.set_behaviour(behaviour, transfer.reference)
    return transfer


def do(ground: PayoutGround, act: str, transfer: Transfer) -> None:
    if act == "send":
        ground.send(transfer)
    elif act == "ask":
        check_told(ground, transfer, ground.ask(transfer))
    elif act == "cancel":
        ground.channel(transfer).cancel(transfer)
    elif act == "post":
        ground.post()
    else:
        ground.pass_time(hours=24 if act == "wait_a_day" else 1)


def settle(ground: PayoutGround, transfer: Transfer) -> object:
    """As a payer does it: ask; send what the channel does not know; wait."""
    for _ in range(ROUNDS):
        outcome = ground.ask(transfer)
        check_told(ground, transfer, outcome)
        if isinstance(outcome, ENDS):
            return outcome
        if isinstance(outcome, NotFound):
            ground.send(transfer)
        else:
            ground.pass_time(hours=7)
    raise AssertionError(f"{transfer.reference} has no end: {outcome}")


def check_told(ground: PayoutGround, transfer: Transfer, outcome: object) -> None:
    """An end that is told is in the book, to the fen, and stays."""
    paid = ground.paid(ground.name(transfer))
    if isinstance(outcome, Paid):
        assert paid.get(transfer.reference) == transfer.fen
    elif isinstance(outcome, ENDS):
        assert transfer.reference not in paid


def check_heard(ground: PayoutGround) -> None:
    for told in ground.heard:
        if isinstance(told, Told):
            check_told(ground, ground.sent[told.reference], told.outcome)


def check_books(ground: PayoutGround, transfers: list[Transfer]) -> None:
    """The channel's book is ours to the fen, and what was not paid is in its account."""
    for channel in ONLINE:
        ours = [one for one in transfers if ground.name(one) == channel]
        believed = {
            one.reference: one.fen for one in ours if isinstance(ground.ask(one), Paid)
        }
        book = ground.control(channel, "book")
        assert ground.paid(channel) == believed
        started_with = book["funds_fen"] + sum(believed.values())
        assert started_with == 10**13

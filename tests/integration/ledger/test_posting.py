"""A case's book: balanced, immutable, once for a key."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from zhipo.ledger.kinds import AccountKind
from zhipo.ledger.models import Entry, Transaction
from zhipo.ledger.posting import (
    KeyTaken,
    Movement,
    Unbalanced,
    open_account,
    post,
    post_all,
)
from zhipo.ledger.queries import balance_fen, trial_balance

BOOK = "（2025）湘0302破3号"
DAY = date(2025, 9, 1)
CHART = {
    "bank": AccountKind.BANK,
    "pool:general": AccountKind.POOL,
    "claims:consumer": AccountKind.CLAIMS,
    "in_transit": AccountKind.IN_TRANSIT,
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _chart(db: None) -> None:
    for code, kind in CHART.items():
        open_account(BOOK, code, kind, title=code)


def movement(key: str = "money-in-1", fen: int = 500, **given: object) -> Movement:
    values = {"act": "money_in", "value_on": DAY, "reference": "B-1", **given}
    return Movement(key, lines={"bank": fen, "pool:general": -fen}, **values)  # type: ignore[arg-type]


def test_a_movement_adds_to_where_money_lies_and_to_whose_it_is() -> None:
    post(BOOK, movement(fen=500), by=None)
    post(BOOK, Movement("plan-1", "plan", {"pool:general": 200, "claims:consumer": -200},
                        DAY), by=None)  # fmt: skip

    found = {line.code: line.balance_fen for line in trial_balance(BOOK)}
    assert found == {
        "bank": 500,
        "pool:general": 300,
        "claims:consumer": 200,
        "in_transit": 0,
    }
    assert balance_fen(BOOK, "pool:general") == 300


def test_the_same_movement_again_is_the_one_that_is_there() -> None:
    one, other = post(BOOK, movement(), by=None), post(BOOK, movement(), by=None)

    assert one == other
    assert Entry.objects.count() == 2


@pytest.mark.parametrize("change", [
    {"fen": 501}, {"reference": "B-2"}, {"act": "fund"}, {"value_on": date(2025, 9, 2)},
])  # fmt: skip
def test_the_same_key_with_another_content_is_refused(change: dict[str, object]) -> None:
    post(BOOK, movement(), by=None)

    with pytest.raises(KeyTaken), transaction.atomic():
        post(BOOK, movement(**change), by=None)  # type: ignore[arg-type]
    assert Transaction.objects.count() == 1


@pytest.mark.parametrize("lines", [
    {}, {"bank": 5}, {"bank": 5, "pool:general": -4}, {"bank": 0, "pool:general": 0},
])  # fmt: skip
def test_what_does_not_balance_is_refused(lines: dict[str, int]) -> None:
    with pytest.raises(Unbalanced):
        post(BOOK, Movement("x", "x", lines, DAY), by=None)
    assert not Transaction.objects.exists()


def test_many_are_posted_all_or_none() -> None:
    wrong = Movement("b", "x", {"bank": 1, "nowhere": -1}, DAY)

    with pytest.raises(KeyError, match="nowhere"):
        post_all(BOOK, [movement("a"), wrong], by=None)
    assert not Transaction.objects.exists()


def test_the_past_stands_as_it_was() -> None:
    post(BOOK, movement("a", 100), by=None)
    before = timezone.now()
    post(BOOK, movement("b", 50), by=None)

    assert balance_fen(BOOK, "bank", at=before) == 100
    assert balance_fen(BOOK, "bank", at=before - timedelta(days=1)) == 0
    assert {line.balance_fen for line in trial_balance(BOOK, at=before)} == {100, 0}


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_entry SET fen = fen + 1",
    "DELETE FROM ledger_entry",
    "UPDATE ledger_transaction SET note = 'x'",
    "DELETE FROM ledger_transaction",
])  # fmt: skip
def test_what_is_written_cannot_be_changed(statement: str) -> None:
    post(BOOK, movement(), by=None)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def _commit(write: Callable[[], object]) -> None:
    """What the deferred triggers say, as if it were committed now."""
    with transaction.atomic():
        write()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_itself_refuses_what_does_not_balance() -> None:
    posted = post(BOOK, movement(), by=None)
    account = posted.entries.first().account  # type: ignore[union-attr]

    def bare() -> None:
        Transaction.objects.create(
            book=BOOK, key="bare", input_sha256="", act="x", value_on=DAY,
            posted_at=timezone.now(),
        )  # fmt: skip

    def one_sided() -> None:
        bare()
        row = Transaction.objects.get(key="bare")
        Entry.objects.create(transaction=row, account=account, fen=5)

    for write, said in ((bare, "moves nothing"), (one_sided, "sum to 5 fen")):
        with pytest.raises((DatabaseError, IntegrityError), match=said):
            _commit(write)


def test_an_entry_of_another_book_is_refused() -> None:
    posted = post(BOOK, movement(), by=None)
    other = open_account("（2025）他1号", "bank", AccountKind.BANK, title="bank")

    with pytest.raises(DatabaseError, match="another book"), transaction.atomic():
        Entry.objects.create(transaction=posted, account=other, fen=1)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(CHART)), st.sampled_from(sorted(CHART)),
                          st.integers(1, 10**15)), max_size=12))  # fmt: skip
def test_every_trial_balance_is_equal_on_both_sides(
    moves: list[tuple[str, str, int]],
) -> None:
    with transaction.atomic():
        movements = [
            Movement(f"m-{number}", "x", {one: fen, other: -fen}, DAY)
            for number, (one, other, fen) in enumerate(moves)
            if one != other
        ]
        post_all(BOOK, movements, by=None)
        lines = trial_balance(BOOK)
        transaction.set_rollback(True)

    assert sum(line.debit_fen for line in lines) == sum(line.credit_fen for line in lines)

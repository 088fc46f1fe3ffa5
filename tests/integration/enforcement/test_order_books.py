"""Order books: sealed as handed in, counted, refused whole, known again."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from factories import make_staff
from factories_memos import NOW, make_insolvent
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.claims.policies.books import BookRefused
from zhipo.enforcement.actions import order_books as acts
from zhipo.enforcement.actions.order_books import HandedIn
from zhipo.enforcement.identification.facts import FactKey
from zhipo.enforcement.models import Debtor, OrderBook
from zhipo.enforcement.policies.memos import BadOrders
from zhipo.enforcement.queries.facts import ground_of
from zhipo.enforcement.states import Stage
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
HEAD = "order_id,buyer_id,at,fen\n"
ORDERS = HEAD + "".join(
    f"O{i},{buyer},{at},100\n"
    for i, (buyer, at) in enumerate(
        [
            ("A", "2025-10-20T10:00:00"),
            ("A", "2025-10-22T10:00:00"),
            ("B", "2025-03-01T10:00:00"),
            ("C", "2025-09-30T10:00:00"),
        ]
    )
)


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, home=tmp_path)
    )


@pytest.fixture
def debtor(court: Organisation) -> Debtor:
    return make_insolvent(court)


def add(
    debtor: Debtor, by: Any, content: str = ORDERS, name: str = "orders.csv"
) -> OrderBook:
    file = SimpleUploadedFile(name, content.encode("utf-8"))
    return acts.add_order_book(
        debtor_id=debtor.pk, handed=HandedIn(file, "某电商平台"), now=NOW, by=by
    )


def files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def test_an_order_book_is_sealed_counted_and_recorded(
    debtor: Debtor, judge: User, tmp_path: Path
) -> None:
    book = add(debtor, judge)

    assert (book.rows, book.buyers, book.active_buyers, book.repeat_buyers) == (4, 3, 2, 1)
    kept = tmp_path / "files" / book.path
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == book.sha256
    entry = Entry.objects.get(event=Event.ORDER_BOOK_ADDED)
    assert (entry.detail["buyers"], entry.chain) == (3, f"debtor/{debtor.slug}")
    known = ground_of(debtor).known
    assert known[FactKey.BUYERS].value == 3
    assert known[FactKey.POINTS_REPEAT_RATE].value == 10
    assert known[FactKey.POINTS_ACTIVE_BUYERS].value == 15


def test_the_same_file_again_is_the_same_book(
    debtor: Debtor, judge: User, tmp_path: Path
) -> None:
    assert add(debtor, judge) == add(debtor, judge, name="again.csv")
    assert len(files(tmp_path)) == 1
    assert Entry.objects.filter(event=Event.ORDER_BOOK_ADDED).count() == 1


@pytest.mark.parametrize(
    ("content", "name", "refusal"),
    [
        (HEAD + "O1,A,yesterday,100\n", "orders.csv", BadOrders),
        ("order_id,at\nO1,2025-01-01T00:00:00\n", "orders.csv", BadOrders),
        (HEAD, "orders.csv", BadOrders),
        (ORDERS, "orders.exe", BookRefused),
        ("%PDF-1.4", "orders.csv", BookRefused),
    ],
)
def test_a_bad_file_is_refused_whole(
    debtor: Debtor, judge: User, tmp_path: Path, content: str, name: str, refusal: type
) -> None:
    with pytest.raises(refusal):
        add(debtor, judge, content, name)

    assert files(tmp_path) == []
    assert not OrderBook.objects.exists()


def test_only_a_judge_adds_one(debtor: Debtor, court: Organisation, tmp_path: Path) -> None:
    clerk = make_staff(Role.COURT_CLERK, court)

    with pytest.raises(NotAllowed):
        add(debtor, clerk)
    assert files(tmp_path) == []


def test_too_late_once_accepted(debtor: Debtor, judge: User) -> None:
    debtor.stage = Stage.ACCEPTED
    debtor.save()

    with pytest.raises(NotInState):
        add(debtor, judge)


def test_a_failing_audit_undoes_it(
    debtor: Debtor, judge: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(acts, "record", fail)

    with pytest.raises(RuntimeError):
        add(debtor, judge)
    assert files(tmp_path) == []
    assert not OrderBook.objects.exists()


def test_the_book_that_reaches_furthest_counts(debtor: Debtor, judge: User) -> None:
    add(debtor, judge)
    older = HEAD + "O1,Z,2024-01-01T00:00:00,1\n"
    add(debtor, judge, older, "older.csv")

    assert ground_of(debtor).known[FactKey.BUYERS].value == 3

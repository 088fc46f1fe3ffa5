"""Payment files for the bank go out once, and what comes back is held against them."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from factories import make_staff
from factories_payouts import (
    Paying,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
)
from integration.gateways.test_payout_bank_desk import Desk, lay_desk
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.chart import BANK, IN_TRANSIT, claims_of
from zhipo.gateways.payouts.bank.batch import Batch
from zhipo.gateways.payouts.bank.layout import FileFormat
from zhipo.gateways.payouts.sandbox.behaviour import Manner
from zhipo.gateways.payouts.sandbox.spoken import Request
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.actions import bank_files
from zhipo.payouts.actions.bank_files import content_of, make_bank_file, read_bank_return
from zhipo.payouts.actions.releasing import pause_release, stop_release
from zhipo.payouts.models import BankFile, Order, Release
from zhipo.payouts.queries.orders import as_work
from zhipo.payouts.states import Ending, OrderState, ReleaseState
from zhipo.privacy.columns import encrypt
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wechat")]
S = OrderState
SUMS = (30_000, 20_000, 10_000)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return lay_desk(tmp_path)


@pytest.fixture
def paying() -> Paying:
    return make_paying(*SUMS, channel=PayoutChannel.BANK)


@pytest.fixture
def release(paying: Paying) -> Release:
    return make_released(paying)


def make(release: Release, paying: Paying) -> BankFile:
    made = make_bank_file(release_id=release.pk, by=paying.people.cashier)
    assert made is not None
    return made


def returned(made: BankFile, desk: Desk) -> bytes:
    """What the bank's desk gives back for a file that was handed in."""
    content = content_of(made).content
    path = f"/files/{made.number}"
    assert desk.made.answer(Request("POST", path, {}, content)).status == 200
    return desk.made.answer(Request("GET", f"{path}/return", {}, b"")).body


def read(made: BankFile, content: bytes, paying: Paying) -> BankFile:
    return read_bank_return(bank_file_id=made.pk, content=content, by=paying.people.cashier)


def test_a_file_holds_every_order_and_puts_it_on_its_way(
    release: Release, paying: Paying
) -> None:
    made = make(release, paying)

    assert (made.orders_count, made.fen) == (3, sum(SUMS))
    assert {one.state for one in orders_of(release)} == {S.SENDING}
    book = paying.case.number
    assert balance_fen(book, IN_TRANSIT) == sum(SUMS)
    assert balance_fen(book, claims_of("consumer")) == 0
    text = content_of(made).content.decode("utf-8-sig")
    assert all(one.reference in text for one in orders_of(release))
    assert content_of(made, kind=FileFormat.XLSX).content.startswith(b"PK")
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["sha256"]) == ("bank_file_made", made.sha256)


def test_what_comes_back_is_entered_row_by_row(
    release: Release, paying: Paying, desk: Desk
) -> None:
    made = make(release, paying)
    first, *others = orders_of(release)
    desk.behave(Manner.ACCOUNT_CLOSED, first.reference)

    made = read(made, returned(made, desk), paying)

    assert made.faults == []
    first.refresh_from_db()
    assert (first.state, first.reason) == (S.FAILED, "account_closed")
    assert all(one.state == S.PAID for one in orders_of(release) if one != first)
    book = paying.case.number
    assert balance_fen(book, IN_TRANSIT) == 0
    assert balance_fen(book, BANK) == 10_000_000 - sum(one.fen for one in others)
    release.refresh_from_db()
    assert release.state == ReleaseState.DONE


def test_the_same_file_again_changes_nothing(
    release: Release, paying: Paying, desk: Desk
) -> None:
    made = make(release, paying)
    content = returned(made, desk)
    read(made, content, paying)

    with nothing_changes():
        read(made, content, paying)


def test_rows_that_are_missing_or_changed_are_named_and_change_nothing(
    release: Release, paying: Paying, desk: Desk
) -> None:
    made = make(release, paying)
    first, second, third = orders_of(release)
    lines = returned(made, desk).decode("utf-8-sig").splitlines()
    changed = [
        line.replace("100.00", "100.01") if first.reference in line else line
        for line in lines
        if second.reference not in line
    ]

    made = read(made, "\n".join(changed).encode("utf-8-sig"), paying)

    found = dict(made.faults)
    assert found[first.reference] == "changed_sum"
    assert found[second.reference] == "missing_row"
    assert found[""] == "wrong_total"
    states = {one.pk: one.state for one in orders_of(release)}
    assert states == {first.pk: S.SENDING, second.pk: S.SENDING, third.pk: S.PAID}


def test_a_later_file_tells_of_what_came_back_after_it_was_credited(
    release: Release, paying: Paying, desk: Desk
) -> None:
    made = make(release, paying)
    content = returned(made, desk)
    read(made, content, paying)
    first = orders_of(release)[0]
    text = content.decode("utf-8-sig").splitlines()
    later = [_bounced(line) if first.reference in line else line for line in text]

    read(made, "\n".join(later).encode("utf-8-sig"), paying)

    first.refresh_from_db()
    assert (first.state, first.reason) == (S.RETURNED, "returned")
    book = paying.case.number
    assert balance_fen(book, claims_of("consumer")) == first.fen
    assert balance_fen(book, BANK) == 10_000_000 - sum(SUMS) + first.fen


def test_a_credit_after_a_failure_is_held_and_not_paid_again(
    release: Release, paying: Paying, desk: Desk
) -> None:
    made = make(release, paying)
    content = returned(made, desk)
    first = orders_of(release)[0]
    text = content.decode("utf-8-sig").splitlines()
    failed = [_bounced(line) if first.reference in line else line for line in text]
    read(made, "\n".join(failed).encode("utf-8-sig"), paying)

    read(made, content, paying)

    first.refresh_from_db()
    assert first.reason == Ending.CONTRADICTED
    with refused(NotInState, "nothing_due"):
        make_prepared(paying)


def test_something_else_is_no_return(release: Release, paying: Paying) -> None:
    made = make(release, paying)

    for content in (
        b"",
        b"\x00\xff",
        "序号,金额\n1,2\n".encode(),
        content_of(made).content,
    ):
        with refused(NotInState, "not_a_return"):
            read(made, content, paying)


def test_what_no_bank_takes_ends_with_its_reason() -> None:
    paying = make_paying(30_000, channel=PayoutChannel.BANK)
    release = make_released(paying)
    put_account(release, "=1+1")

    assert make_bank_file(release_id=release.pk, by=paying.people.cashier) is None

    (order,) = orders_of(release)
    assert order.state == S.FAILED
    assert order.reason
    assert AuditEntry.objects.latest("position").event == "orders_settled"


def test_a_file_that_would_be_another_is_not_handed_out(
    release: Release, paying: Paying
) -> None:
    made = make(release, paying)
    BankFile.objects.filter(pk=made.pk).update(sha256="0" * 64)
    made.refresh_from_db()

    with refused(NotInState, "file_changed"):
        content_of(made)


def test_nothing_is_put_into_two_files(release: Release, paying: Paying) -> None:
    make(release, paying)

    with refused(NotInState, "nothing_for_bank"):
        make(release, paying)


def test_what_is_due_later_waits_for_its_own_file(release: Release, paying: Paying) -> None:
    later = timezone.localdate() + timedelta(days=90)
    first = orders_of(release)[0]
    Order.objects.filter(pk=first.pk).update(due_on=later)
    assert make(release, paying).orders_count == 2
    with refused(NotInState, "nothing_for_bank"):
        make(release, paying)

    on_its_day = make_bank_file(
        release_id=release.pk, by=paying.people.cashier,
        now=timezone.now() + timedelta(days=90),
    )  # fmt: skip

    assert on_its_day is not None
    assert on_its_day.fen == first.fen


def test_a_contradicted_order_goes_into_no_file(release: Release, paying: Paying) -> None:
    held = orders_of(release)[0]
    Order.objects.filter(pk=held.pk).update(reason=Ending.CONTRADICTED)

    assert make(release, paying).orders_count == 2


@pytest.mark.parametrize("state", sorted(set(ReleaseState) - {ReleaseState.RELEASED}))
def test_a_file_is_made_of_a_release_that_runs(
    release: Release, paying: Paying, state: ReleaseState
) -> None:
    Release.objects.filter(pk=release.pk).update(state=state)

    with refused(NotInState, "release_state"):
        make(release, paying)


def test_a_return_is_read_whatever_became_of_the_release(
    release: Release, paying: Paying, desk: Desk
) -> None:
    made = make(release, paying)
    content = returned(made, desk)
    pause_release(release_id=release.pk, why="核对", by=paying.people.lead)
    stop_release(release_id=release.pk, why="核对", by=paying.people.lead)

    read(made, content, paying)

    assert {one.state for one in orders_of(release)} == {S.PAID}


def test_the_cashier_alone_handles_files(release: Release, paying: Paying) -> None:
    people = paying.people
    stranger = make_staff(Role.ADMINISTRATOR_CASHIER)
    others = (people.lead, people.reviewer, people.judge, people.clerk, stranger)
    for other in others:
        with refused(NotAllowed):
            make_bank_file(release_id=release.pk, by=other)
    made = make(release, paying)
    for other in others:
        with refused(NotAllowed):
            read_bank_return(bank_file_id=made.pk, content=b"x", by=other)


def test_a_failing_record_undoes_the_file_and_its_return(
    release: Release, paying: Paying, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing_record(monkeypatch, bank_files):
        make(release, paying)
    made = make(release, paying)
    content = returned(made, desk)
    with failing_record(monkeypatch, bank_files):
        read(made, content, paying)


def test_the_files_rows_are_the_orders(release: Release, paying: Paying) -> None:
    made = make(release, paying)

    batch = Batch(made.number, tuple(as_work(one).transfer() for one in orders_of(release)))

    assert batch.fen == made.fen


def _bounced(line: str) -> str:
    cells = line.split(",")
    cells[5], cells[6] = "失败", "收款行退汇"
    return ",".join(cells)


def put_account(release: Release, account: str) -> None:
    """An account that was on the books before anybody looked at it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE payouts_order SET payee_account = %s WHERE release_id = %s",
            [encrypt(account), release.pk],
        )
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")

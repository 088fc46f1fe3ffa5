"""The audit trail: written with the act, chained, never changed."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from factories import make_case
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.audit.trail import NotInTransaction, chains, first_broken_link, record

CHAIN = "（2026）测1号"
REFUSE_TRUNCATE = next(
    f"{statement};"
    for statement in import_module("zhipo.audit.migrations.0002_chain").FORWARD.split(";")
    if "CREATE TRIGGER audit_refuse_truncate" in statement
)
"""As the migration has it; tests/conftest.py takes it away for the others."""


def write(count: int) -> None:
    case = make_case()
    for number in range(count):
        with transaction.atomic():
            record(Event.CASE_OPENED, of=case, by=None, chain=CHAIN, number=number)


@pytest.mark.django_db
def test_record_links_each_entry_to_the_one_before() -> None:
    write(3)

    entries = list(Entry.objects.filter(chain=CHAIN).order_by("position"))

    assert [entry.position for entry in entries] == [1, 2, 3]
    assert entries[1].previous_hash == entries[0].hash
    assert entries[2].previous_hash == entries[1].hash
    assert first_broken_link(CHAIN) is None


@pytest.mark.django_db(transaction=True)
def test_record_outside_of_a_transaction_is_refused() -> None:
    case = make_case()

    with pytest.raises(NotInTransaction):
        record(Event.CASE_OPENED, of=case, by=None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET event = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ],
)
def test_entries_cannot_be_changed(statement: str) -> None:
    write(1)
    with connection.cursor() as cursor:
        cursor.execute(REFUSE_TRUNCATE)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tampering", "position", "reason"),
    [
        ("UPDATE audit_entry SET event = 'x' WHERE position = 2", 2, "changed"),
        ("DELETE FROM audit_entry WHERE position = 2", 2, "missing"),
        ("DELETE FROM audit_entry WHERE position = 4", 4, "cut off"),
        (
            "UPDATE audit_entry SET position = 5 - position - 9 WHERE position IN (2, 3);"
            "UPDATE audit_entry SET position = position + 9 WHERE position < 0",
            2,
            "does not follow",
        ),
        ("DELETE FROM audit_chainhead", 5, "cut off"),
    ],
)
def test_tampering_by_the_owner_is_found(
    tampering: str, position: int, reason: str
) -> None:
    write(4)

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse")
        cursor.execute(tampering)
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_refuse")
    broken = first_broken_link(CHAIN)

    assert broken is not None
    assert (broken.position, broken.reason) == (position, reason)
    assert CHAIN in chains()

"""The application's own role adds to the trail and can do nothing else to it."""

import pytest
from django.db import DatabaseError, connection, transaction

from factories import make_case
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.audit.trail import first_broken_link, record
from zhipo.cases.models import Case
from zhipo.web.database_role import APPLICATION

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Case:
    """A case with one entry, and from then on the application's role."""
    made = make_case()
    record(Event.CASE_OPENED, of=made, by=None, chain=made.number)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {APPLICATION}")
    return made


def test_application_records_and_its_entries_are_linked(case: Case) -> None:
    record(Event.PHASE_CHANGED, of=case, by=None, chain=case.number)

    assert first_broken_link(case.number) is None
    assert Entry.objects.filter(chain=case.number).count() == 2


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE audit_entry SET event = 'x'", "permission denied"),
        ("DELETE FROM audit_entry", "permission denied"),
        ("TRUNCATE audit_entry", "permission denied"),
        ("UPDATE audit_chainhead SET position = 0", "permission denied"),
        ("DELETE FROM audit_chainhead", "permission denied"),
        ("INSERT INTO audit_chainhead VALUES ('x', 0, '')", "permission denied"),
        ("ALTER TABLE audit_entry DISABLE TRIGGER audit_refuse", "must be owner"),
        ("DROP TRIGGER audit_link ON audit_entry", "must be owner"),
        ("DROP TABLE audit_entry CASCADE", "must be owner"),
        (f"SELECT audit_let_in('{APPLICATION}')", "permission denied"),
    ],
)
def test_application_cannot_alter_the_trail(case: Case, statement: str, why: str) -> None:
    with (
        pytest.raises(DatabaseError, match=why),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert first_broken_link(case.number) is None


def test_application_works_on_every_other_table(case: Case) -> None:
    kept = {"audit_entry", "audit_chainhead", "django_migrations"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT ("
            " has_table_privilege(%s, oid, 'SELECT')"
            " AND has_table_privilege(%s, oid, 'INSERT')"
            " AND has_table_privilege(%s, oid, 'UPDATE')"
            " AND has_table_privilege(%s, oid, 'DELETE'))",
            [APPLICATION] * 4,
        )
        shut = {name for (name,) in cursor.fetchall()}

    assert shut == kept


def test_application_never_links_an_entry_itself(case: Case) -> None:
    Entry.objects.create(
        chain=case.number, position=9, at="2026-01-01T00:00+08:00", event="x", actor="x",
        role="", subject="x", hash="f" * 64,
    )  # fmt: skip

    assert first_broken_link(case.number) is None
    assert Entry.objects.get(chain=case.number, event="x").position == 2

"""More parameters than PostgreSQL takes beside a statement are no error anywhere."""

import pytest
from django.db import connection

from zhipo.accounts.models import User
from zhipo.web.cursors import MOST_PARAMETERS

pytestmark = pytest.mark.django_db
NAMES = "姓名 100% 'O''Brien' \\ %s"


def test_people_are_made_in_one_statement_however_many() -> None:
    """Fourteen columns of five thousand people are more parameters than are taken."""
    fields = len(User._meta.concrete_fields) - 1
    count = MOST_PARAMETERS // fields + 2
    people = [User(login=f"crowd-{number}", name=NAMES) for number in range(count)]

    User.objects.bulk_create(people)

    made = User.objects.filter(login__startswith="crowd-")
    assert made.count() == count
    first = made.first()
    assert first is not None
    assert first.name == NAMES


@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_list_is_looked_for_on_both_sides_of_the_limit(over: int) -> None:
    User.objects.create(login="crowd-1")
    wanted = [f"crowd-{number}" for number in range(MOST_PARAMETERS + over)]

    assert User.objects.filter(login__in=wanted).count() == 1


def test_few_parameters_still_go_beside_the_statement() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text || '%%'", ["a' OR 1=1 --"])

        assert cursor.fetchone() == ("a' OR 1=1 --%",)
        assert b"$1" in cursor.cursor._query.query

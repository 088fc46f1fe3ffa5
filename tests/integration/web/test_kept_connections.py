"""A kept connection is looked at before a request; only a doubtful one is asked."""

from collections.abc import Iterator
from contextlib import closing
from select import select
from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
WORD_COMES_WITHIN = 10.0
"""Seconds: the server sends a notification when it comes to it."""


@pytest.fixture
def kept() -> Iterator[Any]:
    """A connection beside the test's own, as a process keeps one between requests."""
    other = connection.copy()
    other.connect()
    yield other
    other.close()


def test_one_that_is_well_is_not_asked(kept: Any) -> None:
    before = _statements(kept)

    assert kept.is_usable()

    assert _statements(kept) == before


def test_one_whose_server_has_ended_is_found_out(kept: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [_process(kept)])

    assert not kept.is_usable()


def test_one_with_word_from_the_server_is_asked_and_stays(kept: Any) -> None:
    """The server tells of a setting that it has read anew: no reason to hang up."""
    with kept.cursor() as cursor:
        cursor.execute("LISTEN word")
    with closing(connection.copy()) as another, another.cursor() as cursor:
        cursor.execute("NOTIFY word")
    readable, _, _ = select([kept.connection.fileno()], [], [], WORD_COMES_WITHIN)
    assert readable
    before = _statements(kept)

    assert kept.is_usable()

    assert _statements(kept) != before


def test_one_that_was_hung_up_or_never_opened_is_not_usable(kept: Any) -> None:
    kept.connection.close()

    assert not kept.is_usable()
    assert not connection.copy().is_usable()


def _process(kept: Any) -> int:
    return int(kept.connection.info.backend_pid)


def _statements(kept: Any) -> Any:
    """When the server has last begun a statement of the connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_clear_snapshot(), query_start FROM pg_stat_activity"
            " WHERE pid = %s",
            [_process(kept)],
        )
        return cursor.fetchone()[1]

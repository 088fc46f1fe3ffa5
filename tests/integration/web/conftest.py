"""One of everything, made once for a module; what a test does to it is undone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from integration.web.addresses import World, make_world


@pytest.fixture(scope="module")
def whole(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world of the table of doors; each test works in a savepoint on top of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)

"""Which role the application works under: one that cannot alter what is on record.

Migrations run as the owner of the tables. Afterwards the process signs in anew as the role
of `DATABASE_APPLICATION_URL`; on the embedded server that is `zhipo_app`. On a server of
your own without that address the application stays who it is.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, connections
from psycopg.conninfo import conninfo_to_dict, make_conninfo

APPLICATION = "zhipo_app"
ADDRESS = "DATABASE_APPLICATION_URL"
PLACES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST",
          "port": "PORT"}  # fmt: skip

_owner: dict[str, str] = {}


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the owner of the tables; if that did not fail, then as the application."""
    if _owner:
        _sign_in(_owner)
    yield
    become_application()


def become_application() -> None:
    """Sign in as the application from now on, in this process. Again changes nothing."""
    if not _owner:
        held = connection.settings_dict
        _owner.update({key: str(held[name]) for key, name in PLACES.items()})
    address = _application_address()
    if address is not None:
        _sign_in({key: str(value) for key, value in conninfo_to_dict(address).items()})


def _application_address() -> str | None:
    """Where the application signs in; None where it stays who it is."""
    given = os.environ.get(ADDRESS, "")
    if given or settings.ENVIRONMENT.database_url:
        return given or None
    server = {key: value for key, value in _owner.items() if value}
    return make_conninfo(**(server | {"user": APPLICATION}))


def _sign_in(to: dict[str, str]) -> None:
    wanted = {name: to.get(key, "") for key, name in PLACES.items()}
    held = connection.settings_dict
    if wanted.items() <= held.items():
        return
    connections.close_all()
    held.update(wanted)

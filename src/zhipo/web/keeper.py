"""A web process ends with the one that keeps it, however that one ended."""

import multiprocessing
import os
import signal
import time
from threading import Thread

FINISHING_SECONDS = 10
"""For requests under way; what takes longer is broken off."""


def end_with_keeper() -> None:
    """Have this process end once the one that started it is gone.

    A keeper that was killed could not end anybody: its processes would go on answering
    at the port, unwatched, and no new `zhipo serve` could take their place. Does nothing
    in a process that nobody keeps.
    """
    keeper = multiprocessing.parent_process()
    if keeper is not None and keeper.pid is not None:
        Thread(target=_follow, args=(keeper.pid,), daemon=True).start()


def _follow(keeper: int, *, every_seconds: float = 0.5) -> None:
    """Wait until somebody else is the parent: the system gives orphans another one."""
    while os.getppid() == keeper:
        time.sleep(every_seconds)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(FINISHING_SECONDS)
    os._exit(1)

"""Ctrl-C and requests to end: heard once, at any point, and nothing half-made stays.

An interruption may arrive between the making of a folder and the block that removes it, or
inside a library that turns it into an error of its own. So what is begun is written down
before it is made, and whoever ends the command asks here whether it was told to.
"""

import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENDING = (signal.SIGINT, signal.SIGTERM)
_begun: set[Path] = set()
_told: list[int] = []


def listen() -> None:
    """Count SIGTERM as Ctrl-C; the first of either is heard, the others are not."""
    for number in ENDING:
        signal.signal(number, _stop)


def is_told_to_stop() -> bool:
    """Whether somebody has asked this process to end."""
    return bool(_told)


@contextmanager
def begun(path: Path) -> Iterator[Path]:
    """A file or folder that is only there while the block runs; the block makes it."""
    _begun.add(path)
    try:
        yield path
    finally:
        _remove(path)
        _begun.discard(path)


@contextmanager
def undisturbed() -> Iterator[None]:
    """A few renames that are done all or not at all: who asks to end waits for them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_nothing() -> None:
    """Remove whatever was begun and not finished."""
    for path in list(_begun):
        _remove(path)
        _begun.discard(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _stop(number: int, _frame: object) -> None:
    for one in ENDING:
        signal.signal(one, signal.SIG_IGN)
    _told.append(number)
    raise KeyboardInterrupt

"""Ctrl-C and requests to end: heard at any point, and nothing half-made stays.

An interruption may arrive between the making of a folder and the block that removes it, or
inside a library that turns it into an error of its own. So what is begun is written down
before it is made, and whoever ends the command asks here whether it was told to.
"""

import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENDING = (signal.SIGINT, signal.SIGTERM)
_begun: set[Path] = set()
_told: list[int] = []
_held: list[bool] = []


def listen() -> None:
    """Count SIGTERM as Ctrl-C."""
    for number in ENDING:
        signal.signal(number, _stop)
    sys.unraisablehook = _told_of


def is_told_to_stop() -> bool:
    """Whether somebody has asked this process to end."""
    return bool(_told)


def go_on() -> None:
    """Raise KeyboardInterrupt if an interruption was swallowed on its way here.

    Python drops what is raised while it collects garbage or calls back from a library.
    """
    if _told:
        raise KeyboardInterrupt


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
    """A few renames that are done all or not at all: who asks to end waits for them.

    A signal mask would not do: it holds for one thread, and the engine has others.
    """
    _held.append(True)
    try:
        yield
    finally:
        _held.pop()
    go_on()


def leave_nothing() -> None:
    """Remove whatever was begun and not finished, undisturbed by another Ctrl-C."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    for path in list(_begun):
        _remove(path)
        _begun.discard(path)


def _told_of(dropped: "sys.UnraisableHookArgs") -> None:
    """What Python drops it tells with a trace; of an interruption there is no need to."""
    if not issubclass(dropped.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(dropped)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _stop(number: int, _frame: object) -> None:
    _told.append(number)
    if not _held:
        raise KeyboardInterrupt

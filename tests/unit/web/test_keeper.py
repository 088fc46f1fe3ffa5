"""A kept process ends with its keeper; one that nobody keeps goes on."""

import os
import signal
import subprocess
import sys
import time

import psutil

from zhipo.web import keeper

KEEPER = """
import multiprocessing, os, signal, sys, time
from zhipo.web import keeper

def kept(deaf):
    if deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        keeper.FINISHING_SECONDS = 0.5
    keeper.end_with_keeper()
    time.sleep(60)

one = multiprocessing.get_context("fork").Process(target=kept, args=("deaf" in sys.argv,))
one.start()
print(one.pid, flush=True)
time.sleep(60)
"""


def kept_by(*given: str) -> tuple["subprocess.Popen[str]", psutil.Process]:
    """A keeper, and the process that it keeps."""
    first = subprocess.Popen(
        [sys.executable, "-c", KEEPER, *given], stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    return first, psutil.Process(int(first.stdout.readline()))


def is_gone(process: psutil.Process, seconds: float) -> bool:
    gone, _ = psutil.wait_procs([process], timeout=seconds)
    return bool(gone)


def test_process_ends_when_its_keeper_was_killed() -> None:
    first, kept = kept_by()

    first.kill()
    first.wait()

    assert is_gone(kept, 10)


def test_process_that_does_not_hear_is_ended_all_the_same() -> None:
    first, kept = kept_by("deaf")

    first.kill()
    first.wait()

    assert is_gone(kept, 10)


def test_process_stays_while_its_keeper_lives() -> None:
    first, kept = kept_by()

    try:
        assert not is_gone(kept, 1.5)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
        is_gone(kept, 10)


def test_process_that_nobody_keeps_is_left_alone() -> None:
    keeper.end_with_keeper()
    time.sleep(0.1)

    assert psutil.pid_exists(os.getpid())

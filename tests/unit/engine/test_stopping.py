"""What is begun is gone, whatever ends its block, and renames are not torn apart."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhipo.engine import stopping


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a command; the process's own handlers are back afterwards."""
    before = {number: signal.getsignal(number) for number in stopping.ENDING}
    monkeypatch.setattr(stopping, "_told", [])
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    stopping.listen()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_begun_folder_is_gone_after_its_block(tmp_path: Path) -> None:
    with stopping.begun(tmp_path / "part") as part:
        part.mkdir()
        (part / "file").write_text("x")

    assert list(tmp_path.iterdir()) == []


def test_begun_file_that_took_another_name_stays(tmp_path: Path) -> None:
    with stopping.begun(tmp_path / "part") as part:
        part.write_text("x")
        part.rename(tmp_path / "whole")

    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


@pytest.mark.usefixtures("listening")
def test_what_was_begun_without_its_block_is_left_to_nobody(tmp_path: Path) -> None:
    """An interruption between the making and the block: the block never began."""
    block = stopping.begun(tmp_path / "part")
    part = block.__enter__()
    part.mkdir()

    stopping.leave_nothing()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("listening")
def test_interruption_that_was_swallowed_is_heard_at_the_next_step() -> None:
    with contextlib.suppress(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(1)

    assert stopping.is_told_to_stop()
    with pytest.raises(KeyboardInterrupt):
        stopping.go_on()


@pytest.mark.usefixtures("listening")
def test_request_to_end_waits_for_what_is_undisturbed() -> None:
    done = []

    def both() -> None:
        with stopping.undisturbed():
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.05)
            done.append("whole")
        done.append("never")

    with pytest.raises(KeyboardInterrupt):
        both()

    assert done == ["whole"]

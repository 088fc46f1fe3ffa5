"""Who is spoken to: a channel that keeps what it was sent, or sandboxes as processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from factories_payouts import FakeChannel, speak_to
from integration.payouts.worker_ground import WorkerGround, worker_ground
from zhipo.payouts import channels


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> FakeChannel:
    """The installation speaks to WeChat alone."""
    channel = FakeChannel()
    speak_to(monkeypatch, channel)
    return channel


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerGround]:
    """The installation speaks to sandboxes of the test's own."""
    with worker_ground(tmp_path) as made:
        monkeypatch.setattr(channels, "spoken", made.channel)
        yield made

"""`zhipo sandbox institutions`: runs until interrupted, takes its processes along."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from integration.gateways.institution_ground import PARTIES, query_at
from ports import free_ports
from zhipo.gateways.institutions.client import CourtClient, Received, Told
from zhipo.gateways.institutions.keys import read_directory, read_private_key

COMMAND = (sys.executable, "-m", "zhipo.cli", "sandbox", "institutions")


@contextmanager
def running(*options: str) -> Iterator[tuple["subprocess.Popen[str]", list[str]]]:
    """The command, with the lines it has printed until it was ready."""
    process = subprocess.Popen(
        [*COMMAND, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip())
            if "Ctrl-C" in line:
                break
        yield process, lines
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_institutions_serve_what_is_printed_and_end_with_the_command(
    tmp_path: Path, number: signal.Signals
) -> None:
    base = str(free_ports(len(PARTIES)))
    with running("--port-base", base, "--home", str(tmp_path)) as (process, lines):
        settings = dict(line.split("=", 1) for line in lines if line.startswith("ZHIPO_"))
        addresses = re.findall(r"http://127\.0\.0\.1:\d+", "\n".join(lines))
        children = psutil.Process(process.pid).children()
        key = read_private_key("court-yuhu", settings)
        client = CourtClient(key, read_directory(settings))
        order = query_at("wallet-blue")

        assert isinstance(client.send(order), Received)
        assert isinstance(client.ask(order), Told)
        assert len(addresses) == len(PARTIES) == len(children)
        os.kill(process.pid, number)
        process.wait(30)
        gone, alive = psutil.wait_procs(children, timeout=10)

    assert alive == []
    assert len(gone) == len(PARTIES)
    for address in addresses:
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{address}/sandbox/book", trust_env=False)


@pytest.mark.parametrize(
    "options",
    [("--plan", "nothing.json"), ("--court", "court-nobody=http://127.0.0.1:1")],
)
def test_plan_that_cannot_be_read_is_refused_in_words(
    tmp_path: Path, options: tuple[str, str]
) -> None:
    ended = subprocess.run(
        [*COMMAND, "--home", str(tmp_path / "home"), *options],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert ended.stderr.strip()
    assert not (tmp_path / "home").exists()

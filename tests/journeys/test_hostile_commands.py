"""Commands under hostile hands: exit 2 or 130, faults named, outputs whole or absent."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

LEDGER_HEADER = "event_id,holder_id,at,kind,fen\n"
CLAIMS_HEADER = "claim_id,holder_id,claimed_fen,filed_at\n"
ZHIPO = (sys.executable, "-m", "zhipo.cli")


def zhipo(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [*ZHIPO, *map(str, arguments)]
    environment = {**os.environ, **more}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment
    )


@pytest.fixture
def books(tmp_path: Path) -> Path:
    """A folder with a ledger and claims that are in order."""
    write_books(tmp_path, holders=3)
    return tmp_path


def write_books(folder: Path, holders: int) -> None:
    events = (f"E{i},H{i},2025-01-0{1 + i % 9},top_up,{i + 1}\n" for i in range(holders))
    claims = (f"C{i},H{i},{i + 1},2025-10-01\n" for i in range(holders))
    (folder / "ledger.csv").write_text(LEDGER_HEADER + "".join(events))
    (folder / "claims.csv").write_text(CLAIMS_HEADER + "".join(claims))


def review_of(books: Path, *more: str, out: Path | None = None) -> list[str]:
    return [
        "review",
        *("--ledger", str(books / "ledger.csv"), "--claims", str(books / "claims.csv")),
        *("--accepted-on", "2025-09-01", "--out", str(out or books / "out"), *more),
    ]


def faults_in(folder: Path) -> list[dict[str, str]]:
    with (folder / "errors.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--accepted-on", "0001-01-01"),
        ("--accepted-on", "20250901"),
        ("--accepted-on", "2025-02-30"),
        ("--tolerance-fen", "-1"),
        ("--tolerance-fen", "99999999999999999999"),
        ("--engine", "abacus"),
    ],
)
def test_an_option_out_of_bounds_is_a_fault(books: Path, option: str, value: str) -> None:
    ended = zhipo(*review_of(books, option, value))

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    [fault] = faults_in(books / "out")
    assert (fault["column"], fault["value"]) == (option, value)
    assert [path.name for path in (books / "out").iterdir()] == ["errors.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps such names")
def test_a_file_whose_name_is_no_text_is_a_fault(books: Path) -> None:
    odd = books / os.fsdecode(b"ledger\xff.csv")
    odd.write_text(LEDGER_HEADER + "E,H,2025-01-01,top_up,1\n")

    ended = zhipo(*review_of(books, "--ledger", str(odd)))

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert faults_in(books / "out")[0]["file"] == r"ledger\udcff.csv"


def test_out_may_not_be_a_file(books: Path) -> None:
    (books / "out").write_text("mine")

    ended = zhipo(*review_of(books))

    assert ended.returncode == 2
    assert (books / "out").read_text() == "mine"
    assert sorted(path.name for path in books.iterdir()) == [
        "claims.csv",
        "ledger.csv",
        "out",
    ]


def test_what_stands_in_out_stays_and_old_faults_go(books: Path) -> None:
    out = books / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    (out / "errors.csv").write_text("file,row,column,value,message\n")

    assert zhipo(*review_of(books)).returncode == 0

    assert sorted(path.name for path in out.iterdir()) == [
        "decisions.csv",
        "inputs.json",
        "mine.txt",
        "summary.json",
        "unfiled.csv",
    ]


def test_a_reader_that_has_seen_enough_is_no_fault(books: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)

    ended = subprocess.run(
        [*ZHIPO, *review_of(books)], stdout=write_end, stderr=subprocess.PIPE, check=False
    )
    os.close(write_end)

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert (books / "out" / "decisions.csv").exists()


def test_spark_without_java_says_so(books: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "bash").symlink_to("/bin/bash")

    ended = zhipo(*review_of(books, "--engine", "spark"), PATH=str(tools), JAVA_HOME="")

    assert ended.returncode == 2
    assert "Java 17" in faults_in(books / "out")[0]["message"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a small disk needs root on Linux")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_nothing_half_written(small_disk: Path, tmp_path: Path) -> None:
    write_books(tmp_path, holders=50_000)

    ended = zhipo(*review_of(tmp_path, out=small_disk / "out"))

    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    assert [path.name for path in small_disk.iterdir()] == ["out"]
    assert [path.name for path in (small_disk / "out").iterdir()] == ["errors.csv"]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after_seconds", [0.0, 0.3, 0.6])
def test_an_interruption_leaves_nothing(
    tmp_path: Path, sent: signal.Signals, after_seconds: float
) -> None:
    write_books(tmp_path, holders=400_000)
    out = tmp_path / "results" / "out"
    with subprocess.Popen(
        [*ZHIPO, *review_of(tmp_path, out=out)], stderr=subprocess.PIPE, text=True
    ) as running:
        while not (out.parent.exists() and list(out.parent.iterdir())):
            time.sleep(0.01)
        time.sleep(after_seconds)
        running.send_signal(sent)
        _, told = running.communicate(timeout=30)

    assert running.returncode == 130
    assert "Traceback" not in told
    assert not out.parent.exists() or list(out.parent.iterdir()) == []

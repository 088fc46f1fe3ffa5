"""`zhipo demo-web`, small: from the first freeze to the last payment, then once more."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ports import free_ports
from surroundings import plain_environment

ZHIPO = Path(sys.executable).with_name("zhipo")
CONSUMERS = 150
PORTS = 10
"""The web's, three channels', six institutions'."""


@pytest.fixture(scope="module")
def port() -> int:
    return free_ports(PORTS)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "out"


@pytest.fixture(scope="module")
def told(home: Path, port: int) -> str:
    """What the first run prints."""
    return run(home, port, "zh")


def run(out: Path, port: int, lang: str) -> str:
    command = [ZHIPO, "demo-web", "--out", out, "--consumers", str(CONSUMERS), "--port",
               str(port), "--by-http", "5", "--no-serve", "--lang", lang]  # fmt: skip
    # The demonstration has a home and a server of its own, whatever the tests have.
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=plain_environment()
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout


def verified(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [str(one) for one in (ZHIPO, "verify", *arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def row(told: str, label: str) -> list[str]:
    """The cells of the printed line that begins with `label`."""
    found = re.search(rf"^│ {re.escape(label)} .*$", told, re.M)
    assert found, label
    return [cell.strip() for cell in found[0].strip("│").split("│")]


def test_the_case_ends_with_its_creditors_paid_and_all_books_agree(told: str) -> None:
    paid = row(told, "足额到账的债权人")[1]
    agreed = told[told.index(" 核对 ") : told.index("zhipo verify /")]

    reached, due = map(int, re.findall(r"(\d+) / (\d+)", paid)[0])
    assert 0 < reached <= due
    assert agreed.count("│ 是 ") == 10
    assert "否（" not in agreed


def test_the_consumers_rate_is_beside_the_papers(told: str) -> None:
    _, here, elsewhere = row(told, "消费者清偿率")

    assert re.fullmatch(r"\d\d\.\d\d %", here)
    assert "31 %" in elsewhere


def test_what_is_published_can_be_checked_without_the_database(
    told: str, home: Path
) -> None:
    folder = home / "web"
    statement = json.loads((folder / "published/statement.json").read_text("utf-8"))

    whole = verified(folder / "published")
    own = verified(
        folder / "proof.json", "--statement", folder / "published/statement.json"
    )

    assert (whole.returncode, own.returncode) == (0, 0), whole.stderr + own.stderr
    assert statement["root"] in whole.stdout
    assert statement["root"][:40] in told


def test_a_proof_of_a_fen_more_is_found_out(told: str, home: Path, tmp_path: Path) -> None:
    proof = json.loads((home / "web/proof.json").read_text("utf-8"))
    line = proof["line"]
    line["paid_fen"] = str(int(line["paid_fen"]) + 1)
    changed = tmp_path / "proof.json"
    changed.write_text(json.dumps(proof), encoding="utf-8")

    assert verified(changed).returncode == 1


def test_a_second_run_pays_nobody_again(told: str, home: Path, port: int) -> None:
    again = run(home, port, "en")

    assert "Planted wrongs" not in again
    first = row(told, "每笔到账平均发送次数")[1]
    assert row(again, "requests per payment")[1] == first

"""A small distribution with everything in it, published once per test session."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhipo.engine.distribute.run import distribute
from zhipo.engine.proofs.publishing import publish

REGISTER = [
    ("E-1", "expense", 40_000, "confirmed"),
    ("P-1", "employee", 90_000, "confirmed"),
    ("S-1", "secured", 300_000, "confirmed"),
    ("S-2", "secured", 77_777, "confirmed"),
    *[(f"A-{i:03}", "consumer", 1_000 + 977 * i, "confirmed") for i in range(90)],
    ("A-900", "consumer", 33_333, "provisional"),
    *[(f"B-{i}", "ordinary", 500_000 + 13 * i, "confirmed") for i in range(5)],
    ("X-1", "punitive", 10_000, "confirmed"),
]
PLAN = {
    "law_date": "2025-10-22",
    "claims": "claims.csv",
    "pools": [
        {"id": "general", "fen": 1_000_001},
        {"id": "lien", "fen": 200_003, "secures": ["S-1", "S-2"]},
        {
            "id": "premium",
            "fen": 50_007,
            "first_to": ["consumer"],
            "basis": "SETTLEMENT",
            "evidence": "和解协议第四条",
        },
    ],
    "overlay": {"basis": "PLAN_SMALL_CLASS", "evidence": "第二次债权人会议决议"},
    "small_claims": {"mode": "tiered", "ceiling_fen": 20_000},
    "instalments": 3,
}


def distribution(folder: Path, register: list[tuple[Any, ...]], plan: Any) -> Path:
    """The folder of a distribution of `register` by `plan`."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("claim_id", "class", "fen", "state"), *register])
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    distribute(folder / "plan.json", folder / "payments")
    return folder / "payments"


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """secret.hex and bundle/ of the small distribution: not to be changed."""
    folder = tmp_path_factory.mktemp("published")
    payments = distribution(folder, REGISTER, PLAN)
    secret = folder / "secret.hex"
    publish(payments, folder / "bundle", secret_file=secret, case="（2025）湘0302破3号")
    return folder


@pytest.fixture
def copied(published_once: Path, tmp_path: Path) -> Path:
    """A bundle to tamper with."""
    return Path(shutil.copytree(published_once / "bundle", tmp_path / "bundle"))


@pytest.fixture
def rewrite(copied: Path) -> Callable[[str, Callable[[Any], Any]], Path]:
    """Change a JSON file of the copied bundle by a function."""

    def change(name: str, by: Callable[[Any], Any]) -> Path:
        content = json.loads((copied / name).read_text(encoding="utf-8"))
        by(content)
        (copied / name).write_text(json.dumps(content), encoding="utf-8")
        return copied

    return change

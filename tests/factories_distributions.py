"""A small distribution with everything in it, and the making of others."""

import csv
import json
from pathlib import Path
from typing import Any

from zhipo.engine.distribute.run import distribute

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

"""From a distribution to what is published of it, and the secret that stays behind."""

import csv
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from zhipo.engine import intake
from zhipo.engine.distribute.liens import receipts
from zhipo.engine.distribute.plan import Plan, read_plan
from zhipo.engine.inputs import input_file, read_inputs
from zhipo.engine.outputs import whole_folder, work_folder, write_json
from zhipo.engine.proofs.leaves import COLUMNS, Leaf, blinded, salt_of
from zhipo.engine.proofs.statement import Statement, lines_of
from zhipo.engine.proofs.tree import levels_over, root_of
from zhipo.engine.tables import REGISTER
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused

STATEMENT, PLAN, TABLE = "statement.json", "plan.json", "table.csv"
SECRET_BYTES = 32


def publish(payments: Path, out: Path, *, secret_file: Path, case: str = "") -> Statement:
    """Write the public bundle of a distribution into `out`; returns its statement.

    `payments` is a folder of `zhipo distribute`; `secret_file` is made if it is not there
    and read if it is: who has it can tell whose each line is, so it stays behind. Raises
    Refused where the distribution's inputs have changed since.
    """
    return publish_under(payments, out, secret=read_secret(secret_file), case=case)


def publish_under(payments: Path, out: Path, *, secret: bytes, case: str) -> Statement:
    """`publish` for whoever keeps the secret elsewhere than in a file. Raises Refused."""
    inputs = read_inputs(payments)
    plan_file = input_file(payments, inputs, "plan")
    input_file(payments, inputs, "claims")
    plan = read_plan(plan_file)
    with work_folder(out) as work, whole_folder(out) as part:
        leaves = sorted(
            _leaves(payments / "payments.csv", plan, secret, work=work),
            key=lambda leaf: leaf.digest,
        )
        plan_sha256 = _write_plan(part / PLAN, plan_file, plan, secret)
        _write_table(part / TABLE, leaves)
        statement = _statement(leaves, plan, plan_sha256, case)
        write_json(part / STATEMENT, statement.as_json())
    return statement


def read_secret(path: Path) -> bytes:
    """The secret of a publication, made once, readable by its owner alone."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(SECRET_BYTES) + "\n")
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise Refused([_unreadable(path, error)]) from error
    if len(secret) != SECRET_BYTES:
        raise Refused([_unreadable(path, f"{len(secret)} bytes")])
    return secret


def _unreadable(path: Path, reason: object) -> Fault:
    return Fault(path.name, 0, "", "", words("fault.unreadable", reason=reason))


def _leaves(table: Path, plan: Plan, secret: bytes, *, work: Path) -> Iterator[Leaf]:
    """Each line of payments.csv under its blinded name."""
    states = _states(plan.claims, work)
    liens = _liens(table, plan)
    for row in _rows(table):
        claim = row["claim_id"]
        yield Leaf(
            claim_id=blinded(claim, salt_of(claim, secret)),
            class_=row["class"],
            state=states[claim],
            fen=int(row["fen"]),
            lien_fen=liens.get(claim, 0),
            baseline_fen=int(row["baseline_fen"]),
            paid_fen=int(row["paid_fen"]),
            reserved_fen=int(row["reserved_fen"]),
            unpaid_fen=int(row["unpaid_fen"]),
            parts=tuple(int(part) for part in row["parts"].split(";")),
        )


def _rows(table: Path) -> Iterator[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _states(register: Path, work: Path) -> Mapping[str, str]:
    taken = intake.take_in(register, REGISTER, work=work, name="register")
    table = pq.read_table(taken, columns=["claim_id", "state"])
    ids, states = (table.column(name).to_pylist() for name in ("claim_id", "state"))
    return dict(zip(ids, states, strict=True))


def _liens(table: Path, plan: Plan) -> Mapping[str, int]:
    """What collateral paid each claim, in fen."""
    named = {claim for pool in plan.pools for claim in pool.secures}
    if not named:
        return {}
    fen = {r["claim_id"]: int(r["fen"]) for r in _rows(table) if r["claim_id"] in named}
    got, _, _ = receipts(fen, plan)
    return got


def _write_plan(path: Path, plan_file: Path, plan: Plan, secret: bytes) -> str:
    """The plan with blinded claims over the published table; returns its SHA-256."""
    content: dict[str, Any] = json.loads(plan_file.read_text(encoding="utf-8-sig"))
    content["claims"] = TABLE
    for pool in content["pools"]:
        if pool.get("secures"):
            pool["secures"] = [blinded(c, salt_of(c, secret)) for c in pool["secures"]]
    write_json(path, content)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write_table(path: Path, leaves: list[Leaf]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(leaf.cells for leaf in leaves)


def _statement(leaves: list[Leaf], plan: Plan, plan_sha256: str, case: str) -> Statement:
    (top,) = levels_over(leaves)[-1]
    received = sum(leaf.received_fen for leaf in leaves)
    return Statement(
        case=case,
        root=root_of(top, plan_sha256),
        plan_sha256=plan_sha256,
        claims=len(leaves),
        pools_fen=plan.pools_fen,
        left_over_fen=plan.pools_fen - received,
        classes=lines_of(top.sums),
    )

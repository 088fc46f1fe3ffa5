"""PLAN.json as clumsy and hostile people write it: refused at its place, never a trace."""

import json
from pathlib import Path
from typing import Any

import pytest

from zhipo.engine.distribute.plan import read_plan
from zhipo.kernel.faults import Fault, Refused

PLAN = {
    "law_date": "2025-10-22",
    "claims": "claims.csv",
    "pools": [{"id": "general", "fen": 1}],
}
GROUNDS = {"basis": "SETTLEMENT", "evidence": "和解协议"}


def plan_file(folder: Path, content: dict[str, Any] | bytes) -> Path:
    path = folder / "plan.json"
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(raw)
    return path


def faults_of(folder: Path, content: dict[str, Any] | bytes) -> list[Fault]:
    with pytest.raises(Refused) as refused:
        read_plan(plan_file(folder, content))
    return refused.value.faults


@pytest.mark.parametrize(
    "day", [20251022, "20251022", "2025-W43-3", "2025-02-30", "2025-10-22T00:00", None, []]
)
def test_law_date_is_a_day_as_the_contract_writes_it(tmp_path: Path, day: object) -> None:
    [fault] = faults_of(tmp_path, {**PLAN, "law_date": day})

    assert fault.column == "law_date"


@pytest.mark.parametrize(
    "rate",
    ["1e999999999", "1e-999999999", "1.01", "-0.1", "abc", "", "0,31", 0.31, None, "1/0"],
)
def test_rate_is_a_plain_share_of_one(tmp_path: Path, rate: object) -> None:
    overlay = {**GROUNDS, "consumer": {"rate": rate}}

    [fault] = faults_of(tmp_path, {**PLAN, "overlay": overlay})

    assert fault.column == "overlay.consumer.rate"


@pytest.mark.parametrize("rate", ["0", "1", "0.31", "1/3", "0.333333333"])
def test_rate_may_be_decimal_or_fraction(tmp_path: Path, rate: str) -> None:
    overlay = {**GROUNDS, "consumer": {"rate": rate}}

    plan = read_plan(plan_file(tmp_path, {**PLAN, "overlay": overlay}))

    assert plan.overlay is not None
    assert plan.overlay.rate is not None


def test_values_of_texts_are_shown_as_they_stand(tmp_path: Path) -> None:
    overlay = {"basis": "WISH", "evidence": "x"}

    [fault] = faults_of(tmp_path, {**PLAN, "overlay": overlay})

    assert (fault.column, fault.value) == ("overlay.basis", "WISH")


@pytest.mark.parametrize("claims", [5, ["claims.csv"], True, {}])
def test_claims_of_another_type_are_named_with_their_value(
    tmp_path: Path, claims: object
) -> None:
    [fault] = faults_of(tmp_path, {**PLAN, "claims": claims})

    assert (fault.column, fault.value) == ("claims", json.dumps(claims))


@pytest.mark.parametrize(
    "content",
    [
        {**PLAN, "claims": "\ud800.csv"},
        {**PLAN, "pools": [{"id": "l", "fen": 1, "secures": ["\udfff"]}]},
        {**PLAN, "\ud800": 1},
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"\xd5\xc5",
        b"",
        b"{}x",
    ],
)
def test_what_is_no_text_or_no_json_is_refused(
    tmp_path: Path, content: dict[str, Any] | bytes
) -> None:
    [fault] = faults_of(tmp_path, content)

    assert fault.file == "plan.json"
    fault.message.encode()


def test_first_to_needs_a_basis_but_the_contract_asks_no_evidence(tmp_path: Path) -> None:
    pool = {"id": "premium", "fen": 1, "first_to": ["consumer"], "basis": "SETTLEMENT"}

    plan = read_plan(plan_file(tmp_path, {**PLAN, "pools": [pool]}))

    assert (plan.pools[0].basis, plan.pools[0].evidence) == ("SETTLEMENT", "")


@pytest.mark.parametrize("evidence", [5, ["x"], {}])
def test_evidence_of_first_to_is_a_text_where_given(
    tmp_path: Path, evidence: object
) -> None:
    pool = {"id": "p", "fen": 1, "first_to": ["consumer"], "basis": "SETTLEMENT"}

    [fault] = faults_of(tmp_path, {**PLAN, "pools": [{**pool, "evidence": evidence}]})

    assert fault.column == "pools[0].evidence"


@pytest.mark.parametrize("instalments", [0, -1, "3", 2.0, True, 1_001])
def test_instalments_are_a_count(tmp_path: Path, instalments: object) -> None:
    [fault] = faults_of(tmp_path, {**PLAN, "instalments": instalments})

    assert fault.column == "instalments"
    assert "分" not in fault.message

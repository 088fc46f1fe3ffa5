"""One creditor's proof, and every way of bending it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from zhipo.cli import app
from zhipo.engine.proofs.proving import prove, verify_proof
from zhipo.kernel.faults import Refused

RUN = CliRunner()


@pytest.fixture
def proof(published_once: Path, tmp_path: Path) -> Path:
    out = tmp_path / "proof.json"
    prove(
        "A-042",
        bundle=published_once / "bundle",
        secret_file=published_once / "secret.hex",
        out=out,
    )
    return out


def test_a_proof_holds_and_leads_to_the_published_statement(
    proof: Path, published_once: Path
) -> None:
    published = published_once / "bundle" / "statement.json"

    faults, statement = verify_proof(proof, statement_file=published)

    assert faults == []
    assert statement.root == json.loads(published.read_text())["root"]


CHANGES: dict[str, Callable[[Any], Any]] = {
    "another claim": lambda p: p.update(claim_id="A-043"),
    "another salt": lambda p: p.update(salt="0" * 64),
    "more paid": lambda p: p["line"].update(paid_fen=str(int(p["line"]["paid_fen"]) + 1)),
    "other parts": lambda p: p["line"].update(parts=p["line"]["paid_fen"]),
    "class": lambda p: p["line"].update({"class": "ordinary"}),
    "step gone": lambda p: p["path"].pop(),
    "step turned": lambda p: p["path"][0].update(
        side="left" if p["path"][0]["side"] == "right" else "right"
    ),
    "step's hash": lambda p: p["path"][1].update(digest="a" * 64),
    "step's sum": lambda p: next(iter(p["path"][2]["sums"].values())).__setitem__(4, 7),
    "total": lambda p: p["statement"]["classes"]["consumer"].update(paid_fen=1),
    "rate": lambda p: p["statement"]["classes"]["consumer"].update(rate="1.000000"),
    "root": lambda p: p["statement"].update(root="b" * 64),
    "pools": lambda p: p["statement"].update(pools_fen=1),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_proof_bent_anywhere_fails(name: str, proof: Path, tmp_path: Path) -> None:
    content = json.loads(proof.read_text(encoding="utf-8"))
    CHANGES[name](content)
    bent = tmp_path / "bent.json"
    bent.write_text(json.dumps(content), encoding="utf-8")

    faults, _ = verify_proof(bent, statement_file=None)

    assert faults


def test_a_whole_other_statement_is_told_from_the_published_one(
    proof: Path, published_once: Path, tmp_path: Path
) -> None:
    content = json.loads((published_once / "bundle" / "statement.json").read_text())
    other = tmp_path / "statement.json"
    other.write_text(json.dumps({**content, "case": "（2025）湘0302破4号"}))

    faults, _ = verify_proof(proof, statement_file=other)

    assert [fault.column for fault in faults] == ["root"]


@pytest.mark.parametrize("change", [
    lambda p: p.update(extra=1),
    lambda p: p.pop("path"),
    lambda p: p.update(path=[{}] * 3),
    lambda p: p["line"].update(fen=5),
    lambda p: p["line"].update(fen="-5"),
    lambda p: p["path"][0]["sums"].update(consumer=[-1, 0, 0, 0, 0, 0]),
    lambda p: p["path"][0]["sums"].update(consumer=[True, 0, 0, 0, 0, 0]),
    lambda p: p["path"].extend(p["path"] * 20),
    lambda p: p.update(statement=[]),
    lambda p: p["statement"].update(format="zhipo-proof/9"),
])  # fmt: skip
def test_a_proof_out_of_form_is_refused(
    change: Callable[[Any], Any], proof: Path, tmp_path: Path
) -> None:
    content = json.loads(proof.read_text(encoding="utf-8"))
    change(content)
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(content), encoding="utf-8")

    with pytest.raises(Refused):
        verify_proof(bad, statement_file=None)


def test_no_proof_for_who_is_not_in_it_or_has_another_secret(
    published_once: Path, tmp_path: Path
) -> None:
    bundle, out = published_once / "bundle", tmp_path / "proof.json"
    for claim, secret in (
        ("A-999", published_once / "secret.hex"),
        ("A-042", tmp_path / "other.hex"),
    ):
        with pytest.raises(Refused):
            prove(claim, bundle=bundle, secret_file=secret, out=out)
    assert not out.exists()


def test_the_commands_answer_with_words_and_a_status(
    published_once: Path, proof: Path, tmp_path: Path
) -> None:
    bundle = published_once / "bundle"
    bent = tmp_path / "bent.json"
    bent.write_text(proof.read_text().replace('"side": "left"', '"side": "right"'))

    good = [RUN.invoke(app, ["verify", str(path)]) for path in (bundle, proof)]
    bad = RUN.invoke(app, ["verify", str(bent)])
    none = RUN.invoke(app, ["verify", str(tmp_path / "none")])

    assert [one.exit_code for one in (*good, bad, none)] == [0, 0, 1, 2]
    assert "Traceback" not in bad.output + none.output
    root = json.loads((bundle / "statement.json").read_text())["root"]
    assert all(root in one.output for one in good)

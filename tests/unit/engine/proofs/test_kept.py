"""The kept tree gives the proofs that the table gives; bent anywhere, none that holds."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from factories_distributions import REGISTER, distribution
from zhipo.engine.proofs.kept import keep_tree, kept_proof
from zhipo.engine.proofs.leaves import salt_of
from zhipo.engine.proofs.proving import proof_faults, proof_of
from zhipo.engine.proofs.publishing import publish, read_secret
from zhipo.engine.proofs.reading import read_bundle
from zhipo.kernel.faults import Refused

CLAIM = "A-042"


@pytest.fixture(scope="module")
def tree_once(published_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tree") / "tree.sqlite"
    keep_tree(published_once / "bundle", out)
    return out


@pytest.fixture
def tree(tree_once: Path, tmp_path: Path) -> Path:
    """A kept tree to bend."""
    return Path(shutil.copy(tree_once, tmp_path / "tree.sqlite"))


def salt(claim: str, published_once: Path) -> bytes:
    return salt_of(claim, read_secret(published_once / "secret.hex"))


def test_kept_proofs_are_those_of_the_table(published_once: Path, tree_once: Path) -> None:
    published = read_bundle(published_once / "bundle")

    for claim, *_ in REGISTER:
        known = salt(claim, published_once)
        kept = kept_proof(claim, known, tree_once)
        assert kept == json.loads(json.dumps(proof_of(claim, known, published)))
        assert proof_faults(kept, "proof.json")[0] == []


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_trees_of_any_size_are_kept(count: int, tmp_path: Path) -> None:
    """An odd node goes up as it is, on every level."""
    plan = {"law_date": "2025-10-22", "claims": "claims.csv",
            "pools": [{"id": "general", "fen": 777}], "instalments": 1,
            "small_claims": {"mode": "none", "ceiling_fen": 1}}  # fmt: skip
    register = [(f"C{i}", "ordinary", 1_000 + i, "confirmed") for i in range(count)]
    publish(
        distribution(tmp_path, register, plan), tmp_path / "bundle",
        secret_file=tmp_path / "secret.hex",
    )  # fmt: skip
    keep_tree(tmp_path / "bundle", tmp_path / "tree.sqlite")

    for claim, *_ in register:
        known = salt(claim, tmp_path)
        kept = kept_proof(claim, known, tmp_path / "tree.sqlite")
        assert kept == proof_of(claim, known, read_bundle(tmp_path / "bundle"))


def test_a_claim_that_is_not_in_it_is_refused(published_once: Path, tree: Path) -> None:
    with pytest.raises(Refused):
        kept_proof("A-999", salt("A-999", published_once), tree)


def test_the_salt_of_another_finds_nothing(published_once: Path, tree: Path) -> None:
    with pytest.raises(Refused):
        kept_proof(CLAIM, salt("A-041", published_once), tree)


def test_the_kept_tree_names_nobody(published_once: Path, tree: Path) -> None:
    content = tree.read_bytes()

    assert not [claim for claim, *_ in REGISTER if claim.encode() in content]


def changed_line(line: str) -> str:
    cells = json.loads(line)
    return json.dumps({**cells, "paid_fen": str(int(cells["paid_fen"]) + 1)})


def changed_sums(sums: str) -> str:
    found = json.loads(sums)
    name = next(iter(found))
    found[name][-2] += 1
    return json.dumps(found)


def changed_statement(statement: str) -> str:
    return json.dumps({**json.loads(statement), "left_over_fen": 1})


BENDS: dict[str, tuple[str, Callable[..., Any]]] = {
    "a line": ("UPDATE leaf SET line = bent(line)", changed_line),
    "a line's place": ("UPDATE leaf SET place = bent(place)", lambda place: place ^ 1),
    "a node's hash": ("UPDATE node SET digest = bent(digest)", lambda _: b"\0" * 32),
    "a node's sums": ("UPDATE node SET sums = bent(sums)", changed_sums),
    "the statement": ("UPDATE statement SET content = bent(content)", changed_statement),
    "a level gone": ("DELETE FROM node WHERE level = bent(1)", lambda level: level),
}


@pytest.mark.parametrize("what", BENDS)
def test_a_bent_tree_gives_no_proof_that_holds(
    what: str, published_once: Path, tree: Path
) -> None:
    sql, change = BENDS[what]
    with closing(sqlite3.connect(tree)) as file, file:
        file.create_function("bent", 1, change)
        assert file.execute(sql).rowcount > 0

    proof = kept_proof(CLAIM, salt(CLAIM, published_once), tree)

    assert proof_faults(proof, "proof.json")[0] != []


def test_a_bundle_that_does_not_read_is_not_kept(copied: Path, tmp_path: Path) -> None:
    (copied / "table.csv").write_text("claim_id\n", encoding="utf-8")

    with pytest.raises(Refused):
        keep_tree(copied, tmp_path / "tree.sqlite")
    assert not (tmp_path / "tree.sqlite").exists()

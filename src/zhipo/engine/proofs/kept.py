"""The tree of a publication kept on disk, so that one proof costs a few look-ups.

Building the tree over 32,000 claims takes a second; a creditor's page may not. The file
holds nothing that the published table does not lead to.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from zhipo.engine.outputs import whole_file
from zhipo.engine.proofs.leaves import COLUMNS, Leaf, blinded
from zhipo.engine.proofs.proving import not_in_table, proof_along
from zhipo.engine.proofs.reading import read_bundle
from zhipo.engine.proofs.tree import Beside, Node, levels_over

TABLES = """
CREATE TABLE leaf (claim_id TEXT PRIMARY KEY, place INTEGER, line TEXT) WITHOUT ROWID;
CREATE TABLE node (level INTEGER, place INTEGER, digest BLOB, sums TEXT,
    PRIMARY KEY (level, place)) WITHOUT ROWID;
CREATE TABLE statement (content TEXT);
"""


def keep_tree(bundle: Path, out: Path) -> None:
    """Write the tree of a published bundle into one file. Raises Refused."""
    published = read_bundle(bundle)
    leaves = published.leaves
    statement = json.dumps(published.statement.as_json(), ensure_ascii=False)
    with whole_file(out) as part, closing(sqlite3.connect(part)) as file, file:
        file.executescript(TABLES)
        file.executemany("INSERT INTO leaf VALUES (?, ?, ?)", _lines(leaves))
        file.executemany("INSERT INTO node VALUES (?, ?, ?, ?)", _nodes(leaves))
        file.execute("INSERT INTO statement VALUES (?)", [statement])


def kept_proof(claim_id: str, salt: bytes, tree: Path) -> dict[str, Any]:
    """The proof of one claim, as `proof_of` makes it. Raises Refused."""
    with closing(sqlite3.connect(f"{tree.resolve().as_uri()}?mode=ro", uri=True)) as file:
        found = file.execute(
            "SELECT place, line FROM leaf WHERE claim_id = ?", [blinded(claim_id, salt)]
        ).fetchone()
        if found is None:
            raise not_in_table(claim_id)
        place, line = found
        (statement,) = file.execute("SELECT content FROM statement").fetchone()
        path = _beside_the_way(file, place)
        return proof_along(claim_id, salt, json.loads(line), path, json.loads(statement))


def _lines(leaves: Sequence[Leaf]) -> Iterator[tuple[str, int, str]]:
    for place, leaf in enumerate(leaves):
        line = dict(zip(COLUMNS, leaf.cells, strict=True))
        yield leaf.claim_id, place, json.dumps(line)


def _nodes(leaves: Sequence[Leaf]) -> Iterator[tuple[int, int, bytes, str]]:
    for level, nodes in enumerate(levels_over(leaves)):
        for place, node in enumerate(nodes):
            yield level, place, node.digest, json.dumps(node.sums)


def _beside_the_way(file: sqlite3.Connection, place: int) -> Iterator[Beside]:
    """The nodes beside the way from a leaf to the top, as `tree.path_to` names them."""
    (levels,) = file.execute("SELECT max(level) FROM node").fetchone()
    for level in range(levels):
        other = place ^ 1
        row = file.execute(
            "SELECT digest, sums FROM node WHERE level = ? AND place = ?", [level, other]
        ).fetchone()
        if row is not None:
            sums = {name: tuple(numbers) for name, numbers in json.loads(row[1]).items()}
            yield Beside("left" if other < place else "right", Node(row[0], sums))
        place //= 2

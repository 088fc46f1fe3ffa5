"""One creditor's proof: the own line, and the way from it to the published root."""

import hmac
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from zhipo.engine.outputs import whole_file, write_json
from zhipo.engine.proofs.checks import Published, line_faults, totals_differ
from zhipo.engine.proofs.leaves import COLUMNS, SUMMED, blinded, salt_of
from zhipo.engine.proofs.publishing import read_secret
from zhipo.engine.proofs.reading import leaf_of, misshapen, read_bundle
from zhipo.engine.proofs.statement import (
    FORMAT,
    Statement,
    is_digest,
    is_fen,
    read_json,
    statement_from,
)
from zhipo.engine.proofs.tree import Beside, Node, climbed, levels_over, path_to, root_of
from zhipo.engine.tables import CLASSES
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused, refuse_if_any

KEYS = {"format", "claim_id", "salt", "line", "path", "statement"}
LONGEST_PATH = 64


def prove(claim_id: str, *, bundle: Path, secret_file: Path, out: Path) -> None:
    """Write the proof of one claim of a bundle. Raises Refused where it is not in it."""
    published = read_bundle(bundle)
    salt = salt_of(claim_id, read_secret(secret_file))
    content = proof_of(claim_id, salt, published)
    with whole_file(out) as part:
        write_json(part, content)


def proof_of(claim_id: str, salt: bytes, published: Published) -> dict[str, Any]:
    """The proof as JSON. Raises Refused where no line has the blinded id."""
    name = blinded(claim_id, salt)
    places = [p for p, leaf in enumerate(published.leaves) if leaf.claim_id == name]
    if not places:
        raise not_in_table(claim_id)
    leaf = published.leaves[places[0]]
    path = path_to(levels_over(published.leaves), places[0])
    line = dict(zip(COLUMNS, leaf.cells, strict=True))
    return proof_along(claim_id, salt, line, path, published.statement.as_json())


def proof_along(
    claim_id: str, salt: bytes, line: dict[str, str], path: Iterable[Beside],
    statement: dict[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """The proof of a line that is found, beside the nodes from it to the top."""
    return {
        "format": FORMAT,
        "claim_id": claim_id,
        "salt": salt.hex(),
        "line": line,
        "path": [_step(beside) for beside in path],
        "statement": statement,
    }


def not_in_table(claim_id: str) -> Refused:
    """No line has the blinded id."""
    message = words("proof.not_in_table")
    return Refused([Fault("table.csv", 0, "claim_id", claim_id, message)])


def verify_proof(
    path: Path, *, statement_file: Path | None
) -> tuple[list[Fault], Statement]:
    """(what does not hold, the statement that the proof leads to). Raises Refused.

    With `statement_file`, as published, the proof must lead to that one.
    """
    content = read_json(path)
    faults, statement = proof_faults(content, path.name)
    return [*unlike_published(statement, statement_file), *faults], statement


def proof_faults(content: dict[str, Any], file: str) -> tuple[list[Fault], Statement]:
    """What does not hold of a proof that is read already, and its statement.

    `file` is what faults call it. Raises Refused where it is not in the format.
    """
    _check_form(file, content)
    statement = statement_from(content["statement"], file)
    leaf = leaf_of(content["line"])
    faults = []
    name = blinded(content["claim_id"], bytes.fromhex(content["salt"]))
    if not hmac.compare_digest(name, leaf.claim_id):
        faults.append(_fault(file, "line.claim_id", leaf.claim_id, "proof.not_this_claim"))
    faults += [_fault(file, f"line.{c}", "", key) for c, key in line_faults(leaf)]
    top = climbed(leaf, [_beside(step) for step in content["path"]])
    if root_of(top, statement.plan_sha256) != statement.root:
        faults.append(_fault(file, "path", "", "proof.not_the_root"))
    return [*faults, *totals_differ(statement, top)], statement


def unlike_published(statement: Statement, published: Path | None) -> list[Fault]:
    if published is None:
        return []
    known = statement_from(read_json(published), published.name)
    if known == statement:
        return []
    return [Fault(published.name, 0, "root", known.root, words("proof.other_statement"))]


def _step(beside: Beside) -> dict[str, Any]:
    sums = {name: list(numbers) for name, numbers in beside.node.sums.items()}
    return {"side": beside.side, "digest": beside.node.digest.hex(), "sums": sums}


def _beside(step: dict[str, Any]) -> Beside:
    sums = {n: tuple(step["sums"][n]) for n in CLASSES if n in step["sums"]}
    return Beside(step["side"], Node(bytes.fromhex(step["digest"]), sums))


def _check_form(file: str, content: dict[str, Any]) -> None:
    """Raise Refused where a proof is not in the shape of the format."""
    wrong = [name for name, is_right in _FORM.items() if not is_right(content.get(name))]
    wrong += sorted(set(content) - KEYS)
    refuse_if_any([_fault(file, name, "", "proof.field") for name in wrong])


def _fault(file: str, place: str, value: str, key: str) -> Fault:
    return Fault(file, 0, place, value, words(key))


def _is_line(value: object) -> bool:
    return isinstance(value, dict) and set(value) == set(COLUMNS) and not misshapen(value)


def _is_path(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= LONGEST_PATH
        and all(_is_step(step) for step in value)
    )


def _is_step(step: object) -> bool:
    return (
        isinstance(step, dict)
        and set(step) == {"side", "digest", "sums"}
        and step["side"] in ("left", "right")
        and is_digest(step["digest"])
        and isinstance(step["sums"], dict)
        and all(n in CLASSES and _are_numbers(row) for n, row in step["sums"].items())
    )


def _are_numbers(row: object) -> bool:
    return isinstance(row, list) and len(row) == len(SUMMED) and all(map(is_fen, row))


_FORM: dict[str, Callable[[Any], bool]] = {
    "format": lambda value: value == FORMAT,
    "claim_id": lambda value: isinstance(value, str) and bool(value),
    "salt": is_digest,
    "line": _is_line,
    "path": _is_path,
    "statement": lambda value: isinstance(value, dict),
}

"""A published distribution holds; changed in any one place it does not."""

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from zhipo.engine.distribute.run import distribute
from zhipo.engine.proofs.checks import Published, faults_of
from zhipo.engine.proofs.leaves import COLUMNS, Leaf
from zhipo.engine.proofs.reading import read_bundle
from zhipo.engine.proofs.statement import lines_of
from zhipo.engine.proofs.tree import levels_over, root_of
from zhipo.kernel.faults import Refused

Rewrite = Callable[[str, Callable[[Any], Any]], Path]
NUMBERS = [name for name in COLUMNS if name.endswith("fen")]


def columns_at_fault(bundle: Path) -> set[str]:
    return {fault.column for fault in faults_of(read_bundle(bundle))}


def change_cell(bundle: Path, row: int, column: str, value: str) -> None:
    lines = list(csv.reader((bundle / "table.csv").open(encoding="utf-8")))
    lines[row][COLUMNS.index(column)] = value
    with (bundle / "table.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def test_what_was_published_holds(published_once: Path) -> None:
    published = read_bundle(published_once / "bundle")

    assert faults_of(published) == []
    assert published.statement.claims == 101
    assert published.statement.pools_fen == 1_250_011


def test_the_table_is_a_register_of_the_same_distribution(
    published_once: Path, tmp_path: Path
) -> None:
    """Anyone may divide again: only ties of the last fen depend on the register's order."""
    distribute(published_once / "bundle" / "plan.json", tmp_path / "again")

    with (tmp_path / "again" / "payments.csv").open(encoding="utf-8") as file:
        again = {row["claim_id"]: int(row["paid_fen"]) for row in csv.DictReader(file)}
    leaves = read_bundle(published_once / "bundle").leaves
    assert sum(again.values()) == sum(leaf.paid_fen for leaf in leaves)
    assert all(abs(again[leaf.claim_id] - leaf.paid_fen) <= 3 for leaf in leaves)


def test_nobody_is_named(published_once: Path) -> None:
    texts = [p.read_text(encoding="utf-8") for p in (published_once / "bundle").iterdir()]

    assert not [name for name in ("A-000", "B-1", "S-1") if any(name in t for t in texts)]
    assert (published_once / "secret.hex").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("column", NUMBERS)
@pytest.mark.parametrize("row", [1, 50, 100])
def test_any_changed_number_of_a_line_is_found(copied: Path, row: int, column: str) -> None:
    lines = list(csv.DictReader((copied / "table.csv").open(encoding="utf-8")))
    change_cell(copied, row, column, str(int(lines[row - 1][column]) + 1))

    assert {"root"} <= columns_at_fault(copied)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("class", "ordinary"),
        ("state", "provisional"),
        ("parts", "1"),
        ("claim_id", "0" * 64),
    ],
)
def test_any_changed_word_of_a_line_is_found(copied: Path, column: str, value: str) -> None:
    row = next(
        number
        for number, line in enumerate(csv.DictReader((copied / "table.csv").open()), 1)
        if line["class"] == "consumer" and line["state"] == "confirmed"
    )
    change_cell(copied, row, column, value)

    assert "root" in columns_at_fault(copied)


@pytest.mark.parametrize("how", ["gone", "doubled", "turned"])
def test_a_line_gone_doubled_or_moved_is_found(copied: Path, how: str) -> None:
    lines = (copied / "table.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    lines[3:5] = {
        "gone": lines[3:4],
        "doubled": [lines[3], lines[3], lines[4]],
        "turned": [lines[4], lines[3]],
    }[how]
    (copied / "table.csv").write_text("".join(lines), encoding="utf-8")

    assert "root" in columns_at_fault(copied)


CHANGES: dict[str, tuple[Callable[[Any], Any], str]] = {
    "root": (lambda s: s.update(root="f" * 64), "root"),
    "plan": (lambda s: s.update(plan_sha256="f" * 64), "plan_sha256"),
    "count": (lambda s: s.update(claims=99), "claims"),
    "pools": (lambda s: s.update(pools_fen=s["pools_fen"] + 1), "pools_fen"),
    "left over": (lambda s: s.update(left_over_fen=s["left_over_fen"] + 1), "pools_fen"),
    "rate": (
        lambda s: s["classes"]["consumer"].update(rate="0.310000"),
        "classes.consumer.rate",
    ),
    "total": (
        lambda s: s["classes"]["ordinary"].update(
            paid_fen=s["classes"]["ordinary"]["paid_fen"] + 1
        ),
        "classes",
    ),
    "class": (lambda s: s["classes"].pop("punitive"), "classes"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_any_changed_figure_of_the_statement_is_found(name: str, rewrite: Rewrite) -> None:
    change, column = CHANGES[name]

    assert column in columns_at_fault(rewrite("statement.json", change))


def test_a_changed_plan_is_found(rewrite: Rewrite) -> None:
    bundle = rewrite("plan.json", lambda p: p["pools"][0].update(fen=1_000_000))

    assert {"plan_sha256", "pools_fen", "root"} <= columns_at_fault(bundle)


def forged(published: Published, leaves: list[Leaf]) -> Published:
    """What a dishonest publisher would print: other amounts, all sums and hashes right."""
    leaves = sorted(leaves, key=lambda leaf: leaf.digest)
    (top,) = levels_over(leaves)[-1]
    received = sum(leaf.received_fen for leaf in leaves)
    statement = replace(
        published.statement,
        root=root_of(top, published.plan_sha256),
        claims=len(leaves),
        classes=lines_of(top.sums),
        left_over_fen=published.plan.pools_fen - received,
    )
    return replace(published, statement=statement, leaves=leaves)


def moved(leaf: Leaf, fen: int) -> Leaf:
    """A line that gets so many fen more, its other cells to match."""
    paid = leaf.paid_fen + fen
    count = len(leaf.parts)
    parts = (*[paid // count] * (count - 1), paid - paid // count * (count - 1))
    return replace(leaf, paid_fen=paid, unpaid_fen=leaf.unpaid_fen - fen, parts=parts)


def of_class(published: Published, name: str) -> list[Leaf]:
    return [
        leaf
        for leaf in published.leaves
        if leaf.class_ == name and leaf.state == "confirmed" and leaf.unpaid_fen > 10
    ]


@pytest.mark.parametrize(("giver", "taker"), [
    ("consumer", "ordinary"),
    ("ordinary", "consumer"),
    ("consumer", "consumer"),
    ("employee", "ordinary"),
    ("ordinary", "punitive"),
])  # fmt: skip
def test_money_moved_between_claims_is_found_though_all_sums_are_right(
    published_once: Path, giver: str, taker: str
) -> None:
    published = read_bundle(published_once / "bundle")
    givers = [leaf for leaf in published.leaves if leaf.class_ == giver and leaf.paid_fen]
    one, other = givers[0], of_class(published, taker)[-1]
    others = [leaf for leaf in published.leaves if leaf not in (one, other)]

    honest = forged(published, list(published.leaves))
    dishonest = forged(published, [*others, moved(one, -9), moved(other, 9)])

    assert faults_of(honest) == []
    assert {fault.column for fault in faults_of(dishonest)} == {"paid_fen"}


def test_a_baseline_painted_worse_is_found(published_once: Path) -> None:
    published = read_bundle(published_once / "bundle")
    leaves = [
        replace(leaf, baseline_fen=leaf.baseline_fen // 2) for leaf in published.leaves
    ]

    assert {f.column for f in faults_of(forged(published, leaves))} == {"baseline_fen"}


def test_collateral_given_to_another_claim_is_found(published_once: Path) -> None:
    published = read_bundle(published_once / "bundle")
    secured = next(leaf for leaf in published.leaves if leaf.lien_fen)
    others = [leaf for leaf in published.leaves if leaf is not secured]
    less = replace(secured, lien_fen=secured.lien_fen - 100)

    assert "lien_fen" in {f.column for f in faults_of(forged(published, [*others, less]))}


@pytest.mark.parametrize("change", [
    lambda leaf: replace(leaf, paid_fen=leaf.reserved_fen, reserved_fen=0,
                         parts=(leaf.reserved_fen,)),
    lambda leaf: replace(leaf, unpaid_fen=leaf.unpaid_fen + 1),
])  # fmt: skip
def test_a_reserve_that_is_paid_and_a_wrong_rest_are_found(
    published_once: Path, change: Callable[[Leaf], Leaf]
) -> None:
    published = read_bundle(published_once / "bundle")
    kept = next(leaf for leaf in published.leaves if leaf.state == "provisional")
    others = [leaf for leaf in published.leaves if leaf is not kept]

    assert faults_of(forged(published, [*others, change(kept)]))


@pytest.mark.parametrize("value", ["-1", "1.0", "01", "", "1e3", "9" * 25, "１"])
def test_a_number_that_is_not_plain_is_refused(copied: Path, value: str) -> None:
    change_cell(copied, 5, "paid_fen", value)

    with pytest.raises(Refused) as refused:
        read_bundle(copied)
    assert [(f.row, f.column) for f in refused.value.faults] == [(6, "paid_fen")]


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff\xfe", b"{}"])
def test_a_statement_that_is_none_is_refused(copied: Path, content: bytes) -> None:
    (copied / "statement.json").write_bytes(content)

    with pytest.raises(Refused):
        read_bundle(copied)


@pytest.mark.parametrize("name", ["statement.json", "plan.json", "table.csv"])
def test_a_missing_file_is_refused(copied: Path, name: str) -> None:
    (copied / name).unlink()

    with pytest.raises(Refused):
        read_bundle(copied)


def test_the_plans_hash_is_of_the_file(published_once: Path) -> None:
    plan = published_once / "bundle" / "plan.json"
    statement = json.loads((published_once / "bundle" / "statement.json").read_text())

    assert statement["plan_sha256"] == hashlib.sha256(plan.read_bytes()).hexdigest()

"""What must hold of a published distribution; each check names what does not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from zhipo.engine.distribute.plan import Plan
from zhipo.engine.proofs import expected
from zhipo.engine.proofs.leaves import COLUMNS, Leaf
from zhipo.engine.proofs.statement import Statement, rate_of
from zhipo.engine.proofs.tree import Node, levels_over, root_of
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault
from zhipo.kernel.money import equal_parts, yuan_text

FIRST_ROW = 2


@dataclass(frozen=True)
class Published:
    """A bundle as read: statement, plan (and its SHA-256), the lines of the table."""

    statement: Statement
    plan: Plan
    plan_sha256: str
    leaves: Sequence[Leaf]


def faults_of(published: Published) -> list[Fault]:
    """Everything that does not hold, the plainest first; empty where all of it holds."""
    return [fault for check in CHECKS for fault in check(published)]


def _plan_is_the_one(published: Published) -> Iterator[Fault]:
    found, said = published.plan_sha256, published.statement.plan_sha256
    if found != said:
        yield _of_statement("plan_sha256", said, "proof.differs", found=found)


def _lines_stand_once(published: Published) -> Iterator[Fault]:
    """Lines stand in the order of their hashes; so none stands twice."""
    for row, (one, other) in enumerate(pairwise(published.leaves), FIRST_ROW + 1):
        if one.digest >= other.digest:
            yield _of_line(row, other, "claim_id", "proof.order")
    names = [leaf.claim_id for leaf in published.leaves]
    if len(set(names)) != len(names):
        yield _of_statement("claims", str(len(names)), "proof.twice")


def _root_is_right(published: Published) -> Iterator[Fault]:
    (top,) = levels_over(published.leaves)[-1]
    found = root_of(top, published.plan_sha256)
    if found != published.statement.root:
        yield _of_statement("root", published.statement.root, "proof.differs", found=found)
    yield from totals_differ(published.statement, top)


def totals_differ(statement: Statement, top: Node) -> Iterator[Fault]:
    """Where a statement's count, totals or rates are not those of the tree's top."""
    if statement.sums != top.sums:
        yield _of_statement("classes", str(statement.sums), "proof.differs", found=top.sums)
    count = sum(numbers[0] for numbers in top.sums.values())
    if statement.claims != count:
        yield _of_statement("claims", str(statement.claims), "proof.differs", found=count)
    for name, line in statement.classes.items():
        rate = rate_of(statement.sums[name])
        if line["rate"] != rate:
            place = f"classes.{name}.rate"
            yield _of_statement(place, str(line["rate"]), "proof.differs", found=rate)
    yield from _money_is_conserved(statement)


def _money_is_conserved(statement: Statement) -> Iterator[Fault]:
    """Sum of pools = sum of paid and reserved + what is left over."""
    told = statement.received_fen + statement.left_over_fen
    if statement.pools_fen != told:
        found = yuan_text(told)
        shown = yuan_text(statement.pools_fen)
        yield _of_statement("pools_fen", shown, "proof.not_conserved", found=found)


def _pools_are_the_plans(published: Published) -> Iterator[Fault]:
    said, found = published.statement.pools_fen, published.plan.pools_fen
    if said != found:
        yield _of_statement("pools_fen", str(said), "proof.differs", found=found)


def _each_line_agrees(published: Published) -> Iterator[Fault]:
    for row, leaf in enumerate(published.leaves, FIRST_ROW):
        for column, key in line_faults(leaf):
            yield _of_line(row, leaf, column, key)
        if not _is_cut_right(leaf, published.plan):
            yield _of_line(row, leaf, "parts", "proof.parts")


def line_faults(leaf: Leaf) -> Iterator[tuple[str, str]]:
    """(column, phrase) of what one line says against itself."""
    received = leaf.received_fen
    if received > leaf.fen or leaf.baseline_fen > leaf.fen:
        yield "paid_fen", "proof.more_than_owed"
    if leaf.unpaid_fen != leaf.fen - received:
        yield "unpaid_fen", "proof.unpaid"
    if leaf.lien_fen > received:
        yield "lien_fen", "proof.lien"
    if leaf.state == "provisional" and leaf.paid_fen:
        yield "paid_fen", "proof.provisional"
    if leaf.state == "confirmed" and leaf.reserved_fen:
        yield "reserved_fen", "proof.reserved"
    if sum(leaf.parts) != leaf.paid_fen:
        yield "parts", "proof.parts"


def _is_cut_right(leaf: Leaf, plan: Plan) -> bool:
    is_cut = leaf.class_ == "consumer" and leaf.fen > plan.ceiling_fen
    wanted = equal_parts(leaf.paid_fen, plan.instalments if is_cut else 1)
    return list(leaf.parts) == wanted


def _liens_are_right(published: Published) -> Iterator[Fault]:
    division = expected.liens(published.leaves, published.plan)
    yield from _off(published, division, "lien_fen", lambda leaf: leaf.lien_fen)


def _baseline_is_right(published: Published) -> Iterator[Fault]:
    division = expected.baseline(published.leaves, published.plan)
    yield from _off(published, division, "baseline_fen", lambda leaf: leaf.baseline_fen)


def _plan_is_kept(published: Published) -> Iterator[Fault]:
    division = expected.planned(published.leaves, published.plan)
    yield from _off(published, division, "paid_fen", lambda leaf: leaf.received_fen)


def _off(
    published: Published,
    division: expected.Division,
    column: str,
    said: Callable[[Leaf], int],
) -> Iterator[Fault]:
    """Lines whose amount is not the exact one, give or take a fen for each division."""
    for row, leaf in enumerate(published.leaves, FIRST_ROW):
        exact = Fraction(division.got[row - FIRST_ROW])
        divided = division.divided[row - FIRST_ROW]
        if abs(said(leaf) - exact) >= max(divided, 1):
            shown = yuan_text(round(exact))
            yield _of_line(row, leaf, column, "proof.not_by_the_order", exact=shown)


def _of_statement(place: str, value: str, key: str, **values: Any) -> Fault:
    return Fault("statement.json", 0, place, value, words(key, **values))


def _of_line(row: int, leaf: Leaf, column: str, key: str, **values: Any) -> Fault:
    value = dict(zip(COLUMNS, leaf.cells, strict=True))[column]
    return Fault("table.csv", row, column, value, words(key, **values))


CHECKS: tuple[Callable[[Published], Iterator[Fault]], ...] = (
    _plan_is_the_one,
    _pools_are_the_plans,
    _root_is_right,
    _lines_stand_once,
    _each_line_agrees,
    _liens_are_right,
    _baseline_is_right,
    _plan_is_kept,
)

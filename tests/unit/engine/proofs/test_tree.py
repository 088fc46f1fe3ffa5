"""The tree: every leaf leads to the root, and nothing else does."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipo.engine.proofs.leaves import Leaf, blinded, salt_of
from zhipo.engine.proofs.tree import Beside, climbed, levels_over, path_to, root_of

PLAN = "0" * 64


def leaf(number: int, class_: str = "consumer", fen: int = 100) -> Leaf:
    secret = b"secret" * 6
    name = blinded(f"A-{number}", salt_of(f"A-{number}", secret))
    return Leaf(name, class_, "confirmed", fen, 0, 30, 31, 0, fen - 31, (31,))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13, 64, 100])
def test_every_leaf_leads_to_the_top(count: int) -> None:
    leaves = [leaf(number) for number in range(count)]
    levels = levels_over(leaves)
    (top,) = levels[-1]

    tops = [climbed(one, path_to(levels, place)) for place, one in enumerate(leaves)]

    assert tops == [top] * count
    assert top.sums == {"consumer": (count, 100 * count, 0, 30 * count, 31 * count, 0)}


def test_the_sums_of_a_class_stand_apart() -> None:
    (top,) = levels_over([leaf(1), leaf(2, "ordinary", 500), leaf(3)])[-1]

    assert top.sums == {
        "consumer": (2, 200, 0, 60, 62, 0),
        "ordinary": (1, 500, 0, 30, 31, 0),
    }


def test_a_last_leaf_doubled_is_another_tree() -> None:
    three = [leaf(number) for number in range(3)]
    (one,), (other,) = levels_over(three)[-1], levels_over([*three, three[-1]])[-1]

    assert root_of(one, PLAN) != root_of(other, PLAN)


def test_the_root_commits_to_the_plan() -> None:
    (top,) = levels_over([leaf(1)])[-1]

    assert root_of(top, PLAN) != root_of(top, "1" * 64)


@given(st.data())
def test_no_changed_leaf_and_no_changed_step_leads_to_the_root(data: st.DataObject) -> None:
    leaves = [leaf(number) for number in range(data.draw(st.integers(2, 20)))]
    levels = levels_over(leaves)
    (top,) = levels[-1]
    place = data.draw(st.integers(0, len(leaves) - 1))
    path = path_to(levels, place)
    field = data.draw(
        st.sampled_from(["fen", "lien_fen", "baseline_fen", "paid_fen", "reserved_fen"])
    )
    other = replace(leaves[place], **{field: getattr(leaves[place], field) + 1})
    step = data.draw(st.integers(0, len(path) - 1))

    assert climbed(other, path) != top
    assert climbed(leaves[place], _turned(path, step)) != top
    assert climbed(leaves[place], _inflated(path, step)) != top
    assert climbed(leaves[place], path[:-1]) != top


def _turned(path: list[Beside], step: int) -> list[Beside]:
    other = "left" if path[step].side == "right" else "right"
    return [*path[:step], replace(path[step], side=other), *path[step + 1 :]]


def _inflated(path: list[Beside], step: int) -> list[Beside]:
    sums = {name: tuple(n + 1 for n in row) for name, row in path[step].node.sums.items()}
    node = replace(path[step].node, sums=sums)
    return [*path[:step], replace(path[step], node=node), *path[step + 1 :]]

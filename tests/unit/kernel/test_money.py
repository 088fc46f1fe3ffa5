"""Money is exact: read, printed and divided to the fen."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipo.kernel.money import (
    MoneyError,
    by_bracket,
    equal_parts,
    parse_yuan,
    pay_up_to,
    round_half_up,
    share_out,
    yuan_text,
)

POTS = st.integers(0, 10**12)
WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=40).filter(any)
TARIFF = ((100, Fraction(1, 10)), (200, Fraction(5, 100)), (None, Fraction(1, 100)))


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("1234.5", 123_450),
        ("-1,234.50", -123_450),
        ("−0.01", -1),
        ("+3", 300),
        ("¥0.07", 7),
        ("￥1,000,000", 100_000_000),
        (" 2.50 ", 250),
        ("1.2300", 123),
    ],
)
def test_parse_yuan_reads_exactly(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    "text", ["", "yuan", "1.234", "1,23", "12,345,6", "1.", ".5", "1e3", "--1", "1 000"]
)
def test_parse_yuan_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(MoneyError):
        parse_yuan(text)


@pytest.mark.parametrize(
    ("fen", "text"),
    [(0, "¥0.00"), (7, "¥0.07"), (-7, "-¥0.07"), (123_456, "¥1,234.56"), (-100, "-¥1.00")],
)
def test_yuan_text_prints_as_people_read(fen: int, text: str) -> None:
    assert yuan_text(fen) == text


def test_yuan_text_without_a_sign() -> None:
    assert yuan_text(100_000_000, sign="") == "1,000,000.00"


@given(st.integers(-(10**15), 10**15))
def test_what_is_printed_is_read_back(fen: int) -> None:
    assert parse_yuan(yuan_text(fen)) == fen


@pytest.mark.parametrize(
    ("amount", "whole"),
    [
        (Fraction(1, 2), 1),
        (Fraction(3, 2), 2),
        (Fraction(49, 100), 0),
        (Fraction(-1, 2), 0),
        (Fraction(-51, 100), -1),
    ],
)
def test_round_half_up_gives_halves_to_the_creditor(amount: Fraction, whole: int) -> None:
    assert round_half_up(amount) == whole


@given(POTS, WEIGHTS)
def test_share_out_gives_away_the_pot_and_nothing_else(
    pot: int, weights: list[int]
) -> None:
    assert sum(share_out(pot, weights)) == pot


@given(POTS, WEIGHTS)
def test_share_out_is_less_than_a_fen_away_from_exact(pot: int, weights: list[int]) -> None:
    total = sum(weights)

    for share, weight in zip(share_out(pot, weights), weights, strict=True):
        assert abs(share - Fraction(pot * weight, total)) < 1


@given(POTS, WEIGHTS)
def test_share_out_never_gives_a_larger_weight_less(pot: int, weights: list[int]) -> None:
    shares = share_out(pot, weights)
    by_weight = sorted(zip(weights, shares, strict=True))

    largest_below = 0
    for weight in sorted(set(weights)):
        of_weight = [share for one, share in by_weight if one == weight]
        assert min(of_weight) >= largest_below
        largest_below = max(of_weight)


@given(POTS, WEIGHTS)
def test_share_out_settles_equal_weights_by_position(pot: int, weights: list[int]) -> None:
    shares = share_out(pot, weights)

    for weight in set(weights):
        of_weight = [
            share for one, share in zip(weights, shares, strict=True) if one == weight
        ]
        assert of_weight == sorted(of_weight, reverse=True)
        assert of_weight[0] - of_weight[-1] <= 1


def test_share_out_gives_the_fen_left_over_to_the_first_of_equals() -> None:
    assert share_out(11, [1, 1, 1]) == [4, 4, 3]


@pytest.mark.parametrize(("pot", "weights"), [(-1, [1]), (1, [0, 0]), (1, [2, -1])])
def test_share_out_refuses_what_cannot_be_divided(pot: int, weights: list[int]) -> None:
    with pytest.raises(AssertionError):
        share_out(pot, weights)


@given(POTS, WEIGHTS)
def test_pay_up_to_pays_nobody_more_than_owed(pot: int, owed: list[int]) -> None:
    paid = pay_up_to(pot, owed)

    assert sum(paid) == min(pot, sum(owed))
    assert all(got <= due for got, due in zip(paid, owed, strict=True))


def test_pay_up_to_pays_all_where_it_suffices_exactly() -> None:
    assert pay_up_to(5, [2, 3]) == [2, 3]
    assert pay_up_to(4, [2, 3]) == [2, 2]
    assert pay_up_to(4, []) == []


@given(POTS, st.integers(1, 500))
def test_equal_parts_are_floored_and_the_last_takes_the_rest(fen: int, parts: int) -> None:
    cut = equal_parts(fen, parts)

    assert sum(cut) == fen
    assert len(cut) == parts
    assert cut[:-1] == [fen // parts] * (parts - 1)
    assert cut[-1] - fen // parts < parts


@pytest.mark.parametrize(("fen", "parts"), [(-1, 1), (1, 0)])
def test_equal_parts_refuses_what_cannot_be_cut(fen: int, parts: int) -> None:
    with pytest.raises(AssertionError):
        equal_parts(fen, parts)


@pytest.mark.parametrize(
    ("base", "sum_of_slices"),
    [(0, 0), (100, 10), (101, Fraction(1005, 100)), (200, 15), (300, 16)],
)
def test_by_bracket_sums_each_slice_at_its_own_rate(
    base: int, sum_of_slices: Fraction
) -> None:
    assert by_bracket(base, TARIFF) == sum_of_slices


def test_by_bracket_refuses_a_negative_base() -> None:
    with pytest.raises(AssertionError):
        by_bracket(-1, TARIFF)

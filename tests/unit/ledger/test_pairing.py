"""Book against bill: each line pairs once, what is left has its reason."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from zhipo.ledger.reconciling import Moved, Unmatched, reconcile

DAY = date(2025, 9, 1)
lines = st.lists(
    st.builds(
        Moved,
        st.sampled_from(["", "A", "B", "C"]),
        st.sampled_from([-5, 5, 7]),
        st.sampled_from([DAY, date(2025, 9, 2)]),
    ),
    max_size=8,
)


def moved(reference: str, fen: int, on: date = DAY) -> Moved:
    return Moved(reference, fen, on)


def test_the_same_lines_leave_nothing() -> None:
    book = [moved("A", 5), moved("A", 5), moved("", 7)]

    assert reconcile(book, [book[2], book[0], book[1]]) == []


def test_a_line_on_one_side_alone_is_listed() -> None:
    found = reconcile([moved("A", 5)], [moved("B", 7)])

    assert [(one.why, one.book, one.bill) for one in found] == [
        (Unmatched.ONLY_IN_BOOK, moved("A", 5), None),
        (Unmatched.ONLY_IN_BILL, None, moved("B", 7)),
    ]


def test_one_line_never_pays_for_two() -> None:
    found = reconcile([moved("A", 5), moved("A", 5)], [moved("A", 5)])

    assert [one.why for one in found] == [Unmatched.ONLY_IN_BOOK]


def test_another_sum_under_the_same_reference_is_one_difference() -> None:
    found = reconcile([moved("A", 5)], [moved("A", 6)])

    assert [(one.why, one.book, one.bill) for one in found] == [
        (Unmatched.OTHER_SUM, moved("A", 5), moved("A", 6))
    ]


def test_without_a_reference_sum_and_day_decide() -> None:
    assert reconcile([moved("A", 5)], [moved("", 5)]) == []
    assert reconcile([moved("", 5)], [moved("B", 5)]) == []
    assert len(reconcile([moved("A", 5)], [moved("B", 5)])) == 2
    assert len(reconcile([moved("", 5)], [moved("", 5, date(2025, 9, 2))])) == 2


@given(lines, lines)
def test_differences_are_what_the_two_sides_differ_by(
    book: list[Moved], bill: list[Moved]
) -> None:
    found = reconcile(book, bill)

    apart = sum(one.book.fen for one in found if one.book) - sum(
        one.bill.fen for one in found if one.bill
    )
    assert apart == sum(one.fen for one in book) - sum(one.fen for one in bill)
    assert (found == []) <= (len(book) == len(bill))
    assert len(reconcile(bill, book)) == len(found)

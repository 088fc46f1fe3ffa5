"""Candidates of avoidable acts: each rule on both sides of its edge, sums from rows."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhipo.enforcement.avoidance.bookings import Account
from zhipo.enforcement.avoidance.parties import Party, Standing
from zhipo.enforcement.avoidance.searching import Found, Result, search
from zhipo.enforcement.avoidance.terms import Entry, Terms
from zhipo.enforcement.finding_states import AvoidableKind, Basis, DealingKind
from zhipo.enforcement.histories import COLUMNS
from zhipo.law.estate.avoidance import Shield, look_back

CHINA = ZoneInfo("Asia/Shanghai")
ACCEPTED = date(2025, 9, 1)
YEAR, HALF = date(2024, 9, 1), date(2025, 3, 1)
EARLIEST = date(2020, 1, 1)
S, K, B, D = Standing, AvoidableKind, Basis, DealingKind


def terms(**given: Any) -> Terms:
    back = look_back(accepted_on=given.pop("accepted_on", ACCEPTED))
    return Terms(back, given.pop("cause_since", EARLIEST), **given)


def booking(day: date, fen: int, to: str, **given: Any) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, given.pop("hour", 12), tzinfo=CHINA)
    values = {
        "at": at, "kind": "out", "fen": fen, "counterparty": to, "note": "货款",
        "counterparty_account_hash": "", "counterparty_hash": "", "institution": "bank",
        "reference": f"{day}-{fen}-{to}", "balance_fen": 0,
    }  # fmt: skip
    return values | given


def account(
    rows: Iterable[dict[str, Any]], *, history: int = 1, number: int = 1
) -> Account:
    return Account(history, number, pa.Table.from_pylist(list(rows), schema=COLUMNS))


def searched(
    rows: Iterable[dict[str, Any]] = (),
    parties: Iterable[Party] = (),
    entries: Iterable[Entry] = (),
    **given: Any,
) -> Result:
    return search(
        [account(rows)], parties=list(parties), entries=entries, terms=terms(**given)
    )


def kinds(result: Result) -> list[tuple[AvoidableKind, int]]:
    return [(one.kind, one.fen) for one in result.found]


def only(result: Result) -> Found:
    (found,) = result.found
    return found


@pytest.mark.parametrize(
    ("day", "is_found"),
    [
        (YEAR - timedelta(days=1), False),
        (YEAR, True),
        (ACCEPTED - timedelta(days=1), True),
        (ACCEPTED, False),
    ],
)
def test_a_gift_is_avoidable_in_the_year_before_acceptance(
    day: date, is_found: bool
) -> None:
    result = searched([booking(day, 500_00, "李某", note="赠与")])

    assert kinds(result) == ([(K.GRATUITOUS, 500_00)] if is_found else [])


@pytest.mark.parametrize(
    ("day", "is_found"),
    [
        (HALF - timedelta(days=1), False),
        (HALF, True),
        (ACCEPTED - timedelta(days=1), True),
        (ACCEPTED, False),
    ],
)
def test_a_payment_to_one_creditor_is_avoidable_in_the_last_six_months(
    day: date, is_found: bool
) -> None:
    result = searched([booking(day, 70_00, "甲公司")], [Party("甲公司", S.CREDITOR)])

    assert kinds(result) == ([(K.PREFERENCE, 70_00)] if is_found else [])


def test_days_are_counted_in_china_not_in_greenwich() -> None:
    """Half past midnight of the first day there is the day before in UTC."""
    first = booking(HALF, 70_00, "甲公司", hour=0)

    assert searched([first], [Party("甲公司", S.CREDITOR)]).found


@pytest.mark.parametrize(
    ("paid_on", "is_found"), [(date(2025, 4, 30), False), (date(2025, 5, 1), True)]
)
def test_a_preference_asks_for_the_cause_at_the_time(paid_on: date, is_found: bool) -> None:
    result = searched(
        [booking(paid_on, 1, "甲公司")], [Party("甲公司", S.CREDITOR)],
        cause_since=date(2025, 5, 1),
    )  # fmt: skip

    assert bool(result.found) is is_found
    assert bool(result.left_out.get("stands")) is not is_found


@pytest.mark.parametrize("shield", list(Shield))
def test_shielded_payments_stand(shield: Shield) -> None:
    party = Party("甲公司", S.DEBT, 1, due_on=EARLIEST, shields=frozenset({shield}))

    result = searched([booking(date(2025, 6, 1), 1, "甲公司")], [party])

    assert result.found == []
    assert result.left_out["stands"] == [1, 1]


def test_security_worth_less_than_the_claim_and_collusion_take_the_shield_away() -> None:
    secured = Party("甲", S.DEBT, 1, due_on=EARLIEST, claim_fen=100, security_fen=99,
                    shields=frozenset({Shield.OWN_SECURITY}))  # fmt: skip
    agreed = Party("乙", S.DEBT, 2, due_on=EARLIEST, is_collusive=True,
                   shields=frozenset({Shield.BY_COURT}))  # fmt: skip
    day = date(2025, 6, 1)

    result = searched([booking(day, 5, "甲"), booking(day, 4, "乙")], [secured, agreed])

    assert kinds(result) == [(K.PREFERENCE, 5), (K.PREFERENCE, 4)]


@pytest.mark.parametrize(
    ("due_on", "paid_on", "expected"),
    [
        (date(2025, 12, 1), YEAR, [(K.EARLY_PAYMENT, 9)]),
        (date(2025, 12, 1), YEAR - timedelta(days=1), []),
        (ACCEPTED, date(2024, 12, 1), [(K.EARLY_PAYMENT, 9)]),
        (ACCEPTED - timedelta(days=1), date(2024, 12, 1), []),  # fell due all the same
        (ACCEPTED - timedelta(days=1), HALF, [(K.EARLY_PAYMENT, 9)]),
        (date(2025, 6, 1), date(2025, 6, 1), [(K.PREFERENCE, 9)]),  # due when it was paid
    ],
)
def test_a_debt_paid_before_its_day(
    due_on: date, paid_on: date, expected: list[tuple[AvoidableKind, int]]
) -> None:
    party = Party("甲公司", S.DEBT, 3, due_on=due_on)

    result = searched([booking(paid_on, 9, "甲公司")], [party])

    assert kinds(result) == expected


def test_a_related_party_gets_for_nothing_what_it_never_lent() -> None:
    result = searched(
        [
            booking(date(2024, 10, 1), 100, "李某"),  # nothing had come from it yet
            booking(date(2024, 10, 5), 900, "李某", kind="in"),
            booking(date(2024, 11, 1), 200, "李某"),  # back, more than six months ago
            booking(date(2025, 4, 1), 300, "李某"),  # back in the last six months
        ],
        [Party("李某", S.RELATED)],
    )

    assert kinds(result) == [(K.PREFERENCE, 300), (K.GRATUITOUS, 100)]
    assert {one.basis for one in result.found} == {B.RELATED}


def test_own_accounts_and_courts_are_counted_and_left_out() -> None:
    day = date(2025, 6, 1)
    parties = [Party("本公司", S.OWN), Party("某法院", S.COURT)]

    result = searched([booking(day, 5, "本公司"), booking(day, 4, "某法院")], parties)

    assert result.found == []
    assert (result.left_out["own"], result.left_out["court"]) == ([1, 5], [1, 4])


def test_a_booking_goes_to_the_entry_that_names_it_then_to_the_first_standing() -> None:
    day = date(2025, 6, 1)
    named = booking(day, 5, "甲", reference="R1")
    parties = [
        Party("甲", S.CREDITOR),
        Party("甲", S.RELATED),
        Party("甲", S.GIFT, 7, reference="R1"),
    ]

    result = searched([named, booking(day, 4, "甲", reference="R2")], parties)

    assert kinds(result) == [(K.GRATUITOUS, 5), (K.PREFERENCE, 4)]
    assert [one.entry for one in result.found] == [7, 0]


def test_a_gift_of_one_day_leaves_the_other_days_alone() -> None:
    party = Party("甲", S.GIFT, 7, done_on=date(2025, 1, 2))

    result = searched(
        [booking(date(2025, 1, day), day, "甲") for day in (1, 2, 3)], [party]
    )

    assert kinds(result) == [(K.GRATUITOUS, 2)]


def test_the_same_booking_in_two_histories_counts_once() -> None:
    row = booking(date(2025, 6, 1), 100, "甲")
    other = booking(date(2025, 6, 2), 7, "甲")
    parties = [Party("甲", S.CREDITOR)]

    result = search(
        [account([row]), account([row, other], history=2),
         account([row], history=3, number=2)],
        parties=parties, entries=(), terms=terms(),
    )  # fmt: skip

    assert only(result).fen == 207  # the second account's booking is one of its own
    assert result.left_out["doubles"][0] == 1


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (D.GIFT, K.GRATUITOUS),
        (D.PRICE, K.UNREASONABLE_PRICE),
        (D.SECURITY, K.SECURITY_ADDED),
        (D.WAIVER, K.WAIVER),
    ],
)
def test_entered_acts_are_avoidable_within_the_year(
    kind: DealingKind, expected: AvoidableKind
) -> None:
    days = (YEAR - timedelta(days=1), YEAR, ACCEPTED - timedelta(days=1), ACCEPTED)
    entries = [Entry(number, kind, B.ENTERED, "甲", day, 10)
               for number, day in enumerate(days, 1)]  # fmt: skip

    result = searched(entries=entries)

    assert [(one.kind, one.entry) for one in result.found] == [(expected, 2), (expected, 3)]
    assert result.left_out["stands"] == [2, 20]


@pytest.mark.parametrize(
    ("kind", "expected"), [(D.HIDING, K.HIDING), (D.FABRICATED, K.FABRICATED_DEBT)]
)
def test_void_acts_have_no_limit_of_time(
    kind: DealingKind, expected: AvoidableKind
) -> None:
    result = searched(entries=[Entry(1, kind, B.ENTERED, "甲", date(2009, 1, 1), 10)])

    assert kinds(result) == [(expected, 10)]


def test_small_signs_are_counted_and_left_out_but_no_entry_is() -> None:
    day = date(2025, 6, 1)

    result = searched(
        [booking(day, 99, "甲"), booking(day, 100, "乙")],
        [Party("甲", S.CREDITOR), Party("乙", S.CREDITOR)],
        [Entry(1, D.WAIVER, B.ENTERED, "丙", day, 1)],
        least_fen=100,
    )

    assert kinds(result) == [(K.PREFERENCE, 100), (K.WAIVER, 1)]
    assert result.left_out["small"] == [1, 99]
    assert set(result.evidence["counterparty"].to_pylist()) == {"乙", "丙"}


def test_without_a_history_entries_are_searched_all_the_same() -> None:
    entry = Entry(1, D.WAIVER, B.REPORTED, "丙", date(2025, 6, 1), 1)

    result = search([], parties=(), entries=[entry], terms=terms())

    assert only(result).basis == B.REPORTED
    assert result.bookings == 0


NAMES = ("甲", "乙", "丙", "李某", "本公司")
ROWS = st.lists(
    st.builds(
        lambda days, fen, to, kind, note, number: booking(
            date(2024, 6, 1) + timedelta(days=days), fen, to, kind=kind, note=note,
            reference=str(number),
        ),
        st.integers(0, 500), st.integers(1, 10**9), st.sampled_from(NAMES),
        st.sampled_from(["in", "out"]), st.sampled_from(["货款", "赠与", "无偿"]),
        st.integers(0, 30),
    ),
    max_size=60,
)  # fmt: skip
PARTIES = st.lists(
    st.builds(
        Party, st.sampled_from(NAMES), st.sampled_from(list(Standing)), st.integers(0, 3),
        st.sampled_from(["", "1", "2"]), due_on=st.dates(date(2024, 6, 1), ACCEPTED),
    ),
    max_size=8,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(ROWS, PARTIES, st.integers(0, 10**6))
def test_the_rows_of_a_candidate_are_its_sum_and_no_booking_counts_twice(
    rows: list[dict[str, Any]], parties: list[Party], least_fen: int
) -> None:
    result = searched(rows, parties, least_fen=least_fen)

    for one in result.found:
        shown = result.evidence.filter(pc.field("key") == one.key)
        assert pc.sum(shown["fen"]).as_py() == one.fen
        assert shown.num_rows == one.rows
        days = pc.min_max(shown["day"]).as_py()
        assert (days["min"], days["max"]) == (one.first_on, one.last_on)
    assert result.evidence.num_rows == sum(one.rows for one in result.found)
    paid = sum(row["fen"] for row in rows if row["kind"] == "out")
    left = sum(fen for _, fen in result.left_out.values())
    assert sum(one.fen for one in result.found) + left <= paid

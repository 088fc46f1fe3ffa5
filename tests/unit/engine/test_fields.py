"""Columns are converted as their single values are: the vector path has one definition."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhipo.engine.fields import (
    BadValue,
    Field,
    choice_kind,
    convert,
    fen_kind,
    instant_kind,
    text_kind,
)

FEN = Field("fen", fen_kind(minimum=0))
AT = Field("at", instant_kind())

numbers = st.one_of(
    st.integers(-5, 10**17).map(str),
    st.sampled_from(
        ["", "1.0", "1.5", "+7", " 8 ", "1,000", "1e3", "九", "0x10", "-0", "٣"]
    ),
)
times = st.one_of(
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)).map(str),
    st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat()),
    st.sampled_from(
        ["2025-02-30", "2025-09-01", "2025-9-1", "2025/09/01", "epoch", "2025-09-01T25:00"]
    ),
)


@given(st.lists(numbers, min_size=1, max_size=8))
def test_fen_column_equals_its_values(texts: list[str]) -> None:
    typed, bad = convert(pa.array([text or None for text in texts], pa.string()), FEN)

    for index, text in enumerate(texts):
        try:
            expected = FEN.kind.read(text) if text else None
        except BadValue:
            expected = None
            assert index in {place for place, _, _ in bad}
        assert typed[index].as_py() == expected


@given(st.lists(times, min_size=1, max_size=8))
def test_instant_column_equals_its_values(texts: list[str]) -> None:
    typed, bad = convert(pa.array(texts), AT)

    for index, text in enumerate(texts):
        try:
            expected = AT.kind.read(text)
        except BadValue:
            expected = None
            assert index in {place for place, _, _ in bad}
        assert typed[index].as_py() == expected


@pytest.mark.parametrize(
    ("text", "hour_utc"),
    [
        ("2025-09-01T08:00:00", 0),
        ("2025-09-01 08:00", 0),
        ("2025-09-01T08:00:00Z", 8),
        ("2025-09-01T08:00:00.000001+09:00", 23),
        ("20250901T080000+0800", 0),
    ],
)
def test_a_time_without_offset_is_china_time(text: str, hour_utc: int) -> None:
    typed, bad = convert(pa.array([text]), AT)

    assert bad == []
    assert typed[0].as_py().hour == hour_utc


def test_an_empty_required_value_is_a_fault() -> None:
    _, bad = convert(pa.array(["a", None]), Field("holder_id", text_kind()))

    assert [(index, value) for index, value, _ in bad] == [(1, "")]


def test_an_empty_value_takes_the_default() -> None:
    field = Field("state", choice_kind(("confirmed", "provisional")), False, "confirmed")

    typed, bad = convert(pa.array([None, "provisional"], pa.string()), field)

    assert (typed.to_pylist(), bad) == (["confirmed", "provisional"], [])


def test_a_word_that_is_no_choice_is_a_fault() -> None:
    field = Field("kind", choice_kind(("top_up", "refund")))

    _, bad = convert(pa.array(["top_up", "Refund", "top_up "]), field)

    assert [value for _, value, _ in bad] == ["Refund", "top_up "]

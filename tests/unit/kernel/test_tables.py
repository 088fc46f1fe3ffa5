"""Parameters, sentences and faults: what is missing says so."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from zhipo.kernel.faults import (
    LONGEST_VALUE,
    Fault,
    Refused,
    refuse_if_any,
    write_faults,
)
from zhipo.kernel.parameters import NoParameter, load
from zhipo.kernel.phrases import Phrases, language

RATE = """
rate:
  zh: 利率
  en: rate
  unit: share per year
  status: U
  values:
    2025-05-20: {value: "0.0300", cite: B}
    2024-10-21: {value: "0.0310", cite: A}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "table.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("day", "value", "cite"),
    [
        (date(2024, 10, 21), Fraction(31, 1000), "A"),
        (date(2025, 5, 19), Fraction(31, 1000), "A"),
        (date(2025, 5, 20), Fraction(3, 100), "B"),
    ],
)
def test_a_parameter_has_the_value_of_the_day(
    tmp_path: Path, day: date, value: Fraction, cite: str
) -> None:
    found = load(written(tmp_path, RATE))["rate"].on(day)

    assert (found.fraction, found.cite) == (value, cite)


def test_a_parameter_has_no_value_before_its_first(tmp_path: Path) -> None:
    with pytest.raises(NoParameter, match="rate"):
        load(written(tmp_path, RATE))["rate"].on(date(2024, 10, 20))


def test_a_parameter_that_lacks_a_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lacks status"):
        load(written(tmp_path, RATE.replace("status: U", "other: U")))


def test_a_sentence_is_filled_in_in_the_language_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    say = Phrases(written(tmp_path, "paid: {zh: '已付 {fen} 分', en: 'paid {fen} fen'}"))

    monkeypatch.setenv("ZHIPO_LANG", "en_GB")
    assert say("paid", fen=3) == "paid 3 fen"
    assert say("paid", lang="zh", fen=3) == "已付 3 分"
    with pytest.raises(KeyError):
        say("unpaid")


@pytest.mark.parametrize(("asked", "spoken"), [("zh_CN", "zh"), ("EN", "en"), ("fr", "zh")])
def test_an_unknown_language_is_chinese(
    monkeypatch: pytest.MonkeyPatch, asked: str, spoken: str
) -> None:
    monkeypatch.setenv("ZHIPO_LANG", asked)

    assert language() == spoken


def test_a_sentence_without_one_language_is_refused(tmp_path: Path) -> None:
    say = Phrases(written(tmp_path, "paid: {zh: 已付}"))

    with pytest.raises(ValueError, match="paid is not in zh, en"):
        say("paid")


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("a.csv", 2, "fen", "x", "no number"), "a.csv:2:fen 'x': no number"),
        (Fault("a.csv", 0, "", "", "empty"), "a.csv: empty"),
    ],
)
def test_a_fault_names_place_value_and_reason(fault: Fault, text: str) -> None:
    assert str(fault) == text


def test_faults_refuse_all_together() -> None:
    faults = [Fault("a.csv", row, "fen", "x", "no number") for row in (2, 3)]

    refuse_if_any([])
    with pytest.raises(Refused, match="2 faults") as caught:
        refuse_if_any(faults)
    assert caught.value.faults == faults


def test_errors_csv_is_whole_and_cuts_long_values(tmp_path: Path) -> None:
    path = tmp_path / "errors.csv"

    write_faults([Fault("a.csv", 2, "fen", "x" * 999, "no, number")], path)

    head, row = path.read_text(encoding="utf-8").splitlines()
    assert head == "file,row,column,value,message"
    assert row == f'a.csv,2,fen,{"x" * LONGEST_VALUE},"no, number"'
    assert list(tmp_path.iterdir()) == [path]

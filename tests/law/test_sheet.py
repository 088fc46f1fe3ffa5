"""Every row of the rule sheet (sections A to P) is carried by a rule or says why not."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from zhipo.kernel.options import OPTIONS
from zhipo.kernel.rules import all_rules
from zhipo.law.registry import import_all

import_all()
HERE = Path(__file__).parent
SHEET: dict[str, dict[str, str]] = yaml.safe_load(
    (HERE / "sheet.yaml").read_text(encoding="utf-8")
)
SECTIONS = {
    "TRI": 17,
    "REF": 22,
    "ENF": 12,
    "STY": 15,
    "CLM": 13,
    "PPC": 17,
    "REV": 12,
    "REG": 4,
    "VOT": 14,
    "EST": 15,
    "AUC": 18,
    "DAT": 16,
    "DAV": 6,
    "WAT": 22,
    "INS": 9,
    "FUND": 7,
    "D": 45,
    "FEE": 9,
    "TAX": 8,
    "CRE": 3,
}
"""Section -> its rows in the sheet of 2026-09 (REF counts REF-04b)."""
BEYOND = re.compile(r"S\d+|NEW-\d+")
"""Rows of the sections R (law in motion) and S (where paper and law part)."""
EXAMPLES = (
    *(f"PPC-E{number}" for number in range(1, 8)),
    *("VOT-E1", "VOT-E2"),
    "AUC-E1",
    *("DAV-E1", "DAV-E2", "DAV-E3"),
    *("WAT-E1", "WAT-E2", "WAT-E3"),
    *("INS-E1", "INS-E2", "INS-E3"),
)
"""The worked examples that carry a name in the sheet."""
PLAIN_EXAMPLES = {
    "CLM-10": "24000 yuan of severance",
    "REV-06": "3220 yuan of double interest",
    "WAT-07": "228 days of late fee",
    "FUND-07": "120,000 advanced, 300,000 found",
    "FEE-02": "the table of fees",
    "FEE-03": "4,800 for collateral",
    "FEE-07": "7,400 for enforcement",
    "TAX-03": "1,019.80 on a data product",
    "TAX-05": "600,000 a year for five years",
}
"""Rows with an example that has no name of its own."""


def carried() -> set[str]:
    by_rules = {row for rule in all_rules() for row in rule.sheet}
    return by_rules | {option.sheet for option in OPTIONS.values()}


def case_rows() -> set[str]:
    """Every `sheet` that a worked case names."""
    blocks = (
        block
        for path in HERE.rglob("*.yaml")
        if path.name != "sheet.yaml"
        for block in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    )
    cases: list[dict[str, Any]] = [case for block in blocks for case in block["cases"]]
    return {row for case in cases for row in str(case.get("sheet", "")).split(", ")}


def test_the_list_has_every_row_of_every_section() -> None:
    counted: dict[str, int] = dict.fromkeys(SECTIONS, 0)
    for row in SHEET["rows"]:
        counted[row.rstrip("0123456789b").rstrip("-")] += 1

    assert counted == SECTIONS


@pytest.mark.parametrize("row", sorted(SHEET["rows"].keys() - SHEET["text_only"].keys()))
def test_row_is_carried_by_a_rule(row: str) -> None:
    assert row in {one for rule in all_rules() for one in rule.sheet}


@pytest.mark.parametrize("row", sorted(SHEET["text_only"]))
def test_row_that_is_text_only_says_why_and_no_rule_claims_it(row: str) -> None:
    assert SHEET["text_only"][row].strip()
    assert row not in carried()


def test_every_row_says_where_it_stands() -> None:
    assert [row for row, where in SHEET["rows"].items() if not str(where).strip()] == []


def test_rules_and_options_name_no_row_that_the_sheet_has_not() -> None:
    in_sections = {row for row in carried() if row and not BEYOND.fullmatch(row)}

    assert in_sections <= SHEET["rows"].keys() | set(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES)
def test_named_example_is_a_worked_case(example: str) -> None:
    assert example in case_rows()


@pytest.mark.parametrize("row", PLAIN_EXAMPLES)
def test_row_with_an_example_has_a_worked_case(row: str) -> None:
    assert row in case_rows()

"""Every rule says where it stands in the law, and has a page that says so."""

import re

from sources import ROOT

import reference
from zhipo.kernel.options import OPTIONS
from zhipo.kernel.rules import Status, all_rules
from zhipo.law.registry import import_all

import_all()
ID = re.compile(r"(cn|local|policy|paper)(\.[a-z0-9_]+)+")


def test_there_are_rules() -> None:
    assert len(all_rules()) > 100


def test_every_rule_has_a_citation() -> None:
    assert [rule.id for rule in all_rules() if not rule.cite.strip()] == []


def test_rules_read_in_full_cite_an_enactment_by_its_article() -> None:
    wrong = [
        rule.id
        for rule in all_rules()
        if rule.status == Status.V1 and not re.search("《.+》.*第.+条", rule.cite)
    ]

    assert not wrong


def test_every_rule_names_its_row_of_the_sheet_and_its_promise() -> None:
    without = [rule.id for rule in all_rules() if not rule.sheet or not rule.promise]

    assert not without


def test_rule_ids_follow_the_scheme() -> None:
    assert [rule.id for rule in all_rules() if not ID.fullmatch(rule.id)] == []


def test_options_are_interpretation_or_policy_with_a_reason() -> None:
    wrong = [
        name
        for name, option in OPTIONS.items()
        if option.status not in (Status.I, Status.P) or not option.reason
    ]

    assert not wrong


def test_reference_pages_are_what_the_code_says() -> None:
    found = reference.differences()

    assert not found, f"run `make docs` and commit:\n{found[:2000]}"


def test_every_rule_is_on_the_rules_page() -> None:
    page = (ROOT / "docs/reference/rules.md").read_text(encoding="utf-8")

    assert [rule.id for rule in all_rules() if f"### `{rule.id}`" not in page] == []

"""Every rule on its worked cases: YAML that lawyers can read and add to."""

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import yaml
from pydantic import TypeAdapter

from zhipo.kernel.rules import Rule, all_rules, rule_on
from zhipo.kernel.trace import tracing
from zhipo.law.registry import import_all

import_all()
HERE = Path(__file__).parent
SHEET = HERE / "sheet.yaml"
"""The rows of the rule sheet (test_sheet.py): no cases."""
KEYS = {"name", "sheet", "day", "given", "expect", "refuses", "expect_rules", "law_version"}


def cases() -> Iterator[Any]:
    for path in sorted(set(HERE.rglob("*.yaml")) - {SHEET}):
        for block in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            for case in block["cases"]:
                name = f"{path.stem}-{block['rule']}-{case['name']}"
                yield pytest.param(block["rule"], case, id=name)


@pytest.mark.parametrize(("rule_id", "case"), cases())
def test_case(rule_id: str, case: dict[str, Any]) -> None:
    assert case.keys() <= KEYS, f"unknown keys: {case.keys() - KEYS}"
    rule = rule_on(case["day"], rule_id, law_version=case.get("law_version", "current"))
    given = typed(rule, case.get("given", {}))

    if "refuses" in case:
        with pytest.raises(Exception) as caught:  # noqa: PT011  named below
            rule(**given)
        assert case["refuses"] in {type(caught.value).__name__, str(caught.value)}
        return
    with tracing() as steps:
        value = rule(**given)

    assert_matches(plain(value), case["expect"])
    fired = {step.rule.id for top in steps for step in top.walk()}
    assert set(case.get("expect_rules", [])) <= fired


def test_every_rule_has_cases() -> None:
    with_cases = {case.values[0] for case in cases()}

    without = {rule.id for rule in all_rules()} - with_cases

    assert not without


def typed(rule: Rule, given: Mapping[str, Any]) -> dict[str, Any]:
    """YAML values as the types that the function's signature names."""
    hints = get_type_hints(rule.function)
    unknown = given.keys() - inspect.signature(rule.function).parameters.keys()
    assert not unknown, f"{rule.id} does not take {unknown}"
    return {
        name: TypeAdapter(hints[name]).validate_python(value)
        for name, value in given.items()
    }


def plain(value: Any) -> Any:
    """A result as YAML would write it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, Mapping):
        return {plain(key): plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def assert_matches(value: Any, expected: Any) -> None:
    """Equal; of a mapping, the keys that the case names."""
    if isinstance(expected, dict) and isinstance(value, dict):
        for key, one in expected.items():
            assert key in value, f"the result has no {key}"
            assert_matches(value[key], one)
        return
    if isinstance(value, str) and isinstance(expected, int | float):
        expected = str(expected)
    assert value == expected
    assert not isinstance(value, date) or isinstance(expected, date)

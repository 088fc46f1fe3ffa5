"""One word for one thing: every rule, state and output term has its row."""

import ast
import re

from sources import ROOT, package_files, tree

from zhipo.kernel.rules import all_rules
from zhipo.law.registry import import_all

import_all()
COLUMNS = 5
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def rows() -> list[list[str]]:
    """The cells of every row of the glossary's tables."""
    lines = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines()
    cells = [
        re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in lines if _is_row(line)
    ]
    return [[cell.strip() for cell in row] for row in cells]


def identifiers() -> set[str]:
    return {name for row in rows() for name in NAME.findall(row[2])}


def test_every_row_has_its_five_cells() -> None:
    assert [row for row in rows() if len(row) != COLUMNS or not row[0] or not row[1]] == []


def test_every_row_begins_in_chinese() -> None:
    assert [row[0] for row in rows() if not re.search("[\u4e00-\u9fff]", row[0])] == []


def test_every_rule_function_is_in_the_glossary() -> None:
    known = identifiers()

    assert sorted({rule.function.__name__ for rule in all_rules()} - known) == []


def test_every_state_is_in_the_glossary() -> None:
    known = identifiers()

    missing = [name for name in _enum_members() if not known & set(name)]

    assert not missing


def _is_row(line: str) -> bool:
    is_head = line.startswith("| 中文 |") or set(line) <= set("|-: ")
    return line.startswith("|") and not is_head


def _enum_members() -> list[tuple[str, str]]:
    """(member, value) of every enumeration: either may be the word."""
    return [
        (target.id, str(one.value.value))
        for path in package_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and any(getattr(base, "id", "").endswith("Enum") for base in node.bases)
        for one in node.body
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Constant)
        for target in one.targets
        if isinstance(target, ast.Name)
    ]

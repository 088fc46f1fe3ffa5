"""What one person can hold in mind: files, functions, names of modules.

Width, complexity, parameters and statements are ruff's part (`make check`).
"""

import ast
from pathlib import Path

from sources import ROOT, python_files, tree

FILE_LINES = 400
TEST_FILE_LINES = 600
FUNCTION_LINES = 50
NAMELESS = {"utils", "helpers", "common", "misc", "manager", "service", "base"}
NAMED_BY_DJANGO = {Path("src/zhipo/web/postgresql/base.py")}
"""A database backend is looked for under this name and no other."""


def test_files_are_short() -> None:
    long = [
        f"{path}: {count} lines"
        for path in python_files()
        if (count := len(_lines(path))) > _limit(path)
    ]

    assert not long


def test_functions_are_short() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}: {count} lines"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (count := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ]

    assert not long


def test_modules_are_named_for_what_they_hold() -> None:
    nameless = [
        path for path in python_files() if NAMELESS & {path.stem, *path.parent.parts}
    ]

    assert set(nameless) == NAMED_BY_DJANGO


def test_no_section_banners_and_no_todo_without_issue() -> None:
    wrong = [
        f"{path}:{number}: {line.strip()}"
        for path in python_files()
        for number, line in enumerate(_lines(path), start=1)
        if _is_banner(line.strip()) or ("# TODO" in line and "# TODO(#" not in line)
        if path != Path(__file__).relative_to(ROOT)
    ]

    assert not wrong


def _lines(path: Path) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def _limit(path: Path) -> int:
    return TEST_FILE_LINES if path.parts[0] == "tests" else FILE_LINES


def _is_banner(line: str) -> bool:
    return line.startswith("#") and len(line) > 4 and set(line) <= set("#-=* ")

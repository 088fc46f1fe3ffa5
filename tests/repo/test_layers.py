"""One arrow, from kernel to cli (ORDER); the first two layers are pure."""

import ast

import pytest
from sources import imports, layer, package_files, tree

ORDER = (
    {"kernel"},
    {"law"},
    {"engine"},
    {"web"},
    {"privacy"},
    {"audit", "gateways"},
    {"accounts"},
    {"documents", "ledger"},
    {"cases"},
    {"claims"},
    {"enforcement"},
    {"distributions"},
    {"payouts"},
    {"disclosure"},
    {"portals"},
    {"demo"},
    {"cli_faults"},
    {"cli_audit", "cli_bundle", "cli_proofs", "cli_sandbox"},
    {"cli"},
)
LAYERS: dict[str, set[str]] = {
    name: set().union(*ORDER[:level])
    for level, names in enumerate(ORDER)
    for name in sorted(names)
}
PURE = ("kernel", "law")
OUTSIDE = {
    "django", "duckdb", "http", "ibis", "pandas", "pyarrow", "pyspark", "random",
    "requests", "socket", "sqlite3", "subprocess", "tempfile", "time", "urllib",
}  # fmt: skip
CLOCKS = {"today", "now", "utcnow"}
NOT_MONEY = {
    "src/zhipo/engine/progress.py": "seconds and shares of work done",
    "src/zhipo/engine/taking.py": "share of the files that are read",
    "src/zhipo/engine/backends.py": "share of a query that is done",
    "src/zhipo/engine/exact.py": "the one place of ADR 0006",
    "src/zhipo/engine/evidence/sheets.py": "a spreadsheet's cells, printed and read again",
}


def test_each_file_stands_in_a_layer() -> None:
    known = LAYERS.keys() | {"__init__", "__main__"}

    assert {layer(path) for path in package_files()} <= known


@pytest.mark.parametrize("name", LAYERS)
def test_layer_imports_only_those_below(name: str) -> None:
    allowed = {"", name, *LAYERS[name]}

    wrong = [
        f"{path} imports {module}"
        for path in package_files(name)
        for module in imports(path)
        if module.split(".")[0] == "zhipo" and _layer_of(module) not in allowed
    ]

    assert not wrong


def test_pure_layers_import_nothing_of_the_outside_world() -> None:
    wrong = [
        f"{path} imports {module}"
        for path in package_files(*PURE)
        for module in imports(path)
        if module.split(".")[0] in OUTSIDE
    ]

    assert not wrong


def test_pure_layers_ask_no_clock() -> None:
    wrong = [
        f"{path}:{node.lineno} asks the clock"
        for path in package_files(*PURE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS
    ]

    assert not wrong


def test_law_reads_and_writes_no_files_but_its_own_tables() -> None:
    writing = {"open", "write_text", "write_bytes", "unlink", "mkdir"}

    wrong = [
        f"{path}:{node.lineno} {name}"
        for path in package_files("law")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and (name := _called(node)) in writing
    ]

    assert not wrong


def test_law_and_kernel_know_no_float() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path in package_files("kernel", "law")
        for node in ast.walk(tree(path))
        if _is_float(node) or _is_float_literal(node)
    ]

    assert not wrong


def test_engine_turns_nothing_into_a_float() -> None:
    """Literals may be shares of work for the progress bar; conversions may not be."""
    wrong = [
        f"{path}:{node.lineno}"
        for path in package_files("engine")
        if str(path) not in NOT_MONEY
        for node in ast.walk(tree(path))
        if _is_float(node)
    ]

    assert not wrong


def _layer_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in LAYERS else ""


def _called(node: ast.Call) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def _is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in ("float64", "float32")
    return isinstance(node, ast.Name) and node.id == "float"


def _is_float_literal(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)

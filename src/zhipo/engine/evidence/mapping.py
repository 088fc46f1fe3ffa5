"""Mappings: the tables that say how a source's columns and rows become ledger events.

The shipped formats are mappings like any user's: one reader, many tables. A mapping
is checked against `mapping.schema.json` and then against itself (every field named
by a rule is a column), and each fault tells its line.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from zhipo.engine.evidence.faults import fault
from zhipo.kernel.faults import Fault, refuse_if_any

HERE = Path(__file__).parent
KINDS = ("top_up", "bonus", "consume", "refund")
SIGN = "sign"
VALUE = "value"
"""Not columns: the amount's sign, and the amount itself with its sign."""
TOP_LEVEL_OF_LAYOUT = (
    *("columns", "optional", "ignored", "at", "amount", "holder", "account", "rows"),
    *("counterparty", "ref", "channel", "payer_account", "balance", "perspective"),
)
FIELD_LISTS = ("holder", "account", "counterparty", "ref", "channel", "payer_account")
PATTERNS = ("account_text", "total_line", "total_header")

Table = dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """One arrangement of columns; `keys` holds the rest of its table."""

    name: str
    columns: dict[str, list[str]]
    optional: dict[str, list[str]]
    keys: Table

    @property
    def fields(self) -> dict[str, list[str]]:
        """Every field with the names its column may bear."""
        return {**self.columns, **self.optional}


@dataclass(frozen=True)
class Mapping:
    """A checked mapping; `keys` are its settings as written."""

    name: str
    layouts: tuple[Layout, ...]
    keys: Table
    sha256: str = ""
    path: str = ""

    @property
    def zone(self) -> str:
        return str(self.keys.get("zone", "Asia/Shanghai"))

    @property
    def fen_per_unit(self) -> int:
        unit = self.keys.get("unit", "yuan")
        return int(unit["fen"]) if isinstance(unit, dict) else {"yuan": 100, "fen": 1}[unit]


def formats() -> dict[str, Path]:
    """The shipped formats by name, for `--as`."""
    found = [*HERE.glob("formats/*.yaml"), *HERE.glob("mappings/*.yaml")]
    return {path.stem.replace("_", "-"): path for path in sorted(found)}


def mapping_called(name: str) -> Mapping:
    """The shipped format of this name, or the mapping file at this path."""
    path = formats().get(name.replace("_", "-"), Path(name))
    if path.suffix not in (".yaml", ".yml"):
        known = ", ".join(formats())
        refuse_if_any([fault("", "unknown_format", column="--as", value=name, known=known)])
    return read_mapping(path)


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file; Refused with every fault and its line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        refuse_if_any([fault(path.name, "mapping_unreadable", reason=error)])
    try:
        node = yaml.compose(text)
        keys = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        refuse_if_any([fault(path.name, "mapping_not_yaml", reason=error)])
    refuse_if_any(list(_schema_faults(path.name, node, keys)))
    refuse_if_any(list(_sense_faults(path.name, node, keys)))
    return _mapping(path, text, keys)


def _mapping(path: Path, text: str, keys: Table) -> Mapping:
    shared = {key: keys[key] for key in TOP_LEVEL_OF_LAYOUT if key in keys}
    layouts = [_layout({**shared, **table}) for table in keys.get("layouts", [{}])]
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Mapping(path.stem, tuple(layouts), keys, sha256, path.name)


def _layout(table: Table) -> Layout:
    columns = {key: _list(names) for key, names in table.get("columns", {}).items()}
    optional = {key: _list(names) for key, names in table.get("optional", {}).items()}
    return Layout(table.get("name", "table"), columns, optional, table)


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((HERE / "mapping.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def _schema_faults(file: str, node: Any, keys: Any) -> Iterator[Fault]:
    for line, key in _doubled_keys(node):
        yield fault(file, "mapping_key_twice", row=line, column=key)
    for found in _validator().iter_errors(keys):
        error = best_match([found])
        assert error is not None
        place = ".".join(str(part) for part in error.absolute_path)
        shown = "" if isinstance(error.instance, dict) else str(error.instance)
        row, reason = _line(node, list(error.absolute_path)), error.message[:300]
        yield fault(
            file, "mapping_schema", row=row, column=place, value=shown, reason=reason
        )


def _doubled_keys(node: Any) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield key.start_mark.line + 1, str(key.value)
            seen.add(str(key.value))
            yield from _doubled_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _doubled_keys(value)


def _line(node: Any, path: list[str | int]) -> int:
    """The line (from 1) at which this part of the file begins."""
    for part in path:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[int(part)]
        elif isinstance(node, yaml.MappingNode):
            node = next((v for k, v in node.value if k.value == str(part)), node)
    return node.start_mark.line + 1 if node is not None else 1


def _sense_faults(file: str, node: Any, keys: Table) -> Iterator[Fault]:
    """What the schema cannot see: fields without a column, patterns, zone, reasons."""
    shared = {key: keys[key] for key in TOP_LEVEL_OF_LAYOUT if key in keys}
    for number, table in enumerate(keys.get("layouts", [{}])):
        place = _line(node, ["layouts", number] if "layouts" in keys else [])
        layout = {**shared, **table}
        for key in ("columns", "at", "amount", "rows"):
            if key not in layout:
                yield fault(file, "mapping_key_missing", row=place, column=key)
        known = {*layout.get("columns", {}), *layout.get("optional", {}), SIGN, VALUE}
        used = _fields_used({**layout, "tallies": keys.get("tallies", [])})
        for name in dict.fromkeys(used):
            if name not in known:
                yield fault(file, "mapping_field_unknown", row=place, column=name)
        yield from _unknown_reasons(file, layout, set(keys.get("reasons", {})))
    yield from _wrong_settings(file, keys)


def _unknown_reasons(file: str, layout: Table, known: set[str]) -> Iterator[Fault]:
    for rule in layout.get("rows", []):
        if "leave_out" in rule and rule["leave_out"] not in known:
            yield fault(file, "mapping_reason_unknown", column=rule["leave_out"])


def _wrong_settings(file: str, keys: Table) -> Iterator[Fault]:
    for pattern in _patterns(keys):
        try:
            re.compile(pattern)
        except re.error as error:
            yield fault(file, "mapping_pattern", value=pattern, reason=error)
    try:
        ZoneInfo(str(keys.get("zone", "Asia/Shanghai")))
    except (KeyError, ValueError, OSError):
        yield fault(file, "mapping_zone", column="zone", value=str(keys["zone"]))


def _fields_used(table: Table) -> Iterator[str]:
    for key in FIELD_LISTS:
        yield from named_fields(table.get(key))
    yield from named_fields(table.get("at"))
    yield from amount_fields(table.get("amount"))
    yield from named_fields(table.get("balance"))
    for rule in (*table.get("rows", []), *table["tallies"]):
        yield from rule.get("when", {})
        yield from named_fields(rule.get("amount"))
        yield from named_fields(rule.get("at"))
        yield from named_fields(rule.get("sum"))


def named_fields(value: Any) -> list[str]:
    """The fields in `a`, `[a, b]`, `{join: [a, b]}` or `{first_of: [a, b]}`."""
    if value is None:
        return []
    if isinstance(value, dict):
        value = value.get("join") or value.get("first_of") or []
    return _list(value)


def amount_fields(value: Any) -> list[str]:
    """The fields in `a`, `{in: a, out: b}` or `{multiply: [a, b]}`."""
    if isinstance(value, dict):
        return (
            list(value["multiply"]) if "multiply" in value else [value["in"], value["out"]]
        )
    return [value] if value else []


def _patterns(keys: Table) -> Iterator[str]:
    yield from (keys[key] for key in PATTERNS if key in keys)
    yield from keys.get("notes", [])
    yield from (entry["text"] for entry in keys.get("must_say", []))
    yield from (
        tally["declared"] for tally in keys.get("tallies", []) if "declared" in tally
    )
    for table in (keys, *keys.get("layouts", [])):
        for rule in (*table.get("rows", []), *table.get("tallies", [])):
            tests = rule.get("when", {}).values()
            yield from (
                t["matches"] for t in tests if isinstance(t, dict) and "matches" in t
            )
        at = table.get("at")
        if isinstance(at, dict) and "year" in at:
            yield at["year"]

"""The schemas in docs/reference/bundle are the types, and a real bundle follows them."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from unit.enforcement.sample_bundle import directory, draft, tables, write
from zhipo.enforcement.bundle.manifest import MANIFEST, SIGNATURE
from zhipo.enforcement.bundle.reading import open_bundle
from zhipo.enforcement.bundle.schemas import ENDING, schema_files, write_schemas
from zhipo.enforcement.bundle.tables import TABLES

FOLDER = Path(__file__).parents[3] / "docs" / "reference" / "bundle"
COMMAND = "python -m zhipo.enforcement.bundle.schemas docs/reference/bundle"


def test_the_files_are_what_the_types_say() -> None:
    there = {path.name: path.read_text("utf-8") for path in FOLDER.glob(f"*.{ENDING}")}

    assert there == schema_files(), f"the schemas are behind the types: {COMMAND}"


def test_what_is_no_more_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / f"gone.{ENDING}").write_text("{}", encoding="utf-8")

    count = write_schemas(tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == schema_files().keys()
    assert count == len(TABLES) + 2


@pytest.mark.parametrize("name", [one.name for one in TABLES] + ["manifest", "signature"])
def test_a_real_bundle_follows_them(name: str, tmp_path: Path) -> None:
    sheath = open_bundle(write(draft(tmp_path), tmp_path / "a"), directory()).sheath
    own = {"manifest": MANIFEST, "signature": SIGNATURE}
    part = own.get(name, f"records/{name}.json")

    content = json.loads(sheath.content(part, limit=1 << 20))

    assert _faults(name, content) == []


def test_a_row_with_another_field_does_not() -> None:
    row = tables()["properties"][0].model_dump(mode="json") | {"more": 1}

    assert _faults("properties", {"rows": [row]})


def _faults(name: str, content: Any) -> list[str]:
    schema = json.loads(schema_files()[f"{name}.{ENDING}"])
    return [error.message for error in Draft202012Validator(schema).iter_errors(content)]

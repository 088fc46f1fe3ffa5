"""JSON Schemas of every JSON part of a bundle, for programs that are not zhipo.

python -m zhipo.enforcement.bundle.schemas docs/reference/bundle
"""

import json
import sys
from pathlib import Path

from zhipo.enforcement.bundle.manifest import FORMAT
from zhipo.enforcement.bundle.tables import schemas

ENDING = "schema.json"


def schema_files() -> dict[str, str]:
    """File name -> text: manifest, signature and each table, in the types' own order."""
    return {f"{name}.{ENDING}": _text(name) for name in schemas()}


def write_schemas(folder: Path) -> int:
    """Write every schema, and take away those of parts that are no more; how many."""
    folder.mkdir(parents=True, exist_ok=True)
    files = schema_files()
    for path in folder.glob(f"*.{ENDING}"):
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(files)


def _text(name: str) -> str:
    written = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{FORMAT}/{name}",
        **schemas()[name].model_json_schema(mode="serialization"),
        "title": name,
    }
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    print(write_schemas(Path(sys.argv[1])))

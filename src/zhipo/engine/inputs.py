"""What a result was made from: written beside it, checked before it is explained."""

import json
import os
from pathlib import Path
from typing import Any

from zhipo.engine.outputs import write_json
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused

NAME = "inputs.json"


def write_inputs(part: Path, out: Path, files: dict[str, Path | None], **told: Any) -> None:
    """Write inputs.json into `part`: paths as seen from `out`, sizes, times of change."""
    content = {name: _seal(path, out) for name, path in files.items() if path is not None}
    write_json(part / NAME, {"files": content, **told})


def read_inputs(folder: Path) -> dict[str, Any]:
    """The inputs of a result. Raises Refused where the folder holds none."""
    try:
        content: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Refused([Fault(folder.name, 0, NAME, "", words("inputs.none"))]) from error
    return content


def input_file(folder: Path, content: dict[str, Any], name: str) -> Path:
    """An input file, unchanged since. Raises Refused."""
    sealed = content["files"][name]
    path = Path(os.path.normpath(folder / sealed["path"]))
    try:
        found = path.stat()
    except OSError as error:
        raise Refused([Fault(path.name, 0, "", "", words("fault.missing_file"))]) from error
    if (found.st_size, found.st_mtime_ns) != (sealed["size"], sealed["changed"]):
        raise Refused([Fault(path.name, 0, "", "", words("inputs.changed"))])
    return path


def _seal(path: Path, out: Path) -> dict[str, Any]:
    found = path.stat()
    seen_from = os.path.relpath(path.resolve(), out.resolve())
    return {"path": seen_from, "size": found.st_size, "changed": found.st_mtime_ns}

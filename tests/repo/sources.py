"""What the tests about the repository look at."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "zhipo"
CODE = ("src", "tests", "tools", "benchmarks")


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git tracks or would track, as a path from the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    paths = (Path(name) for name in listed.decode().split("\0") if name)
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def texts() -> Iterator[tuple[Path, str]]:
    """Path and content of every tracked file that is text."""
    for path in tracked():
        raw = (ROOT / path).read_bytes()
        if b"\0" in raw[:4096]:
            continue
        yield path, raw.decode("utf-8", errors="replace")


def python_files() -> list[Path]:
    """Every Python file that people write, from the root: migrations are generated."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py"
        and path.parts[0] in CODE
        and not re.match(r"\d{4}_", path.name)
    ]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file named from the root."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def layer(path: Path) -> str:
    """The layer a file of src/zhipo stands in: its first folder, or the file's name."""
    inside = path.relative_to("src/zhipo")
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def package_files(*layers: str) -> list[Path]:
    """The Python files of src/zhipo, of these layers only if any are named."""
    files = [path for path in python_files() if path.is_relative_to("src/zhipo")]
    return [path for path in files if not layers or layer(path) in layers]


def imports(path: Path) -> Iterator[str]:
    """Full names of the modules that a file imports."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)

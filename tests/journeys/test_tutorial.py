"""docs/tutorial/first-case.md does what it says: files, commands, results."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial" / "first-case.md"
BLOCK = re.compile(r"^```(?P<kind>\w+)(?: (?P<file>\S+))?\n(?P<body>.*?)^```", re.M | re.S)
ZHIPO = Path(sys.executable).with_name("zhipo")


def blocks() -> Iterator[tuple[str, str, str]]:
    """(kind, file, body) of every fenced block, in order."""
    for found in BLOCK.finditer(TUTORIAL.read_text(encoding="utf-8")):
        yield found["kind"], found["file"] or "", found["body"]


def test_tutorial_gives_what_it_shows(tmp_path: Path) -> None:
    seen = set()
    for kind, file, body in blocks():
        if kind == "console":
            for line in body.splitlines():
                _run(line, tmp_path)
        elif "/" in file:
            seen.add(file)
            assert (tmp_path / file).read_text(encoding="utf-8") == body
        else:
            (tmp_path / file).write_text(body, encoding="utf-8")

    assert len(seen) == 3


def _run(line: str, here: Path) -> None:
    command, *arguments = shlex.split(line)
    assert command == "zhipo"
    done = subprocess.run(
        [str(ZHIPO), *arguments], cwd=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    if arguments[0] == "explain":
        assert "271.88" in done.stdout

"""Documents that cannot rot: links lead somewhere, commands and targets exist."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
from sources import ROOT, tracked

from reference_cli import commands
from zhipo.cli import app

LINK = re.compile(r"\[[^\]]*\]\((?P<to>[^)\s#]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?zhipo (?P<rest>[a-z].*)$", re.MULTILINE)
TARGET = re.compile(r"`make ([a-z-]+)")
FENCE = re.compile(r"```.*?\n(.*?)```", re.DOTALL)
KEPT = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")


def documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


@pytest.mark.parametrize("name", KEPT)
def test_document_is_there(name: str) -> None:
    assert Path(name) in documents()


@pytest.mark.parametrize("path", documents(), ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")

    broken = [
        to
        for found in LINK.finditer(text)
        if not (to := found["to"]).startswith(("http", "mailto:"))
        if not (ROOT / path.parent / to).exists()
    ]

    assert not broken


@pytest.mark.parametrize("path", documents(), ids=str)
def test_commands_and_their_options_exist(path: Path) -> None:
    known = dict(commands(typer.main.get_command(app)))
    text = (ROOT / path).read_text(encoding="utf-8")
    fences = "\n".join(FENCE.findall(text)).replace("\\\n", " ")

    wrong = [
        found[0]
        for found in COMMAND.finditer(fences)
        if not _is_known(found["rest"], known)
    ]

    assert not wrong


@pytest.mark.parametrize("path", documents(), ids=str)
def test_make_targets_exist(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = (ROOT / path).read_text(encoding="utf-8")

    assert set(TARGET.findall(text)) <= targets


def _is_known(rest: str, known: dict[str, Any]) -> bool:
    words = rest.split("#")[0].split()
    longest_first = sorted(known, key=len, reverse=True)
    name = next((name for name in longest_first if _begins(words, name)), None)
    if name is None:
        return False
    options = {one for parameter in known[name].params for one in parameter.opts}
    return {word for word in words if word.startswith("--")} <= options | {"--help"}


def _begins(words: list[str], name: str) -> bool:
    own = name.split()[1:]
    return words[: len(own)] == own

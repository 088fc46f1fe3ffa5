"""Every sentence for people stands in Chinese and in English, with the same gaps."""

import string
from pathlib import Path
from typing import Any

import pytest
import yaml
from sources import ROOT, tracked

from zhipo.kernel.phrases import LANGUAGES

THE_OTHER_LANGUAGE = "English"
"""What a switch of language says on a Chinese page."""


def tables() -> list[Path]:
    """The phrase tables: YAML files of the package named phrases."""
    return [
        path
        for path in tracked()
        if path.parts[0] == "src" and path.suffix == ".yaml" and "phrases" in path.stem
    ]


def rows(path: Path) -> dict[str, dict[str, Any]]:
    content = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_there_are_tables() -> None:
    assert tables()


@pytest.mark.parametrize("path", tables(), ids=str)
def test_table_has_every_language(path: Path) -> None:
    wrong = [
        key
        for key, row in rows(path).items()
        if set(row) != set(LANGUAGES) or not all(str(one).strip() for one in row.values())
    ]

    assert not wrong


@pytest.mark.parametrize("path", tables(), ids=str)
def test_languages_have_the_same_gaps(path: Path) -> None:
    wrong = [key for key, row in rows(path).items() if gaps(row["zh"]) != gaps(row["en"])]

    assert not wrong


@pytest.mark.parametrize("path", tables(), ids=str)
def test_chinese_is_chinese_and_nobody_shouts(path: Path) -> None:
    wrong = [
        key
        for key, row in rows(path).items()
        if not _says_something_chinese(row["zh"]) or "!" in row["en"] or "！" in row["zh"]
    ]

    assert not wrong


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _says_something_chinese(text: str) -> bool:
    """Whether there is Chinese in it, unless it is made of gaps and signs alone."""
    letters = [one for literal, *_ in string.Formatter().parse(text) for one in literal]
    words = [one for one in letters if one.isalpha()]
    return (
        not words
        or text == THE_OTHER_LANGUAGE
        or any("\u4e00" <= one <= "\u9fff" for one in words)
    )

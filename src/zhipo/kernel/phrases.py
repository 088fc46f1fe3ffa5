"""Sentences for people, in Chinese and English, from YAML tables of `key: {zh, en}`.

Legal documents are whole templates elsewhere; these are the tools' own words.
"""

import os
from functools import cache
from pathlib import Path

import yaml

LANGUAGES = ("zh", "en")
DEFAULT = "zh"


def language() -> str:
    """The language asked for by ZHIPO_LANG, Chinese unless told."""
    asked = os.environ.get("ZHIPO_LANG", DEFAULT)[:2].lower()
    return asked if asked in LANGUAGES else DEFAULT


class Phrases:
    """One table of sentences."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, key: str, *, lang: str | None = None, **values: object) -> str:
        """The sentence `key`, filled in. Raises KeyError for an unknown key."""
        return table(self.path)[key][lang or language()].format(**values)


@cache
def table(path: Path) -> dict[str, dict[str, str]]:
    """Read a table; every key has every language."""
    rows: dict[str, dict[str, str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, row in rows.items():
        if set(row) != set(LANGUAGES):
            raise ValueError(f"{path.name}: {key} is not in {', '.join(LANGUAGES)}")
    return rows

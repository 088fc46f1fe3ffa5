"""The words of the pages: YAML tables of `key: {zh, en}`, one per app (ADR 0007).

`say("claims.filed", count=3)` looks in `zhipo/claims/phrases.yaml` for `filed`. A sentence
that has no English or no Chinese is refused when its table is read.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from zhipo.kernel.phrases import Phrases, table

PACKAGE = Path(__file__).resolve().parents[1]


def current_language() -> str:
    """zh or en, as the request asks."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def say(key: str, *, lang: str | None = None, **values: Any) -> str:
    """The sentence `app.key` in the language of the request. Raises KeyError."""
    app, name = key.split(".", 1)
    text = Phrases(path_of(app))(name, lang=lang or current_language(), **values)
    assert not isinstance(text, SafeString)  # values are escaped where they are shown
    return text


def has(key: str) -> bool:
    """Whether there is such a sentence."""
    app, name = key.split(".", 1)
    return path_of(app).exists() and name in table(path_of(app))


@cache
def path_of(app: str) -> Path:
    """The table of an app, or of a portal ("creditor" is zhipo/portals/creditor)."""
    path = PACKAGE / app / "phrases.yaml"
    return path if path.exists() else PACKAGE / "portals" / app / "phrases.yaml"

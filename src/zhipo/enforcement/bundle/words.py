"""The sentences of bundles: what is wrong with one, what it holds, what it lacks.

They are needed without Django too; a page says in which language it speaks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from zhipo.kernel.phrases import Phrases

TABLE = Phrases(Path(__file__).with_name("phrases.yaml"))
_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


def words(key: str, *, lang: str | None = None, **values: object) -> str:
    """The sentence `key`, in the language spoken here. Raises KeyError."""
    text: str = TABLE(key, lang=lang or _spoken.get(), **values)
    return text


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Say everything inside in one language; outside ZHIPO_LANG decides."""
    token = _spoken.set(lang)
    try:
        yield
    finally:
        _spoken.reset(token)

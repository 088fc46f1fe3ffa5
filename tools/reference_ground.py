"""What the pages stand on: the apps set up, English asked for, no database opened."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

SURROUNDINGS = {
    "DATABASE_URL": "postgresql://127.0.0.1/none",  # never opened: no query is made
    "ZHIPO_SECRET_KEY": "reference",
    "ZHIPO_DATA_KEY": "00",
    "ZHIPO_LOOKUP_KEY": "00",
    "ZHIPO_LANG": "en",
    "DJANGO_SETTINGS_MODULE": "zhipo.web.settings",
}


@contextmanager
def without_server() -> Iterator[None]:
    """The apps, ready to be described; the environment is as before afterwards.

    Tests import this too, and what they start next must find a database.
    """
    before = dict(os.environ)
    os.environ.update({**SURROUNDINGS, **before, "ZHIPO_LANG": "en"})
    try:
        import django

        django.setup()
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)

"""The environment of a process that has nothing of this one's installation."""

import os

ONES_OWN = ("ZHIPO_", "DJANGO_", "DATABASE_")


def plain_environment() -> dict[str, str]:
    """This process's, without what says whose home, database and keys it works on."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(ONES_OWN)
    }

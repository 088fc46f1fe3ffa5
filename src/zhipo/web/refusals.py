"""Refusals that a person may read: which sentence, with which values, which status.

Policies raise them, the middleware `zhipo.web.errors.refusals` turns them into a page, the
API into problem+json. `key` names a sentence in an app's phrases.yaml ("claims.too_late").
"""

from typing import Any

from zhipo.web.words import say


class Declined(Exception):
    """An act that may not be done: the reason, and the way out if there is one."""

    status = 409

    def __init__(self, key: str, **values: Any) -> None:
        self.key = key
        self.values = values
        super().__init__(key)

    @property
    def sentence(self) -> str:
        return say(self.key, **self.values)


class NotAllowed(Declined):
    """This person, in this role, in this phase, may not do this."""

    status = 403


class NotInState(Declined):
    """The thing is not, or no longer, in a state in which this can be done."""

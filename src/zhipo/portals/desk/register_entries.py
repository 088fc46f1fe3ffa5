"""The register's entries for a file, told one by one."""

from collections.abc import Callable, Iterator
from typing import Any

from zhipo.cases.models import Case
from zhipo.claims.queries.register import headings, in_heading, register
from zhipo.portals.desk.exports import CHUNK


class Entries:
    """The register's entries heading by heading, each told as it is taken."""

    def __init__(self, case: Case, told: Callable[[int, int], None]) -> None:
        self.case, self._told, self._done = case, told, 0
        self.headings = headings(case)
        self._total = sum(one.count for one in self.headings)

    def under(self, heading: str) -> Iterator[Any]:
        """The entries of one heading, in the order of their numbers."""
        claims = in_heading(register(self.case), heading).order_by("number")
        for claim in claims.iterator(chunk_size=CHUNK):
            yield claim
            self._done += 1
            self._told(self._done, self._total)

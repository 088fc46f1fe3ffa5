"""How far a job is, for the page that waits for it: written at most twice a second."""

import time
from typing import Any

from zhipo.claims.models import Evidence

LEAST_SECONDS = 0.5


class Telling:
    """The progress of one job on one version of the books; stages are phrase keys."""

    def __init__(self, evidence_id: int) -> None:
        self.evidence_id = evidence_id
        self._started = time.monotonic()
        self._told_at = 0.0
        self._stage, self._from, self._weight = "", 0, 100

    def at(self, stage: str, *, start: int, end: int) -> "Telling":
        """Begin a stage that goes from `start` to `end` percent of the whole job."""
        self._stage, self._from, self._weight = stage, start, end - start
        self._write(start)
        return self

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` of this stage; too soon after the last time, it is not told."""
        if time.monotonic() - self._told_at < LEAST_SECONDS:
            return
        self._write(self._from + self._weight * done // max(1, total))

    def _write(self, percent: int) -> None:
        self._told_at = time.monotonic()
        content: dict[str, Any] = {"percent": percent, "stage": self._stage}
        spent = self._told_at - self._started
        if percent > 0:
            content["seconds_left"] = round(spent * (100 - percent) / percent)
        Evidence.objects.filter(pk=self.evidence_id).update(progress=content)

"""Jobs for later: put in line by the act that needs them, in its transaction.

Tasks are named, not imported, because they import the acts in turn.
"""

from typing import Any

from django.core.cache import cache
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

REVIEW_EVERY_SECONDS = 5


def later(task: str, *, lock: str, wait_seconds: int = 0, **arguments: Any) -> bool:
    """Put a job of claims/tasks.py (or one by its whole name) in line; False where the same
    one waits already.

    Jobs with one `lock` never run at the same time, and at most one of them waits.
    """
    name = task if "." in task else f"zhipo.claims.tasks.{task}"
    when = {"schedule_in": {"seconds": wait_seconds}} if wait_seconds else {}
    job = app.configure_task(name, lock=lock, queueing_lock=f"{task}:{lock}", **when)
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def review_soon(case_id: int) -> None:
    """Have what is filed reviewed once the act is committed; asked often, done once.

    A process asks at most every REVIEW_EVERY_SECONDS, and the job waits as long: what is
    filed in between is there when it begins.
    """
    transaction.on_commit(lambda: _ask_for_review(case_id))


def _ask_for_review(case_id: int) -> None:
    if cache.add(f"review-soon:{case_id}", True, REVIEW_EVERY_SECONDS):
        later("review_filed", lock=f"case-{case_id}", wait_seconds=REVIEW_EVERY_SECONDS,
              case_id=case_id)  # fmt: skip

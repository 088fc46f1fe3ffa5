"""Jobs for later: put in line by the act that needs them, in its transaction.

Tasks are named, not imported, because they import the acts in turn.
"""

from typing import Any

from django.core.cache import cache
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

REVIEW_EVERY_SECONDS = 5


def later(task: str, *, lock: str, **arguments: Any) -> bool:
    """Put a job of claims/tasks.py in line; False where the same one waits already.

    Jobs with one `lock` never run at the same time, and at most one of them waits.
    """
    name = f"zhipo.claims.tasks.{task}"
    job = app.configure_task(name, lock=lock, queueing_lock=f"{task}:{lock}")
    try:
        with transaction.atomic():
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def review_soon(case_id: int) -> None:
    """Have filed claims reviewed once the act is committed; asked often, done once.

    A process asks at most every REVIEW_EVERY_SECONDS; what it does not ask for, the job
    of each minute finds.
    """
    if not cache.add(f"review-soon:{case_id}", True, REVIEW_EVERY_SECONDS):
        return
    transaction.on_commit(
        lambda: later("review_filed", lock=f"case-{case_id}", case_id=case_id)
    )

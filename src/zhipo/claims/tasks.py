"""Jobs of claims: each calls one act. `zhipo worker` runs them, any number of workers."""

from typing import Any

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from zhipo.claims.actions import (
    bulk,
    evidence,
    letters,
    prefilling,
    reminding,
    reviewing,
)
from zhipo.claims.actions.background import Work, run_task
from zhipo.claims.jobs import later
from zhipo.claims.policies.reminding import not_before
from zhipo.claims.queries.books import cases_to_review

STALLED_SECONDS = 60.0
AGAIN = RetryStrategy(max_attempts=4, exponential_wait=5)


@app.task(retry=AGAIN)
def read_evidence(*, evidence_id: int) -> None:
    evidence.read_evidence(evidence_id=evidence_id)


@app.task(retry=AGAIN)
def prefill_claims(*, case_id: int) -> None:
    prefilling.prefill_claims(case_id=case_id)


@app.task(retry=AGAIN)
def review_filed(*, case_id: int) -> None:
    reviewing.review_filed(case_id=case_id)


@app.task(lock="reminders", retry=AGAIN)
def send_reminders(*, round_id: int) -> None:
    """Send a round; what night interrupts goes on in the morning."""
    if reminding.send_reminders(round_id=round_id):
        morning = not_before(timezone.now())
        send_reminders.configure(schedule_at=morning).defer(round_id=round_id)


@app.task(retry=AGAIN, pass_context=True)
def decide_in_bulk(context: JobContext, *, task_id: int) -> None:
    run_watched(bulk.decide_in_background, context, task_id)


@app.task(retry=AGAIN, pass_context=True)
def write_letters(context: JobContext, *, task_id: int) -> None:
    run_watched(letters.write_letters, context, task_id)


def run_watched(work: Work, context: JobContext, task_id: int) -> None:
    """Run a task that people watch; one that fails at its last try is given up."""
    is_last_try = int(context.job.attempts) >= (AGAIN.max_attempts or 0)
    run_task(work, task_id=task_id, is_last_try=is_last_try)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="review_all")
def review_all(timestamp: int) -> None:
    """Every minute, for what no filing has asked for."""
    for case_id in cases_to_review():
        later("review_filed", lock=f"case-{case_id}", case_id=case_id)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="take_up_stalled", pass_context=True)
async def take_up_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs whose worker is gone run again: every act may be repeated.

    Where the same job waits in line already, that one does the work.
    """
    jobs: Any = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            await jobs.finish_job(job, status=Status.FAILED, delete_job=False)

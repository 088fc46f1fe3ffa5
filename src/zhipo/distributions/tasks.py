"""Jobs of plans: each calls one act. `zhipo worker` runs them."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from zhipo.claims.actions.background import run_task
from zhipo.claims.tasks import AGAIN, is_last_try
from zhipo.distributions.actions import publishing


@app.task(retry=AGAIN, pass_context=True)
def publish_plan(context: JobContext, *, task_id: int) -> None:
    run_task(publishing.publish_in_background, task_id=task_id,
             is_last_try=is_last_try(context))  # fmt: skip

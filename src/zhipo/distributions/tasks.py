"""Jobs of plans: each calls one act. `zhipo worker` runs them."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from zhipo.claims.tasks import AGAIN, run_watched
from zhipo.distributions.actions import publishing


@app.task(retry=AGAIN, pass_context=True)
def publish_plan(context: JobContext, *, task_id: int) -> None:
    run_watched(publishing.publish_in_background, context, task_id)

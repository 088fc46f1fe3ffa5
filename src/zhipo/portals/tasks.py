"""Jobs of the portals: exports too long for a request. `zhipo worker` runs them."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from zhipo.claims.actions.background import run_task
from zhipo.claims.tasks import AGAIN, is_last_try
from zhipo.portals.desk import long_exports


@app.task(retry=AGAIN, pass_context=True)
def export_list(context: JobContext, *, task_id: int) -> None:
    run_task(long_exports.export_list, task_id=task_id, is_last_try=is_last_try(context))


@app.task(retry=AGAIN, pass_context=True)
def write_register(context: JobContext, *, task_id: int) -> None:
    run_task(long_exports.write_register, task_id=task_id, is_last_try=is_last_try(context))

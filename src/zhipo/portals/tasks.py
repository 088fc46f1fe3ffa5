"""Jobs of the portals: exports too long for a request. `zhipo worker` runs them."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from zhipo.claims.tasks import AGAIN, run_watched
from zhipo.portals.desk import long_exports, plan_files


@app.task(retry=AGAIN, pass_context=True)
def export_list(context: JobContext, *, task_id: int) -> None:
    run_watched(long_exports.export_list, context, task_id)


@app.task(retry=AGAIN, pass_context=True)
def write_register(context: JobContext, *, task_id: int) -> None:
    run_watched(long_exports.write_register, context, task_id)


@app.task(retry=AGAIN, pass_context=True)
def write_plan_workbook(context: JobContext, *, task_id: int) -> None:
    run_watched(plan_files.write_plan_workbook, context, task_id)


@app.task(retry=AGAIN, pass_context=True)
def write_plan_document(context: JobContext, *, task_id: int) -> None:
    run_watched(plan_files.write_plan_document, context, task_id)


@app.task(retry=AGAIN, pass_context=True)
def write_what_if(context: JobContext, *, task_id: int) -> None:
    run_watched(plan_files.write_what_if, context, task_id)

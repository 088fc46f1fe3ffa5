"""`zhipo distribute`: a plan's money to every claim, beside the statutory baseline."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from zhipo.engine.distribute.plan import read_plan
from zhipo.engine.inputs import write_inputs
from zhipo.engine.outputs import whole_folder, work_folder, write_json
from zhipo.engine.progress import Progress
from zhipo.engine.tables import REGISTER
from zhipo.engine.taking import Wanted, reading
from zhipo.kernel.faults import Fault, Refused


def distribute(
    plan_file: Path, out: Path, *, engine: str = "duckdb", progress: Progress | None = None
) -> dict[str, Any]:
    """Write payments.csv, steps.json and summary.json; returns the summary.

    Raises Refused with every fault found; then nothing is written.
    """
    started = time.monotonic()
    shown = progress or Progress()
    plan = read_plan(plan_file)
    wanted = [Wanted("register", plan.claims, REGISTER, "claim_id")]
    with (
        work_folder(out) as work,
        whole_folder(out) as part,
        reading(wanted, work=work, shown=shown, weight=0.15) as files,
    ):
        # Loading the engine takes half a second, which costs nothing while files are read.
        from zhipo.engine.distribute.columns import write_payments

        try:
            summary = write_payments(
                plan, files, engine=engine, part=part, work=work, shown=shown
            )
        except Refused as refused:
            faults = [_placed(fault, plan_file) for fault in refused.faults]
            raise Refused(faults) from refused
        summary["seconds"] = round(time.monotonic() - started, 3)
        write_json(part / "summary.json", summary)
        write_inputs(part, out, {"plan": plan_file, "claims": plan.claims})
    return summary


def _placed(fault: Fault, plan_file: Path) -> Fault:
    return fault if fault.file else replace(fault, file=plan_file.name)

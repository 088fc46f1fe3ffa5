"""The files of a plan: register, plan, division, publication, below ENVIRONMENT.files.

case-7/plans/3f2a…/register.csv plan.json payments/ published/ bundle.zip tree.sqlite
"""

import csv
import json
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from zhipo.cases.models import Case
from zhipo.distributions.models import Plan
from zhipo.distributions.register import sha256

REGISTER, PLAN = "register.csv", "plan.json"
PAYMENTS, PUBLISHED = "payments", "published"
TREE, BUNDLE = "tree.sqlite", "bundle.zip"
RESULT = f"{PAYMENTS}/payments.csv"


def folder_of(plan: Plan) -> Path:
    """Where a plan's files are, once it was submitted."""
    return Path(settings.ENVIRONMENT.files) / plan.folder


def result_of(plan: Plan) -> Iterator[Mapping[str, str]]:
    """The lines of a submitted plan's division: one for each claim and each cost."""
    path = folder_of(plan) / RESULT
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def parts_fen(line: Mapping[str, str]) -> list[int]:
    """How a line of the division is cut, in fen."""
    return [int(part) for part in line["parts"].split(";")]


@contextmanager
def new_folder(case: Case) -> Iterator[Path]:
    """A folder for a plan's files; gone again where what is done with it fails."""
    name = uuid.uuid4().hex
    folder = Path(settings.ENVIRONMENT.files) / f"case-{case.pk}" / "plans" / name
    folder.mkdir(parents=True)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def below_files(folder: Path) -> str:
    return str(folder.relative_to(settings.ENVIRONMENT.files))


def plan_json(content: Mapping[str, Any]) -> bytes:
    """The contract's PLAN.json over the register beside it; same content, same bytes."""
    whole = {**content, "claims": REGISTER}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=2).encode() + b"\n"


def is_as_sealed(plan: Plan) -> bool:
    """Whether register, plan and result are byte for byte what was submitted."""
    folder = folder_of(plan)
    sealed = (
        (REGISTER, plan.register_sha256),
        (PLAN, plan.plan_sha256),
        (RESULT, plan.result_sha256),
    )
    return all(_has(folder / name, digest) for name, digest in sealed)


def _has(path: Path, digest: str) -> bool:
    return path.is_file() and sha256(path.read_bytes()) == digest

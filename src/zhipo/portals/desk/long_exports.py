"""Exports that a worker writes: the file kept for the role that asked, with its task."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone, translation

from zhipo.cases.powers import check_power
from zhipo.claims.actions.background import finish_task
from zhipo.claims.actions.progress import Progress
from zhipo.claims.background import BackgroundTask
from zhipo.documents.actions import Content, keep_document
from zhipo.documents.kinds import KeptKind
from zhipo.portals.desk.exports import SPOOLED, Sheet, list_sheets, write_workbook
from zhipo.portals.desk.lists import LISTS
from zhipo.portals.desk.register_export import RegisterOrder, register_file, unmasked
from zhipo.web.words import say

LANGUAGES = {"zh": "zh-hans", "en": "en"}


@dataclass(frozen=True)
class ListOrder:
    """Which list, as which address shows it, in whose language."""

    name: str
    query: str
    lang: str


def export_list(task: BackgroundTask, told: Progress) -> None:
    """Write a list as its page showed it when the worker came to it."""
    order, by = ListOrder(**task.arguments), task.ordered_by
    listing, query = LISTS[order.name], QueryDict(order.query)
    if listing.act is not None:
        check_power(task.case, listing.act, by)
    total = listing.rows(task.case, query, by).count()
    with translation.override(LANGUAGES[order.lang]):
        sheets = counted(list_sheets(task.case, listing, query, by=by), total, told)
        title = say(f"desk.stage.{listing.name}")
        keep_workbook(task, title, sheets, lang=order.lang, count=total)


def write_register(task: BackgroundTask, told: Progress) -> None:
    """Write the whole register; that of the court, with whole names, is on record first."""
    order = RegisterOrder(**task.arguments)
    unmasked(task.case, order, by=task.ordered_by)
    with (
        translation.override(LANGUAGES[order.lang]),
        register_file(task.case, order, told=told, made_at=task.ordered_at) as file,
    ):
        title = _title(say(f"desk.register.{order.version}"), task)
        content = Content(title, file.read(), order.ending, order.lang)
    _keep(task, content)


def counted(sheets: Iterable[Sheet], total: int, told: Progress) -> Iterator[Sheet]:
    """The same sheets; every row that is taken is told."""
    done = 0

    def taken(rows: Iterable[Any]) -> Iterator[Any]:
        nonlocal done
        for row in rows:
            yield row
            done += 1
            told(done, total)

    for title, columns, rows in sheets:
        yield title, columns, taken(rows)


def keep_workbook(
    task: BackgroundTask, what: str, sheets: Iterable[Sheet], *, lang: str, count: int
) -> None:
    """Write sheets as XLSX and keep the file, which ends the task."""
    with SpooledTemporaryFile(max_size=SPOOLED) as file:
        write_workbook(file, sheets, made_at=task.ordered_at)
        file.seek(0)
        content = Content(_title(what, task), file.read(), "xlsx", lang)
    _keep(task, content, count=count)


def _title(what: str, task: BackgroundTask) -> str:
    """What a file is called, with the moment for which it was ordered."""
    return f"{what} {timezone.localtime(task.ordered_at):%Y-%m-%d %H%M}"


@transaction.atomic
def _keep(task: BackgroundTask, content: Content, **result: int) -> None:
    """Keep the file for the role that ordered it, with the end of its task."""
    document = keep_document(
        kind=KeptKind.EXPORT, chain=task.case.number, content=content,
        for_role=task.role, by=task.ordered_by,
    )  # fmt: skip
    finish_task(task_id=task.pk, document=document, **result)

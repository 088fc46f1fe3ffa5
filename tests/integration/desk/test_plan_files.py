"""A long plan's files and publication: a worker's to make, watched, safe to repeat."""

import io
import json
import shutil
import zipfile
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import docx
import openpyxl
import pytest
from django.test import Client

from devices import device_of, text_of
from factories_plans import (
    RULING,
    TODAY,
    People,
    make_approved,
    make_confirmed,
    make_funded_case,
    make_plan,
    make_submitted,
    make_terms,
)
from zhipo.accounts.models import User
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.claims.actions.background import order_task, run_task
from zhipo.claims.background import BackgroundTask, TaskKind, TaskState
from zhipo.distributions import files
from zhipo.distributions.actions import publishing
from zhipo.distributions.actions.approving import approve_plan
from zhipo.distributions.actions.publishing import (
    order_publication,
    publish_approved,
    publish_in_background,
)
from zhipo.distributions.models import Plan, Share
from zhipo.distributions.queries.published import proof_for, published_plans
from zhipo.documents.models import Document
from zhipo.documents.queries import open_document
from zhipo.portals.desk import exports, plan_files
from zhipo.portals.desk.forms_plans import asked_of
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
WORK = {
    TaskKind.WRITE_PLAN_WORKBOOK: plan_files.write_plan_workbook,
    TaskKind.WRITE_PLAN_DOCUMENT: plan_files.write_plan_document,
    TaskKind.WRITE_WHAT_IF: plan_files.write_what_if,
    TaskKind.PUBLISH_PLAN: publish_in_background,
}
KEY = "0" * 31 + "1"


@pytest.fixture(autouse=True)
def _everything_is_long(
    tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(publishing, "AT_ONCE", 1)


@pytest.fixture
def ready() -> tuple[Case, People]:
    case, people = make_funded_case()
    make_confirmed(case, 870_000_00)
    make_confirmed(case, 630_000_00, kind="supplier")
    return case, people


def at(case: Case, rest: str) -> str:
    return f"/desk/{case.slug}/plans{rest}"


def ordered(client: Client, address: str) -> BackgroundTask:
    """The task that a form has put in line; the same form again is the same task."""
    answers = [client.post(address, {"page_key": KEY}) for _ in range(2)]
    task = BackgroundTask.objects.latest("pk")
    assert {one["Location"] for one in answers} == {
        f"/desk/{task.case.slug}/tasks/{task.pk}"
    }
    assert task.state == TaskState.ORDERED
    return task


def done(task: BackgroundTask, **how: Any) -> BackgroundTask:
    work = WORK[TaskKind(task.kind)]
    run_task(work, task_id=task.pk, **({"is_last_try": False} | how))
    task.refresh_from_db()
    return task


def content(task: BackgroundTask) -> io.BytesIO:
    assert task.document is not None
    with open_document(task.document) as file:
        return io.BytesIO(file.read())


@pytest.mark.parametrize("make", [make_plan, make_submitted])
def test_a_workbook_is_written_by_a_worker_and_fetched_by_the_role(
    ready: tuple[Case, People], make: Any
) -> None:
    case, people = ready
    plan, lead = make(case, people), device_of(people.lead)

    task = done(ordered(lead, at(case, f"/{plan.number}/workbook")))

    assert (task.state, task.result) == ("done", {"count": 2})
    book = openpyxl.load_workbook(content(task))
    assert len(book.sheetnames) == 5
    assert book.worksheets[-1].max_row == 3
    page = text_of(lead.get(f"/desk/{case.slug}/tasks/{task.pk}"))
    assert "制作分配明细表" in page
    file = lead.get(f"/desk/{case.slug}/tasks/{task.pk}/file")
    assert b"".join(file.streaming_content) == content(task).getvalue()
    others = device_of(people.judge).get(f"/desk/{case.slug}/tasks/{task.pk}/file")
    assert others.status_code == 404


def test_the_document_is_written_once_by_whoever_may_build_plans(
    ready: tuple[Case, People],
) -> None:
    case, people = ready
    plan = make_plan(case, people)
    address = at(case, f"/{plan.number}/document")
    assert device_of(people.cashier).post(address).status_code == 403

    task = done(ordered(device_of(people.lead), address))
    done(task)

    text = "\n".join(one.text for one in docx.Document(content(task)).paragraphs)
    assert plan.title in text
    assert Document.objects.filter(kind="distribution_plan").count() == 1


def test_terms_that_are_tried_are_exported_by_a_worker(
    ready: tuple[Case, People],
) -> None:
    case, people = ready
    query = urlencode({**asked_of(make_terms()).dict(), "sort": "-fen"})
    lead = device_of(people.lead)

    task = done(ordered(lead, at(case, f"/what-if/creditors/export?{query}")))

    rows = list(openpyxl.load_workbook(content(task)).active.values)
    assert len(rows) == 3
    assert rows[1][2] > rows[2][2]
    wrong = lead.post(at(case, f"/what-if/creditors/export?{query}&law_date=x"))
    assert wrong.status_code == 302
    assert "/what-if?" in wrong["Location"]


def test_a_plan_that_cannot_be_reckoned_any_more_stops_with_the_reason(
    ready: tuple[Case, People], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, people = ready
    plan = make_plan(case, people)
    task = ordered(device_of(people.lead), at(case, f"/{plan.number}/workbook"))
    monkeypatch.setattr(plan_files, "outcome_of", lambda _: None)

    done(task)

    assert (task.state, task.result["key"]) == ("stopped", "desk.plans.no_outcome")


def approved(ready: tuple[Case, People]) -> tuple[Plan, BackgroundTask]:
    plan = make_approved(*ready)
    return plan, BackgroundTask.objects.get(kind=TaskKind.PUBLISH_PLAN)


def is_published(plan: Plan) -> bool:
    return published_plans(plan.case).filter(pk=plan.pk).exists()


def breaks_off(
    task: BackgroundTask, name: str, monkeypatch: pytest.MonkeyPatch, **how: Any
) -> None:
    """The work fails where it calls this."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(publishing, name, fail)
        with pytest.raises(RuntimeError):
            done(task, **how)
    task.refresh_from_db()


def test_a_long_plan_is_approved_at_once_and_published_by_a_worker(
    ready: tuple[Case, People],
) -> None:
    plan, task = approved(ready)
    share = Share.objects.filter(plan=plan).select_related("claim", "plan__case").first()
    assert share is not None
    assert (plan.statement, is_published(plan)) == ({}, False)
    with pytest.raises(NotInState, match="not_published_yet"):
        proof_for(share)

    done(task)

    plan.refresh_from_db()
    assert is_published(plan)
    assert task.result == {"number": plan.number, "root": plan.statement["root"]}
    share.plan = plan
    assert proof_for(share)["statement"] == plan.statement
    with zipfile.ZipFile(files.folder_of(plan) / files.BUNDLE) as bundle:
        inside = json.loads(bundle.read("bundle/statement.json"))
    assert inside == plan.statement
    events = list(Entry.objects.order_by("position").values_list("event", flat=True))
    assert events[-2:] == ["plan_published", "task_finished"]


def test_the_same_is_published_at_once_and_by_a_worker(
    ready: tuple[Case, People], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, task = approved(ready)
    done(task)
    plan.refresh_from_db()
    told = plan.statement

    Plan.objects.filter(pk=plan.pk).update(statement={})
    publish_approved(plan_id=plan.pk)

    plan.refresh_from_db()
    assert plan.statement == told


def test_what_broke_off_is_published_by_the_next_try(
    ready: tuple[Case, People], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, task = approved(ready)

    for name in ("keep_tree", "_pack", "finish_task", "record"):
        breaks_off(task, name, monkeypatch)
        assert not is_published(plan)
        assert task.state == TaskState.ORDERED

    assert done(task).state == TaskState.DONE
    assert is_published(plan)


def test_a_publication_that_failed_is_ordered_again_by_the_judge(
    ready: tuple[Case, People], monkeypatch: pytest.MonkeyPatch
) -> None:
    case, people = ready
    plan, task = approved(ready)
    judge = device_of(people.judge)
    court = f"/court/{case.slug}/plans/{plan.number}"
    assert "核对材料正在制作" in text_of(judge.get(court))
    waiting = order_publication(plan_id=plan.pk, form_key="x", by=people.judge)
    assert waiting.pk == task.pk
    breaks_off(task, "keep_tree", monkeypatch, is_last_try=True)
    assert task.state == TaskState.STOPPED

    again = ordered(judge, f"{court}/publish")

    assert again.pk != task.pk
    done(again)
    page = text_of(judge.get(f"/desk/{case.slug}/tasks/{again.pk}"))
    plan.refresh_from_db()
    assert plan.statement["root"][:16] in page
    assert plan.statement["root"][:16] in text_of(judge.get(court))
    with pytest.raises(NotInState, match="published"):
        order_publication(plan_id=plan.pk, form_key="y", by=people.judge)


def test_the_judge_alone_has_it_published(ready: tuple[Case, People]) -> None:
    case, people = ready
    plan = make_submitted(case, people)
    with pytest.raises(NotInState):
        order_publication(plan_id=plan.pk, form_key="x", by=people.judge)
    approve_plan(plan_id=plan.pk, ruling=RULING, ruled_on=TODAY, by=people.judge)
    before = BackgroundTask.objects.count()

    others: tuple[User, ...] = (people.lead, people.reviewer, people.cashier, people.clerk)
    for other in others:
        with pytest.raises(NotAllowed):
            order_publication(plan_id=plan.pk, form_key="x", by=other)
        with pytest.raises(NotAllowed):
            order_task(case_id=case.pk, kind=TaskKind.PUBLISH_PLAN,
                       arguments={"plan": plan.pk}, form_key="x", by=other)  # fmt: skip
    assert BackgroundTask.objects.count() == before


def test_nothing_unpublished_is_shown_to_the_public(ready: tuple[Case, People]) -> None:
    case, _ = ready
    plan, task = approved(ready)
    anybody = Client()

    page = anybody.get(f"/c/{case.slug}/distributions")
    assert plan.title not in text_of(page)
    one = f"/c/{case.slug}/distributions/{plan.number}"
    assert anybody.get(one).status_code == 404

    done(task)
    assert plan.title in text_of(anybody.get(f"/c/{case.slug}/distributions"))
    assert anybody.get(one).status_code == 200
    shutil.rmtree(files.folder_of(plan))
    assert anybody.get(f"{one}/statement.json").status_code == 503

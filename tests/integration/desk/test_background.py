"""Work too long for a request: ordered once, done whole or not at all, for one role."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from openpyxl import load_workbook
from procrastinate.contrib.django import app

from factories import make_case, make_claim, make_holder, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.phases import Phase
from zhipo.claims.actions import background, bulk
from zhipo.claims.actions.background import order_task, run_task
from zhipo.claims.actions.bulk import BulkOrder, preview
from zhipo.claims.actions.progress import Progress
from zhipo.claims.background import BackgroundTask, TaskKind, TaskState
from zhipo.claims.models import Adjustment, Claim, Message
from zhipo.claims.queries.desk import ClaimFilter
from zhipo.documents.models import Document
from zhipo.documents.queries import documents_of
from zhipo.law.review.decision import Decision
from zhipo.portals.desk import exports, long_exports
from zhipo.portals.desk.views import bulk as bulk_view
from zhipo.web.refusals import NotAllowed, NotInState

SignIn = Callable[[User], Client]
LIST = {"name": "claims", "query": "sort=-claimed_fen", "lang": "zh"}
KEY = "0" * 31 + "1"


def ordered(case: Any, by: Any, kind: TaskKind = TaskKind.EXPORT_LIST, **other: Any) -> Any:
    return order_task(
        case_id=case.pk, kind=kind, arguments=other or LIST, form_key=KEY, by=by
    )


def done(task: BackgroundTask, work: Any = long_exports.export_list, **how: Any) -> Any:
    run_task(work, task_id=task.pk, **({"is_last_try": False} | how))
    task.refresh_from_db()
    return task


def to_decide(case: Any, count: int = 3) -> BulkOrder:
    for _ in range(count):
        make_claim(case, make_holder(case), state="filed", claimed_fen=30_000)
    seen = preview(case, ClaimFilter(), Decision.REDUCE)
    return BulkOrder(ClaimFilter(), seen, Decision.REDUCE, "以账目为准")


def count(event: Event) -> int:
    return Entry.objects.filter(event=event).count()


def fail(*_: Any, **__: Any) -> None:
    raise RuntimeError


def test_work_is_put_in_line_once_for_one_form_and_recorded(case: Any, lead: User) -> None:
    task = ordered(case, lead)

    assert ordered(case, lead).pk == task.pk
    assert ordered(case, lead, name="late", query="", lang="zh").pk != task.pk
    assert (task.state, task.role) == ("ordered", "administrator_lead")
    assert count(Event.TASK_ORDERED) == 2


@pytest.mark.parametrize(
    ("kind", "role", "is_let"),
    [
        (TaskKind.EXPORT_LIST, Role.ADMINISTRATOR_CASHIER, True),
        (TaskKind.EXPORT_LIST, Role.COURT_CLERK, True),
        (TaskKind.WRITE_REGISTER, Role.BANKRUPTCY_JUDGE, True),
        (TaskKind.WRITE_REGISTER, Role.ADMINISTRATOR_REVIEWER, False),
        (TaskKind.WRITE_LETTERS, Role.ADMINISTRATOR_REVIEWER, True),
        (TaskKind.WRITE_LETTERS, Role.BANKRUPTCY_JUDGE, False),
        (TaskKind.DECIDE_CLAIMS, Role.ADMINISTRATOR_REVIEWER, True),
        (TaskKind.DECIDE_CLAIMS, Role.ADMINISTRATOR_CASHIER, False),
        (TaskKind.DECIDE_CLAIMS, Role.BANKRUPTCY_JUDGE, False),
    ],
)
def test_whoever_may_do_it_may_have_it_done(
    case: Any, kind: TaskKind, role: Role, is_let: bool
) -> None:
    is_court = role in (Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK)
    by = make_staff(role, case.court if is_court else case.administrator)

    if is_let:
        assert ordered(case, by, kind).role == role
    else:
        with pytest.raises(NotAllowed):
            ordered(case, by, kind)
        assert not BackgroundTask.objects.exists()


def test_nobody_orders_in_another_case_or_in_the_wrong_phase(case: Any, lead: User) -> None:
    stranger = make_staff(Role.ADMINISTRATOR_LEAD, make_case().administrator)
    with pytest.raises(NotAllowed):
        ordered(case, stranger)
    case.phase = Phase.ACCEPTED
    case.save()
    with pytest.raises(NotInState):
        ordered(case, lead, TaskKind.DECIDE_CLAIMS)

    assert not BackgroundTask.objects.exists()


def test_failing_audit_undoes_the_order_and_the_end(
    case: Any, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = ordered(case, lead)
    monkeypatch.setattr(background, "record", fail)

    with pytest.raises(RuntimeError):
        ordered(case, lead, name="late", query="", lang="zh")
    with pytest.raises(RuntimeError):
        done(task)

    task.refresh_from_db()
    assert (task.state, BackgroundTask.objects.count()) == ("ordered", 1)
    assert Document.objects.count() == 0


def test_export_is_kept_sealed_for_the_role_that_asked(case: Any, lead: User) -> None:
    for fen in (100, 300):
        make_claim(case, make_holder(case), claimed_fen=fen)

    task = done(ordered(case, lead))
    again = done(task)

    assert (task.state, task.result) == ("done", {"count": 2})
    assert again.document_id == task.document_id == Document.objects.get().pk
    assert not documents_of(case.number).exists()
    assert task.document.for_role == "administrator_lead"
    assert count(Event.TASK_FINISHED) == count(Event.DOCUMENT_MADE) == 1


@pytest.mark.parametrize("version", ["meeting", "court"])
@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_register_is_written_by_a_worker_too(
    case: Any, lead: User, version: str, ending: str
) -> None:
    make_claim(case, make_holder(case), state="tabled", decision="admit", admitted_fen=5)
    task = ordered(case, lead, TaskKind.WRITE_REGISTER, version=version, ending=ending,
                   lang="zh")  # fmt: skip

    done(task, long_exports.write_register)

    assert task.document.path.endswith(ending)
    assert count(Event.DATA_UNMASKED) == (version == "court")


def test_bulk_decision_is_done_whole_with_the_end_of_its_task(
    case: Any, lead: User
) -> None:
    order = to_decide(case)
    task = ordered(case, lead, TaskKind.DECIDE_CLAIMS, **order.arguments())

    done(task, bulk.decide_in_background)
    done(task, bulk.decide_in_background)

    assert task.result == {"count": 3, "batch": order.batch}
    assert Adjustment.objects.filter(batch=order.batch).count() == 3
    assert Claim.objects.filter(state="reviewed", decided_by=lead).count() == 3


def test_decision_that_fails_half_way_leaves_nothing_and_is_tried_again(
    case: Any, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = ordered(case, lead, TaskKind.DECIDE_CLAIMS, **to_decide(case).arguments())
    monkeypatch.setattr(bulk, "CHUNK", 2)
    with monkeypatch.context() as broken:
        broken.setattr(Progress, "__call__", fail)
        with pytest.raises(RuntimeError):
            done(task, bulk.decide_in_background)
    task.refresh_from_db()
    left = (task.state, Adjustment.objects.count(), Message.objects.count())

    done(task, bulk.decide_in_background)

    assert left == ("ordered", 0, 0)
    assert (task.state, Adjustment.objects.count()) == ("done", 3)


def test_what_was_decided_or_filed_since_the_preview_stops_the_task(
    case: Any, lead: User
) -> None:
    task = ordered(case, lead, TaskKind.DECIDE_CLAIMS, **to_decide(case).arguments())
    make_claim(case, make_holder(case), state="filed", claimed_fen=30_000)

    done(task, bulk.decide_in_background)

    assert (task.state, task.result["key"]) == (
        "stopped", "claims.refused.changed_since_preview")  # fmt: skip
    assert Adjustment.objects.count() == 0
    assert count(Event.TASK_FINISHED) == 1


def test_whoever_has_lost_the_office_gets_nothing(case: Any, lead: User) -> None:
    task = ordered(case, lead)
    lead.appointments.all().delete()

    done(task)

    assert (task.state, Document.objects.count()) == ("stopped", 0)


def test_what_keeps_failing_says_so_in_the_end(case: Any, lead: User) -> None:
    task = ordered(case, lead)

    for is_last_try, state in ((False, "ordered"), (True, "stopped")):
        with pytest.raises(RuntimeError):
            run_task(fail, task_id=task.pk, is_last_try=is_last_try)
        task.refresh_from_db()
        assert task.state == state

    assert task.result["key"] == "claims.task.failed"


def test_small_exports_and_decisions_are_done_at_once(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    order = to_decide(case)
    form = {"decision": "reduce", "text": "以账目为准", "count": 3, "page_key": KEY,
            "before_fen": 0, "after_fen": order.seen.after_fen}  # fmt: skip
    client = signed_in(lead)

    exported = client.post(f"/desk/{case.slug}/lists/claims/export", {"page_key": KEY})
    for _ in range(2):
        decided = client.post(f"/desk/{case.slug}/bulk/confirm?", form)

    assert exported.headers["Content-Disposition"].endswith('claims.xlsx"')
    assert decided.headers["Location"] == f"/desk/{case.slug}/bulk"
    assert Adjustment.objects.count() == 3
    assert not BackgroundTask.objects.exists()


def test_form_without_its_key_decides_nothing(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    order = to_decide(case)
    form = {"decision": "reduce", "text": "x", "count": 3, "before_fen": 0,
            "after_fen": order.seen.after_fen, "page_key": "evidence-1"}  # fmt: skip

    answer = signed_in(lead).post(f"/desk/{case.slug}/bulk/confirm?", form)

    assert (answer.status_code, Adjustment.objects.count()) == (404, 0)


@pytest.fixture
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(bulk_view, "AT_ONCE", 1)


@pytest.mark.usefixtures("low_limits")
def test_page_of_a_task_tells_and_hands_out_to_its_role_alone(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    to_decide(case)
    client = signed_in(lead)
    sent = client.post(f"/desk/{case.slug}/lists/claims/export", {"page_key": KEY})
    address = sent.headers["Location"]
    task = BackgroundTask.objects.get()

    waiting = client.get(address).content.decode()
    polled = client.get(f"{address}/progress")
    early = client.get(f"{address}/file")
    done(task)
    ready = client.get(address).content.decode()
    ended = client.get(f"{address}/progress")
    file = client.get(f"{address}/file")

    assert f"{address}/progress" in waiting
    assert b'id="progress"' in polled.content
    assert early.status_code == 404
    assert (ended.status_code, ended.headers["HX-Refresh"]) == (286, "true")
    assert f"{address}/file" in ready
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content))).active
    assert sheet.max_row == 4
    for role, home in ((Role.ADMINISTRATOR_REVIEWER, case.administrator),
                       (Role.BANKRUPTCY_JUDGE, case.court)):  # fmt: skip
        other = signed_in(make_staff(role, home))
        for path in (address, f"{address}/progress", f"{address}/file"):
            assert other.get(path).status_code == 404
        page = other.get(f"/desk/{case.slug}/tasks").content.decode()
        assert address not in page
    assert address in client.get(f"/desk/{case.slug}/tasks").content.decode()
    colleague = signed_in(make_staff(Role.ADMINISTRATOR_LEAD, case.administrator))
    assert colleague.get(f"{address}/file").status_code == 200


@pytest.mark.usefixtures("low_limits")
def test_large_decision_register_and_letters_go_to_the_worker(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    order, client = to_decide(case), signed_in(lead)
    for _ in range(2):
        make_claim(case, make_holder(case))
    form = {"decision": "reduce", "text": "x", "count": 3, "page_key": KEY,
            "before_fen": 0, "after_fen": order.seen.after_fen}  # fmt: skip
    desk = f"/desk/{case.slug}"
    client.post(f"{desk}/silent/remind", {"channel": "letter"})
    number = case.reminder_rounds.get().pk

    for path, data in ((f"{desk}/bulk/confirm?", form),
                       (f"{desk}/register/meeting", {"as": "docx", "page_key": KEY}),
                       (f"{desk}/silent/{number}/letters", {"page_key": KEY})):  # fmt: skip
        for _ in range(2):
            assert "/tasks/" in client.post(path, data).headers["Location"]

    kinds = sorted(BackgroundTask.objects.values_list("kind", flat=True))
    assert kinds == ["decide_claims", "write_letters", "write_register"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("low_limits")
def test_a_worker_does_it_all_and_tells_how_far_it_is(
    case: Any, lead: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    order, client, told = to_decide(case), signed_in(lead), []
    make_claim(case, make_holder(case))
    make_claim(case, make_holder(case))
    monkeypatch.setattr("zhipo.claims.actions.progress.LEAST_SECONDS", -1.0)
    tell = Progress.__call__

    def listen(self: Progress, done: int, total: int) -> None:
        tell(self, done, total)
        told.append(BackgroundTask.objects.get(pk=self._task_id).progress["percent"])

    monkeypatch.setattr(Progress, "__call__", listen)
    ordered(case, lead, TaskKind.DECIDE_CLAIMS, **order.arguments())
    ordered(case, lead)
    client.post(f"/desk/{case.slug}/silent/remind", {"channel": "letter"})
    ordered(case, lead, TaskKind.WRITE_LETTERS, round_id=case.reminder_rounds.get().pk)

    working = app.with_connector(app.connector.get_worker_connector())
    working.run_worker(wait=False, concurrency=1, install_signal_handlers=False)

    states = set(BackgroundTask.objects.values_list("state", flat=True))
    assert states == {TaskState.DONE}
    assert told
    assert set(told) <= set(range(101))
    assert Document.objects.count() == 2

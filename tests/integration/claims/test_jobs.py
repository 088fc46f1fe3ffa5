"""Jobs: in line once, with the act's transaction; a worker runs them, again if need be."""

from collections.abc import Iterator
from typing import Any

import pytest
from books import book, event, upload
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import make_case, make_claim, make_staff
from zhipo.accounts.roles import Role
from zhipo.cases.phases import Phase
from zhipo.claims import jobs
from zhipo.claims.jobs import later, review_soon
from zhipo.claims.models import Claim, Evidence

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_jobs(transactional_db: None) -> Iterator[None]:
    """Jobs are no models of ours: emptying the tables leaves them."""
    _forget_jobs()
    yield
    _forget_jobs()


def _forget_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


@pytest.fixture
def case() -> Any:
    return make_case(phase=Phase.FILING)


def work() -> None:
    """What `zhipo worker` does, until nothing waits."""
    working = app.with_connector(app.connector.get_worker_connector())
    working.run_worker(wait=False, concurrency=1, install_signal_handlers=False)


def waiting() -> list[str]:
    rows = ProcrastinateJob.objects.filter(status="todo").values_list(
        "task_name", flat=True
    )
    return sorted(name.rpartition(".")[2] for name in rows)


def test_the_same_job_waits_once(case: Any) -> None:
    assert later("review_filed", lock=f"case-{case.pk}", case_id=case.pk)
    assert not later("review_filed", lock=f"case-{case.pk}", case_id=case.pk)
    assert waiting() == ["review_filed"]


def test_a_job_goes_with_the_transaction_that_put_it_in_line(case: Any) -> None:
    with transaction.atomic():
        later("review_filed", lock=f"case-{case.pk}", case_id=case.pk)
        transaction.set_rollback(True)

    assert waiting() == []


def test_a_job_in_line_twice_leaves_the_acts_transaction_whole(case: Any) -> None:
    later("review_filed", lock=f"case-{case.pk}", case_id=case.pk)

    with transaction.atomic():
        later("review_filed", lock=f"case-{case.pk}", case_id=case.pk)
        make_claim(case)

    assert Claim.objects.count() == 1


def test_review_is_asked_for_after_the_commit_and_not_for_every_filing(
    case: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(jobs, "later", lambda task, **_: asked.append(task))

    with transaction.atomic():
        review_soon(case.pk)
        review_soon(case.pk)
        assert asked == []

    assert asked == ["review_filed"]


def test_a_worker_reads_seals_nothing_and_reviews(case: Any) -> None:
    lead = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)
    evidence = upload(case, lead, book(event(1, "M1", "1.00")))
    claim = make_claim(case, kind="supplier", state="filed")
    later("review_filed", lock=f"case-{case.pk}", case_id=case.pk)

    work()

    assert Evidence.objects.get(pk=evidence.pk).state == "read"
    assert Claim.objects.get(pk=claim.pk).decision == "manual"


@pytest.mark.parametrize("is_asked_for_again", [False, True])
def test_a_job_whose_worker_died_is_taken_up_again(
    case: Any, is_asked_for_again: bool
) -> None:
    claim = make_claim(case, kind="supplier", state="filed")
    later("review_filed", lock=f"case-{case.pk}", case_id=case.pk)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat)"
                       " VALUES (now() - interval '5 minutes') RETURNING id")  # fmt: skip
        (dead,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [dead]
        )

    if is_asked_for_again:
        later("review_filed", lock=f"case-{case.pk}", case_id=case.pk)

    app.configure_task("zhipo.claims.tasks.take_up_stalled").defer(timestamp=0)
    work()
    work()

    assert Claim.objects.get(pk=claim.pk).decision == "manual"
    assert not ProcrastinateJob.objects.filter(status="doing").exists()

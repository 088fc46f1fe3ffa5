"""One key, one act, one answer."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from factories import make_staff
from integration.api.conftest import Machines
from zhipo.accounts import idempotency
from zhipo.accounts.models import ApiToken, KeptAnswer, User
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.claims.models import Claim


@pytest.fixture
def path(case: Case) -> str:
    return f"/cases/{case.slug}/claims"


def test_same_key_and_body_get_the_first_answer(
    path: str, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    own = machine(lead)
    first = own.post(path, supplier)
    Claim.objects.update(statement="changed since")

    again = own.post(path, supplier)

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Claim.objects.count() == 1


def test_same_key_with_another_body_is_refused(
    path: str, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    own = machine(lead)
    own.post(path, supplier)

    other = own.post(path, {**supplier, "reference": "S-2"})
    elsewhere = own.post(f"{path}/batch", {"rows": [supplier]})

    for answer in (other, elsewhere):
        assert (answer.status_code, answer.json()["reason"]) == (422, "key_taken")
    assert Claim.objects.count() == 1


def test_keys_of_two_tokens_are_two_keys(
    path: str, case: Case, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    colleague = make_staff(Role.ADMINISTRATOR_REVIEWER, case.administrator)
    machine(lead).post(path, supplier)

    answer = machine(colleague).post(path, {**supplier, "reference": "S-2"})

    assert answer.status_code == 201


@pytest.mark.parametrize("key", ["", "short", "with space", "ü" * 10, "x" * 81])
def test_a_write_without_a_good_key_is_refused(
    key: str, path: str, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    answer = machine(lead).post(path, supplier, key=key)

    assert answer.status_code == 422
    assert answer.json()["faults"][0]["at"] == "header/Idempotency-Key"
    assert not Claim.objects.exists()


def test_a_refused_write_leaves_its_key_free(
    path: str, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    own = machine(lead)
    assert own.post(path, {**supplier, "received_on": "2999-01-01"}).status_code == 422

    assert own.post(path, supplier).status_code == 201


def test_answers_are_kept_for_two_days_and_encrypted(
    path: str, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    own = machine(lead)
    own.post(path, supplier)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM accounts_keptanswer")
        assert b"receipt" not in bytes(cursor.fetchone()[0])
    KeptAnswer.objects.update(kept_at=timezone.now() - timedelta(hours=48, seconds=1))

    assert own.post(path, {**supplier, "reference": "S-2"}).status_code == 201
    assert idempotency.forget_old_answers() == 0
    KeptAnswer.objects.update(kept_at=timezone.now() - timedelta(hours=49))
    assert idempotency.forget_old_answers() == 1


@pytest.mark.django_db(transaction=True)
def test_while_one_request_works_the_second_waits(
    path: str, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    own = machine(lead)
    token = ApiToken.objects.get()
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> idempotency.Answer:
        begun.set()
        may_end.wait(10)
        return idempotency.Answer(200, "{}")

    def work() -> None:
        idempotency.answer_once(slow, token=token, key="key-00000001", request_hash="a")
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    begun.wait(10)
    answer = own.post(path, supplier)
    may_end.set()
    worker.join()

    assert (answer.status_code, answer.json()["reason"]) == (409, "key_busy")
    assert answer["Retry-After"] == "1"
    assert not Claim.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_file_one_claim(
    path: str, lead: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    own = machine(lead)
    statuses: list[int] = []
    together = threading.Barrier(6)

    def send() -> None:
        together.wait()
        statuses.append(own.post(path, supplier).status_code)
        connection.close()

    senders = [threading.Thread(target=send) for _ in range(6)]
    for one in senders:
        one.start()
    for one in senders:
        one.join()

    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert Claim.objects.count() == 1

"""The ground of the enforcement stage's tests: a court on the inquiry network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from factories import make_organisation, make_staff
from factories_inquiries import Bureau, bureau_again, make_bureau
from factories_referrals import Bench, make_bench
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """A court, its judge and case, six well-behaved institutions in this process."""
    return make_bureau(tmp_path, monkeypatch)


@pytest.fixture
def informed(bureau: Bureau) -> Bureau:
    """The same court after every institution has answered its query."""
    bureau.inquire()
    bureau.chase()
    return bureau


@pytest.fixture(scope="module")
def asked_once(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Bureau]:
    """`informed`, made once: for modules in which every test begins with it."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        made = make_bureau(tmp_path_factory.mktemp("bureau"), patch)
        made.inquire()
        made.chase()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def informed_again(
    asked_once: Bureau, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Bureau:
    """It as it stood then, in a savepoint and over books of the test's own."""
    return bureau_again(asked_once, tmp_path / "bureau", monkeypatch)


@pytest.fixture
def court() -> Organisation:
    return make_organisation()


@pytest.fixture
def judge(court: Organisation) -> User:
    return make_staff(Role.ENFORCEMENT_JUDGE, court)


@pytest.fixture
def bench() -> Bench:
    """Courts of three levels and their people."""
    return make_bench()

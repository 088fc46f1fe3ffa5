"""The ground of the enforcement stage's tests: a court on the inquiry network."""

from pathlib import Path

import pytest

from factories import make_organisation, make_staff
from factories_inquiries import Bureau, make_bureau
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

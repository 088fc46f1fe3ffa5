"""The demo's case in the database: through the acts, once, and open for filing today."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from zhipo.accounts.models import Appointment, User
from zhipo.audit.models import Entry
from zhipo.audit.trail import first_broken_link
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim
from zhipo.claims.states import EvidenceState
from zhipo.demo.case import ACCEPTED_ON, scaled
from zhipo.demo.web_case import NUMBER, open_demo_case
from zhipo.demo.web_people import STAFF
from zhipo.kernel.faults import Refused
from zhipo.kernel.identifiers import parse_phone
from zhipo.law.deadlines.windows import filing_window

pytestmark = pytest.mark.django_db
CONSUMERS = 200


def opened(home: Path) -> Any:
    return open_demo_case(home=home, out=home / "out", consumers=CONSUMERS)


def test_an_installation_that_is_no_demo_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first here, while there is nobody yet."""
    environment = replace(settings.ENVIRONMENT, home=tmp_path, is_demo=False)
    monkeypatch.setattr(settings, "ENVIRONMENT", environment)

    with pytest.raises(Refused):
        opened(tmp_path)

    assert not User.objects.exists()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        environment = replace(settings.ENVIRONMENT, home=folder, is_demo=True)
        patch.setattr(settings, "ENVIRONMENT", environment)
        yield folder


@pytest.fixture(scope="module")
def demo(home: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """The case once for the module; each test works in a savepoint on top of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield opened(home)
        transaction.set_rollback(True)


def test_every_consumer_has_a_claim_and_the_sum_is_the_papers(demo: Any) -> None:
    consumers = Claim.objects.filter(case=demo.case, kind="consumer", state="prefilled")
    assert consumers.count() == demo.prefilled == CONSUMERS
    total = consumers.aggregate(fen=Sum("claimed_fen"))["fen"]
    assert total == scaled(870_000_000, CONSUMERS)
    assert demo.evidence.state == EvidenceState.SEALED


def test_the_other_creditors_have_filed_and_employees_are_listed(demo: Any) -> None:
    others = Claim.objects.filter(case=demo.case, holder=None, state="filed")
    kinds = list(others.values_list("kind", flat=True))
    counts = {kind: kinds.count(kind) for kind in set(kinds)}
    assert counts == {"supplier": 89, "employee": 38, "social_tax": 2, "secured": 1}
    assert set(others.filter(kind="employee").values_list("filed_through")) == {("listed",)}


def test_the_filing_period_is_open_and_the_laws(demo: Any) -> None:
    case = demo.case

    window = filing_window(published_on=case.published_on, ends_on=case.filing_until)
    assert case.phase == Phase.FILING
    assert case.accepted_on == ACCEPTED_ON
    assert case.published_on < timezone.localdate() < case.filing_until
    assert window.earliest_end <= case.filing_until <= window.latest_end
    assert case.filing_until < case.meeting_on
    late = case.clocks.filter(done_at=None, last_day__lt=timezone.localdate())
    assert not late.exists()


def test_again_adds_nothing_and_the_sign_ins_stay(home: Path, demo: Any) -> None:
    before = (Claim.objects.count(), User.objects.count(), Entry.objects.count())

    second = opened(home)

    assert (Claim.objects.count(), User.objects.count(), Entry.objects.count()) == before
    assert second.sign_ins == demo.sign_ins
    assert first_broken_link(NUMBER) is None


def test_the_printed_passwords_and_secrets_are_those_that_work(
    home: Path, demo: Any
) -> None:
    assert len(demo.sign_ins) == Appointment.objects.count() == len(STAFF)
    for one in demo.sign_ins:
        user = User.objects.get(login=one.login)
        assert check_password(one.password, user.password)
        assert TOTPDevice.objects.get(user=user).confirmed
    mode = (home / "demo-sign-ins.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_its_people_can_sign_in_by_phone(demo: Any) -> None:
    consumers = Claim.objects.filter(case=demo.case, kind="consumer")
    claim = consumers.select_related("holder").first()

    assert claim is not None
    assert claim.holder is not None
    assert parse_phone(claim.holder.phone) == claim.holder.phone

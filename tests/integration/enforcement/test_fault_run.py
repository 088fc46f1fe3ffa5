"""In the fault run of inquiries time passes as it does for the worker, minute by minute."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import enforcement_found
import enforcement_run
from enforcement_found import alerts_missing
from enforcement_run import Run
from factories_inquiries import WALLET, Bureau, make_bureau
from zhipo.enforcement.actions import sending
from zhipo.enforcement.actions.freezing import renew_freeze
from zhipo.enforcement.actions.watching import watch_freezes
from zhipo.enforcement.models import Freeze
from zhipo.enforcement.states import FreezeState, InquiryState
from zhipo.gateways.institutions.sandbox.behaviour import Manner

pytestmark = pytest.mark.django_db


@dataclass
class InProcess:
    """The run's actor and its network: the acts and the institutions of this process."""

    bureau: Bureau

    def tell(self, name: str, **given: Any) -> None:
        assert name == "chase"

    def done(self, name: str, *, now: Any) -> int:
        return sending.chase(now, client_of=self.bureau.client_of)

    def set_clock(self, now: Any) -> None:
        self.bureau.ground.set_clock(now)

    @property
    def network(self) -> "InProcess":
        return self

    @property
    def clock(self) -> Any:
        return self

    def set(self, now: Any) -> None:
        self.bureau.now = now


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    monkeypatch.setattr(enforcement_run, "SHARES", {})
    made = make_bureau(tmp_path, monkeypatch, amount_fen=900_000_000)
    made.inquire()
    made.chase()
    return made


def run_over(bureau: Bureau) -> Run:
    """A run in its last part, at the bureau's time, in which nobody is killed."""
    around: Any = InProcess(bureau)
    slot: Any = type("Slot", (), {"begins_at": bureau.now})
    return Run(around, slot, 1, around, kills_postgresql=False)


@pytest.mark.parametrize("times", [1, 2])
def test_a_renewal_that_met_silence_is_there_the_same_day(
    bureau: Bureau, times: int
) -> None:
    until: date = bureau.today + timedelta(days=3)
    freeze = bureau.freeze(WALLET, until=until)
    bureau.behave("wallet-blue", Manner.SILENT, times=times)
    order = renew_freeze(freeze_id=freeze.pk, by=bureau.judge, now=bureau.now)
    run = run_over(bureau)

    run._chase_until_sent()

    assert run.today == bureau.today < until
    order.refresh_from_db()
    assert order.state == InquiryState.RECEIVED
    bureau.chase()
    freeze.refresh_from_db()
    assert freeze.state == FreezeState.IN_FORCE
    assert freeze.until > until


def test_a_renewal_answered_while_one_looks_is_no_missing_word(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch saw it on its way; its answer was posted before the look at it."""
    until: date = bureau.today + timedelta(days=7)
    freeze = bureau.freeze(WALLET, until=until)
    watch_freezes(now=bureau.now, is_ex_officio=False)
    missing = f"freeze {freeze.pk}: the president was not told"

    def answered(_: Freeze) -> bool:
        Freeze.objects.filter(pk=freeze.pk).update(until=until + timedelta(days=365))
        return False

    monkeypatch.setattr(enforcement_found, "_president_knows", lambda _: False)
    assert missing in alerts_missing({freeze.pk: until}, bureau.today)
    monkeypatch.setattr(enforcement_found, "renewals_on_their_way", answered)
    assert missing not in alerts_missing({freeze.pk: until}, bureau.today)

"""Institutions as processes on real HTTP: posted answers, and a worker killed with -9."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection

from factories import make_debtor, make_enforcement_case, make_staff
from factories_inquiries import USCC, WALLET, make_court, make_institutions
from integration.gateways.institution_ground import START
from ports import free_ports
from zhipo.accounts.roles import Role
from zhipo.enforcement.actions.freezing import order_freeze
from zhipo.enforcement.actions.inquiring import inquire_everywhere
from zhipo.enforcement.actions.sending import chase
from zhipo.enforcement.models import (
    EnforcementCase,
    Freeze,
    InquiryAnswer,
    InquiryOrder,
    Property,
)
from zhipo.enforcement.policies.freezing import FreezeWanted
from zhipo.enforcement.states import CameBy, FreezeState, InquiryState
from zhipo.gateways.institutions.sandbox.plan import at_addresses, read_plan
from zhipo.gateways.institutions.sandbox.running import Institutions, running_institutions
from zhipo.privacy.columns import lookup_hash

pytestmark = pytest.mark.django_db(transaction=True)

WAIT_SECONDS = 20
DYING = """
import django
django.setup()
import os, signal
from datetime import datetime
from zhipo.enforcement.actions import sending
sending.take_outcome = lambda **_: os.kill(os.getpid(), signal.SIGKILL)
sending.chase_order(order_id={order_id}, now=datetime.fromisoformat("{now}"))
"""


@pytest.fixture
def institutions(
    tmp_path: Path, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Institutions]:
    """Six processes that post their answers to this court's live server."""
    plan = at_addresses(read_plan(), {"court-yuhu": live_server.url})
    with running_institutions(tmp_path, port_base=free_ports(6), plan=plan) as running:
        running.set_clock(START)
        for name, value in running.settings().items():
            monkeypatch.setenv(name, value)
        yield running


@pytest.fixture
def case(institutions: Institutions) -> EnforcementCase:
    make_institutions(institutions.directory)
    debtor = make_debtor(name="湘潭鲜享家科技有限公司", credit_code=USCC)
    court = make_court()
    return make_enforcement_case(
        court=court, debtor=debtor, judge=make_staff(Role.ENFORCEMENT_JUDGE, court)
    )


def inquire(case: EnforcementCase) -> None:
    inquire_everywhere(case_id=case.pk, form_key="f", by=case.judge, now=START)


def freeze_wallet(case: EnforcementCase) -> Freeze:
    thing = Property.objects.get(reference_hash=lookup_hash("account", WALLET))
    wanted = FreezeWanted(thing.pk, 1_000_000, START.date() + timedelta(days=300))
    return order_freeze(case_id=case.pk, wanted=wanted, form_key="z", by=case.judge,
                        now=START)  # fmt: skip


def until_it_holds(holds: Any) -> bool:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_answers_are_posted_to_the_court(case: EnforcementCase) -> None:
    inquire(case)

    chase(START)

    answered = InquiryOrder.objects.filter(state=InquiryState.ANSWERED)
    assert until_it_holds(lambda: answered.count() == 6)
    assert Property.objects.count() == 12
    assert set(InquiryAnswer.objects.values_list("came_by", "is_good")) == {
        (CameBy.CALLBACK, True)
    }


def test_worker_killed_between_answer_and_commit_freezes_once(
    case: EnforcementCase, institutions: Institutions
) -> None:
    inquire(case)
    for minutes in range(4):
        chase(START + timedelta(minutes=minutes))
    freeze = freeze_wallet(case)

    killed = subprocess.run(
        [sys.executable, "-c", DYING.format(order_id=freeze.order.pk, now=START)],
        env={**os.environ, "DATABASE_URL": _database()},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    for minutes in range(6):
        chase(START + timedelta(minutes=minutes))

    freeze.refresh_from_db()
    entered = institutions.book("wallet-green")["freezes"]
    assert freeze.state == FreezeState.IN_FORCE
    assert [one["freeze_order"] for one in entered] == [str(freeze.order.order_id)]


def test_institution_killed_at_work_goes_on_with_its_book(
    case: EnforcementCase, institutions: Institutions
) -> None:
    inquire(case)
    for minutes in range(4):
        chase(START + timedelta(minutes=minutes))
    institutions.kill("wallet-green")
    freeze = freeze_wallet(case)
    chase(START)
    freeze.order.refresh_from_db()
    assert (freeze.order.state, freeze.order.tries) == (InquiryState.SENT, 1)

    institutions.start("wallet-green")
    for minutes in range(0, 30, 5):
        chase(START + timedelta(minutes=minutes))

    freeze.refresh_from_db()
    assert freeze.state == FreezeState.IN_FORCE
    assert len(institutions.book("wallet-green")["freezes"]) == 1


def _database() -> str:
    """The address of the database in which this test runs."""
    known = connection.settings_dict
    parts = {"host": known["HOST"], "user": known["USER"], "dbname": known["NAME"]}
    if known["PORT"]:
        parts["port"] = known["PORT"]
    if known["PASSWORD"]:
        parts["password"] = known["PASSWORD"]
    return f"postgresql:///?{urlencode(parts)}"

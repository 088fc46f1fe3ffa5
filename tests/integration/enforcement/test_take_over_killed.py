"""A take-over whose process is killed has not happened; the same act again does it all."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from factories import make_staff
from factories_bundles import (
    DAY,
    NOON,
    kind_of_administrator,
    make_sender,
)
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.enforcement.actions.bundling import send_bundle
from zhipo.enforcement.actions.receiving import Arrival, receive_bundle
from zhipo.enforcement.actions.rulings import Ruling
from zhipo.enforcement.actions.taking_over import Acceptance, take_over
from zhipo.enforcement.models import Asset, Debtor, Referral, TakeOver
from zhipo.enforcement.states import Stage

KILLED = """
import os, signal, sys
import django
django.setup()
from datetime import date
from zhipo.accounts.models import User
from zhipo.enforcement.actions import taking_over
from zhipo.enforcement.actions.rulings import Ruling
step, referral, administrator, by, day = sys.argv[1:]
def die(*args, **given):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(taking_over, step, die)
ruling = Ruling(number="r", ruled_on=date.fromisoformat(day))
acceptance = taking_over.Acceptance(ruling, "n", int(administrator))
taking_over.take_over(referral_id=int(referral), acceptance=acceptance,
                      by=User.objects.get(pk=int(by)))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["accept_referral", "_put_clocks", "record"])
def test_killed_at_any_step_nothing_is_taken_over_and_again_all_is(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_sender(tmp_path, monkeypatch)
    referral = world[Referral]
    judge = make_staff(Role.BANKRUPTCY_JUDGE, referral.receiving)
    sender = make_staff(Role.ENFORCEMENT_JUDGE, referral.sending)
    administrator = kind_of_administrator()
    send_bundle(referral_id=referral.pk, by=sender, today=DAY, now=NOON)
    receive_bundle(referral_id=referral.pk, arrival=Arrival(DAY, "破申1"), by=judge)

    done = _run(step, referral.pk, administrator.pk, judge.pk, DAY.isoformat())

    assert done.returncode == -signal.SIGKILL, done.stderr
    for model in (Case, Asset, Claim, TakeOver):
        assert not model._default_manager.exists()
    assert Debtor.objects.get().stage == Stage.UNDER_REVIEW

    acceptance = Acceptance(Ruling("r", DAY), "n", administrator.pk)
    taken = take_over(referral_id=referral.pk, acceptance=acceptance, by=judge)
    assert taken.counts["assets"] == Asset.objects.count() == 1
    assert Case.objects.count() == Claim.objects.count() == 1


def _run(*arguments: Any) -> subprocess.CompletedProcess[str]:
    """The act in a process of its own, on this test's database."""
    at = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST",
             "port": "PORT"}  # fmt: skip
    address = make_conninfo(**{name: at[key] for name, key in names.items() if at[key]})
    return subprocess.run(
        [sys.executable, "-c", KILLED, *map(str, arguments)],
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )

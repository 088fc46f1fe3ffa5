"""From the end of filing until the money is paid: the demonstration's second half."""

import os
from dataclasses import dataclass
from pathlib import Path

from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.demo import past
from zhipo.demo.days import days_of
from zhipo.demo.steps import Clock
from zhipo.demo.web_case import NUMBER
from zhipo.demo.web_checks import Checked, checked
from zhipo.demo.web_money import enter_all
from zhipo.demo.web_paid import Paid, paid_of
from zhipo.demo.web_payouts import Desk, pay
from zhipo.demo.web_plans import approved_plan
from zhipo.demo.web_register import confirm
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes

FOLDER = "web"


@dataclass(frozen=True)
class End:
    """What the case has come to when nothing moves any more, and what agrees with it."""

    paid: Paid
    checked: Checked


def filed_case() -> Case | None:
    """The case of a demonstration that has got beyond filing, None before."""
    cases = Case.objects.filter(number=NUMBER)
    return cases.exclude(phase__in=[Phase.ACCEPTED, Phase.FILING]).first()


def finish(
    case: Case, *, consumers: int, channels: PayoutSandboxes, out: Path, clock: Clock
) -> End:
    """Register, money, plan, payments, comparison; again it goes on where it stopped."""
    days = days_of(case)
    folder = out / FOLDER
    folder.mkdir(exist_ok=True)
    os.environ.update(channels.settings())
    with clock.step("checking") as shown:
        confirm(case, days, told=shown.count)
    with clock.step("money"), past.at(past.morning_of(days.drafted_on)):
        enter_all(case, consumers=consumers, on=days.drafted_on)
    with clock.step("plans"):
        approved = approved_plan(case, days, consumers=consumers, out=folder)
    case.refresh_from_db()
    with clock.step("pay") as shown:
        pay(Desk(case, approved.plan, channels), days, told=shown.count)
    with clock.step("agree"):
        paid = paid_of(case, approved)
        found = checked(case, approved.plan, channels, out=folder)
    return End(paid, found)

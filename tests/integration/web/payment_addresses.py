"""An approved plan with its publication, and a payment that arrived: one of each."""

import csv
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from factories import TODAY, make_staff
from factories_distributions import PLAN, REGISTER, distribution
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.distributions import files
from zhipo.distributions.actions.publishing import publish_plan
from zhipo.distributions.models import Plan, ProofSecret, Share
from zhipo.payouts.models import Deposit, Order

PAYMENT_THINGS = {"order_id"}
NUMBER = 41
SECRET = "11" * 32


def make_payments(case: Case, claim: Claim) -> dict[str, Any]:
    """Values for the gaps of the payment pages: `claim` has a share in a plan."""
    lead = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)
    ProofSecret.objects.create(case=case, secret=SECRET)
    plan = _plan(case, lead)
    publish_plan(plan)
    row = _rows(claim.number)
    numbers = {name: int(value) for name, value in row.items() if name.endswith("fen")}
    share = Share.objects.create(
        plan=plan, claim=claim, class_name=row["class"],
        parts=[int(part) for part in row["parts"].split(";")], **numbers,
    )  # fmt: skip
    order = _order(share, 0, "A1", state="paid", ended_at=datetime.now(UTC))
    _order(share, 1, "A2", state="waiting_user", confirm_until=datetime.now(UTC))
    Deposit.objects.create(
        share=share, part=2, fen=share.parts[2], why="unclaimed", since=TODAY
    )
    return {
        "creditor:number": NUMBER,
        "creditor:order_id": order.pk,
        "creditor:place": 2,
        "public:number": NUMBER,
        "public:name": "statement.json",
    }


def write_payments_in_latin() -> None:
    """What people wrote of plans, in another script."""
    Plan.objects.update(title="First plan", ruling="(2026) X 0302 No. 9")


def _plan(case: Case, lead: User) -> Plan:
    content = {name: value for name, value in PLAN.items() if name != "claims"}
    return Plan.objects.create(
        case=case, number=NUMBER, title="第一次分配方案", state="approved",
        procedure="settlement", content=content, due_days=[TODAY], law_date=TODAY,
        folder=str(_folder().relative_to(settings.ENVIRONMENT.files)),
        register_sha256="1" * 64, plan_sha256="2" * 64, result_sha256="3" * 64,
        summary={"left_over_fen": 0, "classes": {}}, made_by=lead,
        made_at=datetime.now(UTC), ruling="（2026）湘0302破1号之三", ruled_on=TODAY,
        ruled_by=make_staff(Role.BANKRUPTCY_JUDGE, case.court),
    )  # fmt: skip


def _order(share: Share, part: int, reference: str, **given: Any) -> Order:
    return Order.objects.create(
        share=share, part=part, fen=share.parts[part], reference=reference,
        channel="wechat", payee_kind="wechat_openid", payee_hash="4" * 64,
        payee_account=share.claim.payout_account, payee_name="", payee_bank="",
        due_on=TODAY, sent_at=datetime.now(UTC), **given,
    )  # fmt: skip


@cache
def _folder() -> Path:
    """Divided once in a process; each world publishes it anew under its own case."""
    name = connection.settings_dict["NAME"]  # runs beside this one have another
    folder = Path(settings.ENVIRONMENT.files) / "matrix" / f"plan-{name}"
    register = [*REGISTER, ("A-900-001", "consumer", 98_765, "confirmed")]
    distribution(folder, sorted(register), PLAN)
    return folder


def _rows(number: str) -> dict[str, str]:
    with (_folder() / files.RESULT).open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["claim_id"] == number)

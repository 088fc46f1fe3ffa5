"""Cases with a confirmed register and money, and plans on every stage of their way."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from factories import make_case, make_claim, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim
from zhipo.distributions.actions.approving import approve_plan, submit_plan
from zhipo.distributions.actions.money import Receipt, enter_money
from zhipo.distributions.actions.planning import draft_plan
from zhipo.distributions.actions.voting import Counted, propose_plan, record_vote
from zhipo.distributions.chart import BANK, GENERAL
from zhipo.distributions.models import Plan
from zhipo.distributions.sources import Source
from zhipo.distributions.terms import Terms

TODAY = timezone.localdate()
RULING = "（2026）湘0302破1号之三"


@dataclass(frozen=True)
class People:
    """Who acts on plans in a case."""

    lead: User
    reviewer: User
    cashier: User
    judge: User
    clerk: User


def make_people(case: Case) -> People:
    return People(
        make_staff(Role.ADMINISTRATOR_LEAD, case.administrator),
        make_staff(Role.ADMINISTRATOR_REVIEWER, case.administrator),
        make_staff(Role.ADMINISTRATOR_CASHIER, case.administrator),
        make_staff(Role.BANKRUPTCY_JUDGE, case.court),
        make_staff(Role.COURT_CLERK, case.court),
    )


def make_confirmed(case: Case, fen: int, **given: Any) -> Claim:
    """A claim that the court has confirmed, its person proven."""
    values = {
        "claimed_fen": fen,
        "admitted_fen": fen,
        "confirmed_fen": fen,
        "state": "confirmed",
        "ruling": "（2026）湘0302破1号之一",
        "identity": "trail",
        "filed_at": timezone.now() - timedelta(days=30),
        "filed_through": "phone",
    }
    return make_claim(case, **(values | given))


def make_funded_case(fen: int = 10_000_000, **given: Any) -> tuple[Case, People]:
    """A case whose register is confirmed, with money in its general pool."""
    values = {"phase": Phase.CONFIRMED, "confirmed_on": TODAY} | given
    case = make_case(**values)
    people = make_people(case)
    put_money(case, people, fen)
    return case, people


def put_money(case: Case, people: People, fen: int, **given: Any) -> None:
    receipt = Receipt(Source.TAKEN_OVER, BANK, GENERAL, fen, TODAY, "B-1", "银行回单")
    receipt = replace(receipt, **given)
    enter_money(case_id=case.pk, receipt=receipt, form_key=f"{fen}-{receipt.pool}",
                by=people.cashier)  # fmt: skip


def make_terms(**given: Any) -> Terms:
    """The statutory order, paid in one part next month."""
    values: dict[str, Any] = {
        "title": "第一次分配方案",
        "law_date": TODAY,
        "due_days": (TODAY + timedelta(days=30),),
    }
    return Terms(**(values | given))


def counted(**given: Any) -> Counted:
    values: dict[str, Any] = {
        "voted_on": TODAY, "present": 10, "heads_for": 6, "fen_for": 600, "all_fen": 1_000,
        "minutes": "第二次债权人会议记录",
    }  # fmt: skip
    return Counted(**(values | given))


def make_plan(case: Case, people: People, **terms: Any) -> Plan:
    return draft_plan(case_id=case.pk, terms=make_terms(**terms), by=people.lead)


def make_adopted(case: Case, people: People, **terms: Any) -> Plan:
    plan = make_plan(case, people, **terms)
    propose_plan(plan_id=plan.pk, by=people.lead)
    return record_vote(plan_id=plan.pk, counted=counted(), by=people.clerk)


def make_submitted(case: Case, people: People, **terms: Any) -> Plan:
    plan = make_adopted(case, people, **terms)
    return submit_plan(plan_id=plan.pk, by=people.lead)


def make_approved(case: Case, people: People, **terms: Any) -> Plan:
    """A plan that the court has approved: with shares, posted, published."""
    plan = make_submitted(case, people, **terms)
    return approve_plan(plan_id=plan.pk, ruling=RULING, ruled_on=TODAY, by=people.judge)

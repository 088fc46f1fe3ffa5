"""A plan as a workbook: its terms, classes, costs, money, and every creditor's share."""

from collections.abc import Iterator
from fractions import Fraction

from django.http import QueryDict

from zhipo.distributions.models import Plan
from zhipo.distributions.outcomes import Outcome, overlay_of
from zhipo.portals.desk.columns import AMOUNT, Column
from zhipo.portals.desk.exports import Sheet
from zhipo.portals.desk.plan_shown import (
    CLASS_COLUMNS,
    COST_COLUMNS,
    CREDITOR_COLUMNS,
    creditors,
    percent,
)
from zhipo.web.templatetags.words import day, yuan
from zhipo.web.words import say

PAIR = (
    Column("plan_term", lambda row: row[0]),
    Column("plan_value", lambda row: row[1]),
)
POOLS = (
    Column("plan_pool", lambda row: row["id"]),
    Column("plan_basis", lambda row: row.get("basis", "–")),
    Column("plan_fen", lambda row: yuan(row["fen"]), kind=AMOUNT,
           value=lambda row: row["fen"]),
)  # fmt: skip


def plan_sheets(plan: Plan, outcome: Outcome) -> list[Sheet]:
    """Everything that a plan says (《企业破产法》第一百一十五条第二款), a sheet each."""
    return [
        (say("desk.plans.sheet.terms"), PAIR, list(terms_shown(plan))),
        (say("desk.plans.sheet.classes"), CLASS_COLUMNS, outcome.classes),
        (say("desk.plans.sheet.money"), POOLS, plan.content["pools"]),
        (say("desk.plans.sheet.costs"), COST_COLUMNS, outcome.costs),
        (say("desk.plans.sheet.creditors"), CREDITOR_COLUMNS, outcome.claims()),
    ]


def creditors_sheet(outcome: Outcome, query: QueryDict) -> Sheet:
    """The claims that an address asks for, in its order."""
    rows = creditors(outcome, query)
    return say("desk.plans.sheet.creditors"), CREDITOR_COLUMNS, rows


def terms_shown(plan: Plan) -> Iterator[tuple[str, str]]:
    """The choices of a plan in words, one row each."""
    content, small = plan.content, plan.content["small_claims"]
    overlay, rate = overlay_of(content)
    chosen = say(f"desk.plans.overlay.{overlay}")
    ground = content.get("overlay", {})
    yield say("desk.plans.title"), plan.title
    yield say("desk.plans.law_date"), day(plan.law_date)
    yield (say("desk.plans.procedure"),
           say(f"distributions.procedure.{plan.procedure}"))  # fmt: skip
    yield say("desk.plans.is_last"), say("desk.yes" if plan.is_last else "desk.no")
    yield (say("desk.plans.consumer"),
           f"{chosen} {rate_text(rate)}" if rate else chosen)  # fmt: skip
    if ground:
        yield (say("desk.money.basis"),
               say(f"distributions.basis.{ground['basis']}"))  # fmt: skip
        yield say("desk.money.basis_evidence"), ground["evidence"]
    yield say("desk.plans.mode"), say(f"distributions.mode.{small['mode']}")
    yield say("desk.plans.ceiling"), yuan(small["ceiling_fen"])
    if plan.opted_down:
        yield say("desk.plans.opted_down"), "、".join(plan.opted_down)
    for place, due in enumerate(plan.due_days, start=1):
        key = "desk.plans.first_day" if place == 1 else "desk.plans.other_day"
        yield say(key, place=place), day(due)


def rate_text(rate: str) -> str:
    """0.31 as people read it."""
    return percent(Fraction(rate))

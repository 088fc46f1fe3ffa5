"""Three plans on one ground, compared; the one that is chosen, voted on and ruled on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from zhipo.cases.models import Case
from zhipo.demo import case as inputs
from zhipo.demo import past
from zhipo.demo.days import Days
from zhipo.demo.web_money import LIEN
from zhipo.demo.web_people import staff_member
from zhipo.distributions.actions.approving import approve_plan, submit_plan
from zhipo.distributions.actions.planning import draft_plan, withdraw_plan
from zhipo.distributions.actions.publishing import publish_approved
from zhipo.distributions.actions.voting import Counted, propose_plan, record_vote
from zhipo.distributions.building import Ground, build, ground_of
from zhipo.distributions.chart import pool_of
from zhipo.distributions.costs import Cost, CostKind, collateral_caps_fen
from zhipo.distributions.models import Plan
from zhipo.distributions.states import PlanState
from zhipo.distributions.terms import BEFORE_ORDINARY, Terms
from zhipo.law.waterfall.basis import PriorityBasis
from zhipo.law.waterfall.order import ClaimClass

RULING = "（2025）湘0302破3号之三"
CONSENT = "演示：供应商等普通债权人逐户签署的劣后受偿同意书（虚构）"
MINUTES = "演示：第二次债权人会议表决记录（虚构）"
COMPARED = "plans-compared.json"
TITLES = {
    "statutory": "分配方案甲：法定顺序",
    "before_ordinary": "分配方案乙：消费者先于其他普通债权",
    "rate_25": "分配方案丙：消费者按百分之二十五，余款归其他普通债权",
}
CHOSEN = "before_ordinary"
PRESENT, HEADS_FOR, FEN_FOR = 71, 93, 82
"""Of a hundred: creditors who take part in the vote, heads for among them, sums for."""

Compared = dict[str, dict[str, list[int]]]
"""Plan -> class -> [claims, owed, by the statutory order, by the plan], sums in fen."""


@dataclass(frozen=True)
class Approved:
    """The plan that the court has approved, beside those that it was compared with."""

    plan: Plan
    compared: Compared


def approved_plan(case: Case, days: Days, *, consumers: int, out: Path) -> Approved:
    """Draw up and compare, put the chosen plan to the meeting and to the court.

    An interrupted demonstration goes on with the plans that are there; the comparison is
    kept in `out`, because the ground is gone once the money is promised.
    """
    chosen = Plan.objects.filter(case=case, title=TITLES[CHOSEN]).first()
    if chosen is None or chosen.state == PlanState.DRAFT:
        with past.at(past.morning_of(days.drafted_on)):
            chosen = _proposed(case, days, consumers=consumers, out=out)
    compared: Compared = json.loads((out / COMPARED).read_text(encoding="utf-8"))
    if chosen.state == PlanState.PROPOSED:
        with past.at(past.morning_of(days.voted_on)):
            chosen = _voted(chosen, days.voted_on, compared[CHOSEN])
    if chosen.state == PlanState.ADOPTED:
        with past.at(past.morning_of(days.submitted_on)):
            _submit(chosen)
    with past.at(past.morning_of(days.approved_on)):
        plan = approve_plan(
            plan_id=chosen.pk, ruling=RULING, ruled_on=days.approved_on,
            by=staff_member("judge"),
        )  # fmt: skip
        plan = publish_approved(plan_id=plan.pk)
    return Approved(plan, compared)


def _proposed(case: Case, days: Days, *, consumers: int, out: Path) -> Plan:
    """All three are drawn up; the chosen one goes to the meeting."""
    ground = ground_of(case, days.drafted_on)
    terms = _terms(ground, days, consumers=consumers)
    _keep(terms, ground, out)
    lead = staff_member("lead")
    plans = {
        name: Plan.objects.filter(case=case, title=one.title).first()
        or draft_plan(case_id=case.pk, terms=one, by=staff_member("reviewer-1"))
        for name, one in terms.items()
    }
    return propose_plan(plan_id=plans[CHOSEN].pk, by=lead)


def _terms(ground: Ground, days: Days, *, consumers: int) -> Mapping[str, Terms]:
    statutory = Terms(
        title=TITLES["statutory"], law_date=days.drafted_on, due_days=days.paid_on[:1]
    )
    cap = collateral_caps_fen(ground.estate)[pool_of(LIEN)]
    statutory = replace(statutory, costs=_costs(consumers, collateral_pay_fen=cap))
    first = replace(
        statutory, title=TITLES["before_ordinary"], due_days=days.paid_on,
        consumer=BEFORE_ORDINARY, basis=PriorityBasis.VOLUNTARY_SUBORDINATION,
        evidence=CONSENT,
    )  # fmt: skip
    between = replace(first, title=TITLES["rate_25"], consumer="0.25")
    return {"statutory": statutory, "before_ordinary": first, "rate_25": between}


def _costs(consumers: int, *, collateral_pay_fen: int) -> tuple[Cost, ...]:
    """What people enter; the court's fee and the administrator's pay are computed."""

    def scaled(fen: int) -> int:
        return inputs.scaled(fen, consumers)

    lien = pool_of(LIEN)
    return (
        Cost("", ClaimClass.EXPENSE, scaled(inputs.OTHER_COSTS_FEN),
             "管理、变价和分配费用", "《企业破产法》第四十一条第二项"),
        Cost("", ClaimClass.COMMON_BENEFIT, scaled(inputs.COMMON_BENEFIT_FEN),
             "继续营业所生债务", "《企业破产法》第四十二条第四项"),
        Cost("", ClaimClass.EXPENSE, scaled(inputs.COLLATERAL_SALE_COST_FEN),
             "担保物变价费用", "《企业破产法》第四十一条第二项", charged_to=lien),
        Cost("", ClaimClass.EXPENSE, collateral_pay_fen, "担保物管理报酬",
             "《管理人报酬规定》第十三条", kind=CostKind.COLLATERAL_PAY, charged_to=lien),
    )  # fmt: skip


def _keep(terms: Mapping[str, Terms], ground: Ground, out: Path) -> None:
    found: Compared = {}
    for name, one in terms.items():
        outcome = build(ground, one).outcome
        assert outcome is not None, name
        found[name] = {
            line.name: [line.count, line.fen, line.baseline_fen, line.got_fen]
            for line in outcome.classes
        }
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    (out / COMPARED).write_text(text, encoding="utf-8")


def _voted(plan: Plan, on: date, classes: Mapping[str, list[int]]) -> Plan:
    """A vote as its minutes might have it, on the figures of this register."""
    voters = [classes[name] for name in ("consumer", "ordinary", "employee", "social_tax")]
    present = sum(line[0] for line in voters) * PRESENT // 100
    fen = sum(line[1] for line in voters)
    counted = Counted(
        voted_on=on, present=present, heads_for=present * HEADS_FOR // 100,
        fen_for=fen * FEN_FOR // 100, all_fen=fen, minutes=MINUTES,
    )  # fmt: skip
    return record_vote(plan_id=plan.pk, counted=counted, by=staff_member("clerk"))


def _submit(plan: Plan) -> None:
    """To the court; what was only compared is withdrawn."""
    lead = staff_member("lead")
    others = Plan.objects.filter(case=plan.case, state=PlanState.DRAFT)
    for other in others.exclude(pk=plan.pk).order_by("number"):
        withdraw_plan(plan_id=other.pk, by=lead)
    submit_plan(plan_id=plan.pk, by=lead)

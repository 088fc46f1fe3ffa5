"""The memo: facts that the judge states, what the rules propose, what the judge concludes.

Before anybody has consented the rules propose to go on enforcing; the judge concludes
otherwise and says why. Once there is consent, the second version proposes what the judge
concluded, and the conclusion follows it.
"""

from typing import Any

from zhipo.demo import case as inputs
from zhipo.demo import court_days as day
from zhipo.demo.court_world import World
from zhipo.enforcement.actions.memos import Conclusion, Statement, make_memo, state_fact
from zhipo.enforcement.identification.assessment import proposed_by
from zhipo.enforcement.identification.facts import FactKey
from zhipo.enforcement.queries.memos import content_now, digest_of
from zhipo.enforcement.states import Evidence
from zhipo.law.triage.road import Road

K = FactKey
AUDIT = "湘衡会审字〔2025〕演示第7号专项审计报告"
ROAD = Road.REFER_LIQUIDATION
WHY_NOT_AS_PROPOSED = (
    "具备破产原因，财产足以支付破产费用；征得申请执行人或者被执行人书面同意后移送破产审查。"
)


def identify(world: World) -> None:
    """State the facts of the audit and make the first version."""
    with world.clock.on(day.IDENTIFIED_ON):
        for statement in statements(world):
            state_fact(
                debtor_id=world.debtor.pk,
                statement=statement,
                by=world.people["enforcement"],
            )
        _conclude(world)


def conclude_again(world: World) -> None:
    """The second version, with the consents that have come."""
    with world.clock.on(day.CONCLUDED_ON):
        _conclude(world)


def statements(world: World) -> list[Statement]:
    """What the audit says, in the figures of the generated case."""
    debts = {
        K.LATE_CONSUMER: inputs.PAPER_CONSUMERS_FEN,
        K.LATE_ORDINARY: inputs.PAPER_SUPPLIERS_FEN,
        K.LATE_EMPLOYEE: inputs.EMPLOYEES_FEN,
        K.LATE_SOCIAL_TAX: inputs.TAX_FEN + inputs.SOCIAL_INSURANCE_FEN,
    }
    owed = sum(debts.values()) + inputs.LENDER_FEN
    assets = sum(one.fen for one in inputs.ACCOUNTS) + sum(inputs.OTHER_ASSETS.values())
    enforced = sum(case.amount_fen - case.paid_fen for case in world.debtor.cases.all())
    late_ordinary = world.scaled(inputs.PAPER_SUPPLIERS_FEN) - enforced
    ranges = {
        K.LATE_CONSUMER: world.scaled(inputs.PAPER_CONSUMERS_FEN),
        K.LATE_ORDINARY: max(0, late_ordinary),
        K.LATE_EMPLOYEE: world.scaled(inputs.EMPLOYEES_FEN),
        K.LATE_SOCIAL_TAX: world.scaled(inputs.TAX_FEN + inputs.SOCIAL_INSURANCE_FEN),
        K.SECURED_OWED: world.scaled(inputs.LENDER_FEN),
        K.COLLATERAL: world.scaled(inputs.COLLATERAL_SOLD_FEN),
        K.COLLATERAL_COST: world.scaled(inputs.COLLATERAL_SALE_COST_FEN),
        K.HANDLING_COST: world.scaled(inputs.OTHER_COSTS_FEN),
        K.COMMON_OWED: world.scaled(inputs.COMMON_BENEFIT_FEN),
    }
    values: dict[FactKey, Any] = {
        K.ASSETS: world.scaled(assets + inputs.COLLATERAL_SOLD_FEN),
        K.LIABILITIES: world.scaled(owed),
        K.NO_FUNDS: True,
        K.STAFF: inputs.EMPLOYEES,
        K.PREPAID: world.scaled(inputs.PAPER_CONSUMERS_FEN),
        **{key: [fen, fen, fen] for key, fen in ranges.items()},
    }
    return [Statement(key, value, Evidence.REPORT, AUDIT) for key, value in values.items()]


def _conclude(world: World) -> None:
    """Look at the content of today, conclude, and say why where it departs."""
    content = content_now(world.debtor, law_date=world.clock.today)
    departs = proposed_by(content) != (ROAD, False)
    conclusion = Conclusion(
        ROAD,
        is_fast=False,
        seen=digest_of(content),
        reason=WHY_NOT_AS_PROPOSED if departs else "",
    )
    make_memo(
        debtor_id=world.debtor.pk, conclusion=conclusion, by=world.people["enforcement"]
    )

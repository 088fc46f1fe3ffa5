"""The steps of the contract, in order, over columns: baseline and plan (WAT-00..22)."""

from dataclasses import dataclass
from fractions import Fraction

import ibis
import ibis.expr.types as ir

from zhipo.engine.distribute.plan import Plan, Pool
from zhipo.engine.distribute.shares import Allocation
from zhipo.engine.exact import Width, divided
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused

UPPER = (("expense",), ("common_benefit",), ("employee",), ("social_tax",))
THIRD = ("consumer", "ordinary")
LOWER = (("punitive",), ("admin_fine",), ("criminal_fine",))
"""The statutory order of 《企业破产法》第一百一十三条, subordinated claims below it."""


@dataclass(frozen=True)
class Outcome:
    """An allocation when all steps are done, and the fen nobody was owed."""

    allocation: Allocation
    left_over_fen: int


def baseline(allocation: Allocation, general_fen: int, plan: Plan) -> Outcome:
    """The statutory order alone: money of `first_to` pools is general."""
    first_to = sum(pool.fen for pool in plan.pools if pool.first_to)
    ranks = (*UPPER, THIRD, *LOWER)
    return Outcome(allocation, allocation.pay_ranks(general_fen + first_to, ranks))


def planned(allocation: Allocation, general_fen: int, plan: Plan) -> Outcome:
    """The plan: earmarked pools, statutory order, overlay and small claims."""
    pot = general_fen
    for pool in plan.pools:
        if pool.first_to:
            pot += pool.fen - _pay_first(allocation, pool)
    if plan.overlay is None:
        return Outcome(allocation, allocation.pay_ranks(pot, (*UPPER, THIRD, *LOWER)))
    pot = allocation.pay_ranks(pot, UPPER)
    pot = _pay_third(allocation, pot, plan)
    return Outcome(allocation, allocation.pay_ranks(pot, LOWER))


def _pay_first(allocation: Allocation, pool: Pool) -> int:
    """An earmarked pool pays the classes it names on what they are still owed."""
    table = allocation.table
    members = table["class"].isin(list(pool.first_to))
    if "ordinary" in pool.first_to:
        members = members | (table.standing == "ordinary")
    return allocation.pay(pool.id, pool.fen, members, table.fen - table.got)


def _pay_third(allocation: Allocation, pot: int, plan: Plan) -> int:
    """The third rank under an overlay; returns what is left for the lower ranks."""
    consumers_fen = _consumers_money(allocation, pot, plan)
    spent = _pay_consumers(allocation, consumers_fen, plan)
    rest = allocation.pay_ranks(pot - spent, (("ordinary",),))
    return allocation.pay_ranks(rest, (("consumer",),))


def _consumers_money(allocation: Allocation, pot: int, plan: Plan) -> int:
    """How much of the third-rank money is the consumers' as a group."""
    assert plan.overlay is not None
    owed = allocation.owed_by_standing()
    if plan.overlay.before_ordinary:
        return min(pot, owed.get("consumer", 0))
    if plan.overlay.rate is not None:
        return _money_for_rate(allocation, pot, plan.overlay.rate)
    trial = Allocation(allocation.engine, allocation.table)
    trial.pay_ranks(pot, (THIRD,))
    return owed.get("consumer", 0) - trial.owed_by_standing().get("consumer", 0)


def _money_for_rate(allocation: Allocation, pot: int, rate: Fraction) -> int:
    table = allocation.table.mutate(due_=_due_at(allocation.table, rate))
    is_consumer = table.standing == "consumer"
    needed = int(
        allocation.engine.row(table.agg(n=table.due_.sum(where=is_consumer)))["n"] or 0
    )
    if needed > pot:
        message = words("plan.rate_too_high", needed=needed, available=pot)
        raise Refused([Fault("", 0, "overlay.consumer.rate", str(rate), message)])
    return needed


def _due_at(table: ir.Table, rate: Fraction) -> ir.Value:
    """What each claim lacks to floor(fen × rate), receipts counted in."""
    width = Width("decimal(38, 0)")
    numerator = ibis.literal(rate.numerator, "int64").cast(width.dtype)
    target, _ = divided(width.wide(table.fen) * numerator, rate.denominator)
    return ibis.greatest(target - table.got, 0)


def _pay_consumers(allocation: Allocation, money: int, plan: Plan) -> int:
    """Divide the consumers' money among them by the plan's terms; returns what was paid."""
    table = allocation.table
    is_consumer = table.standing == "consumer"
    assert plan.overlay is not None
    if plan.mode == "flat":
        return _pay_flat(allocation, money, plan)
    if plan.mode == "tiered":
        first = ibis.greatest(ibis.least(table.fen, plan.ceiling_fen) - table.got, 0)
        spent = allocation.pay("consumer:first_tier", money, is_consumer, first)
        return spent + _pay_rest(allocation, "consumer:second_tier", money - spent)
    if plan.overlay.rate is not None:
        due = _due_at(table, plan.overlay.rate)
        return allocation.pay("consumer:rate", money, is_consumer, due)
    return _pay_rest(allocation, "consumer", money)


def _pay_flat(allocation: Allocation, money: int, plan: Plan) -> int:
    """Claims up to the ceiling in full, the others share what is left."""
    table = allocation.table
    is_small = (table.standing == "consumer") & (table.fen <= plan.ceiling_fen)
    owed = table.fen - table.got
    needed = int(allocation.engine.row(table.agg(n=owed.sum(where=is_small)))["n"] or 0)
    if needed > money:
        message = words("plan.flat_too_high", needed=needed, available=money)
        raise Refused([Fault("", 0, "small_claims.mode", "flat", message)])
    spent = allocation.pay("consumer:small", money, is_small, owed)
    return spent + _pay_rest(allocation, "consumer:large", money - spent)


def _pay_rest(allocation: Allocation, step: str, money: int) -> int:
    table = allocation.table
    return allocation.pay(step, money, table.standing == "consumer", table.fen - table.got)

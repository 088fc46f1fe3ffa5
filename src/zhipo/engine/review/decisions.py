"""Which decision each claim gets: the contract's table, first that applies, as columns.

`law.review.decision` is the same table on one claim; a test holds the two equal.
"""

import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

SHARED_BY_MORE_THAN = 3
"""Live claims of more holders than this on one payout account go to a person."""

MANUAL = "manual"
"""Stands for the manual reasons, of which several may apply."""

RULES = {
    "SUPERSEDED": "policy.review.superseded",
    "NO_LEDGER": "cn.pre.25",
    "IDENTITY_MISMATCH": "policy.review.identity",
    "SHARED_PAYOUT_ACCOUNT": "policy.review.shared_account",
    "NOTHING_OWED": "cn.pre.18.1.2",
    "CLAIMED_MORE": "cn.pre.18.1.2",
    "CLAIMED_LESS": "policy.review.claimed_less",
    "MATCH": "cn.pre.18.1.2",
    "AFTER_ACCEPTANCE": "cn.ebl.46.2",
}
"""Reason -> the rule that gives it."""


def with_facts(claims: ir.Table, balances: ir.Table, holders: ir.Table | None) -> ir.Table:
    """Claims beside what the ledger and the holders' list say of their holder."""
    latest_first = [claims.filed_at.desc(), claims.claim_id.desc()]
    window = ibis.window(group_by=claims.holder_id, order_by=latest_first)
    ranked = claims.mutate(is_live=ibis.row_number().over(window) == 0)
    facts = ranked.left_join(
        balances.select("holder_id", "ledger_fen", "after"), "holder_id"
    ).drop("holder_id_right")
    facts = _with_sharers(facts)
    if holders is None:
        return facts.mutate(is_other_person=ibis.literal(False))
    known = holders.select("holder_id", known_id_no=holders.id_no)
    facts = facts.left_join(known, "holder_id").drop("holder_id_right")
    differs = _plain(facts.id_no) != _plain(facts.known_id_no)
    return facts.mutate(is_other_person=differs.fill_null(False))


def _plain(id_no: ir.StringValue) -> ir.StringValue:
    """An identity number as compared: `x` and `X` are one check digit."""
    return id_no.strip().upper()


def _with_sharers(facts: ir.Table) -> ir.Table:
    shared = (
        facts.filter(facts.is_live & facts.payout_account.notnull())
        .group_by("payout_account")
        .agg(sharers=lambda t: t.count())
        .filter(lambda t: t.sharers > SHARED_BY_MORE_THAN)
    )
    joined = facts.left_join(shared, "payout_account").drop("payout_account_right")
    return joined.mutate(is_shared=joined.sharers.notnull() & joined.is_live)


@dataclass(frozen=True)
class Outcome:
    """One row of the table: when it applies, what it decides, the reason it gives."""

    applies: ir.BooleanValue
    decision: str
    admitted_fen: ir.IntegerValue | int
    reason: str


def decided(facts: ir.Table, *, tolerance_fen: int) -> ir.Table:
    """The rows of decisions.csv, in the order of claim_id."""
    outcomes = _outcomes(facts, tolerance_fen)
    given = _reasons_given(facts, outcomes)
    rules = {
        rule: functools.reduce(
            operator.or_, (given[reason] for reason in RULES if RULES[reason] == rule)
        )
        for rule in RULES.values()
    }
    return facts.select(
        claim_id=facts.claim_id,
        holder_id=facts.holder_id,
        decision=_first(outcomes, "decision"),
        admitted_fen=_first(outcomes, "admitted_fen").cast("int64"),
        ledger_fen=facts.ledger_fen.fill_null(0).cast("int64"),
        reasons=_joined(given),
        rules=_joined(rules),
    ).order_by("claim_id")


def _outcomes(facts: ir.Table, tolerance_fen: int) -> list[Outcome]:
    """The contract's table, top to bottom; the last row applies to all that is left."""
    ledger_fen = facts.ledger_fen.fill_null(0)
    claimed = facts.claimed_fen
    is_manual = facts.ledger_fen.isnull() | facts.is_other_person | facts.is_shared
    return [
        Outcome(~facts.is_live, "reject", 0, "SUPERSEDED"),
        Outcome(is_manual, "manual", 0, MANUAL),
        Outcome(ledger_fen == 0, "reject", 0, "NOTHING_OWED"),
        Outcome(claimed > ledger_fen + tolerance_fen, "reduce", ledger_fen, "CLAIMED_MORE"),
        Outcome(claimed < ledger_fen - tolerance_fen, "admit", claimed, "CLAIMED_LESS"),
        Outcome(ibis.literal(True), "admit", ibis.least(claimed, ledger_fen), "MATCH"),
    ]


def _reasons_given(facts: ir.Table, outcomes: list[Outcome]) -> dict[str, ir.BooleanValue]:
    """Reason -> whether it is given; of the manual ones, all that apply."""
    reason = _first(outcomes, "reason")
    given = {code: reason == code for code in RULES}
    is_manual = reason == MANUAL
    given["NO_LEDGER"] = is_manual & facts.ledger_fen.isnull()
    given["IDENTITY_MISMATCH"] = is_manual & facts.is_other_person
    given["SHARED_PAYOUT_ACCOUNT"] = is_manual & facts.is_shared
    given["AFTER_ACCEPTANCE"] = facts.is_live & (facts.after.fill_null(0) > 0)
    return given


def _first(outcomes: list[Outcome], what: str) -> ir.Value:
    *branches, last = outcomes
    pairs = [(outcome.applies, getattr(outcome, what)) for outcome in branches]
    return ibis.cases(*pairs, else_=getattr(last, what))


def _joined(given: Mapping[str, ir.BooleanValue]) -> ir.StringValue:
    """The codes that apply, sorted, joined by `;`."""
    parts = [ibis.cases((given[code], f";{code}"), else_="") for code in sorted(given)]
    return functools.reduce(operator.add, parts).substr(1)

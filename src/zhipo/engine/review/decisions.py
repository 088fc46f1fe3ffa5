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

AFTER = "AFTER_ACCEPTANCE"
PLAIN_REASONS = (
    "MATCH",
    "CLAIMED_LESS",
    "CLAIMED_MORE",
    "NOTHING_OWED",
    "SUPERSEDED",
)
"""Reasons that stand alone; the most frequent first."""


def superseded(claims: ir.Table) -> ir.Table:
    """`claim_id` of each claim that is not its holder's latest."""
    counted = claims.group_by("holder_id").agg(claims_=claims.count())
    several = counted.filter(counted.claims_ > 1)
    repeated = claims.semi_join(several, "holder_id")
    latest_first = [repeated.filed_at.desc(), repeated.claim_id.desc()]
    window = ibis.window(group_by=repeated.holder_id, order_by=latest_first)
    placed = repeated.select("claim_id", place_=ibis.row_number().over(window))
    return placed.filter(placed.place_ > 0).select("claim_id", is_old_=True)


def crowded(claims: ir.Table, old: ir.Table) -> ir.Table:
    """`payout_account` of each account that too many holders' live claims name."""
    live = claims.anti_join(old, "claim_id")
    counted = (
        live.filter(live.payout_account.notnull())
        .group_by("payout_account")
        .agg(sharers_=lambda t: t.count())
    )
    return counted.filter(counted.sharers_ > SHARED_BY_MORE_THAN)


@dataclass(frozen=True)
class Beside:
    """What stands beside the claims: `superseded`, `crowded` (both kept), the balances,
    the holders' list if there is one.
    """

    old: ir.Table
    crowded: ir.Table
    balances: ir.Table
    holders: ir.Table | None


def with_facts(claims: ir.Table, beside: Beside) -> ir.Table:
    """Claims beside what the ledger, the holders' list and other claims say of them."""
    facts = _joined(claims, beside.old, "claim_id")
    facts = _joined(facts, beside.crowded, "payout_account")
    owed = beside.balances.select("holder_id", "ledger_fen", "is_after")
    facts = _joined(facts, owed, "holder_id")
    is_live = facts.is_old_.isnull()
    facts = facts.mutate(is_live=is_live, is_shared=facts.sharers_.notnull() & is_live)
    if beside.holders is None:
        return facts.mutate(is_other_person=ibis.literal(False))
    known = beside.holders.select("holder_id", known_id_no=beside.holders.id_no)
    facts = _joined(facts, known, "holder_id")
    differs = _plain(facts.id_no) != _plain(facts.known_id_no)
    # Nearly all are equal as they stand: only the rest is made plain.
    is_other = ibis.cases((facts.id_no == facts.known_id_no, False), else_=differs)
    return facts.mutate(is_other_person=is_other.fill_null(False))


def _joined(table: ir.Table, beside: ir.Table, key: str) -> ir.Table:
    return table.left_join(beside, key).drop(f"{key}_right")


def _plain(id_no: ir.StringValue) -> ir.StringValue:
    """An identity number as compared: `x` and `X` are one check digit."""
    return id_no.strip().upper()


@dataclass(frozen=True)
class Outcome:
    """One row of the table: when it applies, what it decides, the reason it gives."""

    applies: ir.BooleanValue
    decision: str
    admitted_fen: ir.IntegerValue | int
    reason: str


def decided(facts: ir.Table, *, tolerance_fen: int) -> ir.Table:
    """The rows of decisions.csv, in no order yet."""
    outcomes = _outcomes(facts, tolerance_fen)
    reason = _first(outcomes, "reason")
    is_after = facts.is_live & facts.is_after.fill_null(False)
    return facts.select(
        claim_id=facts.claim_id,
        holder_id=facts.holder_id,
        decision=_first(outcomes, "decision"),
        admitted_fen=_first(outcomes, "admitted_fen").cast("int64"),
        ledger_fen=facts.ledger_fen.fill_null(0).cast("int64"),
        reasons=_codes(facts, reason, is_after, dict(zip(RULES, RULES, strict=True))),
        rules=_codes(facts, reason, is_after, RULES),
    )


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


def _first(outcomes: list[Outcome], what: str) -> ir.Value:
    *branches, last = outcomes
    pairs = [(outcome.applies, getattr(outcome, what)) for outcome in branches]
    return ibis.cases(*pairs, else_=getattr(last, what))


def _codes(
    facts: ir.Table,
    reason: ir.StringValue,
    is_after: ir.BooleanValue,
    called: Mapping[str, str],
) -> ir.StringValue:
    """The reasons that apply, as `called`, sorted, joined by `;`.

    One reason but for the manual ones; AFTER_ACCEPTANCE, which may stand beside any of
    them, comes first in the alphabet under either name. So most rows need no joining.
    """
    first = called[AFTER]
    assert first == min(called.values())
    plain = [(reason == code, called[code]) for code in PLAIN_REASONS]
    alone = ibis.cases(*plain, else_=_manual_codes(facts, called))
    return ibis.cases((is_after, ibis.literal(f"{first};") + alone), else_=alone)


def _manual_codes(facts: ir.Table, called: Mapping[str, str]) -> ir.StringValue:
    """All manual reasons that apply, sorted as `called`, joined by `;`."""
    applies = {
        "NO_LEDGER": facts.ledger_fen.isnull(),
        "IDENTITY_MISMATCH": facts.is_other_person,
        "SHARED_PAYOUT_ACCOUNT": facts.is_shared,
    }
    parts = [
        ibis.cases((applies[code], f";{called[code]}"), else_="")
        for code in sorted(applies, key=lambda code: called[code])
    ]
    return functools.reduce(operator.add, parts).substr(1)

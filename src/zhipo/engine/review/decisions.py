"""Which decision each claim gets: the contract's table, first that applies, as columns.

`law.review.decision` is the same table on one claim; a test holds the two equal.
"""

import ibis
import ibis.expr.types as ir

SHARED_BY_MORE_THAN = 3
"""Live claims of more holders than this on one payout account go to a person."""

RULES = {
    "SUPERSEDED": "policy.review.superseded",
    "NO_LEDGER": "cn.pre.25",
    "IDENTITY_MISMATCH": "policy.review.identity",
    "SHARED_PAYOUT_ACCOUNT": "policy.review.shared_account",
    "NOTHING_OWED": "cn.pre.18.2",
    "CLAIMED_MORE": "cn.pre.18.2",
    "CLAIMED_LESS": "policy.review.claimed_less",
    "MATCH": "cn.pre.18.2",
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


def decided(facts: ir.Table, *, tolerance_fen: int) -> ir.Table:
    """The rows of decisions.csv, in the order of claim_id."""
    ledger_fen = facts.ledger_fen.fill_null(0)
    claimed = facts.claimed_fen
    has_no_ledger = facts.ledger_fen.isnull()
    is_manual = has_no_ledger | facts.is_other_person | facts.is_shared
    outcomes = [
        (~facts.is_live, "reject", 0, "SUPERSEDED"),
        (is_manual, "manual", 0, None),
        (ledger_fen == 0, "reject", 0, "NOTHING_OWED"),
        (claimed > ledger_fen + tolerance_fen, "reduce", ledger_fen, "CLAIMED_MORE"),
        (claimed < ledger_fen - tolerance_fen, "admit", claimed, "CLAIMED_LESS"),
    ]
    is_after = facts.is_live & (facts.after.fill_null(0) > 0)
    single = _first(outcomes, 3, "MATCH")
    flags = [
        (is_after, "AFTER_ACCEPTANCE"),
        (is_manual & facts.is_live & facts.is_other_person, "IDENTITY_MISMATCH"),
        (is_manual & facts.is_live & has_no_ledger, "NO_LEDGER"),
        (is_manual & facts.is_live & facts.is_shared, "SHARED_PAYOUT_ACCOUNT"),
    ]
    return facts.select(
        claim_id=facts.claim_id,
        holder_id=facts.holder_id,
        decision=_first(outcomes, 1, "admit"),
        admitted_fen=_first(outcomes, 2, ibis.least(claimed, ledger_fen)).cast("int64"),
        ledger_fen=ledger_fen.cast("int64"),
        reasons=_joined(flags, single, sorted(RULES)),
        rules=_joined_rules(flags, single),
    ).order_by("claim_id")


def _first(outcomes: list, place: int, otherwise: object) -> ir.Value:  # type: ignore[type-arg]
    branches = [(outcome[0], ibis.literal(None, "string") if outcome[place] is None else outcome[place]) for outcome in outcomes]
    return ibis.cases(*branches, else_=otherwise)


def _joined(flags: list, single: ir.Value, order: list[str]) -> ir.StringValue:  # type: ignore[type-arg]
    """The reasons that apply, sorted, joined by `;`."""
    text = ibis.literal("")
    applies = dict((code, flag) for flag, code in flags)
    for code in order:
        flag = applies.get(code)
        here = flag if flag is not None else (single == code).fill_null(False)
        text = text + ibis.cases((here, f";{code}"), else_="")
    return text.substr(1)


def _joined_rules(flags: list, single: ir.Value) -> ir.StringValue:  # type: ignore[type-arg]
    """The rules behind the reasons, each once, sorted, joined by `;`."""
    text = ibis.literal("")
    applies = dict((code, flag) for flag, code in flags)
    for rule in sorted(set(RULES.values())):
        codes = [code for code, its in RULES.items() if its == rule]
        here = ibis.literal(False)
        for code in codes:
            flag = applies.get(code)
            here = here | (flag if flag is not None else (single == code).fill_null(False))
        text = text + ibis.cases((here, f";{rule}"), else_="")
    return text.substr(1)

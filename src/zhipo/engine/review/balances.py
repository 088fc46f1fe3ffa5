"""Each holder's balance before acceptance, as columns.

The formula is `law.prepaid.balance` (《预付式消费解释》第十八条第二款: bonus credit
counts at the ratio paid / (paid + bonus)); a test holds the two equal.
"""

from datetime import date, datetime, time

import ibis
import ibis.expr.types as ir

from zhipo.engine.exact import Width, divided
from zhipo.engine.fields import CHINA

SUMS = {"top_up": "paid", "bonus": "bonus", "consume": "used", "refund": "back"}
AFTER, UNKNOWN = len(SUMS), 2 * len(SUMS)
"""Kinds are numbered from 0; from AFTER on those of events on or after acceptance, and
from UNKNOWN on what is no kind at all."""


def cutoff(accepted_on: date) -> datetime:
    """The instant at which balances stand still: that day 00:00 (+08:00)."""
    return datetime.combine(accepted_on, time(), CHINA)


def sums_by_holder(
    ledger: ir.Table, accepted_on: date, *, counting: bool = False
) -> ir.Table:
    """One row a holder: paid, bonus, used, back (fen); `worst` is AFTER or more where an
    event lies on or after acceptance, UNKNOWN or more where the kind of one is not known.
    `counting` adds `events`, how many there are.
    """
    end = ibis.literal(cutoff(accepted_on), "timestamp('UTC')")
    is_after = ledger["at"].cast("timestamp('UTC')") >= end
    # One small number per event decides all sums: kinds are compared once, not per sum.
    numbers = {kind: number for number, kind in enumerate(SUMS)}
    known = [(ledger.kind == kind, number) for kind, number in numbers.items()]
    kind = ibis.cases(*known, else_=UNKNOWN).cast("int8")
    late = ibis.cases((is_after, AFTER), else_=0).cast("int8")
    events = ledger.select("holder_id", "fen", what=(kind + late).cast("int8"))
    sums = {
        SUMS[kind]: events.fen.sum(where=events.what == number).fill_null(0)
        for kind, number in numbers.items()
    }
    count = {"events": events.count()} if counting else {}
    return events.group_by("holder_id").agg(**sums, **count, worst=events.what.max())


def balances(sums: ir.Table, *, width: Width) -> ir.Table:
    """`sums` with `ledger_fen`, what the platform owes each holder, and `is_after`.

    ledger_fen = max(0, round_half_up(paid − used · paid / (paid + bonus)) − back);
    with given = paid + bonus the rounded part is
    (2 · paid · (given − used) + given) // (2 · given), and 0 once all is used up.
    """
    given = sums.paid + sums.bonus
    left = ibis.greatest(given - sums.used, 0)
    doubled = width.wide(sums.paid) * width.wide(left) * 2 + width.wide(given)
    quotient, _ = divided(doubled, width.wide(ibis.greatest(given, 1)) * 2)
    rounded = ibis.cases((left > 0, quotient), else_=0)
    ledger_fen = ibis.greatest(rounded - sums.back, 0).cast("int64")
    return sums.mutate(ledger_fen=ledger_fen, is_after=sums.worst >= AFTER).drop("worst")

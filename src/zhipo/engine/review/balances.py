"""Each holder's balance before acceptance, as columns.

The formula is `law.prepaid.balance` (《预付式消费解释》第十八条第二款: bonus credit
counts at the ratio paid / (paid + bonus)); a test holds the two equal.
"""

from datetime import date, datetime, time

import ibis
import ibis.expr.types as ir

from zhipo.engine.exact import Width, divided
from zhipo.engine.fields import CHINA
from zhipo.engine.tables import EVENT_KINDS

AFTER, UNKNOWN = 8, 9
SUMS = {"top_up": "paid", "bonus": "bonus", "consume": "used", "refund": "back"}


def cutoff(accepted_on: date) -> datetime:
    """The instant at which balances stand still: that day 00:00 (+08:00)."""
    return datetime.combine(accepted_on, time(), CHINA)


def sums_by_holder(ledger: ir.Table, accepted_on: date) -> ir.Table:
    """One row a holder: paid, bonus, used, back (fen), and the events after acceptance."""
    end = ibis.literal(cutoff(accepted_on), "timestamp('UTC')")
    is_before = ledger["at"].cast("timestamp('UTC')") < end
    is_known = ledger.kind.isin(EVENT_KINDS)
    # One small number per event decides all sums: kinds are compared once, not per sum.
    numbers = {kind: number for number, kind in enumerate(SUMS)}
    counted = [(ledger.kind == kind, number) for kind, number in numbers.items()]
    what = ibis.cases((is_known & ~is_before, AFTER), *counted, else_=UNKNOWN)
    events = ledger.select("holder_id", "fen", what=what.cast("int8"))
    sums = {
        SUMS[kind]: events.fen.sum(where=events.what == number).fill_null(0)
        for kind, number in numbers.items()
    }
    return events.group_by("holder_id").agg(
        **sums,
        events=events.count(),
        after=events.count(where=events.what == AFTER),
        unknown=events.count(where=events.what == UNKNOWN),
    )


def balances(sums: ir.Table, *, width: Width) -> ir.Table:
    """`sums` with `ledger_fen`, what the platform owes each holder.

    ledger_fen = max(0, round_half_up(paid − used · paid / (paid + bonus)) − back);
    with given = paid + bonus the rounded part is
    (2 · paid · (given − used) + given) // (2 · given), and 0 once all is used up.
    """
    given = sums.paid + sums.bonus
    left = ibis.greatest(given - sums.used, 0)
    doubled = width.wide(sums.paid) * width.wide(left) * 2 + width.wide(given)
    quotient, _ = divided(doubled, width.wide(ibis.greatest(given, 1)) * 2)
    rounded = ibis.cases((left > 0, quotient), else_=0)
    return sums.mutate(ledger_fen=ibis.greatest(rounded - sums.back, 0).cast("int64"))

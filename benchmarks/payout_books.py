"""Our orders and the case's book beside the channels' own books: where they differ.

Every list is empty where all is right; each names references or parts, never a payee.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Sum

from zhipo.audit.trail import first_broken_link
from zhipo.cases.models import Case
from zhipo.distributions.chart import IN_TRANSIT
from zhipo.ledger.queries import balance_fen, trial_balance
from zhipo.payouts.channels import PAYS_FROM, SPOKEN
from zhipo.payouts.models import Order
from zhipo.payouts.queries.due import parts_due
from zhipo.payouts.states import ON_THE_WAY, OPEN, OrderState

PAID_TWICE = """
SELECT o.share_id, o.part FROM payouts_order o
WHERE o.reference = ANY(%(paid)s)
GROUP BY o.share_id, o.part HAVING count(*) > 1"""
STANDING = """
SELECT o.share_id, o.part
FROM payouts_order o JOIN distributions_share s ON s.id = o.share_id
WHERE s.plan_id = %(plan)s AND (o.state = 'paid' OR o.reason = 'contradicted'
    OR o.state IN ('planned', 'sending', 'waiting_user')
        AND (o.ask_at IS NOT NULL OR o.channel NOT IN ('wechat', 'alipay')))"""
PARTS = """
SELECT s.id, p.part - 1 FROM distributions_share s
CROSS JOIN LATERAL unnest(s.parts) WITH ORDINALITY AS p(fen, part)
WHERE s.plan_id = %(plan)s AND p.fen > 0"""


def differences(case: Case, books: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What is not as it should be; `books` maps a channel to the book of its sandbox."""
    ours = {one.reference: one for one in Order.objects.filter(share__plan__case=case)}
    really = _of_case(ours, [row for name in sorted(SPOKEN) for row in books[name]["paid"]])
    paid = {one for one, order in ours.items() if order.state == OrderState.PAID}
    left = Counter(row["reference"] for row in really)
    return {
        "reference_paid_twice": sorted(one for one, times in left.items() if times > 1),
        "part_paid_twice": _rows(PAID_TWICE, paid=list(left)),
        "paid_by_them_not_by_us": sorted(set(left) - paid),
        "paid_by_us_not_by_them": sorted(paid - set(left)),
        "another_sum": sorted(
            row["reference"]
            for row in really
            if row["reference"] in ours and ours[row["reference"]].fen != row["fen"]
        ),
        "forgotten": _forgotten(case),
        "book": _faults_of_book(case, really),
        "trail": [one for one in [first_broken_link(case.number)] if one],
    }


def _of_case(
    ours: Mapping[str, Order], really: list[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """What channels paid under references of the case, or under nobody's."""
    others = {row["reference"] for row in really} - set(ours)
    known = Order.objects.filter(reference__in=others).values_list("reference", flat=True)
    of_others = set(known)
    return [row for row in really if row["reference"] not in of_others]


def is_over(case: Case) -> bool:
    """Whether no order of the case waits for a worker any more."""
    ours = Order.objects.filter(share__plan__case=case, channel__in=sorted(SPOKEN))
    return not ours.filter(state__in=sorted(OPEN)).exists()


def _forgotten(case: Case) -> list[Any]:
    """Parts that are neither paid nor on their way nor due, nor for a person to look at."""
    found: list[Any] = []
    for plan in case.plans.all():
        parts = {tuple(row) for row in _rows(PARTS, plan=plan.pk)}
        standing = {tuple(row) for row in _rows(STANDING, plan=plan.pk)}
        due = {(one.share, one.part) for one in parts_due(plan, until=date.max)}
        found += sorted(parts - standing - due)
    return found


def _faults_of_book(case: Case, really: Iterable[Mapping[str, Any]]) -> list[str]:
    """The case's own book: balanced, in transit what is on its way, paid what has left."""
    lines = trial_balance(case.number)
    on_the_way = _fen(case, ON_THE_WAY)
    has_left = sum(row["fen"] for row in really)
    out = sum(
        line.credit_fen - _back_fen(case, line.code)
        for line in lines
        if line.code in {PAYS_FROM[one] for one in SPOKEN}
    )
    checks = {
        "debits are not credits": sum(one.debit_fen - one.credit_fen for one in lines) == 0,
        "in transit is not what is on its way": balance_fen(case.number, IN_TRANSIT)
        == on_the_way,
        "what left the accounts is not what was paid": out == has_left,
        "payable is not what is owed": _payable(lines) == _owed(case, on_the_way, has_left),
    }
    return [fault for fault, holds in checks.items() if not holds]


def _back_fen(case: Case, code: str) -> int:
    """What came back into a paying account after it had been paid."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(e.fen), 0) FROM ledger_entry e"
            " JOIN ledger_account a ON a.id = e.account_id"
            " JOIN ledger_transaction t ON t.id = e.transaction_id"
            " WHERE a.book = %s AND a.code = %s AND t.act = 'give_back_orders'",
            [case.number, code],
        )
        return int(cursor.fetchone()[0])


def _payable(lines: Iterable[Any]) -> int:
    return sum(line.balance_fen for line in lines if line.code.startswith("claims:"))


def _owed(case: Case, on_the_way: int, has_left: int) -> int:
    total = case.plans.aggregate(fen=Sum("shares__paid_fen", default=0))["fen"]
    return int(total) - on_the_way - has_left


def _fen(case: Case, states: Iterable[OrderState]) -> int:
    rows = Order.objects.filter(share__plan__case=case, state__in=sorted(states))
    return int(rows.aggregate(fen=Sum("fen", default=0))["fen"])


def _rows(query: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [list(row) for row in cursor.fetchall()]


def by_state(case: Case) -> dict[str, int]:
    """How many orders stand in each state, those that were replaced included."""
    rows = Order.objects.filter(share__plan__case=case).values_list("state", flat=True)
    found = {state.value: 0 for state in OrderState}
    for state in rows:
        found[state] += 1
    return found

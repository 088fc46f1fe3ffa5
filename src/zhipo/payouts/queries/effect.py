"""What paying has come to: how many people, how much, how often tried, at what cost, when.

Aggregates alone, so that anybody may see them. A person is a creditor who signed in, or a
claim that nobody has taken yet; reached is whom at least one payment has arrived at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.core.cache import cache
from django.db import connection

from zhipo.cases.models import Case
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.fees import Fee, fees_known
from zhipo.payouts.states import DepositReason

KEPT_SECONDS = 30
HALF = Fraction(1, 2)

PERSON = "coalesce('u' || c.creditor_id, 'c' || c.id)"
OWED = f"""
WITH owed AS (
    SELECT {PERSON} AS person, s.paid_fen AS fen,
        (SELECT count(*) FROM unnest(s.parts) AS part WHERE part > 0) AS parts
    FROM distributions_share s
    JOIN distributions_plan p ON p.id = s.plan_id
    JOIN claims_claim c ON c.id = s.claim_id
    WHERE p.case_id = %(case)s AND p.state = 'approved' AND s.paid_fen > 0
    UNION ALL
    SELECT {PERSON}, d.fen, 1
    FROM payouts_deposit d
    JOIN distributions_share s ON s.id = d.share_id
    JOIN distributions_plan p ON p.id = s.plan_id
    JOIN claims_claim c ON c.id = s.claim_id
    WHERE p.case_id = %(case)s AND d.part IS NULL AND d.released_to = 'creditor')
SELECT count(DISTINCT person), coalesce(sum(fen), 0), coalesce(sum(parts), 0) FROM owed"""

BY_DAY = f"""
SELECT day, count(*) FILTER (WHERE turn = 1), sum(fen) FROM (
    SELECT (o.ended_at AT TIME ZONE 'Asia/Shanghai')::date AS day, o.fen,
        row_number() OVER (PARTITION BY {PERSON} ORDER BY o.ended_at, o.id) AS turn
    FROM payouts_order o
    JOIN distributions_share s ON s.id = o.share_id
    JOIN distributions_plan p ON p.id = s.plan_id
    JOIN claims_claim c ON c.id = s.claim_id
    WHERE p.case_id = %(case)s AND o.state = 'paid') paid
GROUP BY day ORDER BY day"""

ATTEMPTS = """
SELECT attempts, count(*) FROM (
    SELECT count(*) FILTER (WHERE o.sent_at IS NOT NULL) AS attempts
    FROM payouts_order o
    JOIN distributions_share s ON s.id = o.share_id
    JOIN distributions_plan p ON p.id = s.plan_id
    WHERE p.case_id = %(case)s
    GROUP BY o.share_id, o.part HAVING bool_or(o.state = 'paid')) parts
GROUP BY attempts ORDER BY attempts"""

BY_CHANNEL = """
SELECT o.channel, count(*) FILTER (WHERE o.sent_at IS NOT NULL),
    count(*) FILTER (WHERE o.state = 'paid'),
    coalesce(sum(o.fen) FILTER (WHERE o.state = 'paid'), 0)
FROM payouts_order o
JOIN distributions_share s ON s.id = o.share_id
JOIN distributions_plan p ON p.id = s.plan_id
WHERE p.case_id = %(case)s
GROUP BY o.channel ORDER BY o.channel"""

KEPT = """
SELECT d.why, count(*), sum(d.fen), d.released_to
FROM payouts_deposit d
JOIN distributions_share s ON s.id = d.share_id
JOIN distributions_plan p ON p.id = s.plan_id
WHERE p.case_id = %(case)s AND d.released_to <> 'creditor'
GROUP BY d.why, d.released_to ORDER BY d.why, d.released_to"""

RATES = """
SELECT s.class_name, sum(s.fen), sum(s.paid_fen + s.reserved_fen), sum(s.baseline_fen)
FROM distributions_share s JOIN distributions_plan p ON p.id = s.plan_id
WHERE p.case_id = %(case)s AND p.state = 'approved' AND p.number = (
    SELECT min(number) FROM distributions_plan
    WHERE case_id = %(case)s AND state = 'approved')
GROUP BY s.class_name"""


@dataclass(frozen=True)
class Day:
    """Up to the end of a day (+08:00): people reached, fen that have arrived."""

    day: date
    people: int
    fen: int


@dataclass(frozen=True)
class ThroughChannel:
    """One channel: orders sent and paid, fen paid, its fees where they are known."""

    name: ChannelName
    sent: int
    paid: int
    fen: int
    fee: Fee | None

    @property
    def cost_fen(self) -> int | None:
        """What its payments have cost, None where nobody has said what one costs."""
        return None if self.fee is None else self.fee.cost_fen(self.paid, self.fen)


@dataclass(frozen=True)
class KeptBack:
    """Deposits of one reason: kept still, or given to the other creditors."""

    why: DepositReason
    count: int
    fen: int
    is_over: bool


@dataclass(frozen=True)
class Effect:
    """A case's payments so far; `days` runs from the first arrival to the last."""

    accepted_on: date
    people: int
    fen: int
    parts: int
    days: Sequence[Day]
    attempts: Mapping[int, int]
    channels: Sequence[ThroughChannel]
    kept: Sequence[KeptBack]
    rates: Mapping[str, tuple[int, int, int]]

    @property
    def reached(self) -> int:
        return self.days[-1].people if self.days else 0

    @property
    def paid_fen(self) -> int:
        return self.days[-1].fen if self.days else 0

    @property
    def paid_parts(self) -> int:
        return sum(self.attempts.values())

    @property
    def attempts_per_payment(self) -> Fraction | None:
        """Orders sent for each payment that arrived, failed ones before it included."""
        tries = sum(count * parts for count, parts in self.attempts.items())
        return Fraction(tries, self.paid_parts) if self.paid_parts else None

    @property
    def orders_per_payment(self) -> Fraction | None:
        """All orders sent, those for people never reached included, for each arrival."""
        sent = sum(one.sent for one in self.channels)
        paid = sum(one.paid for one in self.channels)
        return Fraction(sent, paid) if paid else None

    @property
    def cost_fen(self) -> int:
        """Known fees of all payments."""
        return sum(one.cost_fen or 0 for one in self.channels)

    @property
    def costs_unknown(self) -> list[ThroughChannel]:
        """Channels that have paid and whose fees nobody has said."""
        return [one for one in self.channels if one.paid and one.fee is None]

    @property
    def cost_per_payment_fen(self) -> Fraction | None:
        """Known fees over the payments that they are of."""
        priced = sum(one.paid for one in self.channels if one.fee is not None)
        return Fraction(self.cost_fen, priced) if priced else None

    @property
    def first_after(self) -> int | None:
        """Days from acceptance to the first payment that arrived."""
        return self._after(self.days[0].day) if self.days else None

    @property
    def half_after(self) -> int | None:
        """Days from acceptance until half of the people were reached; None before."""
        for one in self.days:
            if self.people and Fraction(one.people, self.people) >= HALF:
                return self._after(one.day)
        return None

    @property
    def last_after(self) -> int | None:
        return self._after(self.days[-1].day) if self.days else None

    def _after(self, day: date) -> int:
        return (day - self.accepted_on).days


def effect_of(case: Case) -> Effect | None:
    """What paying has come to; None until a plan gives somebody something."""
    values = {"case": case.pk}
    with connection.cursor() as cursor:
        people, fen, parts = _rows(cursor, OWED, values)[0]
        if not people:
            return None
        return Effect(
            accepted_on=case.accepted_on,
            people=people,
            fen=int(fen),
            parts=int(parts),
            days=_days(_rows(cursor, BY_DAY, values)),
            attempts=dict(_rows(cursor, ATTEMPTS, values)),
            channels=_channels(_rows(cursor, BY_CHANNEL, values)),
            kept=[
                KeptBack(DepositReason(why), count, int(kept), bool(to))
                for why, count, kept, to in _rows(cursor, KEPT, values)
            ],
            rates={
                name: (int(owed), int(got), int(baseline))
                for name, owed, got, baseline in _rows(cursor, RATES, values)
            },
        )


def effect_for_all(case: Case) -> Effect | None:
    """The same for public pages, read once in KEPT_SECONDS per process."""
    key = f"payout-effect:{case.pk}"
    if (known := cache.get(key, default=_NOTHING)) is not _NOTHING:
        found: Effect | None = known
        return found
    found = effect_of(case)
    cache.set(key, found, KEPT_SECONDS)
    return found


_NOTHING = object()


def _rows(cursor: Any, sql: str, values: Mapping[str, Any]) -> list[Any]:
    cursor.execute(sql, values)
    return list(cursor.fetchall())


def _days(rows: Sequence[tuple[date, int, Any]]) -> list[Day]:
    """Running totals of each day on which something arrived."""
    people = fen = 0
    days = []
    for day, new, amount in rows:
        people, fen = people + new, fen + int(amount)
        days.append(Day(day, people, fen))
    return days


def _channels(rows: Sequence[tuple[str, int, int, Any]]) -> list[ThroughChannel]:
    known = fees_known()
    return [
        ThroughChannel(
            ChannelName(name), sent, paid, int(fen), known.get(ChannelName(name))
        )
        for name, sent, paid, fen in rows
    ]

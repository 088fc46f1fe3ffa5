"""What of an approved plan is to be paid and has no open order: parts and payees."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from zhipo.claims.states import PayoutChannel
from zhipo.distributions.models import Plan
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.channels import open_channels
from zhipo.payouts.payees import Creditor, Used, Way, used_up, way_for
from zhipo.payouts.schedule import Load, Sum

PARTS = """
WITH last AS (
    SELECT DISTINCT ON (o.share_id, o.part) o.id, o.share_id, o.part, o.state
    FROM payouts_order o JOIN distributions_share s ON s.id = o.share_id
    WHERE s.plan_id = %(plan)s
    ORDER BY o.share_id, o.part, o.id DESC),
part AS (
    SELECT s.id AS share_id, s.claim_id, p.part - 1 AS part, p.fen,
        coalesce(plan.due_days[least(p.part, cardinality(plan.due_days))],
            plan.ruled_on) AS due_on
    FROM distributions_share s
    JOIN distributions_plan plan ON plan.id = s.plan_id
    CROSS JOIN LATERAL unnest(s.parts) WITH ORDINALITY AS p(fen, part)
    WHERE s.plan_id = %(plan)s AND p.fen > 0
    UNION ALL
    SELECT s.id, s.claim_id, cardinality(s.parts), d.fen, d.released_on
    FROM payouts_deposit d JOIN distributions_share s ON s.id = d.share_id
    WHERE s.plan_id = %(plan)s AND d.part IS NULL AND d.released_to = 'creditor')
SELECT part.share_id, part.part, part.fen, part.due_on, last.id,
    c.id, c.number, coalesce(nullif(h.name, ''::bytea), c.claimant),
    c.payout_channel, c.payout_account, c.payout_hash,
    coalesce(h.payer_account, ''::bytea), coalesce(h.payer_hash, '')
FROM part
JOIN claims_claim c ON c.id = part.claim_id
LEFT JOIN claims_holder h ON h.id = c.holder_id
LEFT JOIN last ON last.share_id = part.share_id AND last.part = part.part
WHERE part.due_on <= %(until)s
    AND (last.id IS NULL OR last.state IN ('failed', 'returned', 'deposited'))
    AND NOT EXISTS (
        SELECT FROM payouts_deposit d
        WHERE d.share_id = part.share_id AND d.part = part.part
            AND (d.released_on IS NULL OR d.released_to = 'others'))
    AND NOT EXISTS (
        SELECT FROM payouts_order o
        WHERE o.share_id = part.share_id AND o.part = part.part
            AND o.reason = 'contradicted')
ORDER BY part.due_on, part.fen, part.share_id, part.part"""

ENDED = """
SELECT o.share_id, o.part, o.channel, o.payee_hash, o.reason
FROM payouts_order o JOIN distributions_share s ON s.id = o.share_id
WHERE s.plan_id = %(plan)s AND o.state IN ('failed', 'returned')"""

FURTHER = """
SELECT w.claim_id, w.channel, w.account, w.account_hash
FROM payouts_furtherway w JOIN distributions_share s ON s.claim_id = w.claim_id
WHERE s.plan_id = %(plan)s ORDER BY w.claim_id, w.place"""

NOTHING_USED: frozenset[Used] = frozenset()

LOAD = """
SELECT o.payee_hash,
    (coalesce(o.sent_at, o.ask_at) AT TIME ZONE 'Asia/Shanghai')::date AS day, sum(o.fen)
FROM payouts_order o
WHERE o.channel = %(channel)s AND o.state IN ('planned', 'sending', 'waiting_user', 'paid')
    AND coalesce(o.sent_at, o.ask_at) >= %(since)s
    AND NOT (o.state = 'planned' AND o.release_id = %(without)s)
GROUP BY 1, 2"""


@dataclass(frozen=True)
class Part:
    """One part of a share that is to be paid, and the closed order that it follows."""

    share: int
    part: int
    fen: int
    due_on: date
    follows: int | None
    claim: int
    creditor: Creditor
    used: frozenset[Used]


def parts_due(plan: Plan, *, until: date) -> Iterator[Part]:
    """Parts due by a day without an open, paid or deposited order; the earliest first.

    Nor one of which the channel contradicts itself: the money may have left.
    """
    values: dict[str, Any] = {"plan": plan.pk, "until": until}
    with connection.cursor() as cursor:
        cursor.execute(ENDED, values)
        ended: defaultdict[tuple[int, int], list[tuple[str, str, str]]] = defaultdict(list)
        for share, part, *how in cursor.fetchall():
            ended[share, part].append(tuple(how))
        cursor.execute(FURTHER, values)
        further: defaultdict[int, list[Any]] = defaultdict(list)
        for claim, channel, account, account_hash in cursor.fetchall():
            further[claim].append((PayoutChannel(channel), bytes(account), account_hash))
        cursor.execute(PARTS, values)
        rows = cursor.fetchall()
    for row in rows:
        share, part, fen, due_on, follows, claim, *said = row
        creditor = _creditor(said, further.get(claim, []))
        before = ended.get((share, part))
        used = used_up(before) if before else NOTHING_USED
        yield Part(share, part, fen, due_on, follows, claim, creditor, used)


def parts_with_ways(plan: Plan, *, until: date) -> Iterator[tuple[Part, Way | None]]:
    """Each of them with the way it goes, None where no way of its creditor is left."""
    channels = open_channels()
    for part in parts_due(plan, until=until):
        one = Sum(0, part.fen, part.due_on, "", has_name=bool(part.creditor.name))
        yield part, way_for(part.creditor, one, used=part.used, channels=channels)


def load_of(channel: ChannelName, *, since: datetime, without: int = 0) -> Load:
    """What a channel's days hold from an instant on, over all cases.

    What a release `without` has planned is left out: it is about to be placed anew.
    """
    days: defaultdict[date, int] = defaultdict(int)
    payees: dict[tuple[str, date], int] = {}
    with connection.cursor() as cursor:
        cursor.execute(LOAD, {"channel": channel, "since": since, "without": without})
        for payee, day, fen in cursor.fetchall():
            days[day] += int(fen)
            payees[payee, day] = int(fen)
    return Load(days, payees)


def _creditor(said: list[Any], further: list[Any]) -> Creditor:
    number, name, channel, account, account_hash, paid_by, paid_by_hash = said
    first = [(PayoutChannel(channel), bytes(account), account_hash)] if channel else []
    return Creditor(number, bytes(name), [*first, *further], bytes(paid_by), paid_by_hash)

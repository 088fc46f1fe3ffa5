"""An order whose payee missed the time to confirm is issued again, to the same payee.

Sum, payee and channel are those that the lead let go; a new reference follows the closed
one. Whatever needs another way waits for a new release by two people.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.actions.preparing import new_reference
from zhipo.payouts.actions.scheduling import place_later
from zhipo.payouts.payees import EXPIRIES
from zhipo.payouts.schedule import Sum

LAPSED = """
WITH RECURSIVE chain AS (
    SELECT o.id AS first, o.id, o.follows_id, o.channel, o.payee_hash
    FROM payouts_order o WHERE o.id = ANY(%(ids)s)
    UNION ALL
    SELECT chain.first, o.id, o.follows_id, o.channel, o.payee_hash
    FROM payouts_order o JOIN chain ON o.id = chain.follows_id
    WHERE o.reason = 'expired' AND (o.channel, o.payee_hash) =
        (chain.channel, chain.payee_hash))
SELECT o.id, o.fen, o.due_on, o.payee_hash, o.channel, o.payee_name <> ''::bytea
FROM payouts_order o
JOIN payouts_release r ON r.id = o.release_id
JOIN (SELECT first, count(*) AS missed FROM chain GROUP BY first) c ON c.first = o.id
WHERE r.state = 'released' AND c.missed < %(most)s
FOR KEY SHARE OF r SKIP LOCKED"""

AGAIN = """
INSERT INTO payouts_order (share_id, part, fen, release_id, reference, channel, payee_kind,
    payee_account, payee_name, payee_bank, payee_hash, due_on, state, ask_at, tries, turn,
    package, channel_number, reason, follows_id)
SELECT o.share_id, o.part, o.fen, o.release_id, said.reference, o.channel, o.payee_kind,
    o.payee_account, o.payee_name, o.payee_bank, o.payee_hash, o.due_on, 'planned', said.at,
    0, 0, '', '', '', o.id
FROM payouts_order o
JOIN (SELECT * FROM unnest(%(ids)s::bigint[], %(references)s::text[],
    %(times)s::timestamptz[]) AS s(id, reference, at)) said ON said.id = o.id"""


def issue_again(ids: Sequence[int], *, now: datetime) -> int:
    """New orders for lapsed ones whose release still runs, at a good hour of a later day.

    Not where the payee has missed it so often that another way is due, nor while somebody
    pauses or stops the release: those parts wait for the next one. How many.
    """
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(LAPSED, {"ids": list(ids), "most": EXPIRIES})
        rows = cursor.fetchall()
    channels: defaultdict[str, list[Sum]] = defaultdict(list)
    for order, fen, due_on, payee, channel, has_name in rows:
        channels[channel].append(Sum(order, fen, due_on, payee, has_name))
    leaves: dict[int, datetime] = {}
    for channel, sums in channels.items():
        leaves |= place_later(sums, ChannelName(channel), now=now).leaves
    if leaves:
        values: dict[str, Any] = {
            "ids": list(leaves),
            "times": list(leaves.values()),
            "references": [new_reference() for _ in leaves],
        }
        with connection.cursor() as cursor:
            cursor.execute(AGAIN, values)
    return len(leaves)

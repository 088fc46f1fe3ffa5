"""Orders are taken up for a turn, marked as being sent before a channel hears of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from zhipo.audit.events import Event
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.transfers import PayeeKind
from zhipo.payouts.actions.posting import Moved, post_sending, record_for_each_case
from zhipo.payouts.models import Order
from zhipo.payouts.states import OrderState, ReleaseState
from zhipo.payouts.work import Work

LEASE = timedelta(minutes=3)
"""How long an order stays with whoever took it; after that the next one asks about it."""

TAKE = """
WITH due AS (
    SELECT o.id, o.state, r.state AS release_state
    FROM payouts_order o JOIN payouts_release r ON r.id = o.release_id
    WHERE o.channel = %(channel)s AND o.ask_at <= %(now)s
        AND (o.state IN ('sending', 'waiting_user')
            OR o.state = 'planned' AND r.state = 'released')
    ORDER BY o.ask_at, o.id LIMIT %(limit)s
    FOR NO KEY UPDATE OF o SKIP LOCKED),
taken AS (
    UPDATE payouts_order o SET
        state = CASE WHEN due.state = 'planned' THEN 'sending' ELSE o.state END,
        turn = o.turn + 1,
        tries = o.tries + (due.state = 'planned')::int,
        sent_at = coalesce(o.sent_at, %(now)s),
        ask_at = %(until)s
    FROM due WHERE o.id = due.id
    RETURNING o.*, due.state AS before, due.release_state)
SELECT t.id, t.turn, t.before, t.release_state, t.tries, t.confirm_until,
    t.package <> '', t.channel, t.reference, t.fen, t.part, c.number,
    t.payee_kind, t.payee_account, t.payee_name, t.payee_bank,
    case_.number, s.class_name, s.claim_id
FROM taken t
JOIN distributions_share s ON s.id = t.share_id
JOIN claims_claim c ON c.id = s.claim_id
JOIN cases_case case_ ON case_.id = c.case_id
ORDER BY t.id"""
BIND = """
UPDATE claims_claim SET payout_ordered_at = %(now)s
WHERE id = ANY(%(claims)s) AND payout_ordered_at IS NULL"""


@transaction.atomic
def take_orders(channel: ChannelName, *, now: datetime, limit: int) -> list[Work]:
    """Orders of a channel that are due, this turn's alone; those new to it are in transit.

    Committed before anything is sent: after a crash the next turn finds them as being
    sent, and asks. From here on their creditors' account stands.
    """
    values: dict[str, Any] = {
        "channel": channel,
        "now": now,
        "until": now + LEASE,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        rows = cursor.fetchall()
    new = [row for row in rows if row[2] == OrderState.PLANNED]
    if new:
        moved = [Moved(row[-3], row[-2], ChannelName(row[7]), row[8], row[9], row[1])
                 for row in new]  # fmt: skip
        post_sending(moved, now=now)
        _bind_claims([row[-1] for row in new], now)
        record_for_each_case(Event.ORDERS_SENT, moved, channel=channel)
    return [_work(row) for row in rows]


def put_in_transit(
    orders: Sequence[Order], *, now: datetime, also: Sequence[str] = ()
) -> None:
    """Locked orders that go by file or from hand to hand: by the table none has its end
    that was not on its way. `also` names what else of them is to be saved.
    """
    for order in orders:
        order.state, order.sent_at = OrderState.SENDING, now
        order.turn, order.tries = order.turn + 1, order.tries + 1
    Order.objects.bulk_update(
        orders, ["state", "sent_at", "turn", "tries", *also], batch_size=1_000
    )
    moved = [
        Moved(one.share.plan.case.number, one.share.class_name, ChannelName(one.channel),
              one.reference, one.fen, one.turn)
        for one in orders
    ]  # fmt: skip
    post_sending(moved, now=now)


def _bind_claims(claims: list[int], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BIND, {"claims": claims, "now": now})


def _work(row: Any) -> Work:
    order, turn, before, release_state, tries, until, has_package, channel, *rest = row
    reference, fen, part, number, kind, account, name, bank = rest[:8]
    return Work(
        order, turn, OrderState(before), ReleaseState(release_state), tries, until,
        has_package, ChannelName(channel), reference, fen, part, number, PayeeKind(kind),
        (bytes(account), bytes(name), bytes(bank)),
    )  # fmt: skip

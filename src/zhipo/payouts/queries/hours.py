"""At which hours of sending payees took their money, as the orders themselves tell."""

from datetime import datetime, timedelta

from django.db import connection

from zhipo.gateways.payouts.channel import ChannelName

LOOKED_BACK = timedelta(days=90)
BY_HOUR = """
SELECT extract(hour FROM sent_at AT TIME ZONE 'Asia/Shanghai')::int,
    count(*), count(*) FILTER (WHERE state = 'paid')
FROM payouts_order
WHERE channel = %(channel)s AND sent_at >= %(since)s
    AND (state = 'paid' OR state = 'returned' AND reason = 'expired')
GROUP BY 1"""


def answered_by_hour(channel: ChannelName, *, now: datetime) -> dict[int, tuple[int, int]]:
    """Hour of sending (+08:00) -> orders that payees took or let lapse, orders taken."""
    with connection.cursor() as cursor:
        cursor.execute(BY_HOUR, {"channel": channel, "since": now - LOOKED_BACK})
        return {hour: (sent, paid) for hour, sent, paid in cursor.fetchall()}

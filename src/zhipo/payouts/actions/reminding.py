"""Whoever has not collected their money is reminded of it, inside the portal (EBL 118)."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.models import Case
from zhipo.claims.actions.messages import put_messages
from zhipo.kernel.money import yuan_text

AGAIN_AFTER = timedelta(days=14)
"""How long after one reminder the next one comes (ours, not law)."""

WAITING = """
WITH waiting AS (
    SELECT s.claim_id, o.fen, NULL::date AS until
    FROM payouts_order o
    JOIN payouts_release r ON r.id = o.release_id
    JOIN distributions_share s ON s.id = o.share_id
    WHERE o.state = 'planned' AND o.channel IN ('by_cash', 'by_post')
        AND r.state = 'released' AND r.released_at <= %(since)s
        AND o.reason <> 'contradicted' AND o.due_on <= %(today)s
        AND NOT EXISTS (SELECT FROM payouts_handpayment h WHERE h.order_id = o.id)
    UNION ALL
    SELECT s.claim_id, d.fen, d.until
    FROM payouts_deposit d JOIN distributions_share s ON s.id = d.share_id
    WHERE d.why = 'unclaimed' AND d.released_on IS NULL
        AND (d.until IS NULL OR d.until >= %(today)s))
SELECT c.case_id, w.claim_id, sum(w.fen), min(w.until)
FROM waiting w JOIN claims_claim c ON c.id = w.claim_id
WHERE NOT EXISTS (
    SELECT FROM claims_message m WHERE m.claim_id = w.claim_id AND m.sent_at > %(since)s
        AND m.phrase IN ('message.payout_remind', 'message.deposit_remind'))
GROUP BY 1, 2 ORDER BY 1, 2"""


@transaction.atomic
def remind_uncollected(*, now: datetime | None = None) -> int:
    """Tell everybody whose money waits at the cash desk or is deposited, once a fortnight,
    until when it is theirs. How many; repeated on the same day, none.
    """
    at = now or timezone.now()
    values = {"since": at - AGAIN_AFTER, "today": timezone.localdate(at)}
    with connection.cursor() as cursor:
        cursor.execute(WAITING, values)
        rows = cursor.fetchall()
    put_messages([(claim, *_words(fen, until)) for _, claim, fen, until in rows], now=at)

    sums: defaultdict[int, list[int]] = defaultdict(list)
    for case, _, fen, _ in rows:
        sums[case].append(int(fen))
    for case in Case.objects.filter(pk__in=sums).order_by("pk"):
        record(Event.REMINDERS_ORDERED, of=case, by=None, chain=case.number,
               what="uncollected", count=len(sums[case.pk]),
               fen=sum(sums[case.pk]))  # fmt: skip
    return len(rows)


def _words(fen: int, until: Any) -> tuple[str, dict[str, str]]:
    values = {"yuan": yuan_text(int(fen))}
    if until is None:
        return "message.payout_remind", values
    return "message.deposit_remind", {**values, "until": f"{until:%Y-%m-%d}"}

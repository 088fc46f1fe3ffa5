"""Creditors are told inside the portal what became of their money; never with a link."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from zhipo.claims.actions.messages import put_messages
from zhipo.kernel.money import yuan_text
from zhipo.payouts.states import Ending, OrderState
from zhipo.payouts.verdicts import Verdict

Told = tuple[int, int, Verdict]
"""Claim, fen, what was found."""

S = OrderState


def tell_creditors(moves: Sequence[Told], *, now: datetime) -> None:
    """A message for each order that waits for its payee, has arrived, or has come back."""
    said = [(claim, *words) for claim, fen, to in moves if (words := _words(fen, to))]
    put_messages(said, now=now)


def _words(fen: int, verdict: Verdict) -> tuple[str, dict[str, Any]] | None:
    values: dict[str, Any] = {"yuan": yuan_text(fen)}
    match verdict.state:
        case S.WAITING_USER:
            until = verdict.confirm_until
            day = timezone.localtime(until).strftime("%Y-%m-%d %H:%M") if until else "-"
            return "message.payout_waits", {**values, "until": day}
        case S.PAID:
            return "message.payout_paid", values
        case S.RETURNED if verdict.reason == Ending.EXPIRED:
            return "message.payout_lapsed", values
        case S.RETURNED | S.FAILED:
            return "message.payout_failed", values
    return None

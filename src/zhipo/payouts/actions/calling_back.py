"""What a channel posts to us by itself: proven, held against the order, entered once."""

from datetime import datetime
from functools import cache

from django.db import transaction

from zhipo.gateways.payouts.channel import Channel
from zhipo.gateways.payouts.outcomes import BadCallback
from zhipo.gateways.payouts.transfers import Transfer
from zhipo.gateways.payouts.wire import Callback
from zhipo.payouts.actions.settling import enter_word
from zhipo.payouts.queries.orders import work_of
from zhipo.payouts.verdicts import Asked
from zhipo.payouts.work import Work


@transaction.atomic
def hear(channel: Channel, callback: Callback, *, now: datetime) -> BadCallback | None:
    """Enter what a callback says of one of our orders; what is wrong with it, else None.

    Played again it changes nothing. A forged one, or one with another sum, is not used:
    the order is asked after all the same.
    """
    found = cache(work_of)
    told = channel.read_callback(callback, find=lambda ours: _transfer_of(found(ours)))
    if isinstance(told, BadCallback):
        return told
    work = found(told.reference)
    assert work is not None
    enter_word(work, Asked.CALLBACK, told.outcome, now=now)
    return None


def _transfer_of(work: Work | None) -> Transfer | None:
    """The transfer as we sent it; what no channel could be told was never sent."""
    try:
        return work.transfer() if work is not None else None
    except ValueError:
        return None

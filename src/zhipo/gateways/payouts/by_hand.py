"""Payment without a machine at the other end: the cash desk and postal remittance.

Two people record it: one has paid, another has seen the receipt. Nothing is sent; what is
recorded is held against the transfer like any channel's answer.
"""

from dataclasses import dataclass, field
from datetime import datetime

from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.limits import CASH_DESK, POSTAL, Limits
from zhipo.gateways.payouts.outcomes import Failed, Paid, Reason
from zhipo.gateways.payouts.transfers import PayeeKind, Transfer


class NotAgreed(ValueError):
    """The record does not stand: nothing has been paid by it."""


@dataclass(frozen=True)
class HandChannel:
    """One of the two ways by hand."""

    name: ChannelName
    kinds: frozenset[PayeeKind]
    limits: Limits


CASH = HandChannel(ChannelName.BY_CASH, frozenset({PayeeKind.CASH_DESK}), CASH_DESK)
POST = HandChannel(ChannelName.BY_POST, frozenset({PayeeKind.POSTAL_ADDRESS}), POSTAL)


@dataclass(frozen=True)
class HandRecord:
    """What one person has done and another has checked.

    `receipt` is the number of the signed receipt or of the remittance; `taken_by` the name
    on it, which is the payee's or of whoever holds their power.
    """

    reference: str
    fen: int
    receipt: str
    at: datetime
    taken_by: str = field(repr=False)
    recorded_by: str
    checked_by: str


def settled_by_hand(
    transfer: Transfer, record: HandRecord, *, channel: HandChannel
) -> Paid:
    """The transfer is paid by this record. Raises NotAgreed."""
    if transfer.payee.kind not in channel.kinds:
        raise NotAgreed("the payee is paid another way")
    if (record.reference, record.fen) != (transfer.reference, transfer.fen):
        raise NotAgreed("another reference or another sum")
    if record.at.tzinfo is None:
        raise NotAgreed("a time without its offset")
    if not record.receipt.strip() or not record.taken_by.strip():
        raise NotAgreed("no receipt, or nobody on it")
    _check_two_people(record.recorded_by, record.checked_by)
    return Paid(at=record.at, number=record.receipt.strip())


def returned_by_hand(*, reason: Reason, recorded_by: str, checked_by: str) -> Failed:
    """A remittance came back, or nobody came; two people have seen it. Raises NotAgreed."""
    _check_two_people(recorded_by, checked_by)
    return Failed(reason)


def _check_two_people(recorded_by: str, checked_by: str) -> None:
    if not recorded_by or not checked_by or recorded_by == checked_by:
        raise NotAgreed("two people have to agree")

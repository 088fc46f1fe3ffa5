"""On which ways a creditor can be paid: the chosen one, further ones, the one they paid by.

Accounts and names stay sealed as they stand in their columns; they are opened only where
their form decides what they are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from zhipo.claims.policies.filing import ALIPAY_MARKS, WECHAT_MARKS
from zhipo.claims.states import PayoutChannel
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.limits import Limits
from zhipo.gateways.payouts.outcomes import Reason
from zhipo.gateways.payouts.transfers import PayeeKind
from zhipo.payouts.channels import OF_CHOICE
from zhipo.payouts.schedule import Sum, never
from zhipo.payouts.states import Ending
from zhipo.privacy.columns import decrypt, encrypt

ALIPAY_NUMBER = "2088"
EXPIRIES = 3
"""After so many confirmations missed in a row a way counts as not taken."""

USED_UP = frozenset(
    {
        Reason.WRONG_NAME, Reason.NAME_MISSING, Reason.NO_SUCH_ACCOUNT,
        Reason.ACCOUNT_CLOSED, Reason.ACCOUNT_LIMITED, Reason.BELOW_MINIMUM,
        Reason.ABOVE_MAXIMUM, Reason.RISK, Reason.NOT_TAKEN, Reason.RETURNED,
        Reason.NOT_DELIVERED, Reason.UNSPECIFIED, Ending.NOT_COLLECTED,
    }
)  # fmt: skip
"""An order that ended so would end so again: the next one goes another way."""

Told = tuple[PayoutChannel, bytes, str]
"""A choice as it stands in the tables: channel, sealed account, the account's hash."""

Used = tuple[str, str]
"""Channel and account's hash of a way."""


@dataclass(frozen=True)
class Way:
    """One way to a payee, as an order takes it over."""

    channel: ChannelName
    kind: PayeeKind
    account: bytes
    account_hash: str


@dataclass(frozen=True)
class Creditor:
    """What the claim says of how its creditor is to be paid; bytes are sealed."""

    number: str
    name: bytes
    choices: Sequence[Told]
    paid_by: bytes
    paid_by_hash: str


def way_for(
    creditor: Creditor,
    one: Sum,
    *,
    used: frozenset[Used],
    channels: Mapping[ChannelName, Limits],
) -> Way | None:
    """The first way by one of these channels that takes this sum and has not failed for
    it; None where none is left.

    Whoever has named no account can still come to the cash desk.
    """
    for way in ways(creditor):
        is_free = (way.channel, way.account_hash) not in used
        limits = channels.get(way.channel)
        if is_free and limits is not None and never(one, limits) is None:
            return way
    return None


def ways(creditor: Creditor) -> Iterator[Way]:
    """All of them in the creditor's order; the account that paid before the cash desk."""
    seen: set[Used] = set()
    back = _way_back(creditor)
    for channel, account, account_hash in creditor.choices:
        way = _chosen(creditor, channel, account, account_hash)
        if way is None and channel is PayoutChannel.WECHAT and back is not None:
            way = back if back.channel is ChannelName.WECHAT else None
        if way is not None and (way.channel, way.account_hash) not in seen:
            seen.add((way.channel, way.account_hash))
            yield way
    for way in (back, cash_desk(creditor)):
        if way is not None and (way.channel, way.account_hash) not in seen:
            yield way


def cash_desk(creditor: Creditor) -> Way:
    """In person, named by the number of the claim."""
    sealed = encrypt(creditor.number)
    return Way(ChannelName.BY_CASH, PayeeKind.CASH_DESK, sealed, "")


def used_up(ended: Iterable[tuple[str, str, str]]) -> frozenset[Used]:
    """Which ways are left out after orders that ended as (channel, hash, reason)."""
    expiries: dict[Used, int] = {}
    found: set[Used] = set()
    for channel, account_hash, reason in ended:
        way = (channel, account_hash)
        if reason in USED_UP:
            found.add(way)
        if reason == Ending.EXPIRED:
            expiries[way] = expiries.get(way, 0) + 1
    missed = {way for way, count in expiries.items() if count >= EXPIRIES}
    return frozenset(found | missed)


def _chosen(
    creditor: Creditor, channel: PayoutChannel, account: bytes, account_hash: str
) -> Way | None:
    if channel is PayoutChannel.CASH:
        return cash_desk(creditor)
    if not account:
        return None
    kind = _kind(channel, account)
    return Way(OF_CHOICE[channel], kind, account, account_hash)


def _kind(channel: PayoutChannel, account: bytes) -> PayeeKind:
    if channel is PayoutChannel.WECHAT:
        return PayeeKind.WECHAT_OPENID
    if channel is PayoutChannel.BANK:
        return PayeeKind.BANK_ACCOUNT
    is_number = decrypt(account).startswith(ALIPAY_NUMBER)
    return PayeeKind.ALIPAY_USER if is_number else PayeeKind.ALIPAY_LOGON


def _way_back(creditor: Creditor) -> Way | None:
    """To the account that paid the platform, where its form tells whose account it is."""
    if not creditor.paid_by:
        return None
    account = decrypt(creditor.paid_by).lower()
    for marks, channel in _MARKS.items():
        if account.startswith(marks):
            kind = _kind(channel, creditor.paid_by)
            way = (OF_CHOICE[channel], kind, creditor.paid_by, creditor.paid_by_hash)
            return Way(*way)
    return None


_MARKS: Mapping[tuple[str, ...], PayoutChannel] = {
    WECHAT_MARKS: PayoutChannel.WECHAT,
    ALIPAY_MARKS: PayoutChannel.ALIPAY,
}

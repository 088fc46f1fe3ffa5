"""The channels that this installation has been set up with, and where each pays from."""

import os
from collections.abc import Mapping
from functools import cache

from zhipo.claims.states import PayoutChannel
from zhipo.distributions.chart import BANK
from zhipo.gateways.payouts.alipay import account as alipay
from zhipo.gateways.payouts.alipay.client import AlipayChannel
from zhipo.gateways.payouts.by_hand import CASH, POST
from zhipo.gateways.payouts.channel import Channel, ChannelName
from zhipo.gateways.payouts.limits import ALIPAY, WECHAT, Limits, read_limits
from zhipo.gateways.payouts.limits import BANK as BANK_LIMITS
from zhipo.gateways.payouts.wechat import account as wechat
from zhipo.gateways.payouts.wechat.client import WechatChannel

C = ChannelName
OF_CHOICE: Mapping[PayoutChannel, ChannelName] = {
    PayoutChannel.WECHAT: C.WECHAT,
    PayoutChannel.ALIPAY: C.ALIPAY,
    PayoutChannel.BANK: C.BANK_BATCH,
    PayoutChannel.CASH: C.BY_CASH,
}
SPOKEN = frozenset({C.WECHAT, C.ALIPAY})
"""To which a worker speaks; the others go by file or from hand to hand."""

PAYS_FROM: Mapping[ChannelName, str] = {
    C.WECHAT: "payment:wechat",
    C.ALIPAY: "payment:alipay",
    C.BANK_BATCH: BANK,
    C.BY_CASH: BANK,
    C.BY_POST: BANK,
}
"""The account of the case's book from which a channel's payments leave."""

LIMITS_OF_BANK = "ZHIPO_BANK_LIMITS"


class NotSetUp(RuntimeError):
    """The environment names no account at this channel: nothing can be sent by it."""


@cache
def spoken(name: ChannelName) -> Channel:
    """The client of a channel, kept with its connections. Raises NotSetUp."""
    if name is C.WECHAT and (account := wechat.read_account()) is not None:
        return WechatChannel(account)
    if name is C.ALIPAY and (application := alipay.read_account()) is not None:
        return AlipayChannel(application)
    raise NotSetUp(name)


@cache
def wechat_client() -> tuple[str, str] | None:
    """Merchant and app with which a payee's WeChat opens a transfer; None without them."""
    account = wechat.read_account()
    return None if account is None else (account.merchant, account.app_id)


def is_set_up(name: ChannelName) -> bool:
    """Whether orders may be made out to a channel."""
    if name not in SPOKEN:
        return True
    try:
        spoken(name)
    except NotSetUp:
        return False
    return True


def limits_of(name: ChannelName) -> Limits:
    """What a channel allows, as this installation knows it."""
    if name in SPOKEN:
        usual = WECHAT if name is C.WECHAT else ALIPAY
        return spoken(name).limits if is_set_up(name) else usual
    if name is C.BANK_BATCH:
        return read_limits(os.environ.get(LIMITS_OF_BANK, ""), BANK_LIMITS)
    return CASH.limits if name is C.BY_CASH else POST.limits


def open_channels() -> dict[ChannelName, Limits]:
    """The channels that orders may be made out to now, with what each allows."""
    return {name: limits_of(name) for name in ChannelName if is_set_up(name)}

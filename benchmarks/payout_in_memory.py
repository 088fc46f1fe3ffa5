"""A channel in this process's memory that pays whatever it is sent, and keeps nothing."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from zhipo.gateways.payouts.bills import Bill, BillNotReady
from zhipo.gateways.payouts.channel import ChannelName, FindTransfer
from zhipo.gateways.payouts.limits import WECHAT, Limits
from zhipo.gateways.payouts.outcomes import (
    AskOutcome,
    BadCallback,
    CallbackOutcome,
    CancelOutcome,
    Paid,
    Reason,
    Refused,
    SendOutcome,
    Sent,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.transfers import PayeeKind, Transfer
from zhipo.gateways.payouts.wire import Callback


class WellBehaved:
    """Memory is the worker's alone: the channel knows no transfer of before."""

    name = ChannelName.WECHAT
    kinds = frozenset({PayeeKind.WECHAT_OPENID})

    def __init__(self) -> None:
        self.now = timezone.now() + timedelta(days=2)

    @property
    def limits(self) -> Limits:
        unhurried = {"per_second": None, "day_fen": None}
        return WECHAT.model_copy(update=unhurried)

    def clock(self) -> datetime:
        return self.now

    def later(self) -> None:
        self.now += timedelta(minutes=2)

    def send(self, transfer: Transfer) -> SendOutcome:
        until = self.now + timedelta(hours=24)
        return Sent("N", Waiting(must_confirm=True, until=until, package="package"))

    def ask(self, transfer: Transfer) -> AskOutcome:
        return Paid(at=self.now, number=f"N{transfer.reference}")

    def cancel(self, transfer: Transfer) -> CancelOutcome:
        return Refused(Reason.NOT_CANCELLABLE, is_final=True)

    def read_callback(self, callback: Callback, *, find: FindTransfer) -> CallbackOutcome:
        return BadCallback("NobodyCalls")

    def bill(self, day: date) -> Bill | BillNotReady | Unknown:
        return BillNotReady()

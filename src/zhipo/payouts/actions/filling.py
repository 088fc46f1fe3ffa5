"""Money is moved from the administrator's bank to a payment account that pays out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.powers import Act, check_power
from zhipo.distributions.chart import BANK, open_chart
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.ledger.models import Transaction
from zhipo.ledger.posting import KeyTaken, Movement, post
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.actions.posting import open_paying_accounts
from zhipo.payouts.channels import PAYS_FROM, SPOKEN
from zhipo.web.refusals import NotInState

FILLING = "fill_paying_account"


@dataclass(frozen=True)
class Filling:
    """How much, to which channel's account, when, and what the bank calls it."""

    channel: ChannelName
    fen: int
    value_on: date
    reference: str


@transaction.atomic
def fill_paying_account(
    *, case_id: int, filling: Filling, form_key: str, by: Any
) -> Transaction:
    """Post what was moved between the case's own accounts. The same form: as posted.

    Raises NotAllowed, NotInState where the bank account does not hold it.
    """
    case = locked_case(case_id)
    check_power(case, Act.ENTER_MONEY, by)
    open_chart(case.number)
    open_paying_accounts(case.number)
    key = f"fill:{form_key}"
    is_new = not Transaction.objects.filter(book=case.number, key=key).exists()
    if filling.channel not in SPOKEN or filling.fen <= 0:
        raise NotInState("payouts.refused.not_a_sum")
    if filling.value_on > timezone.localdate():
        raise NotInState("payouts.refused.not_yet")
    if is_new and balance_fen(case.number, BANK) < filling.fen:
        raise NotInState("payouts.refused.bank_holds_less")

    lines = {PAYS_FROM[filling.channel]: filling.fen, BANK: -filling.fen}
    movement = Movement(key, FILLING, lines, filling.value_on, filling.reference.strip())
    try:
        posted = post(case.number, movement, by=by)
    except KeyTaken as taken:
        raise NotInState("payouts.refused.other_form") from taken

    if is_new:
        record(Event.PAYING_ACCOUNT_FILLED, of=posted, by=by, chain=case.number,
               channel=filling.channel, fen=filling.fen)  # fmt: skip
    return posted

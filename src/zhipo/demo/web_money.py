"""The money of the generated case comes in: frozen accounts, sales, the collateral."""

from collections.abc import Iterator
from datetime import date

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.states import ClaimKind
from zhipo.demo import case as inputs
from zhipo.demo.web_people import staff_member
from zhipo.distributions.actions.money import Earmark, Receipt, enter_money, open_pool
from zhipo.distributions.chart import BANK, GENERAL, open_chart, pool_of
from zhipo.distributions.sources import Source

LIEN = "lien-1"
TITLE = "仓储设备变价款"
WIRED, SOLD = "银行进账单", "成交确认书、银行进账单"


def enter_all(case: Case, *, consumers: int, on: date) -> None:
    """Every sum as the cashier enters it from its paper; again nothing is entered twice."""
    open_chart(case.number)
    open_pool(
        case_id=case.pk, name=LIEN, title=TITLE,
        earmark=Earmark(secures=_secured(case)), by=staff_member("lead"),
    )  # fmt: skip
    cashier = staff_member("cashier")
    for place, receipt in enumerate(_receipts(consumers, on), 1):
        enter_money(case_id=case.pk, receipt=receipt, form_key=f"demo-{place}", by=cashier)


def _receipts(consumers: int, on: date) -> Iterator[Receipt]:
    for place, account in enumerate(inputs.ACCOUNTS, 1):
        fen = inputs.scaled(account.fen, consumers)
        paper = f"{account.institution}「{account.name}」划转，{WIRED}"
        yield Receipt(Source.FROZEN, BANK, GENERAL, fen, on, f"DZ{place:03d}", paper)
    for place, (name, whole) in enumerate(inputs.OTHER_ASSETS.items(), 11):
        fen = inputs.scaled(whole, consumers)
        paper = f"{name}，{SOLD}"
        yield Receipt(Source.SOLD, BANK, GENERAL, fen, on, f"DZ{place:03d}", paper)
    fen = inputs.scaled(inputs.COLLATERAL_SOLD_FEN, consumers)
    paper = f"{TITLE}，{SOLD}"
    yield Receipt(Source.SOLD, BANK, pool_of(LIEN), fen, on, "DZ021", paper)


def _secured(case: Case) -> tuple[str, ...]:
    """The numbers of the claims that the collateral stands for."""
    rows = Claim.objects.filter(case=case, kind=ClaimKind.SECURED).order_by("number")
    return tuple(rows.values_list("number", flat=True))

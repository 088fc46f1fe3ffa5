"""Money in: accounts and pools opened, receipts posted, wrong entries taken back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.distributions.acts import MONEY_IN, TAKEN_BACK
from zhipo.distributions.chart import FUND, open_chart, pool_of
from zhipo.distributions.policies.money import check_sum, checked_earmark, checked_places
from zhipo.distributions.queries.advances import advance_of
from zhipo.distributions.sources import OF_A_POOL, Source
from zhipo.ledger.kinds import ASSETS, AccountKind
from zhipo.ledger.models import Account, Transaction
from zhipo.ledger.posting import KeyTaken, Movement, open_account, post
from zhipo.ledger.queries import balance_fen
from zhipo.web.refusals import NotInState


@dataclass(frozen=True)
class Receipt:
    """What came in: from where, to which account, for which pool, how much in fen, when.

    `reference` is what the bank calls it; `evidence` names the paper behind it.
    """

    source: Source
    account: str
    pool: str
    fen: int
    value_on: date
    reference: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Earmark:
    """Which claims a pool secures, or which classes it goes to first on what ground."""

    secures: tuple[str, ...] = ()
    first_to: tuple[str, ...] = ()
    basis: str = ""
    evidence: str = ""


@transaction.atomic
def open_money_account(
    *, case_id: int, code: str, kind: AccountKind, title: str, by: Any
) -> Account:
    """Open an account where money lies; again the one that is there.

    Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    check_power(case, Act.ENTER_MONEY, by)
    if kind not in ASSETS:
        raise NotInState("distributions.refused.no_account", account=code)
    known = Account.objects.filter(book=case.number, code=code).first()
    if known is not None:
        if (known.kind, known.title) == (kind, title):
            return known
        raise NotInState("distributions.refused.code_taken", code=code)
    account = open_account(case.number, code, kind, title=title)

    record(Event.ACCOUNT_OPENED, of=account, by=by, chain=case.number, code=code, kind=kind)
    return account


@transaction.atomic
def open_pool(*, case_id: int, name: str, title: str, earmark: Earmark, by: Any) -> Account:
    """Open a pool with its earmark; again the one that is there, another earmark refused.

    Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    check_power(case, Act.OPEN_POOL, by)
    marked = checked_earmark(case, **asdict(earmark))
    basis = earmark.basis if earmark.first_to else ""
    code = pool_of(name)
    known = Account.objects.filter(book=case.number, code=code).first()
    if known is not None:
        if (known.earmark, known.basis) == (marked, basis):
            return known
        raise NotInState("distributions.refused.code_taken", code=code)
    pool = open_account(
        case.number, code, AccountKind.POOL, title=title, earmark=marked, basis=basis
    )

    record(Event.POOL_OPENED, of=pool, by=by, chain=case.number, code=code, basis=basis)
    return pool


@transaction.atomic
def enter_money(*, case_id: int, receipt: Receipt, form_key: str, by: Any) -> Transaction:
    """Post what came in. The same form again: what was posted then.

    Raises NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    check_power(case, Act.ENTER_MONEY, by)
    open_chart(case.number)
    check_sum(receipt.fen)
    checked_places(case, account=receipt.account, pool=receipt.pool, source=receipt.source)
    if receipt.value_on > timezone.localdate():
        raise NotInState("distributions.refused.not_yet")
    whose = receipt.pool if receipt.source in OF_A_POOL else FUND
    movement = Movement(
        key=f"money:{form_key}",
        act=MONEY_IN,
        lines={receipt.account: receipt.fen, whose: -receipt.fen},
        value_on=receipt.value_on,
        reference=receipt.reference.strip(),
        note=_note(receipt),
    )
    posted, is_new = _posted(case, movement, by)

    if is_new:
        record(Event.MONEY_RECEIVED, of=posted, by=by, chain=case.number,
               source=receipt.source, pool=whose, fen=receipt.fen)  # fmt: skip
    return posted


@transaction.atomic
def take_money_back(*, transaction_id: int, reason: str, by: Any) -> Transaction:
    """Take a wrong entry back by the opposite one; what is written stays written.

    Raises NotAllowed; NotInState where the money is not there any more or no reason is
    given. Again: what was posted then.
    """
    wrong = Transaction.objects.get(pk=transaction_id)
    case = Case.objects.select_for_update(no_key=True).get(number=wrong.book)
    check_power(case, Act.OPEN_POOL, by)
    if wrong.act != MONEY_IN:
        raise NotInState("distributions.refused.not_a_receipt")
    if not reason.strip():
        raise NotInState("cases.refused.empty")
    lines = {one.account.code: -one.fen for one in _entries(wrong)}
    key = f"back:{wrong.pk}"
    if not Transaction.objects.filter(book=wrong.book, key=key).exists():
        _check_still_there(case, lines)
    movement = Movement(key, TAKEN_BACK, lines, wrong.value_on, wrong.reference,
                        reason.strip()[:300])  # fmt: skip
    posted, is_new = _posted(case, movement, by)

    if is_new:
        record(Event.MONEY_TAKEN_BACK, of=posted, by=by, chain=case.number, entry=wrong.pk)
    return posted


def _posted(case: Case, movement: Movement, by: Any) -> tuple[Transaction, bool]:
    """What stands under the key, and whether this call wrote it. Raises NotInState."""
    is_new = not Transaction.objects.filter(book=case.number, key=movement.key).exists()
    try:
        return post(case.number, movement, by=by), is_new
    except KeyTaken as taken:
        raise NotInState("distributions.refused.other_form") from taken


def _note(receipt: Receipt) -> str:
    return f"{receipt.source}: {receipt.evidence.strip()}"[:300]


def _entries(wrong: Transaction) -> Any:
    return wrong.entries.select_related("account")


def _check_still_there(case: Case, lines: Mapping[str, int]) -> None:
    """Raises NotInState where an account no longer holds what is to be taken back; of an
    advance, where it was spent.
    """
    for code, fen in lines.items():
        is_fund = code == FUND
        held = advance_of(case).left_fen if is_fund else balance_fen(case.number, code)
        if held < abs(fen):
            raise NotInState("distributions.refused.spent", account=code)

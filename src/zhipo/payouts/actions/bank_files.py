"""Payment files for the bank, and the return files that say what became of each row."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.gateways.institutions.moments import china_day
from zhipo.gateways.payouts.bank.batch import Batch, PaymentFile, payment_file, refusal
from zhipo.gateways.payouts.bank.layout import MAX_ROWS, FileFormat
from zhipo.gateways.payouts.bank.returned import NotAReturn, Returned, read_return
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.outcomes import AskOutcome, Failed, Reason
from zhipo.gateways.payouts.transfers import Transfer
from zhipo.payouts.actions.preparing import locked_release
from zhipo.payouts.actions.settling import (
    Row,
    Step,
    enter,
    enter_words,
    keep_answers,
    locked_rows,
)
from zhipo.payouts.actions.taking import put_in_transit
from zhipo.payouts.models import BankFile, Order, Release
from zhipo.payouts.policies.hand import check_can_make_file, check_can_read_return
from zhipo.payouts.queries.orders import as_work
from zhipo.payouts.states import Ending, OrderState
from zhipo.payouts.verdicts import Asked, Standing, Verdict, after_asking
from zhipo.web.refusals import NotInState

S = OrderState


@transaction.atomic
def make_bank_file(
    *, release_id: int, by: Any, now: datetime | None = None
) -> BankFile | None:
    """Put a release's orders for the bank into one file; from then on they are on the way.

    What no bank takes ends with the reason: None where that is all of them. Raises
    NotAllowed, NotInState where no order waits for a file.
    """
    at = now or timezone.now()
    release = locked_release(release_id)
    check_can_make_file(by, release)
    fit, unfit = _sorted_out(release, china_day(at))
    if not fit and not unfit:
        raise NotInState("payouts.refused.nothing_for_bank")
    _fail(unfit, at)
    if not fit:
        return None

    number = f"ZP{china_day(at):%Y%m%d}{secrets.token_hex(6).upper()}"
    written = payment_file(Batch(number, tuple(fit.values())))
    made = BankFile.objects.create(
        release=release, number=number, sha256=written.sha256, orders_count=len(fit),
        fen=sum(one.fen for one in fit), made_by=by, made_at=at,
    )  # fmt: skip
    for order in fit:
        order.bank_file = made
    put_in_transit(list(fit), now=at, also=["bank_file"])

    record(Event.BANK_FILE_MADE, of=made, by=by, chain=release.plan.case.number,
           orders=made.orders_count, fen=made.fen, sha256=made.sha256)  # fmt: skip
    return made


def content_of(made: BankFile, *, kind: FileFormat = FileFormat.CSV) -> PaymentFile:
    """The file again, byte for byte: a layout that changed meanwhile is refused.

    Raises NotInState.
    """
    batch = _batch(made.number, _orders(made))
    written = payment_file(batch)
    if written.sha256 != made.sha256:
        raise NotInState("payouts.refused.file_changed")
    return written if kind is FileFormat.CSV else payment_file(batch, kind=kind)


@transaction.atomic
def read_bank_return(
    *, bank_file_id: int, content: bytes, by: Any, now: datetime | None = None
) -> BankFile:
    """Enter what the bank says of each row. Rows that are missing, doubled or changed are
    named and change nothing; the same file again changes nothing.

    Raises NotAllowed, NotInState for a file that is no return of this one.
    """
    at = now or timezone.now()
    made = (
        BankFile.objects.select_for_update(of=("self",))
        .select_related("release__plan__case")
        .get(pk=bank_file_id)
    )
    check_can_read_return(by, made.release)
    digest = hashlib.sha256(content).hexdigest()
    if made.returned_sha256 == digest:
        return made
    orders = _orders(made)
    try:
        returned = read_return(content, _batch(made.number, orders))
    except NotAReturn as error:
        raise NotInState("payouts.refused.not_a_return") from error

    made.returned_sha256 = digest
    made.returned_by, made.returned_at = by, at
    made.faults = [[reference, fault] for reference, fault in returned.faults]
    made.save(update_fields=["returned_sha256", "returned_by", "returned_at", "faults"])
    counts = _enter(orders, returned, at, by)

    record(Event.BANK_FILE_RETURNED, of=made, by=by, chain=made.release.plan.case.number,
           sha256=made.returned_sha256, faults=len(made.faults), **counts)  # fmt: skip
    return made


def _sorted_out(
    release: Release, on: date
) -> tuple[dict[Order, Transfer], list[tuple[Order, Reason]]]:
    """What goes into a file on a day, and what no bank would take; what is due later waits
    for its own file.
    """
    waiting = (
        release.orders.select_for_update(of=("self",), no_key=True)
        .select_related("share__plan__case", "share__claim", "release")
        .filter(channel=ChannelName.BANK_BATCH, state=S.PLANNED, due_on__lte=on)
        .exclude(reason=Ending.CONTRADICTED)
        .order_by("pk")[:MAX_ROWS]
    )
    fit: dict[Order, Transfer] = {}
    unfit: list[tuple[Order, Reason]] = []
    for order in waiting:
        try:
            transfer = as_work(order).transfer()
        except ValueError:
            unfit.append((order, Reason.NOT_TAKEN))
            continue
        refused = refusal(transfer)
        if refused is None:
            fit[order] = transfer
        else:
            unfit.append((order, refused.reason))
    return fit, unfit


def _fail(unfit: Sequence[tuple[Order, Reason]], now: datetime) -> None:
    reasons = {order.pk: reason for order, reason in unfit}
    steps = [
        Step(row, Verdict(S.FAILED, reason=reasons[row.order], at=now))
        for row in locked_rows(reasons)
    ]
    enter(steps, now=now)


def _enter(
    orders: Sequence[Order], returned: Returned, now: datetime, by: Any
) -> dict[str, Any]:
    ids = {one.reference: one.pk for one in orders}
    keep_answers(
        {ids[ref]: [(Asked.FILE, outcome)] for ref, outcome in returned.outcomes.items()},
        now=now,
    )
    said = [
        (row, _verdict(row, returned.outcomes[row.reference], now))
        for row in locked_rows(ids.values())
    ]
    moves = enter_words(said, now=now, by=by)
    return {state.value: count for state, count in moves.items()}


def _verdict(row: Row, outcome: AskOutcome, now: datetime) -> Verdict:
    """What a row of a return says; what had been credited may have come back since."""
    if row.state is S.PAID and isinstance(outcome, Failed):
        return Verdict(S.RETURNED, reason=outcome.reason, at=now)
    return after_asking(outcome, Standing(row.state, 1), now=now)


def _orders(made: BankFile) -> list[Order]:
    return list(
        made.orders.select_related("share__plan__case", "share__claim", "release").order_by(
            "pk"
        )
    )


def _batch(number: str, orders: Sequence[Order]) -> Batch:
    return Batch(number, tuple(as_work(one).transfer() for one in orders))

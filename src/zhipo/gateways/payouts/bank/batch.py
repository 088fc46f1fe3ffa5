"""A batch of transfers for one bank, and the payment file made of it."""

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import xlsxwriter

from zhipo.gateways.payouts.bank.layout import MAX_ROWS, PAYMENT_HEAD, TOTAL, FileFormat
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.limits import BANK, Limits
from zhipo.gateways.payouts.outcomes import Reason, Refused
from zhipo.gateways.payouts.transfers import PayeeKind, Transfer
from zhipo.kernel.money import plain_yuan

BATCH = re.compile(r"[A-Za-z0-9]{6,32}")
FORMULA = ("=", "+", "-", "@", "\t")
"""How a spreadsheet tells a formula: no account, name or purpose begins so."""

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
"""A file made again of the same batch is the same bytes: its making has no time."""


class CannotWrite(ValueError):
    """These transfers do not make a payment file."""


@dataclass(frozen=True)
class Batch:
    """Transfers that go to the bank in one file. Raises CannotWrite."""

    number: str
    transfers: tuple[Transfer, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not BATCH.fullmatch(self.number):
            raise CannotWrite("a batch's number is 6 to 32 letters and digits")
        if not 0 < len(self.transfers) <= MAX_ROWS:
            raise CannotWrite(f"a batch has 1 to {MAX_ROWS} rows")
        if len({one.reference for one in self.transfers}) != len(self.transfers):
            raise CannotWrite("a reference stands twice")
        if any(refusal(one) is not None for one in self.transfers):
            raise CannotWrite("a transfer that the bank would refuse")

    @property
    def fen(self) -> int:
        return sum(one.fen for one in self.transfers)


@dataclass(frozen=True)
class BankChannel:
    """Not spoken to: files go out and come back (`payment_file`, `read_return`)."""

    limits: Limits = BANK
    name = ChannelName.BANK_BATCH
    kinds = frozenset({PayeeKind.BANK_ACCOUNT})


@dataclass(frozen=True)
class PaymentFile:
    name: str
    content: bytes = field(repr=False)
    sha256: str


def refusal(transfer: Transfer) -> Refused | None:
    """Why a transfer cannot stand in a payment file."""
    payee = transfer.payee
    if payee.kind is not PayeeKind.BANK_ACCOUNT or not payee.account.isalnum():
        return Refused(Reason.NO_SUCH_ACCOUNT, is_final=True)
    if not payee.name:
        return Refused(Reason.NAME_MISSING, is_final=True)
    if any(text.startswith(FORMULA) for text in (payee.name, payee.bank, transfer.remark)):
        return Refused(Reason.NOT_TAKEN, is_final=True)
    return None


def payment_file(batch: Batch, *, kind: FileFormat = FileFormat.CSV) -> PaymentFile:
    """The file that two people hand in to the bank; of one batch always the same bytes."""
    rows = [PAYMENT_HEAD, *_rows(batch), _total(batch)]
    content = _csv(rows) if kind is FileFormat.CSV else _xlsx(rows)
    digest = hashlib.sha256(content).hexdigest()
    return PaymentFile(f"{batch.number}.{kind}", content, digest)


def _rows(batch: Batch) -> list[tuple[str, ...]]:
    return [
        (
            str(place),
            one.reference,
            one.payee.account,
            one.payee.name,
            one.payee.bank,
            plain_yuan(one.fen),
            one.remark,
        )
        for place, one in enumerate(batch.transfers, start=1)
    ]


def _total(batch: Batch) -> tuple[str, ...]:
    count = str(len(batch.transfers))
    return (TOTAL, batch.number, count, "", "", plain_yuan(batch.fen), "")


def _csv(rows: Sequence[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[tuple[str, ...]]) -> bytes:
    """Every cell is text: an account is no number, a name no formula."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": LONG_AGO})
        sheet = book.add_worksheet("批量代发")
        for line, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(line, column, text)
    return content.getvalue()

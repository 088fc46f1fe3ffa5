"""The return file (回盘文件): what the bank says of each row, held against what was sent.

A row that is missing, stands twice or differs from what was sent is named, and its transfer
is `Unknown` until the bank has been asked: it is neither paid nor free to be paid again.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zhipo.gateways.institutions.moments import CHINA
from zhipo.gateways.payouts.bank.batch import Batch
from zhipo.gateways.payouts.bank.layout import MAX_ROWS, RETURN_HEAD, TIME, TOTAL, Result
from zhipo.gateways.payouts.bank.tables import NotATable, read_table
from zhipo.gateways.payouts.outcomes import Failed, Paid, Reason, Unknown, Waiting
from zhipo.gateways.payouts.transfers import Transfer
from zhipo.kernel.money import MoneyError, parse_yuan


class ReturnFault(StrEnum):
    """What is wrong with a row of a return file, or with all of it."""

    MISSING_ROW = "missing_row"  # 缺少这一行
    DOUBLED_ROW = "doubled_row"  # 这一行出现两次
    CHANGED_SUM = "changed_sum"  # 金额与指令不符
    CHANGED_PAYEE = "changed_payee"  # 账号或户名与指令不符
    UNKNOWN_ROW = "unknown_row"  # 没有这条指令
    UNKNOWN_RESULT = "unknown_result"  # 结果或时间不能识别
    WRONG_TOTAL = "wrong_total"  # 合计与各行不符


REASONS = (
    ("户名", Reason.WRONG_NAME),
    ("姓名", Reason.WRONG_NAME),
    ("销户", Reason.ACCOUNT_CLOSED),
    ("冻结", Reason.ACCOUNT_CLOSED),
    ("账号不存在", Reason.NO_SUCH_ACCOUNT),
    ("无此账号", Reason.NO_SUCH_ACCOUNT),
    ("限额", Reason.PAYEE_CAP),
    ("余额不足", Reason.NO_MONEY),
    ("退", Reason.RETURNED),
)
"""Words of the bank's free text, the first that occurs; without one it has failed too."""

RowOutcome = Paid | Failed | Waiting | Unknown
Row = Mapping[str, str]


class NotAReturn(ValueError):
    """This is no return file of this batch; nothing in it is used."""


@dataclass(frozen=True)
class Returned:
    """An outcome for every transfer of the batch, and every fault with its reference."""

    outcomes: Mapping[str, RowOutcome]
    faults: tuple[tuple[str, ReturnFault], ...]


def read_return(content: bytes, batch: Batch) -> Returned:
    """Read a CSV or XLSX return file. Raises NotAReturn."""
    try:
        rows, total = _split(read_table(content), batch)
    except NotATable as error:
        raise NotAReturn(str(error)) from error
    sent = {one.reference: one for one in batch.transfers}
    faults = [
        (row["指令编号"], ReturnFault.UNKNOWN_ROW)
        for row in rows
        if row["指令编号"] not in sent
    ]
    by_reference = {row["指令编号"]: row for row in rows}
    counts = Counter(row["指令编号"] for row in rows)
    outcomes: dict[str, RowOutcome] = {}
    for reference, transfer in sent.items():
        fault = _fault(by_reference.get(reference), transfer, counts[reference])
        if fault is not None:
            faults.append((reference, fault))
            outcomes[reference] = Unknown(fault.value)
        else:
            outcomes[reference] = _outcome(by_reference[reference])
    if not _agrees(total, rows):
        faults.append(("", ReturnFault.WRONG_TOTAL))
    return Returned(outcomes, tuple(faults))


def _split(table: list[list[str]], batch: Batch) -> tuple[list[Row], Row]:
    """Rows and the row of totals, which names the batch."""
    lines = [line for line in table if any(line)]
    if not lines or tuple(cell.strip() for cell in lines[0]) != RETURN_HEAD:
        raise NotAReturn("another head")
    if not 2 <= len(lines) <= 2 * MAX_ROWS:
        raise NotAReturn("no rows, or too many")
    rows: list[Row] = [
        dict(zip(RETURN_HEAD, (cell.strip() for cell in line), strict=False))
        for line in lines[1:]
    ]
    if any(len(row) != len(RETURN_HEAD) for row in rows):
        raise NotAReturn("a row is short")
    total = rows.pop()
    if total["序号"] != TOTAL or total["指令编号"] != batch.number:
        raise NotAReturn("another batch, or cut short")
    return rows, total


def _fault(row: Row | None, transfer: Transfer, count: int) -> ReturnFault | None:
    if row is None:
        return ReturnFault.MISSING_ROW
    if count > 1:
        return ReturnFault.DOUBLED_ROW
    if _fen(row) != transfer.fen:
        return ReturnFault.CHANGED_SUM
    payee = transfer.payee
    if (row["收款账号"], row["收款户名"]) != (payee.account, payee.name):
        return ReturnFault.CHANGED_PAYEE
    is_known = row["处理结果"] in list(Result)
    is_paid = row["处理结果"] == Result.PAID
    if not is_known or (is_paid and (_at(row) is None or not row["银行流水号"])):
        return ReturnFault.UNKNOWN_RESULT
    return None


def _outcome(row: Row) -> RowOutcome:
    """What a row says that agrees with what was sent."""
    if row["处理结果"] == Result.PENDING:
        return Waiting()
    if row["处理结果"] == Result.FAILED:
        text = row["失败原因"]
        found = (reason for word, reason in REASONS if word in text)
        return Failed(next(found, Reason.UNSPECIFIED), text[:64])
    at = _at(row)
    assert at is not None
    return Paid(at=at, number=row["银行流水号"])


def _agrees(total: Row, rows: list[Row]) -> bool:
    sums = [_fen(row) for row in rows]
    known = [fen for fen in sums if fen is not None]
    is_whole = len(known) == len(sums)
    return is_whole and total["收款账号"] == str(len(rows)) and _fen(total) == sum(known)


def _fen(row: Row) -> int | None:
    try:
        return parse_yuan(row["金额（元）"])
    except MoneyError:
        return None


def _at(row: Row) -> datetime | None:
    try:
        return datetime.strptime(row["处理时间"], TIME).replace(tzinfo=CHINA)
    except ValueError:
        return None

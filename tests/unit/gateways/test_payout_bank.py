"""Bank files: what goes out is fixed to the byte, what comes back is believed by row."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import xlsxwriter

from unit.gateways.payout_samples import bank_transfer, transfer
from zhipo.gateways.payouts.bank.batch import (
    Batch,
    CannotWrite,
    payment_file,
    refusal,
)
from zhipo.gateways.payouts.bank.layout import RETURN_HEAD, FileFormat
from zhipo.gateways.payouts.bank.returned import (
    NotAReturn,
    ReturnFault,
    read_return,
)
from zhipo.gateways.payouts.outcomes import Failed, Paid, Reason, Refused, Unknown, Waiting

BATCH = Batch("BATCH0001", tuple(bank_transfer(number) for number in (1, 2, 3)))
FIRST, SECOND, THIRD = (one.reference for one in BATCH.transfers)
Line = list[str]


def line(number: int, **changes: str) -> Line:
    one = BATCH.transfers[number - 1]
    values = {
        "序号": str(number),
        "指令编号": one.reference,
        "收款账号": one.payee.account,
        "收款户名": one.payee.name,
        "金额（元）": f"{one.fen / 100:.2f}",
        "处理结果": "成功",
        "失败原因": "",
        "银行流水号": f"BK{number}",
        "处理时间": "2025-06-03 10:00:00",
    }
    return [{**values, **changes}[name] for name in RETURN_HEAD]


def total(yuan: str = "3000.06", count: str = "3", number: str = "BATCH0001") -> Line:
    return ["合计", number, count, "", yuan, "", "", "", ""]


def csv_of(lines: list[Line], encoding: str = "utf-8-sig") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([list(RETURN_HEAD), *lines])
    return text.getvalue().encode(encoding)


def xlsx_of(lines: list[Line]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate([list(RETURN_HEAD), *lines]):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    return content.getvalue()


def test_payment_file_is_these_bytes() -> None:
    small = Batch("BATCH0001", (bank_transfer(1),))

    written = payment_file(small)

    assert written.name == "BATCH0001.csv"
    assert written.content.decode("utf-8-sig") == (
        "序号,指令编号,收款账号,收款户名,收款银行,金额（元）,用途\r\n"
        "1,ZP0000000001,622200000000000001,李四1,某银行,1000.01,第一期分配\r\n"
        "合计,BATCH0001,1,,,1000.01,\r\n"
    )


@pytest.mark.parametrize("kind", list(FileFormat))
def test_file_made_again_is_the_same_file(kind: FileFormat) -> None:
    assert payment_file(BATCH, kind=kind) == payment_file(BATCH, kind=kind)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": ""}, Reason.NAME_MISSING),
        ({"name": "=cmd|'/c calc'!A1"}, Reason.NOT_TAKEN),
        ({"name": "@SUM(1)"}, Reason.NOT_TAKEN),
        ({"bank": "+某银行"}, Reason.NOT_TAKEN),
        ({"account": "6222-0001"}, Reason.NO_SUCH_ACCOUNT),
    ],
)
def test_row_a_spreadsheet_would_misread_stays_out(
    change: dict[str, Any], reason: Reason
) -> None:
    wrong = bank_transfer(1)
    wrong = replace(wrong, payee=replace(wrong.payee, **change))

    assert refusal(wrong) == Refused(reason, is_final=True)
    with pytest.raises(CannotWrite):
        Batch("BATCH0001", (wrong,))


@pytest.mark.parametrize(
    ("number", "transfers"),
    [
        ("B-1", (bank_transfer(1),)),
        ("BATCH0001", ()),
        ("BATCH0001", (bank_transfer(1), bank_transfer(1))),
        ("BATCH0001", (transfer(),)),
    ],
)
def test_batch_is_rows_of_one_bank_each_once(
    number: str, transfers: tuple[Any, ...]
) -> None:
    with pytest.raises(CannotWrite):
        Batch(number, transfers)


@pytest.mark.parametrize(
    "write", [csv_of, xlsx_of, lambda lines: csv_of(lines, encoding="gb18030")]
)
def test_return_file_tells_each_row(write: Callable[[list[Line]], bytes]) -> None:
    lines = [
        line(1),
        line(2, 处理结果="失败", 失败原因="户名不符，已退回"),
        line(3, 处理结果="处理中", 银行流水号="", 处理时间=""),
        total(),
    ]

    read = read_return(write(lines), BATCH)

    assert read.faults == ()
    paid = read.outcomes[FIRST]
    assert isinstance(paid, Paid)
    assert paid.number == "BK1"
    assert read.outcomes[SECOND] == Failed(Reason.WRONG_NAME, "户名不符，已退回")
    assert read.outcomes[THIRD] == Waiting()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("账户已销户", Reason.ACCOUNT_CLOSED),
        ("收款账号不存在", Reason.NO_SUCH_ACCOUNT),
        ("收款行退汇", Reason.RETURNED),
        ("其他", Reason.UNSPECIFIED),
        ("", Reason.UNSPECIFIED),
    ],
)
def test_failure_has_its_reason_in_words(words: str, reason: Reason) -> None:
    lines = [
        line(1, 处理结果="失败", 失败原因=words),
        line(2),
        line(3),
        total(),
    ]

    assert read_return(csv_of(lines), BATCH).outcomes[FIRST] == Failed(reason, words)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([line(2), line(3), total("2000.05", "2")], ReturnFault.MISSING_ROW),
        (
            [line(1), line(1), line(2), line(3), total("4000.07", "4")],
            ReturnFault.DOUBLED_ROW,
        ),
        (
            [line(1, **{"金额（元）": "1000.02"}), line(2), line(3), total("3000.07")],
            ReturnFault.CHANGED_SUM,
        ),
        (
            [line(1, 收款账号="62220000"), line(2), line(3), total()],
            ReturnFault.CHANGED_PAYEE,
        ),
        (
            [line(1, 收款户名="李五"), line(2), line(3), total()],
            ReturnFault.CHANGED_PAYEE,
        ),
        (
            [line(1, 处理结果="已受理"), line(2), line(3), total()],
            ReturnFault.UNKNOWN_RESULT,
        ),
        (
            [line(1, 银行流水号=""), line(2), line(3), total()],
            ReturnFault.UNKNOWN_RESULT,
        ),
        (
            [line(1, 处理时间="昨天"), line(2), line(3), total()],
            ReturnFault.UNKNOWN_RESULT,
        ),
    ],
)
def test_row_that_does_not_agree_is_named_and_neither_paid_nor_free(
    lines: list[Line], fault: ReturnFault
) -> None:
    read = read_return(csv_of(lines), BATCH)

    assert read.faults == ((FIRST, fault),)
    assert read.outcomes[FIRST] == Unknown(fault.value)
    assert isinstance(read.outcomes[SECOND], Paid)
    assert set(read.outcomes) == {FIRST, SECOND, THIRD}


def test_row_that_was_never_sent_is_named() -> None:
    stray = line(1, 指令编号="ZP9999999999")
    lines = [line(1), line(2), line(3), stray, total("4000.07", "4")]

    read = read_return(csv_of(lines), BATCH)

    assert read.faults == (("ZP9999999999", ReturnFault.UNKNOWN_ROW),)
    assert set(read.outcomes) == {FIRST, SECOND, THIRD}


@pytest.mark.parametrize("wrong", [total("3000.07"), total(count="2"), total("合计")])
def test_total_that_does_not_agree_is_named(wrong: Line) -> None:
    read = read_return(csv_of([line(1), line(2), line(3), wrong]), BATCH)

    assert ("", ReturnFault.WRONG_TOTAL) in read.faults


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"PK\x03\x04 no workbook",
        csv_of([]),
        csv_of([line(1), line(2), line(3)]),
        csv_of([line(1), total(number="BATCH0002")]),
        csv_of([line(1)[:5], total()]),
        csv_of([line(1), total()]).replace("处理结果".encode(), "结果".encode()),
        b'"' + csv_of([line(1), total()]),
    ],
)
def test_file_that_is_no_return_of_this_batch_is_not_used(content: bytes) -> None:
    with pytest.raises(NotAReturn):
        read_return(content, BATCH)

"""WeChat Pay's fund flow bill: whole by hash and totals, or not used."""

import hashlib
from datetime import date

import pytest

from zhipo.gateways.payouts.bills import Bill, BillFault, BillNotReady
from zhipo.gateways.payouts.outcomes import Unknown
from zhipo.gateways.payouts.wechat.statement import (
    Location,
    download_path,
    missing,
    read_bill,
)
from zhipo.gateways.payouts.wire import Came

DAY = date(2025, 6, 3)
BASE = "https://api.mch.weixin.qq.com"
HEAD = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),"
    "账户结余(元),资金变更提交申请人,备注,业务凭证号"
)
OUT = (
    "`2025-06-03 10:00:00,`133,`420,`商家转账,`商家转账,`支出,`272.16,`9.00,`API,`,"
    "`ZP0000000001"
)
BACK = (
    "`2025-06-03 11:00:00,`134,`421,`商家转账,`退款,`收入,`0.07,`9.07,`API,`,`ZP0000000002"
)
TOTALS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
SUMS = "`2,`1,`0.07,`1,`272.16"
WHOLE = [HEAD, OUT, BACK, TOTALS, SUMS]


def found(content: bytes, kind: str = "SHA1") -> Location:
    digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
    return Location(hash_type=kind, hash_value=digest, download_url=f"{BASE}/d?token=1")


def bill_of(lines: list[str]) -> Bill:
    content = "\r\n".join(lines).encode("utf-8")
    return read_bill(content, found(content), day=DAY)


def test_bill_is_read_by_row_and_sign() -> None:
    bill = bill_of(WHOLE)

    assert [(row.reference, row.number, row.fen) for row in bill.rows] == [
        ("ZP0000000001", "133", -27_216),
        ("ZP0000000002", "134", 7),
    ]
    assert bill.rows[0].at.isoformat() == "2025-06-03T10:00:00+08:00"


@pytest.mark.parametrize(
    "lines",
    [
        [HEAD, OUT, BACK],
        [HEAD, OUT, BACK, TOTALS],
        [HEAD, OUT, TOTALS, SUMS],
        [HEAD, OUT, BACK, TOTALS, "`2,`1,`0.08,`1,`272.16"],
        [HEAD, OUT, BACK, TOTALS, "`2,`1,`0.07,`1,`272.17"],
        [HEAD, OUT, BACK, TOTALS, "`x,`1,`0.07,`1,`272.16"],
        [HEAD, OUT.replace("支出", "转出"), BACK, TOTALS, SUMS],
        [HEAD, OUT.replace("272.16", "272.165"), BACK, TOTALS, SUMS],
        [HEAD.replace("业务凭证号", "凭证号"), OUT, BACK, TOTALS, SUMS],
        [],
    ],
)
def test_bill_that_contradicts_itself_is_not_used(lines: list[str]) -> None:
    with pytest.raises(BillFault):
        bill_of(lines)


def test_bill_with_another_hash_is_not_used() -> None:
    content = "\r\n".join(WHOLE).encode("utf-8")

    with pytest.raises(BillFault):
        read_bill(content + b" ", found(content), day=DAY)
    with pytest.raises(BillFault):
        read_bill(content, found(content, kind="MD5"), day=DAY)
    with pytest.raises(BillFault):
        read_bill(b"\xff", found(b"\xff"), day=DAY)


@pytest.mark.parametrize("address", ["http://api.mch.weixin.qq.com/d", "https://evil/d"])
def test_bill_on_another_host_is_not_fetched(address: str) -> None:
    there = found(b"").model_copy(update={"download_url": address})

    assert download_path(found(b""), BASE) == "/d?token=1"
    with pytest.raises(BillFault):
        download_path(there, BASE)


def test_day_without_movements_is_an_empty_bill() -> None:
    def told(code: str) -> object:
        return missing(Came(400, {}, f'{{"code":"{code}"}}'.encode()), DAY)

    assert told("NO_STATEMENT_EXIST") == Bill(DAY, ())
    assert told("STATEMENT_CREATING") == BillNotReady()
    assert told("SYSTEM_ERROR") == Unknown("SYSTEM_ERROR")

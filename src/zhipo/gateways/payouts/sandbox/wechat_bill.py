"""The fund flow bill (资金账单) that WeChat Pay's sandbox draws up from its movements."""

import hashlib
from datetime import date

from zhipo.gateways.institutions.moments import CHINA
from zhipo.gateways.payouts.sandbox.book import Book, Movement
from zhipo.kernel.money import plain_yuan

HEAD = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),"
    "账户结余(元),资金变更提交申请人,备注,业务凭证号"
)
TOTALS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
KIND = "商家转账"


def bill_location(book: Book, day: str, *, address: str) -> dict[str, str] | None:
    """Where the bill of a day lies, with its hash; None for a day without movements."""
    if not _movements(book, day):
        return None
    digest = hashlib.sha1(bill_text(book, day).encode("utf-8"), usedforsecurity=False)
    return {
        "hash_type": "SHA1",
        "hash_value": digest.hexdigest(),
        "download_url": f"{address}/v3/billdownload/file?token={day}",
    }


def bill_text(book: Book, day: str) -> str:
    """The bill itself: every value behind a backtick, totals in the last two lines."""
    rows = _movements(book, day)
    total = sum(fen for *_, fen in rows)
    lines = [HEAD, *(_line(row) for row in rows), TOTALS]
    lines.append(f"`{len(rows)},`0,`0.00,`{len(rows)},`{plain_yuan(total)}")
    return "\r\n".join(lines) + "\r\n"


def _movements(book: Book, day: str) -> list[Movement]:
    try:
        return book.movements(date.fromisoformat(day))
    except (ValueError, OverflowError):
        return []


def _line(row: Movement) -> str:
    at, reference, number, fen = row
    moment = at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
    cells = (moment, number, number, KIND, KIND, "支出", plain_yuan(fen), "0.00", "API")
    return ",".join(f"`{cell}" for cell in (*cells, "", reference))

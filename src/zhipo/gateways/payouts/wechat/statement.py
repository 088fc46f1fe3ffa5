"""WeChat Pay's fund flow bill (资金账单): where it is, its hash, its rows."""

import csv
import hashlib
import io
from datetime import date, datetime
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from zhipo.gateways.institutions.moments import CHINA
from zhipo.gateways.payouts.bills import Bill, BillFault, BillNotReady, BillRow
from zhipo.gateways.payouts.outcomes import Unknown
from zhipo.gateways.payouts.wechat.answers import Problem
from zhipo.gateways.payouts.wire import Came, read
from zhipo.kernel.money import MoneyError, parse_yuan

NO_STATEMENT = "NO_STATEMENT_EXIST"
CREATING = "STATEMENT_CREATING"
TOTALS = "资金流水总笔数"
SIGNS = {"收入": 1, "支出": -1}
TIME = "%Y-%m-%d %H:%M:%S"


class Location(BaseModel):
    """The answer to 申请资金账单."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    hash_type: str
    hash_value: str
    download_url: str


def path_of(day: date) -> str:
    return f"/v3/bill/fundflowbill?bill_date={day.isoformat()}&account_type=BASIC"


def missing(came: Came, day: date) -> Bill | BillNotReady | Unknown:
    """A day without movements, one not drawn up yet, or an error."""
    code = read(Problem, came.text).code
    if code == NO_STATEMENT:
        return Bill(day, ())
    return BillNotReady() if code == CREATING else Unknown(code)


def download_path(found: Location, base: str) -> str:
    """Path and query of the download, on our own host. Raises BillFault for another's."""
    parts, ours = urlsplit(found.download_url), urlsplit(base)
    if (parts.scheme, parts.netloc) != (ours.scheme, ours.netloc):
        raise BillFault("the bill lies on another host")
    return f"{parts.path}?{parts.query}"


def read_bill(content: bytes, found: Location, *, day: date) -> Bill:
    """The rows of a downloaded bill. Raises BillFault.

    The download itself is not signed: its SHA-1 stands in the answer that was.
    """
    is_whole = hashlib.sha1(content, usedforsecurity=False).hexdigest() == found.hash_value
    if found.hash_type != "SHA1" or not is_whole:
        raise BillFault("the hash does not agree")
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BillFault("not a table") from error
    ends = next((place for place, line in enumerate(lines) if line[:1] == [TOTALS]), None)
    if ends is None or ends + 2 > len(lines):
        raise BillFault("no totals")
    rows = tuple(_row(lines[0], line) for line in lines[1:ends] if line)
    _check_totals(lines[ends], lines[ends + 1], rows)
    return Bill(day, rows)


def _row(head: list[str], line: list[str]) -> BillRow:
    cells = dict(zip(head, (_bare(cell) for cell in line), strict=False))
    try:
        at = datetime.strptime(cells["记账时间"], TIME).replace(tzinfo=CHINA)
        sign = SIGNS[cells["收支类型"]]
        return BillRow(
            reference=cells["业务凭证号"],
            number=cells["微信支付业务单号"],
            at=at,
            fen=sign * parse_yuan(cells["收支金额(元)"]),
            kind=cells["业务类型"],
        )
    except (KeyError, ValueError, MoneyError) as error:
        raise BillFault(f"a row is not one: {type(error).__name__}") from error


def _check_totals(head: list[str], line: list[str], rows: tuple[BillRow, ...]) -> None:
    """The last line repeats numbers and sums: a bill cut short is not one."""
    cells = dict(zip(head, (_bare(cell) for cell in line), strict=False))
    came = [row.fen for row in rows if row.fen > 0]
    went = [-row.fen for row in rows if row.fen <= 0]
    try:
        agrees = (
            int(cells[TOTALS]) == len(rows)
            and int(cells["收入笔数"]) == len(came)
            and int(cells["支出笔数"]) == len(went)
            and parse_yuan(cells["收入金额"]) == sum(came)
            and parse_yuan(cells["支出金额"]) == sum(went)
        )
    except (KeyError, ValueError) as error:
        raise BillFault("no totals") from error
    if not agrees:
        raise BillFault("the totals do not agree")


def _bare(cell: str) -> str:
    """WeChat Pay puts a backtick before every value."""
    return cell.strip().removeprefix("`")

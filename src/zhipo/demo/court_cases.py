"""Who enforces against the debtor before the case, and where: taken from the files.

The largest suppliers are before the court of the debtor's domicile, as many as the money
that institutions hold can pay; the next ones, and consumers who will not file in the
bankruptcy, are before two others. One of these knows the debtor by another name and without
its code. A shop under the same brand is a person's own and stays out of bankruptcy.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from zhipo.demo.case import BRAND, DEBTOR, scaled
from zhipo.demo.court_plan import CODE, CUSTODY_FEN, SHOP, SHOP_CODE
from zhipo.demo.plans import rows_of
from zhipo.enforcement.entries import ApplicantEntry, CaseEntry, DebtorEntry
from zhipo.enforcement.states import ApplicantKind
from zhipo.law.triage.cause import Entity

YUHU_SERIES, YUETANG_SERIES = "（2025）湘0302执12", "（2025）湘0304执8"
KAIFU_SERIES, SHOP_SERIES = "（2025）湘0105执23", "（2025）湘0302执90"
LEADING = f"{YUHU_SERIES}01号"
OTHER_NAME = "鲜享家电子商务（湘潭）有限公司"
FIRST_FILED_ON = date(2025, 2, 10)
FOUNDED_ON = date(2019, 4, 18)
AT_YUETANG, AT_KAIFU, CONSUMERS = 8, 6, 3
PAID_ONE_IN = 20
"""The first supplier was paid a twentieth of its claim before the others came."""

COMPANY = DebtorEntry(
    name=DEBTOR, credit_code=CODE, brand=BRAND, representative="聂文斌",
    address="湖南省湘潭市雨湖区韶山中路9号（演示地址）", founded_on=FOUNDED_ON,
)  # fmt: skip
ELSEWHERE = replace(COMPANY, name=OTHER_NAME, credit_code="", founded_on=None)
KEPT_OUT = replace(
    COMPANY, name=SHOP, credit_code=SHOP_CODE, entity=Entity.SOLE_TRADER,
    founded_on=date(2021, 6, 1),
)  # fmt: skip


@dataclass(frozen=True)
class Creditor:
    """One creditor of the files, in fen; the phone is nobody's."""

    name: str
    fen: int
    phone: str
    kind: ApplicantKind = ApplicantKind.SUPPLIER
    paid_fen: int = 0


@dataclass(frozen=True)
class Before:
    """The creditors by the court before which they enforce."""

    yuhu: list[Creditor]
    yuetang: list[Creditor]
    kaifu: list[Creditor]


def before_courts(folder: Path) -> Before:
    """Who enforces where, in the case that lies in `folder`."""
    suppliers = sorted(_suppliers(folder), key=lambda one: -one.fen)
    held = sum(int(row["fen"]) for row in rows_of(folder / "accounts.csv"))
    held += scaled(CUSTODY_FEN, consumers_of(folder))
    count = _covering(suppliers, held)
    first = suppliers[0]
    paid = first.fen // PAID_ONE_IN
    yuhu = [replace(first, fen=first.fen + paid, paid_fen=paid), *suppliers[1:count]]
    rest = iter(suppliers[count:])
    return Before(
        yuhu=yuhu,
        yuetang=[*islice(rest, AT_YUETANG), *_consumers_without_claim(folder)],
        kaifu=list(islice(rest, AT_KAIFU)),
    )


def entries_at(
    court_id: int, creditors: Sequence[Creditor], *, debtor: DebtorEntry, series: str
) -> list[CaseEntry]:
    """Their cases at one court, a day or two apart; `series` is （2025）湘0302执12."""
    return [
        CaseEntry(
            court_id=court_id,
            number=f"{series}{place:02d}号",
            debtor=debtor,
            applicant=ApplicantEntry(one.name, one.kind, one.phone),
            title=f"{series.replace('执', '民初')}{place:02d}号民事判决书",
            filed_on=FIRST_FILED_ON + timedelta(days=2 * place),
            amount_fen=one.fen,
            paid_fen=one.paid_fen,
        )
        for place, one in enumerate(creditors, start=1)
    ]


def _suppliers(folder: Path) -> Iterator[Creditor]:
    for row in rows_of(folder / "other_claims.csv"):
        if row["claim_id"].startswith("S"):
            phone = f"1729{int(row['claim_id'][1:]):07d}"
            yield Creditor(row["name"], int(row["fen"]), phone)


def _covering(suppliers: Sequence[Creditor], fen: int) -> int:
    """How many of the largest together are owed at least so much."""
    for count, one in enumerate(suppliers, start=1):
        fen -= one.fen
        if fen <= 0:
            return count
    raise AssertionError("suppliers are owed more than institutions hold")


def _consumers_without_claim(folder: Path) -> list[Creditor]:
    """Consumers with a title over bad goods, from among those who will not file.

    What they are owed of the prepaid balance is another debt; it waits for them in the
    case. At most CONSUMERS, and never all.
    """
    filing = {row["holder_id"] for row in rows_of(folder / "claims.csv")}
    owed = rows_of(folder / "truth_balances.csv")
    silent = {row["holder_id"] for row in owed if int(row["fen"])} - filing
    rows = [row for row in rows_of(folder / "holders.csv") if row["holder_id"] in silent]
    chosen = rows[1:][-CONSUMERS:]
    return [
        Creditor(row["name"], 60_000 * place, row["phone"], ApplicantKind.CONSUMER)
        for place, row in enumerate(chosen, start=1)
    ]


def consumers_of(folder: Path) -> int:
    """For how many consumers the case in `folder` was made."""
    content = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return int(content["consumers"])

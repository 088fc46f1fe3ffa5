"""The tables of a bundle: in which part, of which rows, for which item of the article.

They stand in the order in which a receiver can put them in: a row's references are to
tables further up, or to its own.
"""

from dataclasses import dataclass

from zhipo.enforcement.bundle.manifest import (
    FIRST,
    FORMAT,
    FORMATS,
    RECORDS,
    Manifest,
    Sealed,
    Signature,
)
from zhipo.enforcement.bundle.rows import findings, investigation, parties, referral
from zhipo.enforcement.bundle.rows.keys import Row, Table

ITEM_DECISION, ITEM_CONSENT, ITEM_PROPERTY, ITEM_DISTRIBUTED, ITEM_DEBTS, ITEM_OTHER = (
    range(1, 7)
)
"""The items of 《执转破意见》第十条, in the order of `law.referral.transfer.BUNDLE`."""

TEN = "《执转破意见》第十条"


@dataclass(frozen=True)
class TableKind:
    """One table: name of its part, type of its rows, item, article, its first format."""

    name: str
    row: type[Row]
    item: int = ITEM_OTHER
    cite: str = TEN
    since: str = FIRST

    @property
    def path(self) -> str:
        return f"{RECORDS}/{self.name}.json"

    @property
    def model(self) -> type[Table[Row]]:
        """The type of the whole part."""
        return Table[self.row]  # type: ignore[name-defined]


FREEZES = "《民事诉讼法解释》第四百八十五条；《执转破意见》第九条、第十条"
SEVENTEEN = "《执转破意见》第十条、第十七条"
K = TableKind
TABLES: tuple[TableKind, ...] = (
    K("courts", parties.CourtRow),
    K("people", parties.PersonRow),
    K("documents", parties.DocumentRow),
    K("institutions", parties.InstitutionRow),
    K("debtors", parties.DebtorRow, ITEM_DEBTS),
    K("other_names", parties.OtherNameRow),
    K("cases", parties.EnforcementCaseRow, ITEM_DEBTS),
    K("properties", findings.PropertyRow, ITEM_PROPERTY),
    K("orders", findings.InquiryOrderRow, ITEM_PROPERTY, "《民事诉讼法》第二百五十三条"),
    K("answers", findings.InquiryAnswerRow, ITEM_PROPERTY,
      "《网络查询冻结存款规定》第四条"),
    K("objections", findings.InquiryObjectionRow, ITEM_PROPERTY,
      "《网络查询冻结存款规定》第六条"),
    K("histories", findings.TransactionHistoryRow, ITEM_PROPERTY),
    K("freezes", findings.FreezeRow, ITEM_PROPERTY, FREEZES),
    K("freeze_alerts", findings.FreezeAlertRow, ITEM_PROPERTY, FREEZES),
    K("ownership_checks", findings.OwnershipCheckRow, ITEM_PROPERTY),
    K("protections", findings.ProtectionRow, ITEM_PROPERTY,
      "《查封扣押冻结规定》第十条"),
    K("clues", investigation.ClueRow, ITEM_PROPERTY, "《财产调查规定》第二条"),
    K("reports", investigation.PropertyReportRow, ITEM_PROPERTY, "《财产调查规定》第七条"),
    K("reported_items", investigation.ReportedItemRow, ITEM_PROPERTY,
      "《财产调查规定》第七条"),
    K("dealings", investigation.DealingRow, ITEM_PROPERTY,
      "《企业破产法》第三十一条至第三十三条"),
    K("searches", investigation.AvoidanceSearchRow, ITEM_PROPERTY,
      "《企业破产法》第三十一条至第三十三条", since=FORMAT),
    K("candidates", investigation.CandidateRow, ITEM_PROPERTY,
      "《企业破产法》第三十一条至第三十三条", since=FORMAT),
    K("closings", investigation.ClosingForNowRow,
      cite="《民事诉讼法解释》第五百一十七条"),
    K("requeries", investigation.RequeryRow, cite="《民事诉讼法解释》第五百一十七条"),
    K("facts", investigation.FactRow, cite="《企业破产法》第二条"),
    K("order_books", investigation.OrderBookRow, ITEM_PROPERTY),
    K("memos", investigation.MemoRow, cite="《企业破产法》第二条"),
    K("referrals", referral.ReferralRow, ITEM_DECISION),
    K("signatures", referral.SignatureRow, ITEM_DECISION, "《执转破意见》第五条"),
    K("approvals", referral.ApprovalRow, ITEM_DECISION, "《执转破意见》第六条"),
    K("consents", referral.ConsentRow, ITEM_CONSENT),
    K("services", referral.ServiceRow, cite="《执转破意见》第七条"),
    K("supplements", referral.SupplementRow, cite="《执转破意见》第十一条"),
    K("complaints", referral.ComplaintRow, cite="《执转破意见》第二十一条"),
    K("clocks", referral.ReferralClockRow),
    K("notices", referral.NoticeRow, cite="《执转破意见》第八条"),
    K("kept_places", referral.KeptPlaceRow, ITEM_PROPERTY, "《破产法解释二》第八条"),
    K("proceeds", referral.ProceedsRow, ITEM_DISTRIBUTED, SEVENTEEN),
    K("cost_items", referral.CostItemRow, ITEM_DEBTS, "《破产法解释三》第一条"),
    K("sales", referral.SaleOfPerishableRow, ITEM_DISTRIBUTED, "《执转破意见》第八条"),
)  # fmt: skip
BY_NAME = {one.name: one for one in TABLES}


def tables_of(told: str) -> tuple[TableKind, ...]:
    """The tables of a format and those before it, in their order."""
    known = FORMATS[: FORMATS.index(told) + 1]
    return tuple(one for one in TABLES if one.since in known)


def schemas() -> dict[str, type[Sealed]]:
    """Name -> type of every JSON part of a bundle: what docs/reference/bundle describes."""
    own: dict[str, type[Sealed]] = {"manifest": Manifest, "signature": Signature}
    return own | {one.name: one.model for one in TABLES}

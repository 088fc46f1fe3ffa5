"""The take-over as sheets of a workbook: property, freezes, money, creditors, evidence."""

from typing import Any

from zhipo.enforcement.models import Asset
from zhipo.enforcement.queries.estates import Estate
from zhipo.enforcement.queries.freezes import FreezeLeft
from zhipo.enforcement.queries.stays import Holding
from zhipo.portals.desk.columns import AMOUNT, COUNT, WHEN, Column
from zhipo.portals.desk.exports import Sheet
from zhipo.web.templatetags.words import day, yuan
from zhipo.web.words import say


def _text(key: str, shown: Any, kind: str = "") -> Column:
    return Column(f"estate_{key}", shown, kind=kind)


def _sum(key: str, value: Any) -> Column:
    return Column(f"estate_{key}", lambda row: yuan(value(row)), kind=AMOUNT, value=value)


def _institution(row: Asset) -> str:
    institution = row.target.institution
    return institution.name if institution else "–"


def _left(row: FreezeLeft) -> int | None:
    return row.days_left if row.holds else None


ASSETS = (
    _text("property", lambda row: row.target.label),
    _text("kind", lambda row: say(f"enforcement.property.{row.target.kind}")),
    _text("institution", _institution),
    _text("title", lambda row: say(f"enforcement.title.{row.target.title}")),
    _text("belongs", lambda row: say(f"enforcement.belonging.{row.belongs}")),
    _text("rule", lambda row: row.rule or "–"),
    _sum("value", lambda row: row.value_fen),
    _text("handed_over_on", lambda row: day(row.handed_over_on), WHEN),
)
FREEZES = (
    _text("property", lambda row: row.freeze.target.label),
    _text("court", lambda row: row.freeze.case.court.name),
    _text("case", lambda row: row.freeze.case.number),
    _text("state", lambda row: say(f"enforcement.freeze.{row.freeze.state}")),
    Column("estate_rank", lambda row: str(row.freeze.rank), kind=COUNT,
           value=lambda row: row.freeze.rank),
    _sum("frozen", lambda row: row.freeze.frozen_fen),
    _text("until", lambda row: day(row.freeze.until), WHEN),
    Column("estate_days_left", lambda row: str(_left(row)), kind=COUNT, value=_left),
)  # fmt: skip


def _standing(row: Holding) -> str:
    return say(f"desk.estate.{'is_estate' if row.is_estate else 'not_estate'}")


MONEY = (
    _text("what", lambda row: row.proceeds.what),
    _text("court", lambda row: row.proceeds.case.court.name),
    _text("case", lambda row: row.proceeds.case.number),
    _text("held", lambda row: say(f"enforcement.held.{row.proceeds.held}")),
    _sum("sum", lambda row: row.proceeds.fen),
    _text("belongs", _standing),
    _text("handed_over_on", lambda row: day(row.proceeds.handed_over_on), WHEN),
)
CREDITORS = (
    _text("case", lambda row: row.number),
    _text("court", lambda row: row.court.name),
    _text("applicant", lambda row: row.shown_applicant),
    _text("applicant_kind", lambda row: say(f"enforcement.applicant.{row.applicant_kind}")),
    _sum("owed", lambda row: row.owed_fen),
)
EXHIBITS = (
    _text("property", lambda row: row.history.target.label),
    _text("first_on", lambda row: day(row.history.first_on), WHEN),
    _text("last_on", lambda row: day(row.history.last_on), WHEN),
    Column("estate_rows", lambda row: str(row.history.rows), kind=COUNT,
           value=lambda row: row.history.rows),
    _text("sha256", lambda row: row.sha256),
)  # fmt: skip


def estate_sheets(estate: Estate) -> list[Sheet]:
    """A sheet for each list of the page, in its order; names of people masked."""
    sheets = (
        ("assets", ASSETS, estate.assets),
        ("freezes", FREEZES, estate.freezes),
        ("money", MONEY, estate.money),
        ("creditors", CREDITORS, estate.creditors),
        ("exhibits", EXHIBITS, estate.exhibits),
    )
    return [(say(f"desk.estate.{name}"), columns, rows) for name, columns, rows in sheets]

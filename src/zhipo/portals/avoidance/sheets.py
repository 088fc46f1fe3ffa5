"""Candidates and their evidence as sheets of a workbook."""

from collections.abc import Sequence
from typing import Any

from zhipo.enforcement.models import Candidate
from zhipo.enforcement.queries.avoidance import evidence_rows, is_listed
from zhipo.portals.desk.columns import AMOUNT, COUNT, WHEN, Column
from zhipo.portals.desk.exports import Sheet
from zhipo.web.templatetags.words import day, yuan
from zhipo.web.words import say


def _text(key: str, shown: Any, kind: str = "") -> Column:
    return Column(f"avoidance_{key}", shown, kind=kind)


def _sum(key: str, value: Any) -> Column:
    return Column(
        f"avoidance_{key}", lambda row: yuan(value(row)), kind=AMOUNT, value=value
    )


CANDIDATES = (
    _text("number", lambda row: str(row.pk)),
    _text("kind", lambda row: say(f"enforcement.avoidable.{row.kind}")),
    _text("rule", lambda row: row.rule),
    _text("counterparty", lambda row: row.counterparty),
    _text("basis", lambda row: say(f"enforcement.basis.{row.basis}")),
    _text("first_on", lambda row: day(row.first_on), WHEN),
    _text("last_on", lambda row: day(row.last_on), WHEN),
    Column("avoidance_rows", lambda row: str(row.rows), kind=COUNT,
           value=lambda row: row.rows),
    _sum("sum", lambda row: row.fen),
    _text("state", lambda row: say(f"enforcement.candidate.{row.state}")),
    _text("reason", lambda row: row.reason),
    _sum("settled", lambda row: row.settled_fen),
)  # fmt: skip
EVIDENCE = (
    _text("number", lambda row: str(row["candidate"])),
    _text("source", lambda row: say(f"avoidance.source.{row['source']}")),
    _text("day", lambda row: day(row["day"]), WHEN),
    _text("institution", lambda row: row["institution"]),
    _text("reference", lambda row: row["reference"]),
    _text("counterparty", lambda row: row["counterparty"]),
    _text("note", lambda row: row["note"]),
    _sum("sum", lambda row: row["fen"]),
)


def avoidance_sheets(candidates: Sequence[Candidate]) -> list[Sheet]:
    """What the last search lists, and every row that adds up to it."""
    listed = [one for one in candidates if is_listed(one)]
    return [
        (say("avoidance.title"), CANDIDATES, listed),
        (say("avoidance.evidence_rows"), EVIDENCE, evidence_rows(listed)),
    ]

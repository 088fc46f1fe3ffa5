"""Columns of the desk's lists: one table of them per list, for page and export alike.

What is personal is masked here, so that no list can show or export it whole.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from zhipo.claims.states import EvidenceState
from zhipo.portals.desk.people import masked
from zhipo.web.templatetags.words import day, minute, yuan
from zhipo.web.words import say

AMOUNT, COUNT, WHEN = "amount", "count", "when"


@dataclass(frozen=True)
class Column:
    """One column: its words, how a row prints, what it is sorted by, its plain value.

    `whole` is what an export says where a page shows less of it; `leads_to` the address
    behind the cell, given the case's slug and the row.
    """

    key: str
    shown: Callable[[Any], str]
    sort: str = ""
    kind: str = ""
    value: Callable[[Any], int | None] | None = None
    whole: Callable[[Any], str] | None = None
    leads_to: Callable[[str, Any], str] | None = None

    @property
    def title(self) -> str:
        return say(f"desk.column.{self.key}")

    @property
    def style(self) -> str:
        """The class of its cells: figures stand to the right, days stay in one line."""
        return AMOUNT if self.value else self.kind

    def exported(self, row: Any) -> str:
        """The cell's text in a file."""
        return (self.whole or self.shown)(row)


def named(columns: Iterable[Column]) -> dict[str, Column]:
    """Columns by their keys, in their order."""
    return {column.key: column for column in columns}


def _to_claim(slug: str, row: Any) -> str:
    return reverse("desk:claim", args=[slug, row.pk])


def _amount(key: str) -> Column:
    return Column(
        key, lambda row: yuan(getattr(row, key)), key, AMOUNT, lambda row: getattr(row, key)
    )


def _word(key: str) -> Column:
    def shown(row: Any) -> str:
        value = getattr(row, key)
        return say(f"claims.{key}.{value}") if value else "–"

    return Column(key, shown, key)


def _reasons(row: Any) -> str:
    return "；".join(say(f"claims.reason.{one}") for one in row.reasons)


CLAIM_COLUMNS = named(
    (
        Column("number", lambda row: row.number, "number", leads_to=_to_claim),
        Column("heading", lambda row: say(f"desk.class.{row.heading}"), "heading"),
        _word("kind"),
        Column("name", lambda row: masked(row).name),
        Column("phone", lambda row: masked(row).phone),
        _amount("claimed_fen"),
        _amount("ledger_fen"),
        _amount("admitted_fen"),
        _amount("listed_fen"),
        _amount("reserved_fen"),
        _word("state"),
        _word("decision"),
        Column("reasons", _reasons),
        _word("identity"),
        Column("filed_at", lambda row: day(row.filed_at), "filed_at", WHEN),
        Column("is_late", lambda row: say("desk.late") if row.is_late else "", "is_late"),
    )
)


def _of_claim(key: str) -> Column:
    """The same column, of the claim behind the row."""
    column = CLAIM_COLUMNS[key]
    value = column.value
    return Column(
        key,
        lambda row: column.shown(row.claim),
        f"claim__{column.sort}" if column.sort else "",
        column.kind,
        (lambda row: value(row.claim)) if value else None,
    )


def _raised_by(row: Any) -> str:
    """Whose objection it is: the creditor's own, or that of another one's claim."""
    other = row.raised_from
    return say("desk.objection.own") if other is None else str(other.number)


OBJECTION_TEXT = 60
OBJECTION_COLUMNS = named(
    (
        Column("number", lambda row: row.claim.number, "claim__number",
               leads_to=lambda slug, row: reverse("desk:objection", args=[slug, row.pk])),
        Column("objected_at", lambda row: minute(row.at), "at", WHEN),
        Column("raised_by", _raised_by),
        _of_claim("kind"),
        _of_claim("name"),
        Column("objection", lambda row: _short(row.text), whole=lambda row: row.text),
        _of_claim("claimed_fen"),
        _of_claim("admitted_fen"),
        Column("outcome", lambda row: say(f"claims.objection.{row.state}"), "state"),
        Column("answered_at", lambda row: minute(row.answered_at), "answered_at", WHEN),
        Column("answer", lambda row: _short(row.answer), whole=lambda row: row.answer),
    )
)  # fmt: skip

SIGNS = {EvidenceState.SEALED: "■", EvidenceState.REFUSED: "⚠",
         EvidenceState.SUPERSEDED: "↷", EvidenceState.READ: "✓"}  # fmt: skip


def _read(key: str) -> Column:
    """A count of the manifest, none before the books are read."""

    def value(row: Any) -> int | None:
        found = row.manifest.get(key)
        return None if found is None else int(found)

    def shown(row: Any) -> str:
        found = value(row)
        return "–" if found is None else f"{found}"

    return Column(f"books_{key}", shown, kind=COUNT, value=value)


def _evidence_state(row: Any) -> str:
    return f"{SIGNS.get(row.state, '…')}\u00a0{say(f'claims.evidence.state.{row.state}')}"


EVIDENCE_COLUMNS = named(
    (
        Column("version", lambda row: say("claims.evidence.version", version=row.version),
               "version", leads_to=lambda slug, row: reverse(
                   "desk:evidence_version", args=[slug, row.version])),
        Column("books_state", _evidence_state, "state"),
        Column("uploaded_at", lambda row: minute(row.uploaded_at), "uploaded_at", WHEN),
        _read("rows"),
        _read("events"),
        Column("sealed_at", lambda row: minute(row.sealed_at), "sealed_at", WHEN),
        Column("ledger_sha256", lambda row: _short(row.ledger_sha256, 16),
               whole=lambda row: row.ledger_sha256),
    )
)  # fmt: skip


def _short(text: str, length: int = OBJECTION_TEXT) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"

"""Accounts, pools and movements as the money pages print them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from zhipo.cases.models import Case
from zhipo.distributions.queries.book import pools_of
from zhipo.distributions.queries.movements import accounts_in
from zhipo.ledger.kinds import ASSETS, AccountKind
from zhipo.ledger.models import Account
from zhipo.ledger.queries import Line
from zhipo.portals.desk.columns import AMOUNT, WHEN, Column, named
from zhipo.portals.desk.forms_money import title_of
from zhipo.web.templatetags.words import day, minute, yuan
from zhipo.web.words import has, say

ORDER = (*sorted(ASSETS), AccountKind.POOL, AccountKind.FUND, AccountKind.COSTS,
         AccountKind.CLAIMS, AccountKind.IN_TRANSIT, AccountKind.DEPOSITED,
         AccountKind.TAX)  # fmt: skip
"""Where money lies first, then whose it is."""


@dataclass(frozen=True)
class AccountLine:
    """One account of the trial balance, named in the reader's language."""

    title: str
    line: Line
    is_where: bool


def lines_of(lines: Sequence[Line]) -> list[AccountLine]:
    """The trial balance in the order in which money goes: where it lies, whose it is."""
    return [
        AccountLine(title_of(one.code, one.title), one, one.kind in ASSETS)
        for one in sorted(lines, key=_place)
    ]


def accounts_of(case: Case) -> list[tuple[str, str]]:
    """The accounts of a book to choose one of: code and name, in the same order."""
    in_order = sorted(accounts_in(case), key=_place)
    return [(one.code, title_of(one.code, one.title)) for one in in_order]


def _place(one: Line | Account) -> tuple[int, str]:
    return ORDER.index(AccountKind(one.kind)), one.code


def earmark_words(case: Case) -> list[dict[str, Any]]:
    """Each pool that has an earmark: its claims or classes, ground, evidence."""
    return [
        {
            "title": title_of(pool.code, pool.title),
            "fen": fen,
            "secures": "、".join(pool.earmark.get("secures", ())),
            "first_to": pool.earmark.get("first_to", ()),
            "basis": pool.basis,
            "evidence": pool.earmark.get("evidence", ""),
        }
        for pool, fen in pools_of(case)
        if pool.earmark
    ]


def act_words(act: str) -> str:
    """What made a movement, in words where there are any."""
    key = f"desk.money.act.{act}"
    return say(key) if has(key) else act


def note_words(note: str) -> str:
    """What stands beside a movement; a source of money by its name."""
    source, colon, rest = note.partition(": ")
    key = f"distributions.source.{source}"
    return f"{say(key)} · {rest}" if colon and has(key) else note or "–"


def _side(key: str, *, is_debit: bool) -> Column:
    """The accounts of one side: the first with how many more, all of them in a file."""

    def names(row: Any) -> list[str]:
        return [
            title_of(one.account.code, one.account.title)
            for one in row.entries.all()
            if (one.fen > 0) == is_debit
        ]

    def shown(row: Any) -> str:
        first, *more = names(row)
        if not more:
            return first
        return say("desk.money.and_more", first=first, count=len(more))

    return Column(key, shown, whole=lambda row: "、".join(names(row)))


MOVEMENT_COLUMNS = named(
    (
        Column("posted_at", lambda row: minute(row.posted_at), "posted_at", WHEN,
               leads_to=lambda slug, row: reverse("desk:movement", args=[slug, row.pk])),
        Column("value_on", lambda row: day(row.value_on), "value_on", WHEN),
        Column("movement", lambda row: act_words(row.act), "act"),
        _side("debited", is_debit=True),
        _side("credited", is_debit=False),
        Column("moved_fen", lambda row: yuan(row.fen), "fen", AMOUNT,
               lambda row: row.fen),
        Column("net_fen", lambda row: yuan(row.net_fen), "net_fen", AMOUNT,
               lambda row: row.net_fen),
        Column("reference", lambda row: row.reference or "–", "reference"),
        Column("posted_by", lambda row: row.posted_by.login if row.posted_by else "–"),
        Column("note", lambda row: note_words(row.note)),
    )
)  # fmt: skip

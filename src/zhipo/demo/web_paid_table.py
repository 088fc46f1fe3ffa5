"""What the end of the demonstration prints: plans compared, people paid, what agrees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhipo.demo.table import percent
from zhipo.demo.web_table import console_of, table_of
from zhipo.demo.words import words
from zhipo.engine.tables import CLASSES
from zhipo.kernel.money import yuan_text
from zhipo.kernel.phrases import language
from zhipo.web.words import say

if TYPE_CHECKING:
    from zhipo.demo.web_checks import Checked
    from zhipo.demo.web_paid import Paid, Sums


@dataclass(frozen=True)
class Told:
    """A table: the keys of its title and headings, its rows as they are read."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def print_paid(paid: "Paid", checked: "Checked", *, out: Path, lang: str | None) -> None:
    """Print the tables, and how anybody may check them again."""
    console = console_of()
    for told in tables_of(paid, checked, lang):
        console.print(table_of(told.title, told.headings, told.rows, lang))
    console.print(paid_on(paid, lang))
    for note in ("note.proofs", "note.paid_report"):
        console.print(words(note, lang=lang, out=out))


def tables_of(paid: "Paid", checked: "Checked", lang: str | None) -> list[Told]:
    """All tables of the end, in the order in which they are read."""
    plans = [f"variant.{name}" for name in paid.compared]
    ended = [
        (say(f"payouts.reason.{reason}", lang=lang or language()), f"{count:,}")
        for reason, count in paid.ended.items()
    ]

    def table(title: str, columns: str, rows: Sequence[Sequence[str]], *more: str) -> Told:
        headings = [f"column.{name}" for name in columns.split()]
        return Told(f"title.{title}", [*headings, *more], rows)

    return [
        table("compared", "class owed", list(_plan_rows(paid, lang)), *plans),
        table("paid", "what here elsewhere", paid_lines(paid, lang)),
        table("legs", "channel orders paid tries paid_yuan", list(_leg_rows(paid, lang))),
        table("ended", "reason orders", ended),
        table("agree", "what result", agree_lines(checked, lang)),
    ]


def paid_on(paid: "Paid", lang: str | None) -> str:
    """On which days of the demonstration it was paid."""
    return words(
        "note.paid_on", lang=lang, releases=len(paid.released_on),
        first=paid.released_on[0], last=paid.released_on[-1], orders=f"{paid.orders:,}",
    )  # fmt: skip


def paid_lines(paid: "Paid", lang: str | None) -> list[tuple[str, str, str]]:
    """(what, here, elsewhere) of the people and the money."""
    consumers = paid.compared[paid.chosen]["consumer"]
    payments = sum(leg.paid for leg in paid.legs)
    here = {
        "reached": _of(paid.reached[0], paid.due[0]),
        "reached_yuan": _yuan_of(paid.reached, paid.due),
        "consumers_reached": _of(paid.consumers_reached[0], paid.consumers_due[0]),
        "consumers_yuan": _yuan_of(paid.consumers_reached, paid.consumers_due),
        "consumers_rate": percent(consumers[-1], consumers[1]),
        "attempts": _per(paid.tries, payments),
        "left_deposited": _kept(paid.deposited),
        "left_reserved": _kept(paid.reserved),
        "costs": _kept(paid.costs),
        "days": f"{paid.days_to_first} / {paid.days_to_most} / {paid.days_to_last}",
        "root": paid.root,
    }
    return [
        (words(f"row.{name}", lang=lang), told, words(f"other.{name}", lang=lang))
        for name, told in here.items()
    ]


def agree_lines(checked: "Checked", lang: str | None) -> list[tuple[str, str]]:
    """(what was compared, whether it agrees)."""
    found = {
        "ledger": int(not checked.is_ledger_balanced),
        "transit": int(not checked.is_nothing_in_transit),
        "deposits": int(not checked.are_deposits_booked),
        "costs": int(not checked.are_costs_paid),
        "accounts": int(not checked.are_accounts_equal),
        "payments": checked.unlike,
        "twice": checked.twice,
        "trail": int(not checked.is_trail_whole),
        "bundle": checked.bundle_faults,
        "proof": checked.proof_faults,
    }
    return [
        (
            words(f"agree.{name}", lang=lang, number=checked.proof_of),
            words("agree.no" if count else "agree.yes", lang=lang, count=count),
        )
        for name, count in found.items()
    ]


def _plan_rows(paid: "Paid", lang: str | None) -> Iterator[list[str]]:
    """Each class: what it is owed, and the share of it that each plan gives."""
    first = next(iter(paid.compared.values()))
    for name in CLASSES:
        if name in first:
            rates = (
                percent(plan[name][-1], plan[name][1]) for plan in paid.compared.values()
            )
            yield [
                words(f"class.{name}", lang=lang), yuan_text(first[name][1]), *rates
            ]  # fmt: skip


def _leg_rows(paid: "Paid", lang: str | None) -> Iterator[list[str]]:
    for leg in paid.legs:
        called = say(f"payouts.channel.{leg.channel}", lang=lang or language())
        numbers = (f"{one:,}" for one in (leg.orders, leg.paid, leg.tries))
        yield [called, *numbers, yuan_text(leg.fen)]


def _of(part: int, whole: int) -> str:
    return f"{part:,} / {whole:,} = {percent(part, whole)}"


def _yuan_of(part: "Sums", whole: "Sums") -> str:
    return f"{yuan_text(part[1])} / {yuan_text(whole[1])} = {percent(part[1], whole[1])}"


def _kept(sums: "Sums") -> str:
    return f"{sums[0]:,} · {yuan_text(sums[1])}"


def _per(tries: int, payments: int) -> str:
    """Requests for each payment, with two decimals."""
    hundredths = tries * 100 // payments if payments else 0
    return f"{tries:,} / {payments:,} = {hundredths // 100}.{hundredths % 100:02d}"

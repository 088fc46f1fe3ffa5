"""The end of the demonstration as one self-contained page, in both languages."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhipo.demo.charts import Bar, Chart
from zhipo.demo.report import write_pages
from zhipo.demo.table import percent
from zhipo.demo.web_paid_table import Told, paid_on, tables_of
from zhipo.demo.words import words
from zhipo.kernel.phrases import LANGUAGES
from zhipo.web.words import say

if TYPE_CHECKING:
    from zhipo.demo.web_end import End

PAGE = "paid.html"
WORDY = frozenset({"title.paid", "title.agree", "title.ended"})
"""Tables whose cells are sentences and may break."""

COMPARED = ("consumer", "ordinary")


def write_paid_report(end: "End", path: Path, *, lang: str | None) -> None:
    """Write it, whole or not at all; both languages are in the one file."""
    pages = {one: _page(end, one) for one in LANGUAGES}
    write_pages(pages, path, first=lang or LANGUAGES[0])


def _page(end: "End", lang: str) -> dict[str, Any]:
    tables = tables_of(end.paid, end.checked, lang)
    return {
        "lang": lang,
        "title": words("report.paid_title", lang=lang),
        "lead": words("report.paid_lead", lang=lang),
        "charts": [_people(end, lang), _channels(end, lang), _plans(end, lang)],
        "tables": [_table(table, lang) for table in tables],
        "notes": [paid_on(end.paid, lang)],
        "sheets": [],
    }


def _table(told: Told, lang: str) -> dict[str, Any]:
    return {
        "title": words(told.title, lang=lang),
        "header": [words(key, lang=lang) for key in told.headings],
        "rows": told.rows,
        "has_figures": told.title not in WORDY,
    }


def _people(end: "End", lang: str) -> Chart:
    """Of all whom the plan gives something: paid, deposited, reserved."""
    paid = end.paid
    counts = {
        "reached": paid.reached[0],
        "left_deposited": paid.deposited[0],
        "left_reserved": paid.reserved[0],
    }
    bars = _bars(counts, lambda name: words(f"row.{name}", lang=lang))
    return Chart(words("chart.people", lang=lang), bars)


def _channels(end: "End", lang: str) -> Chart:
    counts = {str(leg.channel): leg.paid for leg in end.paid.legs}
    bars = _bars(counts, lambda name: say(f"payouts.channel.{name}", lang=lang))
    return Chart(words("chart.channels", lang=lang), bars)


def _bars(counts: Mapping[str, int], called: Callable[[str], str]) -> list[Bar]:
    longest = max(1, *counts.values())
    return [
        Bar(called(name), count * 10_000 // longest, f"{count:,}", "consumer")
        for name, count in counts.items()
    ]


def _plans(end: "End", lang: str) -> Chart:
    """What consumers and other ordinary creditors were to get under each plan."""
    bars = []
    for plan, classes in end.paid.compared.items():
        for name in COMPARED:
            _, owed, _, got = classes[name]
            share = got * 10_000 // owed
            keys = (f"variant.{plan}", f"class.{name}")
            label = " · ".join(words(key, lang=lang) for key in keys)
            bars.append(Bar(label, share, percent(got, owed), name))
    return Chart(words("chart.plans", lang=lang), bars)

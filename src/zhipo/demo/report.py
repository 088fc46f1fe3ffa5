"""One self-contained HTML report in Chinese and English, readable without JavaScript."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from zhipo.demo.charts import charts_of
from zhipo.demo.table import (
    effect_lines,
    rate_rows,
    seconds_rows,
    shift_rows,
    variant_names,
)
from zhipo.demo.words import words
from zhipo.engine.outputs import whole_file
from zhipo.kernel.phrases import LANGUAGES

if TYPE_CHECKING:
    from zhipo.demo.run import Effect

HERE = Path(__file__).parent


def write_report(effect: "Effect", path: Path, *, lang: str | None) -> None:
    """Write the report, whole or not at all; both languages are in the one file."""
    pages = {language: _page(effect, language) for language in LANGUAGES}
    write_pages(pages, path, first=lang or LANGUAGES[0])


def write_pages(pages: Mapping[str, Any], path: Path, *, first: str) -> None:
    """Write one page for each language into one file, the `first` one shown first.

    A page has lang, title, lead, charts, tables, notes and sheets.
    """
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("report.html")
    html = template.render(pages=pages, first=first, words=words)
    with whole_file(path) as part:
        part.write_text(html, encoding="utf-8")


def _page(effect: "Effect", lang: str) -> dict[str, Any]:
    refused = [
        f"{words(f'variant.{name}', lang=lang)}: {reason}"
        for name, reason in effect.refused.items()
    ]
    return {
        "lang": lang,
        "title": words("report.title", lang=lang),
        "lead": words("report.lead", lang=lang),
        "charts": charts_of(effect, lang),
        "tables": _tables(effect, lang),
        "sheets": ["register.xlsx", *(f"plan-{name}.xlsx" for name in effect.variants)],
        "notes": [*refused, words("note.paper", lang=lang)],
    }


def _tables(effect: "Effect", lang: str) -> list[dict[str, Any]]:
    """What the terminal shows, as tables of title, header and rows."""
    names = variant_names(effect, lang)

    def table(title: str, columns: str, rows: list[Any], *more: str) -> dict[str, Any]:
        header = [words(f"column.{key}", lang=lang) for key in columns.split()]
        return {
            "title": words(f"title.{title}", lang=lang),
            "header": [*header, *more],
            "rows": rows,
            "has_figures": title != "people",
        }

    return [
        table("people", "what here elsewhere", effect_lines(effect, lang)),
        table("rates", "class owed", rate_rows(effect, lang), *names),
        table("shift", "class", shift_rows(effect, lang), *names),
        table("seconds", "step seconds", seconds_rows(effect, lang)),
    ]

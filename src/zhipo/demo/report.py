"""One self-contained HTML report in Chinese and English, readable without JavaScript."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from zhipo.demo.charts import charts_of
from zhipo.demo.table import (
    effect_lines,
    rate_rows,
    shift_rows,
    variant_names,
)
from zhipo.demo.words import words
from zhipo.kernel.phrases import LANGUAGES

if TYPE_CHECKING:
    from zhipo.demo.run import Effect

HERE = Path(__file__).parent


def write_report(effect: "Effect", path: Path, *, lang: str | None) -> None:
    """Write the report, whole or not at all; both languages are in the one file."""
    loader = FileSystemLoader(HERE / "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("report.html")
    pages = {language: _page(effect, language) for language in LANGUAGES}
    html = template.render(pages=pages, first=lang or LANGUAGES[0], words=words)
    part = path.with_suffix(".part")
    part.write_text(html, encoding="utf-8")
    part.replace(path)


def _page(effect: "Effect", lang: str) -> dict[str, Any]:
    names = variant_names(effect, lang)
    owed = [words("column.class", lang=lang), words("column.owed", lang=lang)]
    return {
        "lang": lang,
        "charts": charts_of(effect, lang),
        "tables": [
            {
                "title": words("title.people", lang=lang),
                "header": [
                    words(f"column.{key}", lang=lang)
                    for key in ("what", "here", "elsewhere")
                ],
                "rows": effect_lines(effect, lang),
            },
            {
                "title": words("title.rates", lang=lang),
                "header": [*owed, *names],
                "rows": rate_rows(effect, lang),
            },
            {
                "title": words("title.shift", lang=lang),
                "header": [words("column.class", lang=lang), *names],
                "rows": shift_rows(effect, lang),
            },
        ],
        "refused": [
            f"{words(f'variant.{name}', lang=lang)}: {reason}"
            for name, reason in effect.refused.items()
        ],
    }

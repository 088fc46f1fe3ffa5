"""The table at the end of the demo: what was found out, beside the paper and others."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from zhipo.demo.words import words
from zhipo.engine.tables import CLASSES
from zhipo.kernel.money import yuan_text

if TYPE_CHECKING:
    from zhipo.demo.run import Effect

Line = tuple[str, str, str]
"""what, here, elsewhere"""
LOG_WIDTH = 132
"""How wide the tables are where there is no terminal to ask."""
PEOPLE = ("filed", "automatic", "planted", "wrongly", "doubtful", "silent")


def percent(part: int, whole: int) -> str:
    """A share with two decimals, cut, not rounded up."""
    return f"{part * 10_000 // whole / 100:.2f} %" if whole else "-"


def effect_lines(effect: "Effect", lang: str | None) -> list[Line]:
    """People and claims: here, and in the paper and the published cases."""
    reviewed = effect.review
    holders = int(effect.made["consumers"])
    filed = holders - reviewed["unfiled_holders"]
    automatic = reviewed["claims"] - reviewed["manual"]
    planted = sum(line["planted"] for line in effect.planted.values())
    found = sum(line["found"] for line in effect.planted.values())
    here = {
        "filed": f"{filed:,} / {holders:,} = {percent(filed, holders)}",
        "automatic": f"{automatic:,} = {percent(automatic, reviewed['claims'])}",
        "planted": f"{found:,} / {planted:,}",
        "wrongly": yuan_text(effect.admitted_wrongly_fen),
        "doubtful": f"{reviewed['manual']:,}",
        "silent": yuan_text(reviewed["unfiled_fen"]),
    }
    return [
        (words(f"row.{name}", lang=lang), here[name], words(f"other.{name}", lang=lang))
        for name in PEOPLE
    ]


def rate_rows(effect: "Effect", lang: str | None) -> list[list[str]]:
    """Class, owed, and what each variant pays it, in percent."""
    first = next(iter(effect.variants.values()))["classes"]
    rows = []
    for name in CLASSES:
        if name in first:
            cells = [words(f"class.{name}", lang=lang), yuan_text(first[name]["fen"])]
            for summary in effect.variants.values():
                line = summary["classes"][name]
                cells.append(percent(line["paid_fen"] + line["reserved_fen"], line["fen"]))
            rows.append(cells)
    return rows


def shift_rows(effect: "Effect", lang: str | None) -> list[list[str]]:
    """Who bears the shift: per class, plan less baseline."""
    first = next(iter(effect.variants.values()))["classes"]
    rows = []
    for name in CLASSES:
        shifts = [
            summary["classes"].get(name, {"shift_fen": 0})["shift_fen"]
            for summary in effect.variants.values()
        ]
        if name in first and any(shifts):
            cells = [yuan_text(shift) for shift in shifts]
            rows.append([words(f"class.{name}", lang=lang), *cells])
    return rows


def seconds_rows(effect: "Effect", lang: str | None) -> list[list[str]]:
    """How long each step took."""
    return [
        [words(f"step.{name}", lang=lang), f"{s:.2f}"] for name, s in effect.seconds.items()
    ]


def variant_names(effect: "Effect", lang: str | None) -> list[str]:
    return [words(f"variant.{name}", lang=lang) for name in effect.variants]


def print_effect(effect: "Effect", out: Path, lang: str | None) -> None:
    """Print the tables and where the files are."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=LOG_WIDTH)
    people = Table(title=words("title.people", lang=lang))
    for key in ("column.what", "column.here", "column.elsewhere"):
        people.add_column(words(key, lang=lang), overflow="fold")
    for line in effect_lines(effect, lang):
        people.add_row(*line)
    console.print(people)
    names = variant_names(effect, lang)
    owed = [words("column.class", lang=lang), words("column.owed", lang=lang)]
    console.print(_table("title.rates", [*owed, *names], rate_rows(effect, lang), lang))
    shifts = [words("column.class", lang=lang), *names]
    console.print(_table("title.shift", shifts, shift_rows(effect, lang), lang))
    for variant, reason in effect.refused.items():
        console.print(words(f"variant.{variant}", lang=lang) + ": " + reason)
    console.print(words("note.paper", lang=lang))
    seconds = seconds_rows(effect, lang)
    header = [words("column.step", lang=lang), words("column.seconds", lang=lang)]
    console.print(_table("title.seconds", header, seconds, lang))
    console.print(words("note.files", lang=lang, out=out))


def _table(title: str, header: list[str], rows: list[list[str]], lang: str | None) -> Table:
    table = Table(title=words(title, lang=lang))
    for i, name in enumerate(header):
        table.add_column(name, justify="left" if i == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table

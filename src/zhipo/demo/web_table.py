"""What the running case prints: the effect, the rates, who signs in how, the addresses."""

import base64
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django_otp.oath import TOTP
from rich.console import Console
from rich.table import Table

from zhipo.demo.table import LOG_WIDTH, percent
from zhipo.demo.words import words
from zhipo.engine.tables import CLASSES
from zhipo.kernel.money import yuan_text
from zhipo.kernel.phrases import Phrases

if TYPE_CHECKING:
    from zhipo.demo.web_effect import WebEffect
    from zhipo.demo.web_people import SignIn

PEOPLE = ("filed", "http", "automatic", "doubtful", "planted", "wrongly", "silent")


def effect_lines(effect: "WebEffect", lang: str | None) -> list[tuple[str, str, str]]:
    """(what, here, elsewhere), of consumers' claims."""
    planted = sum(line["planted"] for line in effect.planted.values())
    found = sum(line["found"] for line in effect.planted.values())
    here = {
        "filed": f"{effect.people_filed:,} / {effect.people:,}"
        f" = {percent(effect.people_filed, effect.people)}",
        "http": f"{effect.by_http:,}",
        "automatic": f"{effect.by_itself:,} = {percent(effect.by_itself, effect.filed)}",
        "planted": f"{found:,} / {planted:,}",
        "wrongly": yuan_text(effect.admitted_wrongly_fen),
        "doubtful": f"{effect.figures.waiting:,}",
        "silent": yuan_text(effect.silent_fen),
    }
    return [
        (words(f"row.{name}", lang=lang), here[name], words(f"other.{name}", lang=lang))
        for name in PEOPLE
    ]


def print_web_effect(effect: "WebEffect", lang: str | None) -> None:
    """The tables of what filing and review have come to."""
    console = console_of()
    headings = [f"column.{name}" for name in ("what", "here", "elsewhere")]
    console.print(table_of("title.web", headings, effect_lines(effect, lang), lang))
    wrongs = [
        (words(f"wrong.{name}", lang=lang), f"{line['found']:,}", f"{line['planted']:,}")
        for name, line in effect.planted.items()
    ]
    headings = [f"column.{name}" for name in ("wrong", "found", "planted")]
    console.print(table_of("title.planted", headings, wrongs, lang))
    headings = ["column.class", "column.owed", *(f"variant.{v}" for v in effect.rates)]
    console.print(table_of("title.rates", headings, _rate_rows(effect, lang), lang))
    console.print(words("note.paper", lang=lang))


def print_seconds(seconds: dict[str, float], lang: str | None) -> None:
    """How long each step took."""
    steps = [(words(f"step.{name}", lang=lang), f"{s:.2f}") for name, s in seconds.items()]
    headings = ["column.step", "column.seconds"]
    console_of().print(table_of("title.seconds", headings, steps, lang))


def print_doors(
    address: str, *, slug: str, sign_ins: "list[SignIn]", phones: dict[str, str],
    lang: str | None,
) -> None:  # fmt: skip
    """One way in per role, and where; passwords are of the demonstration alone."""
    console = console_of()
    staff = [
        (words(f"role.{one.role}", lang=lang), one.login, one.password,
         code_now(one.totp_secret), one.totp_secret)
        for one in sign_ins
    ]  # fmt: skip
    names = ("role", "login", "password", "code", "secret")
    headings = [f"column.{name}" for name in names]
    console.print(table_of("title.staff", headings, staff, lang))
    consumers = [(words(f"phone.{what}", lang=lang), one) for what, one in phones.items()]
    headings = ["column.what", "column.phone"]
    console.print(table_of("title.consumers", headings, consumers, lang))
    for note in ("note.doors", "note.money_doors"):
        console.print(words(note, lang=lang, address=address, slug=slug))


def code_now(secret: str) -> str:
    """The six digits that an authenticator app shows at this moment."""
    return f"{TOTP(base64.b32decode(secret)).token():06d}"


def console_of() -> Console:
    """As wide as the terminal; wide enough for the tables where there is none."""
    console = Console()
    return console if console.is_terminal else Console(width=LOG_WIDTH)


def _rate_rows(effect: "WebEffect", lang: str | None) -> list[list[str]]:
    summaries = [summary["classes"] for summary in effect.rates.values()]
    return [
        [
            words(f"class.{name}", lang=lang),
            yuan_text(summaries[0][name]["fen"]),
            *(_rate(classes[name]) for classes in summaries),
        ]
        for name in CLASSES
        if summaries and name in summaries[0]
    ]


def _rate(line: dict[str, Any]) -> str:
    return percent(line["paid_fen"] + line["reserved_fen"], line["fen"])


def table_of(
    title: str, headings: Iterable[str], rows: Iterable[Iterable[str]], lang: str | None,
    *, says: Phrases = words,
) -> Table:  # fmt: skip
    """A table of words: title and headings by their keys in `says`, cells as they are."""
    table = Table(title=says(title, lang=lang))
    for heading in headings:
        table.add_column(says(heading, lang=lang), overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table

"""What is printed of the days before the case."""

from pathlib import Path
from typing import TYPE_CHECKING

from zhipo.demo.court_days import ASKED_ON, RULED_ON
from zhipo.demo.web_table import console_of, table_of
from zhipo.kernel.money import yuan_text
from zhipo.kernel.phrases import Phrases, language

if TYPE_CHECKING:
    from zhipo.demo.court_effect import CourtEffect

court_words = Phrases(Path(__file__).with_name("phrases_court.yaml"))
ROWS = ("cases", "asked", "bad", "frozen", "days", "shop", "carried", "typed", "taken")


def court_lines(effect: "CourtEffect", lang: str | None) -> list[tuple[str, str, str]]:
    """(what, here, in the paper)."""
    board = effect.board
    values = {
        **vars(board), "paper_days": board.paper_days, **vars(effect), **effect.taken,
    }  # fmt: skip

    def said(key: str) -> str:
        return court_words(key, lang=lang, **values)

    computed = {
        "frozen": yuan_text(board.frozen_fen),
        "shop": board.shop[lang or language()],
        "typed": f"{effect.typed_again:,}",
    }
    return [
        (said(f"row.{one}"), computed.get(one) or said(f"here.{one}"), said(f"other.{one}"))
        for one in ROWS
    ]


def print_court(effect: "CourtEffect", *, address: str, lang: str | None) -> None:
    """The short table, and where it can be looked at."""
    console, lines = console_of(), court_lines(effect, lang)
    headings = [f"column.{name}" for name in ("what", "here", "elsewhere")]
    console.print(table_of("title.court", headings, lines, lang, says=court_words))
    console.print(
        court_words(
            "note.court", lang=lang, address=address, first=ASKED_ON, ruled=RULED_ON
        )
    )

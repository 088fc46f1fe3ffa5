"""Deadlines as an iCalendar file (RFC 5545), for the calendar programs that people use."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from zhipo.enforcement.queries.calendar import Due
from zhipo.web.words import say

OCTETS = 75
"""How long a line may be before it is folded."""


def calendar_file(dues: Iterable[Due], *, made_at: datetime) -> bytes:
    """Whole days, one event each, in the language of the reader.

    The same deadline has the same UID in every file, so that importing again replaces it.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//zhipo//deadlines//ZH",
        "CALSCALE:GREGORIAN",
        *(line for due in dues for line in _event(due, made_at)),
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _event(due: Due, made_at: datetime) -> list[str]:
    title = say(due.words)
    mark = "✓ " if due.is_done else ""
    about = [due.court, due.detail, due.cite]
    if due.is_unverified:
        about.append(say("enforcement.unverified"))
    return [
        "BEGIN:VEVENT",
        f"UID:{due.key}@zhipo",
        f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{due.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{due.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(f'{mark}{title} · {due.name}')}",
        f"DESCRIPTION:{_text(' · '.join(one for one in about if one))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A TEXT value: backslash, semicolon and comma escaped, line ends as \\n."""
    for sign in ("\\", ";", ","):
        value = value.replace(sign, f"\\{sign}")
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, never inside a character."""
    pieces: list[str] = []
    piece, used = "", 0
    for sign in line:
        size = len(sign.encode())
        limit = OCTETS if not pieces else OCTETS - 1
        if used + size > limit:
            pieces.append(piece)
            piece, used = "", 0
        piece, used = piece + sign, used + size
    return "\r\n ".join([*pieces, piece])

"""The share of people paid, day by day, as a line drawn by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhipo.payouts.queries.effect import Day, Effect
from zhipo.portals.percent import percent

WIDTH, HEIGHT = 340, 170
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 10, 24
STEPS = (0, 25, 50, 75, 100)


@dataclass(frozen=True)
class Curve:
    """Points of the line and where its axis has words; units of the drawing."""

    points: str
    grid: list[tuple[int, str]]
    since: date
    until: date
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT

    @property
    def foot(self) -> int:
        return HEIGHT - BOTTOM


def curve_of(effect: Effect, today: date) -> Curve | None:
    """The line from the first arrival until today; None before there is one."""
    if not effect.days:
        return None
    since, until = effect.days[0].day, max(today, effect.days[-1].day)
    corners = [(LEFT, _height(0, effect.people))]
    for one in effect.days:
        across = _across(one.day, since, until)
        corners += [(across, corners[-1][1]), (across, _height(one.people, effect.people))]
    corners.append((WIDTH - RIGHT, corners[-1][1]))
    grid = [(_height(step, 100), f"{step} %") for step in STEPS]
    return Curve(" ".join(f"{x},{y}" for x, y in corners), grid, since, until)


def lines_of(effect: Effect, most: int = 60) -> list[tuple[date, str, str]]:
    """The table behind the line: day, share of people, share of money; newest first."""
    return [
        (one.day, percent(one.people, effect.people), percent(one.fen, effect.fen))
        for one in _spread(effect.days, most)[::-1]
    ]


def _spread(days: Sequence[Day], most: int) -> Sequence[Day]:
    """Not more than so many of them, evenly, the last one always."""
    apart = -(-len(days) // most)
    return days[(len(days) - 1) % apart :: apart] if days else days


def _across(day: date, since: date, until: date) -> int:
    span = max((until - since).days, 1)
    return LEFT + (WIDTH - LEFT - RIGHT) * (day - since).days // span


def _height(part: int, whole: int) -> int:
    room = HEIGHT - TOP - BOTTOM
    return HEIGHT - BOTTOM - room * part // max(whole, 1)

"""What the days before the case have come to: read from the database and the bundle.

How the board stood when it was complete is kept as it is measured: freezes are lifted
later, and a second run finds the figures of the first.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zhipo.demo.court_registering import why_shop_stays_out
from zhipo.demo.court_reviewing import ARRIVAL, acceptance
from zhipo.demo.court_world import World
from zhipo.enforcement.actions.bundling import directory_of_keys
from zhipo.enforcement.bundle.reading import Bundle, open_bundle
from zhipo.enforcement.bundle.storing import below_files
from zhipo.enforcement.models import InquiryOrder, Referral, TakeOver
from zhipo.enforcement.queries.inquiries import board_of
from zhipo.kernel.phrases import LANGUAGES
from zhipo.law.enforcement.closing import PAPER_DAYS

KEPT = "demo-court.json"


@dataclass(frozen=True)
class BoardEffect:
    """The board of the court that leads, when nothing was waited for any more.

    `shop` is why the shop was not referred, in each language.
    """

    cases: int
    courts: int
    asked: int
    answered: int
    late: int
    in_parts: int
    bad: int
    frozen_fen: int
    days: int
    ordinary_days: str
    shop: dict[str, str]

    @property
    def paper_days(self) -> int:
        return PAPER_DAYS


@dataclass(frozen=True)
class CourtEffect:
    """The board, what the bundle carried, and what stands in the case without typing."""

    board: BoardEffect
    rows: int
    fields: int
    typed_again: int
    taken: dict[str, int]


def board_path(home: Path) -> Path:
    return home / KEPT


def keep_board(world: World) -> None:
    """Measure the board now and keep it."""
    judge, debtor = world.people["enforcement"], world.debtor
    board = board_of(judge, debtor, world.clock.now)
    assert board.clock is not None
    assert board.clock.done_on is not None
    orders = InquiryOrder.objects.filter(case__debtor=debtor)
    effect = BoardEffect(
        cases=debtor.cases.count(),
        courts=debtor.cases.values("court").distinct().count(),
        asked=board.total.asked,
        answered=board.total.answered,
        late=orders.exclude(escalated_at=None).count(),
        in_parts=orders.filter(told_parts__gt=1).count(),
        bad=sum(row.bad for row in board.rows),
        frozen_fen=board.frozen_fen,
        days=board.clock.days,
        ordinary_days=board.clock.ordinary_days_text,
        shop={lang: why_shop_stays_out(world, lang=lang) for lang in LANGUAGES},
    )
    text = json.dumps(asdict(effect), ensure_ascii=False, indent=2) + "\n"
    board_path(world.home).write_text(text, encoding="utf-8")


def court_effect(world: World) -> CourtEffect:
    """All of it, once the case is taken over."""
    kept = json.loads(board_path(world.home).read_text(encoding="utf-8"))
    taken = TakeOver.objects.get(referral=world.referral)
    assert taken.referral is not None
    first, last = _bundles(taken.referral)
    rows = [row for table in last.tables.values() for row in table]
    again = _texts_in(ARRIVAL) & set(_carried(first))
    again |= _texts_in(acceptance(world)) & set(_carried(last))
    return CourtEffect(
        board=BoardEffect(**kept),
        rows=len(rows),
        fields=sum(len(type(row).model_fields) for row in rows),
        typed_again=len(again),
        taken=taken.counts,
    )


def _bundles(referral: Referral) -> tuple[Bundle, Bundle]:
    """What the court had in hand when it received, and when it ruled."""
    received = list(referral.received_bundles.order_by("pk"))
    keys = directory_of_keys()
    first, last = (below_files(one.path) for one in (received[0], received[-1]))
    return open_bundle(first, keys), open_bundle(last, keys)


def _texts_in(typed: Any) -> set[str]:
    """Every text that the bankruptcy court typed into one of its forms."""
    given = asdict(typed)
    given |= given.pop("ruling", {})
    return {one for one in given.values() if isinstance(one, str) and one}


def _carried(bundle: Bundle) -> Iterator[str]:
    for rows in bundle.tables.values():
        for row in rows:
            yield from (one for _, one in row if isinstance(one, str))

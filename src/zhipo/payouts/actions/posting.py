"""The ledger's side of paying: payable, in transit, paid or back; and the trail's."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.models import Case
from zhipo.distributions.acts import RELEASING
from zhipo.distributions.chart import DEPOSITED, IN_TRANSIT, claims_of
from zhipo.gateways.institutions.moments import china_day
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.ledger.kinds import AccountKind
from zhipo.ledger.posting import Movement, open_account, post_all
from zhipo.payouts.channels import PAYS_FROM, SPOKEN
from zhipo.web.words import say

SENDING, PAYING, GIVING_BACK = "send_orders", "pay_orders", "give_back_orders"
DEPOSITING = "deposit_share"


@dataclass(frozen=True)
class Moved:
    """Money of one order on its way, in fen: of which case's book and class."""

    book: str
    class_name: str
    channel: ChannelName
    reference: str
    fen: int
    turn: int


def open_paying_accounts(book: str) -> None:
    """Open the accounts that channels pay from, where they are not open yet."""
    for channel in sorted(SPOKEN):
        title = say(f"payouts.account.{channel}", lang="zh")
        open_account(book, PAYS_FROM[channel], AccountKind.PAYMENT, title=title)


def post_sending(moved: Sequence[Moved], *, now: datetime) -> None:
    """What is being sent is payable no more, but in transit: one movement for a case."""
    for book, ones in sorted(_by_book(moved).items()):
        lines: defaultdict[str, int] = defaultdict(int)
        for one in ones:
            lines[claims_of(one.class_name)] += one.fen
            lines[IN_TRANSIT] -= one.fen
        told = "".join(sorted(f"{one.reference}:{one.turn};" for one in ones))
        digest = hashlib.sha256(told.encode()).hexdigest()
        movement = Movement(
            key=f"sent:{digest}", act=SENDING, lines=lines, value_on=china_day(now),
            note=say("payouts.note.sent", lang="zh", count=len(ones)),
        )  # fmt: skip
        post_all(book, [movement], by=None)


@dataclass
class Ends:
    """What of a batch has arrived (and when), came back on its way, or after arriving."""

    today: date
    paid: list[tuple[Moved, date]] = field(default_factory=list)
    back: list[Moved] = field(default_factory=list)
    returned: list[Moved] = field(default_factory=list)


def post_ends(ends: Ends, *, by: Any = None) -> None:
    """Post them all, case by case in one order, so that no two workers wait in a ring.

    What has arrived has left its account; what has not is payable again, out of transit or
    back in the account.
    """
    found: defaultdict[str, list[Movement]] = defaultdict(list)
    for one, on in ends.paid:
        found[one.book].append(_payment(one, on))
    for one in ends.back:
        found[one.book].append(_way_back(one, IN_TRANSIT, "t", ends.today))
    for one in ends.returned:
        found[one.book].append(_way_back(one, PAYS_FROM[one.channel], "p", ends.today))
    for book, movements in sorted(found.items()):
        post_all(book, movements, by=by)


def _payment(one: Moved, on: date) -> Movement:
    return Movement(
        key=f"paid:{one.reference}", act=PAYING,
        lines={IN_TRANSIT: one.fen, PAYS_FROM[one.channel]: -one.fen},
        value_on=on, reference=one.reference,
    )  # fmt: skip


def _way_back(one: Moved, account: str, mark: str, today: date) -> Movement:
    return Movement(
        key=f"back:{one.reference}:{one.turn}:{mark}", act=GIVING_BACK,
        lines={account: one.fen, claims_of(one.class_name): -one.fen},
        value_on=today, reference=one.reference,
    )  # fmt: skip


def post_deposits(
    book: str, sums: Mapping[str, tuple[str, int]], *, on: date, by: Any
) -> None:
    """Key -> (class, fen): payable becomes deposited (提存)."""
    movements = [
        Movement(key=f"deposit:{key}", act=DEPOSITING, value_on=on,
                 lines={claims_of(name): fen, DEPOSITED: -fen})
        for key, (name, fen) in sums.items()
    ]  # fmt: skip
    post_all(book, movements, by=by)


def post_release(
    book: str, sums: Mapping[str, tuple[str, int]], *, on: date, by: Any
) -> None:
    """Key -> (account, fen): what was deposited is payable, or a pool's, again."""
    movements = [
        Movement(key=f"released:{key}", act=RELEASING, value_on=on,
                 lines={DEPOSITED: fen, account: -fen})
        for key, (account, fen) in sums.items()
    ]  # fmt: skip
    post_all(book, movements, by=by)


def record_for_each_case(
    event: Event, moved: Sequence[Moved], *, by: Any = None, **detail: Any
) -> None:
    """One entry in each case's trail: how many, how much, and the digest of which.

    What was written is checked now and not at the commit, when the trail is locked: a
    check waits for whoever holds the claim, and they wait for the trail.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # as they were, for what follows
    for book, ones in sorted(_by_book(moved).items()):
        references = "\n".join(sorted(one.reference for one in ones))
        digest = hashlib.sha256(references.encode()).hexdigest()
        case = Case.objects.get(number=book)
        record(event, of=case, by=by, chain=book, orders=len(ones),
               fen=sum(one.fen for one in ones), references_sha256=digest,
               **detail)  # fmt: skip


def _by_book(moved: Iterable[Moved]) -> dict[str, list[Moved]]:
    found: defaultdict[str, list[Moved]] = defaultdict(list)
    for one in moved:
        found[one.book].append(one)
    return dict(found)

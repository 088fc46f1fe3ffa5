"""Entering what came of orders: states by the table, the ledger, answers, word to people.

Everything of a batch stands or nothing does. What a worker learns too late, because the
order went on without it, is kept as an answer and changes nothing.

Locks are taken in one order by every act on orders, so that none waits for another in a
ring: release, orders by number, the case's book, claims, the trail. Nobody who has locked
orders waits for a release. Orders are locked so that others may refer to them meanwhile: a
new order that follows one is checked at its commit, when the trail is locked already.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.gateways.institutions.moments import china_day
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.outcomes import AskOutcome
from zhipo.payouts.actions.issuing import issue_again
from zhipo.payouts.actions.posting import Ends, Moved, post_ends, record_for_each_case
from zhipo.payouts.actions.telling import tell_creditors
from zhipo.payouts.models import Answer
from zhipo.payouts.states import CLOSED, ON_THE_WAY, Ending, OrderState
from zhipo.payouts.verdicts import (
    Asked,
    Standing,
    Verdict,
    after_asking,
    contradicts,
    may_move,
)
from zhipo.payouts.work import Done, Outcome, Work

S = OrderState
ENDED = CLOSED | {S.PAID}
LOCK = """
SELECT o.id, o.state, o.turn, o.reference, o.fen, o.channel, s.class_name, s.claim_id,
    case_.number, o.release_id, o.reason = 'contradicted'
FROM payouts_order o
JOIN distributions_share s ON s.id = o.share_id
JOIN claims_claim c ON c.id = s.claim_id
JOIN cases_case case_ ON case_.id = c.case_id
WHERE o.id = ANY(%(ids)s) ORDER BY o.id FOR NO KEY UPDATE OF o"""
UPDATE = """
UPDATE payouts_order AS o SET
    state = said.state, ask_at = said.ask_at, reason = said.reason,
    tries = o.tries + said.more,
    channel_number = coalesce(nullif(said.number, ''), o.channel_number),
    package = coalesce(nullif(said.package, ''), o.package),
    confirm_until = coalesce(said.confirm_until, o.confirm_until),
    ended_at = said.ended_at,
    sent_at = CASE WHEN said.state = 'planned' THEN NULL ELSE o.sent_at END
FROM (SELECT * FROM unnest(%(ids)s::bigint[], %(states)s::text[],
    %(ask_ats)s::timestamptz[], %(reasons)s::text[], %(more)s::int[], %(numbers)s::text[],
    %(packages)s::text[], %(untils)s::timestamptz[], %(ended)s::timestamptz[])
    AS s(id, state, ask_at, reason, more, number, package, confirm_until, ended_at)) said
WHERE o.id = said.id"""
FREE_CLAIMS = """
UPDATE claims_claim c SET payout_ordered_at = NULL
WHERE c.id = ANY(%(claims)s) AND NOT EXISTS (
    SELECT FROM payouts_order o JOIN distributions_share s ON s.id = o.share_id
    WHERE s.claim_id = c.id AND o.state IN ('sending', 'waiting_user'))"""
HOLD = """
UPDATE payouts_order o SET reason = 'contradicted', ask_at = NULL
FROM payouts_order said
WHERE said.id = ANY(%(ids)s) AND (o.id = said.id
    OR o.state = 'planned' AND o.share_id = said.share_id AND o.part = said.part)"""
FINISH = """
UPDATE payouts_release r SET state = 'done'
WHERE r.id IN (SELECT id FROM payouts_release WHERE id = ANY(%(releases)s)
    AND state = 'released' FOR NO KEY UPDATE SKIP LOCKED)
    AND NOT EXISTS (SELECT FROM payouts_order o WHERE o.release_id = r.id
        AND o.state IN ('planned', 'sending', 'waiting_user'))"""


@dataclass(frozen=True)
class Row:
    """An order as it is now, locked."""

    order: int
    state: OrderState
    turn: int
    reference: str
    fen: int
    channel: ChannelName
    class_name: str
    claim: int
    book: str
    release: int | None
    is_held: bool  # until a person has looked, nothing moves it

    @property
    def moved(self) -> Moved:
        return Moved(
            self.book, self.class_name, self.channel, self.reference, self.fen, self.turn
        )


@dataclass(frozen=True)
class Step:
    """One order's way from its state to what was found; `more` requests were sent."""

    row: Row
    verdict: Verdict
    more: int = 0

    @property
    def is_move(self) -> bool:
        return self.row.state is not self.verdict.state


@transaction.atomic
def settle(found: Sequence[Done], *, now: datetime) -> Counter[OrderState]:
    """Enter the results of a batch; how many orders moved to which state."""
    by_order = {done.work.order: done for done in found}
    rows = locked_rows(by_order)
    keep_answers({done.work.order: done.answers for done in found}, now=now)
    said = [(row, by_order[row.order]) for row in rows]
    odd = [row for row, done in said if contradicts(row.state, done.verdict)]
    steps = [step for row, done in said if (step := _step(row, done)) is not None]
    return _enter(steps, odd, now=now)


def enter_word(
    work: Work, asked: Asked, outcome: AskOutcome, *, now: datetime, by: Any = None
) -> Counter[OrderState]:
    """Enter the word on one order that came by itself, by file or from a person's hand.

    It is held against the order as it is now, whatever a worker is doing meanwhile.
    """
    (row,) = locked_rows([work.order])
    keep_answers({row.order: [(asked, outcome)]}, now=now)
    standing = Standing(row.state, row.turn, work.confirm_until)
    verdict = after_asking(outcome, standing, now=now)
    return enter_words([(row, verdict)], now=now, by=by)


def enter_words(
    said: Sequence[tuple[Row, Verdict]], *, now: datetime, by: Any = None
) -> Counter[OrderState]:
    """`enter_word` for many orders, locked and with what their words mean for them."""
    odd = [row for row, verdict in said if contradicts(row.state, verdict)]
    steps = [
        Step(row, verdict)
        for row, verdict in said
        if row.state is not verdict.state
        and may_move(row.state, verdict)
        and not row.is_held
    ]
    return _enter(steps, odd, now=now, by=by)


def locked_rows(ids: Iterable[int]) -> list[Row]:
    """Orders as they are now, locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"ids": sorted(ids)})
        return [
            Row(one[0], OrderState(one[1]), one[2], one[3], one[4], ChannelName(one[5]),
                *one[6:])
            for one in cursor.fetchall()
        ]  # fmt: skip


def enter(steps: Sequence[Step], *, now: datetime, by: Any = None) -> Counter[OrderState]:
    """Move orders, post their money, tell their creditors, issue again what lapsed."""
    if not steps:
        return Counter()
    _update(steps)
    moves = [one for one in steps if one.is_move]
    _post(moves, now=now, by=by)
    ended = [one for one in moves if one.verdict.state not in ON_THE_WAY]
    _free([one.row.claim for one in ended])
    again = issue_again(_lapsed(moves), now=now)
    _finish({one.row.release for one in ended if one.row.release is not None})
    tell_creditors([(one.row.claim, one.row.fen, one.verdict) for one in moves], now=now)
    if moves:
        counts = Counter(one.verdict.state.value for one in moves)
        record_for_each_case(Event.ORDERS_SETTLED, [one.row.moved for one in moves], by=by,
                             issued_again=again, **counts)  # fmt: skip
    return Counter(one.verdict.state for one in moves)


def keep_answers(
    said: Mapping[int, Sequence[tuple[Asked, Outcome]]], *, now: datetime
) -> None:
    """Keep what channels said of orders, each saying once; no payee stands in it."""
    answers = [
        _answer(order, asked, outcome, now)
        for order, answers in said.items()
        for asked, outcome in answers
    ]
    Answer.objects.bulk_create(answers, ignore_conflicts=True)


def _enter(
    steps: Sequence[Step], odd: Sequence[Row], *, now: datetime, by: Any = None
) -> Counter[OrderState]:
    """What may move moves, and a person looks at what is odd; no order is both."""
    held = _hold(odd)
    moves = enter(steps, now=now, by=by)
    _record_held(held)
    return moves


def _hold(rows: Sequence[Row]) -> list[Row]:
    """A channel has said the opposite of what it had said: nobody pays more on these parts
    until a person has looked. Those that were not held already.
    """
    new = [row for row in rows if not row.is_held]
    if new:
        with connection.cursor() as cursor:
            cursor.execute(HOLD, {"ids": [row.order for row in new]})
    return new


def _record_held(rows: Sequence[Row]) -> None:
    for row in rows:
        record(Event.ORDER_CONTRADICTED, of=f"order {row.order}", by=None, chain=row.book,
               state=row.state, fen=row.fen)  # fmt: skip


def _step(row: Row, done: Done) -> Step | None:
    """What follows for the order as it is now; None where it went on without this turn.

    A refusal of one request says nothing once the channel itself has said more.
    """
    verdict = done.verdict
    is_own_turn = row.turn == done.work.turn
    if row.is_held or row.state in ENDED or not may_move(row.state, verdict):
        return None
    is_as_taken = is_own_turn and row.state is done.work.state
    is_stale = not is_own_turn and verdict.state is row.state
    if is_stale or not (verdict.is_fact or is_as_taken):
        return None
    return Step(row, verdict, int(done.sent_again))


def _lapsed(moves: Sequence[Step]) -> list[int]:
    return [
        one.row.order
        for one in moves
        if one.verdict.state is S.RETURNED and one.verdict.reason == Ending.EXPIRED
    ]


def _update(steps: Sequence[Step]) -> None:
    said = [one.verdict for one in steps]
    values: dict[str, Any] = {
        "ids": [one.row.order for one in steps],
        "states": [one.state for one in said],
        "ask_ats": [one.ask_at for one in said],
        "reasons": [one.reason for one in said],
        "more": [one.more for one in steps],
        "numbers": [one.number[:80] for one in said],
        "packages": [one.package for one in said],
        "untils": [one.confirm_until for one in said],
        "ended": [one.at if one.state in ENDED else None for one in said],
    }
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, values)


def _post(moves: Sequence[Step], *, now: datetime, by: Any) -> None:
    ends = Ends(china_day(now))
    for one in moves:
        to, was = one.verdict.state, one.row.state
        if to is S.PAID:
            ends.paid.append((one.row.moved, china_day(one.verdict.at or now)))
        elif was is S.PAID:
            ends.returned.append(one.row.moved)
        elif was in ON_THE_WAY and to not in ON_THE_WAY:
            ends.back.append(one.row.moved)
    post_ends(ends, by=by)


def _free(claims: Sequence[int]) -> None:
    """Creditors whose order has ended may change their account again."""
    if claims:
        with connection.cursor() as cursor:
            cursor.execute(FREE_CLAIMS, {"claims": sorted(set(claims))})


def _finish(releases: set[int]) -> None:
    if releases:
        with connection.cursor() as cursor:
            cursor.execute(FINISH, {"releases": sorted(releases)})


def _answer(order: int, asked: Asked, outcome: Outcome, now: datetime) -> Answer:
    content = json.loads(json.dumps(asdict(outcome), default=str, ensure_ascii=False))
    name = type(outcome).__name__
    told = json.dumps([name, content], sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(told.encode()).hexdigest()
    return Answer(order_id=order, asked=asked, outcome=name, content=content,
                  sha256=digest, at=now)  # fmt: skip

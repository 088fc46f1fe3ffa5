"""The order book: top-ups with bonuses, deliveries, refunds, balances to the fen.

Members are made in blocks, each from its own seed, so that the books are the same
whatever else is made and memory does not grow with the case.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhipo.demo.case import ACCEPTED_ON, BOOKS_FROM, balance_up_to
from zhipo.demo.people import numbered

BLOCK = 2_000
SPREAD = 1.83
"""Spread of balances (log-normal): many small remainders, few large ones."""
DELIVERIES_MEAN = 40
BASKET_FEN = 2_600
TOP_UPS = np.array([10_000, 20_000, 30_000, 50_000, 100_000])
BONUSES = np.array([0, 0, 2_000, 5_000, 15_000])
"""充100 到 充1000: 充300送20, 充500送50, 充1000送150."""
REFUND_SHARE = 0.03
LATE_SHARE = 0.003
KINDS = np.array(["充值", "赠送", "提货", "退款"])
CHANNELS = np.array(["微信小程序", "微信小程序", "支付宝", "团长代下单"])
CHINA = timezone(timedelta(hours=8))
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Members `first` to `first + count` with their books; `balance_fen` by member."""

    first: int
    balance_fen: Ints
    events: pa.Table


def member_ids(numbers: Ints) -> npt.NDArray[np.str_]:
    return numbered("M", numbers)


def blocks_of(consumers: int) -> int:
    return -(-consumers // BLOCK)


def make_block(seed: int, block: int, consumers: int) -> Block:
    """One block of members; the sum of all blocks' balances is exact."""
    first = block * BLOCK
    count = min(BLOCK, consumers - first)
    rng = np.random.default_rng([seed, 1, block])
    total = balance_up_to(first + count) - balance_up_to(first)
    balance = _balances(rng, count, total)
    return Block(first, balance, _events(rng, first, balance))


def make_emptied(seed: int, first: int, count: int) -> Block:
    """Members whose whole balance was paid back before: nothing is owed to them."""
    rng = np.random.default_rng([seed, 2])
    balance = np.zeros(count, np.int64)
    return Block(first, balance, _events(rng, first, balance, refund_share=1.0))


def _balances(rng: np.random.Generator, count: int, total: int) -> Ints:
    """Whole fen, at least one each, with exactly this sum."""
    weights = np.clip(rng.lognormal(0, SPREAD, count), 0.02, 60)
    spare = total - count
    shares = np.floor(weights / weights.sum() * spare).astype(np.int64)
    short = spare - int(shares.sum())
    shares[: abs(short)] += np.sign(short)
    assert short <= count
    balance: Ints = shares + 1
    assert int(balance.sum()) == total
    return balance


def _events(
    rng: np.random.Generator, first: int, balance: Ints, refund_share: float = REFUND_SHARE
) -> pa.Table:
    count = len(balance)
    numbers = np.arange(first, first + count)
    back = np.where(rng.random(count) < refund_share, rng.integers(500, 9_000, count), 0)
    deliveries = rng.poisson(DELIVERIES_MEAN, count) + 1
    wished = balance + back + deliveries * BASKET_FEN
    size = np.minimum(np.searchsorted(TOP_UPS, wished // 4), len(TOP_UPS) - 1)
    top_ups = -(-wished // TOP_UPS[size])
    paid = top_ups * TOP_UPS[size]
    given = paid + top_ups * BONUSES[size]
    # paid·(given − used)/given rounds to balance + back: the step paid/given is below 1.
    used = given - (2 * (balance + back) * given + paid) // (2 * paid)

    late = rng.random(count) < LATE_SHARE
    parts = [
        _at_start(rng, numbers, top_ups, TOP_UPS[size], kind=0, day_offset=0),
        _at_start(rng, numbers, top_ups, BONUSES[size], kind=1, day_offset=0),
        _deliveries(rng, numbers, deliveries, used),
        _once(numbers[back > 0], back[back > 0], kind=3, day=500),
        _once(numbers[late], np.full(late.sum(), BASKET_FEN), kind=2, day=555),
    ]
    return _table(rng, [np.concatenate(column) for column in zip(*parts, strict=True)])


Part = tuple[Ints, Ints, Ints, Ints]
"""member, kind, fen, second since the books begin"""
SECONDS_A_DAY = 86_400
BOOK_DAYS = (ACCEPTED_ON - BOOKS_FROM).days


def _at_start(
    rng: np.random.Generator,
    numbers: Ints,
    times: Ints,
    each: Ints,
    *,
    kind: int,
    day_offset: int,
) -> Part:
    """`times` equal amounts a member, evenly over the books, the first at their start."""
    member = np.repeat(numbers, times)
    place = np.arange(len(member)) - np.repeat(np.cumsum(times) - times, times)
    day = place * (BOOK_DAYS - 30) // np.repeat(times, times) + day_offset
    second = day * SECONDS_A_DAY + 9 * 3_600 + member % 30_000 + kind
    fen = np.repeat(each, times)
    is_there = fen > 0
    kinds = np.full(len(member), kind)
    return member[is_there], kinds[is_there], fen[is_there], second[is_there]


def _deliveries(rng: np.random.Generator, numbers: Ints, times: Ints, used: Ints) -> Part:
    """What was used, cut into baskets of uneven size over the books."""
    member = np.repeat(numbers, times)
    weights = rng.random(len(member)) + 0.2
    starts = np.cumsum(times) - times
    sums = np.add.reduceat(weights, starts)
    fen = np.floor(weights / np.repeat(sums, times) * np.repeat(used, times)).astype(
        np.int64
    )
    rest = used - np.add.reduceat(fen, starts)
    fen[starts] += rest
    second = rng.integers(SECONDS_A_DAY, BOOK_DAYS * SECONDS_A_DAY, len(member))
    is_there = fen > 0
    kinds = np.full(len(member), 2)
    return member[is_there], kinds[is_there], fen[is_there], second[is_there]


def _once(numbers: Ints, fen: Ints, *, kind: int, day: int) -> Part:
    second = np.full(len(numbers), day * SECONDS_A_DAY + 15 * 3_600) + numbers % 10_000
    return numbers, np.full(len(numbers), kind), fen, second


def _table(rng: np.random.Generator, columns: list[Ints]) -> pa.Table:
    """The order book's rows in the order of time, with the platform's own headers."""
    member, kind, fen, second = columns
    order = np.lexsort((kind, member, second))
    member, kind, fen, second = (column[order] for column in (member, kind, fen, second))
    begin = datetime.combine(BOOKS_FROM, time(), CHINA)
    at = np.datetime64(begin.replace(tzinfo=None), "s") + second
    ids = pa.array(member_ids(member))
    padded = pc.utf8_lpad(pa.array(fen % 100).cast(pa.string()), 2, "0")
    yuan = pc.binary_join_element_wise(pa.array(fen // 100).cast(pa.string()), padded, ".")
    order_no = pc.utf8_lpad(pa.array(np.arange(len(fen))).cast(pa.string()), 9, "0")
    prefix = f"{int(member.min()) // BLOCK:06d}"
    channel = CHANNELS[rng.integers(0, len(CHANNELS), len(fen))]
    return pa.table(
        {
            "流水号": pc.binary_join_element_wise(prefix, order_no, "-"),
            "会员号": ids,
            "时间": pa.array(np.datetime_as_string(at, unit="s")),
            "类型": pa.array(KINDS[kind]),
            "金额(元)": yuan,
            "订单号": pc.binary_join_element_wise("D", prefix, order_no, ""),
            "渠道": pa.array(channel),
            "付款账号": pc.binary_join_element_wise("wx-", ids, ""),
        }
    )

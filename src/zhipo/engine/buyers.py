"""Buyers in an order book: how many in a year, how many still buy, how many came back."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import ibis
import ibis.expr.types as ir

from zhipo.engine import intake
from zhipo.engine.backends import backend
from zhipo.engine.tables import ORDERS
from zhipo.kernel.faults import refuse_if_any
from zhipo.law.triage.rescue import ACTIVE_DAYS, BUYERS_DAYS

CHINA_HOURS = 8
"""Days are at +08:00; China has no summer time."""


@dataclass(frozen=True)
class Buyers:
    """What an order book counts; the year ends with the day of its last order."""

    rows: int
    first_on: date
    last_on: date
    buyers: int
    active: int
    repeat: int


def count_buyers(orders: Path, *, work: Path, engine: str = "duckdb") -> Buyers:
    """Read an order book (CSV, XLSX or Parquet) and count its buyers. Raises Refused.

    A buyer is active with an order in the last ninety days, and comes back with orders on
    two days of the year or more.
    """
    with backend(engine, work=work) as at_work:
        path = intake.take_in(orders, ORDERS, work=work, name="orders")
        table = at_work.keep(on_days(at_work.read(path)))
        seen = at_work.row(
            table.agg(rows=table.count(), first=table.day.min(), last=table.day.max())
        )
        refuse_if_any(at_work.damage())
        counted = at_work.row(counts(table, seen["last"]))
    return Buyers(
        rows=int(seen["rows"]),
        first_on=seen["first"],
        last_on=seen["last"],
        buyers=int(counted["buyers"]),
        active=int(counted["active"] or 0),
        repeat=int(counted["repeat"] or 0),
    )


def on_days(orders: ir.Table) -> ir.Table:
    """Each order's buyer and its day at +08:00."""
    at = orders["at"].cast("timestamp('UTC')")
    day = (at + ibis.interval(hours=CHINA_HOURS)).cast("date")
    return orders.select("buyer_id", day=day)


def counts(orders: ir.Table, last_on: date) -> ir.Table:
    """One row: buyers of the year up to `last_on`, those active, those who came back."""
    year = orders.filter(orders.day > last_on - timedelta(days=BUYERS_DAYS.default))
    by_buyer = year.group_by("buyer_id").agg(days=year.day.nunique(), last=year.day.max())
    since = last_on - timedelta(days=ACTIVE_DAYS.default)
    return by_buyer.agg(
        buyers=by_buyer.count(),
        active=by_buyer.count(where=by_buyer.last > since),
        repeat=by_buyer.count(where=by_buyer.days > 1),
    )

"""Why this amount: the formula with its numbers, its articles, the events behind it."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings

from zhipo.claims.models import Balance, Claim, Evidence
from zhipo.engine.fields import CHINA
from zhipo.engine.review.balances import cutoff
from zhipo.kernel.money import yuan_text
from zhipo.kernel.rules import Rule, all_rules, rule_on
from zhipo.kernel.trace import traced
from zhipo.law.prepaid.refunds import ledger_balance_fen
from zhipo.law.registry import import_all

EVENTS_A_PAGE = 50


@dataclass(frozen=True)
class Article:
    """A rule as a page shows it. The Rule itself is callable: a template would run it."""

    id: str
    cite: str
    text: str


@dataclass(frozen=True)
class Reckoning:
    """One balance, reckoned anew from its four sums; amounts are printed yuan."""

    formula: str
    delivered: str
    value_fen: int
    rules: list[Article]
    agrees: bool


@dataclass(frozen=True)
class Events:
    """One page of a holder's events in the sealed books, newest first."""

    rows: list[dict[str, Any]]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // EVENTS_A_PAGE))


def reckoning_of(balance: Balance, law_date: date) -> Reckoning:
    """The formula of 《预付式消费解释》第十八条 with the balance's own numbers."""
    result = traced(
        ledger_balance_fen,
        paid_fen=balance.paid_fen,
        bonus_fen=balance.bonus_fen,
        used_fen=balance.used_fen,
        back_fen=balance.back_fen,
    )
    return Reckoning(
        formula=_formula(balance),
        delivered=_exact(result.steps[0].notes["delivered_fen"]),
        value_fen=result.value,
        rules=[_article(rule_on(law_date, one)) for one in result.rule_ids],
        agrees=result.value == balance.ledger_fen,
    )


def rules_of(ids: list[str]) -> list[Article]:
    """Rules by id, for the articles behind a decision; unknown ids are left out."""
    import_all()
    known = {rule.id: rule for rule in all_rules()}
    return [_article(known[one]) for one in ids if one in known]


def ledger_of(evidence: Evidence) -> Path:
    """Where the sealed ledger of a version lies."""
    return Path(settings.ENVIRONMENT.files) / evidence.folder / "ledger.parquet"


def events_of(claim: Claim, evidence: Evidence, page: int) -> Events | None:
    """The holder's own events, read from the sealed file; None if it is not there."""
    ledger, holder = ledger_of(evidence), claim.holder
    if holder is None or not ledger.is_file():
        return None
    skipped = (page - 1) * EVENTS_A_PAGE
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET threads = 1")
        found = connection.sql(
            'SELECT event_id, CAST("at" AS TIMESTAMPTZ) AS "at", kind, fen,'
            " count(*) OVER () AS total FROM read_parquet(?) WHERE holder_id = ?"
            ' ORDER BY "at" DESC, event_id DESC LIMIT ? OFFSET ?',
            params=[str(ledger), holder.holder_id, EVENTS_A_PAGE, skipped],
        ).to_arrow_table()
    rows = found.to_pylist()
    end = cutoff(claim.case.accepted_on)
    for row in rows:
        row["counts"] = row["at"] < end
        row["at"] = row["at"].astimezone(CHINA)
    return Events(rows, rows[0]["total"] if rows else 0, page)


def _article(rule: Rule) -> Article:
    return Article(rule.id, rule.cite, rule.text or rule.reason or rule.promise)


def _formula(balance: Balance) -> str:
    """500.00 − 250.93 × 500.00 ÷ 550.00 − 0.00, only with the parts there are."""
    paid, used = _yuan(balance.paid_fen), _yuan(balance.used_fen)
    text = paid
    if balance.used_fen:
        given = _yuan(balance.paid_fen + balance.bonus_fen)
        text += f" − {used} × {paid} ÷ {given}" if balance.bonus_fen else f" − {used}"
    return f"{text} − {_yuan(balance.back_fen)}" if balance.back_fen else text


def _yuan(fen: int) -> str:
    return yuan_text(fen, sign="")


def _exact(fen: Fraction) -> str:
    """Yuan with four decimals, cut off: shown, never reckoned with."""
    ten_thousandths = int(fen * 100)
    return f"¥{ten_thousandths // 10_000:,}.{ten_thousandths % 10_000:04d}"

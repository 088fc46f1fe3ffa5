"""`make demo`: from the platform's order books to every creditor's payment."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zhipo.demo import case
from zhipo.demo.generate import generate_yuhu
from zhipo.demo.plans import (
    VARIANTS,
    Money,
    cost_claims,
    money_of,
    rows_of,
    settled_by_hand,
    write_plans,
    write_register,
    write_rows,
)
from zhipo.demo.report import write_report
from zhipo.demo.sheets import write_plan_sheet, write_register_sheet
from zhipo.demo.steps import Clock
from zhipo.demo.table import print_effect
from zhipo.demo.words import words
from zhipo.engine.distribute.run import distribute
from zhipo.engine.evidence.importing import import_ledger
from zhipo.engine.progress import Progress
from zhipo.engine.review.run import Request, review
from zhipo.kernel.faults import Refused

MAPPING = Path(import_ledger.__code__.co_filename).parent / "mappings" / "xianxiangjia.yaml"


@dataclass
class Effect:
    """What the demo found out, all of it computed."""

    made: dict[str, Any]
    review: dict[str, Any]
    planted: dict[str, dict[str, int]]
    admitted_wrongly_fen: int
    money: Money
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def run_demo(*, out: Path, consumers: int, seed: int, lang: str | None = None) -> Effect:
    """Generate, import, review, divide in five ways, report. Raises Refused."""
    clock = Clock(lang)
    with clock.step("generate") as shown:
        made = generate_yuhu(
            consumers=consumers, seed=seed, out=out / "case", progress=shown
        )
    with clock.step("import") as shown:
        told = shown.told(words("step.import", lang=lang))
        ledger = out / "ledger.parquet"
        import_ledger(
            [out / "case" / "books"], read_as=str(MAPPING), out=ledger, progress=told
        )
    with clock.step("review") as shown:
        request = Request(
            ledger=ledger,
            claims=out / "case" / "claims.csv",
            accepted_on=case.ACCEPTED_ON,
            out=out / "review",
            holders=out / "case" / "holders.csv",
        )
        reviewed = review(request, shown)
    money = money_of(consumers)
    with clock.step("register"):
        _register(out, money)
        planted, wrongly = checked_against_truth(out)
    effect = Effect(made, reviewed, planted, wrongly, money)
    plans = write_plans(out / "plans", consumers=consumers, money=money)
    for variant in VARIANTS:
        with clock.step(variant.id) as shown:
            _divide(effect, variant.id, plans[variant.id], out, shown)
    effect.seconds = clock.seconds
    with clock.step("report"):
        _report(effect, out, lang)
    print_effect(effect, out, lang)
    return effect


def _register(out: Path, money: Money) -> None:
    """The register: review's decisions, the reviewer's, and the other creditors."""
    folder = out / "plans"
    folder.mkdir(parents=True, exist_ok=True)
    decisions = out / "review" / "decisions.csv"
    claims = out / "case" / "claims.csv"
    manual = settled_by_hand(decisions, claims)
    write_rows(out / "manual.csv", manual)
    others: list[dict[str, str | int]] = [
        {**row, "fen": int(row["fen"])}
        for row in rows_of(out / "case" / "other_claims.csv")
    ]
    write_register(
        folder,
        decisions=decisions,
        claims=claims,
        manual=manual,
        others=others + cost_claims(money),
    )


def _divide(effect: Effect, variant: str, plan: Path, out: Path, shown: Progress) -> None:
    try:
        effect.variants[variant] = distribute(plan, out / variant, progress=shown)
    except Refused as refused:
        effect.refused[variant] = refused.faults[0].message


def checked_against_truth(out: Path) -> tuple[dict[str, dict[str, int]], int]:
    """(wrong -> planted, found; fen admitted above the true balances)."""
    decided = {row["claim_id"]: row for row in rows_of(out / "review" / "decisions.csv")}
    planted: dict[str, dict[str, int]] = {}
    for row in rows_of(out / "case" / "truth.csv"):
        line = planted.setdefault(row["wrong"], {"planted": 0, "found": 0})
        line["planted"] += 1
        found = decided[row["claim_id"]]
        same_sum = found["admitted_fen"] == row["admitted_fen"]
        line["found"] += found["decision"] == row["decision"] and same_sum
    true_fen = {
        row["holder_id"]: int(row["fen"])
        for row in rows_of(out / "case" / "truth_balances.csv")
    }
    wrongly = 0
    for row in decided.values():
        above = int(row["admitted_fen"]) - true_fen.get(row["holder_id"], 0)
        wrongly += max(0, above)
    return planted, wrongly


def _report(effect: Effect, out: Path, lang: str | None) -> None:
    write_report(effect, out / "report.html", lang=lang)
    write_register_sheet(out)
    for variant in effect.variants:
        write_plan_sheet(out, variant)

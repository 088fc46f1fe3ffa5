"""The register and the plans of the demo: costs by law, five ways to divide the rest."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhipo.demo import case
from zhipo.law.fees.administrator import collateral_fee_cap_fen, fee_from_available
from zhipo.law.fees.court import bankruptcy_fee_fen

Row = dict[str, str | int]
BASIS = {
    "basis": "PLAN_SMALL_CLASS",
    "evidence": "演示：重整计划草案小额债权组表决记录（虚构）",
}
SMALL = {"ceiling_fen": 50_000}


@dataclass(frozen=True)
class Variant:
    """One way to divide: the plan's own terms beside the common pools."""

    id: str
    terms: dict[str, Any]


VARIANTS = (
    Variant("statutory", {}),
    Variant("before_ordinary", {"overlay": {**BASIS, "consumer": "before_ordinary"}}),
    Variant("rate_31", {"overlay": {**BASIS, "consumer": {"rate": "0.31"}}}),
    Variant(
        "flat",
        {
            "overlay": {**BASIS, "consumer": "before_ordinary"},
            "small_claims": {"mode": "flat", **SMALL},
        },
    ),
    Variant(
        "tiered",
        {
            "overlay": {**BASIS, "consumer": "before_ordinary"},
            "small_claims": {"mode": "tiered", **SMALL},
        },
    ),
)


@dataclass(frozen=True)
class Money:
    """What there is and what the procedure costs, in fen."""

    general_fen: int
    collateral_fen: int
    court_fee_fen: int
    administrator_fen: int
    collateral_pay_fen: int
    other_costs_fen: int


def money_of(consumers: int) -> Money:
    """Pools and costs: the court's fee and the administrator's pay computed by law."""
    cash = sum(account.fen for account in case.ACCOUNTS) + sum(case.OTHER_ASSETS.values())
    estate = case.scaled(cash, consumers)
    sold = case.scaled(case.COLLATERAL_SOLD_FEN, consumers)
    sale_cost = case.scaled(case.COLLATERAL_SALE_COST_FEN, consumers)
    other = case.scaled(case.OTHER_COSTS_FEN, consumers)
    court = bankruptcy_fee_fen(estate_fen=estate, collateral_fen=sold)
    pay = collateral_fee_cap_fen(collateral_fen=sold)
    fee = fee_from_available(available_fen=estate - court - other)
    return Money(estate, sold - sale_cost - pay, court, fee.fee_fen, pay, other)


def cost_claims(money: Money) -> list[Row]:
    """The costs of the procedure as claims of the first step."""
    costs = [
        ("X0001", money.court_fee_fen, "案件受理费"),
        ("X0002", money.administrator_fen, "管理人报酬"),
        ("X0003", money.other_costs_fen, "管理、变价和分配费用"),
    ]
    return [
        {"claim_id": claim, "class": "expense", "fen": fen, "name": name}
        for claim, fen, name in costs
    ]


def write_plans(folder: Path, *, consumers: int, money: Money) -> dict[str, Path]:
    """PLAN.json of every variant, beside claims.csv; returns them by variant."""
    pools = [
        {"id": "general", "fen": money.general_fen},
        {"id": "lien-1", "fen": money.collateral_fen, "secures": ["L0001"]},
    ]
    common = {"law_date": case.LAW_DATE.isoformat(), "claims": "claims.csv", "pools": pools}
    plans = {}
    for variant in VARIANTS:
        path = folder / f"plan-{variant.id}.json"
        content = {**common, **variant.terms, "instalments": 3}
        text = json.dumps(content, ensure_ascii=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8")
        plans[variant.id] = path
    return plans


def settled_by_hand(decisions: Path, claims: Path) -> list[Row]:
    """What the reviewer decides of the doubtful claims, by a rule stated here.

    A claim with a balance behind it is kept and reserved until the person is proven; a
    claim of whom the books know nothing is not confirmed. Nothing is struck off for a
    missing identity step.
    """
    claimed = {row["claim_id"]: int(row["claimed_fen"]) for row in _rows(claims)}
    return [
        {
            "claim_id": row["claim_id"],
            "fen": min(claimed[row["claim_id"]], int(row["ledger_fen"])),
            "state": "provisional" if int(row["ledger_fen"]) else "rejected",
            "reasons": row["reasons"],
        }
        for row in _rows(decisions)
        if row["decision"] == "manual"
    ]


def write_register(
    folder: Path, *, decisions: Path, claims: Path, manual: list[Row], others: list[Row]
) -> int:
    """claims.csv for the plans: admitted consumers, reserved ones, all other creditors."""
    names = {row["claim_id"]: row["name"] for row in _rows(claims)}
    admitted = [
        (row["claim_id"], "consumer", int(row["admitted_fen"]), "confirmed")
        for row in _rows(decisions)
        if row["decision"] in ("admit", "reduce")
    ]
    reserved = [
        (str(row["claim_id"]), "consumer", int(row["fen"]), "provisional")
        for row in manual
        if row["state"] == "provisional" and int(row["fen"]) > 0
    ]
    consumers = [(*row, names[row[0]]) for row in (*admitted, *reserved)]
    rest = [
        (row["claim_id"], row["class"], row["fen"], "confirmed", row["name"])
        for row in others
    ]
    rows = sorted([*consumers, *rest], key=lambda row: str(row[0]))
    with (folder / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("claim_id", "class", "fen", "state", "name"))
        writer.writerows(rows)
    return len(rows)


def write_rows(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, list(rows[0]) if rows else ["claim_id"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of one of our own CSV files."""
    return _rows(path)

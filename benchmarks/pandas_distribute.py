"""Distribution in pandas, as an administrator's analyst would write it: the yardstick.

    python benchmarks/pandas_distribute.py PLAN.json OUT

Written from CONTRACTS alone and sharing no code with the package, so that it is also
a third opinion on the answers. The plan is taken to be correct.
"""

import json
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

UPPER = ["expense", "common_benefit", "employee", "social_tax"]
LOWER = ["punitive", "admin_fine", "criminal_fine"]
SAFE_PRODUCT = 2**62
COLUMNS = [
    "claim_id",
    "class",
    "fen",
    "baseline_fen",
    "paid_fen",
    "reserved_fen",
    "unpaid_fen",
]


@dataclass
class Register:
    """Claims in register order: `fen` owed, `got` so far, `standing` in the order."""

    class_: np.ndarray
    standing: np.ndarray
    fen: np.ndarray
    got: np.ndarray

    @property
    def owed(self) -> np.ndarray:
        return self.fen - self.got

    def pay(self, pot: int, members: np.ndarray, due: np.ndarray | None = None) -> int:
        """Pay the members what is due (all they are owed), pro rata if short."""
        due = np.where(members, self.owed if due is None else due, 0)
        total = int(due.sum())
        if total <= pot:
            self.got += due
            return total
        self.got += largest_remainder(pot, due, total)
        return pot

    def pay_in_order(self, pot: int, ranks: list[list[str]]) -> int:
        """Pay standings rank by rank; what is left."""
        for rank in ranks:
            pot -= self.pay(pot, np.isin(self.standing, rank))
        return pot


def largest_remainder(pot: int, weights: np.ndarray, total: int) -> np.ndarray:
    """Split `pot` by `weights`; the fen left over go to the largest remainders."""
    if pot == 0:
        return np.zeros(len(weights), dtype="int64")
    if pot * int(weights.max()) > SAFE_PRODUCT:
        weights = weights.astype(object)
    products = pot * weights
    floors, remainders = (products // total).astype("int64"), products % total
    left_over = pot - int(floors.sum())
    floors[np.argsort(-remainders, kind="stable")[:left_over]] += 1
    return floors


def distribute(plan_path: Path, out: Path) -> None:
    """Write payments.csv."""
    plan = json.loads(plan_path.read_text(encoding="utf-8"))
    claims = read_claims(plan_path.parent / plan["claims"])
    fen = claims["fen"].to_numpy()
    classes = claims["class"].to_numpy(dtype=object)
    register = Register(classes, classes.copy(), fen, np.zeros(len(fen), dtype="int64"))
    general = pay_liens(register, claims, plan)
    after_liens = register.got.copy()

    earmarked = [pool for pool in plan["pools"] if pool.get("first_to")]
    third = ["consumer", "ordinary"]
    order = [[name] for name in UPPER] + [third] + [[name] for name in LOWER]
    register.pay_in_order(general + sum(pool["fen"] for pool in earmarked), order)
    claims["baseline_fen"] = register.got

    register.got = after_liens
    for pool in earmarked:
        general += pool["fen"] - pay_earmarked(register, pool)
    general = register.pay_in_order(general, [[name] for name in UPPER])
    if plan.get("overlay"):
        general = pay_third_rank(register, general, plan)
    else:
        general = register.pay_in_order(general, [third])
    register.pay_in_order(general, [[name] for name in LOWER])

    is_reserved = claims["state"].eq("provisional").to_numpy()
    claims["paid_fen"] = np.where(is_reserved, 0, register.got)
    claims["reserved_fen"] = np.where(is_reserved, register.got, 0)
    claims["unpaid_fen"] = register.owed
    claims["parts"] = parts(claims, plan)
    out.mkdir(parents=True, exist_ok=True)
    claims[[*COLUMNS, "parts"]].to_csv(
        out / "payments.csv", index=False, lineterminator="\n"
    )


def read_claims(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        claims = pd.read_parquet(path)
    else:
        claims = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    claims["fen"] = claims["fen"].astype("int64")
    if "state" not in claims:
        claims["state"] = "confirmed"
    assert claims["claim_id"].is_unique
    assert (claims["fen"] > 0).all()
    return claims.sort_values("claim_id", ignore_index=True)


def pay_liens(register: Register, claims: pd.DataFrame, plan: dict[str, Any]) -> int:
    """Pay secured claims from their pools; shortfalls become ordinary; what is left."""
    is_secured = register.class_ == "secured"
    general = 0
    for pool in plan["pools"]:
        if pool.get("first_to"):
            continue
        members = claims["claim_id"].isin(pool.get("secures") or []).to_numpy()
        is_secured |= members
        general += pool["fen"] - register.pay(pool["fen"], members)
    register.standing[is_secured] = "ordinary"
    return general


def pay_earmarked(register: Register, pool: dict[str, Any]) -> int:
    """Pay an earmarked pool to the classes it names."""
    members = np.isin(register.class_, pool["first_to"])
    if "ordinary" in pool["first_to"]:
        members |= register.standing == "ordinary"
    return register.pay(pool["fen"], members)


def pay_third_rank(register: Register, pot: int, plan: dict[str, Any]) -> int:
    """Consumers by the overlay and the terms for small claims, then the others."""
    money, due = consumers_share(register, pot, plan["overlay"].get("consumer"))
    spent = pay_consumers(register, money, due, plan.get("small_claims") or {})
    return register.pay_in_order(pot - spent, [["ordinary"], ["consumer"]])


def consumers_share(
    register: Register, pot: int, how: str | dict[str, str] | None
) -> tuple[int, np.ndarray | None]:
    """(the consumers' money, what each is to get where the plan sets a rate)."""
    is_consumer = register.standing == "consumer"
    owed = int(register.owed[is_consumer].sum())
    if how == "before_ordinary":
        return min(pot, owed), None
    if isinstance(how, dict):
        rate = Fraction(how["rate"])
        target = register.fen.astype(object) * rate.numerator // rate.denominator
        due = np.maximum(target.astype("int64") - register.got, 0)
        money = int(due[is_consumer].sum())
        assert money <= pot, "the money does not suffice for the rate"
        return money, due
    third = np.isin(register.standing, ["consumer", "ordinary"])
    before = register.got.copy()
    register.pay(pot, third)
    money = int((register.got - before)[is_consumer].sum())
    register.got = before
    return money, None


def pay_consumers(
    register: Register, money: int, due: np.ndarray | None, small: dict[str, Any]
) -> int:
    """Divide the consumers' money; what was paid."""
    is_consumer = register.standing == "consumer"
    mode, ceiling = small.get("mode", "none"), small.get("ceiling_fen", 50_000)
    if mode == "flat":
        is_small = is_consumer & (register.fen <= ceiling)
        assert int(register.owed[is_small].sum()) <= money, "too little for a flat payment"
        spent = register.pay(money, is_small)
        return spent + register.pay(money - spent, is_consumer & ~is_small)
    if mode == "tiered":
        first = np.maximum(np.minimum(register.fen, ceiling) - register.got, 0)
        spent = register.pay(money, is_consumer, first)
        return spent + register.pay(money - spent, is_consumer)
    return register.pay(money, is_consumer, due)


def parts(claims: pd.DataFrame, plan: dict[str, Any]) -> pd.Series:
    """Instalments of consumers over the ceiling; one part for everyone else."""
    count = plan.get("instalments", 1)
    ceiling = (plan.get("small_claims") or {}).get("ceiling_fen", 50_000)
    whole = claims["paid_fen"].astype(str)
    is_cut = (claims["class"] == "consumer") & (claims["fen"] > ceiling)
    equal = claims["paid_fen"] // count
    last = (claims["paid_fen"] - equal * (count - 1)).astype(str)
    cut = (equal.astype(str) + ";").str.repeat(count - 1) + last
    return whole.where(~is_cut, cut)


if __name__ == "__main__":
    distribute(Path(sys.argv[1]), Path(sys.argv[2]))

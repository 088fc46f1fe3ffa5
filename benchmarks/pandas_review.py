"""Review in pandas, as an administrator's analyst would write it: the yardstick.

    python benchmarks/pandas_review.py LEDGER CLAIMS DATE OUT [--holders H]
        [--tolerance-fen N] [--unchecked]

Written from CONTRACTS alone and sharing no code with the package, so that it is also
a third opinion on the answers. `--unchecked` trusts the ids to be unique.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

EVENT_COLUMNS = ["holder_id", "at", "kind", "fen"]
KINDS = ["top_up", "bonus", "consume", "refund"]
COLUMNS = ["claim_id", "holder_id", "decision", "admitted_fen", "ledger_fen"]
COLUMNS += ["reasons", "rules"]
SHARED_BY_MORE_THAN = 3
SAFE_PRODUCT = 2**62

RULES = {
    "AFTER_ACCEPTANCE": "cn.ebl.46.2",
    "CLAIMED_LESS": "policy.review.claimed_less",
    "CLAIMED_MORE": "cn.pre.18.1.2",
    "IDENTITY_MISMATCH": "policy.review.identity",
    "MATCH": "cn.pre.18.1.2",
    "NOTHING_OWED": "cn.pre.18.1.2",
    "NO_LEDGER": "cn.pre.25",
    "SHARED_PAYOUT_ACCOUNT": "policy.review.shared_account",
    "SUPERSEDED": "policy.review.superseded",
}


def read(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """A Parquet file, or a CSV file as text."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path, columns=columns)
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig", usecols=columns)


def instants(column: pd.Series) -> pd.Series:
    """Times with their offset, +08:00 where there is none."""
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return column
    has_offset = column.str.contains(r"(?:Z|[+-]\d\d:\d\d)$", regex=True)
    full = column.where(column.str.len() > 10, column + "T00:00:00")
    return pd.to_datetime(
        full.where(has_offset, full + "+08:00"), utc=True, format="ISO8601"
    )


def balances(ledger: pd.DataFrame, cutoff: pd.Timestamp) -> pd.DataFrame:
    """One row a holder: ledger_fen, and whether anything happened after acceptance."""
    is_before = ledger["at"] < cutoff
    sums = (
        ledger[is_before]
        .groupby(["holder_id", "kind"], observed=True)["fen"]
        .sum()
        .unstack(fill_value=0)
        .reindex(columns=KINDS, fill_value=0)
    )
    late = ledger.loc[~is_before, "holder_id"].unique()
    sums = sums.reindex(sums.index.union(late), fill_value=0)
    sums["is_late"] = sums.index.isin(late)
    sums["ledger_fen"] = owed(sums)
    return sums[["ledger_fen", "is_late"]]


def owed(sums: pd.DataFrame) -> np.ndarray:
    """max(0, round_half_up(paid - used * paid / given) - refunded), exactly."""
    paid, given = sums["top_up"].to_numpy(), (sums["top_up"] + sums["bonus"]).to_numpy()
    used, back = sums["consume"].to_numpy(), sums["refund"].to_numpy()
    left = np.maximum(given - used, 0)
    if int(paid.max(initial=0)) * int(left.max(initial=0)) * 2 > SAFE_PRODUCT:
        paid, left, given = paid.astype(object), left.astype(object), given.astype(object)
    rounded = (2 * paid * left + given) // (2 * np.maximum(given, 1))
    rounded = np.where(left > 0, rounded, 0)
    return np.maximum(rounded - back, 0).astype("int64")


def facts(
    claims: pd.DataFrame, held: pd.DataFrame, holders: pd.DataFrame | None
) -> pd.DataFrame:
    """Claims beside what is known of their holders."""
    claims = claims.sort_values("claim_id", ignore_index=True)
    newest = claims.sort_values(["filed_at", "claim_id"]).drop_duplicates(
        "holder_id", keep="last"
    )
    claims["is_live"] = claims.index.isin(newest.index)
    claims = claims.merge(held, how="left", left_on="holder_id", right_index=True)
    claims["has_ledger"] = claims["ledger_fen"].notna()
    claims["is_late"] = claims["is_late"].eq(True) & claims["is_live"]
    claims["ledger_fen"] = claims["ledger_fen"].astype("Int64").fillna(0).astype("int64")
    claims["is_other"] = is_other_person(claims, holders)
    claims["is_shared"] = is_shared(claims)
    return claims


def is_other_person(claims: pd.DataFrame, holders: pd.DataFrame | None) -> pd.Series | bool:
    if holders is None or "id_no" not in holders or "id_no" not in claims:
        return False
    known = claims["holder_id"].map(holders.set_index("holder_id")["id_no"])
    filed = claims["id_no"]
    differs = filed.str.strip().str.upper() != known.str.strip().str.upper()
    return filed.notna() & known.notna() & differs


def is_shared(claims: pd.DataFrame) -> pd.Series | bool:
    if "payout_account" not in claims:
        return False
    accounts = claims["payout_account"].where(claims["is_live"])
    counts = accounts.value_counts()
    return accounts.isin(counts.index[counts > SHARED_BY_MORE_THAN])


def decide(claims: pd.DataFrame, tolerance: int) -> pd.DataFrame:
    """The contract's table: first row that applies."""
    claimed, ledger = claims["claimed_fen"], claims["ledger_fen"]
    manual = {
        "IDENTITY_MISMATCH": claims["is_other"],
        "NO_LEDGER": ~claims["has_ledger"],
        "SHARED_PAYOUT_ACCOUNT": claims["is_shared"],
    }
    tests = [
        ~claims["is_live"],
        manual["IDENTITY_MISMATCH"] | manual["NO_LEDGER"] | manual["SHARED_PAYOUT_ACCOUNT"],
        ledger == 0,
        claimed > ledger + tolerance,
        claimed < ledger - tolerance,
    ]
    codes = ["SUPERSEDED", "", "NOTHING_OWED", "CLAIMED_MORE", "CLAIMED_LESS"]
    claims["decision"] = np.select(
        tests, ["reject", "manual", "reject", "reduce", "admit"], "admit"
    )
    smaller = np.minimum(claimed, ledger)
    claims["admitted_fen"] = np.select(tests, [0, 0, 0, ledger, claimed], smaller)
    single = np.select(tests, codes, "MATCH")
    is_manual = claims["decision"] == "manual"
    applies = {code: is_manual & flag for code, flag in manual.items()}
    applies["AFTER_ACCEPTANCE"] = claims["is_late"]
    applies |= {code: single == code for code in [*codes, "MATCH"] if code}
    claims["reasons"] = joined(applies)
    by_rule: dict[str, np.ndarray] = {}
    for code, flag in applies.items():
        by_rule[RULES[code]] = by_rule.get(RULES[code], False) | np.asarray(flag)
    claims["rules"] = joined(by_rule)
    return claims


def joined(applies: dict[str, np.ndarray]) -> pd.Series:
    """Names of all flags that are set, sorted, joined by `;`."""
    text = pd.Series("", index=range(len(next(iter(applies.values())))), dtype=object)
    for name in sorted(applies):
        text += np.where(applies[name], f";{name}", "")
    return text.str[1:]


@dataclass
class Input:
    """The tables as read."""

    ledger: pd.DataFrame
    claims: pd.DataFrame
    holders: pd.DataFrame | None

    def check(self) -> None:
        """What the contract asks of the input."""
        assert self.ledger["event_id"].is_unique
        assert self.claims["claim_id"].is_unique
        assert self.holders is None or self.holders["holder_id"].is_unique
        assert self.ledger["kind"].isin(KINDS).all()
        assert (self.ledger["fen"] >= 0).all()
        assert (self.claims["claimed_fen"] > 0).all()


def load(ledger: Path, claims: Path, holders: Path | None, *, is_checked: bool) -> Input:
    """Read what is needed; `event_id` only to check it."""
    columns = ["event_id", *EVENT_COLUMNS] if is_checked else EVENT_COLUMNS
    tables = Input(
        read(ledger, columns), read(claims), None if holders is None else read(holders)
    )
    tables.ledger["at"] = instants(tables.ledger["at"])
    tables.ledger["fen"] = tables.ledger["fen"].astype("int64")
    tables.claims["filed_at"] = instants(tables.claims["filed_at"])
    tables.claims["claimed_fen"] = tables.claims["claimed_fen"].astype("int64")
    if is_checked:
        tables.check()
    return tables


def review(tables: Input, accepted_on: str, out: Path, *, tolerance: int = 0) -> None:
    """Write decisions.csv and unfiled.csv."""
    held = balances(tables.ledger, pd.Timestamp(accepted_on, tz="Asia/Shanghai"))
    decided = decide(facts(tables.claims, held, tables.holders), tolerance)
    is_silent = (held["ledger_fen"] > 0) & ~held.index.isin(tables.claims["holder_id"])
    unfiled = held.loc[is_silent, ["ledger_fen"]].sort_index()

    out.mkdir(parents=True, exist_ok=True)
    decided[COLUMNS].to_csv(out / "decisions.csv", index=False, lineterminator="\n")
    unfiled.to_csv(out / "unfiled.csv", index_label="holder_id", lineterminator="\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("ledger", type=Path)
    parser.add_argument("claims", type=Path)
    parser.add_argument("accepted_on")
    parser.add_argument("out", type=Path)
    parser.add_argument("--holders", type=Path)
    parser.add_argument("--tolerance-fen", type=int, default=0)
    parser.add_argument("--unchecked", action="store_true")
    given = parser.parse_args()
    tables = load(given.ledger, given.claims, given.holders, is_checked=not given.unchecked)
    review(tables, given.accepted_on, given.out, tolerance=given.tolerance_fen)


if __name__ == "__main__":
    main()

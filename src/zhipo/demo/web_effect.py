"""What the running case has come to, read from its database; amounts in fen."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db.models import Q, Sum

from zhipo.accounts.models import Session
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.queries.desk import Figures, figures
from zhipo.claims.queries.register import RESERVED
from zhipo.claims.states import LIVE, PREFILLED, ClaimKind, FiledThrough
from zhipo.demo.plans import Row, cost_claims, money_of, rows_of, write_plans, write_rows
from zhipo.demo.web_case import id_in_files, is_on_web
from zhipo.engine.distribute.run import distribute
from zhipo.kernel.faults import Refused
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision

MUST_SAY = {
    "inflated": "CLAIMED_MORE",
    "deflated": "CLAIMED_LESS",
    "identity": "IDENTITY_MISMATCH",
    "shared": "SHARED_PAYOUT_ACCOUNT",
    "refunded": "NO_LEDGER",
    "unknown": "NO_LEDGER",
}
"""Planted wrong -> the reason for which a person must get the claim to see."""

CLASS_OF = {
    ClaimKind.CONSUMER: "consumer",
    ClaimKind.SUPPLIER: "ordinary",
    ClaimKind.PLATFORM: "ordinary",
    ClaimKind.BANK: "ordinary",
    ClaimKind.SECURED: "secured",
    ClaimKind.EMPLOYEE: "employee",
    ClaimKind.SOCIAL_TAX: "social_tax",
}
RATED = ("statutory", "before_ordinary", "rate_31")


@dataclass
class WebEffect:
    """The effect table's contents; `people` are the consumers whom the books name."""

    people: int
    people_filed: int
    filed: int
    by_http: int
    by_itself: int
    silent_fen: int
    figures: Figures
    planted: dict[str, dict[str, int]]
    admitted_wrongly_fen: int
    rates: dict[str, dict[str, Any]] = field(default_factory=dict)


def effect_of(case: Case, *, out: Path) -> WebEffect:
    """Read it all, and divide the money over the register as it stands now."""
    consumers = Claim.objects.filter(case=case, kind=ClaimKind.CONSUMER)
    filed = consumers.filter(state__in=LIVE)
    known = consumers.exclude(ledger_fen=None)
    silent = known.filter(state=PREFILLED).aggregate(fen=Sum("claimed_fen", default=0))
    by_itself = filed.filter(is_decided_by_person=False).exclude(
        decision__in=["", Decision.MANUAL]
    )
    return WebEffect(
        people=known.exclude(state=ClaimState.WITHDRAWN).count(),
        people_filed=filed.exclude(ledger_fen=None).count(),
        filed=filed.count(),
        by_http=filed.filter(creditor__in=Session.objects.values("user")).count(),
        by_itself=by_itself.count(),
        silent_fen=silent["fen"],
        figures=figures(case),
        planted=planted_and_found(case, out / "case"),
        admitted_wrongly_fen=admitted_wrongly(case, out / "case"),
        rates=_rates(case, out),
    )


def planted_and_found(case: Case, folder: Path) -> dict[str, dict[str, int]]:
    """Wrong -> how many were planted, how many review has stopped with the right reason.

    A second filing is stopped where one claim stands for the account.
    """
    claims = _claims_by_key(case)
    found: dict[str, dict[str, int]] = {}
    for row in rows_of(folder / "truth.csv"):
        line = found.setdefault(row["wrong"], {"planted": 0, "found": 0})
        line["planted"] += 1
        standing = claims.get(row["holder_id"], []) + claims.get(row["claim_id"], [])
        line["found"] += len(standing) == 1 and _is_stopped(row["wrong"], standing[0])
    return found


def admitted_wrongly(case: Case, folder: Path) -> int:
    """Fen admitted by rule above what the holder is truly owed."""
    truth = {
        row["holder_id"]: int(row["fen"]) for row in rows_of(folder / "truth_balances.csv")
    }
    rows = Claim.objects.filter(
        case=case, kind=ClaimKind.CONSUMER, state__in=LIVE, admitted_fen__gt=0,
        is_decided_by_person=False,
    ).values_list("holder__holder_id", "admitted_fen")  # fmt: skip
    admitted: dict[str | None, int] = {}
    for holder, fen in rows.iterator(chunk_size=10_000):
        admitted[holder] = admitted.get(holder, 0) + (fen or 0)
    return sum(max(0, fen - truth.get(holder or "", 0)) for holder, fen in admitted.items())


def _claims_by_key(case: Case) -> dict[str, list[Claim]]:
    """Live claims by the account, or by the key of the form, that they stand for."""
    rows = Claim.objects.filter(case=case, kind=ClaimKind.CONSUMER, state__in=LIVE)
    found: dict[str, list[Claim]] = {}
    for claim in rows.select_related("holder").iterator(chunk_size=5_000):
        key = claim.holder.holder_id if claim.holder is not None else claim.form_key
        found.setdefault(key, []).append(claim)
    return found


def _is_stopped(wrong: str, claim: Claim) -> bool:
    if wrong == "double":
        return True
    is_with_people = claim.decision == Decision.MANUAL or claim.is_decided_by_person
    return is_with_people and MUST_SAY[wrong] in claim.reasons


def _rates(case: Case, out: Path) -> dict[str, dict[str, Any]]:
    """Variant -> the summary of dividing over the register; what is refused is left out."""
    folder = out / "web"
    folder.mkdir(exist_ok=True)
    consumers = Claim.objects.filter(
        case=case, kind=ClaimKind.CONSUMER, ledger_fen__isnull=False
    ).count()
    money = money_of(consumers)
    rows = [*_registered(case), *_only_in_files(out / "case"), *cost_claims(money)]
    register: list[Row] = [
        {name: row.get(name, "confirmed") for name in ("claim_id", "class", "fen", "state")}
        for row in sorted(rows, key=lambda row: str(row["claim_id"]))
    ]
    write_rows(folder / "claims.csv", register)
    plans = write_plans(folder, consumers=consumers, money=money)
    found = {}
    for name in RATED:
        try:
            found[name] = distribute(plans[name], folder / name)
        except Refused:
            continue
    return found


def _registered(case: Case) -> Iterator[Row]:
    """The register as the plans want it: admitted sums, and what is reserved."""
    standing = Q(admitted_fen__gt=0) | RESERVED
    rows = Claim.objects.filter(standing, case=case, state__in=LIVE)
    for claim in rows.iterator(chunk_size=5_000):
        yield _row(claim)


def _row(claim: Claim) -> Row:
    is_listed = claim.filed_through == FiledThrough.LISTED
    is_open = claim.decision in ("", Decision.MANUAL) and not is_listed
    return {
        "claim_id": id_in_files(claim),
        "class": CLASS_OF[ClaimKind(claim.kind)],
        "fen": claim.claimed_fen if is_open else claim.admitted_fen or 0,
        "state": "provisional" if is_open else "confirmed",
    }


def _only_in_files(folder: Path) -> Iterator[Row]:
    """Creditors of a kind that is not on the web yet."""
    for row in rows_of(folder / "other_claims.csv"):
        if not is_on_web(row["claim_id"]):
            yield {**row, "fen": int(row["fen"])}

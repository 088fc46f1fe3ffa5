"""Who may search and judge avoidable acts, when, and what an entry must say."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from zhipo.accounts.roles import Role
from zhipo.cases import powers as case_powers
from zhipo.cases.models import Case
from zhipo.enforcement.finding_states import CandidateState, DealingKind
from zhipo.enforcement.models import Candidate, Debtor
from zhipo.enforcement.policies.clues import check_told
from zhipo.enforcement.powers import Act, check_power, open_acts
from zhipo.enforcement.queries.debtors import chain_of, roles_at
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import Evidence, Stage
from zhipo.law.estate.avoidance import Shield
from zhipo.web.refusals import NotInState

D = DealingKind
AFTERWARDS: dict[Act, case_powers.Act] = {
    Act.FIND_AVOIDABLE: case_powers.Act.FIND_AVOIDABLE,
    Act.JUDGE_AVOIDABLE: case_powers.Act.JUDGE_AVOIDABLE,
}
"""The bureau's act -> the administrator's from acceptance on (《企业破产法》第三十一条)."""

NEEDS: dict[DealingKind, tuple[str, ...]] = {
    D.RELATED: (),
    D.DEBT: ("due_on",),
    D.GIFT: (),
    D.PRICE: ("done_on", "price_fen", "fair_fen"),
    D.SECURITY: ("done_on", "debt_on", "fen"),
    D.WAIVER: ("done_on", "fen"),
    D.HIDING: ("done_on", "fen"),
    D.FABRICATED: ("done_on", "fen"),
}
"""What an entry of each kind cannot do without."""

OF_BOOKINGS = frozenset({D.DEBT, D.GIFT})
"""Kinds that may speak of one booking alone."""


@dataclass(frozen=True)
class DealingGiven:
    """What a person enters of a dealing; sums in fen, fields that do not apply empty."""

    kind: DealingKind
    counterparty: str
    evidence: Evidence
    grounds: str
    done_on: date | None = None
    due_on: date | None = None
    debt_on: date | None = None
    fen: int | None = None
    price_fen: int | None = None
    fair_fen: int | None = None
    security_fen: int = 0
    reference: str = ""
    shields: frozenset[Shield] = field(default_factory=frozenset)
    is_collusive: bool = False


@dataclass(frozen=True)
class Verdict:
    """What becomes of a candidate, why, and for how much it was settled (fen)."""

    state: CandidateState
    reason: str
    settled_fen: int | None = None


def accepted_case(debtor: Debtor) -> Case | None:
    """The bankruptcy of a debtor whose petition was accepted; None before."""
    if debtor.stage != Stage.ACCEPTED:
        return None
    accepted = Q(referral__debtor=debtor, referral__state=ReferralState.ACCEPTED) | Q(
        petition__debtor=debtor, petition__dismissed_on=None
    )
    return Case.objects.filter(accepted).order_by("-accepted_on", "-pk").first()


def check_may(debtor: Debtor, act: Act, by: Any) -> tuple[Role, str]:
    """The role in which `by` may do it now, and the chain that records it.

    Until acceptance the bureau's, from then on the administrator's. Raises NotAllowed,
    NotInState.
    """
    case = accepted_case(debtor)
    if case is None or roles_at(by, debtor):
        return check_power(debtor, act, by), chain_of(debtor)
    return case_powers.check_power(case, AFTERWARDS[act], by), case.number


def may(debtor: Debtor, by: Any) -> dict[str, bool]:
    """Both acts by name, and whether `by` may do them now: for buttons."""
    case = accepted_case(debtor)
    if case is None or roles_at(by, debtor):
        found = open_acts(debtor, by)
        return {act.value: found[act] for act in AFTERWARDS}
    later = case_powers.open_acts(case, by)
    return {act.value: later[name] for act, name in AFTERWARDS.items()}


def check_dealing(given: DealingGiven, *, today: date) -> None:
    """Raise NotInState for an entry that does not say what its kind needs."""
    check_told(given.counterparty)
    check_told(given.grounds)
    needed = NEEDS[given.kind]
    if given.kind == D.GIFT and given.fen is not None:
        needed = ("done_on",)
    if given.kind == D.DEBT and Shield.OWN_SECURITY in given.shields:
        needed = (*needed, "fen")
    missing = [name for name in needed if getattr(given, name) is None]
    if missing:
        raise NotInState(f"enforcement.refused.dealing.{missing[0]}")
    _check_days(given, today)
    if given.kind == D.PRICE and given.price_fen == given.fair_fen:
        raise NotInState("enforcement.refused.dealing.same_price")
    if given.reference and given.kind not in OF_BOOKINGS:
        raise NotInState("enforcement.refused.dealing.reference")


def check_verdict(candidate: Candidate, verdict: Verdict, *, is_accepted: bool) -> None:
    """A candidate that a search still lists, with a reason; settled only by acceptance.

    What the estate gives up is the administrator's to settle (《企业破产法》第二十五条,
    第六十九条), so not before there is one.
    """
    if candidate.state == CandidateState.OUTDATED:
        raise NotInState("enforcement.refused.candidate_outdated")
    check_told(verdict.reason)
    is_settled = verdict.state == CandidateState.SETTLED
    if is_settled and not is_accepted:
        raise NotInState("enforcement.refused.settled_too_early")
    if is_settled != (verdict.settled_fen is not None):
        raise NotInState("enforcement.refused.settled_sum")
    if verdict.settled_fen is not None and verdict.settled_fen > candidate.fen:
        raise NotInState("enforcement.refused.settled_more")


def _check_days(given: DealingGiven, today: date) -> None:
    past = [day for day in (given.done_on, given.debt_on) if day is not None]
    if any(day > today for day in past):
        raise NotInState("enforcement.refused.dealing.future")
    is_older = given.debt_on is None or given.done_on is None
    if not is_older and not given.debt_on < given.done_on:  # type: ignore[operator]
        raise NotInState("enforcement.refused.dealing.not_earlier")

"""How far a freeze may go: period, sum, whose, what is exempt, not twice, not too much."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Sum

from zhipo.enforcement.models import EnforcementCase, Freeze, Property
from zhipo.enforcement.policies.inquiring import check_on_the_wire
from zhipo.enforcement.states import HOLDS, EnforcementState, FreezeState, Title
from zhipo.gateways.institutions.messages import THINGS, ObjectKind
from zhipo.gateways.institutions.periods import LIMIT_OF, longest_freeze
from zhipo.kernel.money import yuan_text
from zhipo.law.enforcement.freezes import Kind, over_seized_fen
from zhipo.law.enforcement.measures import (
    Exempt,
    Taking,
    faults_of_measure,
    is_exempt,
)
from zhipo.law.triage.cause import Entity
from zhipo.web.refusals import NotInState
from zhipo.web.words import say

STANDS = HOLDS | {FreezeState.ORDERED}
PERSONS = frozenset({Entity.NATURAL_PERSON, Entity.SOLE_TRADER, Entity.RURAL_HOUSEHOLD})
OTHERS = frozenset({Title.THIRD_PARTYS, Title.CUSTODY})
"""By what was found out the thing is not the debtor's: frozen only for a stated reason."""


@dataclass(frozen=True)
class FreezeWanted:
    """What is to be frozen; `limit_fen` None for a thing, `reason` where one is due."""

    property_id: int
    limit_fen: int | None
    until: date
    reason: str = ""


@dataclass(frozen=True)
class Seizure:
    """What a court holds of a debtor's against what its cases there are owed, in fen."""

    held_fen: int
    owed_fen: int
    costs_fen: int

    def over_with(self, more_fen: int, *, is_divisible: bool) -> int:
        """What would be held above debt and costs with so much more (FRZ art. 19)."""
        return over_seized_fen(
            frozen_fen=self.held_fen + more_fen,
            debt_fen=self.owed_fen,
            cost_fen=self.costs_fen,
            is_divisible=is_divisible,
        )


def check_can_freeze(
    case: EnforcementCase, thing: Property, wanted: FreezeWanted, *, today: date
) -> Kind:
    """The law's kind of the freeze. Raises NotInState with what stands against it."""
    kind = check_on_the_wire(thing)
    _check_not_exempt(case, thing)
    check_until(kind, wanted.until, today=today)
    _check_sum(case, kind, wanted)
    _check_not_frozen_yet(case, thing)
    if not wanted.reason:
        _check_title(thing)
        _check_not_too_much(case, thing, kind, wanted)
    return LIMIT_OF[kind]


def check_until(kind: ObjectKind, until: date, *, today: date) -> None:
    """A last day from today to the law's longest (CPLI 485). Raises NotInState."""
    longest = longest_freeze(kind, frozen_on=today)
    if not today <= until <= longest:
        word = say(f"enforcement.kind.{LIMIT_OF[kind]}")
        raise NotInState("enforcement.refused.period", longest=longest, kind=word)


def owed_fen(case: EnforcementCase) -> int:
    """What one case may still reach for: unpaid sum and costs, in fen."""
    return case.amount_fen - case.paid_fen + case.costs_fen


def seizure_of(court_id: int, debtor_id: int) -> Seizure:
    """All of one court's freezes of a debtor's money against all of its open cases."""
    cases = EnforcementCase.objects.filter(court=court_id, debtor=debtor_id).exclude(
        state=EnforcementState.CLOSED
    )
    unpaid = F("amount_fen") - F("paid_fen")
    sums = cases.aggregate(owed=Sum(unpaid), costs=Sum("costs_fen"))
    freezes = Freeze.objects.filter(
        case__court=court_id, target__debtor=debtor_id, state__in=STANDS
    ).select_related("target")
    held = sum(_held_fen(one) for one in freezes)
    return Seizure(held, sums["owed"] or 0, sums["costs"] or 0)


def _held_fen(freeze: Freeze) -> int:
    """What a freeze holds; before the answer what it can be expected to hold."""
    if freeze.state == FreezeState.ORDERED:
        return expected_fen(freeze.target, freeze.limit_fen)
    return freeze.frozen_fen


def expected_fen(thing: Property, limit_fen: int | None) -> int:
    """What a freeze up to a limit will find there, as far as is known."""
    if limit_fen is None:
        return 0
    return limit_fen if thing.available_fen is None else min(limit_fen, thing.available_fen)


def _check_not_exempt(case: EnforcementCase, thing: Property) -> None:
    item = Exempt(thing.exempt_as) if thing.exempt_as else None
    if is_exempt(item=item, is_natural_person=Entity(case.debtor.entity) in PERSONS):
        word = say(f"enforcement.exempt.{item}")
        raise NotInState("enforcement.refused.exempt", item=word, cite=_cite(is_exempt))


def _check_sum(case: EnforcementCase, kind: ObjectKind, wanted: FreezeWanted) -> None:
    """Money has a limit within what the case is owed (CPL 253), a thing has none."""
    if (wanted.limit_fen is None) != (kind in THINGS):
        raise NotInState("enforcement.refused.limit_or_thing")
    if wanted.limit_fen is not None:
        check_within_debt(case, Taking.FREEZE, wanted.limit_fen)


def check_within_debt(case: EnforcementCase, taking: Taking, fen: int) -> None:
    """Nothing is taken beyond what the case is owed (CPL 253). Raises NotInState."""
    faults = faults_of_measure(
        taking=taking,
        taken_fen=fen,
        owed_fen=owed_fen(case),
        has_ruling=True,
        has_assistance_notice=True,
    )
    if faults or fen <= 0:
        raise NotInState(
            "enforcement.refused.more_than_owed",
            owed=yuan_text(owed_fen(case)),
            cite=_cite(faults_of_measure),
        )


def _check_not_frozen_yet(case: EnforcementCase, thing: Property) -> None:
    if thing.freezes.filter(case=case, state__in=STANDS).exists():
        raise NotInState("enforcement.refused.frozen_already", number=case.number)


def _check_title(thing: Property) -> None:
    if thing.title in OTHERS:
        word = say(f"enforcement.title.{thing.title}")
        raise NotInState("enforcement.refused.not_debtors", title=word)


def _check_not_too_much(
    case: EnforcementCase, thing: Property, kind: ObjectKind, wanted: FreezeWanted
) -> None:
    found = seizure_of(case.court_id, case.debtor_id)
    more = expected_fen(thing, wanted.limit_fen)
    over = found.over_with(more, is_divisible=kind not in THINGS)
    if over > 0 and more > 0:
        raise NotInState(
            "enforcement.refused.over_seized",
            over=yuan_text(over),
            cite=_cite(over_seized_fen),
        )


def _cite(function: Any) -> str:
    return str(function.rule.cite)

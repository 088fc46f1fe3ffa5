"""The whole of an identification: answers, points, both roads' money, and a proposal.

The proposal is what the rules say of the facts as they stand. A judge concludes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhipo.enforcement.identification.facts import FactKey, Values
from zhipo.enforcement.identification.findings import (
    Answer,
    Finding,
    Question,
    Told,
    facts_of,
    findings,
    plain,
    size_class,
    told,
)
from zhipo.enforcement.identification.points import Points, points
from zhipo.enforcement.identification.recovery import SUMS, Recovery, Scenario, recovery
from zhipo.enforcement.identification.standing import Asset, Creditor
from zhipo.kernel.trace import Traced, traced
from zhipo.law.deadlines.table import deadline_of
from zhipo.law.triage.cause import Entity
from zhipo.law.triage.road import Road, Triage, triage

K = FactKey
FAST_ROADS = frozenset({Road.REFER_LIQUIDATION, Road.REFER_SETTLEMENT})
"""What the opinions on fast handling speak of (TRI-13)."""


@dataclass(frozen=True)
class Roads:
    """Where the rules point: as things are, with consent, and at both ends of the sums."""

    now: Road
    with_consent: Road
    low: Road
    high: Road
    reasons: tuple[str, ...]
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Assessment:
    """One identification; `assumed` are the sums that nobody stated, taken as nothing."""

    law_date: date
    findings: tuple[Finding, ...]
    points: Points
    recovery: Recovery
    roads: Roads
    is_fast: bool
    fast_until: date
    size: str
    told: tuple[Told, ...]
    assumed: tuple[FactKey, ...]

    @property
    def open_facts(self) -> tuple[FactKey, ...]:
        """The facts that some answer still waits for, each once."""
        every = (key for one in self.findings for key in one.missing)
        return tuple(dict.fromkeys(every))

    def answer(self, question: Question) -> Answer | None:
        """The answer to a question, None where it was not put."""
        found = [one.answer for one in self.findings if one.question == question]
        return found[0] if found else None


def assess(
    values: Values,
    assets: Sequence[Asset],
    creditors: Sequence[Creditor],
    *,
    law_date: date,
) -> Assessment:
    """Put every question to the facts and compute both roads."""
    found = tuple(findings(values))
    scored = points(values)
    money = recovery(values, assets, creditors)
    worth = values.get(K.WORTH_RESCUING)
    roads = _roads(values, money, bool(scored.is_proposed if worth is None else worth))
    clock = traced(deadline_of, id="D42", event_on=law_date, needs_lawyer_check=True)
    size, sized_by = size_class(values)
    fast = next(one.answer for one in found if one.question == Question.FAST_TRACK)
    return Assessment(
        law_date=law_date,
        findings=found,
        points=scored,
        recovery=money,
        roads=roads,
        is_fast=fast == Answer.YES and roads.with_consent in FAST_ROADS,
        fast_until=clock.value.last_day,
        size=size,
        told=(*sized_by, *told(clock.steps)),
        assumed=tuple(key for key in SUMS if values.get(key) is None),
    )


def content_of(assessment: Assessment) -> dict[str, Any]:
    """The assessment as a memo keeps it: JSON, without a name of anybody."""
    kept: dict[str, Any] = plain(assessment)
    kept["open_facts"] = [key.value for key in assessment.open_facts]
    kept["scenarios"] = [one.value for one in Scenario]
    return kept


def proposed_by(content: Mapping[str, Any]) -> tuple[Road, bool]:
    """The road that a content proposes as things are, and whether by the fast track."""
    roads = content["roads"]
    is_fast = bool(content["is_fast"]) and roads["now"] == roads["with_consent"]
    return Road(roads["now"]), is_fast


def _roads(values: Values, money: Recovery, is_worth_rescuing: bool) -> Roads:
    consent = bool(values.get(K.CONSENT))

    def at(scenario: Scenario, *, has_consent: bool) -> Traced[Triage]:
        return _road(values, money, scenario, has_consent, is_worth_rescuing)

    now = at(Scenario.LIKELY, has_consent=consent)
    given = at(Scenario.LIKELY, has_consent=True)
    return Roads(
        now=now.value.road,
        with_consent=given.value.road,
        low=at(Scenario.LOW, has_consent=True).value.road,
        high=at(Scenario.HIGH, has_consent=True).value.road,
        reasons=now.value.reasons,
        told=told(now.steps),
    )


def _road(
    values: Values,
    money: Recovery,
    scenario: Scenario,
    has_consent: bool,
    is_worth_rescuing: bool,
) -> Traced[Triage]:
    place = list(Scenario).index(scenario)
    estate = money.bankruptcies[place] if money.bankruptcy_open else None
    return traced(
        triage,
        entity=Entity(values[K.ENTITY]),
        facts=facts_of(values),
        has_consent=has_consent,
        estate_fen=estate.estate_fen if estate else 0,
        cost_fen=estate.cost_fen if estate else 0,
        is_worth_rescuing=is_worth_rescuing,
        debtor_asks_settlement=bool(values.get(K.SETTLEMENT_ASKED)),
        other_law_applies_ebl=bool(values.get(K.OTHER_LAW)),
    )

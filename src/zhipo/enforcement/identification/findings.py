"""What the rules of triage say of the facts: yes, no, or which fact is missing.

A fact that nobody has stated is neither true nor false. Each question is therefore put
twice, with what is unknown against it and for it; where both answers agree the unknown
does not matter, where they differ the answer is open and the missing facts are named.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from zhipo.enforcement.identification.facts import FactKey, Values
from zhipo.kernel.trace import Step, traced
from zhipo.law.referral.conditions import referral_conditions
from zhipo.law.triage import prepayment, road
from zhipo.law.triage.cause import (
    Entity,
    Facts,
    Inability,
    cause_of_bankruptcy,
    eligibility,
)

K = FactKey
VAST_FEN = 10**18
"""More than any sum: stands for a total that nobody has stated."""


class Answer(StrEnum):
    YES = "yes"  # 是
    NO = "no"  # 否
    OPEN = "open"  # 待查明


class Question(StrEnum):
    """What the memo answers, in its order."""

    ELIGIBLE = "eligible"  # 是否具备破产资格
    CAUSE = "has_cause"  # 是否具备破产原因
    MAY_REORGANISE = "may_reorganise"  # 是否可以重整
    MAY_REFER = "may_refer"  # 是否符合移送条件
    MUST_ACCEPT_DISSOLVED = "must_accept_dissolved"  # 解散未清算应予受理
    FAST_TRACK = "may_use_fast_track"  # 是否适用快速审理
    MUST_STOP_PREPAYMENT = "must_stop_prepayment"  # 是否应当停止收取预付款
    PREPAID_LIMIT = "exceeds_revenue_limit"  # 预收资金是否超过限额


@dataclass(frozen=True)
class Told:
    """One rule that ran: where it stands in the law, how sure we are, what it said."""

    rule: str
    cite: str
    status: str
    text: str
    reason: str
    value: Any


@dataclass(frozen=True)
class Finding:
    """The answer to one question, by which rules, from which facts, lacking which."""

    question: Question
    answer: Answer
    used: tuple[FactKey, ...]
    missing: tuple[FactKey, ...]
    told: tuple[Told, ...]


SIGNS: dict[FactKey, Inability] = {
    K.NO_FUNDS: Inability.NO_FUNDS,
    K.MISSING_REPRESENTATIVE: Inability.MISSING_REPRESENTATIVE,
    K.FAILED_ENFORCEMENT: Inability.FAILED_ENFORCEMENT,
    K.LONG_LOSSES: Inability.LONG_LOSSES,
    K.OTHER_SIGN: Inability.OTHER,
}
EXCLUSIONS: dict[FactKey, str] = dict(
    zip(
        (K.COMPLEX_CLAIMS, K.HARD_REALISATION, K.SPECIAL_DEBTOR, K.OTHER_EXCLUSION),
        road.FAST_TRACK_EXCLUSIONS,
        strict=True,
    )
)
CAUSE_FACTS = (K.DEBT_LAWFUL, K.PERIOD_EXPIRED, K.FULLY_PAID, K.ASSETS, K.LIABILITIES,
               K.CONTRARY_EVIDENCE, *SIGNS, K.SOLVENT_GUARANTOR)  # fmt: skip
AGAINST_IF_TRUE = frozenset(
    {K.FULLY_PAID, K.CONTRARY_EVIDENCE, K.LIQUIDATED_IN_TIME, K.CAUSE_DISPROVED,
     *EXCLUSIONS}
)  # fmt: skip
"""Facts that speak against the answer yes; all other yes-or-no facts speak for it."""
MONEY_AGAINST: dict[FactKey, int] = {
    K.ASSETS: VAST_FEN, K.LIABILITIES: 0, K.PREPAID: 0, K.LAST_YEAR_REVENUE: VAST_FEN,
}  # fmt: skip
MONEY_FOR: dict[FactKey, int] = {
    K.ASSETS: 0, K.LIABILITIES: VAST_FEN, K.PREPAID: VAST_FEN, K.LAST_YEAR_REVENUE: 0,
}  # fmt: skip
ASSUMED_NO = frozenset({K.OTHER_LAW, K.SOLVENT_GUARANTOR, K.CONTRARY_EVIDENCE})
"""Exceptions: who invokes them states them, so nobody is asked to rule them out."""


def findings(values: Values) -> list[Finding]:
    """Every question that the facts are for; those on special facts only if stated."""
    found = [
        _finding(Question.ELIGIBLE, (K.ENTITY, K.OTHER_LAW), values, _eligible),
        _finding(Question.CAUSE, CAUSE_FACTS, values, _has_cause),
        _finding(Question.MAY_REORGANISE, (*CAUSE_FACTS, K.LIKELY_TO_FAIL), values,
                 _may_reorganise),
        _finding(Question.MAY_REFER, (K.ENTITY, K.CONSENT, *CAUSE_FACTS), values,
                 _may_refer),
    ]  # fmt: skip
    dissolution = (K.DISSOLVED, K.LIQUIDATED_IN_TIME, K.CAUSE_DISPROVED)
    if values.get(K.DISSOLVED):
        found.append(
            _finding(Question.MUST_ACCEPT_DISSOLVED, dissolution, values, _dissolved)
        )
    fast = (K.CLAIMS_CLEAR, K.ASSETS_CLEAR, K.FACTS_SIMPLE, *EXCLUSIONS)
    found.append(_finding(Question.FAST_TRACK, fast, values, _fast_track))
    if K.MAJOR_RISK in values:
        found.append(
            _finding(Question.MUST_STOP_PREPAYMENT, (K.MAJOR_RISK,), values, _must_stop)
        )
    if K.PREPAID in values:
        limits = (K.PREPAID, K.LAST_YEAR_REVENUE)
        found.append(_finding(Question.PREPAID_LIMIT, limits, values, _prepaid_limit))
    return found


def size_class(values: Values) -> tuple[str, tuple[Told, ...]]:
    """The size class in retail (TRI-16, unverified); empty where it cannot be said."""
    staff, revenue = values.get(K.STAFF), values.get(K.LAST_YEAR_REVENUE)
    if staff is None or revenue is None or staff >= prepayment.LARGE_RETAIL_STAFF:
        return "", ()
    result = traced(
        prepayment.retail_size, staff=staff, revenue_fen=revenue, needs_lawyer_check=True
    )
    return result.value, told(result.steps)


def facts_of(values: Values) -> Facts:
    """The facts of the cause, what is unknown taken as not shown."""
    return _facts(_Filled(values))


def told(steps: Iterable[Step]) -> tuple[Told, ...]:
    """The rules of a trace, each once, in the order in which they were called."""
    seen: dict[str, Told] = {}
    for step in (one for top in steps for one in top.walk()):
        rule = step.rule
        one = Told(rule.id, rule.cite, rule.status.value, rule.text, rule.reason,
                   plain(step.value))  # fmt: skip
        seen.setdefault(rule.id, one)
    return tuple(seen.values())


def plain(value: Any) -> Any:
    """A rule's result as JSON holds it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, Fraction | date):
        return str(value)
    return str(value) if isinstance(value, StrEnum) else value


@dataclass(frozen=True)
class _Filled:
    """The facts, with what is unknown taken for the answer yes (`favours`) or against."""

    values: Values
    favours: frozenset[FactKey] = frozenset()

    def __call__(self, key: FactKey) -> Any:
        found = self.values.get(key)
        if found is not None:
            return found
        if key in ASSUMED_NO:
            return False
        is_for = key in self.favours
        if key in MONEY_FOR:
            return (MONEY_FOR if is_for else MONEY_AGAINST)[key]
        if key == K.ENTITY:
            return Entity.COMPANY if is_for else Entity.NATURAL_PERSON
        return is_for != (key in AGAINST_IF_TRUE)


Run = Callable[[_Filled], bool]


def _finding(
    question: Question, keys: tuple[FactKey, ...], values: Values, run: Run
) -> Finding:
    unknown = [one for one in keys if values.get(one) is None and one not in ASSUMED_NO]
    against = traced(run, get=_Filled(values))
    best = run(_Filled(values, frozenset(unknown)))
    missing = () if against.value == best else _that_matter(unknown, values, run)
    answer = Answer.OPEN if missing else Answer.YES if against.value else Answer.NO
    used = tuple(key for key in keys if values.get(key) is not None)
    return Finding(question, answer, used, missing, told(against.steps))


def _that_matter(unknown: list[FactKey], values: Values, run: Run) -> tuple[FactKey, ...]:
    """The unknown facts on which an open answer hangs.

    First those without which it could not be yes; then, if these do not settle it, each
    that would beside them. Two totals that only mean something together are one.
    """
    units = _units(unknown)
    every = frozenset(unknown)
    needed = [unit for unit in units if not run(_Filled(values, every - unit))]
    given = frozenset().union(*needed)
    settling: list[frozenset[FactKey]] = []
    if not run(_Filled(values, given)):
        settling = [one for one in units if run(_Filled(values, given | one))]
    found = given.union(*settling)
    return tuple(key for key in unknown if key in found)


def _units(unknown: list[FactKey]) -> list[frozenset[FactKey]]:
    pairs = ({K.ASSETS, K.LIABILITIES}, {K.PREPAID, K.LAST_YEAR_REVENUE})
    together = [frozenset(pair & set(unknown)) for pair in pairs]
    alone = [frozenset({key}) for key in unknown if not any(key in one for one in together)]
    return [*alone, *filter(None, together)]


def _eligible(get: _Filled) -> bool:
    found = eligibility(
        entity=Entity(get(K.ENTITY)), other_law_applies_ebl=get(K.OTHER_LAW)
    )
    return found.is_eligible


def _has_cause(get: _Filled) -> bool:
    return cause_of_bankruptcy(facts=_facts(get)).exists


def _may_reorganise(get: _Filled) -> bool:
    has_cause = cause_of_bankruptcy(facts=_facts(get)).exists
    return road.may_reorganise(
        has_cause=has_cause, may_lose_ability_to_pay=get(K.LIKELY_TO_FAIL)
    )


def _may_refer(get: _Filled) -> bool:
    found = referral_conditions(
        entity=Entity(get(K.ENTITY)),
        has_written_consent=get(K.CONSENT),
        has_cause=cause_of_bankruptcy(facts=_facts(get)).exists,
    )
    return found.is_met


def _dissolved(get: _Filled) -> bool:
    return road.must_accept_dissolved(
        is_dissolved=get(K.DISSOLVED),
        is_liquidated_in_time=get(K.LIQUIDATED_IN_TIME),
        debtor_disproves_cause=get(K.CAUSE_DISPROVED),
    )


def _fast_track(get: _Filled) -> bool:
    return road.may_use_fast_track(
        claims_clear=get(K.CLAIMS_CLEAR),
        assets_clear=get(K.ASSETS_CLEAR),
        facts_simple=get(K.FACTS_SIMPLE),
        exclusions=frozenset(word for key, word in EXCLUSIONS.items() if get(key)),
        needs_lawyer_check=True,
    )


def _must_stop(get: _Filled) -> bool:
    return prepayment.must_stop_prepayment(has_major_risk=get(K.MAJOR_RISK))


def _prepaid_limit(get: _Filled) -> bool:
    return prepayment.exceeds_revenue_limit(
        trade=prepayment.Trade.RETAIL,
        prepaid_fen=get(K.PREPAID),
        last_year_revenue_fen=get(K.LAST_YEAR_REVENUE),
    )


def _facts(get: _Filled) -> Facts:
    return Facts(
        debt_is_lawful=get(K.DEBT_LAWFUL),
        period_has_expired=get(K.PERIOD_EXPIRED),
        is_fully_paid=get(K.FULLY_PAID),
        assets_fen=get(K.ASSETS),
        liabilities_fen=get(K.LIABILITIES),
        signs=frozenset(sign for key, sign in SIGNS.items() if get(key)),
        solvent_guarantor=get(K.SOLVENT_GUARANTOR),
        contrary_evidence=get(K.CONTRARY_EVIDENCE),
    )

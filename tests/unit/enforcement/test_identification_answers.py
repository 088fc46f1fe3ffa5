"""Answers to the questions of triage: yes, no, or which fact is missing."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from zhipo.enforcement.identification.facts import SPECS, FactKey, checked
from zhipo.enforcement.identification.findings import Answer, Question, findings, size_class
from zhipo.enforcement.identification.points import measure_of, points
from zhipo.law.triage.rescue import MOST, Indicator

K = FactKey
DUE = {
    K.ENTITY: "company",
    K.DEBT_LAWFUL: True,
    K.PERIOD_EXPIRED: True,
    K.FULLY_PAID: False,
}
"""A company with one lawful, due, unpaid debt: nothing is known of its property."""
NO_SIGNS = {
    K.NO_FUNDS: False,
    K.MISSING_REPRESENTATIVE: False,
    K.FAILED_ENFORCEMENT: False,
    K.LONG_LOSSES: False,
    K.OTHER_SIGN: False,
}
SIMPLE = {
    K.CLAIMS_CLEAR: True,
    K.ASSETS_CLEAR: True,
    K.FACTS_SIMPLE: True,
    K.COMPLEX_CLAIMS: False,
    K.HARD_REALISATION: False,
    K.SPECIAL_DEBTOR: False,
    K.OTHER_EXCLUSION: False,
}


def answer(question: Question, values: dict[FactKey, Any]) -> Answer:
    return next(one.answer for one in findings(values) if one.question == question)


def missing(question: Question, values: dict[FactKey, Any]) -> set[FactKey]:
    return set(next(one.missing for one in findings(values) if one.question == question))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({K.FAILED_ENFORCEMENT: True}, Answer.YES),
        ({K.NO_FUNDS: True}, Answer.YES),
        ({**NO_SIGNS, K.ASSETS: 99, K.LIABILITIES: 100}, Answer.YES),
        ({**NO_SIGNS, K.ASSETS: 100, K.LIABILITIES: 100}, Answer.NO),
        ({K.ASSETS: 100, K.LIABILITIES: 100}, Answer.OPEN),
        ({K.ASSETS: 99, K.LIABILITIES: 100}, Answer.YES),
        (
            {**NO_SIGNS, K.ASSETS: 99, K.LIABILITIES: 100, K.CONTRARY_EVIDENCE: True},
            Answer.NO,
        ),
        ({K.FAILED_ENFORCEMENT: True, K.FULLY_PAID: True}, Answer.NO),
        ({K.FAILED_ENFORCEMENT: True, K.PERIOD_EXPIRED: False}, Answer.NO),
        ({K.FAILED_ENFORCEMENT: True, K.DEBT_LAWFUL: False}, Answer.NO),
        ({K.FAILED_ENFORCEMENT: True, K.SOLVENT_GUARANTOR: True}, Answer.YES),
        ({}, Answer.OPEN),
    ],
)
def test_cause_of_bankruptcy(more: dict[FactKey, Any], expected: Answer) -> None:
    assert answer(Question.CAUSE, {**DUE, **more}) == expected


def test_missing_facts_are_those_that_would_settle_it() -> None:
    lacking = missing(Question.CAUSE, DUE)

    assert lacking == {*NO_SIGNS, K.ASSETS, K.LIABILITIES}


def test_a_missing_condition_is_asked_for_before_what_rests_on_it() -> None:
    without = {key: one for key, one in DUE.items() if key != K.PERIOD_EXPIRED}

    assert missing(Question.CAUSE, {**without, K.NO_FUNDS: True}) == {K.PERIOD_EXPIRED}


def test_only_one_of_two_totals_is_missing() -> None:
    values = {**DUE, **NO_SIGNS, K.LIABILITIES: 100}

    assert missing(Question.CAUSE, values) == {K.ASSETS}


def test_nothing_is_missing_where_the_answer_is_settled() -> None:
    values = {**DUE, K.FAILED_ENFORCEMENT: True}

    assert missing(Question.CAUSE, values) == set()
    assert missing(Question.MAY_REFER, values) == {K.CONSENT}


@pytest.mark.parametrize(
    ("entity", "more", "expected"),
    [
        ("company", {}, Answer.YES),
        ("sole_trader", {}, Answer.NO),
        ("natural_person", {}, Answer.NO),
        ("other_organisation", {}, Answer.NO),
        ("other_organisation", {K.OTHER_LAW: True}, Answer.YES),
    ],
)
def test_who_may_go_bankrupt(
    entity: str, more: dict[FactKey, Any], expected: Answer
) -> None:
    assert answer(Question.ELIGIBLE, {**DUE, K.ENTITY: entity, **more}) == expected


def test_reorganisation_needs_no_cause_where_failing_is_likely() -> None:
    values = {**DUE, **NO_SIGNS, K.ASSETS: 200, K.LIABILITIES: 100}

    assert answer(Question.MAY_REORGANISE, {**values, K.LIKELY_TO_FAIL: True}) == "yes"
    assert answer(Question.MAY_REORGANISE, {**values, K.LIKELY_TO_FAIL: False}) == "no"


@pytest.mark.parametrize("key", [key for key, good in SIMPLE.items()])
def test_each_fact_of_the_fast_track_can_close_it(key: FactKey) -> None:
    assert answer(Question.FAST_TRACK, {**DUE, **SIMPLE}) == Answer.YES
    assert answer(Question.FAST_TRACK, {**DUE, **SIMPLE, key: not SIMPLE[key]}) == "no"
    without = {one: good for one, good in SIMPLE.items() if one != key}
    assert answer(Question.FAST_TRACK, {**DUE, **without}) == Answer.OPEN
    assert missing(Question.FAST_TRACK, {**DUE, **without}) == {key}


def test_fast_track_says_that_its_text_was_not_read() -> None:
    found = next(
        one for one in findings({**DUE, **SIMPLE}) if one.question == Question.FAST_TRACK
    )

    assert [(one.rule, one.status) for one in found.told] == [("cn.fast20.scope", "U")]


def test_each_answer_names_its_rules_and_articles() -> None:
    for found in findings({**DUE, K.FAILED_ENFORCEMENT: True, K.DISSOLVED: True}):
        assert found.told, found.question
        assert all(one.cite for one in found.told)
        assert all(one.reason for one in found.told if one.status in ("I", "P"))


@pytest.mark.parametrize(("prepaid", "expected"), [(40, Answer.NO), (41, Answer.YES)])
def test_prepaid_money_against_last_years_revenue(prepaid: int, expected: Answer) -> None:
    values = {**DUE, K.PREPAID: prepaid, K.LAST_YEAR_REVENUE: 100}

    assert answer(Question.PREPAID_LIMIT, values) == expected


def test_prepaid_limit_waits_for_the_revenue() -> None:
    assert missing(Question.PREPAID_LIMIT, {**DUE, K.PREPAID: 5}) == {K.LAST_YEAR_REVENUE}


@pytest.mark.parametrize(
    ("staff", "size"), [(9, "micro"), (10, "small"), (299, "medium"), (300, "")]
)
def test_size_class_in_retail(staff: int, size: str) -> None:
    values = {K.STAFF: staff, K.LAST_YEAR_REVENUE: 600_000_000}

    assert size_class(values)[0] == size


def test_points_add_up_and_propose() -> None:
    values = {
        K.GOING_CONCERN_VALUE: [100, 400, 500],
        K.ESTATE: [100, 200, 300],
        K.BUYERS: 100,
        K.ACTIVE_BUYERS: 25,
        K.REPEAT_BUYERS: 40,
        K.SUPPLIERS_ASKED: 9,
        K.SUPPLIERS_WILLING: 6,
        K.DATA_OUTCOME: "after_duties",
    }

    scored = points(values)

    assert [row.given for row in scored.rows] == [40, 10, 15, 20, 6]
    assert (scored.total, scored.is_proposed) == (91, True)
    assert scored.told[-1].rule == "policy.rescue.proposal"


def test_points_a_judge_gave_count_and_those_earned_stay_in_sight() -> None:
    values = {K.GOING_CONCERN_VALUE: [1, 4, 5], K.ESTATE: [1, 2, 3]}

    scored = points({**values, K.POINTS_GOING_CONCERN: 5, K.POINTS_SUPPLIERS: 20})

    first, suppliers = scored.rows[0], scored.rows[3]
    assert (first.earned, first.given) == (40, 5)
    assert (suppliers.earned, suppliers.given, suppliers.missing) == (None, 20, ())
    assert scored.total == 25


def test_what_is_not_measured_earns_nothing_and_is_named() -> None:
    scored = points({})

    assert scored.total == 0
    assert not scored.is_proposed
    assert all(row.missing for row in scored.rows)


@pytest.mark.parametrize(
    ("estate", "measure"), [([0, 0, 0], Fraction(1_000)), ([0, 50, 60], Fraction(2))]
)
def test_a_living_business_against_little_property(
    estate: list[int], measure: Fraction
) -> None:
    values = {K.GOING_CONCERN_VALUE: [0, 100, 100], K.ESTATE: estate}

    assert measure_of(Indicator.GOING_CONCERN, values) == measure


def test_nobody_asked_is_no_measure() -> None:
    values = {K.SUPPLIERS_ASKED: 0, K.SUPPLIERS_WILLING: 0}

    assert measure_of(Indicator.SUPPLIERS, values) is None


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        (K.CONSENT, True, "yes"),
        (K.ENTITY, "company", "firm"),
        (K.ASSETS, 0, -1),
        (K.STAFF, 10, True),
        (K.ESTATE, [1, 2, 3], [3, 2, 1]),
        (K.ESTATE, [0, 0, 0], [1, 2]),
        (K.POINTS_SUPPLIERS, MOST[Indicator.SUPPLIERS], MOST[Indicator.SUPPLIERS] + 1),
    ],
)
def test_values_are_of_their_kind(key: FactKey, good: Any, bad: Any) -> None:
    assert checked(key, good) == good
    with pytest.raises(ValueError, match=r"."):
        checked(key, bad)


def test_every_fact_has_its_kind() -> None:
    assert set(SPECS) == set(FactKey)
    assert date.max  # the filing day of who has filed nothing

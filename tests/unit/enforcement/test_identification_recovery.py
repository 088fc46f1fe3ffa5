"""Both roads' money: the sheet's worked example, order of seizure, conservation."""

import time
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from zhipo.enforcement.identification.assessment import assess, content_of
from zhipo.enforcement.identification.facts import FactKey
from zhipo.enforcement.identification.recovery import Recovery, recovery
from zhipo.enforcement.identification.standing import Asset, Creditor, Hold
from zhipo.law.triage.realisation import Range
from zhipo.law.triage.road import Road
from zhipo.law.waterfall.order import ClaimClass

K = FactKey
DAY = date(2025, 3, 1)
YUAN = 100


def same(fen: int) -> list[int]:
    return [fen, fen, fen]


def owed(name: str, fen: int, kind: str = "ordinary", day: int = 0) -> Creditor:
    filed_on = DAY + timedelta(days=day)
    first = kind == "social_tax"
    return Creditor(name, ClaimClass(kind), fen, filed_on, goes_first=first)


def thing(name: str, fen: int, *holds: Hold) -> Asset:
    return Asset(name, Range(fen, fen, fen), holds)


def run(assets: list[Asset], creditors: list[Creditor], **more: Any) -> Recovery:
    values: dict[FactKey, Any] = {K.ENTITY: "company"}
    values[K.ESTATE] = same(sum(one.worth.likely_fen for one in assets))
    values |= {FactKey(name): value for name, value in more.items()}
    return recovery(values, assets, creditors)


def enforced(found: Recovery) -> dict[str, int]:
    return {one.creditor.claim_id: one.enforcement[1] for one in found.lines}


def shared(found: Recovery) -> dict[str, int]:
    return {one.creditor.claim_id: one.bankruptcy[1] for one in found.lines}


def test_wat_e1_the_sheets_estate() -> None:
    """LAW.md WAT-E1: 9.9503 % to the third rank after costs, employees and tax."""
    found = run(
        [thing("cash", 280_000_000)],
        [
            owed("consumers", 870_000_000, "consumer"),
            owed("suppliers", 630_000_000),
            owed("late-fee", 2_280_000),
        ],
        collateral=same(40_000_000),
        collateral_cost=same(1_000_000),
        secured_owed=same(60_000_000),
        handling_cost=same(15_000_000),
        common_owed=same(8_000_000),
        late_employee=same(42_000_000),
        late_social_tax=same(36_000_000),
    )

    estate = found.bankruptcies[1]
    paid = shared(found)
    assert estate.court_fee_fen == 1_620_000
    assert estate.administrator_fen == 25_761_818
    assert paid["late_employee"] == 42_000_000
    assert paid["late_social_tax"] == 36_000_000
    assert paid["consumers"] in (86_567_319, 86_567_320)
    assert paid["suppliers"] in (62_686_679, 62_686_680)
    assert paid["late-fee"] in (226_866, 226_867)
    assert paid["secured_owed"] - 38_520_000 in (2_137_317, 2_137_318)


def test_first_to_freeze_is_paid_first_and_the_rest_goes_by_day_of_filing() -> None:
    found = run(
        [thing("account", 1_000, Hold("B", 1), Hold("C", 2))],
        [owed("A", 500, day=0), owed("B", 600, day=9), owed("C", 300, day=5)],
    )

    assert enforced(found) == {"A": 100, "B": 600, "C": 300}


def test_a_freeze_gives_no_more_than_its_ceiling_before_the_others() -> None:
    found = run(
        [thing("account", 1_000, Hold("A", 1, limit_fen=400), Hold("B", 2))],
        [owed("A", 900, day=0), owed("B", 500, day=1)],
    )

    assert enforced(found) == {"A": 500, "B": 500}


def test_costs_and_tax_go_before_the_order_of_seizure() -> None:
    found = run(
        [thing("account", 1_000, Hold("A", 1))],
        [owed("A", 900), owed("T", 300, "social_tax")],
        enforcement_cost=same(50),
        priority_owed=same(300),
    )

    assert enforced(found) == {"A": 650, "T": 300}
    assert found.enforcements[1].cost_fen == 50


def test_social_insurance_stands_in_the_order_of_seizure() -> None:
    """Art. 45 of the tax collection law speaks of tax alone."""
    insurance = Creditor("I", ClaimClass.SOCIAL_TAX, 300, DAY)
    tax = owed("T", 200, "social_tax")

    found = run(
        [thing("account", 400, Hold("A", 1))],
        [owed("A", 150), insurance, tax],
        priority_owed=same(200),
    )

    assert enforced(found) == {"A": 150, "I": 50, "T": 200}


def test_who_has_no_title_gets_nothing_from_enforcement() -> None:
    found = run(
        [thing("account", 100_000_000, Hold("A", 1))],
        [owed("A", 100_000_000)],
        late_consumer=same(100_000_000),
    )

    assert enforced(found) == {"A": 100_000_000, "late_consumer": 0}
    assert 0 <= shared(found)["A"] - shared(found)["late_consumer"] <= 1  # the last fen
    assert (found.better, found.worse) == (0, 1)  # applicants alone are counted


def test_a_person_is_no_company_all_share_and_no_bankruptcy_is_open() -> None:
    found = run(
        [thing("account", 500, Hold("A", 1))],
        [owed("A", 600), owed("B", 400)],
        entity="sole_trader",
    )

    assert enforced(found) == {"A": 300, "B": 200}
    assert not found.bankruptcy_open
    assert found.lines[0].bankruptcy == ()


def test_what_can_be_recovered_is_there_in_a_bankruptcy_alone() -> None:
    found = run([], [owed("A", 10**9)], recoverable=same(10_000_000))

    assert enforced(found) == {"A": 0}
    assert 0 < shared(found)["A"] < 10_000_000


def test_another_estate_than_the_things_add_up_to_changes_all_in_proportion() -> None:
    found = run(
        [thing("one", 100, Hold("A", 1)), thing("two", 300, Hold("B", 1))],
        [owed("A", 1_000, day=1), owed("B", 1_000, day=2)],
        estate=same(800),
    )

    assert enforced(found) == {"A": 200, "B": 600}


def test_low_is_little_property_and_high_costs_and_claims() -> None:
    asset = Asset("thing", Range(100_000, 200_000, 300_000))
    found = run(
        [asset],
        [owed("A", 10_000_000)],
        estate=[100_000, 200_000, 300_000],
        handling_cost=[1_000, 2_000, 50_000],
        late_ordinary=[0, 5_000_000, 10_000_000],
    )

    line = found.lines[0]
    assert line.bankruptcy[0] < line.bankruptcy[1] < line.bankruptcy[2]
    assert [one.handling_fen for one in found.bankruptcies] == [50_000, 2_000, 1_000]
    assert found.lines[1].owed == (10_000_000, 5_000_000, 0)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 10**9), max_size=5),
    st.lists(st.integers(1, 10**9), min_size=1, max_size=6),
    st.integers(0, 10**8),
    st.integers(0, 10**8),
    st.randoms(use_true_random=False),
)
def test_no_fen_is_made_or_lost(
    worth: list[int], sums: list[int], cost: int, priority: int, dice: Any
) -> None:
    kinds = [dice.choice(["ordinary", "consumer", "social_tax"]) for _ in sums]
    creditors = [
        owed(f"C{i}", fen, kind, day=dice.randrange(9))
        for i, (fen, kind) in enumerate(zip(sums, kinds, strict=True))
    ]
    assets = [
        thing(f"T{i}", fen, *(Hold(f"C{dice.randrange(len(sums))}", 1) for _ in "1"))
        for i, fen in enumerate(worth)
    ]
    found = run(
        assets, creditors, enforcement_cost=same(cost), priority_owed=same(priority)
    )

    taken, estate = found.enforcements[1], found.bankruptcies[1]
    assert all(0 <= taken.paid.get(one.claim_id, 0) <= one.fen for one in creditors)
    assert taken.cost_fen + sum(taken.paid.values()) <= taken.proceeds_fen
    assert sum(estate.paid.values()) + estate.left_over_fen == estate.estate_fen


def test_five_hundred_creditors_in_less_than_a_second() -> None:
    creditors = [owed(f"C{i:04d}", 100_000 + i, day=i % 300) for i in range(500)]
    assets = [
        thing(
            f"T{j}", 3_000_000, *(Hold(f"C{(j * 37 + k) % 500:04d}", k) for k in range(40))
        )
        for j in range(30)
    ]
    values = {K.ENTITY: "company", K.ESTATE: same(90_000_000)}

    started = time.perf_counter()
    found = assess(values, assets, creditors, law_date=DAY)
    content_of(found)
    seconds = time.perf_counter() - started

    assert len(found.recovery.lines) == 500
    assert seconds < 1, seconds


CAUSE = {
    K.ENTITY: "company",
    K.DEBT_LAWFUL: True,
    K.PERIOD_EXPIRED: True,
    K.FULLY_PAID: False,
    K.FAILED_ENFORCEMENT: True,
    K.CONSENT: True,
}


def road(**more: Any) -> Road:
    values = {**CAUSE, K.ESTATE: same(100_000_000)}
    values |= {FactKey(name): value for name, value in more.items()}
    return assess(values, [], [owed("A", 10**9)], law_date=DAY).roads.now


def test_the_road_follows_the_facts() -> None:
    assert road() == Road.REFER_LIQUIDATION
    assert road(consent=False) == Road.ENFORCE_ONLY
    assert road(entity="sole_trader") == Road.NOT_ELIGIBLE
    assert road(failed_enforcement=False) == Road.ENFORCE_ONLY
    assert road(settlement_asked=True) == Road.REFER_SETTLEMENT
    assert road(worth_rescuing=True) == Road.REFER_REORG


def test_an_estate_that_just_pays_the_costs_needs_no_fund() -> None:
    """5,000 yuan of property: a court fee of 25, so 4,975 of other costs are paid."""
    fits = road(estate=same(5_000 * YUAN), handling_cost=same(4_975 * YUAN))
    short = road(estate=same(5_000 * YUAN), handling_cost=same(4_975 * YUAN + 1))

    assert (fits, short) == (Road.REFER_LIQUIDATION, Road.NO_ASSET_NEEDS_FUND)


def test_without_consent_the_memo_says_where_consent_would_lead() -> None:
    values = {**CAUSE, K.CONSENT: False, K.ESTATE: [0, 100_000_000, 100_000_000]}
    found = assess(values, [], [owed("A", 10**9)], law_date=DAY).roads

    assert found.now == Road.ENFORCE_ONLY
    assert found.with_consent == Road.REFER_LIQUIDATION
    assert (found.low, found.high) == (Road.NO_ASSET_NEEDS_FUND, Road.REFER_LIQUIDATION)


def test_fast_liquidation_has_its_six_months() -> None:
    simple = {
        K.CLAIMS_CLEAR: True, K.ASSETS_CLEAR: True, K.FACTS_SIMPLE: True,
        K.COMPLEX_CLAIMS: False, K.HARD_REALISATION: False, K.SPECIAL_DEBTOR: False,
        K.OTHER_EXCLUSION: False,
    }  # fmt: skip
    values = {**CAUSE, **simple, K.ESTATE: same(100_000_000)}

    found = assess(values, [], [owed("A", 10**9)], law_date=date(2025, 9, 1))
    rescued = assess(
        {**values, K.WORTH_RESCUING: True}, [], [owed("A", 10**9)], law_date=DAY
    )

    assert found.is_fast
    assert found.fast_until == date(2026, 3, 2)  # 1 March is a Sunday
    assert not rescued.is_fast

"""Section S: what only the paper proposes is never applied silently."""

import csv
import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from zhipo.demo import case
from zhipo.engine.distribute.run import distribute
from zhipo.kernel.faults import Refused
from zhipo.kernel.options import OPTIONS
from zhipo.kernel.rules import NeedsLawyerCheck, Status, all_rules
from zhipo.law.auctions.bankruptcy_sale import premium_goes_by
from zhipo.law.data_assets.gate import DataPart, Outcome, Sale, gate
from zhipo.law.data_assets.kinds import PaperClass
from zhipo.law.enforcement.freezes import Measure, protective_form
from zhipo.law.instalments.parts import Procedure, schedule_is_lawful
from zhipo.law.referral.conditions import referral_conditions
from zhipo.law.referral.transfer import missing_from_bundle
from zhipo.law.registry import import_all
from zhipo.law.stay.acceptance import Supervisor, supervisors
from zhipo.law.support.payable import FundItem, class_of_advance, is_cost_of_case
from zhipo.law.support.sources import FundSource, NoSource, checked_source
from zhipo.law.tax.relief import (
    Grantor,
    ReliefIsProposal,
    may_grant_special_vat_relief,
    vat_after_paper_relief_fen,
)
from zhipo.law.triage.cause import Entity, Facts, eligibility
from zhipo.law.triage.road import Road, triage
from zhipo.law.waterfall.basis import NoBasis, PriorityBasis
from zhipo.law.waterfall.order import STATUTORY_ORDER, ClaimClass, consumer_rank
from zhipo.law.waterfall.plan import Claim, Pool, Terms, allocate

import_all()
CONSUMERS = Claim("C", ClaimClass.CONSUMER, 870_000_000)
SUPPLIERS = Claim("S", ClaimClass.ORDINARY, 630_000_000)
CLAIMS = (CONSUMERS, SUPPLIERS)
MONEY = Pool("general", 300_000_000)
INSOLVENT = Facts(
    debt_is_lawful=True,
    period_has_expired=True,
    is_fully_paid=False,
    assets_fen=100,
    liabilities_fen=200,
)


def plan_file(folder: Path, **terms: Any) -> Path:
    """Consumers, suppliers and 3,000,000 yuan, as `zhipo distribute` reads a plan."""
    rows = [("claim_id", "class", "fen")]
    rows += [(one.claim_id, one.claim_class.value, str(one.fen)) for one in CLAIMS]
    with (folder / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    plan = {
        "law_date": "2025-10-22",
        "claims": "claims.csv",
        "pools": [{"id": "general", "fen": MONEY.fen}],
        **terms,
    }
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    return path


def test_s1_consumers_stand_in_the_third_rank_with_all_others() -> None:
    rank = next(rank for rank in STATUTORY_ORDER if ClaimClass.CONSUMER in rank)

    assert consumer_rank() is ClaimClass.ORDINARY
    assert ClaimClass.ORDINARY in rank


def test_s1_without_terms_the_law_pays_both_at_one_rate() -> None:
    paid = allocate(claims=CLAIMS, pools=(MONEY,))

    assert paid.got_fen == paid.baseline_fen == {"C": 174_000_000, "S": 126_000_000}


@pytest.mark.parametrize(
    ("basis", "evidence"), [(None, "x"), ("", "x"), ("SETTLEMENT", "")]
)
def test_s1_the_law_refuses_an_overlay_without_basis_or_evidence(
    basis: str | None, evidence: str
) -> None:
    terms = Terms(basis, evidence, rate=Fraction(31, 100))

    with pytest.raises(NoBasis):
        allocate(claims=CLAIMS, pools=(MONEY,), terms=terms)


def test_s1_distribute_pays_by_the_order_unless_told(tmp_path: Path) -> None:
    summary = distribute(plan_file(tmp_path), tmp_path / "out")

    assert summary["basis"] is None or summary["basis"] == ""
    shifts = {name: one["shift_fen"] for name, one in summary["classes"].items()}
    assert set(shifts.values()) == {0}


@pytest.mark.parametrize(
    "overlay",
    [
        {"consumer": "before_ordinary"},
        {"consumer": "before_ordinary", "basis": "PLAN_SMALL_CLASS"},
        {"consumer": "before_ordinary", "evidence": "决议"},
        {"consumer": {"rate": "0.31"}, "basis": "FAIRNESS", "evidence": "决议"},
    ],
)
def test_s1_distribute_refuses_an_overlay_without_basis_and_evidence(
    tmp_path: Path, overlay: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        distribute(plan_file(tmp_path, overlay=overlay), tmp_path / "out")
    assert not (tmp_path / "out" / "payments.csv").exists()


def test_s1_a_lawful_overlay_prints_who_bears_the_shift(tmp_path: Path) -> None:
    overlay = {
        "basis": "PLAN_SMALL_CLASS",
        "evidence": "决议",
        "consumer": {"rate": "0.31"},
    }

    summary = distribute(plan_file(tmp_path, overlay=overlay), tmp_path / "out")

    assert summary["classes"]["consumer"]["shift_fen"] == 95_700_000
    assert summary["classes"]["ordinary"]["shift_fen"] == -95_700_000


def test_s2_a_premium_goes_through_the_order() -> None:
    premium = premium_goes_by(sold_fen=1_200, start_fen=1_000)

    assert (premium.fen, premium.goes_by) == (200, "waterfall")
    with pytest.raises(NoBasis):
        premium_goes_by(sold_fen=1_200, start_fen=1_000, wanted_for_some=True)


def test_s2_an_earmarked_pool_needs_a_basis_in_the_law_and_in_distribute(
    tmp_path: Path,
) -> None:
    with pytest.raises(NoBasis):
        allocate(claims=CLAIMS, pools=(Pool("p", 100, first_to=(ClaimClass.CONSUMER,)),))
    pools = [{"id": "general", "fen": 1}, {"id": "p", "fen": 1, "first_to": ["consumer"]}]
    with pytest.raises(Refused):
        distribute(plan_file(tmp_path, pools=pools), tmp_path / "out")


def test_s3_unequal_steps_in_liquidation_need_a_basis() -> None:
    unequal = {"procedure": Procedure.LIQUIDATION, "is_equal_ratio_at_each_step": False}

    assert not schedule_is_lawful(**unequal, basis=None).is_lawful
    assert schedule_is_lawful(**unequal, basis=PriorityBasis.ALL_CREDITORS).is_lawful


@pytest.mark.parametrize("mode", ["flat", "tiered"])
def test_s3_distribute_refuses_small_claims_first_without_an_overlay(
    tmp_path: Path, mode: str
) -> None:
    small = {"mode": mode, "ceiling_fen": 50_000}

    with pytest.raises(Refused):
        distribute(plan_file(tmp_path, small_claims=small), tmp_path / "out")


def test_s3_the_papers_ceiling_and_parts_are_policy_not_law() -> None:
    for name in ("option.small_claims.ceiling_fen", "option.instalments.parts"):
        assert OPTIONS[name].status is Status.P
        assert "paper" in OPTIONS[name].reason


def test_s4_the_handover_is_not_cited_to_the_rules_of_2002() -> None:
    rules = [rule for rule in all_rules() if rule.module.startswith("zhipo.law.referral")]

    assert rules
    assert not [rule.id for rule in rules if "审理企业破产案件规定" in rule.cite]


def test_s4_the_list_of_the_bundle_runs_only_with_a_lawyers_check() -> None:
    with pytest.raises(NeedsLawyerCheck):
        missing_from_bundle(handed_over=frozenset())


def test_s5_the_relief_is_a_proposal_that_never_becomes_a_number() -> None:
    with pytest.raises(ReliefIsProposal):
        vat_after_paper_relief_fen(vat_fen=100)
    assert not may_grant_special_vat_relief(granted_by=Grantor.LOCAL_GOVERNMENT)
    assert not may_grant_special_vat_relief(granted_by=Grantor.PAPER)


def test_s6_a_share_of_disposals_feeds_no_fund() -> None:
    with pytest.raises(NoSource):
        checked_source(source=FundSource.DISPOSAL_COMMISSION, evidence="区政府批复")


@pytest.mark.parametrize(
    ("item", "rank"),
    [
        (FundItem.ADMINISTRATORS_PAY, ClaimClass.EXPENSE),
        (FundItem.FILING_APP, ClaimClass.ORDINARY),
        (FundItem.CONSUMER_CLAIM, ClaimClass.ORDINARY),
    ],
)
def test_s7_only_costs_come_back_as_costs(item: FundItem, rank: ClaimClass) -> None:
    is_cost = is_cost_of_case(item=item)

    assert class_of_advance(is_cost_of_case=is_cost, may_advance=True) is rank


def test_s8_a_list_of_users_does_not_pass_the_gate() -> None:
    part = DataPart(
        "users",
        PaperClass.PERSONAL,
        concerns_person=True,
        can_identify=True,
        records=32_000,
    )

    sale = Sale(day=date(2025, 9, 1), signed_by="管理人")
    (decision,) = gate(parts=(part,), sale=sale).values()

    assert decision.outcome is Outcome.EXCLUDE
    assert decision.open_duties


@pytest.mark.parametrize("has_committee", [True, False])
def test_s9_after_acceptance_the_enforcement_court_supervises_no_more(
    has_committee: bool,
) -> None:
    after = supervisors(is_accepted=True, has_committee=has_committee)

    assert Supervisor.ENFORCEMENT_COURT not in after
    assert Supervisor.BANKRUPTCY_COURT in after


def test_s10_holding_back_has_a_named_form_or_none() -> None:
    none = {
        "parties_settled": False,
        "has_security": False,
        "applicant_consents": False,
        "may_be_used": False,
    }

    assert protective_form(**none) is Measure.NONE
    only_security = protective_form(**none | {"has_security": True})
    only_consent = protective_form(**none | {"applicant_consents": True})
    assert {only_security, only_consent} == {Measure.NONE}


def test_s11_the_papers_figures_are_marked_as_the_papers() -> None:
    marked = {name for name, one in case.sources().items() if one["source"] == "paper"}

    assert marked
    assert {one["source"] for one in case.sources().values()} == {"paper", "chosen"}


def test_s11_no_rule_of_the_paper_is_more_than_policy() -> None:
    of_paper = [rule for rule in all_rules() if rule.id.startswith("paper.")]

    assert len(of_paper) >= 4
    assert {rule.status for rule in of_paper} == {Status.P}
    assert [rule.id for rule in of_paper if "paper" not in rule.reason] == []


def test_s12_a_sole_trader_is_never_referred() -> None:
    assert not eligibility(entity=Entity.SOLE_TRADER).is_eligible
    road = triage(
        entity=Entity.SOLE_TRADER,
        facts=INSOLVENT,
        has_consent=True,
        estate_fen=100,
        cost_fen=1,
        is_worth_rescuing=True,
    )
    assert road.road is Road.NOT_ELIGIBLE
    referable = referral_conditions(
        entity=Entity.SOLE_TRADER, has_written_consent=True, has_cause=True
    )
    assert not referable.is_met

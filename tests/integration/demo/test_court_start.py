"""Before the demonstration's case: from three courts to the acceptance, all by acts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from csv_rows import read_rows
from integration.demo.court_ground import OwnNetwork, clock_over, network_in
from zhipo.audit.models import Entry
from zhipo.audit.trail import first_broken_link
from zhipo.cases.models import Case, Clock
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim
from zhipo.demo import case as inputs
from zhipo.demo.court_cases import OTHER_NAME
from zhipo.demo.court_days import ASKED_ON, HANDED_OVER_ON, RENEWED_ON, RULED_ON
from zhipo.demo.court_effect import CourtEffect
from zhipo.demo.court_plan import CODE, CUSTODY, SHOP_CODE
from zhipo.demo.court_run import run_court
from zhipo.demo.court_table import court_lines
from zhipo.demo.generate import generate_yuhu
from zhipo.demo.web_case import NUMBER, SLUG, open_demo_case
from zhipo.enforcement.actions.findings import reference_hash
from zhipo.enforcement.models import (
    Asset,
    BureauNotice,
    Debtor,
    Exhibit,
    Freeze,
    FreezeAlert,
    InquiryAnswer,
    InquiryOrder,
    Memo,
    Notice,
    OwnershipCheck,
    Property,
    Referral,
    ReferralClock,
    TakeOver,
)
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import Belonging, FreezeState, Stage, Title
from zhipo.law.triage.road import Road

CONSUMERS = 200
SIX_ACCOUNTS_FEN = sum(inputs.scaled(one.fen, CONSUMERS) for one in inputs.ACCOUNTS)


@dataclass(frozen=True)
class Ran:
    """One run, and where it can be run again."""

    home: Path
    network: OwnNetwork
    effect: CourtEffect

    def again(self) -> CourtEffect:
        return run(self.home, self.network)


def run(home: Path, network: OwnNetwork, told: Any = lambda done, total: None) -> Any:
    return run_court(home=home, folder=home / "case", clock=clock_over(network), told=told)


@pytest.fixture(scope="module")
def demo(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any
) -> Iterator[Ran]:
    """The whole part once for the module; each test works on top of it."""
    home = tmp_path_factory.mktemp("court")
    generate_yuhu(consumers=CONSUMERS, seed=1, out=home / "case")
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        environment = replace(settings.ENVIRONMENT, home=home, is_demo=True)
        patch.setattr(settings, "ENVIRONMENT", environment)
        with transaction.atomic():
            network = network_in(home / "institutions", patch, consumers=CONSUMERS)
            yield Ran(home, network, run(home, network))
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _database(demo: Ran, db: None) -> None:
    """Every test is undone to what `demo` has left."""


def debtor() -> Debtor:
    return Debtor.objects.get(credit_code=CODE)


def test_the_board_is_complete_within_the_papers_days(demo: Ran) -> None:
    board = demo.effect.board

    assert board.asked == board.answered > 40
    assert board.frozen_fen == SIX_ACCOUNTS_FEN
    assert 0 < board.days < board.paper_days == 15
    assert (board.late, board.in_parts, board.bad) == (1, 1, 1)
    assert not InquiryOrder.objects.filter(settled_at=None).exists()


def test_one_debtor_stands_for_the_cases_of_three_courts(demo: Ran) -> None:
    cases = debtor().cases

    assert demo.effect.board.courts == 3
    assert (
        cases.count()
        == demo.effect.board.cases
        == TakeOver.objects.get().counts["creditors"]
    )
    assert [one.name for one in debtor().other_names.all()] == [OTHER_NAME]


def test_the_shop_of_a_persons_own_stays_in_enforcement(demo: Ran) -> None:
    shop = Debtor.objects.get(credit_code=SHOP_CODE)

    assert shop.stage == Stage.ENFORCING
    assert not shop.referrals.exists()
    assert "第二条" in demo.effect.board.shop["zh"]
    assert demo.effect.board.shop["en"].isascii()


def test_money_in_custody_was_let_go_and_is_no_estate() -> None:
    custody = Property.objects.get(reference_hash=reference_hash(CUSTODY))

    assert custody.title == Title.CUSTODY
    assert OwnershipCheck.objects.filter(target=custody).exists()
    states = set(custody.freezes.values_list("state", flat=True))
    assert states == {FreezeState.LIFTED}
    assert Asset.objects.get(target=custody).belongs == Belonging.EXCLUDED


def test_the_freeze_that_ended_first_was_told_of_and_renewed() -> None:
    alerts = FreezeAlert.objects.values_list("freeze", flat=True)
    renewed = Freeze.objects.filter(pk__in=alerts)

    assert renewed.exists()
    longest = RENEWED_ON + timedelta(days=365)
    assert set(renewed.values_list("until", flat=True)) == {longest}


def test_what_could_not_be_relied_on_was_kept_and_not_believed() -> None:
    bad = InquiryAnswer.objects.get(is_good=False)

    assert bad.reason == "wrong_signature"
    assert bad.applied_at is None


def test_the_judge_departs_with_a_reason_and_then_follows() -> None:
    first, second = Memo.objects.order_by("version")

    assert (first.proposed, first.concluded) == (Road.ENFORCE_ONLY, Road.REFER_LIQUIDATION)
    assert first.reason
    assert second.proposed == second.concluded == Road.REFER_LIQUIDATION
    assert not second.reason


def test_the_case_is_the_one_that_acceptance_opened() -> None:
    case = Case.objects.get()

    assert (case.number, case.slug, case.accepted_on) == (NUMBER, SLUG, RULED_ON)
    assert (case.debtor, case.brand) == (inputs.DEBTOR, inputs.BRAND)
    assert case.phase == Phase.ACCEPTED
    assert Referral.objects.get().case == case
    assert Referral.objects.get().state == ReferralState.ACCEPTED
    assert debtor().stage == Stage.ACCEPTED


def test_the_estate_of_the_case_is_that_of_the_generated_one() -> None:
    estate = Asset.objects.filter(belongs=Belonging.ESTATE)
    others = sum(inputs.scaled(fen, CONSUMERS) for fen in inputs.OTHER_ASSETS.values())

    total = estate.aggregate(fen=Sum("value_fen"))["fen"]
    assert abs(total - SIX_ACCOUNTS_FEN - others) <= len(inputs.OTHER_ASSETS)
    assert Exhibit.objects.count() == len(inputs.ACCOUNTS)
    assert Clock.objects.filter(deadline="D37").exists()


def test_nothing_that_the_bundle_carried_was_typed_again(demo: Ran) -> None:
    assert demo.effect.typed_again == 0
    assert demo.effect.fields > demo.effect.rows > 400
    referral = Referral.objects.get()
    first, second = referral.received_bundles.order_by("pk")
    assert {one["code"] for one in first.gaps} == {"item_4"}
    assert second.gaps == []


def test_nothing_is_left_to_run_out_or_to_be_answered() -> None:
    standing = Freeze.objects.exclude(state=FreezeState.LIFTED)
    assert not standing.exists()
    assert not Notice.objects.filter(acknowledged_on=None).exists()
    assert not ReferralClock.objects.filter(done_on=None).exists()
    assert not Clock.objects.filter(deadline="D37", done_at=None).exists()
    assert not BureauNotice.objects.filter(seen_at=None).exists()
    left = Asset.objects.filter(handed_over_on=None)
    assert set(left.values_list("belongs", flat=True)) == {Belonging.EXCLUDED}


def test_the_trail_tells_it_on_the_days_on_which_it_was() -> None:
    entries = Entry.objects.filter(chain=f"debtor/{debtor().slug}").order_by("pk")
    days = [one.at.date() for one in entries]

    assert days == sorted(days)
    assert days[0] < ASKED_ON < days[-1] <= HANDED_OVER_ON
    assert all(first_broken_link(one) is None for one in set(
        Entry.objects.values_list("chain", flat=True)
    ))  # fmt: skip


def test_again_adds_nothing(demo: Ran) -> None:
    before = (Entry.objects.count(), InquiryOrder.objects.count(), Claim.objects.count())

    assert demo.again() == demo.effect

    assert before == (
        Entry.objects.count(), InquiryOrder.objects.count(), Claim.objects.count()
    )  # fmt: skip


def test_suppliers_who_enforced_are_filed_once_with_the_figure_of_the_files(
    demo: Ran,
) -> None:
    opened = open_demo_case(home=demo.home, out=demo.home, consumers=CONSUMERS)

    filed = Claim.objects.filter(case=opened.case, kind="supplier", state="filed")
    rows = read_rows(demo.home / "case" / "other_claims.csv")
    owed = sum(int(row["fen"]) for row in rows if row["claim_id"].startswith("S"))
    assert filed.count() == 89
    assert filed.aggregate(fen=Sum("claimed_fen"))["fen"] == owed
    assert filed.exclude(holder=None).count() > 20
    assert opened.prefilled == CONSUMERS


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_says_it_in_both_languages(demo: Ran, lang: str) -> None:
    lines = court_lines(demo.effect, lang)

    assert all(all(cell for cell in line) for line in lines)
    assert any("37.5" in line[2] for line in lines)

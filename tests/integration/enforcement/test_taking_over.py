"""Acceptance: what enforcement had stands in the bankruptcy case, and powers switch."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from factories import make_case, make_creditor, make_staff
from factories_avoidance import make_candidates
from factories_bundles import (
    DAY,
    NOON,
    World,
    empty_installation,
    kind_of_administrator,
    make_sender,
)
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.models import Case, Clock
from zhipo.cases.phases import Phase
from zhipo.cases.powers import Act as CaseAct
from zhipo.cases.powers import can as can_in_case
from zhipo.claims.models import Claim, Holder
from zhipo.claims.queries.creditor import own_claims
from zhipo.documents.queries import documents_of, open_document
from zhipo.enforcement.actions import taking_over
from zhipo.enforcement.actions.avoidance import (
    SearchGiven,
    judge_candidate,
    search_avoidable,
)
from zhipo.enforcement.actions.bundling import send_bundle
from zhipo.enforcement.actions.receiving import Arrival, receive_bundle, receive_file
from zhipo.enforcement.actions.rulings import Ruling
from zhipo.enforcement.actions.taking_over import Acceptance, take_over
from zhipo.enforcement.bundle.storing import below_files
from zhipo.enforcement.finding_states import CandidateState
from zhipo.enforcement.models import (
    Asset,
    AvoidanceSearch,
    Candidate,
    Dealing,
    Debtor,
    EnforcementCase,
    Exhibit,
    Freeze,
    Property,
    Referral,
    TakeOver,
    TransactionHistory,
)
from zhipo.enforcement.policies.avoidance import Verdict
from zhipo.enforcement.powers import Act, check_power
from zhipo.enforcement.queries.avoidance import evidence_of
from zhipo.enforcement.queries.estates import debtor_taken_over
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import Belonging, Stage, Title
from zhipo.web.refusals import Declined, NotAllowed, NotInState

pytestmark = pytest.mark.django_db

ARRIVAL = Arrival(received_on=DAY, review_number="（2026）湘03破申1号")
RULED = DAY + timedelta(days=10)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return make_sender(
        tmp_path, monkeypatch, name="湘潭鲜享家电子商务有限公司", brand="鲜享家"
    )


@pytest.fixture
def administrator() -> Organisation:
    return kind_of_administrator()


@pytest.fixture
def judge(world: World) -> User:
    return make_staff(Role.BANKRUPTCY_JUDGE, world[Referral].receiving)


def acceptance(administrator: Organisation, **given: Any) -> Acceptance:
    values = {
        "ruling": Ruling(number="（2026）湘03破申1号之一", ruled_on=RULED),
        "case_number": "（2026）湘03破1号",
        "administrator_id": administrator.pk,
        "administrator_phone": "0731-55550000",
        "administrator_address": "湘潭市雨湖区",
    }
    return Acceptance(**(values | given))


def sent(world: World) -> None:
    sender = make_staff(Role.ENFORCEMENT_JUDGE, world[Referral].sending)
    send_bundle(referral_id=world[Referral].pk, by=sender, today=DAY, now=NOON)


@pytest.fixture
def received(world: World, judge: User) -> Referral:
    """In one installation: sent, checked, under review."""
    sent(world)
    received = receive_bundle(referral_id=world[Referral].pk, arrival=ARRIVAL, by=judge)
    return received.referral


def taken(referral: Referral, administrator: Organisation, by: User) -> TakeOver:
    return take_over(referral_id=referral.pk, acceptance=acceptance(administrator), by=by)


def test_the_case_is_what_enforcement_knew_and_the_ruling_said(
    received: Referral, administrator: Organisation, judge: User
) -> None:
    case = taken(received, administrator, judge).case

    debtor = received.debtor
    assert (case.debtor, case.brand, case.slug) == (debtor.name, "鲜享家", debtor.slug)
    assert (case.number, case.accepted_on) == ("（2026）湘03破1号", RULED)
    assert (case.court, case.administrator) == (received.receiving, administrator)
    assert case.phase == Phase.ACCEPTED
    assert Referral.objects.get().case == case
    assert Referral.objects.get().state == ReferralState.ACCEPTED


def test_the_ruling_may_choose_the_name_in_addresses(
    received: Referral, administrator: Organisation, judge: User
) -> None:
    named = acceptance(administrator, slug=" xianxiangjia ")

    case = take_over(referral_id=received.pk, acceptance=named, by=judge).case

    assert case.slug == "xianxiangjia"


@pytest.mark.parametrize("slug", ["鲜享家", "a b", "a/b", "x" * 51, "taken"])
def test_a_name_that_is_none_or_taken_is_refused_and_nothing_changes(
    slug: str, received: Referral, administrator: Organisation, judge: User
) -> None:
    make_case(slug="taken")

    with pytest.raises(NotInState):
        take_over(referral_id=received.pk, by=judge,
                  acceptance=acceptance(administrator, slug=slug))  # fmt: skip

    assert list(Case.objects.values_list("slug", flat=True)) == ["taken"]
    assert Referral.objects.get().state == ReferralState.UNDER_REVIEW


@pytest.mark.parametrize(
    ("title", "belongs", "rule"),
    [
        (Title.DEBTORS, Belonging.ESTATE, "cn.ebl.30"),
        (Title.THIRD_PARTYS, Belonging.EXCLUDED, "cn.bi2.2"),
        (Title.CUSTODY, Belonging.EXCLUDED, "cn.bi2.2"),
        (Title.DISPUTED, Belonging.OPEN, ""),
        (Title.UNCHECKED, Belonging.OPEN, ""),
    ],
)
def test_each_property_is_estate_or_not_by_rule(
    received: Referral,
    administrator: Organisation,
    judge: User,
    title: Title,
    belongs: Belonging,
    rule: str,
) -> None:
    Property.objects.update(title=title)

    taken(received, administrator, judge)

    asset = Asset.objects.get()
    assert (asset.belongs, asset.rule) == (belongs, rule)
    assert asset.value_fen == asset.target.value_fen


def test_histories_are_evidence_under_their_own_digest(
    received: Referral, administrator: Organisation, judge: User
) -> None:
    taken(received, administrator, judge)

    exhibit, history = Exhibit.objects.get(), TransactionHistory.objects.get()
    assert (exhibit.history, exhibit.sha256) == (history, history.sha256)


def test_each_day_on_which_a_freeze_ends_is_a_clock_of_the_case(
    received: Referral, administrator: Organisation, judge: User
) -> None:
    case = taken(received, administrator, judge).case

    until = Freeze.objects.get().until
    assert list(
        Clock.objects.filter(case=case, deadline="D37").values_list("last_day", flat=True)
    ) == [until]
    assert Clock.objects.filter(case=case, deadline="D09").exists()


def test_papers_of_enforcement_are_papers_of_the_case(
    received: Referral, administrator: Organisation, judge: User
) -> None:
    case = taken(received, administrator, judge).case

    (document,) = documents_of(case.number, roles=[Role.ENFORCEMENT_JUDGE])
    assert open_document(document).read() == b"PK the decision, as a file"


def test_an_applicant_is_a_known_creditor_who_finds_the_claim_by_phone(
    received: Referral, administrator: Organisation, judge: User
) -> None:
    case = taken(received, administrator, judge).case

    holder, claim = Holder.objects.get(), Claim.objects.get()
    enforced = EnforcementCase.objects.get()
    assert (holder.name, holder.phone) == (enforced.applicant, "+8613800138000")
    assert claim.claimed_fen == enforced.amount_fen - enforced.paid_fen
    assert (claim.kind, claim.state, claim.number) == ("supplier", "prefilled", "S-000-001")
    assert own_claims(make_creditor("+8613800138000"), case) == [claim]


@pytest.mark.parametrize(
    ("kind", "made"),
    [("consumer", "C-000-001"), ("lender", "L-000-001"), ("tax", "T-000-001"),
     ("social_insurance", "T-000-001"), ("other", "S-000-001"), ("employee", None)],
)  # fmt: skip
def test_claims_are_prefilled_by_kind_but_employees_file_none(
    received: Referral, administrator: Organisation, judge: User, kind: str, made: str
) -> None:
    EnforcementCase.objects.update(applicant_kind=kind)

    taken(received, administrator, judge)

    assert Claim.objects.values_list("number", flat=True).first() == made
    assert Holder.objects.count() == 1


def test_who_was_paid_in_full_is_no_creditor(
    received: Referral, administrator: Organisation, judge: User
) -> None:
    enforced = EnforcementCase.objects.get()
    EnforcementCase.objects.update(paid_fen=enforced.amount_fen)

    taken(received, administrator, judge)

    assert not Holder.objects.exists()


def test_powers_switch_enforcement_closes_and_the_administrator_leads(
    world: World, received: Referral, administrator: Organisation, judge: User
) -> None:
    enforcement = make_staff(Role.ENFORCEMENT_JUDGE, world[Referral].sending)
    lead = make_staff(Role.ADMINISTRATOR_LEAD, administrator)

    case = taken(received, administrator, judge).case

    debtor = Debtor.objects.get()
    assert debtor.stage == Stage.ACCEPTED
    for act in (Act.FREEZE, Act.DEDUCT, Act.INQUIRE, Act.RENEW_FREEZE, Act.PAY_OUT):
        with pytest.raises(NotInState) as refused:
            check_power(debtor, act, enforcement)
        assert "《企业破产法》" in refused.value.sentence
    assert can_in_case(case, CaseAct.UPLOAD_EVIDENCE, lead)


def test_again_changes_nothing_and_is_recorded_once(
    received: Referral, administrator: Organisation, judge: User
) -> None:
    first = taken(received, administrator, judge)

    again = taken(received, administrator, judge)

    assert again.pk == first.pk
    assert Entry.objects.filter(event=Event.ESTATE_TAKEN_OVER).count() == 1
    assert Asset.objects.count() == Claim.objects.count() == Case.objects.count() == 1
    entry = Entry.objects.get(event=Event.ESTATE_TAKEN_OVER)
    assert entry.detail["counts"] == {
        "assets": 1, "clocks": 1, "creditors": 1, "documents": 1, "exhibits": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "state",
    sorted(set(ReferralState) - {"under_review", "supplementing", "refused", "accepted"}),
)
def test_in_other_states_nothing_is_taken_over(
    received: Referral, administrator: Organisation, judge: User, state: ReferralState
) -> None:
    Referral.objects.update(state=state)

    with pytest.raises(NotInState):
        taken(received, administrator, judge)

    assert not Case.objects.exists()
    assert not Holder.objects.exists()


def test_what_nobody_has_checked_is_not_taken_over(
    world: World, administrator: Organisation, judge: User
) -> None:
    sent(world)

    with pytest.raises(NotInState):
        taken(world[Referral], administrator, judge)


def test_only_the_receiving_courts_judge_accepts(
    received: Referral, administrator: Organisation
) -> None:
    others = (
        make_staff(Role.COURT_CLERK, received.receiving),
        make_staff(Role.BANKRUPTCY_JUDGE),
        make_staff(Role.ENFORCEMENT_JUDGE, received.sending),
        make_staff(Role.ADMINISTRATOR_LEAD, administrator),
    )
    for by in others:
        with pytest.raises(NotAllowed):
            taken(received, administrator, by)

    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"administrator_id": 0},
        {"ruling": Ruling(number="x", ruled_on=DAY - timedelta(days=30))},
        {"case_number": "taken"},
    ],
)
def test_a_wrong_acceptance_changes_nothing(
    received: Referral, administrator: Organisation, judge: User, given: dict[str, Any]
) -> None:
    Case.objects.create(
        slug="other", number="taken", debtor="另一公司", brand="其他",
        court=received.receiving, administrator=administrator, accepted_on=RULED,
    )  # fmt: skip

    with pytest.raises(Declined):
        take_over(
            referral_id=received.pk, acceptance=acceptance(administrator, **given), by=judge
        )

    assert Case.objects.count() == 1
    assert not Asset.objects.exists()
    assert Debtor.objects.get().stage == Stage.UNDER_REVIEW


@pytest.mark.parametrize(
    "broken", ["record", "_put_documents", "_put_clocks", "put_known_creditors_in"]
)
def test_whatever_fails_in_between_nothing_is_half_taken_over(
    received: Referral,
    administrator: Organisation,
    judge: User,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError(broken)

    with monkeypatch.context() as patch:
        patch.setattr(taking_over, broken, fails)
        with pytest.raises(RuntimeError):
            taken(received, administrator, judge)

    for model in (Case, Asset, Exhibit, Holder, Claim, Clock, TakeOver):
        assert not model._default_manager.exists(), model
    assert Debtor.objects.get().stage == Stage.UNDER_REVIEW
    assert taken(received, administrator, judge).counts["assets"] == 1


def test_by_file_alone_the_other_database_has_the_same_case(
    world: World, administrator: Organisation, judge: User
) -> None:
    sent(world)
    content = below_files(Referral.objects.get().bundles.get().path).read_bytes()
    thing, enforced = world[Property], world[EnforcementCase]
    empty_installation()

    referral = receive_file(chunks=[content], arrival=ARRIVAL, by=judge).referral
    case = taken(referral, administrator, judge).case

    asset, claim = Asset.objects.get(), Claim.objects.get()
    assert (asset.target.reference, asset.value_fen) == (thing.reference, thing.value_fen)
    assert claim.details["enforcement_case"] == enforced.number
    assert (case.debtor, case.brand) == ("湘潭鲜享家电子商务有限公司", "鲜享家")
    assert documents_of(case.number, roles=[Role.ENFORCEMENT_JUDGE]).count() == 1


def test_a_verdict_of_enforcement_stands_with_the_administrator_and_its_own_search(
    world: World, administrator: Organisation, judge: User
) -> None:
    """Across two databases: the same act is found again under the verdict."""
    by, case = make_staff(Role.ENFORCEMENT_JUDGE, world[Referral].sending), world
    for model in (Candidate, AvoidanceSearch, TransactionHistory):
        model._default_manager.all().delete()
    Dealing.objects.all().delete()
    found = make_candidates(case[EnforcementCase], by)
    judged = [
        judge_candidate(candidate_id=one.pk, by=by,
                        verdict=Verdict(CandidateState.PURSUED, "付款凭证齐全"))
        for one in Candidate.objects.order_by("-fen")
    ]  # fmt: skip
    assert found["candidate_id"] == judged[0].pk
    sent(world)
    content = below_files(Referral.objects.get().bundles.get().path).read_bytes()
    shown = [(one.kind, one.counterparty, one.fen, one.reason) for one in judged]
    empty_installation()

    referral = receive_file(chunks=[content], arrival=ARRIVAL, by=judge).referral
    bankruptcy = taken(referral, administrator, judge).case
    lead = make_staff(Role.ADMINISTRATOR_LEAD, administrator)
    arrived = list(Candidate.objects.order_by("-fen"))
    assert [(one.kind, one.counterparty, one.fen, one.reason) for one in arrived] == shown
    rows = {one.pk: sum(row["fen"] for row in evidence_of(one)) for one in arrived}
    assert rows == {one.pk: one.fen for one in arrived}
    debtor = debtor_taken_over(bankruptcy)
    assert debtor is not None
    given = SearchGiven(bankruptcy.accepted_on, DAY - timedelta(days=900), "首次执行无果")
    search_avoidable(debtor_id=debtor.pk, given=given, by=lead)

    again = Candidate.objects.exclude(state=CandidateState.OUTDATED).order_by("-fen")
    assert {(one.pk, one.state) for one in again} <= {
        (one.pk, CandidateState.PURSUED) for one in arrived
    }
    assert Candidate.objects.count() == len(arrived) == len(judged)

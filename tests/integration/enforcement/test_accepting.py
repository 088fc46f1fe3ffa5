"""A petition to the court itself is accepted: its case, the stay, what goes into it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from devices import device_of
from factories import make_debtor, make_enforcement_case, make_organisation, make_staff
from factories_referrals import Bench, make_freeze, make_referral, recorded, staff
from integration.documents.filled_documents import text_of
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import OrganisationKind, Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.models import Case, Clock
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim, Holder
from zhipo.documents.queries import open_document
from zhipo.enforcement.actions import accepting, rulings, taking_over
from zhipo.enforcement.actions.accepting import accept_petition
from zhipo.enforcement.actions.notices import acknowledge_notice, send_notices
from zhipo.enforcement.actions.petitions import (
    PetitionGiven,
    PetitionRuling,
    notify_debtor,
    receive_petition,
    rule_on_petition,
    serve_refusal,
)
from zhipo.enforcement.actions.proceeds import Booking, book_proceeds, hand_over
from zhipo.enforcement.actions.restoring import restore_freeze
from zhipo.enforcement.actions.rulings import Ruling, record_dismissal
from zhipo.enforcement.actions.taking_over import Acceptance
from zhipo.enforcement.models import (
    Asset,
    BureauNotice,
    Debtor,
    EnforcementCase,
    KeptPlace,
    Notice,
    Petition,
    Proceeds,
    Referral,
    TakeOver,
)
from zhipo.enforcement.petition_states import Petitioner, PetitionOutcome, PetitionState
from zhipo.enforcement.policies.avoidance import accepted_case
from zhipo.enforcement.powers import Act, check_power
from zhipo.enforcement.queries.estates import debtor_taken_over, estate_of
from zhipo.enforcement.referral_states import NoticeKind, ReferralState
from zhipo.enforcement.states import FreezeState, Stage
from zhipo.law.referral.handover import Held
from zhipo.web.refusals import Declined, NotAllowed, NotInState

pytestmark = pytest.mark.django_db
RECEIVED = date(2025, 7, 1)
NOTIFIED = date(2025, 7, 3)
RULED = date(2025, 7, 14)  # the debtor's seven days end on the 10th
LATER = date(2025, 8, 1)
R = ReferralState


@pytest.fixture
def administrator() -> Organisation:
    return make_organisation(OrganisationKind.ADMINISTRATOR)


@pytest.fixture
def petition(bench: Bench) -> Petition:
    return of_creditor(bench)


def of_creditor(bench: Bench, key: str = "k1", **given: Any) -> Petition:
    """A creditor's petition against the bench's debtor, of which the debtor was told."""
    petition = received(bench, key, by_whom=Petitioner.CREDITOR, **given)
    return notify_debtor(petition_id=petition.pk, notified_on=NOTIFIED,
                         by=bench.bankruptcy_clerk, today=LATER)  # fmt: skip


def received(bench: Bench, key: str = "k1", **given: Any) -> Petition:
    values: dict[str, Any] = {
        "number": f"（2025）湘03破申{key}号", "name": bench.debtor.name,
        "by_whom": Petitioner.DEBTOR, "petitioner": "湘潭申请人商贸有限公司",
        "received_on": RECEIVED, "credit_code": bench.debtor.credit_code,
    }  # fmt: skip
    return receive_petition(
        court_id=bench.intermediate.pk, given=PetitionGiven(**values | given),
        form_key=key, by=bench.bankruptcy_clerk, today=LATER,
    )  # fmt: skip


def acceptance(administrator: Organisation, **given: Any) -> Acceptance:
    values = {
        "ruling": Ruling("（2025）湘03破申1号之一", RULED),
        "case_number": "（2025）湘03破1号", "administrator_id": administrator.pk,
        "administrator_phone": "0731-55550000",
    }  # fmt: skip
    return Acceptance(**(values | given))


def accepted(bench: Bench, petition: Petition, firm: Organisation, **given: Any) -> Case:
    return accept_petition(
        petition_id=petition.pk, acceptance=acceptance(firm, **given),
        by=bench.bankruptcy_judge, today=LATER,
    )  # fmt: skip


def test_the_case_is_what_the_petition_held_and_the_ruling_said(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    case = accepted(bench, petition, administrator)

    petition.refresh_from_db()
    assert (case.debtor, case.brand, case.slug) == (
        petition.name, bench.debtor.brand, bench.debtor.slug,
    )  # fmt: skip
    assert (case.number, case.accepted_on) == ("（2025）湘03破1号", RULED)
    assert (case.court, case.administrator) == (bench.intermediate, administrator)
    assert (petition.case, petition.outcome) == (case, PetitionOutcome.ACCEPTED)
    assert petition.ruling_number == "（2025）湘03破申1号之一"
    assert not petition.clocks.filter(done_on=None).exists()
    assert {"D06", "D09"} <= set(case.clocks.values_list("deadline", flat=True))


def test_what_enforcement_knows_stands_in_the_case(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    freeze = make_freeze(bench.leading)

    case = accepted(bench, petition, administrator)

    assert Asset.objects.get(case=case).target == freeze.target
    (ends,) = Clock.objects.filter(case=case, deadline="D37")
    assert ends.last_day == freeze.until
    applicants = set(bench.debtor.cases.values_list("number", flat=True))
    known = set(Holder.objects.values_list("holder_id", flat=True))
    assert known == applicants | {petition.number}
    assert Claim.objects.count() == len(applicants)
    assert TakeOver.objects.get().origin == petition
    debtor = Debtor.objects.get(pk=bench.debtor.pk)
    assert (debtor_taken_over(case), accepted_case(debtor)) == (debtor, case)
    estate = estate_of(case, today=LATER)
    assert estate is not None
    assert estate.court == bench.intermediate.name


def test_enforcement_stays_and_every_court_is_told(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    freeze = make_freeze(bench.leading)

    accepted(bench, petition, administrator)

    debtor = Debtor.objects.get(pk=bench.debtor.pk)
    assert debtor.stage == Stage.ACCEPTED
    assert set(debtor.cases.values_list("state", flat=True)) == {"suspended"}
    with pytest.raises(NotInState, match="stayed"):
        check_power(debtor, Act.DEDUCT, bench.handler)
    letters = {(one.kind, one.sender_id, one.court_id, one.institution_id)
               for one in Notice.objects.filter(petition=petition)}  # fmt: skip
    assert letters == {
        (NoticeKind.SUSPEND, bench.intermediate.pk, bench.sending.pk, None),
        (NoticeKind.SUSPEND, bench.intermediate.pk, bench.beside.pk, None),
        (NoticeKind.LIFT, bench.sending.pk, None, freeze.order.institution_id),
    }
    assert KeptPlace.objects.get(petition=petition).freeze == freeze
    told = BureauNotice.objects.values_list("court_id", flat=True)
    assert set(told) == {bench.sending.pk, bench.beside.pk}


def test_a_debtor_that_enforcement_does_not_know_has_its_case_all_the_same(
    bench: Bench, administrator: Organisation
) -> None:
    petition = of_creditor(bench, name="长沙无名商贸有限公司", credit_code="")

    case = accepted(bench, petition, administrator)

    assert case.debtor == "长沙无名商贸有限公司"
    assert Holder.objects.get(case=case).name == petition.petitioner
    assert estate_of(case, today=LATER) is None
    assert not TakeOver.objects.exists()
    assert not Notice.objects.exists()


def test_a_debtor_registered_after_the_petition_is_found_by_its_code(
    bench: Bench, administrator: Organisation
) -> None:
    code = "91430302MA4L1234XU"
    petition = received(bench, credit_code=code)
    late = make_debtor(credit_code=code)
    make_enforcement_case(debtor=late)

    accepted(bench, petition, administrator)

    petition.refresh_from_db()
    late.refresh_from_db()
    assert (petition.debtor, late.stage) == (late, Stage.ACCEPTED)


def test_who_petitions_and_enforces_is_one_creditor(
    bench: Bench, administrator: Organisation
) -> None:
    petition = of_creditor(bench, petitioner=bench.leading.applicant)

    case = accepted(bench, petition, administrator)

    assert Holder.objects.filter(case=case).count() == bench.debtor.cases.count()


@pytest.mark.parametrize("by_whom", [Petitioner.DEBTOR, Petitioner.LIQUIDATOR])
def test_only_a_creditor_who_petitions_is_a_creditor(
    bench: Bench, administrator: Organisation, by_whom: Petitioner
) -> None:
    petition = received(bench, by_whom=by_whom)

    case = accepted(bench, petition, administrator)

    assert not Holder.objects.filter(case=case, holder_id=petition.number).exists()


def test_again_is_the_same_case_recorded_once(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    first = accepted(bench, petition, administrator)

    assert accepted(bench, petition, administrator) == first
    assert (Case.objects.count(), TakeOver.objects.count()) == (1, 1)
    assert Entry.objects.get(event=Event.PETITION_RULED).detail["courts_told"] == 2
    assert recorded(Event.ESTATE_TAKEN_OVER) == recorded(Event.ENFORCEMENT_STAYED) == 1


@pytest.mark.parametrize("state", [R.COLLECTING, R.DECIDED, R.SENT, R.UNDER_REVIEW,
                                   R.SUPPLEMENTING, R.REFUSED])  # fmt: skip
def test_a_referral_on_its_way_is_overtaken(
    bench: Bench, petition: Petition, administrator: Organisation, state: ReferralState
) -> None:
    referral = make_referral(bench, state)

    accepted(bench, petition, administrator)

    referral.refresh_from_db()
    assert referral.state == R.OVERTAKEN
    assert not referral.clocks.filter(done_on=None).exists()
    assert Entry.objects.get(event=Event.ENFORCEMENT_STAYED).detail["overtaken"] == 1


@pytest.mark.parametrize("state", [R.DECLINED, R.RETURNED])
def test_a_referral_that_has_ended_stays_as_it_ended(
    bench: Bench, petition: Petition, administrator: Organisation, state: ReferralState
) -> None:
    ended = R.REFUSED if state == R.RETURNED else R.COLLECTING
    referral = make_referral(bench, ended)
    Referral.objects.filter(pk=referral.pk).update(state=state)

    accepted(bench, petition, administrator)

    assert Referral.objects.get(pk=referral.pk).state == state


def test_a_debtor_goes_bankrupt_once(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    other = of_creditor(bench, key="k2")
    accepted(bench, petition, administrator)

    with pytest.raises(NotInState, match="accepted_already"):
        accepted(bench, other, administrator, case_number="（2025）湘03破2号")

    assert Petition.objects.get(pk=other.pk).state == PetitionState.IN_REVIEW
    assert Case.objects.count() == 1


def test_who_cannot_go_bankrupt_is_not_accepted(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    Debtor.objects.update(entity="sole_trader")
    before = everything()

    with pytest.raises(NotInState, match="not_eligible"):
        accepted(bench, petition, administrator)

    assert everything() == before


def everything() -> tuple[Any, ...]:
    """All that an acceptance could change."""
    kept = (Petition, Debtor, Case, Notice, KeptPlace, TakeOver, Asset, Holder, Claim,
            Clock, BureauNotice, Referral)  # fmt: skip
    return (Entry.objects.count(),
            *(list(one._default_manager.order_by("pk").values()) for one in kept),
            list(EnforcementCase.objects.order_by("pk").values("state")))  # fmt: skip


def test_others_accept_nothing(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    before = everything()
    for by in (
        bench.bankruptcy_clerk, bench.handler, bench.above_judge,
        make_staff(Role.BANKRUPTCY_JUDGE),
        make_staff(Role.ADMINISTRATOR_LEAD, administrator),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            accept_petition(petition_id=petition.pk, acceptance=acceptance(administrator),
                            by=by, today=LATER)  # fmt: skip

    assert everything() == before


@pytest.mark.parametrize(
    "given",
    [
        {"administrator_id": 0},
        {"slug": "鲜享家"},
        {"case_number": "taken"},
        {"ruling": Ruling("x", date(2025, 7, 10))},  # the debtor may still object
        {"ruling": Ruling(" ", RULED)},
        {"ruling": Ruling("x", LATER + timedelta(days=1))},
    ],
)
def test_a_wrong_acceptance_changes_nothing(
    bench: Bench, petition: Petition, administrator: Organisation, given: dict[str, Any]
) -> None:
    Case.objects.create(
        slug="other", number="taken", debtor="另一公司", brand="其他",
        court=bench.intermediate, administrator=administrator, accepted_on=RULED,
    )  # fmt: skip
    before = everything()

    with pytest.raises(Declined):
        accepted(bench, petition, administrator, **given)

    assert everything() == before


def refuse(bench: Bench, petition: Petition) -> None:
    """Refused on the 14th, served on the 16th of July."""
    by, served_on = bench.bankruptcy_judge, RULED + timedelta(days=2)
    ruling = PetitionRuling(PetitionOutcome.REFUSED, RULED, "一号", "没有破产原因")
    rule_on_petition(petition_id=petition.pk, ruling=ruling, by=by, today=LATER)
    serve_refusal(petition_id=petition.pk, served_on=served_on, by=by, today=LATER)


def test_a_refusal_reversed_on_appeal_is_followed_by_acceptance(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    refuse(bench, petition)
    early = Ruling("二号", RULED - timedelta(days=1))
    with pytest.raises(NotInState):
        accepted(bench, petition, administrator, ruling=early)
    with pytest.raises(NotAllowed):
        accept_petition(petition_id=petition.pk, acceptance=acceptance(administrator),
                        by=bench.bankruptcy_clerk, today=LATER)  # fmt: skip

    case = accepted(bench, petition, administrator, ruling=Ruling("二号", LATER))

    petition.refresh_from_db()
    assert (petition.outcome, petition.ruled_on) == (PetitionOutcome.ACCEPTED, LATER)
    assert petition.case == case
    assert not petition.clocks.filter(done_on=None).exists()
    assert Debtor.objects.get(pk=bench.debtor.pk).stage == Stage.ACCEPTED


def test_by_browser_a_reversed_refusal_is_accepted(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    refuse(bench, petition)
    court, address = device_of(bench.bankruptcy_judge), f"/court/petitions/{petition.pk}/"
    assert "上诉改判后受理并立案" in read(court, address)

    court.post(f"{address}appealed", {
        "number": "二号", "ruled_on": "2025-08-01", "case_number": "（2025）湘03破1号",
        "administrator_id": administrator.pk, "slug": "xianxiang", "is_read": "on",
    })  # fmt: skip

    assert "/court/xianxiang/" in read(court, address)


def test_what_was_withdrawn_is_not_accepted(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    outcome = PetitionOutcome.WITHDRAWN
    Petition.objects.update(state=PetitionState.ENDED, outcome=outcome, ruled_on=RULED)
    before = everything()

    with pytest.raises(NotInState):
        accepted(bench, petition, administrator)

    assert everything() == before


@pytest.mark.parametrize(
    ("module", "broken"),
    [(accepting, "record"), (taking_over, "record"), (accepting, "put_into_case"),
     (accepting, "stay_enforcement"), (accepting, "put_petitioner_in"),
     (rulings, "make_stay_notices")],
)  # fmt: skip
def test_whatever_fails_in_between_nothing_is_half_accepted(
    bench: Bench,
    petition: Petition,
    administrator: Organisation,
    module: Any,
    broken: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_freeze(bench.leading)
    before = everything()

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError(broken)

    with monkeypatch.context() as patch:
        patch.setattr(module, broken, fails)
        with pytest.raises(RuntimeError):
            accepted(bench, petition, administrator)

    assert everything() == before
    assert accepted(bench, petition, administrator).phase == Phase.ACCEPTED


def test_letters_go_out_under_the_rulings_number_and_lift_what_they_name(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    freeze = make_freeze(bench.leading)
    accepted(bench, petition, administrator)
    suspend = Notice.objects.get(kind=NoticeKind.SUSPEND, court=bench.beside)
    lift = Notice.objects.get(kind=NoticeKind.LIFT)
    for letter, by in ((suspend, bench.handler), (lift, bench.bankruptcy_clerk)):
        with pytest.raises(NotAllowed):
            send(petition, letter, by)

    assert send(petition, suspend, bench.bankruptcy_judge) == 1
    assert send(petition, lift, bench.clerk) == 1
    assert send(petition, lift, bench.clerk) == 0

    suspend.refresh_from_db()
    assert suspend.document is not None
    text = text_of(open_document(suspend.document).read())
    assert "（2025）湘03破申1号之一" in text
    assert bench.intermediate.name in text
    acknowledge_notice(notice_id=lift.pk, acknowledged_on=LATER, reply="已解除",
                       by=bench.clerk, today=LATER)  # fmt: skip
    freeze.refresh_from_db()
    assert freeze.state == FreezeState.LIFTED


def send(petition: Petition, letter: Notice, by: User) -> int:
    return send_notices(petition_id=petition.pk, notice_ids=[letter.pk], by=by, today=LATER)


def test_money_in_the_courts_account_is_handed_to_the_administrator(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    booked = book_proceeds(
        case_id=bench.leading.pk, by=bench.clerk,
        booking=Booking("划拨存款", Held.COURT_ACCOUNT, 7, since=RECEIVED),
    )  # fmt: skip
    giving = {"petition_id": petition.pk, "proceeds_ids": [booked.pk],
              "handed_over_on": LATER, "today": LATER}  # fmt: skip
    with pytest.raises(NotInState):
        hand_over(**giving, by=bench.clerk)  # nothing is accepted yet
    case = accepted(bench, petition, administrator)
    estate = estate_of(case, today=LATER)
    assert estate is not None
    assert estate.due_fen == 7

    assert [hand_over(**giving, by=bench.clerk) for _ in range(2)] == [1, 0]
    assert Proceeds.objects.get().handed_over_on == LATER


def test_a_dismissal_ends_the_case_and_brings_enforcement_back(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    freeze = make_freeze(bench.leading)
    accepted(bench, petition, administrator)
    lift = Notice.objects.get(kind=NoticeKind.LIFT)
    send(petition, lift, bench.clerk)
    acknowledge_notice(notice_id=lift.pk, acknowledged_on=LATER, reply="", by=bench.clerk,
                       today=LATER)  # fmt: skip
    dismissing = {"petition_id": petition.pk, "dismissed_on": LATER, "today": LATER}
    with pytest.raises(NotAllowed):
        record_dismissal(**dismissing, by=bench.handler)

    for _ in range(2):
        record_dismissal(**dismissing, by=bench.bankruptcy_judge)

    place = KeptPlace.objects.get(freeze=freeze)
    restore_freeze(place_id=place.pk, restored_on=LATER, by=bench.handler, today=LATER)
    debtor, case = Debtor.objects.get(pk=bench.debtor.pk), Case.objects.get()
    freeze.refresh_from_db()
    assert (debtor.stage, case.phase) == (Stage.RETURNED, Phase.DISMISSED)
    assert set(debtor.cases.values_list("state", flat=True)) == {"open"}
    assert freeze.state == FreezeState.IN_FORCE
    (restore,) = Notice.objects.filter(kind=NoticeKind.RESTORE)
    assert (restore.sender, restore.court) == (bench.intermediate, bench.sending)
    assert recorded(Event.REFERRAL_DISMISSED) == 1
    assert accepted_case(debtor) is None


def test_by_browser_from_the_ruling_to_the_letters(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    make_freeze(bench.leading)
    court, bureau = device_of(bench.bankruptcy_judge), device_of(bench.clerk)
    address = f"/court/petitions/{petition.pk}/"
    given = {"number": "一号", "ruled_on": "2025-07-14", "case_number": "（2025）湘03破1号",
             "administrator_id": administrator.pk, "slug": "xianxiang"}  # fmt: skip
    assert court.post(f"{address}accept", given).status_code == 400  # not ticked
    court.post(f"{address}accept", given | {"is_read": "on"})
    page = read(court, address)
    assert "/court/xianxiang/" in page
    assert page.count("中止执行通知书") == 2 * 2  # two letters, listed and offered

    letter = Notice.objects.get(kind=NoticeKind.SUSPEND, court=bench.beside)
    court.post(f"{address}letters/send", {"notice_ids": [letter.pk]})
    paper = court.get(f"{address}letters/{letter.pk}/paper")
    assert paper.status_code == 200
    today = timezone.localdate().isoformat()
    reply = {"acknowledged_on": today, "reply": "已中止"}
    court.post(f"{address}letters/{letter.pk}/reply", reply)
    assert "已中止" in read(court, address)

    stay = f"/bureau/{bench.debtor.slug}/stay"
    assert "（2025）湘03破1号" in read(bureau, stay)
    lift = Notice.objects.get(kind=NoticeKind.LIFT)
    bureau.post(f"{stay}/letters", {"notice_ids": [lift.pk]})
    lift.refresh_from_db()
    assert lift.document_id is not None
    kept = f"/bureau/{bench.debtor.slug}/referral/kept/{lift.document_id}"
    assert kept in read(bureau, stay)
    assert bureau.get(kept).status_code == 200
    lead = device_of(staff(Role.ADMINISTRATOR_LEAD, administrator))
    assert f"{bench.intermediate.name}直接受理" in read(lead, "/desk/xianxiang/estate")


def test_by_browser_a_dismissal_is_entered_knowingly(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    accepted(bench, petition, administrator)
    court, address = device_of(bench.bankruptcy_judge), f"/court/petitions/{petition.pk}/"
    given = {"dismissed_on": timezone.localdate().isoformat()}

    assert court.post(f"{address}dismissed", given).status_code == 400
    court.post(f"{address}dismissed", given | {"is_read": "on"})

    assert "裁定驳回" in read(court, address)
    assert Case.objects.get().phase == Phase.DISMISSED


def test_letters_of_other_courts_are_not_ours_to_answer(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    make_freeze(bench.leading)
    accepted(bench, petition, administrator)
    lift = Notice.objects.get(kind=NoticeKind.LIFT)
    court = device_of(bench.bankruptcy_clerk)
    address = f"/court/petitions/{petition.pk}/letters/{lift.pk}"

    assert court.get(f"{address}/paper").status_code == 404
    assert court.post(f"{address}/reply", {}).status_code == 404


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def test_notices_of_acceptance_name_the_petitioner_nobody_types_again(
    bench: Bench, petition: Petition, administrator: Organisation
) -> None:
    case = accepted(bench, petition, administrator)

    page = read(device_of(bench.bankruptcy_judge), f"/court/{case.slug}/")

    assert f'value="{petition.petitioner}"' in page


def test_after_a_referral_they_name_who_consented(bench: Bench) -> None:
    case = make_referral(bench, R.ACCEPTED).case
    assert case is not None

    page = read(device_of(bench.bankruptcy_judge), f"/court/{case.slug}/")

    assert bench.leading.applicant in page

"""From opening to the decision: conditions, consents, the chain, approval, the stay."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from factories import make_enforcement_case
from factories_referrals import (
    AGREES,
    DECIDED,
    DISAGREES,
    OPENED,
    Bench,
    agreed_on,
    approve,
    at_noon,
    consent,
    elsewhere,
    handler_signs,
    make_bench,
    make_referral,
    panel_signs,
    plan_of,
    president_signs,
    rank,
    recorded,
    staff,
)
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.enforcement.actions import decisions, referrals
from zhipo.enforcement.actions.decisions import (
    Opinion,
    approve_referral,
    sign_as_handler,
    sign_as_panel,
    sign_as_president,
)
from zhipo.enforcement.actions.referrals import (
    ask_consent,
    drop_referral,
    open_referral,
    rank_court,
    record_answer,
)
from zhipo.enforcement.models import CourtRank, Referral
from zhipo.enforcement.powers import Act, check_power
from zhipo.enforcement.referral_states import ConsentAnswer, CourtLevel, ReferralState
from zhipo.enforcement.states import EnforcementState, Stage
from zhipo.law.triage.cause import Entity
from zhipo.law.triage.road import Road
from zhipo.web.refusals import Declined, NotAllowed, NotInState

pytestmark = pytest.mark.django_db
R = ReferralState


def opened(bench: Bench, by: User | None = None, **plan: Any) -> Referral:
    return open_referral(
        debtor_id=bench.debtor.pk,
        plan=plan_of(bench, **plan),
        by=by or bench.handler,
        today=OPENED,
    )


def test_a_referral_is_opened_once_and_recorded(bench: Bench) -> None:
    first, again = opened(bench), opened(bench)

    assert first.pk == again.pk
    assert (first.state, first.regime) == (R.COLLECTING, "refop_2017")
    assert first.sending == bench.sending
    assert recorded(Event.REFERRAL_OPENED) == 1


@pytest.mark.parametrize("entity", [Entity.SOLE_TRADER, Entity.NATURAL_PERSON])
def test_who_is_no_enterprise_is_not_referred(entity: Entity) -> None:
    bench = make_bench(entity=entity)

    with pytest.raises(NotInState) as refused:
        opened(bench)

    assert "参与分配" in refused.value.sentence
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_at_domicile": False}, "不能受理"),
        ({"road": Road.ENFORCE_ONLY}, "移送破产清算"),
        ({"cause": "  "}, "破产原因"),
    ],
)
def test_a_plan_that_the_law_does_not_know_is_refused(
    bench: Bench, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(NotInState) as refused:
        opened(bench, **change)

    assert words in refused.value.sentence
    assert not Referral.objects.exists()


def test_a_basic_court_receives_with_the_high_courts_approval_alone(bench: Bench) -> None:
    with pytest.raises(NotInState, match="no_jurisdiction"):
        opened(bench, receiving_id=bench.beside.pk)

    referral = opened(
        bench, receiving_id=bench.beside.pk, high_court_approval="（2025）湘破管1号"
    )

    assert referral.receiving == bench.beside


def test_a_court_without_rank_is_named(bench: Bench) -> None:
    CourtRank.objects.filter(court=bench.intermediate).delete()

    with pytest.raises(NotInState) as refused:
        opened(bench)

    assert bench.intermediate.name in refused.value.sentence


def test_a_closed_case_leads_no_referral(bench: Bench) -> None:
    bench.leading.state = EnforcementState.CLOSED
    bench.leading.save()

    with pytest.raises(NotInState, match="wrong_case"):
        opened(bench)


def test_a_case_closed_for_now_may_lead_one(bench: Bench) -> None:
    bench.leading.state = EnforcementState.CLOSED_FOR_NOW
    bench.leading.save()

    assert opened(bench).leading == bench.leading


def test_another_court_opens_no_second_one_and_no_case_of_its_own(bench: Bench) -> None:
    opened(bench)
    theirs = bench.debtor.cases.get(court=bench.beside)
    judge = staff(Role.ENFORCEMENT_JUDGE, bench.beside)

    with pytest.raises(NotInState, match="another"):
        opened(bench, by=judge, leading_id=theirs.pk)
    with pytest.raises(NotAllowed):
        opened(bench, by=judge, road=Road.REFER_REORG)

    assert Referral.objects.count() == 1


def test_a_stranger_opens_none(bench: Bench) -> None:
    with pytest.raises(NotAllowed):
        opened(bench, by=bench.bankruptcy_judge)

    assert not Referral.objects.exists()


def test_a_failing_audit_undoes_the_opening(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_audit(monkeypatch, referrals)

    with pytest.raises(RuntimeError):
        opened(bench)

    assert not Referral.objects.exists()


def test_everybody_of_the_court_and_the_debtor_is_asked_once(bench: Bench) -> None:
    referral = opened(bench)

    first = ask_consent(referral_id=referral.pk, by=bench.clerk, today=OPENED)
    make_enforcement_case(debtor=bench.debtor, court=bench.sending)
    later = ask_consent(referral_id=referral.pk, by=bench.clerk, today=OPENED)
    again = ask_consent(referral_id=referral.pk, by=bench.clerk, today=OPENED)

    assert (first, later, again) == (3, 1, 0)
    assert not referral.consents.filter(case__court=bench.beside).exists()
    assert recorded(Event.CONSENT_ASKED) == 2


def test_consent_counts_in_writing_alone(bench: Bench) -> None:
    referral = opened(bench)
    ask_consent(referral_id=referral.pk, by=bench.clerk, today=OPENED)
    asked = referral.consents.get(case=None)

    with pytest.raises(NotInState, match="not_in_writing"):
        record_answer(
            consent_id=asked.pk,
            answer=agreed_on(OPENED, reference=" "),
            by=bench.clerk,
            today=OPENED,
        )

    asked.refresh_from_db()
    assert asked.answer == ""


def test_the_writing_is_kept_sealed(bench: Bench) -> None:
    referral = opened(bench)
    ask_consent(referral_id=referral.pk, by=bench.clerk, today=OPENED)
    asked = referral.consents.get(case=None)
    picture = b"\x89PNG\r\n\x1a\n" + bytes(300)
    upload = SimpleUploadedFile("同意书.png", picture, "image/png")

    kept = record_answer(
        consent_id=asked.pk,
        answer=agreed_on(OPENED, reference="", upload=upload),
        by=bench.clerk,
        today=OPENED,
    )

    assert kept.paper is not None
    assert kept.paper.chain == f"debtor/{bench.debtor.slug}"
    assert kept.paper.path.endswith(".png")


@pytest.mark.parametrize("day", [date(2025, 6, 30), date(2025, 7, 2)])
def test_an_answer_is_neither_before_the_question_nor_from_the_future(
    bench: Bench, day: date
) -> None:
    referral = opened(bench)
    ask_consent(referral_id=referral.pk, by=bench.clerk, today=OPENED)
    asked = referral.consents.get(case=None)

    with pytest.raises(NotInState):
        record_answer(
            consent_id=asked.pk, answer=agreed_on(day), by=bench.clerk, today=OPENED
        )


def test_nobody_consents_and_enforcement_goes_on(bench: Bench) -> None:
    referral = opened(bench)
    ask_consent(referral_id=referral.pk, by=bench.clerk, today=OPENED)

    drop_referral(referral_id=referral.pk, reason="均不同意", by=bench.handler)
    drop_referral(referral_id=referral.pk, reason="均不同意", by=bench.handler)

    referral.refresh_from_db()
    assert (referral.state, referral.debtor.stage) == (R.DECLINED, Stage.ENFORCING)
    assert recorded(Event.REFERRAL_DECLINED) == 1
    assert opened(bench).pk != referral.pk


def test_a_referral_with_a_consent_is_not_dropped_for_want_of_one(bench: Bench) -> None:
    referral = opened(bench)
    consent(bench, referral.pk)

    with pytest.raises(NotInState, match="somebody_agrees"):
        drop_referral(referral_id=referral.pk, reason="-", by=bench.handler)


def test_without_consent_the_handler_cannot_propose(bench: Bench) -> None:
    referral = opened(bench)
    ask_consent(referral_id=referral.pk, by=bench.clerk, today=OPENED)

    with pytest.raises(NotInState) as refused:
        handler_signs(bench, referral.pk)

    assert "书面同意" in refused.value.sentence
    assert not referral.signatures.exists()


def test_a_consent_taken_back_before_the_proposal_does_not_count(bench: Bench) -> None:
    referral = opened(bench)
    consent(bench, referral.pk)
    asked = referral.consents.get(case=bench.leading)
    record_answer(
        consent_id=asked.pk,
        answer=agreed_on(OPENED, answer=ConsentAnswer.DECLINES),
        by=bench.clerk,
        today=OPENED,
    )

    with pytest.raises(NotInState, match="conditions"):
        handler_signs(bench, referral.pk)


def test_after_the_proposal_an_answer_is_not_changed(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)
    asked = referral.consents.get(case=bench.leading)

    with pytest.raises(NotInState):
        record_answer(
            consent_id=asked.pk,
            answer=agreed_on(OPENED, answer=ConsentAnswer.DECLINES),
            by=bench.clerk,
            today=OPENED,
        )


def test_handler_panel_president_decide_and_enforcement_stays(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)

    assert referral.decided_on == DECIDED
    assert referral.debtor.stage == Stage.REFERRING
    assert [one.role for one in referral.signatures.order_by("pk")] == [
        "handler",
        "panel",
        "panel",
        "president",
    ]
    states = dict(bench.debtor.cases.values_list("court__name", "state"))
    assert states == {bench.sending.name: "suspended", bench.beside.name: "open"}
    assert referral.services.count() == 3  # two applicants and the debtor
    assert list(referral.notices.values_list("kind", "court")) == [
        ("tell_court", bench.beside.pk)
    ]
    assert recorded(Event.REFERRAL_DECIDED) == 1


def test_deciding_closes_deduction_and_keeps_renewal(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)

    with pytest.raises(NotInState):
        check_power(referral.debtor, Act.DEDUCT, bench.handler)
    assert check_power(referral.debtor, Act.RENEW_FREEZE, bench.handler)


@pytest.mark.parametrize("who", ["panel", "president"])
def test_nobody_signs_before_the_turn(bench: Bench, who: str) -> None:
    referral = make_referral(bench, R.COLLECTING)
    consent(bench, referral.pk)

    with pytest.raises(NotInState):
        (panel_signs if who == "panel" else president_signs)(bench, referral.pk)

    assert not referral.signatures.exists()


def test_the_president_waits_for_the_whole_panel(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)
    sign_as_panel(referral_id=referral.pk, opinion=AGREES, by=bench.panel[0])

    with pytest.raises(NotInState) as refused:
        president_signs(bench, referral.pk)

    assert "合议庭" in refused.value.sentence
    referral.refresh_from_db()
    assert referral.state == R.DECIDING


def test_nobody_signs_twice_in_the_chain(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)

    with pytest.raises(NotInState, match="signed_already"):
        sign_as_panel(referral_id=referral.pk, opinion=AGREES, by=bench.handler)

    assert referral.signatures.count() == 1


def test_the_same_signature_again_changes_nothing(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    before = recorded(Event.DECISION_SIGNED)

    handler_signs(bench, referral.pk)
    panel_signs(bench, referral.pk)
    president_signs(bench, referral.pk)

    assert recorded(Event.DECISION_SIGNED) == before
    assert recorded(Event.REFERRAL_DECIDED) == 1
    assert referral.signatures.count() == 4


def test_a_judge_does_not_sign_as_president_nor_a_president_as_judge(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)

    with pytest.raises(NotAllowed):
        sign_as_panel(referral_id=referral.pk, opinion=AGREES, by=bench.president)
    with pytest.raises(NotAllowed):
        sign_as_president(
            referral_id=referral.pk, opinion=AGREES, by=bench.panel[0], number="1"
        )
    with pytest.raises(NotAllowed):
        sign_as_panel(referral_id=referral.pk, opinion=AGREES, by=bench.clerk)


def test_a_judge_of_another_court_with_the_debtor_does_not_sign(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)
    other = staff(Role.ENFORCEMENT_JUDGE, bench.beside)

    with pytest.raises(NotAllowed):
        sign_as_panel(referral_id=referral.pk, opinion=AGREES, by=other)


def test_one_against_two_is_outvoted(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)

    sign_as_panel(referral_id=referral.pk, opinion=DISAGREES, by=bench.panel[0])
    sign_as_panel(referral_id=referral.pk, opinion=AGREES, by=bench.panel[1])
    president_signs(bench, referral.pk)

    referral.refresh_from_db()
    assert referral.state == R.DECIDED


def test_two_against_one_end_it(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)

    for judge in bench.panel:
        sign_as_panel(referral_id=referral.pk, opinion=DISAGREES, by=judge)

    referral.refresh_from_db()
    assert (referral.state, referral.debtor.stage) == (R.DECLINED, Stage.ENFORCING)
    assert not bench.debtor.cases.filter(state="suspended").exists()


@pytest.mark.parametrize("who", ["handler", "president"])
def test_handler_or_president_may_decide_against_it(bench: Bench, who: str) -> None:
    if who == "handler":
        referral = make_referral(bench)
        sign_as_handler(referral_id=referral.pk, opinion=DISAGREES, by=bench.handler)
    else:
        referral = make_referral(bench, R.DECIDING)
        panel_signs(bench, referral.pk)
        sign_as_president(
            referral_id=referral.pk, opinion=DISAGREES, by=bench.president, number=""
        )

    referral.refresh_from_db()
    bench.debtor.refresh_from_db()
    assert (referral.state, bench.debtor.stage) == (R.DECLINED, Stage.ENFORCING)
    assert recorded(Event.REFERRAL_DECLINED) == 1


@pytest.mark.parametrize("number", ["", "  "])
def test_a_decision_has_its_number(bench: Bench, number: str) -> None:
    referral = make_referral(bench, R.DECIDING)
    panel_signs(bench, referral.pk)

    with pytest.raises(NotInState, match="no_number"):
        sign_as_president(
            referral_id=referral.pk, opinion=AGREES, by=bench.president, number=number
        )

    assert not referral.signatures.filter(role="president").exists()


def test_an_opinion_has_words(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)

    with pytest.raises(NotInState, match="no_opinion"):
        sign_as_panel(
            referral_id=referral.pk, opinion=Opinion(True, " "), by=bench.panel[0]
        )


def test_a_referral_elsewhere_waits_for_the_own_intermediate_court(bench: Bench) -> None:
    referral = make_referral(bench, R.APPROVING, receiving_id=elsewhere(bench).pk)

    assert referral.approval.court == bench.intermediate
    with pytest.raises(NotInState) as refused:
        president_signs(bench, referral.pk)
    assert "上级中级人民法院" in refused.value.sentence

    approve(bench, referral.pk)
    approve(bench, referral.pk)
    president_signs(bench, referral.pk)

    referral.refresh_from_db()
    assert referral.state == R.DECIDED
    assert recorded(Event.REFERRAL_APPROVED) == 1


def test_one_to_the_own_intermediate_court_waits_for_nobody(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)

    panel_signs(bench, referral.pk)

    referral.refresh_from_db()
    assert referral.state == R.DECIDING
    with pytest.raises(NotInState, match="no_approval_asked"):
        approve(bench, referral.pk)


def test_an_approval_that_is_not_given_ends_it(bench: Bench) -> None:
    referral = make_referral(bench, R.APPROVING, receiving_id=elsewhere(bench).pk)

    approve_referral(referral_id=referral.pk, opinion=DISAGREES, by=bench.above_judge)

    referral.refresh_from_db()
    assert (referral.state, referral.debtor.stage) == (R.DECLINED, Stage.ENFORCING)


def test_approval_is_the_intermediate_courts(bench: Bench) -> None:
    referral = make_referral(bench, R.APPROVING, receiving_id=elsewhere(bench).pk)

    for stranger in (bench.handler, bench.president, bench.bankruptcy_judge):
        with pytest.raises(NotAllowed):
            approve_referral(referral_id=referral.pk, opinion=AGREES, by=stranger)


@pytest.mark.parametrize("step", [handler_signs, panel_signs, approve, president_signs])
def test_a_failing_audit_undoes_each_signature(
    bench: Bench, step: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = {
        handler_signs: R.COLLECTING,
        panel_signs: R.DECIDING,
        approve: R.APPROVING,
        president_signs: R.APPROVED,
    }[step]
    referral = make_referral(bench, state, receiving_id=elsewhere(bench).pk)
    if state == R.COLLECTING:
        consent(bench, referral.pk)
    signed = referral.signatures.count()
    break_audit(monkeypatch, decisions)

    with pytest.raises(RuntimeError):
        step(bench, referral.pk)

    referral.refresh_from_db()
    assert (referral.state, referral.signatures.count()) == (state, signed)


def test_signatures_keep_when_and_by_whom(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)

    signature = referral.signatures.get(role="president")

    assert (signature.by, signature.at) == (bench.president, at_noon(DECIDED))


def test_a_president_keeps_the_table_of_courts(bench: Bench) -> None:
    new = make_bench().sending
    CourtRank.objects.filter(court=new).delete()

    made = rank_court(
        court_id=new.pk,
        level=CourtLevel.BASIC,
        above_id=bench.intermediate.pk,
        by=bench.president,
    )

    assert made.above == bench.intermediate
    assert recorded(Event.COURT_RANKED) == 1
    new_to_it = make_bench().president
    again = rank_court(
        court_id=new.pk,
        level=CourtLevel.BASIC,
        above_id=bench.intermediate.pk,
        by=new_to_it,
    )
    assert (again, recorded(Event.COURT_RANKED)) == (made, 1)
    with pytest.raises(NotAllowed):
        rank_court(
            court_id=new.pk, level=CourtLevel.HIGH, above_id=None, by=bench.president
        )
    with pytest.raises(NotAllowed):
        rank_court(
            court_id=bench.sending.pk, level=CourtLevel.BASIC, above_id=None, by=bench.clerk
        )


def test_a_court_stands_under_a_higher_one(bench: Bench) -> None:
    with pytest.raises(NotInState, match="not_above"):
        rank_court(
            court_id=bench.sending.pk,
            level=CourtLevel.BASIC,
            above_id=bench.beside.pk,
            by=bench.president,
        )


def test_an_intermediate_court_asks_nobody_above(bench: Bench) -> None:
    own = make_bench()
    CourtRank.objects.filter(court=own.sending).delete()
    rank(own.sending, CourtLevel.INTERMEDIATE, own.high)
    referral = make_referral(own, R.DECIDING, receiving_id=elsewhere(bench).pk)

    panel_signs(own, referral.pk)

    referral.refresh_from_db()
    assert referral.state == R.DECIDING


def break_audit(monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(module, "record", fail)


def test_every_refusal_has_its_sentence(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)

    with pytest.raises(Declined) as refused:
        handler_signs(make_bench(), referral.pk)

    assert refused.value.sentence

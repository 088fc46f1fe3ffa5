"""After the decision: service, papers, thirty days, rulings; every day limit both sides."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from factories_referrals import (
    ACCEPTING,
    AGREES,
    BY_POST,
    DECIDED,
    EFFECTIVE,
    FINAL,
    REFUSAL_SERVED,
    RULED,
    SENT,
    SERVED,
    Bench,
    accept,
    at_noon,
    bankruptcy_of,
    elsewhere,
    finish_refusal,
    give_back,
    make_bench,
    make_referral,
    panel_signs,
    plan_of,
    receive,
    recorded,
    refuse,
    send,
    serve,
    want_papers,
)
from zhipo.accounts.models import User
from zhipo.audit.events import Event
from zhipo.enforcement.actions import complaints, reviews, rulings, services
from zhipo.enforcement.actions.complaints import (
    complain,
    next_above,
    record_order,
    take_jurisdiction,
)
from zhipo.enforcement.actions.decisions import sign_as_president
from zhipo.enforcement.actions.referrals import open_referral
from zhipo.enforcement.actions.reviews import (
    ask_supplement,
    hand_in_supplement,
    receive_referral,
    supplement_days,
)
from zhipo.enforcement.actions.rulings import (
    Ruling,
    accept_referral,
    end_refusal,
    refuse_referral,
    return_papers,
    serve_refusal,
)
from zhipo.enforcement.actions.services import Delivery, record_service
from zhipo.enforcement.models import Complaint, Referral, ReferralClock
from zhipo.enforcement.powers import Act, check_power
from zhipo.enforcement.referral_states import ComplaintGround, ReferralState, ServiceWay
from zhipo.enforcement.states import Stage
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
R = ReferralState


def clock(referral: Referral, deadline: str) -> ReferralClock:
    return referral.clocks.get(deadline=deadline)


def test_five_days_for_service_move_off_the_weekend(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)

    # 2025-07-07 and five days is Saturday the 12th, so Monday the 14th
    assert clock(referral, "D32").last_day == date(2025, 7, 14)


@pytest.mark.parametrize(
    ("decided", "last"),
    [
        (date(2025, 7, 9), date(2025, 7, 14)),  # no holiday
        (date(2025, 9, 26), date(2025, 10, 9)),  # into the National Day holiday
        (date(2025, 9, 23), date(2025, 9, 28)),  # a Sunday on which people work
    ],
)
def test_service_is_due_by_the_calendar_of_holidays(
    bench: Bench, decided: date, last: date
) -> None:
    referral = make_referral(bench, R.DECIDING)
    panel_signs(bench, referral.pk)
    sign_as_president(referral_id=referral.pk, opinion=AGREES, by=bench.president,
                      number="1", now=at_noon(decided))  # fmt: skip

    assert clock(referral, "D32").last_day == last


def test_service_on_all_is_recorded_and_meets_the_clock(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    one, *rest = referral.services.values_list("pk", flat=True)

    for ids in ([one], [one], rest):
        record_service(referral_id=referral.pk, service_ids=ids, delivery=BY_POST,
                       by=bench.clerk, today=SERVED)  # fmt: skip

    referral.refresh_from_db()
    assert (referral.state, referral.served_on) == (R.SERVED, SERVED)
    assert clock(referral, "D32").done_on == SERVED
    assert recorded(Event.DECISION_SERVED) == 2


@pytest.mark.parametrize(
    ("day", "proof"),
    [(DECIDED - timedelta(days=1), "x"), (SERVED + timedelta(days=1), "x"), (SERVED, " ")],
)
def test_service_has_a_day_and_a_proof(bench: Bench, day: date, proof: str) -> None:
    referral = make_referral(bench, R.DECIDED)
    ids = list(referral.services.values_list("pk", flat=True))

    with pytest.raises(NotInState):
        record_service(
            referral_id=referral.pk,
            service_ids=ids,
            delivery=Delivery(ServiceWay.POST, day, proof),
            by=bench.clerk,
            today=SERVED,
        )

    assert referral.services.filter(served_on=None).count() == 3


def test_papers_are_sent_after_service_once(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    with pytest.raises(NotInState):
        send(bench, referral.pk)

    serve(bench, referral.pk)
    send(bench, referral.pk)
    send(bench, referral.pk)

    referral.refresh_from_db()
    assert (referral.state, referral.debtor.stage) == (R.SENT, Stage.UNDER_REVIEW)
    assert recorded(Event.REFERRAL_SENT) == 1


def test_the_receiving_court_has_thirty_days(bench: Bench) -> None:
    referral = make_referral(bench, R.UNDER_REVIEW)
    receive(bench, referral.pk)

    # 2025-07-15 and thirty days
    assert clock(referral, "D33").last_day == date(2025, 8, 14)
    assert clock(referral, "D33").court == bench.intermediate
    assert recorded(Event.REFERRAL_RECEIVED) == 1


def test_thirty_days_that_end_in_a_holiday_end_after_it(bench: Bench) -> None:
    referral = make_referral(bench, R.SENT)

    receive_referral(referral_id=referral.pk, received_on=date(2025, 9, 3),
                     review_number="1", by=bench.bankruptcy_clerk,
                     today=date(2025, 9, 3))  # fmt: skip

    # thirty days end on 2025-10-03, inside the holiday that lasts until the 8th
    assert clock(referral, "D33").last_day == date(2025, 10, 9)


def test_what_touches_the_cause_is_asked_for_and_pauses_the_review(bench: Bench) -> None:
    referral = make_referral(bench, R.SUPPLEMENTING)
    want_papers(bench, referral.pk)

    supplement = referral.supplements.get()
    # 2025-07-18 and ten days
    assert supplement.due_on == clock(referral, "D34").last_day == date(2025, 7, 28)
    assert recorded(Event.SUPPLEMENT_ASKED) == 1

    hand_in_supplement(supplement_id=supplement.pk, answer="报表", by=bench.clerk,
                       today=date(2025, 7, 25))  # fmt: skip

    referral.refresh_from_db()
    assert referral.state == R.UNDER_REVIEW
    assert clock(referral, "D34").done_on == date(2025, 7, 25)
    # seven days are not counted: 14 August becomes 21 August
    assert clock(referral, "D33").last_day == date(2025, 8, 21)


def test_two_requests_at_once_pause_each_day_once(bench: Bench) -> None:
    referral = make_referral(bench, R.SUPPLEMENTING)
    second = ask_supplement(referral_id=referral.pk, what="债权清册", affects_cause=True,
                            by=bench.bankruptcy_judge, today=date(2025, 7, 21))  # fmt: skip
    first = referral.supplements.exclude(pk=second.pk).get()

    hand_in_supplement(supplement_id=first.pk, answer="报表", by=bench.clerk,
                       today=date(2025, 7, 23))  # fmt: skip
    referral.refresh_from_db()
    assert referral.state == R.SUPPLEMENTING
    hand_in_supplement(supplement_id=second.pk, answer="清册", by=bench.clerk,
                       today=date(2025, 7, 24))  # fmt: skip
    hand_in_supplement(supplement_id=second.pk, answer="清册", by=bench.clerk,
                       today=date(2025, 7, 24))  # fmt: skip

    referral.refresh_from_db()
    assert referral.state == R.UNDER_REVIEW
    assert supplement_days(referral, today=date(2025, 8, 1)) == 6  # 18 to 23 July
    assert recorded(Event.SUPPLEMENT_HANDED_IN) == 2


def test_other_gaps_are_not_asked_for_and_never_turn_the_papers_away(bench: Bench) -> None:
    referral = make_referral(bench, R.UNDER_REVIEW)

    with pytest.raises(NotInState) as refused:
        ask_supplement(referral_id=referral.pk, what="页码有误", affects_cause=False,
                       by=bench.bankruptcy_judge)  # fmt: skip

    assert "待核" in refused.value.sentence
    assert not referral.supplements.exists()


def test_there_is_no_ruling_while_papers_may_come(bench: Bench) -> None:
    referral = make_referral(bench, R.SUPPLEMENTING)
    due = referral.supplements.get().due_on
    ruling = Ruling("1", due, "-")

    with pytest.raises(NotInState, match="waits_for_papers"):
        refuse_referral(referral_id=referral.pk, ruling=ruling,
                        by=bench.bankruptcy_judge, today=due)  # fmt: skip
    after = due + timedelta(days=1)
    refuse_referral(referral_id=referral.pk, ruling=Ruling("1", after, "材料不足"),
                    by=bench.bankruptcy_judge, today=after)  # fmt: skip

    referral.refresh_from_db()
    assert referral.state == R.REFUSED


def test_acceptance_suspends_everywhere_and_switches_the_powers(bench: Bench) -> None:
    referral = make_referral(bench, R.ACCEPTED)

    assert referral.debtor.stage == Stage.ACCEPTED
    assert set(bench.debtor.cases.values_list("state", flat=True)) == {"suspended"}
    assert clock(referral, "D33").done_on == RULED
    assert clock(referral, "D33b").last_day == date(2025, 8, 11)  # the 9th is a Saturday
    for act, article in (
        (Act.FREEZE, "第十九条"),
        (Act.DEDUCT, "第十九条"),
        (Act.PAY_OUT, "第十六条"),
    ):
        with pytest.raises(NotInState) as refused:
            check_power(referral.debtor, act, bench.handler)
        assert article in refused.value.sentence


def test_acceptance_again_is_the_same(bench: Bench) -> None:
    referral = make_referral(bench, R.ACCEPTED)

    again = accept_referral(referral_id=referral.pk, case_id=referral.case_id or 0,
                            ruling=ACCEPTING, by=bench.bankruptcy_judge)  # fmt: skip

    assert again.pk == referral.pk
    assert recorded(Event.REFERRAL_ACCEPTED) == 1


@pytest.mark.parametrize(
    "given", [{"accepted_on": RULED + timedelta(days=1)}, {"court": "another"}]
)
def test_acceptance_is_of_this_courts_case_on_this_day(
    bench: Bench, given: dict[str, Any]
) -> None:
    referral = make_referral(bench, R.UNDER_REVIEW)
    if "court" in given:
        given = {"court": bench.high}
    case = bankruptcy_of(bench, **given)

    with pytest.raises(NotInState, match="case_is_another"):
        accept_referral(referral_id=referral.pk, case_id=case.pk, ruling=ACCEPTING,
                        by=bench.bankruptcy_judge, today=RULED)  # fmt: skip


def test_a_refusal_keeps_the_freezes_until_it_is_final(bench: Bench) -> None:
    referral = make_referral(bench, R.REFUSED)
    refuse(bench, referral.pk)

    assert referral.debtor.stage == Stage.UNDER_REVIEW
    assert check_power(referral.debtor, Act.RENEW_FREEZE, bench.handler)
    assert clock(referral, "D08b").last_day == date(2025, 8, 11)  # the 9th is a Saturday
    assert recorded(Event.REFERRAL_REFUSED) == 1


def test_a_refusal_says_why(bench: Bench) -> None:
    referral = make_referral(bench, R.UNDER_REVIEW)

    with pytest.raises(NotInState, match="no_grounds"):
        refuse_referral(referral_id=referral.pk, ruling=Ruling("1", RULED),
                        by=bench.bankruptcy_judge, today=RULED)  # fmt: skip


@pytest.mark.parametrize("day", [FINAL - timedelta(days=1), FINAL])
def test_a_refusal_is_not_final_while_it_may_be_appealed(bench: Bench, day: date) -> None:
    referral = make_referral(bench, R.REFUSED)
    serve_refusal(referral_id=referral.pk, served_on=REFUSAL_SERVED,
                  by=bench.bankruptcy_judge, today=REFUSAL_SERVED)  # fmt: skip

    assert clock(referral, "D08").last_day == FINAL
    with pytest.raises(NotInState, match="may_be_appealed"):
        end_refusal(referral_id=referral.pk, effective_on=day, was_appealed=False,
                    by=bench.bankruptcy_judge, today=EFFECTIVE)  # fmt: skip


def test_a_refusal_is_final_the_day_after_or_with_the_appeal(bench: Bench) -> None:
    finals = []
    for day, was_appealed in ((EFFECTIVE, False), (FINAL, True)):
        own = make_bench()
        referral = make_referral(own, R.REFUSED)
        serve_refusal(referral_id=referral.pk, served_on=REFUSAL_SERVED,
                      by=own.bankruptcy_judge, today=REFUSAL_SERVED)  # fmt: skip
        end_refusal(referral_id=referral.pk, effective_on=day, was_appealed=was_appealed,
                    by=own.bankruptcy_judge, today=EFFECTIVE)  # fmt: skip
        finals.append(Referral.objects.get(pk=referral.pk).debtor.stage)

    assert finals == [Stage.RETURNED, Stage.RETURNED]


def test_what_was_never_served_is_not_final(bench: Bench) -> None:
    referral = make_referral(bench, R.REFUSED)

    with pytest.raises(NotInState, match="refusal_not_served"):
        end_refusal(referral_id=referral.pk, effective_on=EFFECTIVE, was_appealed=True,
                    by=bench.bankruptcy_judge, today=EFFECTIVE)  # fmt: skip
    with pytest.raises(NotInState):
        give_back(bench, referral.pk)


def test_returned_papers_end_it_enforcement_goes_on_and_nobody_starts_again(
    bench: Bench,
) -> None:
    referral = make_referral(bench, R.RETURNED)
    give_back(bench, referral.pk)

    assert set(bench.debtor.cases.values_list("state", flat=True)) == {"open"}
    assert clock(referral, "D36").done_on == EFFECTIVE
    assert recorded(Event.PAPERS_RETURNED) == 1
    with pytest.raises(NotInState):
        open_referral(debtor_id=bench.debtor.pk, plan=plan_of(bench), by=bench.handler)
    assert check_power(referral.debtor, Act.DEDUCT, bench.handler)


def test_the_papers_go_back_within_seven_days(bench: Bench) -> None:
    referral = make_referral(bench, R.REFUSED)
    finish_refusal(bench, referral.pk)

    # 2025-08-19 and seven days
    assert clock(referral, "D36").last_day == date(2025, 8, 26)


def test_an_appeal_may_turn_a_refusal_into_acceptance(bench: Bench) -> None:
    referral = make_referral(bench, R.REFUSED)
    serve_refusal(referral_id=referral.pk, served_on=REFUSAL_SERVED,
                  by=bench.bankruptcy_judge, today=REFUSAL_SERVED)  # fmt: skip

    accept(bench, referral.pk)

    referral.refresh_from_db()
    assert (referral.state, referral.debtor.stage) == (R.ACCEPTED, Stage.ACCEPTED)
    assert clock(referral, "D08").done_on == RULED


def test_after_the_refusal_is_final_nothing_is_accepted(bench: Bench) -> None:
    referral = make_referral(bench, R.REFUSED)
    finish_refusal(bench, referral.pk)

    with pytest.raises(NotInState):
        accept(bench, referral.pk)


def test_the_court_above_is_written_to_only_after_the_thirty_days(bench: Bench) -> None:
    referral = make_referral(bench, R.UNDER_REVIEW)
    last = clock(referral, "D33").last_day

    with pytest.raises(NotInState, match="review_runs"):
        overran(bench, referral, last)
    written = overran(bench, referral, last + timedelta(days=1))
    again = overran(bench, referral, last + timedelta(days=2))

    assert written.pk == again.pk
    assert written.court == bench.high
    assert recorded(Event.COMPLAINT_WRITTEN) == 1


def test_a_court_that_waits_for_papers_has_not_overrun(bench: Bench) -> None:
    referral = make_referral(bench, R.SUPPLEMENTING)

    with pytest.raises(NotInState, match="review_runs"):
        overran(bench, referral, date(2026, 1, 5))


def test_papers_turned_away_are_complained_of_before_receipt(bench: Bench) -> None:
    referral = make_referral(bench, R.SENT)

    complaint = complain(referral_id=referral.pk, ground=ComplaintGround.TURNED_AWAY,
                         text="立案庭不收材料", by=bench.clerk, today=SENT)  # fmt: skip

    assert complaint.court == bench.high
    other = make_bench()
    reviewed = make_referral(other, R.UNDER_REVIEW)
    with pytest.raises(NotInState):
        complain(referral_id=reviewed.pk, ground=ComplaintGround.TURNED_AWAY, text="-",
                 by=other.clerk)  # fmt: skip


def test_the_court_above_takes_the_case_ten_days_after_its_order(bench: Bench) -> None:
    referral = make_referral(bench, R.UNDER_REVIEW)
    complaint = overran(bench, referral, date(2025, 8, 15))
    assert next_above(complaint, today=date(2025, 8, 24)) == "wait"
    assert next_above(complaint, today=date(2025, 8, 25)) == "order"

    ordered = date(2025, 8, 25)
    record_order(complaint_id=complaint.pk, ordered_on=ordered, by=bench.clerk,
                 today=ordered)  # fmt: skip
    tenth, eleventh = date(2025, 9, 4), date(2025, 9, 5)
    with pytest.raises(NotInState, match="order_runs"):
        take_jurisdiction(complaint_id=complaint.pk, taken_on=tenth, by=bench.clerk,
                          today=tenth)  # fmt: skip
    for _ in range(2):
        take_jurisdiction(complaint_id=complaint.pk, taken_on=eleventh, by=bench.clerk,
                          today=eleventh)  # fmt: skip

    referral.refresh_from_db()
    assert (referral.state, referral.receiving) == (R.SENT, bench.high)
    assert recorded(Event.JURISDICTION_TAKEN) == 1
    with pytest.raises(NotAllowed):
        receive(bench, referral.pk)


def overran(bench: Bench, referral: Referral, day: date) -> Complaint:
    return complain(referral_id=referral.pk, ground=ComplaintGround.OVERRAN,
                    text="逾期未裁定", by=bench.handler, today=day)  # fmt: skip


ACTS: dict[str, tuple[ReferralState, Any, str, Any]] = {
    "serve": (R.DECIDED, serve, "clerk", services),
    "send": (R.SERVED, send, "handler", services),
    "receive": (R.SENT, receive, "bankruptcy_clerk", reviews),
    "ask": (R.UNDER_REVIEW, want_papers, "bankruptcy_judge", reviews),
    "accept": (R.UNDER_REVIEW, accept, "bankruptcy_judge", rulings),
    "refuse": (R.UNDER_REVIEW, refuse, "bankruptcy_judge", rulings),
    "final": (R.REFUSED, finish_refusal, "bankruptcy_judge", rulings),
}
"""Act -> the state in which it is open, its step, who leads it, its module."""


OPEN_TOO: dict[str, set[ReferralState]] = {
    "serve": {R.SERVED, R.SENT, R.UNDER_REVIEW, R.SUPPLEMENTING},
    "send": {R.SENT},
    "receive": {R.UNDER_REVIEW},
    "ask": {R.SUPPLEMENTING},
    "accept": {R.SUPPLEMENTING, R.REFUSED},
    "refuse": {R.SUPPLEMENTING, R.REFUSED},
    "final": {R.RETURNED},
}
"""Where the act is open as well, or done and the same again."""

WRONG = [
    (name, state)
    for name, (open_in, *_) in ACTS.items()
    for state in sorted(set(R) - {R.DISMISSED, R.DECLINED, R.OVERTAKEN})
    if state != open_in and state not in OPEN_TOO[name]
]


@pytest.mark.parametrize(("name", "state"), WRONG)
def test_each_wrong_state_is_refused_and_changes_nothing(
    bench: Bench, name: str, state: ReferralState
) -> None:
    is_far = state in (R.APPROVING, R.APPROVED)
    far = {"receiving_id": elsewhere(bench).pk} if is_far else {}
    referral = make_referral(bench, state, **far)

    with pytest.raises((NotInState, NotAllowed)):
        ACTS[name][1](bench, referral.pk)

    referral.refresh_from_db()
    assert referral.state == state


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_of_its_own_court_and_role(bench: Bench, name: str) -> None:
    state, step, leads, _ = ACTS[name]
    referral = make_referral(bench, state)
    for stranger in strangers(bench, leads):
        with pytest.raises(NotAllowed):
            step(as_if(bench, leads, stranger), referral.pk)

    referral.refresh_from_db()
    assert referral.state == state


@pytest.mark.parametrize("name", ACTS)
def test_a_failing_audit_undoes_each_act(
    bench: Bench, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state, step, _, module = ACTS[name]
    referral = make_referral(bench, state)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(module, "record", fail)
    with pytest.raises(RuntimeError):
        step(bench, referral.pk)

    referral.refresh_from_db()
    assert referral.state == state
    assert (referral.effective_on, referral.refusal_served_on) == (None, None)


def strangers(bench: Bench, leads: str) -> list[User]:
    sending = [bench.handler, bench.clerk, bench.president]
    receiving = [bench.bankruptcy_judge, bench.bankruptcy_clerk]
    own = getattr(bench, leads)
    others = receiving if own in sending else sending
    return [*others, bench.beside_clerk]


def as_if(bench: Bench, leads: str, stranger: User) -> Bench:
    return replace(bench, **{leads: stranger})


def test_supplements_complaints_and_returns_are_of_their_courts(bench: Bench) -> None:
    referral = make_referral(bench, R.SUPPLEMENTING)
    supplement = referral.supplements.get()

    with pytest.raises(NotAllowed):
        hand_in_supplement(supplement_id=supplement.pk, answer="x",
                           by=bench.bankruptcy_clerk)  # fmt: skip
    with pytest.raises(NotAllowed):
        complain(referral_id=referral.pk, ground=ComplaintGround.OVERRAN, text="x",
                 by=bench.beside_clerk)  # fmt: skip
    returned = make_referral(make_bench(), R.RETURNED)
    with pytest.raises(NotAllowed):
        return_papers(referral_id=returned.pk, returned_on=EFFECTIVE + timedelta(days=1),
                      by=bench.handler)  # fmt: skip


def test_a_failing_audit_undoes_supplements_and_complaints(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = make_referral(bench, R.SUPPLEMENTING)
    supplement = referral.supplements.get()
    other = make_bench()
    sent = make_referral(other, R.SENT)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(reviews, "record", fail)
    monkeypatch.setattr(complaints, "record", fail)
    with pytest.raises(RuntimeError):
        hand_in_supplement(supplement_id=supplement.pk, answer="x", by=bench.clerk)
    with pytest.raises(RuntimeError):
        complain(referral_id=sent.pk, ground=ComplaintGround.TURNED_AWAY, text="x",
                 by=other.clerk)  # fmt: skip

    supplement.refresh_from_db()
    assert supplement.handed_in_on is None
    assert not Complaint.objects.exists()

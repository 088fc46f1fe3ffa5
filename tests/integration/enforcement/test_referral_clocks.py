"""Deadlines of a referral: told, reported when missed, on a calendar and in its file."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from factories_referrals import (
    DECIDED,
    EFFECTIVE,
    FINAL,
    REFUSAL_SERVED,
    RULED,
    SERVED,
    Bench,
    elsewhere,
    finish_refusal,
    make_bench,
    make_freeze,
    make_referral,
    recorded,
)
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.enforcement.actions.escalating import ClockWatch, watch_clocks
from zhipo.enforcement.actions.notices import send_notices
from zhipo.enforcement.actions.proceeds import receive_ruling
from zhipo.enforcement.actions.rulings import serve_refusal
from zhipo.enforcement.calendar_file import calendar_file
from zhipo.enforcement.models import BureauNotice
from zhipo.enforcement.queries.calendar import dues_of
from zhipo.enforcement.queries.referrals import (
    missed_clocks,
    next_steps,
    past_of,
    referrals_visible_to,
    waiting_for_approval,
    waiting_for_signature,
)
from zhipo.enforcement.queries.stays import kinds_left, letters_of, money_of
from zhipo.enforcement.referral_states import ReferralState
from zhipo.law.referral.handover import HandedOver, Held
from zhipo.web.words import has, say

pytestmark = pytest.mark.django_db
R = ReferralState
LAST = date(2025, 7, 14)
"""The last day for service of a decision of 7 July: the 12th is a Saturday."""


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2025, 7, 8), 0),
        (date(2025, 7, 9), 1),
        (LAST, 1),
        (LAST + timedelta(days=1), 0),
    ],
)
def test_a_deadline_is_told_three_working_days_before(
    bench: Bench, today: date, told: int
) -> None:
    make_referral(bench, R.DECIDED)

    watched = [watch_clocks(today), watch_clocks(today)]

    assert [one.reminded for one in watched] == [told, 0]
    assert recorded(Event.CLOCK_REMINDED) == told


def test_a_missed_duty_goes_to_the_president_once(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)

    on_the_day = watch_clocks(LAST)
    watched = [watch_clocks(LAST + timedelta(days=one)) for one in (1, 1, 2)]

    assert on_the_day.escalated == 0
    assert watched == [ClockWatch(0, 1), ClockWatch(0, 0), ClockWatch(0, 0)]
    notice = BureauNotice.objects.get(role=Role.COURT_PRESIDENT, court=bench.sending)
    assert str(LAST) in say(notice.phrase, **notice.values)
    assert [one.deadline for one in missed_clocks(bench.president, date(2025, 8, 1))] == [
        "D32"
    ]
    assert referral.clocks.get().escalated_on == LAST + timedelta(days=1)
    assert recorded(Event.CLOCK_ESCALATED) == 1


def test_a_duty_that_was_met_is_not_escalated(bench: Bench) -> None:
    make_referral(bench, R.SERVED)

    assert watch_clocks(date(2025, 12, 1)).escalated == 0


def test_the_receiving_courts_miss_is_its_own_presidents(bench: Bench) -> None:
    referral = make_referral(bench, R.UNDER_REVIEW)

    watch_clocks(date(2025, 8, 15))

    assert BureauNotice.objects.get().court == bench.intermediate
    steps = [one.words for one in next_steps(referral)]
    assert steps == ["enforcement.step.rule", "enforcement.step.complain"]


def test_a_review_that_waits_for_papers_has_not_overrun(bench: Bench) -> None:
    make_referral(bench, R.SUPPLEMENTING)

    watch_clocks(date(2025, 8, 29))

    assert [one.phrase for one in BureauNotice.objects.all()] == ["enforcement.missed.D34"]


def test_a_right_that_lapses_is_nobodys_failure(bench: Bench) -> None:
    referral = make_referral(bench, R.REFUSED)
    serve_refusal(referral_id=referral.pk, served_on=REFUSAL_SERVED,
                  by=bench.bankruptcy_judge, today=REFUSAL_SERVED)  # fmt: skip

    assert watch_clocks(FINAL + timedelta(days=1)).escalated == 0
    referral.refresh_from_db()
    assert [one.words for one in next_steps(referral)] == ["enforcement.step.await_appeal"]


NEXT = {
    R.COLLECTING: "ask_consent",
    R.DECIDING: "sign_panel",
    R.APPROVING: "approve",
    R.APPROVED: "sign_president",
    R.DECIDED: "serve",
    R.SERVED: "send",
    R.SENT: "receive",
    R.UNDER_REVIEW: "rule",
    R.SUPPLEMENTING: "supplement",
    R.REFUSED: "serve_refusal",
    R.ACCEPTED: "take_ruling",
}


@pytest.mark.parametrize("state", NEXT)
def test_each_state_says_what_is_next_by_whom_and_by_which_article(
    bench: Bench, state: ReferralState
) -> None:
    is_far = state in (R.APPROVING, R.APPROVED)
    far = {"receiving_id": elsewhere(bench).pk} if is_far else {}

    step = next_steps(make_referral(bench, state, **far))[0]

    assert step.words == f"enforcement.step.{NEXT[state]}"
    assert step.roles
    assert step.cite.startswith("《")
    assert say(step.words, **step.values)


def test_a_returned_referral_asks_nothing_more(bench: Bench) -> None:
    referral = make_referral(bench, R.RETURNED)

    assert next_steps(referral) == []
    assert [words.split(".")[-1] for _, words in past_of(referral)] == [
        "opened", "decided", "served", "sent", "received", "refused", "refusal_served",
        "effective", "returned",
    ]  # fmt: skip


def test_unread_articles_are_marked(bench: Bench) -> None:
    referral = make_referral(bench, R.SUPPLEMENTING)

    (step,) = next_steps(referral)

    assert step.is_unverified
    assert step.until == date(2025, 7, 28)


def test_a_referral_is_seen_by_its_courts_alone(bench: Bench) -> None:
    referral = make_referral(bench, R.APPROVING, receiving_id=elsewhere(bench).pk)

    assert referral in referrals_visible_to(bench.clerk)
    assert referral in referrals_visible_to(bench.above_judge)
    assert referral not in referrals_visible_to(bench.beside_clerk)
    assert referral not in referrals_visible_to(make_bench().clerk)


def test_the_receiving_court_sees_it_from_sending_on(bench: Bench) -> None:
    referral = make_referral(bench, R.SERVED)
    assert referral not in referrals_visible_to(bench.bankruptcy_judge)

    sent = make_referral(make_bench(), R.SENT)

    assert sent.receiving.pk != bench.intermediate.pk
    assert sent not in referrals_visible_to(bench.bankruptcy_judge)


def test_who_signs_next_finds_it_and_who_has_signed_does_not(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)

    assert list(waiting_for_signature(bench.panel[0])) == [referral]
    assert list(waiting_for_signature(bench.handler)) == []
    assert list(waiting_for_approval(bench.above_judge)) == []
    far = make_bench()
    asked = make_referral(far, R.APPROVING, receiving_id=elsewhere(far).pk)
    assert list(waiting_for_approval(far.above_judge)) == [asked]


def test_the_calendar_has_clocks_freezes_and_letters_of_the_own_court(bench: Bench) -> None:
    make_freeze(bench.leading, until=date(2025, 7, 20))
    referral = make_referral(bench, R.DECIDED)
    told = list(referral.notices.values_list("pk", flat=True))
    send_notices(referral_id=referral.pk, notice_ids=told, by=bench.clerk, today=DECIDED)

    found = dues_of(bench.president, date(2025, 7, 1), date(2025, 7, 31))

    days = [(one.day, one.words.split(".")[-1]) for one in found]
    assert days == [
        (LAST, "D32"),
        (LAST, "tell_court"),
        (date(2025, 7, 20), "D37"),
    ]
    assert dues_of(bench.above_judge, date(2025, 7, 1), date(2025, 7, 31)) == []
    assert dues_of(bench.president, date(2025, 8, 1), date(2025, 8, 31)) == []


def test_who_refers_sees_the_days_of_the_receiving_court(bench: Bench) -> None:
    make_referral(bench, R.UNDER_REVIEW)

    for person in (bench.clerk, bench.bankruptcy_clerk):
        found = dues_of(person, date(2025, 8, 1), date(2025, 8, 31))
        assert [one.detail for one in found] == ["D33"]


def test_the_calendar_asks_as_often_for_many_as_for_one(
    bench: Bench, django_assert_max_num_queries: object
) -> None:
    make_referral(bench, R.DECIDED)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        list(dues_of(bench.president, date(2025, 7, 1), date(2025, 7, 31)))


def test_every_deadline_and_miss_has_its_words() -> None:
    for deadline in ("D08b", "D32", "D33", "D33b", "D34", "D35", "D35b", "D36"):
        for key in (f"enforcement.deadline.{deadline}", f"enforcement.missed.{deadline}"):
            assert has(key)


def test_the_calendar_file_is_what_the_standard_asks_for(bench: Bench) -> None:
    bench.debtor.name = "甲，乙; 丙, 丁\n" + "长" * 40
    bench.debtor.save()
    make_referral(bench, R.SUPPLEMENTING)
    found = dues_of(bench.clerk, date(2025, 7, 1), date(2025, 8, 31))
    made_at = datetime(2025, 7, 8, 1, 2, 3, tzinfo=UTC)

    with override("en"):
        file = calendar_file(found, made_at=made_at).decode()

    lines = file.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert max(len(line.encode()) for line in lines) <= 75
    whole = file.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20250728\r\nDTEND;VALUE=DATE:20250729" in whole
    assert "丙\\, 丁\\n" in whole
    assert "甲，乙\\; " in whole
    assert "unverified" in whole
    assert whole.count("BEGIN:VEVENT") == len(found)
    assert "DTSTAMP:20250708T010203Z" in whole
    assert "\n" not in whole.replace("\r\n", "")


def test_a_letter_without_an_answer_is_overdue_the_day_after(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    told = list(referral.notices.values_list("pk", flat=True))
    send_notices(referral_id=referral.pk, notice_ids=told, by=bench.clerk, today=DECIDED)

    states = [
        letters_of(referral, day)[0].is_overdue for day in (LAST, LAST + timedelta(days=1))
    ]

    assert states == [False, True]


def test_money_of_a_court_is_told_apart(bench: Bench) -> None:
    for held, fen in ((Held.COURT_ACCOUNT, 100), (Held.SEIZED, 20), (Held.PAID_OUT, 3)):
        bench.leading.proceeds.create(
            what="x", held=held, fen=fen, since=SERVED,
            paid_out_on=SERVED if held == Held.PAID_OUT else None,
        )  # fmt: skip

    money = money_of(bench.debtor, frozenset({bench.sending.pk}))

    assert (money.due_fen, money.handed_over_fen, money.kept_fen) == (120, 0, 3)
    assert kinds_left(money) == (HandedOver.DEDUCTED_DEPOSIT, HandedOver.SEIZED_MOVABLE)
    assert money_of(bench.debtor, frozenset({bench.beside.pk})).holdings == []


def test_after_the_ruling_is_received_hand_over_is_next(bench: Bench) -> None:
    referral = make_referral(bench, R.ACCEPTED)
    receive_ruling(referral_id=referral.pk, received_on=RULED, by=bench.clerk,
                   today=RULED)  # fmt: skip

    first, *_ = next_steps(referral)

    assert (first.words, first.until) == ("enforcement.step.hand_over", date(2025, 8, 11))


def test_a_final_refusal_asks_for_the_papers_back(bench: Bench) -> None:
    referral = make_referral(bench, R.REFUSED)
    finish_refusal(bench, referral.pk)
    referral.refresh_from_db()
    referral.debtor.refresh_from_db()

    (step,) = next_steps(referral)

    assert step.words == "enforcement.step.return"
    assert step.until == EFFECTIVE + timedelta(days=7)

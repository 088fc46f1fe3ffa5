"""What acceptance stops: letters, freezes, money, costs; and what comes back after all."""

from datetime import date, timedelta
from typing import Any

import pytest

from factories import make_enforcement_case
from factories_referrals import (
    DECIDED,
    OPENED,
    RULED,
    SERVED,
    Bench,
    accept,
    make_bench,
    make_freeze,
    make_referral,
    recorded,
    staff,
)
from integration.documents.filled_documents import text_of
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.documents.queries import open_document
from zhipo.enforcement.actions import notices, proceeds, restoring, rulings
from zhipo.enforcement.actions.notices import acknowledge_notice, send_notices
from zhipo.enforcement.actions.proceeds import (
    Booking,
    PerishableSale,
    book_cost,
    book_proceeds,
    hand_over,
    pay_out,
    receive_ruling,
    sell_perishable,
)
from zhipo.enforcement.actions.restoring import give_up_freeze, restore_freeze
from zhipo.enforcement.actions.rulings import record_dismissal
from zhipo.enforcement.models import KeptPlace, Notice, Proceeds, Property, Referral
from zhipo.enforcement.policies.stays import is_estate
from zhipo.enforcement.referral_states import NoticeKind, ReferralState
from zhipo.enforcement.states import FreezeState, PropertyKind, Stage
from zhipo.law.referral.handover import (
    EnforcementCost,
    Held,
    class_of_enforcement_cost,
)
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
R = ReferralState
SENT_ON = date(2025, 8, 5)
DISMISSED = date(2025, 9, 15)


def break_audit(monkeypatch: pytest.MonkeyPatch, *modules: Any) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no audit")

    for module in modules:
        monkeypatch.setattr(module, "record", fail)


def send_all(bench: Bench, referral: Referral, by: Any = None) -> int:
    ids = list(referral.notices.values_list("pk", flat=True))
    return send_notices(referral_id=referral.pk, notice_ids=ids, by=by or bench.clerk,
                        today=SENT_ON)  # fmt: skip


def letter(referral: Referral, kind: NoticeKind) -> Notice:
    return referral.notices.get(kind=kind)


def test_acceptance_makes_the_letters_that_the_law_asks_for(bench: Bench) -> None:
    make_freeze(bench.leading)

    referral = make_referral(bench, R.ACCEPTED)

    kinds = sorted(referral.notices.values_list("kind", flat=True))
    assert kinds == ["lift", "suspend", "tell_court"]
    assert letter(referral, NoticeKind.SUSPEND).court == bench.beside
    assert letter(referral, NoticeKind.LIFT).sender == bench.sending


def test_letters_are_documents_sent_and_watched(bench: Bench) -> None:
    freeze = make_freeze(bench.leading)
    referral = make_referral(bench, R.ACCEPTED)

    assert send_all(bench, referral) == 3
    assert send_all(bench, referral) == 0

    lift = letter(referral, NoticeKind.LIFT)
    assert lift.document is not None
    said = text_of(open_document(lift.document).read())
    assert freeze.target.label in said
    assert bench.leading.number in said
    assert "2025年8月12日" in said  # seven days for the reply
    assert (lift.sent_on, lift.reply_by) == (SENT_ON, date(2025, 8, 12))
    assert recorded(Event.NOTICES_SENT) == 1


def test_a_suspension_names_the_cases_of_that_court_alone(bench: Bench) -> None:
    theirs = bench.debtor.cases.get(court=bench.beside)
    referral = make_referral(bench, R.ACCEPTED)

    send_all(bench, referral)

    document = letter(referral, NoticeKind.SUSPEND).document
    assert document is not None
    said = text_of(open_document(document).read())
    assert theirs.number in said
    assert bench.leading.number not in said
    assert "第十六条" in said


def test_a_court_writes_its_own_letters_alone(bench: Bench) -> None:
    theirs = bench.debtor.cases.get(court=bench.beside)
    make_freeze(theirs)
    referral = make_referral(bench, R.ACCEPTED)
    lift = letter(referral, NoticeKind.LIFT)

    with pytest.raises(NotAllowed):
        send_notices(referral_id=referral.pk, notice_ids=[lift.pk], by=bench.clerk)
    sent = send_notices(referral_id=referral.pk, notice_ids=[lift.pk],
                        by=bench.beside_clerk, today=SENT_ON)  # fmt: skip

    assert sent == 1


def test_a_court_that_is_told_stays_when_it_answers(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    theirs = bench.debtor.cases.get(court=bench.beside)
    told = letter(referral, NoticeKind.TELL_COURT)
    send_notices(referral_id=referral.pk, notice_ids=[told.pk], by=bench.clerk,
                 today=DECIDED)  # fmt: skip

    for _ in range(2):
        acknowledge_notice(notice_id=told.pk, acknowledged_on=SERVED, reply="已中止",
                           by=bench.beside_clerk, today=SERVED)  # fmt: skip

    theirs.refresh_from_db()
    assert theirs.state == "suspended"
    assert recorded(Event.NOTICE_ACKNOWLEDGED) == 1


def test_a_letter_is_answered_after_it_is_sent(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    told = letter(referral, NoticeKind.TELL_COURT)

    with pytest.raises(NotInState, match="not_sent"):
        acknowledge_notice(notice_id=told.pk, acknowledged_on=SERVED, reply="",
                           by=bench.clerk, today=SERVED)  # fmt: skip
    send_notices(referral_id=referral.pk, notice_ids=[told.pk], by=bench.clerk,
                 today=SERVED)  # fmt: skip
    with pytest.raises(NotInState):
        acknowledge_notice(notice_id=told.pk, acknowledged_on=SERVED - timedelta(days=1),
                           reply="", by=bench.clerk, today=SERVED)  # fmt: skip
    with pytest.raises(NotAllowed):
        acknowledge_notice(notice_id=told.pk, acknowledged_on=SERVED, reply="",
                           by=bench.bankruptcy_judge, today=SERVED)  # fmt: skip


def test_an_institution_that_answers_has_lifted(bench: Bench) -> None:
    freeze = make_freeze(bench.leading)
    referral = make_referral(bench, R.ACCEPTED)
    send_all(bench, referral)

    acknowledge(referral, bench)

    freeze.refresh_from_db()
    assert freeze.state == FreezeState.LIFTED
    assert KeptPlace.objects.get(freeze=freeze).lifted_on == SENT_ON


def acknowledge(referral: Referral, bench: Bench) -> None:
    for notice in referral.notices.filter(kind=NoticeKind.LIFT):
        acknowledge_notice(notice_id=notice.pk, acknowledged_on=SENT_ON, reply="已解除",
                           by=bench.clerk, today=SENT_ON)  # fmt: skip


def test_money_in_the_courts_account_is_estate_until_paid_out(bench: Bench) -> None:
    held = book(bench, Held.COURT_ACCOUNT, 100_000)
    assert is_estate(held)

    paid = pay_out(proceeds_id=held.pk, paid_on=OPENED, by=bench.handler, today=OPENED)
    again = pay_out(proceeds_id=held.pk, paid_on=OPENED, by=bench.handler, today=OPENED)

    assert not is_estate(paid)
    assert again.held == Held.PAID_OUT
    assert recorded(Event.PROCEEDS_PAID_OUT) == 1


@pytest.mark.parametrize(
    ("held", "goes"),
    [
        (Held.COURT_ACCOUNT, True),
        (Held.SEIZED, True),
        (Held.PAID_OUT, False),
        (Held.AUCTION_RULING_SERVED, False),
        (Held.DEBT_RULING_SERVED, False),
    ],
)
def test_what_is_handed_over_is_the_laws(bench: Bench, held: Held, goes: bool) -> None:
    assert is_estate(book(bench, held, 1)) is goes


def book(bench: Bench, held: Held, fen: int, what: str = "银行存款") -> Proceeds:
    booking = Booking(what=what, held=held, fen=fen, since=date(2025, 6, 2))
    return book_proceeds(case_id=bench.leading.pk, booking=booking, by=bench.clerk)


def test_proceeds_are_booked_once_by_their_own_court(bench: Bench) -> None:
    first, again = (book(bench, Held.COURT_ACCOUNT, 5) for _ in range(2))

    assert first.pk == again.pk
    assert recorded(Event.PROCEEDS_BOOKED) == 1
    with pytest.raises(NotInState):
        book(bench, Held.COURT_ACCOUNT, 0)
    with pytest.raises(NotAllowed):
        book_proceeds(case_id=bench.leading.pk, by=bench.beside_clerk,
                      booking=Booking("x", Held.COURT_ACCOUNT, 1, OPENED))  # fmt: skip


@pytest.mark.parametrize("state", [R.DECIDED, R.UNDER_REVIEW, R.ACCEPTED])
def test_nothing_is_paid_out_from_the_decision_on(
    bench: Bench, state: ReferralState
) -> None:
    held = book(bench, Held.COURT_ACCOUNT, 100)
    make_referral(bench, state)

    with pytest.raises(NotInState) as refused:
        pay_out(proceeds_id=held.pk, paid_on=RULED, by=bench.handler, today=RULED)

    held.refresh_from_db()
    assert held.paid_out_on is None
    if state == R.ACCEPTED:
        assert "第十六条" in refused.value.sentence


def test_paying_out_is_the_judges(bench: Bench) -> None:
    held = book(bench, Held.COURT_ACCOUNT, 100)

    with pytest.raises(NotAllowed):
        pay_out(proceeds_id=held.pk, paid_on=OPENED, by=bench.clerk, today=OPENED)


def test_estate_is_handed_over_in_seven_days(bench: Bench) -> None:
    held = book(bench, Held.COURT_ACCOUNT, 100)
    referral = make_referral(bench, R.ACCEPTED)
    for _ in range(2):
        receive_ruling(referral_id=referral.pk, received_on=SENT_ON, by=bench.clerk,
                       today=SENT_ON)  # fmt: skip
    assert referral.clocks.get(deadline="D35b").last_day == date(2025, 8, 12)

    day = date(2025, 8, 8)
    counts = [
        hand_over(referral_id=referral.pk, proceeds_ids=[held.pk], handed_over_on=day,
                  by=bench.clerk, today=day)
        for _ in range(2)
    ]  # fmt: skip

    assert counts == [1, 0]
    assert referral.clocks.get(deadline="D35b").done_on == day
    assert recorded(Event.PROCEEDS_HANDED_OVER) == recorded(Event.RULING_RECEIVED) == 1


def test_the_clock_runs_on_while_something_is_left(bench: Bench) -> None:
    one, _ = book(bench, Held.COURT_ACCOUNT, 1), book(bench, Held.SEIZED, 2, "货车")
    referral = make_referral(bench, R.ACCEPTED)
    receive_ruling(referral_id=referral.pk, received_on=SENT_ON, by=bench.clerk,
                   today=SENT_ON)  # fmt: skip

    hand_over(referral_id=referral.pk, proceeds_ids=[one.pk], handed_over_on=SENT_ON,
              by=bench.clerk, today=SENT_ON)  # fmt: skip

    assert referral.clocks.get(deadline="D35b").done_on is None


def test_what_is_not_estate_is_not_handed_over(bench: Bench) -> None:
    sold = book(bench, Held.AUCTION_RULING_SERVED, 100, "配送车")
    referral = make_referral(bench, R.ACCEPTED)

    with pytest.raises(NotInState) as refused:
        hand_over(referral_id=referral.pk, proceeds_ids=[sold.pk], by=bench.clerk,
                  handed_over_on=SENT_ON, today=SENT_ON)  # fmt: skip

    assert "配送车" in refused.value.sentence
    with pytest.raises(NotAllowed):
        hand_over(referral_id=referral.pk, proceeds_ids=[], handed_over_on=SENT_ON,
                  by=bench.beside_clerk, today=SENT_ON)  # fmt: skip


def sale(bench: Bench, **given: Any) -> PerishableSale:
    target = Property.objects.create(
        debtor=bench.debtor, kind=given.pop("kind", PropertyKind.GOODS), label="冷库鲜肉",
        reference="G1", reference_hash="1" * 64, found_by="clue 1",
        as_of="2025-07-01T00:00:00+08:00",
    )  # fmt: skip
    values: dict[str, Any] = {
        "target_id": target.pk, "what": "鲜肉 800 千克", "grounds": "保质期 3 日",
        "is_perishable": True, "buyer": "湘潭肉联", "price_fen": 1_200_000,
        "sold_on": date(2025, 7, 9),
    }  # fmt: skip
    return PerishableSale(**{**values, **given})


def test_perishables_are_sold_and_the_price_is_kept_and_handed_over(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    wanted = sale(bench)
    sold = [
        sell_perishable(referral_id=referral.pk, sale=wanted, by=bench.handler,
                        today=SERVED)
        for _ in range(2)
    ]  # fmt: skip

    assert sold[0].pk == sold[1].pk
    assert (sold[0].price.held, sold[0].price.fen) == (Held.COURT_ACCOUNT, 1_200_000)
    with pytest.raises(NotInState):
        pay_out(proceeds_id=sold[0].price.pk, paid_on=SERVED, by=bench.handler,
                today=SERVED)  # fmt: skip
    assert recorded(Event.PERISHABLE_SOLD) == 1


def test_the_price_of_perishables_has_a_clock_of_its_own(bench: Bench) -> None:
    referral = make_referral(bench, R.UNDER_REVIEW)
    sell_perishable(referral_id=referral.pk, sale=sale(bench), by=bench.handler,
                    today=RULED)  # fmt: skip
    accept(bench, referral.pk)
    receive_ruling(referral_id=referral.pk, received_on=SENT_ON, by=bench.clerk,
                   today=SENT_ON)  # fmt: skip
    price = Proceeds.objects.get(sale__isnull=False)
    hand_over(referral_id=referral.pk, proceeds_ids=[price.pk], by=bench.clerk,
              handed_over_on=date(2025, 8, 12), today=date(2025, 8, 12))  # fmt: skip

    clock = referral.clocks.get(deadline="D35")
    assert (clock.last_day, clock.done_on) == (date(2025, 8, 12), date(2025, 8, 12))


@pytest.mark.parametrize(
    "change",
    [
        {"is_perishable": False},
        {"kind": PropertyKind.EQUIPMENT},
        {"price_fen": 0},
        {"sold_on": DECIDED - timedelta(days=1)},
    ],
)
def test_nothing_else_is_sold_during_the_review(
    bench: Bench, change: dict[str, Any]
) -> None:
    referral = make_referral(bench, R.DECIDED)

    with pytest.raises(NotInState):
        sell_perishable(referral_id=referral.pk, sale=sale(bench, **change),
                        by=bench.handler, today=SERVED)  # fmt: skip

    assert not Proceeds.objects.exists()


def test_selling_is_the_judges_and_after_the_decision(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDING)

    with pytest.raises(NotInState):
        sell_perishable(referral_id=referral.pk, sale=sale(bench), by=bench.handler)
    with pytest.raises(NotAllowed):
        sell_perishable(referral_id=referral.pk, sale=sale(make_bench()), by=bench.clerk)


@pytest.mark.parametrize(
    ("kind", "stands"),
    [
        (EnforcementCost.VALUATION, "expense"),
        (EnforcementCost.CUSTODY, "expense"),
        (EnforcementCost.CASE_FEE, "ordinary"),
        (EnforcementCost.ENFORCEMENT_FEE, "ordinary"),
    ],
)
def test_costs_of_enforcement_stand_where_the_law_puts_them(
    bench: Bench, kind: EnforcementCost, stands: str
) -> None:
    item, _ = (
        book_cost(case_id=bench.leading.pk, kind=kind, fen=88_00, note="", by=bench.clerk)
        for _ in range(2)
    )

    assert class_of_enforcement_cost(cost=EnforcementCost(item.kind)) == stands
    assert recorded(Event.COST_BOOKED) == 1


def dismissed(bench: Bench) -> Referral:
    """Accepted, two freezes lifted in their order, then the petition dismissed."""
    first = make_freeze(bench.leading)
    second_case = make_enforcement_case(debtor=bench.debtor, court=bench.sending)
    make_freeze(second_case, first.target, rank=2, state=FreezeState.WAITING, frozen_fen=0)
    referral = make_referral(bench, R.ACCEPTED)
    send_all(bench, referral)
    acknowledge(referral, bench)
    record_dismissal(referral_id=referral.pk, dismissed_on=DISMISSED,
                     by=bench.bankruptcy_judge, today=DISMISSED)  # fmt: skip
    return Referral.objects.get(pk=referral.pk)


def test_a_dismissal_brings_enforcement_back_and_tells_the_courts(bench: Bench) -> None:
    referral = dismissed(bench)

    referral.refresh_from_db()
    assert (referral.state, referral.debtor.stage) == (R.DISMISSED, Stage.RETURNED)
    assert set(bench.debtor.cases.values_list("state", flat=True)) == {"open"}
    letters = referral.notices.filter(kind=NoticeKind.RESTORE)
    assert [(one.sender, one.court) for one in letters] == [
        (bench.intermediate, bench.sending)
    ]
    assert recorded(Event.REFERRAL_DISMISSED) == 1


def test_the_letter_to_restore_is_the_bankruptcy_courts(bench: Bench) -> None:
    referral = dismissed(bench)
    restore = letter(referral, NoticeKind.RESTORE)

    with pytest.raises(NotAllowed):
        send_notices(referral_id=referral.pk, notice_ids=[restore.pk], by=bench.handler)
    send_notices(referral_id=referral.pk, notice_ids=[restore.pk], today=DISMISSED,
                 by=bench.bankruptcy_clerk)  # fmt: skip

    restore.refresh_from_db()
    assert restore.document is not None
    said = text_of(open_document(restore.document).read())
    assert "原保全顺位" in said


def test_the_bankruptcy_case_ends_with_the_dismissal(bench: Bench) -> None:
    referral = make_referral(bench, R.ACCEPTED)
    with pytest.raises(NotAllowed):
        record_dismissal(referral_id=referral.pk, dismissed_on=DISMISSED,
                         by=bench.handler, today=DISMISSED)  # fmt: skip

    for _ in range(2):
        record_dismissal(referral_id=referral.pk, dismissed_on=DISMISSED,
                         by=bench.bankruptcy_judge, today=DISMISSED)  # fmt: skip

    assert Case.objects.get(referral=referral).phase == Phase.DISMISSED


def test_a_case_whose_register_is_confirmed_is_not_dismissed(bench: Bench) -> None:
    referral = make_referral(bench, R.ACCEPTED)
    Case.objects.filter(referral=referral).update(phase=Phase.CONFIRMED)

    with pytest.raises(NotInState):
        record_dismissal(referral_id=referral.pk, dismissed_on=DISMISSED,
                         by=bench.bankruptcy_judge, today=DISMISSED)  # fmt: skip

    assert Referral.objects.get(pk=referral.pk).state == R.ACCEPTED


def test_freezes_come_back_in_their_old_order(bench: Bench) -> None:
    referral = dismissed(bench)
    first, second = referral.kept_places.order_by("place")

    with pytest.raises(NotInState, match="not_its_turn"):
        restore_freeze(place_id=second.pk, restored_on=DISMISSED, by=bench.handler,
                       today=DISMISSED)  # fmt: skip
    for place in (first, first, second):
        restore_freeze(place_id=place.pk, restored_on=DISMISSED, by=bench.handler,
                       today=DISMISSED)  # fmt: skip

    states = [one.freeze.state for one in referral.kept_places.order_by("place")]
    assert states == [FreezeState.IN_FORCE, FreezeState.WAITING]
    assert recorded(Event.FREEZE_RESTORED) == 2


def test_a_court_that_gives_up_lets_the_next_move_up(bench: Bench) -> None:
    referral = dismissed(bench)
    first, second = referral.kept_places.order_by("place")

    give_up_freeze(place_id=first.pk, declined_on=DISMISSED, by=bench.handler,
                   today=DISMISSED)  # fmt: skip
    restore_freeze(place_id=second.pk, restored_on=DISMISSED, by=bench.handler,
                   today=DISMISSED)  # fmt: skip

    with pytest.raises(NotInState, match="answered"):
        restore_freeze(place_id=first.pk, restored_on=DISMISSED, by=bench.handler,
                       today=DISMISSED)  # fmt: skip
    first.freeze.refresh_from_db()
    assert first.freeze.state == FreezeState.LIFTED
    assert recorded(Event.FREEZE_NOT_RESTORED) == 1


def test_a_freeze_is_restored_by_a_judge_of_its_court(bench: Bench) -> None:
    referral = dismissed(bench)
    place = referral.kept_places.get(place=1)

    for stranger in (bench.clerk, staff(Role.ENFORCEMENT_JUDGE, bench.beside)):
        with pytest.raises(NotAllowed):
            restore_freeze(place_id=place.pk, restored_on=DISMISSED, by=stranger)


def test_what_was_never_lifted_needs_no_restoring(bench: Bench) -> None:
    make_freeze(bench.leading)
    referral = make_referral(bench, R.ACCEPTED)
    record_dismissal(referral_id=referral.pk, dismissed_on=DISMISSED,
                     by=bench.bankruptcy_judge, today=DISMISSED)  # fmt: skip

    with pytest.raises(NotInState, match="still_on"):
        restore_freeze(place_id=referral.kept_places.get().pk, restored_on=DISMISSED,
                       by=bench.handler, today=DISMISSED)  # fmt: skip
    assert not referral.notices.filter(kind=NoticeKind.RESTORE).exists()


def test_a_failing_audit_undoes_each_act_of_the_stay(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_bench()
    held = book(other, Held.COURT_ACCOUNT, 100)
    accepted = make_referral(other, R.ACCEPTED)
    referral = dismissed(bench)
    place = referral.kept_places.get(place=1)
    break_audit(monkeypatch, notices, proceeds, restoring, rulings)

    for act in (
        lambda: book(bench, Held.COURT_ACCOUNT, 7),
        lambda: hand_over(referral_id=accepted.pk, proceeds_ids=[held.pk], by=other.clerk,
                          handed_over_on=SENT_ON, today=SENT_ON),
        lambda: receive_ruling(referral_id=accepted.pk, received_on=SENT_ON,
                               by=other.clerk, today=SENT_ON),
        lambda: send_all(other, accepted),
        lambda: restore_freeze(place_id=place.pk, restored_on=DISMISSED, by=bench.handler),
        lambda: give_up_freeze(place_id=place.pk, declined_on=DISMISSED, by=bench.handler),
        lambda: book_cost(case_id=bench.leading.pk, kind=EnforcementCost.NOTICE, fen=1,
                          note="", by=bench.clerk),
    ):  # fmt: skip
        with pytest.raises(RuntimeError):
            act()

    assert Proceeds.objects.filter(handed_over_on=None).count() == 1
    assert not accepted.notices.filter(sent_on__isnull=False).exists()
    place.refresh_from_db()
    assert (place.restored_on, place.declined_on) == (None, None)

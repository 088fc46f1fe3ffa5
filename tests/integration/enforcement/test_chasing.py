"""Each way in which an institution can fail: chased, kept, told, never believed twice."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from factories_inquiries import SHOP, WALLET, Bureau, NoTrail, fail_to_record
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions import answering, sending
from zhipo.enforcement.actions.ordering import message_of
from zhipo.enforcement.actions.sending import chase, chase_order, take_outcome
from zhipo.enforcement.models import (
    BureauNotice,
    Freeze,
    InquiryAnswer,
    InquiryOrder,
    Property,
)
from zhipo.enforcement.states import CameBy, FreezeState, InquiryState
from zhipo.gateways.institutions.client import Received, Refused, Told, Unknown
from zhipo.gateways.institutions.messages import Problem
from zhipo.gateways.institutions.refusals import Reason
from zhipo.gateways.institutions.sandbox.behaviour import Manner
from zhipo.gateways.institutions.signing import Exchange, Raw
from zhipo.web.refusals import NotInState

pytestmark = pytest.mark.django_db

GREEN = "wallet-green"
RAW = Raw(Exchange("GET", "/", 404), {}, b"{}")


def green_query(bureau: Bureau) -> InquiryOrder:
    bureau.inquire()
    return InquiryOrder.objects.get(institution__party=GREEN)


def frozen_in_the_book(bureau: Bureau) -> list[Any]:
    return list(bureau.ground.control(GREEN, "book")["freezes"])


def test_late_answer_is_waited_for_and_escalated_once(bureau: Bureau) -> None:
    bureau.behave(GREEN, Manner.LATE, hours=60)
    order = green_query(bureau)

    bureau.chase(9, hours=6)
    order.refresh_from_db()
    assert (order.state, order.escalated_at is None) == (InquiryState.WORKING, False)
    bureau.chase(4, hours=6)

    order.refresh_from_db()
    assert order.state == InquiryState.ANSWERED
    assert Entry.objects.filter(event=Event.INQUIRY_ESCALATED).count() == 1
    notice = BureauNotice.objects.get(phrase="enforcement.notice.overdue")
    assert notice.values["institution"] == order.institution.name


def test_order_that_is_never_answered_is_asked_for_less_and_less_often(
    bureau: Bureau,
) -> None:
    bureau.behave(GREEN, Manner.NEVER)
    order = green_query(bureau)

    bureau.chase(10, hours=12)

    order.refresh_from_db()
    assert order.state in (InquiryState.RECEIVED, InquiryState.WORKING)
    assert order.settled_at is None
    assert order.ask_at - bureau.now == answering.LONGEST_PAUSE


@pytest.mark.parametrize("manner", [Manner.SILENT, Manner.RECEIPT_LOST])
def test_lost_line_is_bridged_with_the_same_body(informed: Bureau, manner: Manner) -> None:
    informed.behave(GREEN, manner, times=2)
    freeze = informed.order(WALLET)
    body = freeze.order.body

    chase(informed.now, client_of=informed.client_of)
    freeze.order.refresh_from_db()
    assert (freeze.order.state, freeze.order.tries) == (InquiryState.SENT, 1)
    informed.chase(6)

    freeze.refresh_from_db()
    assert (freeze.state, freeze.order.body) == (FreezeState.IN_FORCE, body)
    assert len(frozen_in_the_book(informed)) == 1


@pytest.mark.parametrize(
    ("manner", "reason"),
    [
        (Manner.FORGED, Reason.WRONG_SIGNATURE),
        (Manner.OLD_KEY, Reason.KEY_NOT_VALID),
        (Manner.YUAN, Reason.UNKNOWN_UNIT),
        (Manner.YUAN_AS_FEN, Reason.AMOUNTS_DISAGREE),
        (Manner.SCALED, Reason.WRONG_ECHO),
        (Manner.OTHER_DEBTOR, Reason.WRONG_DEBTOR),
        (Manner.OTHER_ORDER, Reason.WRONG_ORDER),
    ],
)
def test_bad_answer_is_kept_told_and_never_applied(
    informed: Bureau, manner: Manner, reason: Reason
) -> None:
    informed.behave(GREEN, manner)
    freeze = informed.order(WALLET)
    chase(informed.now, client_of=informed.client_of)

    chase(informed.now, client_of=informed.client_of)

    freeze.refresh_from_db()
    kept = InquiryAnswer.objects.get(order=freeze.order, is_good=False)
    assert (freeze.state, kept.reason, kept.applied_at) == ("ordered", reason, None)
    assert base64.b64decode(kept.raw)
    assert BureauNotice.objects.filter(phrase__endswith="bad_answer").count() == 1
    assert Entry.objects.filter(event=Event.ANSWER_REJECTED).count() == 1
    informed.chase()
    freeze.refresh_from_db()
    assert (freeze.state, freeze.frozen_fen) == (FreezeState.IN_FORCE, 1_000_000)


def test_bad_answer_to_a_query_brings_no_property(bureau: Bureau) -> None:
    bureau.behave(GREEN, Manner.YUAN)
    green_query(bureau)
    for _ in range(2):
        chase(bureau.now, client_of=bureau.client_of)

    assert not Property.objects.filter(institution__party=GREEN).exists()
    bureau.chase()
    assert Property.objects.filter(institution__party=GREEN).count() == 2


def test_partial_answer_is_applied_as_it_comes(bureau: Bureau) -> None:
    bureau.behave(GREEN, Manner.PARTIAL, hours=30)
    order = green_query(bureau)

    bureau.chase()
    order.refresh_from_db()
    assert Property.objects.filter(institution__party=GREEN).count() == 1
    assert (order.state, order.told_parts) == (InquiryState.WORKING, 1)
    bureau.chase(8, hours=6)

    order.refresh_from_db()
    assert Property.objects.filter(institution__party=GREEN).count() == 2
    assert (order.state, order.told_parts) == (InquiryState.ANSWERED, 2)


def test_different_second_answer_is_not_believed_until_told_twice(bureau: Bureau) -> None:
    bureau.behave(GREEN, Manner.DIFFERENT_SECOND)
    order = green_query(bureau)

    for _ in range(2):
        chase(bureau.now, client_of=bureau.client_of)
    assert Property.objects.filter(institution__party=GREEN).count() == 1
    bureau.step(minutes=2)
    chase(bureau.now, client_of=bureau.client_of)
    kept = InquiryAnswer.objects.get(order=order, is_good=False)
    assert (kept.reason, kept.times) == (Reason.CONTRADICTS, 1)
    assert Property.objects.filter(institution__party=GREEN).count() == 1
    bureau.chase()

    assert Property.objects.filter(institution__party=GREEN).count() == 2
    assert BureauNotice.objects.filter(phrase__endswith="corrected").count() == 1
    bureau.chase(2, hours=24)
    order.refresh_from_db()
    assert order.settled_at is not None


def test_same_answer_twice_is_kept_once(informed: Bureau) -> None:
    informed.behave(GREEN, Manner.TWICE)
    informed.freeze(WALLET)

    kept = InquiryAnswer.objects.filter(order__act="freeze")
    assert kept.count() == 1
    assert kept.get().times >= 2


def told(bureau: Bureau, order: InquiryOrder) -> Told:
    outcome = bureau.ground.client().ask(message_of(order))
    assert isinstance(outcome, Told)
    return outcome


def test_old_word_that_comes_late_changes_nothing(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    old = told(informed, freeze.order)
    informed.step(days=400)
    chase(informed.now, client_of=informed.client_of)
    freeze.refresh_from_db()
    assert freeze.state == FreezeState.LAPSED

    take_outcome(order_id=freeze.order.pk, outcome=old, now=informed.now,
                 came_by=CameBy.CALLBACK)  # fmt: skip

    freeze.refresh_from_db()
    assert (freeze.state, freeze.frozen_fen) == (FreezeState.LAPSED, 0)


def test_same_word_again_applies_nothing_twice(informed: Bureau) -> None:
    freeze = informed.freeze(SHOP, None)
    again = told(informed, freeze.order)
    before = Entry.objects.count(), InquiryAnswer.objects.count()

    for _ in range(3):
        take_outcome(order_id=freeze.order.pk, outcome=again, now=informed.now,
                     came_by=CameBy.CALLBACK)  # fmt: skip

    assert (Entry.objects.count(), InquiryAnswer.objects.count()) == before


def test_ceiling_that_is_not_ours_is_never_believed(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    Freeze.objects.update(limit_fen=2_000_000)
    InquiryAnswer.objects.all().delete()

    for _ in range(3):
        take_outcome(order_id=freeze.order.pk, outcome=told(informed, freeze.order),
                     now=informed.now)  # fmt: skip

    freeze.refresh_from_db()
    kept = InquiryAnswer.objects.get(order=freeze.order)
    assert (kept.is_good, kept.times, freeze.limit_fen) == (False, 3, 2_000_000)


def test_freeze_is_asked_about_every_day_while_it_stands(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    freeze.order.refresh_from_db()

    assert freeze.order.settled_at is None
    assert freeze.order.ask_at - informed.now <= timedelta(days=1)


def test_order_that_never_arrived_is_sent_again(bureau: Bureau) -> None:
    order = green_query(bureau)
    InquiryOrder.objects.filter(pk=order.pk).update(state=InquiryState.RECEIVED)

    bureau.chase()

    order.refresh_from_db()
    assert order.state == InquiryState.ANSWERED


def refused(reason: Reason) -> Refused:
    return Refused(Problem(reason=reason, detail="so"), RAW)


@pytest.mark.parametrize("reason", [Reason.WRONG_PARTY, Reason.OTHER_BODY])
def test_order_turned_away_ends_and_is_told(informed: Bureau, reason: Reason) -> None:
    freeze = informed.order(WALLET)

    take_outcome(order_id=freeze.order.pk, outcome=refused(reason), now=informed.now)

    freeze.refresh_from_db()
    freeze.order.refresh_from_db()
    assert freeze.state == FreezeState.REFUSED
    assert freeze.order.state == InquiryState.TURNED_AWAY
    assert freeze.order.settled_at is not None
    assert BureauNotice.objects.filter(phrase__endswith="turned_away").count() == 1
    assert Entry.objects.filter(event=Event.INQUIRY_TURNED_AWAY).count() == 1


def test_delivery_that_was_stale_is_tried_anew(informed: Bureau) -> None:
    freeze = informed.order(WALLET)

    take_outcome(order_id=freeze.order.pk, outcome=refused(Reason.STALE),
                 now=informed.now)  # fmt: skip
    informed.chase()

    freeze.refresh_from_db()
    assert freeze.state == FreezeState.IN_FORCE


def test_refused_question_is_kept_and_asked_again(informed: Bureau) -> None:
    freeze = informed.order(WALLET)
    chase(informed.now, client_of=informed.client_of)

    take_outcome(order_id=freeze.order.pk, outcome=refused(Reason.WRONG_PARTY),
                 now=informed.now)  # fmt: skip

    freeze.order.refresh_from_db()
    assert freeze.order.state == InquiryState.RECEIVED
    assert InquiryAnswer.objects.filter(order=freeze.order, is_good=False).count() == 1


def test_second_receipt_is_no_news(informed: Bureau) -> None:
    freeze = informed.order(WALLET)
    outcome = informed.ground.client().send(message_of(freeze.order))
    assert isinstance(outcome, Received)

    for _ in range(2):
        take_outcome(order_id=freeze.order.pk, outcome=outcome, now=informed.now)

    assert Entry.objects.filter(event=Event.INQUIRY_RECEIVED).count() == 7


def test_kill_after_the_institution_acted_freezes_once(
    informed: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process is gone between the institution's receipt and our commit."""
    freeze = informed.order(WALLET)

    class Killed(BaseException):
        """kill -9, as far as the code is concerned."""

    def die(**_: Any) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(sending, "take_outcome", die)
        with pytest.raises(Killed):
            chase_order(order_id=freeze.order.pk, now=informed.now,
                        client_of=informed.client_of)  # fmt: skip
    assert len(frozen_in_the_book(informed)) == 1
    freeze.order.refresh_from_db()
    assert freeze.order.state == InquiryState.PREPARED
    informed.chase()

    freeze.refresh_from_db()
    assert freeze.state == FreezeState.IN_FORCE
    assert len(frozen_in_the_book(informed)) == 1


def test_without_a_key_nothing_leaves_and_nothing_is_lost(bureau: Bureau) -> None:
    order = green_query(bureau)

    def none(_: Any) -> Any:
        raise NotInState("enforcement.refused.no_key", court="x")

    chase(bureau.now, client_of=none)
    order.refresh_from_db()
    assert (order.state, order.tries) == (InquiryState.SENT, 1)
    bureau.chase()

    order.refresh_from_db()
    assert order.state == InquiryState.ANSWERED


def test_what_is_settled_or_not_due_is_left_alone(informed: Bureau) -> None:
    before = Entry.objects.count()

    for order in InquiryOrder.objects.all():
        chase_order(order_id=order.pk, now=informed.now, client_of=informed.client_of)
    freeze = informed.order(WALLET)
    InquiryOrder.objects.filter(pk=freeze.order.pk).update(
        ask_at=informed.now + timedelta(hours=1)
    )
    chase_order(order_id=freeze.order.pk, now=informed.now, client_of=informed.client_of)

    freeze.order.refresh_from_db()
    assert freeze.order.state == InquiryState.PREPARED
    assert Entry.objects.filter(event=Event.INQUIRY_RECEIVED).count() == 6
    assert Entry.objects.count() > before


@pytest.mark.parametrize("outcome", [Unknown("ReadTimeout"), refused(Reason.STALE)])
def test_pause_doubles(informed: Bureau, outcome: Any) -> None:
    freeze = informed.order(WALLET)
    pauses = []
    for _ in range(4):
        take_outcome(order_id=freeze.order.pk, outcome=outcome, now=informed.now)
        freeze.order.refresh_from_db()
        pauses.append((freeze.order.ask_at - informed.now).total_seconds() / 60)

    assert pauses == [2, 4, 8, 16]


def test_answer_that_is_not_recorded_is_not_taken_over(
    informed: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze = informed.order(WALLET)
    chase(informed.now, client_of=informed.client_of)
    with monkeypatch.context() as failing:
        fail_to_record(failing, answering)
        with pytest.raises(NoTrail):
            chase(informed.now, client_of=informed.client_of)

    freeze.refresh_from_db()
    assert freeze.state == FreezeState.ORDERED
    assert not InquiryAnswer.objects.filter(order=freeze.order).exists()
    informed.chase()
    freeze.refresh_from_db()
    assert freeze.state == FreezeState.IN_FORCE

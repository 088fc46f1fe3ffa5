"""Each client against its sandbox, under each manner: what is told, what really left."""

from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from integration.gateways.payout_ground import (
    ONLINE,
    START,
    PayoutGround,
    lay_payout_ground,
    make_transfer,
)
from zhipo.gateways.payouts.limits import Limits, Window
from zhipo.gateways.payouts.outcomes import (
    BadCallback,
    Closed,
    ClosedBy,
    Failed,
    NotFound,
    Paid,
    Reason,
    Refused,
    Sent,
    Told,
    Unknown,
    Waiting,
)
from zhipo.gateways.payouts.sandbox.behaviour import OF_FILES, Manner
from zhipo.gateways.payouts.sandbox.plan import ChannelPlan, Plan


@pytest.fixture
def ground(tmp_path: Path) -> PayoutGround:
    return lay_payout_ground(tmp_path)


@dataclass(frozen=True)
class Meeting:
    """What a first send is told, a first question, and how it ends."""

    sent: object
    asked: object
    ends: object


TAKEN, PAID = Sent, Paid
BOTH = {
    Manner.PROMPT: Meeting(TAKEN, PAID, PAID),
    Manner.SLOW: Meeting(Unknown("ReadTimeout"), PAID, PAID),
    Manner.LATE: Meeting(TAKEN, Waiting(), PAID),
    Manner.ANSWER_LOST: Meeting(Unknown("ReadError"), PAID, PAID),
    Manner.CALLBACK_TWICE: Meeting(TAKEN, PAID, PAID),
    Manner.CALLBACK_FIRST: Meeting(TAKEN, PAID, PAID),
    Manner.CALLBACK_NEVER: Meeting(TAKEN, PAID, PAID),
    Manner.CALLBACK_FORGED: Meeting(TAKEN, PAID, PAID),
    Manner.CALLBACK_WRONG: Meeting(TAKEN, PAID, PAID),
    Manner.ANSWER_FORGED: Meeting(Unknown("WrongSignature"), PAID, PAID),
    Manner.OTHER_SUM: Meeting(TAKEN, Unknown("OtherTransfer"), PAID),
    Manner.OTHER_REFERENCE: Meeting(Unknown("OtherTransfer"), PAID, PAID),
    Manner.SILENT: Meeting(Unknown("ReadError"), NotFound(), NotFound()),
}
WECHAT = {
    **BOTH,
    Manner.ANSWER_SKEWED: Meeting(Unknown("Stale"), PAID, PAID),
    Manner.ERROR_AFTER: Meeting(Unknown("SYSTEM_ERROR"), PAID, PAID),
    Manner.ERROR_BEFORE: Meeting(Unknown("SYSTEM_ERROR"), NotFound(), NotFound()),
    Manner.MAINTENANCE: Meeting(Unknown("SYSTEM_ERROR"), NotFound(), NotFound()),
    Manner.RATE_LIMIT: Meeting(
        Refused(Reason.TOO_OFTEN, False, "FREQUENCY_LIMITED"), NotFound(), NotFound()
    ),
    Manner.DAY_CAP: Meeting(
        Refused(Reason.MERCHANT_CAP, False, "QUOTA_EXCEED"), NotFound(), NotFound()
    ),
    Manner.WRONG_NAME: Meeting(
        TAKEN,
        Failed(Reason.WRONG_NAME, "NAME_NOT_CORRECT"),
        Failed(Reason.WRONG_NAME, "NAME_NOT_CORRECT"),
    ),
    Manner.ACCOUNT_CLOSED: Meeting(
        TAKEN,
        Failed(Reason.NO_SUCH_ACCOUNT, "ACCOUNT_NOT_EXIST"),
        Failed(Reason.NO_SUCH_ACCOUNT, "ACCOUNT_NOT_EXIST"),
    ),
    Manner.NEVER_CONFIRMS: Meeting(TAKEN, Waiting, Closed),
}
NO_NAME = Failed(Reason.WRONG_NAME, "PAYEE_USER_INFO_ERROR")
SHUT = Failed(Reason.ACCOUNT_CLOSED, "PAYEE_ACCOUNT_STATUS_ERROR")
ALIPAY = {
    **BOTH,
    Manner.ANSWER_SKEWED: Meeting(TAKEN, PAID, PAID),
    Manner.ERROR_AFTER: Meeting(Unknown("aop.unknow-error"), PAID, PAID),
    Manner.ERROR_BEFORE: Meeting(Unknown("aop.unknow-error"), NotFound(), NotFound()),
    Manner.MAINTENANCE: Meeting(Unknown("isp.unknow-error"), NotFound(), NotFound()),
    Manner.RATE_LIMIT: Meeting(
        Refused(Reason.TOO_OFTEN, False, "isv.app-call-limited"), NotFound(), NotFound()
    ),
    Manner.DAY_CAP: Meeting(
        Refused(Reason.MERCHANT_CAP, False, "EXCEED_LIMIT_DM_AMOUNT"),
        NotFound(),
        NotFound(),
    ),
    Manner.WRONG_NAME: Meeting(
        Refused(Reason.WRONG_NAME, True, "PAYEE_USER_INFO_ERROR"), NO_NAME, NO_NAME
    ),
    Manner.ACCOUNT_CLOSED: Meeting(
        Refused(Reason.ACCOUNT_CLOSED, True, "PAYEE_ACCOUNT_STATUS_ERROR"), SHUT, SHUT
    ),
    Manner.NEVER_CONFIRMS: Meeting(TAKEN, PAID, PAID),
}
CASES = [
    (channel, manner, meeting)
    for channel, table in (("wechat", WECHAT), ("alipay", ALIPAY))
    for manner, meeting in table.items()
]


@pytest.mark.parametrize(
    ("channel", "manner", "meeting"), CASES, ids=lambda one: str(one)[:20]
)
def test_manner_is_told_as_what_it_is(
    ground: PayoutGround, channel: str, manner: Manner, meeting: Meeting
) -> None:
    transfer = make_transfer(channel)
    ground.behave(channel, manner, transfer.reference)

    assert_is(ground.send(transfer), meeting.sent)
    assert_is(ground.ask(transfer), meeting.asked)
    if meeting.ends == NotFound():
        assert ground.paid(channel) == {}
        assert isinstance(ground.send(transfer), Sent)
        meeting = replace(meeting, ends=PAID)
    assert_is(ground.settled(transfer), meeting.ends)
    is_paid = meeting.ends is PAID
    assert ground.paid(channel) == ({transfer.reference: transfer.fen} if is_paid else {})


def test_every_manner_of_an_online_channel_is_tried() -> None:
    assert set(WECHAT) == set(ALIPAY) == set(Manner) - OF_FILES


def assert_is(outcome: object, expected: object) -> None:
    """An outcome, or one of a kind."""
    if isinstance(expected, type):
        assert isinstance(outcome, expected)
    else:
        assert outcome == expected


@pytest.mark.parametrize("channel", ONLINE)
def test_sent_again_it_is_the_same_transfer(ground: PayoutGround, channel: str) -> None:
    transfer = make_transfer(channel)

    first = ground.send(transfer)
    again = [ground.send(transfer) for _ in range(3)]

    assert isinstance(first, Sent)
    assert {one.number for one in again if isinstance(one, Sent)} == {first.number}
    assert isinstance(ground.ask(transfer), Paid)
    assert ground.paid(channel) == {transfer.reference: transfer.fen}


@pytest.mark.parametrize("channel", ONLINE)
def test_other_content_under_a_reference_is_refused_and_never_paid(
    ground: PayoutGround, channel: str
) -> None:
    transfer = make_transfer(channel)
    ground.send(transfer)
    others = [
        replace(transfer, fen=transfer.fen + 1),
        replace(transfer, payee=replace(transfer.payee, account="somebody-else")),
        replace(transfer, remark="另一期分配"),
    ]

    answers = [ground.channels[channel].send(other) for other in others]

    assert all(isinstance(one, Refused) for one in answers)
    assert ground.channels[channel].ask(others[0]) == Unknown("OtherTransfer")
    assert ground.paid(channel) == {transfer.reference: transfer.fen}


def test_wechat_waits_for_the_payee_and_gives_the_package(ground: PayoutGround) -> None:
    transfer = make_transfer()
    ground.behave("wechat", Manner.NEVER_CONFIRMS, transfer.reference)

    sent = ground.send(transfer)
    asked = ground.ask(transfer)
    again = ground.send(transfer)

    assert isinstance(sent, Sent)
    assert sent.told is not None
    assert sent.told.must_confirm
    assert sent.told.package
    assert sent.told.until == START + timedelta(hours=24)
    assert asked == Waiting(must_confirm=True, until=sent.told.until, package=None)
    assert again == sent


def test_payee_who_confirms_is_paid(ground: PayoutGround) -> None:
    transfer = make_transfer()
    ground.behave("wechat", Manner.NEVER_CONFIRMS, transfer.reference)
    sent = ground.send(transfer)
    assert isinstance(sent, Sent)
    assert sent.told is not None

    ground.pass_time(hours=23)
    ground.control("wechat", "confirm", f'{{"package": "{sent.told.package}"}}')

    paid = ground.ask(transfer)
    assert isinstance(paid, Paid)
    assert paid.at == START + timedelta(hours=23)
    assert paid.number == sent.number


def test_transfer_nobody_confirms_is_closed_late_and_the_money_is_back(
    ground: PayoutGround,
) -> None:
    transfer = make_transfer()
    ground.behave("wechat", Manner.NEVER_CONFIRMS, transfer.reference)
    before = ground.control("wechat", "book")["funds_fen"]
    ground.send(transfer)
    assert ground.control("wechat", "book")["funds_fen"] == before - transfer.fen

    ground.pass_time(hours=24)
    at_the_hour = ground.ask(transfer)
    ground.pass_time(hours=1)

    assert isinstance(at_the_hour, Waiting)
    closed = ground.ask(transfer)
    assert isinstance(closed, Closed)
    assert closed.by is ClosedBy.EXPIRY
    assert ground.control("wechat", "book")["funds_fen"] == before
    ground.post()
    assert ground.heard == [Told(transfer.reference, closed)]


def test_cancelled_transfer_is_closed_and_not_paid(ground: PayoutGround) -> None:
    transfer = make_transfer()
    ground.behave("wechat", Manner.NEVER_CONFIRMS, transfer.reference)
    ground.send(transfer)

    assert ground.channels["wechat"].cancel(transfer) == Waiting()
    again = ground.channels["wechat"].cancel(transfer)

    assert isinstance(again, Closed)
    assert again.by is ClosedBy.CANCELLATION
    assert ground.ask(transfer) == again
    assert ground.paid("wechat") == {}


@pytest.mark.parametrize("channel", ONLINE)
def test_paid_transfer_is_not_cancelled(ground: PayoutGround, channel: str) -> None:
    transfer = make_transfer(channel)
    ground.send(transfer)
    assert isinstance(ground.ask(transfer), Paid)

    refused = ground.channels[channel].cancel(transfer)

    assert isinstance(refused, Refused)
    assert isinstance(ground.ask(transfer), Paid)


@pytest.mark.parametrize("channel", ONLINE)
@pytest.mark.parametrize(
    ("manner", "count"),
    [
        (Manner.PROMPT, 1),
        (Manner.CALLBACK_TWICE, 2),
        (Manner.CALLBACK_NEVER, 0),
        (Manner.CALLBACK_FORGED, 1),
        (Manner.CALLBACK_WRONG, 1),
    ],
)
def test_callback_says_what_a_question_says(
    ground: PayoutGround, channel: str, manner: Manner, count: int
) -> None:
    transfer = make_transfer(channel)
    ground.behave(channel, manner, transfer.reference)
    ground.send(transfer)
    ground.post()

    told = [one for one in ground.heard if isinstance(one, Told)]
    bad = [one for one in ground.heard if isinstance(one, BadCallback)]

    assert told == [Told(transfer.reference, ground.ask(transfer))] * count
    expected = {
        Manner.CALLBACK_FORGED: [BadCallback("WrongSignature")],
        Manner.CALLBACK_WRONG: [BadCallback("OtherTransfer")],
    }
    assert bad == expected.get(manner, [])


@pytest.mark.parametrize("channel", ONLINE)
def test_callback_may_come_before_the_answer(ground: PayoutGround, channel: str) -> None:
    transfer = make_transfer(channel)
    ground.behave(channel, Manner.CALLBACK_FIRST, transfer.reference)

    answer = ground.send(transfer)

    assert isinstance(answer, Sent)
    assert [type(one) for one in ground.heard] == [Told]


@pytest.mark.parametrize("channel", ONLINE)
def test_callback_of_a_reference_that_is_not_ours_is_not_used(
    ground: PayoutGround, channel: str
) -> None:
    transfer = make_transfer(channel)
    ground.send(transfer)
    ground.sent.clear()

    ground.post()

    assert ground.heard == [BadCallback("UnknownReference")]


@pytest.mark.parametrize("channel", ONLINE)
def test_bill_has_every_payment_once(ground: PayoutGround, channel: str) -> None:
    transfers = [make_transfer(channel, fen=1_000 + place) for place in range(5)]
    for transfer in transfers:
        ground.send(transfer)
    ground.pass_time(hours=24)
    later = make_transfer(channel)
    ground.send(later)
    ground.ask(later)

    bill = ground.channels[channel].bill(START.date())
    following = ground.channels[channel].bill(START.date() + timedelta(days=1))
    empty = ground.channels[channel].bill(START.date() - timedelta(days=1))

    assert {row.reference: -row.fen for row in bill.rows} == {
        transfer.reference: transfer.fen for transfer in transfers
    }
    assert [row.reference for row in following.rows] == [later.reference]
    assert empty.rows == ()


def test_caps_and_hours_of_the_channel_are_told_in_its_words(tmp_path: Path) -> None:
    limits = Limits(
        min_fen=10,
        max_fen=50_000,
        day_fen=60_000,
        payee_day_fen=45_000,
        windows=(Window(since="00:00", until="04:00"),),
    )
    plan = Plan(alipay=ChannelPlan(limits=limits, funds_fen=100_000))
    ground = lay_payout_ground(tmp_path, plan=plan)
    payee = make_transfer("alipay").payee
    reasons = []
    for fen in (9, 50_001, 40_000, 5_001, 5_000, 15_001):
        transfer = make_transfer("alipay", fen=fen)
        if fen != 15_001:
            transfer = replace(transfer, payee=payee)
        answer = ground.send(transfer)
        reasons.append(answer.reason if isinstance(answer, Refused) else None)
    ground.pass_time(hours=14)
    at_night = ground.send(make_transfer("alipay"))

    assert reasons == [
        Reason.BELOW_MINIMUM,
        Reason.ABOVE_MAXIMUM,
        None,
        Reason.PAYEE_CAP,
        None,
        Reason.MERCHANT_CAP,
    ]
    assert at_night == Unknown("SYSTEM_ERROR")
    assert sum(ground.paid("alipay").values()) == 45_000


def test_channel_without_money_pays_nothing(tmp_path: Path) -> None:
    plan = Plan(
        wechat=ChannelPlan(limits=Limits(), funds_fen=30_000),
        alipay=ChannelPlan(limits=Limits(), funds_fen=30_000),
    )
    ground = lay_payout_ground(tmp_path, plan=plan)
    for channel in ONLINE:
        first, second = make_transfer(channel), make_transfer(channel)
        ground.send(first)
        answer = ground.send(second)

        assert isinstance(answer, Refused)
        assert (answer.reason, answer.is_final) == (Reason.NO_MONEY, False)
        assert ground.ask(second) == NotFound()


def test_name_reaches_wechat_encrypted_and_is_asked_for_from_two_thousand_yuan(
    ground: PayoutGround,
) -> None:
    named = make_transfer(fen=2_000_00)
    nameless = make_transfer(fen=2_000_00)
    nameless = replace(nameless, payee=replace(nameless.payee, name=""))
    below = replace(nameless, reference="BELOW0000001", fen=1_999_99)

    seen = []
    transport = ground.channels["wechat"].http._transport
    real = transport.handle_request
    transport.handle_request = lambda request: (seen.append(request), real(request))[1]
    answers = [ground.send(one) for one in (named, nameless, below)]

    assert [type(one) for one in answers] == [Sent, Refused, Sent]
    assert "张三丰" not in seen[0].content.decode()
    assert '"user_name":"' in seen[0].content.decode()
    with ground.made["wechat"].front.books.opened() as book:
        entry = book.find(named.reference)
    assert entry is not None
    assert entry.payee_name == "张三丰"


@pytest.mark.parametrize("channel", ONLINE)
def test_behaviour_for_the_next_is_for_the_next_that_arrives(
    ground: PayoutGround, channel: str
) -> None:
    earlier, following, last = (make_transfer(channel) for _ in range(3))
    ground.send(earlier)
    ground.control(channel, "behaviour", '{"manner": "silent"}')

    assert isinstance(ground.ask(earlier), Paid)
    assert ground.ask(following) == NotFound()
    assert ground.send(following) == Unknown("ReadError")
    assert isinstance(ground.send(last), Sent)

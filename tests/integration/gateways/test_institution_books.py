"""What orders do to an institution's book: freezes, queues, deductions, refusals."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from integration.gateways.institution_ground import (
    BANK,
    BANK_FEN,
    LAST_DAY,
    PARTIES,
    RESERVE,
    SHOP,
    START,
    WALLET,
    WALLET_FEN,
    Ground,
    court,
    lay_ground,
    order_on,
    query_at,
)
from unit.gateways.orders import paper
from zhipo.demo.case import ACCOUNTS
from zhipo.gateways.institutions.amounts import amount
from zhipo.gateways.institutions.client import Received, Refused
from zhipo.gateways.institutions.messages import (
    Act,
    Days,
    Debtor,
    Decision,
    DocumentKind,
    FreezeStatus,
    ObjectionReply,
    ObjectKind,
    Order,
    OrderState,
    Target,
    Title,
)
from zhipo.gateways.institutions.moments import CHINA
from zhipo.gateways.institutions.refusals import Grounds, Reason

ALL_FEN = 10**12


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return lay_ground(tmp_path)


def grounds_of(ground: Ground, order: Order, name: str = "yuhu") -> Grounds:
    answer = ground.done(order, name)
    assert answer.outcome is OrderState.REFUSED
    assert answer.refusal is not None
    return answer.refusal.grounds


def on_freeze(freeze: Order, act: Act, **changes: Any) -> Order:
    """An order about a freeze that another order has made."""
    assert freeze.target is not None
    changes = {"court": freeze.court, "freeze_order": freeze.order_id, **changes}
    return order_on(freeze.target.reference, act, **changes)


def status_now(ground: Ground, freeze: Order, name: str) -> tuple[FreezeStatus, int, int]:
    """Status, frozen fen and rank of a freeze as it is now."""
    state = ground.asked(freeze, name).freeze
    assert state is not None
    return state.status, state.frozen.value if state.frozen else 0, state.rank


def test_query_finds_the_six_accounts_and_the_rest_of_the_debtors(ground: Ground) -> None:
    found = [
        holding
        for party in PARTIES
        for holding in ground.done(query_at(party)).holdings or ()
    ]

    money = {
        one.balance.value
        for one in found
        if one.balance
        and one.target.kind in (ObjectKind.PAYMENT_ACCOUNT, ObjectKind.BANK_ACCOUNT)
    }
    assert money == {account.fen for account in ACCOUNTS}
    assert {one.target.kind for one in found} == set(ObjectKind) - {
        ObjectKind.RESERVE_ACCOUNT
    }


def test_debtor_who_has_nothing_there_is_no_customer(ground: Ground) -> None:
    stranger = Debtor(name="某公司", uscc="91430302MA4XJ0003J")

    answer = ground.done(query_at("bank-north", debtor=stranger))

    assert answer.outcome is OrderState.ANSWERED
    assert not answer.is_customer


def test_freeze_takes_what_is_there_and_no_more(ground: Ground) -> None:
    whole = ground.freeze(WALLET, 120_000)
    beyond = ground.freeze(BANK, BANK_FEN + 1)

    assert status_now(ground, whole, "yuhu") == (FreezeStatus.IN_FORCE, 120_000, 1)
    assert status_now(ground, beyond, "yuhu") == (FreezeStatus.PARTLY_IN_FORCE, BANK_FEN, 1)
    assert ground.balance(BANK) == (BANK_FEN, BANK_FEN)


def test_money_that_comes_in_is_frozen_up_to_the_limit(ground: Ground) -> None:
    freeze = ground.freeze(BANK, BANK_FEN + 500)
    ground.control("bank-north", "movements", f'{{"reference": "{BANK}", "fen": 800}}')

    assert status_now(ground, freeze, "yuhu") == (
        FreezeStatus.IN_FORCE,
        BANK_FEN + 500,
        1,
    )
    assert ground.balance(BANK) == (BANK_FEN + 800, BANK_FEN + 500)


def test_waiting_freeze_comes_into_force_when_the_earlier_is_lifted(
    ground: Ground,
) -> None:
    first = ground.freeze(WALLET, WALLET_FEN - 100, "yuhu")
    second = ground.freeze(WALLET, 1_000, "yuetang")
    third = ground.freeze(WALLET, 1_000, "kaifu")

    assert status_now(ground, second, "yuetang") == (FreezeStatus.PARTLY_IN_FORCE, 100, 2)
    assert status_now(ground, third, "kaifu") == (FreezeStatus.WAITING, 0, 3)
    ground.done(on_freeze(first, Act.LIFT))
    assert status_now(ground, first, "yuhu") == (FreezeStatus.LIFTED, 0, 0)
    assert status_now(ground, second, "yuetang") == (FreezeStatus.IN_FORCE, 1_000, 1)
    assert status_now(ground, third, "kaifu") == (FreezeStatus.IN_FORCE, 1_000, 2)


def test_freeze_lapses_after_its_last_day_and_the_next_takes_its_place(
    ground: Ground,
) -> None:
    first = ground.freeze(SHOP, freeze_until=date(2025, 6, 1))
    second = ground.freeze(SHOP, name="yuetang", freeze_until=date(2026, 6, 1))
    last_moment = datetime(2025, 6, 1, 23, 59, 59, tzinfo=CHINA)

    ground.set_clock(last_moment)
    assert status_now(ground, first, "yuhu")[0] is FreezeStatus.IN_FORCE
    assert status_now(ground, second, "yuetang") == (FreezeStatus.WAITING, 0, 2)
    ground.set_clock(last_moment + timedelta(seconds=1))
    assert status_now(ground, first, "yuhu") == (FreezeStatus.LAPSED, 0, 0)
    assert status_now(ground, second, "yuetang") == (FreezeStatus.IN_FORCE, 0, 1)
    late = on_freeze(first, Act.RENEW, freeze_until=date(2025, 12, 1))
    assert grounds_of(ground, late) is Grounds.FREEZE_ENDED


def test_renewal_moves_the_last_day_and_keeps_the_place(ground: Ground) -> None:
    first = ground.freeze(WALLET, ALL_FEN, freeze_until=date(2025, 6, 1))
    second = ground.freeze(WALLET, 1_000, "yuetang")
    answer = ground.done(on_freeze(first, Act.RENEW, freeze_until=date(2026, 3, 3)))
    ground.set_clock(datetime(2025, 7, 1, tzinfo=CHINA))

    assert answer.freeze is not None
    assert answer.freeze.until == date(2026, 3, 3)
    assert status_now(ground, first, "yuhu")[2] == 1
    assert status_now(ground, second, "yuetang") == (FreezeStatus.WAITING, 0, 2)


@pytest.mark.parametrize(
    ("reference", "longest"),
    [
        (WALLET, LAST_DAY),
        (BANK, LAST_DAY),
        ("DEP-7001", LAST_DAY),
        ("SET-7001", LAST_DAY),
        (SHOP, date(2028, 3, 3)),
        ("ACC-9001", date(2028, 3, 3)),
        ("xianxiangjia.example", date(2028, 3, 3)),
    ],
)
def test_freeze_is_at_most_as_long_as_the_law_has_it(
    ground: Ground, reference: str, longest: date
) -> None:
    too_long = order_on(reference, freeze_until=longest + timedelta(days=1))

    refusal = ground.done(too_long).refusal
    assert refusal is not None
    assert refusal.grounds is Grounds.PERIOD_TOO_LONG
    assert "第四百八十五条" in refusal.cite
    assert ground.freeze(reference, freeze_until=longest)


def test_partial_lift_releases_out_of_what_is_frozen(ground: Ground) -> None:
    freeze = ground.freeze(BANK, ALL_FEN)
    answer = ground.done(on_freeze(freeze, Act.PARTIAL_LIFT, amount=187_245))

    assert answer.freeze is not None
    assert answer.freeze.limit == amount(36_000_000)
    assert ground.balance(BANK) == (BANK_FEN, 36_000_000)
    whole = on_freeze(freeze, Act.PARTIAL_LIFT, amount=36_000_000)
    assert grounds_of(ground, whole) is Grounds.NOT_FROZEN_ENOUGH


def test_deduction_comes_out_of_its_own_freeze_alone(ground: Ground) -> None:
    first = ground.freeze(BANK, 1_000_000)
    second = ground.freeze(BANK, ALL_FEN, "yuetang")
    beyond = on_freeze(first, Act.DEDUCT, amount=1_000_001)
    whole = on_freeze(first, Act.DEDUCT, amount=1_000_000)

    assert grounds_of(ground, beyond) is Grounds.NOT_FROZEN_ENOUGH
    assert ground.balance(BANK) == (BANK_FEN, BANK_FEN)
    deduction = ground.done(whole).deduction
    assert deduction is not None
    assert deduction.freeze.status is FreezeStatus.LIFTED
    assert ground.balance(BANK) == (BANK_FEN - 1_000_000, BANK_FEN - 1_000_000)
    assert status_now(ground, second, "yuetang")[1] == BANK_FEN - 1_000_000
    assert grounds_of(ground, on_freeze(first, Act.DEDUCT, amount=1)) is (
        Grounds.FREEZE_ENDED
    )


def test_frozen_money_does_not_leave(ground: Ground) -> None:
    ground.freeze(BANK, BANK_FEN - 5)
    leave = '{{"reference": "{}", "fen": {}}}'

    ground.control("bank-north", "movements", leave.format(BANK, -5))
    with pytest.raises(ValueError, match="0 fen are available"):
        ground.control("bank-north", "movements", leave.format(BANK, -1))
    assert ground.balance(BANK) == (BANK_FEN - 5, BANK_FEN - 5)


@pytest.mark.parametrize("act", [Act.FREEZE, Act.OWNERSHIP_CHECK, Act.QUERY])
def test_reserve_account_is_refused_with_the_article(ground: Ground, act: Act) -> None:
    order = order_on(WALLET, act, target=RESERVE)
    before = ground.control("wallet-green", "book")

    refusal = ground.done(order).refusal

    assert refusal is not None
    assert refusal.grounds is Grounds.RESERVE_ACCOUNT
    assert "《非银行支付机构监督管理条例》第二十九条" in refusal.cite
    assert ground.control("wallet-green", "book") == before


def test_reserve_account_under_another_name_is_refused_too(ground: Ground) -> None:
    disguised = Target(kind=ObjectKind.PAYMENT_ACCOUNT, reference=RESERVE.reference)

    order = order_on(WALLET, target=disguised)

    assert grounds_of(ground, order) is Grounds.RESERVE_ACCOUNT


def test_what_is_not_lawful_or_not_there_is_refused(ground: Ground) -> None:
    shop = ground.freeze(SHOP)
    wallet = ground.freeze(WALLET, 1_000)
    other = Target(kind=ObjectKind.PAYMENT_ACCOUNT, reference="1600000009")
    wrong_kind = Target(kind=ObjectKind.BANK_ACCOUNT, reference=WALLET)
    nothing = Target(kind=ObjectKind.PAYMENT_ACCOUNT, reference="none")
    yuetang = court("yuetang")
    over = date(2025, 3, 2)

    refused = {
        order_on(WALLET, target=other): Grounds.NOT_DEBTORS,
        order_on(WALLET, target=wrong_kind): Grounds.WRONG_KIND,
        order_on(WALLET, target=nothing): Grounds.NO_SUCH_OBJECT,
        order_on(WALLET, freeze_until=over): Grounds.PERIOD_OVER,
        order_on(SHOP, Act.HISTORY): Grounds.NOT_MONEY,
        on_freeze(wallet, Act.LIFT, freeze_order=uuid4()): Grounds.NO_SUCH_FREEZE,
        on_freeze(shop, Act.RENEW, freeze_until=date(2026, 3, 2)): Grounds.PERIOD_OVER,
    }
    for order, grounds in refused.items():
        assert grounds_of(ground, order) is grounds
    anothers = on_freeze(wallet, Act.LIFT, court=yuetang)
    assert grounds_of(ground, anothers, "yuetang") is Grounds.NO_SUCH_FREEZE
    assert status_now(ground, wallet, "yuhu") == (FreezeStatus.IN_FORCE, 1_000, 1)


def test_thing_is_neither_divided_nor_deducted(ground: Ground) -> None:
    shop = ground.freeze(SHOP)

    for act, grounds in (
        (Act.PARTIAL_LIFT, Grounds.NOT_DIVISIBLE),
        (Act.DEDUCT, Grounds.NOT_MONEY),
    ):
        assert grounds_of(ground, on_freeze(shop, act)) is grounds
    assert status_now(ground, shop, "yuhu") == (FreezeStatus.IN_FORCE, 0, 1)


def test_custody_and_disputes_show_in_the_ownership_check(ground: Ground) -> None:
    titles = {
        reference: ground.done(order_on(reference, Act.OWNERSHIP_CHECK)).ownership
        for reference in (WALLET, "2088000000000012", "DEP-7001", "ACC-9001")
    }

    assert [one.title for one in titles.values() if one] == [
        Title.DEBTORS,
        Title.CUSTODY,
        Title.DISPUTED,
        Title.THIRD_PARTYS,
    ]


def test_history_joins_the_balances_of_its_days(ground: Ground) -> None:
    halves = [
        Days(first=date(2024, 1, 1), last=date(2024, 8, 31)),
        Days(first=date(2024, 9, 1), last=date(2025, 3, 3)),
    ]

    one, two = (
        ground.done(order_on(WALLET, Act.HISTORY, days=days)).history for days in halves
    )

    assert one is not None
    assert two is not None
    assert one.opening == amount(0)
    assert one.closing == two.opening
    assert two.closing == amount(WALLET_FEN)
    assert any("无偿赠与" in row.memo for row in two.transactions)


def test_history_of_days_without_movements_has_the_balance_of_then(
    ground: Ground,
) -> None:
    days = Days(first=date(2025, 3, 2), last=date(2025, 3, 3))

    history = ground.done(order_on(WALLET, Act.HISTORY, days=days)).history

    assert history is not None
    assert (history.opening, history.closing) == (amount(WALLET_FEN), amount(WALLET_FEN))


def test_same_order_again_gets_the_same_receipt_and_is_done_once(ground: Ground) -> None:
    client, order = ground.client(), order_on(WALLET, amount=1_000)

    first, second = client.send(order), client.send(order)

    assert isinstance(first, Received)
    assert isinstance(second, Received)
    assert first.receipt == second.receipt
    assert ground.balance(WALLET) == (WALLET_FEN, 1_000)


def test_other_body_under_the_same_number_is_refused(ground: Ground) -> None:
    client, order = ground.client(), order_on(WALLET, amount=1_000)
    client.send(order)

    again = client.send(order.model_copy(update={"amount": amount(2_000)}))

    assert isinstance(again, Refused)
    assert again.problem.reason is Reason.OTHER_BODY
    assert ground.balance(WALLET) == (WALLET_FEN, 1_000)


def test_court_learns_nothing_of_anothers_orders(ground: Ground) -> None:
    order = order_on(WALLET, amount=1_000)
    ground.done(order)
    client = ground.client("yuetang")

    asked = client.ask(order.model_copy(update={"court": court("yuetang")}))
    in_its_name = client.send(order_on(WALLET))

    assert isinstance(asked, Refused)
    assert asked.problem.reason is Reason.UNKNOWN_ORDER
    assert isinstance(in_its_name, Refused)
    assert in_its_name.problem.reason is Reason.WRONG_PARTY


def test_reply_without_an_objection_is_refused(ground: Ground) -> None:
    order = order_on(WALLET, amount=1_000)
    ground.done(order)

    replied = ground.client().reply(reply_to(order, Decision.UPHELD), order=order)

    assert isinstance(replied, Refused)
    assert replied.problem.reason is Reason.NO_OBJECTION
    assert ground.balance(WALLET) == (WALLET_FEN, 1_000)


def reply_to(order: Order, decision: Decision) -> ObjectionReply:
    return ObjectionReply(
        order_id=order.order_id,
        institution=order.institution,
        court=order.court.party,
        decision=decision,
        documents=(paper(DocumentKind.REPLY),),
        sent_at=START,
    )


@pytest.mark.parametrize("decision", Decision)
@pytest.mark.parametrize("manner", ["objection", "unlawful"])
def test_objection_is_decided_by_the_courts_reply(
    ground: Ground, manner: str, decision: Decision
) -> None:
    ground.control("wallet-green", "behaviour", f'{{"manner": "{manner}"}}')
    order = order_on(WALLET, amount=1_000)
    stands = manner == "objection"

    told = ground.told(order)
    assert told.state is OrderState.OBJECTED
    assert ground.balance(WALLET)[1] == (1_000 if stands else 0)
    if stands:
        deduct = on_freeze(order, Act.DEDUCT, amount=1)
        assert grounds_of(ground, deduct) is Grounds.OBJECTION_OPEN
    client, reply = ground.client(), reply_to(order, decision)
    first, second = (client.reply(reply, order=order) for _ in range(2))
    assert isinstance(first, Received)
    assert isinstance(second, Received)
    assert first.receipt == second.receipt

    ended = ground.asked(order)
    is_upheld = decision is Decision.UPHELD
    assert ended.state is (OrderState.REFUSED if is_upheld else OrderState.ANSWERED)
    assert ground.balance(WALLET)[1] == (0 if is_upheld else 1_000)


def test_late_order_is_done_when_it_is_due_and_not_before(ground: Ground) -> None:
    ground.control("wallet-green", "behaviour", '{"manner": "late", "hours": 30}')
    order = order_on(WALLET, amount=1_000)

    assert ground.told(order).state is OrderState.WORKING
    ground.set_clock(START + timedelta(hours=29, minutes=59))
    assert ground.asked(order).state is OrderState.WORKING
    assert ground.balance(WALLET)[1] == 0
    ground.set_clock(START + timedelta(days=9))
    answer = ground.asked(order).answers[-1]
    assert answer.answered_at == START + timedelta(hours=30)
    assert ground.balance(WALLET)[1] == 1_000


def test_clock_does_not_go_back(ground: Ground) -> None:
    with pytest.raises(ValueError, match="stands later"):
        ground.set_clock(START - timedelta(seconds=1))

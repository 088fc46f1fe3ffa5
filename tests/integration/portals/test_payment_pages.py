"""兑付 over HTTP: every state of a part said with its next step, to its creditor alone."""

import io
import json
import re
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from devices import device_of
from factories import make_creditor
from factories_payouts import (
    FakeChannel,
    Paying,
    approved,
    bring_to,
    make_payee,
    make_prepared,
    make_released,
    orders_of,
    say_of,
    speak_to,
)
from factories_plans import TODAY, make_confirmed, make_funded_case
from zhipo.accounts.models import User
from zhipo.claims.models import Claim
from zhipo.claims.states import PayoutChannel
from zhipo.gateways.payouts.outcomes import Closed, ClosedBy, Failed, Reason
from zhipo.payouts import channels
from zhipo.payouts.actions.depositing import deposit_overdue, hand_over_deposit
from zhipo.payouts.models import Deposit, FurtherWay, Order, Release
from zhipo.payouts.states import DepositReason, Ending, OrderState
from zhipo.portals.creditor import payments_shown

pytestmark = pytest.mark.django_db
S = OrderState
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _channel(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    speak_to(monkeypatch, FakeChannel())


@pytest.fixture
def creditor() -> User:
    return make_creditor("+8613700000077")


@pytest.fixture
def paying(creditor: User) -> Paying:
    """One claim of the creditor's for 271.88, one of somebody else's."""
    case, people = make_funded_case()
    make_payee(case, 27_188, creditor=creditor)
    make_payee(case, 9_000)
    return approved(case, people)


def claim_of(paying: Paying) -> Claim:
    return paying.case.claims.get(creditor__isnull=False)


def base(paying: Paying) -> str:
    return f"/c/{paying.case.slug}/claims/{claim_of(paying).pk}/payment"


def page(paying: Paying, creditor: User, path: str = "", lang: str = "zh-hans") -> str:
    client = device_of(creditor)
    client.cookies["zhipo_lang"] = lang
    answer = client.get(base(paying) + path)
    assert answer.status_code == 200, answer.content.decode()[:800]
    return str(answer.content.decode())


def own_order(release: Release) -> Order:
    return next(one for one in orders_of(release) if one.share.claim.creditor_id)


def test_before_a_plan_the_page_says_what_will_come(creditor: User) -> None:
    case, people = make_funded_case()
    make_payee(case, 27_188, creditor=creditor)
    waiting = Paying(case, people, None)  # type: ignore[arg-type]

    assert "分配方案经法院裁定认可后" in page(waiting, creditor)


def test_the_page_says_how_much_why_when_and_where(paying: Paying, creditor: User) -> None:
    text = page(paying, creditor)

    assert "¥271.88" in text
    assert f"付款日是 {TODAY}" in text
    assert "100.00 %" in text
    assert "消费者预付款" in text
    assert "第一百一十三条" in text
    assert "微信零钱" in text
    assert claim_of(paying).payout_account not in text
    assert claim_of(paying).payout_account[-4:] in text
    assert "我们从来不问" in text


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        (S.PLANNED, "已排期", "Scheduled"),
        (S.SENDING, "在路上", "On the way"),
        (S.WAITING_USER, "等您确认收款", "Waiting for you"),
        (S.PAID, "到账", "Arrived"),
        (S.FAILED, "已经注销", "closed or frozen"),
        (S.RETURNED, "撤回", "took this one back"),
    ],
)
def test_every_state_of_an_order_is_said(
    state: OrderState, zh: str, en: str, lang: str, paying: Paying, creditor: User
) -> None:
    bring_to(own_order(make_released(paying)), state)

    assert (en if lang == "en" else zh) in page(paying, creditor, lang=lang)


def test_a_batch_that_nobody_let_go_is_said(paying: Paying, creditor: User) -> None:
    make_prepared(paying)

    assert "等待放行" in page(paying, creditor)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_reason_has_plain_words_and_a_next_step(
    lang: str, paying: Paying, creditor: User
) -> None:
    order = bring_to(own_order(make_released(paying)), S.FAILED)

    for reason in [*Reason, *Ending]:
        Order.objects.filter(pk=order.pk).update(reason=reason)
        text = page(paying, creditor, lang=lang)

        assert ("What to do now" if lang == "en" else "现在怎么办") in text, reason
        assert reason not in text or "_" not in reason


def test_a_closed_account_leads_to_another_way(paying: Paying, creditor: User) -> None:
    order = own_order(make_released(paying))
    bring_to(order, S.SENDING)
    say_of(order, Failed(Reason.ACCOUNT_CLOSED))

    text = page(paying, creditor)

    assert "请换一个收款方式" in text
    assert f"/claims/{claim_of(paying).pk}/payout" in text


def test_what_lapsed_is_sent_again_without_any_act(paying: Paying, creditor: User) -> None:
    order = bring_to(own_order(make_released(paying)), S.WAITING_USER)
    say_of(order, Closed(by=ClosedBy.EXPIRY, at=timezone.now()))

    text = page(paying, creditor)

    assert "已排期" in text  # the order that follows, by itself
    assert "请换一个收款方式" not in text


def test_the_time_to_confirm_is_counted_by_the_server(
    paying: Paying, creditor: User
) -> None:
    order = bring_to(own_order(make_released(paying)), S.WAITING_USER)
    until = timezone.now() + timedelta(hours=5, minutes=12, seconds=30)
    Order.objects.filter(pk=order.pk).update(confirm_until=until)

    text = page(paying, creditor)

    assert "还剩 5 小时 12 分" in text
    assert f"{timezone.localtime(until):%Y-%m-%d %H:%M}" in text
    assert f'data-until="{until.isoformat()}' in text


def test_after_the_time_nothing_is_lost(paying: Paying, creditor: User) -> None:
    order = bring_to(own_order(make_released(paying)), S.WAITING_USER)
    Order.objects.filter(pk=order.pk).update(
        confirm_until=timezone.now() - timedelta(minutes=1)
    )

    text = page(paying, creditor)

    assert "确认时间已过" in text
    assert "会再汇一次" in text
    assert "data-until" not in text


def test_wechat_is_told_merchant_and_package_where_it_is_set_up(
    paying: Paying, creditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring_to(own_order(make_released(paying)), S.WAITING_USER)
    without = page(paying, creditor)
    monkeypatch.setattr(payments_shown, "wechat_client", lambda: ("1900000109", "wxapp"))

    text = page(paying, creditor)

    assert "data-package" not in without
    assert 'data-merchant="1900000109" data-app="wxapp" data-package="opened' in text
    assert "在微信中收款" in text


def test_parts_are_paid_one_by_one(creditor: User) -> None:
    """Instalments (a settlement's terms): each with its day, and what it adds up to."""
    case, people = make_funded_case()
    make_payee(case, 300_001, creditor=creditor)
    days = (TODAY, TODAY + timedelta(days=90), TODAY + timedelta(days=180))
    paying = approved(
        case, people, due_days=days, procedure="settlement", basis="SETTLEMENT",
        evidence="和解协议第三条", ceiling_fen=50_000,
    )  # fmt: skip
    bring_to(own_order(make_released(paying)), S.PAID)

    text = page(paying, creditor)

    assert "第 1 期，共 3 期" in text
    assert text.count("未到付款日") == 2
    assert f"{days[2]} 起付款" in text
    assert "¥1,000.00" in text
    assert "¥1,000.01" in text


def test_several_claims_of_one_person_stand_together(creditor: User) -> None:
    case, people = make_funded_case()
    make_payee(case, 27_188, creditor=creditor)
    make_payee(case, 100_000, creditor=creditor)
    make_payee(case, 77_777)
    paying = approved(case, people)
    bring_to(own_order(make_released(paying)), S.PAID)

    text = device_of(creditor).get(f"/c/{case.slug}/payment").content.decode()

    assert "2 笔债权合计" in text
    assert "¥1,271.88" in text
    assert "¥777.77" not in text
    own = {int(pk) for pk in re.findall(r"/claims/(\d+)/payment", text)}
    assert own == set(case.claims.filter(creditor=creditor).values_list("pk", flat=True))


def test_what_is_reserved_is_kept_for_its_creditor(creditor: User) -> None:
    case, people = make_funded_case()
    make_payee(case, 27_188, creditor=creditor, identity="unproven")
    make_payee(case, 9_000)
    paying = approved(case, people)

    before = page(paying, creditor)
    deposit_overdue(today=TODAY)
    after = page(paying, creditor)

    for text in (before, after):
        assert "为您保留" in text
        assert "身份或者债权金额还没有核定" in text
        assert f"/claims/{claim_of(paying).pk}/identity" in text


def test_what_a_judgment_left_of_the_reserve_is_the_creditors(creditor: User) -> None:
    case, people = make_funded_case()
    make_payee(case, 50_000, creditor=creditor, state="disputed")
    make_payee(case, 9_000)
    paying = approved(case, people)
    deposit_overdue(today=TODAY)
    Claim.objects.filter(creditor=creditor).update(
        state="confirmed", confirmed_fen=12_345, ruling="判决"
    )
    hand_over_deposit(deposit_id=Deposit.objects.get().pk, by=people.lead)

    text = page(paying, creditor)

    assert "¥123.45" in text
    assert "¥376.55" in text
    assert "已退回分配给其他债权人" in text


@pytest.mark.parametrize("why", DepositReason)
def test_a_deposit_says_where_until_when_and_how(
    why: DepositReason, paying: Paying, creditor: User
) -> None:
    share = claim_of(paying).shares.get()
    Deposit.objects.create(share=share, part=0, fen=27_188, why=why, since=TODAY)

    open_end = page(paying, creditor)
    Deposit.objects.update(until=TOMORROW)
    text = page(paying, creditor)

    assert "已提存" in open_end
    assert "专用账户" in open_end
    assert "怎样领取" in open_end
    assert "《企业破产法》第一百一十" in open_end
    assert f"保留到 {TOMORROW}" in text


def test_what_was_waived_says_by_which_article(paying: Paying, creditor: User) -> None:
    Deposit.objects.create(
        share=claim_of(paying).shares.get(), part=0, fen=27_188, since=TODAY,
        why=DepositReason.UNCLAIMED, released_on=TODAY, released_to="others",
    )  # fmt: skip

    assert "第一百一十八条视为放弃" in page(paying, creditor)


def test_the_claims_own_page_tells_the_plan_and_what_arrived(
    paying: Paying, creditor: User
) -> None:
    bring_to(own_order(make_released(paying)), S.PAID)

    claim_page = base(paying).removesuffix("/payment")
    text = device_of(creditor).get(claim_page).content.decode()

    assert "分配和付款：第一次分配方案" in text
    assert "已到账 ¥271.88，共 ¥271.88" in text


def test_a_receipt_is_shown_printed_and_real(paying: Paying, creditor: User) -> None:
    order = bring_to(own_order(make_released(paying)), S.PAID)

    text = page(paying, creditor, f"/orders/{order.pk}")
    real = Client().get(f"/c/{paying.case.slug}/real?code={order.reference.lower()}")

    assert order.reference in text
    assert order.channel_number in text
    assert "王*" in text
    assert order.payee_name not in text
    assert order.payee_account not in text
    assert "是真的" in real.content.decode()


@pytest.mark.parametrize(("lang", "title"), [("zh-hans", "付款凭证"), ("en", "Receipt")])
def test_the_receipts_paper_holds_the_payment(
    lang: str, title: str, paying: Paying, creditor: User
) -> None:
    order = bring_to(own_order(make_released(paying)), S.PAID)
    client = device_of(creditor)
    client.cookies["zhipo_lang"] = lang

    answer = client.get(f"{base(paying)}/orders/{order.pk}/receipt.docx")

    paper = docx.Document(io.BytesIO(answer.content))
    cells = {cell.text for row in paper.tables[0].rows for cell in row.cells}
    assert title in " ".join(one.text for one in paper.paragraphs)
    assert {"¥271.88", order.reference} <= cells
    assert order.payee_account not in cells


def test_there_is_no_receipt_of_what_has_not_arrived(
    paying: Paying, creditor: User
) -> None:
    order = bring_to(own_order(make_released(paying)), S.SENDING)
    client = device_of(creditor)

    for path in (f"/orders/{order.pk}", f"/orders/{order.pk}/receipt.docx"):
        assert client.get(base(paying) + path).status_code == 404
    real = Client().get(f"/c/{paying.case.slug}/real?code={order.reference}")
    assert "不是" in real.content.decode() or "没有发出过" in real.content.decode()


def test_nothing_of_it_is_shown_to_anybody_else(paying: Paying, creditor: User) -> None:
    orders = orders_of(make_released(paying))
    mine = next(one for one in orders if one.share.claim.creditor_id)
    other = next(one for one in orders if not one.share.claim.creditor_id)
    bring_to(mine, S.PAID)
    bring_to(other, S.PAID)
    stranger = device_of(make_creditor("+8613700000078"))
    owner = device_of(creditor)
    paths = ("", f"/orders/{mine.pk}", f"/orders/{mine.pk}/receipt.docx", "/1/proof.json")

    assert [stranger.get(base(paying) + one).status_code for one in paths] == [404] * 4
    assert [Client().get(base(paying) + one).status_code for one in paths] == [302] * 4
    assert owner.get(f"{base(paying)}/orders/{other.pk}").status_code == 404
    assert owner.get(f"{base(paying)}/2/proof.json").status_code == 404


def test_changing_the_account_ends_what_no_channel_has_seen(
    paying: Paying, creditor: User
) -> None:
    order = own_order(make_released(paying))
    address = base(paying).removesuffix("/payment") + "/payout"

    answer = device_of(creditor).post(
        address, {"channel": "alipay", "account": "me@example.com"}
    )

    order.refresh_from_db()
    assert answer.status_code == 302
    assert (order.state, order.reason) == (S.FAILED, Ending.PAYEE_CHANGED)
    assert "下一批付到新的账户" in page(paying, creditor)


def test_ways_stand_while_a_payment_is_on_its_way(paying: Paying, creditor: User) -> None:
    bring_to(own_order(make_released(paying)), S.SENDING)
    client = device_of(creditor)
    claim_page = base(paying).removesuffix("/payment")

    posted = [
        client.post(f"{claim_page}/{path}", {"channel": "cash", "account": ""})
        for path in ("payout", "payout/2")
    ]

    assert [one.status_code for one in posted] == [409, 409]
    assert FurtherWay.objects.count() == 0
    assert "等它有了结果才能更改" in page(paying, creditor)


def test_a_second_way_is_named_masked_and_taken_back(
    paying: Paying, creditor: User
) -> None:
    client = device_of(creditor)
    address = base(paying).removesuffix("/payment") + "/payout/2"
    card = "6222020000000001234"

    named = client.post(address, {"channel": "bank", "account": card})
    shown = page(paying, creditor)
    taken_back = client.post(address, {"channel": "none", "account": card})

    assert (named.status_code, taken_back.status_code) == (302, 302)
    assert card not in shown
    assert "1234" in shown
    assert FurtherWay.objects.count() == 0


@pytest.mark.parametrize(
    "said",
    [
        {"channel": ""},
        {"channel": "bank", "account": "12"},
        {"channel": "alipay"},
        {"channel": "x"},
    ],
)
def test_a_wrong_second_way_comes_back_with_its_reason(
    said: dict[str, str], paying: Paying, creditor: User
) -> None:
    address = base(paying).removesuffix("/payment") + "/payout/3"

    answer = device_of(creditor).post(address, said)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert FurtherWay.objects.count() == 0


@pytest.mark.parametrize("place", [0, 1, 4])
def test_there_is_no_fourth_way(place: int, paying: Paying, creditor: User) -> None:
    address = base(paying).removesuffix("/payment") + f"/payout/{place}"

    assert device_of(creditor).get(address).status_code == 404


def test_the_payment_page_asks_little_of_the_database(
    creditor: User, django_assert_max_num_queries: Any
) -> None:
    """The same number of queries for one part and for twelve."""
    case, people = make_funded_case()
    claim = make_payee(case, 1_200_000, creditor=creditor)
    days = tuple(TODAY + timedelta(days=30 * i) for i in range(12))
    approved(
        case, people, due_days=days, procedure="settlement", basis="SETTLEMENT",
        evidence="和解协议第三条", ceiling_fen=50_000,
    )  # fmt: skip
    client = device_of(creditor)

    with django_assert_max_num_queries(14):
        client.get(f"/c/{case.slug}/claims/{claim.pk}/payment")


def test_losing_the_plans_files_loses_the_steps_alone(
    paying: Paying, creditor: User, settings: Any, tmp_path: Any
) -> None:
    from dataclasses import replace

    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)

    text = page(paying, creditor)

    assert "¥271.88" in text
    assert "计算步骤暂时读不出来" in text


def test_a_claim_that_a_plan_gives_nothing_is_told_why(creditor: User) -> None:
    case, people = make_funded_case(100_000)
    make_confirmed(case, 60_000, kind="employee")
    make_payee(case, 27_188, creditor=creditor, kind="supplier", holder=None,
               claimant="供应商甲")  # fmt: skip
    make_confirmed(case, 90_000, kind="employee")
    paying = approved(case, people)

    assert "没有余款分给您这一类" in page(paying, creditor)


def test_channels_know_whether_wechat_is_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    channels.wechat_client.cache_clear()
    monkeypatch.delenv("ZHIPO_WECHAT_PAY_MERCHANT", raising=False)

    assert channels.wechat_client() is None
    channels.wechat_client.cache_clear()


def test_ways_of_the_form_are_the_claims_ways(paying: Paying, creditor: User) -> None:
    text = page(paying, creditor).replace("/payment", "")
    form = device_of(creditor).get(base(paying).removesuffix("/payment") + "/payout/2")

    assert text
    found = set(re.findall(r'name="channel" value="(\w+)"', form.content.decode()))
    assert found == {*PayoutChannel, "none"}


def test_the_proof_is_a_file_of_ones_own_line(paying: Paying, creditor: User) -> None:
    answer = device_of(creditor).get(f"{base(paying)}/1/proof.json")

    proof = json.loads(answer.content)
    others = [one.number for one in paying.case.claims.filter(creditor=None)]
    assert answer["Content-Disposition"].startswith("attachment")
    assert proof["claim_id"] == claim_of(paying).number
    assert proof["line"]["paid_fen"] == "27188"
    assert not [number for number in others if number in answer.content.decode()]

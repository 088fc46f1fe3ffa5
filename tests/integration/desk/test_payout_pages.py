"""The cashier's desk: what is due, releases, orders, the bank's files, deposits."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from factories import make_staff
from factories_payouts import (
    FakeChannel,
    Paying,
    approved,
    bring_to,
    fake_alipay,
    make_payee,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
    speak_to,
)
from factories_plans import TODAY, make_funded_case
from integration.gateways.test_payout_bank_desk import lay_desk
from integration.payouts.unchanged import nothing_changes
from zhipo.accounts.models import Session
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.models import Plan
from zhipo.gateways.payouts.sandbox.spoken import Request
from zhipo.payouts.actions.depositing import deposit_overdue, deposit_unclaimed
from zhipo.payouts.models import BankFile, Deposit, HandPayment, Order, Release
from zhipo.payouts.states import Ending, OrderState, ReleaseState

pytestmark = pytest.mark.django_db
SignIn = Callable[[Any], Client]
S, R = OrderState, ReleaseState


@pytest.fixture(autouse=True)
def channels(monkeypatch: pytest.MonkeyPatch) -> FakeChannel:
    wechat = FakeChannel()
    speak_to(monkeypatch, wechat, fake_alipay())
    return wechat


@pytest.fixture
def paying() -> Paying:
    """Two wallets, one bank account, one who comes to the desk."""
    case, people = make_funded_case()
    ways = (PayoutChannel.WECHAT, PayoutChannel.ALIPAY, PayoutChannel.BANK, None)
    for number, channel in enumerate(ways, start=1):
        make_payee(case, 10_000 * number, channel)
    return approved(case, people)


def desk(paying: Paying, rest: str = "") -> str:
    return f"/desk/{paying.case.slug}/payouts{rest}"


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def test_the_cashier_prepares_and_the_lead_lets_go(
    paying: Paying, signed_in: SignIn
) -> None:
    cashier, lead = signed_in(paying.people.cashier), signed_in(paying.people.lead)
    page = shown(cashier, desk(paying))
    assert "¥1,000.00" in page
    assert "编制付款批次" in page

    answer = cashier.post(
        desk(paying, f"/plans/{paying.plan.pk}/prepare"), {"until": f"{TODAY}"}
    )

    release = Release.objects.get()
    here = desk(paying, f"/releases/{release.pk}")
    assert answer.headers["Location"] == here
    page = shown(cashier, here)
    assert "放行后会怎样" in page
    assert "您编制了这个批次" in page
    assert f"{here}/do/release" not in page
    assert f"{here}/do/discard" in page
    page = shown(lead, here)
    assert f"{here}/do/release" in page
    assert lead.post(f"{here}/do/release", {}).status_code == 400
    assert Release.objects.get().state == R.PREPARED

    assert lead.post(f"{here}/do/release", {"is_read": "on"}).status_code == 302

    assert Release.objects.get().state == R.RELEASED
    page = shown(lead, here)
    assert "进度" in page
    assert "hx-get" in page


def test_the_forecast_says_when_each_channel_ends_and_what_is_missing(
    paying: Paying, signed_in: SignIn, channels: FakeChannel
) -> None:
    channels.limits = channels.limits.model_copy(update={"day_fen": 10_000})
    release = make_prepared(paying)

    page = shown(signed_in(paying.people.lead), desk(paying, f"/releases/{release.pk}"))

    assert f"{release.ends_on:%Y-%m-%d}" in page
    assert "付款账户余额不足" in page
    assert "由人办理" in page
    number = paying.case.claims.get(payout_channel="").number
    assert number in page


def test_an_account_is_filled_and_the_shortage_is_gone(
    paying: Paying, signed_in: SignIn
) -> None:
    make_prepared(paying)
    cashier = signed_in(paying.people.cashier)
    assert "还差 ¥100.00" in shown(cashier, desk(paying))
    form = {"channel": "wechat", "fen": "100.00", "value_on": f"{TODAY}",
            "reference": "B-9", "form_key": "k1"}  # fmt: skip

    for _ in range(2):
        assert cashier.post(desk(paying, "/do/fill"), form).status_code == 302

    page = shown(cashier, desk(paying))
    assert "还差 ¥100.00" not in page
    wrong = cashier.post(
        desk(paying, "/do/fill"), form | {"fen": "9999999", "form_key": "k2"}
    )
    assert wrong.status_code == 409
    assert "银行账户余额不足" in wrong.content.decode()
    assert "9999999" in wrong.content.decode()


def test_where_nothing_is_due_the_page_says_why(signed_in: SignIn) -> None:
    paying = make_paying(due_days=(TODAY + timedelta(days=30),))
    cashier = signed_in(paying.people.cashier)
    assert "还没有付款批次" in shown(cashier, desk(paying))

    answer = cashier.post(
        desk(paying, f"/plans/{paying.plan.pk}/prepare"), {"until": f"{TODAY}"}
    )

    assert answer.status_code == 409
    assert "没有到期待付的分配额" in answer.content.decode()


def test_a_case_without_a_plan_has_an_empty_page(signed_in: SignIn) -> None:
    case, people = make_funded_case()

    page = shown(signed_in(people.lead), f"/desk/{case.slug}/payouts")

    assert "还没有经法院裁定认可的分配方案" in page
    assert "没有提存款" in shown(signed_in(people.cashier), f"/desk/{case.slug}/deposits")


@pytest.mark.parametrize("by", ["lead", "judge"])
def test_a_release_is_paused_resumed_and_stopped(
    paying: Paying, signed_in: SignIn, by: str
) -> None:
    release = make_released(paying)
    client = signed_in(getattr(paying.people, by))
    here = desk(paying, f"/releases/{release.pk}")
    assert client.post(f"{here}/do/pause", {"why": ""}).status_code == 400

    assert client.post(f"{here}/do/pause", {"why": "核对账户"}).status_code == 302
    assert "核对账户" in shown(client, here)
    assert client.post(f"{here}/do/resume", {}).status_code == 302
    assert client.post(f"{here}/do/stop", {"why": "有误"}).status_code == 400
    stopped = client.post(f"{here}/do/stop", {"why": "有误", "is_read": "on"})

    assert stopped.status_code == 302
    release.refresh_from_db()
    assert (release.state, release.why) == (R.STOPPED, "有误")
    assert client.get(f"{here}/progress").status_code == 286


def test_a_refusal_comes_back_with_what_was_typed(
    paying: Paying, signed_in: SignIn
) -> None:
    release = make_released(paying)
    judge = signed_in(paying.people.judge)
    here = desk(paying, f"/releases/{release.pk}")
    judge.post(f"{here}/do/pause", {"why": "法院核查"})

    answer = signed_in(paying.people.lead).post(f"{here}/do/pause", {"why": "我也核查"})

    assert answer.status_code == 409


def test_the_court_sees_everything_and_releases_nothing(
    paying: Paying, signed_in: SignIn
) -> None:
    release = make_prepared(paying)
    order = orders_of(release)[0]
    here = desk(paying, f"/releases/{release.pk}")
    for person in (paying.people.judge, paying.people.clerk):
        client = signed_in(person)
        for rest in ("", "/orders", f"/orders/{order.pk}", f"/releases/{release.pk}"):
            assert "/do/release" not in shown(client, desk(paying, rest))
        shown(client, f"/desk/{paying.case.slug}/deposits")
        with nothing_changes():
            refused = client.post(f"{here}/do/release", {"is_read": "on"})
            assert refused.status_code == 403
            assert client.post(f"{here}/do/discard", {}).status_code == 403


def test_money_acts_ask_for_the_code_again_after_ten_minutes(
    paying: Paying, signed_in: SignIn
) -> None:
    release = make_prepared(paying)
    lead = signed_in(paying.people.lead)
    Session.objects.update(confirmed_at=timezone.now() - timedelta(minutes=11))
    here = desk(paying, f"/releases/{release.pk}")

    with nothing_changes():
        answer = lead.post(f"{here}/do/release", {"is_read": "on"})

    assert answer.headers["Location"] == f"/enter/code?next={here}"
    make_released_by(release, paying)
    assert lead.post(f"{here}/do/pause", {"why": "核对"}).status_code == 302


def test_the_progress_alone_is_asked_for(paying: Paying, signed_in: SignIn) -> None:
    release = make_released(paying)
    first = next(one for one in orders_of(release) if one.channel == "wechat")
    bring_to(first, S.PAID)
    client = signed_in(paying.people.clerk)

    part = shown(client, desk(paying, f"/releases/{release.pk}/progress"))

    assert "<html" not in part
    assert "1 / 4" in part
    assert "微信零钱" in part


def test_orders_are_searched_filtered_and_exported(
    paying: Paying, signed_in: SignIn
) -> None:
    release = make_released(paying)
    orders = orders_of(release)
    bring_to(next(one for one in orders if one.channel == "wechat"), S.FAILED)
    client = signed_in(paying.people.cashier)
    page = shown(client, desk(paying, "/orders"))
    assert all(one.reference[:8] in page for one in orders)
    assert not any(one.share.claim.holder.name in page for one in orders)

    needed = shown(client, desk(paying, "/orders?need=yes"))
    assert [one.channel for one in orders if one.reference[:8] in needed] == ["wechat"]
    for asked, found in searches(orders):
        answer = client.post(desk(paying, "/orders"), {"asked": asked})
        page = shown(client, answer.headers["Location"])
        assert asked not in answer.headers["Location"]
        listed = {one.reference for one in orders if one.reference[:8] in page}
        assert listed == {found.reference}, asked

    book = client.post(f"/desk/{paying.case.slug}/lists/orders/export", {"page_key": "k"})
    assert b"".join(book.streaming_content)[:2] == b"PK"
    sent = client.get(desk(paying, "/orders.csv")).streaming_content
    rows = list(csv.reader(io.StringIO(b"".join(sent).decode("utf-8-sig"))))
    assert len(rows) == 5
    assert {row[0] for row in rows[1:]} == {one.reference for one in orders}


def searches(orders: list[Order]) -> list[tuple[str, Order]]:
    """What somebody types, and the order that it finds."""
    first, second = orders[0], orders[1]
    assert first.share.claim.holder is not None
    return [
        (first.reference, first),
        (first.reference.lower(), first),
        (second.share.claim.number, second),
        (first.share.claim.holder.phone[-4:], first),
        (first.payee_account, first),
    ]


def test_an_orders_page_tells_what_was_said_and_what_is_next(
    paying: Paying, signed_in: SignIn
) -> None:
    release = make_released(paying)
    order = next(one for one in orders_of(release) if one.channel == "wechat")
    bring_to(order, S.WAITING_USER)
    client = signed_in(paying.people.judge)
    page = shown(client, desk(paying, f"/orders/{order.pk}"))
    assert "等收款人在微信里确认" in page
    bring_to(order, S.PAID)

    page = shown(client, desk(paying, f"/orders/{order.pk}"))

    assert "已经到账" in page
    assert order.reference in page
    assert "已到账" in page
    assert order.payee_account not in page
    assert order.payee_account[-4:] in page


STEPS = [
    (S.FAILED, "", "需要人办理"),
    (S.SENDING, "", "已经发给通道"),
    (S.SENDING, Ending.NOT_FOUND, "通道查无此单"),
    (S.FAILED, Ending.CONTRADICTED, "前后矛盾"),
]


@pytest.mark.parametrize(("state", "reason", "words"), STEPS)
def test_the_next_step_is_said(
    paying: Paying, signed_in: SignIn, state: OrderState, reason: str, words: str
) -> None:
    release = make_released(paying)
    order = next(one for one in orders_of(release) if one.channel == "wechat")
    bring_to(order, state)
    if reason:
        Order.objects.filter(pk=order.pk).update(reason=reason)

    page = shown(signed_in(paying.people.lead), desk(paying, f"/orders/{order.pk}"))

    assert words in page
    assert (f"{order.pk}/do/close" in page) == (reason == Ending.NOT_FOUND)


def test_the_lead_enters_what_was_found(paying: Paying, signed_in: SignIn) -> None:
    release = make_released(paying)
    order = next(one for one in orders_of(release) if one.channel == "wechat")
    bring_to(order, S.FAILED)
    Order.objects.filter(pk=order.pk).update(reason=Ending.CONTRADICTED)
    lead = signed_in(paying.people.lead)
    here = desk(paying, f"/orders/{order.pk}")
    assert f"{here}/do/resolve" in shown(lead, here)
    form = {"paid": "yes", "evidence": "账单第 7 行"}
    assert lead.post(f"{here}/do/resolve", form).status_code == 400

    assert lead.post(f"{here}/do/resolve", form | {"is_read": "on"}).status_code == 302

    paid = Order.objects.get(follows=order)
    assert paid.state == S.PAID
    page = shown(lead, here)
    assert paid.reference[:8] in page
    assert "已人工核对" in page


def test_two_people_pay_at_the_desk(paying: Paying, signed_in: SignIn) -> None:
    release = make_released(paying)
    order = next(one for one in orders_of(release) if one.channel == "by_cash")
    cashier, lead = signed_in(paying.people.cashier), signed_in(paying.people.lead)
    here = desk(paying, f"/orders/{order.pk}")
    assert "等收款人到场领取" in shown(cashier, here)
    at = timezone.localtime() - timedelta(minutes=5)
    form = {"number": "S-77", "taken_by": "王小明", "at": f"{at:%Y-%m-%dT%H:%M}"}

    wrong = cashier.post(f"{here}/do/enter", form | {"number": ""})
    assert wrong.status_code == 400
    assert "王小明" in wrong.content.decode()
    assert cashier.post(f"{here}/do/enter", form).status_code == 302

    page = shown(cashier, here)
    assert "您登记了这张收据" in page
    assert f"{here}/do/check" not in page
    assert cashier.post(f"{here}/do/check", {"is_seen": "on"}).status_code == 403
    assert lead.post(f"{here}/do/check", {}).status_code == 400
    assert lead.post(f"{here}/do/check", {"is_seen": "on"}).status_code == 302
    order.refresh_from_db()
    assert order.state == S.PAID
    assert "S-77" in shown(lead, here)


def test_an_entry_is_taken_back_on_the_page(paying: Paying, signed_in: SignIn) -> None:
    release = make_released(paying)
    order = next(one for one in orders_of(release) if one.channel == "by_cash")
    HandPayment.objects.create(
        order=order, receipt="S-1", taken_by="X", taken_at=timezone.now(),
        entered_by=paying.people.cashier, entered_at=timezone.now(),
    )  # fmt: skip

    done = signed_in(paying.people.lead).post(
        desk(paying, f"/orders/{order.pk}/do/take_back"), {}
    )

    assert done.status_code == 302
    assert not HandPayment.objects.exists()


def test_a_bank_file_goes_out_and_its_return_comes_in(
    paying: Paying, signed_in: SignIn, tmp_path: Path
) -> None:
    release = make_released(paying)
    cashier = signed_in(paying.people.cashier)
    here = desk(paying, f"/releases/{release.pk}")
    assert cashier.post(f"{here}/do/bank_file", {}).status_code == 302
    made = BankFile.objects.get()
    content = cashier.get(desk(paying, f"/files/{made.pk}")).content
    workbook = cashier.get(desk(paying, f"/files/{made.pk}?as=xlsx"))
    assert workbook.content.startswith(b"PK")
    bank = lay_desk(tmp_path)
    path = f"/files/{made.number}"
    bank.made.answer(Request("POST", path, {}, content))
    returned = bank.made.answer(Request("GET", f"{path}/return", {}, b"")).body

    answer = cashier.post(f"{here}/do/files/{made.pk}", {"returned": upload(returned)})

    assert answer.status_code == 302
    order = Order.objects.get(channel="bank_batch")
    assert order.state == S.PAID
    assert "各行都已登记" in shown(cashier, here)


def test_a_wrong_return_is_refused_and_faulty_rows_are_named(
    paying: Paying, signed_in: SignIn
) -> None:
    release = make_released(paying)
    cashier = signed_in(paying.people.cashier)
    here = desk(paying, f"/releases/{release.pk}")
    cashier.post(f"{here}/do/bank_file", {})
    made = BankFile.objects.get()
    path = f"{here}/do/files/{made.pk}"

    with nothing_changes():
        wrong = cashier.post(path, {"returned": upload(b"a,b\n1,2\n")})
        empty = cashier.post(path, {})

    assert wrong.status_code == 409
    assert "没有作任何登记" in wrong.content.decode()
    assert empty.status_code == 400
    again = cashier.post(f"{here}/do/bank_file", {})
    assert again.status_code == 409
    assert "没有等待银行代发的付款指令" in again.content.decode()
    BankFile.objects.update(
        returned_at=timezone.now(), returned_by=paying.people.cashier,
        faults=[["REF1", "missing_row"], ["", "wrong_total"]],
    )  # fmt: skip
    page = shown(cashier, here)
    assert "缺少这一行" in page
    assert "合计与各行不符" in page


def test_a_file_of_another_release_is_not_read_here(
    paying: Paying, signed_in: SignIn
) -> None:
    release = make_released(paying)
    cashier = signed_in(paying.people.cashier)
    cashier.post(desk(paying, f"/releases/{release.pk}/do/bank_file"), {})
    made = BankFile.objects.get()
    other = Release.objects.create(
        plan=paying.plan, orders_count=0, fen=0, state=R.STOPPED,
        prepared_by=paying.people.cashier, prepared_at=timezone.now(),
    )  # fmt: skip

    path = desk(paying, f"/releases/{other.pk}/do/files/{made.pk}")

    assert cashier.post(path, {"returned": upload(b"x")}).status_code == 404


def test_unclaimed_money_is_deposited_handed_over_and_shared_out(
    signed_in: SignIn,
) -> None:
    paying = make_paying(30_000, channel=PayoutChannel.CASH)
    release = make_released(paying)
    Release.objects.filter(pk=release.pk).update(
        released_at=timezone.now() - timedelta(days=31)
    )
    make_due_long_ago(release)
    lead = signed_in(paying.people.lead)
    here = f"/desk/{paying.case.slug}/deposits"
    assert "未来领取 1 笔" in shown(lead, here)
    act = f"{here}/do/plans/{paying.plan.pk}"
    assert lead.post(act, {}).status_code == 400

    assert lead.post(act, {"is_read": "on"}).status_code == 302

    deposit = Deposit.objects.get()
    page = shown(lead, f"{here}/{deposit.pk}")
    assert "期限尚未开始" in page
    assert "交付债权人" in page
    refused = lead.post(f"{here}/do/share-out/unclaimed", {"is_read": "on"})
    assert refused.status_code == 409
    assert "没有期限届满的提存款" in refused.content.decode()
    give_notice(paying, months_ago=3)
    page = shown(lead, here)
    assert "1 笔，¥300.00" in page
    late = lead.post(f"{here}/{deposit.pk}/do/hand_over", {"is_read": "on"})
    assert late.status_code == 409
    assert "视为放弃受领" in late.content.decode()
    assert lead.post(f"{here}/do/share-out/unclaimed", {"is_read": "on"}).status_code == 302
    deposit.refresh_from_db()
    assert deposit.released_to == "others"
    assert "分配给其他债权人" in shown(lead, here)
    assert lead.post(f"{here}/do/share-out/nothing", {"is_read": "on"}).status_code == 404


def test_what_stayed_in_dispute_is_given_away_by_the_judge_alone(
    signed_in: SignIn,
) -> None:
    case, people = make_funded_case()
    make_payee(case, 50_000, identity="unproven")
    paying = approved(case, people)
    two_years_ago = TODAY - timedelta(days=732)
    Case.objects.filter(pk=case.pk).update(phase="closed", ended_on=two_years_ago)
    deposit_overdue()
    lead, judge = signed_in(people.lead), signed_in(people.judge)
    here = f"/desk/{paying.case.slug}/deposits"
    address = f"{here}/do/share-out/unsettled"
    assert "由法官凭裁定办理" in shown(lead, here)
    assert address not in shown(lead, here)
    assert address in shown(judge, here)
    with nothing_changes():
        given = {"is_read": "on", "ruling": "裁定一"}
        assert lead.post(address, given).status_code == 403
        without = judge.post(address, {"is_read": "on", "ruling": ""})
    assert without.status_code == 400

    assert judge.post(address, given).status_code == 302

    assert Deposit.objects.get().released_to == "others"


def test_a_reserved_share_is_settled_by_its_condition(signed_in: SignIn) -> None:
    case, people = make_funded_case()
    make_payee(case, 50_000, identity="unproven")
    paying = approved(case, people)
    deposit_overdue()
    deposit = Deposit.objects.get()
    here = f"/desk/{case.slug}/deposits/{deposit.pk}"
    lead = signed_in(people.lead)
    form = {"kind": "suspensive", "met": "yes", "is_read": "on"}
    early = lead.post(f"{here}/do/settle", form)
    assert early.status_code == 409
    assert "最后分配公告日" in early.content.decode()
    give_notice(paying, months_ago=0)

    assert lead.post(f"{here}/do/settle", form).status_code == 302

    deposit.refresh_from_db()
    assert deposit.released_to == "creditor"


def test_only_the_lead_is_offered_what_the_lead_may_do(signed_in: SignIn) -> None:
    paying = make_paying(30_000, channel=PayoutChannel.CASH)
    release = make_released(paying)
    later = TODAY + timedelta(days=30)
    deposit_unclaimed(plan_id=paying.plan.pk, by=paying.people.lead, today=later)
    deposit = Deposit.objects.get()
    here = f"/desk/{paying.case.slug}/deposits/{deposit.pk}"
    for person in (paying.people.cashier, paying.people.judge):
        client = signed_in(person)
        assert "/do/hand_over" not in shown(client, here)
        with nothing_changes():
            done = client.post(f"{here}/do/hand_over", {"is_read": "on"})
            assert done.status_code == 403
    assert release.pk


def test_things_of_another_case_are_not_there(paying: Paying, signed_in: SignIn) -> None:
    release = make_released(paying)
    order = orders_of(release)[0]
    other, people = make_funded_case()
    stranger = signed_in(people.lead)

    for slug in (paying.case.slug, other.slug):
        for rest in (f"releases/{release.pk}", f"orders/{order.pk}"):
            assert stranger.get(f"/desk/{slug}/payouts/{rest}").status_code == 404


def test_a_reviewer_looks_on(paying: Paying, signed_in: SignIn) -> None:
    reviewer = make_staff(Role.ADMINISTRATOR_REVIEWER, paying.case.administrator)

    page = shown(signed_in(reviewer), desk(paying))

    assert "由管理人出纳编制" in page
    assert "/do/fill" not in page


def upload(content: bytes) -> Any:
    return SimpleUploadedFile("return.csv", content, content_type="text/csv")


def make_released_by(release: Release, paying: Paying) -> None:
    Release.objects.filter(pk=release.pk).update(
        state=R.RELEASED, released_by=paying.people.lead, released_at=timezone.now()
    )


def make_due_long_ago(release: Release) -> None:
    Order.objects.filter(release=release).update(due_on=TODAY - timedelta(days=31))


def give_notice(paying: Paying, *, months_ago: int) -> None:
    on = TODAY - timedelta(days=31 * months_ago)
    Plan.objects.filter(pk=paying.plan.pk).update(is_last=True, notice_on=on)
    deposit_overdue()

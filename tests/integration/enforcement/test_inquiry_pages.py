"""Pages of inquiries and property: the board, one property, what runs out, refusals."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from devices import device_of
from factories import make_enforcement_case, make_staff
from factories_inquiries import (
    CUSTODY,
    SHOP,
    WALLET,
    Bureau,
    make_court,
    make_inquiry,
)
from zhipo.accounts.roles import Role
from zhipo.enforcement.actions.freezing import lift_freeze
from zhipo.enforcement.actions.inquiring import ask_ownership
from zhipo.enforcement.actions.sending import chase
from zhipo.enforcement.models import (
    BureauNotice,
    Freeze,
    InquiryObjection,
    InquiryOrder,
    OwnershipCheck,
    Property,
    Protection,
)
from zhipo.enforcement.queries.inquiries import board_of
from zhipo.enforcement.states import FreezeState
from zhipo.gateways.institutions.sandbox.behaviour import Manner

pytestmark = pytest.mark.django_db


@pytest.fixture
def judge(bureau: Bureau) -> Client:
    return device_of(bureau.judge)


@pytest.fixture
def near(informed: Bureau) -> Bureau:
    """The same court with the clocks of all at the present: pages know no other."""
    informed.now = timezone.now()
    informed.ground.set_clock(informed.now)
    return informed


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return str(answer.content.decode())


def home(bureau: Bureau, rest: str) -> str:
    return f"/bureau/{bureau.debtor.slug}/{rest}"


def test_board_before_the_first_question_says_what_to_do(
    bureau: Bureau, judge: Client
) -> None:
    page = text_of(judge.get(home(bureau, "inquiries")))

    assert "全部查询" in page
    assert "发出第一次查询时起算" in page
    assert page.count('<th scope="row">') == 6


def test_asking_by_the_button_asks_once(bureau: Bureau, judge: Client) -> None:
    given = {"case_id": bureau.case.pk, "form_key": "k"}

    for _ in range(2):
        answer = judge.post(home(bureau, "inquiries/ask"), given, follow=True)

    assert "共 6 家机构" in text_of(answer)
    assert InquiryOrder.objects.count() == 6


def test_board_counts_answers_sums_and_what_is_overdue(bureau: Bureau) -> None:
    bureau.behave("bank-north", Manner.LATE, hours=100)
    bureau.inquire()
    bureau.chase()
    bureau.freeze(WALLET)
    bureau.step(days=3)

    board = board_of(bureau.judge, bureau.debtor, bureau.now)

    assert (board.total.asked, board.total.answered, board.total.overdue) == (7, 6, 1)
    assert board.frozen_fen == 1_000_000
    late = next(one for one in board.rows if one.institution.party == "bank-north")
    assert (late.cells["query"].overdue, late.next_at is not None) == (1, True)


def test_clock_stops_when_all_that_is_frozen_is_checked(informed: Bureau) -> None:
    informed.freeze(WALLET)
    informed.step(days=4)
    running = board_of(informed.judge, informed.debtor, informed.now).clock
    ask_ownership(case_id=informed.case.pk, by=informed.judge, now=informed.now,
                  property_ids=[informed.found(WALLET).pk])  # fmt: skip
    informed.chase()

    done = board_of(informed.judge, informed.debtor, informed.now).clock
    assert running is not None
    assert done is not None
    assert (running.done_on, running.days, running.is_over) == (None, 4, False)
    assert (done.done_on, done.days, done.ordinary_days_text) == (
        informed.today, 4, "37.5",
    )  # fmt: skip


def test_clock_that_has_stopped_stays_so_when_the_freeze_is_lifted(
    informed: Bureau,
) -> None:
    freeze = informed.freeze(WALLET)
    ask_ownership(case_id=informed.case.pk, by=informed.judge, now=informed.now,
                  property_ids=[informed.found(WALLET).pk])  # fmt: skip
    informed.chase()
    done = board_of(informed.judge, informed.debtor, informed.now).clock

    lift_freeze(freeze_id=freeze.pk, grounds="已履行", by=informed.judge, now=informed.now)
    informed.chase()

    freeze.refresh_from_db()
    later = informed.now + timedelta(days=400)
    assert freeze.state == FreezeState.LIFTED
    assert done is not None
    assert board_of(informed.judge, informed.debtor, later).clock == done


def test_clock_is_over_after_fifteen_days(informed: Bureau) -> None:
    for days, is_over in ((15, False), (16, True)):
        at = informed.now + timedelta(days=days)
        clock = board_of(informed.judge, informed.debtor, at).clock
        assert clock is not None
        assert clock.is_over is is_over


def test_live_part_is_the_board_alone(informed: Bureau, judge: Client) -> None:
    page = text_of(judge.get(home(informed, "inquiries"), headers={"HX-Request": "true"}))

    assert "<html" not in page
    assert 'id="board"' in page


def test_order_shows_bad_answers_with_their_reason(informed: Bureau, judge: Client) -> None:
    informed.behave("wallet-green", Manner.OTHER_DEBTOR)
    freeze = informed.order(WALLET)
    for _ in range(2):
        chase(informed.now, client_of=informed.client_of)

    page = text_of(judge.get(home(informed, f"inquiries/{freeze.order.pk}")))

    assert "答复的是别的被执行人" in page
    board = text_of(judge.get(home(informed, "inquiries")))
    assert "绿色支付（沙箱，仿微信支付）的反馈不可采信（冻结）" in board


def test_register_masks_accounts_and_shows_freezes(informed: Bureau, judge: Client) -> None:
    informed.freeze(WALLET)

    page = text_of(judge.get(home(informed, "properties")))

    assert "微信商户号 A（…0001）" in page
    assert WALLET not in page
    assert "¥1,286,430.15" in page
    assert "没有超标的额" in page


def test_freezing_by_the_form(near: Bureau, judge: Client) -> None:
    thing = near.found(WALLET)
    given = {
        "case_id": near.case.pk,
        "form_key": "k",
        "limit": "10,000.00",
        "until": (timezone.localdate() + timedelta(days=300)).isoformat(),
        "reason": "",
    }

    page = text_of(judge.post(home(near, f"properties/{thing.pk}/freeze"), given,
                              follow=True))  # fmt: skip

    assert "冻结已发出" in page
    assert Freeze.objects.get().limit_fen == 1_000_000


def test_refused_freeze_comes_back_with_what_was_typed(near: Bureau, judge: Client) -> None:
    thing = near.found(WALLET)
    given = {
        "case_id": near.case.pk,
        "form_key": "k",
        "limit": "9,999,999.00",
        "until": (timezone.localdate() + timedelta(days=300)).isoformat(),
        "reason": "确有必要",
    }

    answer = judge.post(home(near, f"properties/{thing.pk}/freeze"), given)

    page = text_of(answer, 400)
    assert "不超过本案尚未履行的金额" in page
    assert 'value="9,999,999.00"' in page
    assert 'value="k"' in page
    assert not Freeze.objects.exists()


def test_president_looks_and_has_no_buttons(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    president = device_of(make_staff(Role.COURT_PRESIDENT, informed.court))

    board = text_of(president.get(home(informed, "inquiries")))
    page = text_of(president.get(home(informed, f"properties/{freeze.target_id}")))

    assert "全部查询" not in board
    assert f"/freezes/{freeze.pk}/" not in page
    answer = president.post(home(informed, f"freezes/{freeze.pk}/renew"))
    assert answer.status_code == 403


def test_other_court_sees_the_property_but_not_our_orders(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    other = make_court("kaifu")
    make_enforcement_case(debtor=informed.debtor, court=other)
    judge = device_of(make_staff(Role.ENFORCEMENT_JUDGE, other))

    page = text_of(judge.get(home(informed, f"properties/{freeze.target_id}")))
    assert informed.case.number not in page
    assert judge.get(home(informed, f"inquiries/{freeze.order_id}")).status_code == 404
    lifted = judge.post(home(informed, f"freezes/{freeze.pk}/lift"), {})
    assert lifted.status_code == 404


def test_asking_about_chosen_property(near: Bureau, judge: Client) -> None:
    chosen = [near.found(one).pk for one in (WALLET, CUSTODY)]
    address = home(near, "properties/ask")
    case = {"case_id": near.case.pk}

    judge.post(address, {**case, "property": chosen, "what": "ownership"})
    without = judge.post(address, {**case, "what": "ownership"})
    no_days = judge.post(address, {**case, "property": chosen, "what": "history"})
    days = {"first_on": "2024-03-01", "last_on": "2025-03-01"}
    judge.post(address, {**case, **days, "property": chosen, "what": "history"})

    assert InquiryOrder.objects.filter(act="ownership_check").count() == 2
    assert "至少勾选一项" in text_of(without, 400)
    assert "起止日期" in text_of(no_days, 400)
    assert InquiryOrder.objects.filter(act="history").count() == 2


def test_owner_description_protection_and_registration(near: Bureau, judge: Client) -> None:
    shop = near.found(SHOP)
    case = {"case_id": near.case.pk}
    one = f"properties/{shop.pk}"

    sent = [
        judge.post(home(near, f"{one}/owner"),
                   {**case, "outcome": "disputed", "grounds": "平台主张抵扣"}),
        judge.post(home(near, f"{one}/description"),
                   {**case, "control": "法定代表人", "exempt_as": ""}),
        judge.post(home(near, f"{one}/protection"),
                   {**case, "may_be_used": "on", "since": "2025-03-03", "grounds": "保值"}),
        judge.post(home(near, "properties/register"),
                   {**case, "kind": "brand", "label": "商标", "reference": "TM-1"}),
    ]  # fmt: skip
    refused = judge.post(
        home(near, f"{one}/protection"), {**case, "since": "2025-03-03", "grounds": "x"}
    )

    assert [answer.status_code for answer in sent] == [302] * 4
    shop.refresh_from_db()
    assert (shop.title, shop.control) == ("disputed", "法定代表人")
    assert OwnershipCheck.objects.get().by == near.judge
    assert Protection.objects.get().form == "seized_in_use"
    assert Property.objects.filter(kind="brand").exists()
    assert "没有法律依据" in text_of(refused, 400)
    assert "查封后继续使用" in text_of(judge.get(home(near, one)))


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("lift", {"grounds": "已履行"}),
        ("part", {"grounds": "超标的额", "fen": "1,000.00"}),
        ("deduct", {"fen": "1,000.00", "account_name": "案款", "account": "8",
                    "bank": "湘江银行"}),
    ],
)  # fmt: skip
def test_what_cannot_be_undone_asks_to_be_sure(
    near: Bureau, judge: Client, act: str, given: dict[str, str]
) -> None:
    freeze = near.freeze(WALLET)
    address = home(near, f"freezes/{freeze.pk}/{act}")

    unsure = judge.post(address, {**given, "form_key": "k"})
    assert not InquiryOrder.objects.filter(freeze_order=freeze.order).exists()
    sure = judge.post(address, {**given, "form_key": "k", "is_sure": "on"})

    assert "已核对" in text_of(unsure, 400)
    assert sure.status_code == 302
    assert InquiryOrder.objects.filter(freeze_order=freeze.order).count() == 1


def test_part_beyond_what_is_frozen_is_refused_on_its_freeze(
    near: Bureau, judge: Client
) -> None:
    freeze = near.freeze(WALLET)

    answer = judge.post(
        home(near, f"freezes/{freeze.pk}/part"),
        {"grounds": "x", "fen": "99,999.00", "form_key": "k", "is_sure": "on"},
    )

    page = text_of(answer, 400)
    assert "在已冻结的¥10,000.00以内" in page
    assert "<details open>" in page


def test_freezes_that_run_out_are_renewed_together(near: Bureau, judge: Client) -> None:
    freeze = near.freeze(WALLET, until=timezone.localdate() + timedelta(days=20))
    far = near.freeze(SHOP, None, until=timezone.localdate() + timedelta(days=200))

    page = text_of(judge.get("/bureau/freezes"))
    whole = text_of(judge.get("/bureau/freezes?all=1"))
    answer = judge.post("/bureau/freezes/renew", {"freeze": [freeze.pk, far.pk, 0]},
                        follow=True)  # fmt: skip

    assert f'value="{freeze.pk}" checked' in page
    assert f'value="{far.pk}"' not in page
    assert f'value="{far.pk}"' in whole
    assert "已发出 2 项续行" in text_of(answer)
    assert "续行已发出" in text_of(judge.get("/bureau/freezes"))


def test_renewing_nothing_says_so(near: Bureau, judge: Client) -> None:
    assert "至少勾选一项" in text_of(judge.post("/bureau/freezes/renew", follow=True))


def test_freezes_of_another_court_are_not_there(near: Bureau) -> None:
    near.freeze(WALLET, until=timezone.localdate() + timedelta(days=20))
    stranger = device_of(make_staff(Role.ENFORCEMENT_JUDGE))

    assert "60 天内没有到期的冻结" in text_of(stranger.get("/bureau/freezes"))


def test_objection_is_replied_to_on_its_page(near: Bureau, judge: Client) -> None:
    near.behave("wallet-green", Manner.OBJECTION)
    near.freeze(WALLET)
    objection = InquiryObjection.objects.get()
    address = home(near, f"objections/{objection.pk}")
    page = text_of(judge.get(address))
    given = {"decision": "dismissed", "grounds": "账户由被执行人支配"}

    unsure = judge.post(address, given)
    sure = judge.post(address, {**given, "is_sure": "on"}, follow=True)
    other = judge.post(address, {**given, "decision": "upheld", "is_sure": "on"})

    assert "主张款项归其所有" in page
    assert objection.reply_by.isoformat() in page
    assert unsure.status_code == 400
    assert "答复已作出" in text_of(sure)
    assert "已经答复" in text_of(other, 400)


def test_notice_is_put_away_once_seen(bureau: Bureau, judge: Client) -> None:
    pk = make_inquiry(bureau.case)["notice_id"]
    back = home(bureau, "inquiries")
    assert "原因：不是规范的 JSON" in text_of(judge.get(back))

    answer = judge.post(f"/bureau/notices/{pk}/seen", {"next": back})
    outside = judge.post(f"/bureau/notices/{pk}/seen", {"next": "https://evil.example/"})

    assert answer.headers["Location"] == back
    assert outside.headers["Location"] == "/bureau/"
    assert BureauNotice.objects.get().seen_by == bureau.judge
    assert "需要办理" not in text_of(judge.get(back))

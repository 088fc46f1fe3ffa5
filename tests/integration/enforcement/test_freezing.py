"""Freezes: ordered within the law's limits, answered, renewed, lifted, deducted from."""

from datetime import date, timedelta
from typing import Any

import pytest

from factories import make_enforcement_case, make_staff
from factories_inquiries import (
    BANK,
    CUSTODY,
    DEPOSIT,
    SHOP,
    WALLET,
    WALLET_B,
    Bureau,
    NoTrail,
    fail_to_record,
    make_court,
)
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions import freezing
from zhipo.enforcement.actions.freezing import (
    deduct,
    lift_freeze,
    lift_part,
    renew_freeze,
    renew_freezes,
)
from zhipo.enforcement.actions.inquiring import ask_ownership
from zhipo.enforcement.actions.ordering import message_of
from zhipo.enforcement.models import (
    Debtor,
    EnforcementCase,
    Freeze,
    InquiryOrder,
    Proceeds,
    Property,
)
from zhipo.enforcement.states import FreezeState, InquiryState, PropertyKind, Stage, Title
from zhipo.gateways.institutions.messages import CourtAccount, DocumentKind
from zhipo.law.enforcement.freezes import Kind
from zhipo.law.referral.handover import Held
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db

PAY_TO = CourtAccount(name="雨湖区人民法院案款专户", account="8001", bank="湘江银行")
CASE_FEN = 12_000_000


@pytest.fixture
def informed(informed_again: Bureau) -> Bureau:
    return informed_again


def test_freeze_is_in_force_once_the_institution_says_so(informed: Bureau) -> None:
    ordered = informed.order(WALLET)
    assert ordered.state == FreezeState.ORDERED

    informed.chase()

    freeze = Freeze.objects.get()
    assert (freeze.state, freeze.frozen_fen, freeze.rank) == ("in_force", 1_000_000, 1)
    assert (freeze.kind, freeze.frozen_on) == (Kind.PAYMENT_ACCOUNT, date(2025, 3, 3))
    assert informed.ground.balance(WALLET) == (128_643_015, 1_000_000)
    changed = Entry.objects.get(event=Event.FREEZE_CHANGED)
    assert (changed.detail["before"], changed.detail["after"]) == ("ordered", "in_force")


def test_freeze_has_ruling_and_notice(informed: Bureau) -> None:
    order = informed.order(WALLET, reason="确有必要").order

    kinds = {one.kind for one in message_of(order).documents}
    assert kinds == {DocumentKind.RULING, DocumentKind.ASSISTANCE_NOTICE}


def test_freeze_over_more_than_is_there_takes_what_is_there(informed: Bureau) -> None:
    EnforcementCase.objects.update(amount_fen=900_000_000)

    freeze = informed.freeze(WALLET_B, 50_000_000)

    assert (freeze.state, freeze.frozen_fen) == ("partly_in_force", 40_521_780)


def test_second_court_waits_and_moves_up_by_itself(informed: Bureau) -> None:
    EnforcementCase.objects.update(amount_fen=900_000_000)
    first = informed.freeze(WALLET_B, 50_000_000)
    other = make_court("kaifu")
    case = make_enforcement_case(debtor=informed.debtor, court=other)
    judge = make_staff(Role.ENFORCEMENT_JUDGE, other)
    second = informed.freeze(WALLET_B, case_id=case.pk, by=judge, form_key="k")
    assert (second.state, second.rank) == (FreezeState.WAITING, 2)

    lift_freeze(freeze_id=first.pk, grounds="已履行", by=informed.judge, now=informed.now)
    informed.chase()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.frozen_fen, first.rank) == (FreezeState.LIFTED, 0, 0)
    assert (second.state, second.frozen_fen) == (FreezeState.IN_FORCE, 1_000_000)


def test_same_form_is_one_freeze(informed: Bureau) -> None:
    first, second = informed.order(WALLET), informed.order(WALLET)
    informed.chase()
    third = informed.order(WALLET)

    assert first.pk == second.pk == third.pk
    assert len(informed.ground.control("wallet-green", "book")["freezes"]) == 1


def test_another_form_is_no_second_freeze_of_the_same_case(informed: Bureau) -> None:
    informed.order(WALLET)

    with pytest.raises(NotInState, match="frozen_already"):
        informed.order(WALLET, form_key="another")
    assert Freeze.objects.count() == 1


def test_reserve_account_is_never_frozen(informed: Bureau) -> None:
    Property.objects.filter(pk=informed.found(WALLET).pk).update(
        kind=PropertyKind.RESERVE_ACCOUNT
    )

    with pytest.raises(NotInState, match="reserve") as refused:
        informed.order(WALLET, reason="确有必要")
    assert "《非银行支付机构监督管理条例》第二十九条" in refused.value.sentence
    assert not Freeze.objects.exists()


@pytest.mark.parametrize(
    ("reference", "fen", "days", "is_lawful"),
    [
        (WALLET, 1, 365, True),  # one year for a payment account (ENF-03)
        (WALLET, 1, 366, False),
        (BANK, 1, 365, True),  # one year for a deposit
        (BANK, 1, 366, False),
        (SHOP, None, 3 * 365 + 1, True),  # three years for other rights
        (SHOP, None, 3 * 365 + 2, False),
        (WALLET, 1, 0, True),
        (WALLET, 1, -1, False),
    ],
)
def test_period_is_within_the_limit_of_its_kind(
    informed: Bureau, reference: str, fen: int | None, days: int, is_lawful: bool
) -> None:
    until = informed.today + timedelta(days=days)

    if is_lawful:
        assert informed.freeze(reference, fen, until=until).until == until
        return
    with pytest.raises(NotInState, match="period"):
        informed.order(reference, fen, until=until)
    assert not Freeze.objects.exists()


@pytest.mark.parametrize(
    ("fen", "is_lawful"), [(CASE_FEN, True), (CASE_FEN + 1, False), (0, False)]
)
def test_sum_is_within_what_the_case_is_owed(
    informed: Bureau, fen: int, is_lawful: bool
) -> None:
    if is_lawful:
        assert informed.order(WALLET, fen).limit_fen == fen
        return
    with pytest.raises(NotInState, match="more_than_owed"):
        informed.order(WALLET, fen, reason="确有必要")
    assert not Freeze.objects.exists()


def test_seizing_too_much_is_refused_unless_reasoned(informed: Bureau) -> None:
    informed.freeze(WALLET, CASE_FEN)

    with pytest.raises(NotInState, match="over_seized") as refused:
        informed.order(WALLET_B, 1)
    assert "¥0.01" in refused.value.sentence
    assert informed.order(WALLET_B, 1, reason="在先冻结所涉款项有异议").limit_fen == 1


def test_costs_count_and_another_case_of_the_court_does(informed: Bureau) -> None:
    informed.freeze(WALLET, CASE_FEN)
    make_enforcement_case(debtor=informed.debtor, court=informed.court, amount_fen=5)

    assert informed.order(WALLET_B, 5).limit_fen == 5


def test_thing_is_frozen_whole_and_money_up_to_a_sum(informed: Bureau) -> None:
    for reference, fen in ((SHOP, 1), (WALLET, None)):
        with pytest.raises(NotInState, match="limit_or_thing"):
            informed.order(reference, fen)

    assert informed.freeze(SHOP, None).state == FreezeState.IN_FORCE


def test_what_is_not_the_debtors_is_frozen_for_a_reason_alone(informed: Bureau) -> None:
    ask_ownership(case_id=informed.case.pk, by=informed.judge, now=informed.now,
                  property_ids=[informed.found(CUSTODY).pk])  # fmt: skip
    informed.chase()

    with pytest.raises(NotInState, match="not_debtors"):
        informed.order(CUSTODY)
    assert informed.order(CUSTODY, reason="协议系倒签").state == FreezeState.ORDERED


def test_exempt_property_is_not_frozen(informed: Bureau) -> None:
    Property.objects.update(exempt_as="unpublished_work")

    with pytest.raises(NotInState, match="exempt"):
        informed.order(SHOP, None, reason="确有必要")


def test_family_goods_do_not_exempt_a_company(informed: Bureau) -> None:
    Property.objects.update(exempt_as="necessities")

    assert informed.order(SHOP, None).state == FreezeState.ORDERED


def test_property_without_an_institution_is_not_reached(informed: Bureau) -> None:
    Property.objects.update(kind=PropertyKind.GOODS)

    with pytest.raises(NotInState, match="not_on_the_wire"):
        informed.order(WALLET)


@pytest.mark.parametrize("stage", [Stage.UNDER_REVIEW, Stage.ACCEPTED])
def test_nothing_new_is_frozen_once_the_case_is_handed_over(
    informed: Bureau, stage: Stage
) -> None:
    Debtor.objects.update(stage=stage)

    with pytest.raises(NotInState):
        informed.order(WALLET)
    assert not Freeze.objects.exists()


@pytest.mark.parametrize("role", [Role.COURT_CLERK, Role.COURT_PRESIDENT, Role.AUDITOR])
def test_only_the_judge_freezes(informed: Bureau, role: Role) -> None:
    court = None if role == Role.AUDITOR else informed.court

    with pytest.raises(NotAllowed):
        informed.order(WALLET, by=make_staff(role, court))
    assert not Freeze.objects.exists()


def test_freeze_that_is_not_recorded_is_not_ordered(
    informed: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_record(monkeypatch, freezing)

    with pytest.raises(NoTrail):
        informed.order(WALLET)
    assert not Freeze.objects.exists()
    assert not InquiryOrder.objects.filter(act="freeze").exists()


def test_institution_may_refuse(informed: Bureau) -> None:
    Property.objects.filter(pk=informed.found(WALLET).pk).update(reference="1600000009")

    freeze = informed.freeze(WALLET)

    assert freeze.state == FreezeState.REFUSED
    assert freeze.order.state == InquiryState.REFUSED
    assert informed.debtor.notices.filter(phrase__endswith="refused").count() == 1


def test_renewal_moves_the_last_day(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    informed.step(days=200)

    order = renew_freeze(freeze_id=freeze.pk, by=informed.judge, now=informed.now)
    freeze.refresh_from_db()
    before = freeze.until
    informed.chase()

    freeze.refresh_from_db()
    assert before == date(2025, 12, 28)
    assert freeze.until == date(2026, 9, 19)
    order.refresh_from_db()
    assert order.state == InquiryState.ANSWERED


def test_second_click_renews_once(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    informed.step(days=200)

    first = renew_freeze(freeze_id=freeze.pk, by=informed.judge, now=informed.now)
    again = renew_freeze(freeze_id=freeze.pk, by=informed.judge, now=informed.now)

    assert first.pk == again.pk


@pytest.mark.parametrize(
    ("days_on", "until", "refusal"),
    [
        (301, None, "renewed_too_late"),
        (10, date(2025, 12, 28), "not_later"),
        (10, date(2026, 3, 14), "period"),
    ],
)
def test_renewal_is_in_time_later_and_within_the_limit(
    informed: Bureau, days_on: int, until: date | None, refusal: str
) -> None:
    freeze = informed.freeze(WALLET)
    informed.step(days=days_on)

    with pytest.raises(NotInState, match=refusal):
        renew_freeze(freeze_id=freeze.pk, until=until, by=informed.judge, now=informed.now)
    assert not InquiryOrder.objects.filter(act="renew").exists()


def test_renewal_goes_on_during_the_review(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    Debtor.objects.update(stage=Stage.UNDER_REVIEW)

    informed.step(days=100)
    assert renew_freeze(freeze_id=freeze.pk, by=informed.judge, now=informed.now)


def test_renewing_many_tells_which_could_not_be(informed: Bureau) -> None:
    first, second = informed.freeze(WALLET), informed.freeze(WALLET_B)
    informed.step(days=200)
    Freeze.objects.filter(pk=second.pk).update(state=FreezeState.LAPSED)

    done, refused = renew_freezes(
        freeze_ids=[first.pk, second.pk], by=informed.judge, now=informed.now
    )

    assert (done, [one for one, _ in refused]) == (1, [second.pk])
    assert "期满失效" in refused[0][1]


@pytest.mark.parametrize("state", ["ordered", "lapsed", "lifted", "refused"])
def test_what_does_not_stand_is_neither_renewed_nor_lifted(
    informed: Bureau, state: str
) -> None:
    freeze = informed.freeze(WALLET)
    Freeze.objects.update(state=state)

    for act in (renew_freeze, lift_freeze):
        given: dict[str, Any] = {"grounds": "x"} if act is lift_freeze else {}
        with pytest.raises(NotInState, match="freeze_state"):
            act(freeze_id=freeze.pk, by=informed.judge, now=informed.now, **given)


def test_part_is_lifted_and_the_rest_stays(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)

    lift_part(freeze_id=freeze.pk, fen=400_000, grounds="超标的额", form_key="p",
              by=informed.judge, now=informed.now)  # fmt: skip
    lift_part(freeze_id=freeze.pk, fen=400_000, grounds="超标的额", form_key="p",
              by=informed.judge, now=informed.now)  # fmt: skip
    informed.chase()

    freeze.refresh_from_db()
    assert (freeze.state, freeze.limit_fen, freeze.frozen_fen) == (
        FreezeState.IN_FORCE, 600_000, 600_000,
    )  # fmt: skip
    assert informed.ground.balance(WALLET)[1] == 600_000


@pytest.mark.parametrize("fen", [0, 1_000_000, 1_000_001])
def test_part_leaves_something(informed: Bureau, fen: int) -> None:
    freeze = informed.freeze(WALLET)

    with pytest.raises(NotInState, match="part"):
        lift_part(freeze_id=freeze.pk, fen=fen, grounds="x", form_key="p",
                  by=informed.judge, now=informed.now)  # fmt: skip


def take(bureau: Bureau, freeze: Freeze, fen: int, **given: Any) -> InquiryOrder:
    values = {"pay_to": PAY_TO, "form_key": "d", "by": bureau.judge, "now": bureau.now}
    return deduct(freeze_id=freeze.pk, fen=fen, **{**values, **given})


def test_deduction_pays_the_court_once(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)

    first = take(informed, freeze, 300_000)
    informed.chase()
    again = take(informed, freeze, 300_000)
    informed.chase()

    freeze.refresh_from_db()
    proceeds = Proceeds.objects.get()
    assert first.pk == again.pk
    assert (freeze.limit_fen, freeze.frozen_fen) == (700_000, 700_000)
    assert (proceeds.fen, proceeds.held, proceeds.order) == (
        300_000, Held.COURT_ACCOUNT, first,
    )  # fmt: skip
    assert informed.ground.balance(WALLET) == (128_343_015, 700_000)


def test_second_deduction_waits_for_the_answer_to_the_first(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    take(informed, freeze, 300_000)

    with pytest.raises(NotInState, match="deduction_open"):
        take(informed, freeze, 300_000, form_key="other")


@pytest.mark.parametrize("fen", [0, 1_000_001])
def test_deduction_is_within_what_is_frozen(informed: Bureau, fen: int) -> None:
    freeze = informed.freeze(WALLET)

    with pytest.raises(NotInState, match="part"):
        take(informed, freeze, fen)
    assert not Proceeds.objects.exists()


def test_nothing_is_deducted_from_what_is_not_the_debtors(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    Property.objects.update(title=Title.THIRD_PARTYS)

    with pytest.raises(NotInState, match="not_debtors"):
        take(informed, freeze, 1)


def test_nothing_is_deducted_after_the_referral(informed: Bureau) -> None:
    freeze = informed.freeze(WALLET)
    Debtor.objects.update(stage=Stage.REFERRING)

    with pytest.raises(NotInState):
        take(informed, freeze, 1)


def test_shop_is_not_deducted_from(informed: Bureau) -> None:
    freeze = informed.freeze(SHOP, None)

    with pytest.raises(NotInState, match="not_money"):
        take(informed, freeze, 1)


@pytest.mark.parametrize("act", ["renew", "lift", "part", "deduct"])
def test_acts_on_a_freeze_are_the_judges(informed: Bureau, act: str) -> None:
    freeze = informed.freeze(DEPOSIT)
    informed.step(days=10)

    for by in (
        make_staff(Role.COURT_CLERK, informed.court),
        make_staff(Role.ENFORCEMENT_JUDGE, make_court("kaifu")),
    ):
        with pytest.raises(NotAllowed):
            _do(act, informed, freeze, by)
    assert not InquiryOrder.objects.filter(freeze_order=freeze.order).exists()


@pytest.mark.parametrize("act", ["renew", "lift", "part", "deduct"])
def test_act_on_a_freeze_that_is_not_recorded_does_not_happen(
    informed: Bureau, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze = informed.freeze(DEPOSIT)
    informed.step(days=10)
    fail_to_record(monkeypatch, freezing)

    with pytest.raises(NoTrail):
        _do(act, informed, freeze, informed.judge)
    assert not InquiryOrder.objects.filter(freeze_order=freeze.order).exists()


def _do(act: str, bureau: Bureau, freeze: Freeze, by: Any) -> Any:
    given: dict[str, Any] = {"freeze_id": freeze.pk, "by": by, "now": bureau.now}
    if act == "renew":
        return renew_freeze(**given)
    if act == "lift":
        return lift_freeze(grounds="x", **given)
    if act == "part":
        return lift_part(fen=1, grounds="x", form_key="p", **given)
    return deduct(fen=1, pay_to=PAY_TO, form_key="d", **given)

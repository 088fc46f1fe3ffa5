"""Money in: posted once, to pools with a lawful earmark; taken back openly."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from factories import make_case, make_claim, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.distributions.actions import money
from zhipo.distributions.actions.money import (
    Earmark,
    Receipt,
    enter_money,
    open_money_account,
    open_pool,
    take_money_back,
)
from zhipo.distributions.chart import BANK, FUND, GENERAL
from zhipo.distributions.queries.book import balance_on, pools_of, receipts_of, sides
from zhipo.distributions.sources import Source
from zhipo.ledger.kinds import AccountKind
from zhipo.ledger.models import Transaction
from zhipo.ledger.queries import balance_fen
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
DAY = date(2025, 10, 9)


@pytest.fixture
def case() -> Case:
    return make_case(phase=Phase.CHECKING)


@pytest.fixture
def cashier(case: Case) -> Any:
    return make_staff(Role.ADMINISTRATOR_CASHIER, case.administrator)


@pytest.fixture
def lead(case: Case) -> Any:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


def receipt(**given: Any) -> Receipt:
    values = {"source": Source.FROZEN, "account": BANK, "pool": GENERAL, "fen": 180_000_000,
              "value_on": DAY, "reference": "B-1", "evidence": "划转凭证1"}  # fmt: skip
    return Receipt(**(values | given))


def entered(case: Case, by: Any, form_key: str = "f1", **given: Any) -> Transaction:
    return enter_money(case_id=case.pk, receipt=receipt(**given), form_key=form_key, by=by)


def test_money_stands_in_the_bank_and_in_its_pool_and_is_recorded(
    case: Case, cashier: Any
) -> None:
    posted = entered(case, cashier)

    assert (
        balance_fen(case.number, BANK) == balance_fen(case.number, GENERAL) == 180_000_000
    )
    last = AuditEntry.objects.filter(chain=case.number).latest("position")
    assert (last.event, last.detail["fen"]) == ("money_received", 180_000_000)
    assert [one.pk for one in receipts_of(case)] == [posted.pk]
    assert receipts_of(case)[0].fen == 180_000_000


def test_the_same_form_again_posts_nothing_more(case: Case, cashier: Any) -> None:
    first = entered(case, cashier)
    entries = AuditEntry.objects.count()

    assert entered(case, cashier) == first
    assert AuditEntry.objects.count() == entries
    with pytest.raises(NotInState) as refused:
        entered(case, cashier, fen=5)
    assert refused.value.key == "distributions.refused.other_form"


def test_an_advance_of_the_fund_is_owed_back_and_in_no_pool(
    case: Case, cashier: Any
) -> None:
    entered(case, cashier, source=Source.FUND_ADVANCE, fen=10_000_000)

    assert balance_fen(case.number, FUND) == 10_000_000
    assert balance_fen(case.number, GENERAL) == 0


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"fen": 0}, "not_a_sum"),
        ({"account": "bank:none"}, "no_account"),
        ({"account": GENERAL}, "no_account"),
        ({"pool": "pool:none"}, "no_pool"),
        ({"pool": BANK}, "no_pool"),
        ({"value_on": timezone.localdate() + timedelta(days=1)}, "not_yet"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused_and_posts_nothing(
    case: Case, cashier: Any, given: dict[str, Any], key: str
) -> None:
    with pytest.raises(NotInState) as refused:
        entered(case, cashier, **given)

    assert refused.value.key == f"distributions.refused.{key}"
    assert not Transaction.objects.exists()


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR_LEAD, Role.ADMINISTRATOR_REVIEWER, Role.BANKRUPTCY_JUDGE]
)
def test_only_the_cashier_enters_money(case: Case, role: Role) -> None:
    held_at = case.court if role == Role.BANKRUPTCY_JUDGE else case.administrator

    with pytest.raises(NotAllowed):
        entered(case, make_staff(role, held_at))

    assert not Transaction.objects.exists()


def test_a_failing_record_undoes_the_receipt(
    case: Case, cashier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(money, "record", failing)

    with pytest.raises(RuntimeError):
        entered(case, cashier)

    assert not Transaction.objects.exists()


def test_a_pool_secures_secured_claims_of_the_case(case: Case, lead: Any) -> None:
    claim = make_claim(case, kind="secured", state="confirmed", confirmed_fen=60_000_000,
                       claimed_fen=60_000_000, ruling="r")  # fmt: skip
    other = make_claim(case, state="filed")

    pool = open_pool(case_id=case.pk, name="lien-1", title="质押存货",
                     earmark=Earmark(secures=(claim.number,)), by=lead)  # fmt: skip

    assert pool.code == "pool:lien-1"
    assert pool.earmark == {"secures": [claim.number]}
    with pytest.raises(NotInState) as refused:
        open_pool(case_id=case.pk, name="lien-2", title="x",
                  earmark=Earmark(secures=(other.number,)), by=lead)  # fmt: skip
    assert refused.value.key == "distributions.refused.not_secured"


@pytest.mark.parametrize(
    ("earmark", "key"),
    [
        (Earmark(first_to=("consumer",)), "no_basis"),
        (Earmark(first_to=("consumer",), basis="CRPL53", evidence="x"), "no_basis"),
        (Earmark(first_to=("consumer",), basis="SETTLEMENT"), "no_basis"),
        (Earmark(first_to=("nobody",), basis="SETTLEMENT", evidence="x"), "no_class"),
        (Earmark(secures=("A",), first_to=("consumer",), basis="SETTLEMENT",
                 evidence="x"), "two_earmarks"),
    ],
)  # fmt: skip
def test_a_pool_that_leaves_the_order_needs_a_ground(
    case: Case, lead: Any, earmark: Earmark, key: str
) -> None:
    with pytest.raises(NotInState) as refused:
        open_pool(case_id=case.pk, name="p", title="p", earmark=earmark, by=lead)

    assert refused.value.key == f"distributions.refused.{key}"


def test_a_pool_is_opened_once_with_one_earmark(case: Case, lead: Any) -> None:
    marked = Earmark(first_to=("consumer",), basis="THIRD_PARTY_MONEY", evidence="协议")
    first = open_pool(case_id=case.pk, name="grant", title="补助", earmark=marked, by=lead)

    again = open_pool(case_id=case.pk, name="grant", title="补助", earmark=marked, by=lead)

    assert again == first
    with pytest.raises(NotInState) as refused:
        open_pool(case_id=case.pk, name="grant", title="补助", earmark=Earmark(), by=lead)
    assert refused.value.key == "distributions.refused.code_taken"


def test_the_cashier_does_not_earmark(case: Case, cashier: Any) -> None:
    with pytest.raises(NotAllowed):
        open_pool(case_id=case.pk, name="x", title="x", earmark=Earmark(), by=cashier)


def test_an_account_of_money_is_opened_once(case: Case, cashier: Any) -> None:
    given = {"case_id": case.pk, "code": "payment:wechat", "kind": AccountKind.PAYMENT,
             "title": "微信商户号"}  # fmt: skip
    first = open_money_account(**given, by=cashier)  # type: ignore[arg-type]

    assert open_money_account(**given, by=cashier) == first  # type: ignore[arg-type]
    with pytest.raises(NotInState):
        open_money_account(case_id=case.pk, code="pool:x", kind=AccountKind.POOL,
                           title="x", by=cashier)  # fmt: skip


def test_a_wrong_entry_is_taken_back_by_its_opposite(
    case: Case, cashier: Any, lead: Any
) -> None:
    wrong = entered(case, cashier)

    back = take_money_back(transaction_id=wrong.pk, reason="重复登记", by=lead)

    assert balance_fen(case.number, GENERAL) == 0
    assert take_money_back(transaction_id=wrong.pk, reason="重复登记", by=lead) == back
    assert balance_fen(case.number, GENERAL) == 0
    with pytest.raises(NotInState) as refused:
        take_money_back(transaction_id=back.pk, reason="x", by=lead)
    assert refused.value.key == "distributions.refused.not_a_receipt"
    with pytest.raises(NotAllowed):
        take_money_back(transaction_id=wrong.pk, reason="x", by=cashier)


def test_the_balance_of_a_past_day_does_not_know_later_money(
    case: Case, cashier: Any
) -> None:
    entered(case, cashier)
    yesterday = timezone.localdate() - timedelta(days=1)

    assert sides(balance_on(case, yesterday)) == (0, 0)
    assert sides(balance_on(case, timezone.localdate())) == (180_000_000, 180_000_000)
    assert [fen for _, fen in pools_of(case)] == [180_000_000]

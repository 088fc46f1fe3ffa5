"""A creditor changes how they are paid: what is not sent ends, and goes the new way."""

import pytest

from factories import make_creditor
from factories_payouts import (
    FakeChannel,
    Paying,
    bring_to,
    fake_alipay,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
    speak_to,
)
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.models import User
from zhipo.audit.models import Entry as AuditEntry
from zhipo.claims.models import Claim
from zhipo.claims.states import PayoutChannel
from zhipo.payouts.actions import changing
from zhipo.payouts.actions.changing import change_payout, choose_further_way
from zhipo.payouts.models import FurtherWay, Order
from zhipo.payouts.states import Ending, OrderState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
S, P = OrderState, PayoutChannel
NEW = "new@example.com"


@pytest.fixture(autouse=True)
def channels(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_to(monkeypatch, FakeChannel(), fake_alipay())


@pytest.fixture
def paying() -> Paying:
    return make_paying(30_000)


@pytest.fixture
def claim(paying: Paying) -> Claim:
    return paying.case.claims.get()


@pytest.fixture
def creditor(claim: Claim) -> User:
    """The claim's own, known by the phone that is in the books."""
    assert claim.holder is not None
    user = make_creditor(claim.holder.phone)
    Claim.objects.filter(pk=claim.pk).update(creditor=user)
    return user


def change(claim: Claim, by: User, account: str = NEW) -> Claim:
    return change_payout(claim_id=claim.pk, channel=P.ALIPAY, account=account, by=by)


@pytest.mark.parametrize("is_released", [False, True])
def test_what_is_not_sent_ends_and_goes_the_new_way(
    paying: Paying, claim: Claim, creditor: User, is_released: bool
) -> None:
    release = make_released(paying) if is_released else make_prepared(paying)
    (order,) = orders_of(release)

    changed = change(claim, creditor)

    assert (changed.payout_channel, changed.payout_account) == (P.ALIPAY, NEW)
    order.refresh_from_db()
    assert (order.state, order.reason) == (S.FAILED, Ending.PAYEE_CHANGED)
    assert AuditEntry.objects.latest("position").event == "orders_withdrawn"
    if is_released:
        (second,) = orders_of(make_prepared(paying))
        assert (second.channel, second.payee_account) == ("alipay", NEW)
        assert second.follows_id == order.pk


def test_the_same_account_again_changes_nothing(
    paying: Paying, claim: Claim, creditor: User
) -> None:
    change(claim, creditor)
    make_released(paying)

    with nothing_changes():
        change(claim, creditor)


@pytest.mark.parametrize("state", [S.SENDING, S.WAITING_USER])
def test_what_is_on_its_way_stands_and_so_does_the_account(
    paying: Paying, claim: Claim, creditor: User, state: OrderState
) -> None:
    (order,) = orders_of(make_released(paying))
    bring_to(order, state)

    with refused(NotInState):
        change(claim, creditor)


def test_after_an_end_the_account_is_free_again(
    paying: Paying, claim: Claim, creditor: User
) -> None:
    (order,) = orders_of(make_released(paying))
    bring_to(order, S.FAILED)

    change(claim, creditor)

    (second,) = orders_of(make_prepared(paying))
    assert second.payee_account == NEW


def test_a_further_way_is_named_once_changed_and_taken_off(
    claim: Claim, creditor: User
) -> None:
    given = {"claim_id": claim.pk, "place": 2, "by": creditor}
    made = choose_further_way(channel=P.ALIPAY, account=NEW, **given)
    assert made is not None
    assert AuditEntry.objects.latest("position").event == "further_way_chosen"
    with nothing_changes():
        choose_further_way(channel=P.ALIPAY, account=NEW, **given)

    choose_further_way(channel=P.CASH, account="", **given)
    assert FurtherWay.objects.get().channel == P.CASH

    assert choose_further_way(channel=None, account="", **given) is None
    assert not FurtherWay.objects.exists()


@pytest.mark.parametrize("place", [0, 1, 4])
def test_there_is_a_second_and_a_third_way(
    claim: Claim, creditor: User, place: int
) -> None:
    with refused(NotInState, "no_place"):
        choose_further_way(
            claim_id=claim.pk, place=place, channel=P.CASH, account="", by=creditor
        )


def test_nobody_changes_another_ones_account(paying: Paying, claim: Claim) -> None:
    make_released(paying)
    stranger = make_creditor("+8613700000009")

    for other in (stranger, paying.people.lead, paying.people.cashier):
        with refused(NotAllowed):
            change(claim, other)
        with refused(NotAllowed):
            choose_further_way(
                claim_id=claim.pk, place=2, channel=P.CASH, account="", by=other
            )


def test_a_failing_record_undoes_both(
    paying: Paying, claim: Claim, creditor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_released(paying)
    assert Order.objects.filter(state=S.PLANNED).exists()

    with failing_record(monkeypatch, changing):
        change(claim, creditor)
    with failing_record(monkeypatch, changing):
        choose_further_way(
            claim_id=claim.pk, place=2, channel=P.CASH, account="", by=creditor
        )

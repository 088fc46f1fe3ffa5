"""A worker before the real sandboxes: each misbehaviour, callbacks, both books after."""

import pytest
from django.utils import timezone

from integration.payouts.worker_ground import WorkerGround
from payout_case import open_paying_case, released
from zhipo.claims.states import PayoutChannel
from zhipo.gateways.payouts.outcomes import Reason
from zhipo.gateways.payouts.sandbox.behaviour import OF_FILES, Behaviour, Manner
from zhipo.payouts.models import Order
from zhipo.payouts.payees import EXPIRIES
from zhipo.payouts.states import Ending, OrderState

pytestmark = pytest.mark.django_db(transaction=True)

P, S, M = PayoutChannel, OrderState, Manner
BOTH = (P.WECHAT, P.ALIPAY)
MANNERS = [one for one in Manner if one not in OF_FILES]
ENDS = {M.WRONG_NAME: Reason.WRONG_NAME, M.NEVER_CONFIRMS: Ending.EXPIRED}
CLOSED_BY = {"wechat": Reason.NO_SUCH_ACCOUNT, "alipay": Reason.ACCOUNT_CLOSED}


def expected(order: Order, manner: Manner) -> tuple[str, str]:
    """State and reason that an order met in this manner ends with."""
    if manner is M.NEVER_CONFIRMS and order.channel == "alipay":
        return S.PAID, ""
    if manner is M.NEVER_CONFIRMS:
        return S.RETURNED, Ending.EXPIRED
    if manner is M.WRONG_NAME:
        return S.FAILED, Reason.WRONG_NAME
    if manner is M.ACCOUNT_CLOSED:
        return S.FAILED, CLOSED_BY[order.channel]
    return S.PAID, ""


@pytest.mark.parametrize("is_heard", [True, False], ids=["callbacks", "no callbacks"])
def test_order_ends_as_the_channel_meets_it_and_both_books_agree(
    ground: WorkerGround, is_heard: bool
) -> None:
    paying = open_paying_case(2 * len(MANNERS), channels=BOTH)
    release = released(paying, now=timezone.now())
    met = {}
    for place, order in enumerate(release.orders.order_by("share__claim__number")):
        met[order.pk] = MANNERS[place // 2]
        behaviour = Behaviour(manner=MANNERS[place // 2], hours=3, times=2)
        ground.sandboxes.set_behaviour(order.channel, behaviour, reference=order.reference)

    if is_heard:
        with ground.listening():
            ground.to_the_end(paying)
    else:
        ground.to_the_end(paying)

    first = Order.objects.filter(pk__in=met).order_by("pk")
    ends = {(one.channel, met[one.pk]): (one.state, one.reason) for one in first}
    assert ends == {(one.channel, met[one.pk]): expected(one, met[one.pk]) for one in first}
    assert ground.differences(paying) == {}
    release.refresh_from_db()
    assert release.state == "done"


def test_payee_who_never_confirms_is_asked_again_and_then_another_way_is_due(
    ground: WorkerGround,
) -> None:
    paying = open_paying_case(1, channels=(P.WECHAT,))
    released(paying, now=timezone.now())

    while order := Order.objects.exclude(state=S.RETURNED).first():
        never = Behaviour(manner=M.NEVER_CONFIRMS)
        ground.sandboxes.set_behaviour("wechat", never, reference=order.reference)
        ground.pass_time(order.ask_at or ground.clock())
        ground.drive()

    chain = list(Order.objects.order_by("pk"))
    assert [one.reason for one in chain] == [Ending.EXPIRED] * EXPIRIES
    assert [one.follows for one in chain] == [None, *chain[:-1]]
    assert len({one.reference for one in chain}) == EXPIRIES
    assert ground.differences(paying) == {}


def test_package_that_was_lost_with_the_answer_is_fetched(ground: WorkerGround) -> None:
    paying = open_paying_case(1, channels=(P.WECHAT,))
    order = released(paying, now=timezone.now()).orders.get()
    late = Behaviour(manner=M.ANSWER_LOST)
    ground.sandboxes.set_behaviour("wechat", late, reference=order.reference)
    with_payees_who_wait(ground)

    ground.drive()
    assert Order.objects.get().state == S.SENDING
    ground.pass_time(Order.objects.get().ask_at or ground.clock())
    ground.drive()

    order = Order.objects.get()
    assert (order.state, order.tries) == (S.WAITING_USER, 2)
    ground.sandboxes.control("wechat", "confirm", {"package": order.package})
    ground.to_the_end(paying)
    assert Order.objects.get().state == S.PAID
    assert ground.differences(paying) == {}


def with_payees_who_wait(ground: WorkerGround) -> None:
    """From now on payees confirm when they are told to."""
    plan = ground.sandboxes.plan
    slow = plan.wechat.model_copy(update={"confirms_at_once": False})
    path = ground.sandboxes.home / "plan.json"
    path.write_text(plan.model_copy(update={"wechat": slow}).model_dump_json(), "utf-8")
    ground.sandboxes.kill("wechat")
    ground.sandboxes.start("wechat")

"""Answers posted to the court: proven by their signature, entered once, or kept as bad."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from factories_inquiries import WALLET, Bureau
from zhipo.enforcement.actions.sending import chase
from zhipo.enforcement.models import Freeze, InquiryAnswer, InquiryOrder, SeenNonce
from zhipo.enforcement.states import CameBy, FreezeState
from zhipo.gateways.institutions.client import CALLBACK_PATH
from zhipo.gateways.institutions.sandbox.behaviour import Manner
from zhipo.gateways.institutions.signing import Exchange

pytestmark = pytest.mark.django_db

GREEN = "wallet-green"


@pytest.fixture
def informed(informed_again: Bureau) -> Bureau:
    return informed_again


def freeze_sent(bureau: Bureau) -> Freeze:
    """A freeze that the institution has, of whose outcome the court knows nothing."""
    freeze = bureau.order(WALLET)
    chase(bureau.now, client_of=bureau.client_of)
    return freeze


def letter(
    bureau: Bureau, order: InquiryOrder, manner: Manner = Manner.PROMPT
) -> tuple[str, bytes, dict[str, str]]:
    """Path, body and headers of what the institution posts about an order."""
    path = f"{CALLBACK_PATH}/{order.order_id}"
    poster = bureau.ground.posters[GREEN]
    body = poster.desk.say(order.order_id, court="court-yuhu").body
    headers = poster.letters.post(
        Exchange("POST", path), body, to="court-yuhu", manner=manner
    )
    return path, body, headers


def post(path: str, body: bytes, headers: dict[str, str]) -> int:
    answer = Client().post(path, body, content_type="application/json", headers=headers)
    return answer.status_code


def test_posted_answer_is_entered(informed: Bureau) -> None:
    freeze = freeze_sent(informed)

    assert post(*letter(informed, freeze.order)) == 204

    freeze.refresh_from_db()
    kept = InquiryAnswer.objects.get(order=freeze.order)
    assert (freeze.state, kept.came_by) == (FreezeState.IN_FORCE, CameBy.CALLBACK)


def test_address_is_the_protocols_own(informed: Bureau) -> None:
    order_id = uuid4()

    assert reverse("network:answers", args=[order_id]) == f"{CALLBACK_PATH}/{order_id}"


def test_same_letter_twice_is_refused_the_second_time(informed: Bureau) -> None:
    freeze = freeze_sent(informed)
    sent = letter(informed, freeze.order)

    assert [post(*sent), post(*sent)] == [204, 401]
    assert SeenNonce.objects.count() == 1
    assert InquiryAnswer.objects.filter(order=freeze.order, is_good=True).count() == 1


def test_answer_posted_anew_and_polled_is_one_answer(informed: Bureau) -> None:
    freeze = freeze_sent(informed)
    post(*letter(informed, freeze.order))
    post(*letter(informed, freeze.order))
    informed.chase()

    assert InquiryAnswer.objects.filter(order=freeze.order).count() == 1


@pytest.mark.parametrize("manner", [Manner.FORGED, Manner.OLD_KEY])
def test_letter_of_a_stranger_is_kept_and_not_believed(
    informed: Bureau, manner: Manner
) -> None:
    freeze = freeze_sent(informed)

    assert post(*letter(informed, freeze.order, manner)) == 401

    freeze.refresh_from_db()
    kept = InquiryAnswer.objects.get(order=freeze.order)
    assert (freeze.state, kept.is_good, SeenNonce.objects.count()) == ("ordered", False, 0)


def test_letter_about_another_order_is_not_believed(informed: Bureau) -> None:
    freeze = freeze_sent(informed)
    query = InquiryOrder.objects.get(act="query", institution__party=GREEN)
    _, body, headers = letter(informed, query)

    assert post(f"{CALLBACK_PATH}/{freeze.order.order_id}", body, headers) == 401
    freeze.refresh_from_db()
    assert freeze.state == FreezeState.ORDERED


def test_letter_about_nothing_we_know_leaves_no_trace(informed: Bureau) -> None:
    freeze = freeze_sent(informed)
    _, body, headers = letter(informed, freeze.order)
    before = InquiryAnswer.objects.count()

    assert post(f"{CALLBACK_PATH}/{uuid4()}", body, headers) == 401
    assert InquiryAnswer.objects.count() == before


def test_unsigned_garbage_is_kept_up_to_a_number(
    informed: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhipo.enforcement.actions.answering.KEPT_BAD", 3)
    freeze = freeze_sent(informed)
    path = f"{CALLBACK_PATH}/{freeze.order.order_id}"

    for number in range(6):
        assert post(path, f"garbage {number}".encode(), {}) == 401

    kept = InquiryAnswer.objects.filter(order=freeze.order, is_good=False)
    assert (kept.count(), sum(one.times for one in kept)) == (3, 6)


def test_body_beyond_the_protocols_limit_is_not_read(
    informed: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhipo.portals.network.views.MAX_BYTES", 10)
    freeze = freeze_sent(informed)

    assert post(f"{CALLBACK_PATH}/{freeze.order.order_id}", b"x" * 11, {}) == 413


def test_bad_letter_does_not_change_when_we_ask_again(informed: Bureau) -> None:
    freeze = freeze_sent(informed)
    before = InquiryOrder.objects.get(pk=freeze.order.pk).ask_at

    post(*letter(informed, freeze.order, Manner.FORGED))

    assert InquiryOrder.objects.get(pk=freeze.order.pk).ask_at == before


def test_installation_without_keys_takes_nothing(
    informed: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze = freeze_sent(informed)
    sent = letter(informed, freeze.order)
    monkeypatch.delenv("ZHIPO_INQUIRY_PRIVATE_FILE")

    assert post(*sent) == 401

"""Half of all orders meet misbehaviour: no freeze lost, none doubled, every end known."""

import random
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from factories_inquiries import Bureau, make_bureau
from integration.gateways import institution_ground
from integration.gateways.institution_ground import OBJECTS, PARTIES
from zhipo.enforcement.actions import ordering
from zhipo.enforcement.actions.freezing import lift_freeze, lift_part, renew_freeze
from zhipo.enforcement.actions.inquiring import ask_history, ask_ownership
from zhipo.enforcement.actions.objecting import reply_to_objection
from zhipo.enforcement.models import (
    Freeze,
    InquiryAnswer,
    InquiryObjection,
    InquiryOrder,
    OwnershipCheck,
    Property,
    TransactionHistory,
)
from zhipo.enforcement.states import STILL_OPEN, FreezeState
from zhipo.gateways.institutions.messages import Decision, ObjectKind

pytestmark = pytest.mark.django_db

ROUNDS = 16
OURS = [
    reference
    for reference, (_, target) in OBJECTS.items()
    if target.kind is not ObjectKind.RESERVE_ACCOUNT and reference != "1600000009"
]


@pytest.fixture(params=[11, 101, 120])
def bureau(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Bureau:
    """A court over institutions that draw their manners from the seed and order number."""
    seed = request.param
    numbers = random.Random(seed)
    monkeypatch.setattr(
        ordering, "uuid4", lambda: UUID(int=numbers.getrandbits(128), version=4)
    )
    lay = institution_ground.lay_ground
    monkeypatch.setattr("factories_inquiries.lay_ground", lambda home: lay(home, seed=seed))
    return make_bureau(tmp_path, monkeypatch, amount_fen=900_000_000)


def settle(bureau: Bureau) -> None:
    """Let time pass for everything late, replying to whatever is objected to."""
    for _ in range(ROUNDS):
        bureau.chase(1, hours=8)
        for objection in InquiryObjection.objects.filter(replied_at=None):
            reply_to_objection(
                objection_id=objection.pk, decision=Decision.DISMISSED, grounds="不成立",
                by=bureau.judge, now=bureau.now,
            )  # fmt: skip


def book(bureau: Bureau) -> dict[str, dict[str, Any]]:
    """Every freeze in the institutions' books, by the order that made it."""
    return {
        one["freeze_order"]: one
        for party in PARTIES
        for one in bureau.ground.control(party, "book")["freezes"]
    }


def agree(bureau: Bureau) -> None:
    """What the court believes of each freeze is what stands in the book."""
    entered = book(bureau)
    freezes = Freeze.objects.select_related("order")
    assert {str(one.order.order_id) for one in freezes} == set(entered)
    for one in freezes:
        told = entered[str(one.order.order_id)]
        frozen = told["frozen"] or {"value": 0}
        assert (one.state, one.frozen_fen, str(one.until), one.rank) == (
            told["status"], frozen["value"], told["until"], told["rank"],
        )  # fmt: skip


def test_court_and_books_agree_in_the_end(bureau: Bureau) -> None:
    bureau.inquire()
    settle(bureau)
    assert Property.objects.count() == len(OURS)

    for reference in OURS:
        money = OBJECTS[reference][1].is_money
        bureau.order(reference, 1_000_000 if money else None)
    settle(bureau)
    agree(bureau)
    assert not Freeze.objects.filter(state=FreezeState.ORDERED).exists()

    _ask_everything(bureau)
    settle(bureau)
    agree(bureau)
    assert not InquiryOrder.objects.filter(state__in=STILL_OPEN).exists()
    assert OwnershipCheck.objects.values("target").distinct().count() == len(OURS)
    money_count = sum(OBJECTS[one][1].is_money for one in OURS)
    assert TransactionHistory.objects.count() == money_count
    assert InquiryAnswer.objects.filter(is_good=False).exists()
    good = InquiryAnswer.objects.filter(is_good=True)
    assert not good.filter(applied_at=None).exists()


def _ask_everything(bureau: Bureau) -> None:
    """Whose it is, what moved; renewals, lifts and lifts in part of a third each."""
    given = {"case_id": bureau.case.pk, "by": bureau.judge, "now": bureau.now}
    everything = list(Property.objects.values_list("pk", flat=True))
    money = [one.pk for one in Property.objects.exclude(value_fen=None)]
    ask_ownership(property_ids=everything, **given)
    ask_history(property_ids=money, days=(bureau.today.replace(year=2024), bureau.today),
                **given)  # fmt: skip
    on = {"by": bureau.judge, "now": bureau.now}
    for place, freeze in enumerate(Freeze.objects.order_by("pk")):
        if place % 3 == 0:
            renew_freeze(freeze_id=freeze.pk, **on)
        elif place % 3 == 1:
            lift_freeze(freeze_id=freeze.pk, grounds="已履行", **on)
        elif freeze.limit_fen:
            lift_part(freeze_id=freeze.pk, fen=1, grounds="x", form_key="p", **on)

"""Asking everybody at once: one order each, sent by a job, answers become property."""

from pathlib import Path

import pytest

from factories_inquiries import Bureau, make_bureau
from zhipo.enforcement.models import InquiryOrder, Property
from zhipo.enforcement.states import InquiryState

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    return make_bureau(tmp_path, monkeypatch)


def test_one_act_asks_every_institution_and_finds_everything(bureau: Bureau) -> None:
    orders = bureau.inquire()
    bureau.chase()

    assert len(orders) == 6
    states = set(InquiryOrder.objects.values_list("state", flat=True))
    assert states == {InquiryState.ANSWERED}
    assert Property.objects.count() == 12

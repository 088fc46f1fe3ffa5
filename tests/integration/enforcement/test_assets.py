"""The administrator has an asset in hand: recorded once, by whom it concerns."""

from datetime import timedelta
from typing import Any

import pytest

from factories import make_case, make_staff
from integration.web.bundle_addresses import make_referral
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.enforcement.actions import assets
from zhipo.enforcement.actions.assets import take_asset
from zhipo.enforcement.models import Asset, Property
from zhipo.enforcement.states import Belonging
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db


@pytest.fixture
def asset() -> Asset:
    case = make_case()
    thing = Property.objects.create(
        debtor=make_referral(case.court).debtor, kind="goods", label="货物",
        as_of=f"{case.accepted_on}T00:00:00Z", found_by="clue 1", reference_hash="7" * 64,
    )  # fmt: skip
    return Asset.objects.create(case=case, target=thing, belongs=Belonging.ESTATE)


@pytest.fixture
def lead(asset: Asset) -> User:
    return make_staff(Role.ADMINISTRATOR_LEAD, asset.case.administrator)


def take(asset: Asset, by: User, **given: Any) -> Asset:
    day = given.get("day", asset.case.accepted_on + timedelta(days=3))
    return take_asset(asset_id=asset.pk, handed_over_on=day, by=by)


def test_it_is_recorded_with_day_and_person_and_once(asset: Asset, lead: User) -> None:
    taken = take(asset, lead)
    take(asset, lead)

    assert (taken.taken_by, taken.handed_over_on) == (
        lead, asset.case.accepted_on + timedelta(days=3),
    )  # fmt: skip
    assert Entry.objects.filter(event=Event.ASSET_HANDED_OVER).count() == 1


def test_another_day_later_is_refused(asset: Asset, lead: User) -> None:
    take(asset, lead)

    with pytest.raises(NotInState):
        take(asset, lead, day=asset.case.accepted_on)


@pytest.mark.parametrize("shift", [-1, 10**5])
def test_not_before_acceptance_nor_in_the_future(
    asset: Asset, lead: User, shift: int
) -> None:
    with pytest.raises(NotInState):
        take(asset, lead, day=asset.case.accepted_on + timedelta(days=shift))

    assert Asset.objects.get().handed_over_on is None


def test_others_property_is_given_back_not_taken(asset: Asset, lead: User) -> None:
    Asset.objects.update(belongs=Belonging.EXCLUDED)

    with pytest.raises(NotInState):
        take(asset, lead)


@pytest.mark.parametrize("phase", [Phase.CLOSED, Phase.DISMISSED])
def test_not_after_the_end_of_the_case(asset: Asset, lead: User, phase: Phase) -> None:
    Case.objects.update(phase=phase)

    with pytest.raises(NotInState):
        take(asset, lead)


def test_not_by_the_court_the_cashier_or_strangers(asset: Asset) -> None:
    for by in (
        make_staff(Role.BANKRUPTCY_JUDGE, asset.case.court),
        make_staff(Role.ADMINISTRATOR_CASHIER, asset.case.administrator),
        make_staff(Role.ADMINISTRATOR_LEAD),
    ):
        with pytest.raises(NotAllowed):
            take(asset, by)

    assert Asset.objects.get().handed_over_on is None


def test_a_failing_audit_undoes_it(
    asset: Asset, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("audit")

    monkeypatch.setattr(assets, "record", fails)

    with pytest.raises(RuntimeError):
        take(asset, lead)

    assert Asset.objects.get().handed_over_on is None

"""The administrator has an asset in hand (《企业破产法》第二十五条)."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.powers import Act, check_power
from zhipo.enforcement.models import Asset
from zhipo.enforcement.policies.referrals import check_day
from zhipo.enforcement.states import Belonging
from zhipo.web.refusals import NotInState


@transaction.atomic
def take_asset(
    *, asset_id: int, handed_over_on: date, by: Any, today: date | None = None
) -> Asset:
    """Record that a property was handed over to the administrator. Again: no change.

    Others' property is not taken over; it is given back. Raises NotAllowed, NotInState.
    """
    asset = (
        Asset.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=asset_id)
    )
    check_power(asset.case, Act.TAKE_ASSET, by)
    if asset.handed_over_on == handed_over_on:
        return asset
    if asset.handed_over_on is not None:
        raise NotInState("enforcement.bundle.handed_over_on", day=asset.handed_over_on)
    if asset.belongs == Belonging.EXCLUDED:
        raise NotInState("enforcement.bundle.not_estate")
    day = today or timezone.localdate()
    check_day(handed_over_on, since=asset.case.accepted_on, today=day)

    asset.handed_over_on = handed_over_on
    asset.taken_by, asset.taken_at = by, timezone.now()
    asset.save(update_fields=["handed_over_on", "taken_by", "taken_at"])

    record(Event.ASSET_HANDED_OVER, of=asset, by=by, chain=asset.case.number,
           on=str(handed_over_on))  # fmt: skip
    return asset

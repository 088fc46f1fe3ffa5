"""Objecting to the review of one's claim (《破产法解释三》第八条), on its clock."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.models import Claim, Objection
from zhipo.claims.policies.objecting import check_can_object, last_day_to_sue
from zhipo.claims.states import ObjectionState
from zhipo.law.register.states import ClaimState


@transaction.atomic
def raise_objection(*, claim_id: int, text: str, by: Any) -> Objection:
    """Object to a decision, or to the published list; one objection is open at a time.

    An entry that the meeting has checked becomes a disputed one. Raises NotAllowed,
    NotInState.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("holder", "case")
        .get(pk=claim_id)
    )
    open_one = claim.objections.filter(by=by, state=ObjectionState.OPEN).first()
    if open_one is not None:
        return open_one
    check_can_object(by, claim)

    before, last_day = claim.state, last_day_to_sue(claim)
    if before == ClaimState.CHECKED:
        claim.state = ClaimState.DISPUTED
        claim.save(update_fields=["state"])
    objection = Objection.objects.create(
        claim=claim, by=by, at=timezone.now(), text=text, suit_until=last_day
    )

    record(Event.OBJECTION_RAISED, of=claim, by=by, chain=claim.case.number,
           objection=objection.pk, before=before)  # fmt: skip
    return objection

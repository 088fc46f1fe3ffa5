"""Objecting to an entry, one's own or another's (《破产法解释三》第八条), on its clock."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.actions.messages import new_proof_code
from zhipo.claims.actions.papers import add_papers
from zhipo.claims.models import Claim, Message, Objection
from zhipo.claims.policies.objecting import (
    check_can_object,
    last_day_to_sue,
    standing_of,
)
from zhipo.claims.policies.papers import Upload
from zhipo.claims.states import ObjectionState
from zhipo.law.register.states import ClaimState


@transaction.atomic
def raise_objection(
    *, claim_id: int, text: str, by: Any, uploads: Sequence[Upload] = ()
) -> Objection:
    """Object to a decision, to the published list, or to another creditor's entry.

    One objection of a person's to an entry is open at a time. An entry that the meeting
    has checked becomes a disputed one. Whoever's entry another objects to is told so.
    `uploads` bear out an objection to another's entry. Raises NotAllowed, NotInState,
    PaperRefused.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("holder", "case")
        .get(pk=claim_id)
    )
    open_one = claim.objections.filter(by=by, state=ObjectionState.OPEN).first()
    if open_one is not None:
        return open_one
    own = standing_of(by, claim)
    check_can_object(by, claim)

    before, last_day = claim.state, last_day_to_sue(claim)
    if before == ClaimState.CHECKED:
        claim.state = ClaimState.DISPUTED
        claim.save(update_fields=["state"])
    objection = Objection.objects.create(
        claim=claim, by=by, at=timezone.now(), text=text, suit_until=last_day,
        raised_from=own,
    )  # fmt: skip
    if own is not None:
        _bear_out(objection, own, uploads, by=by)

    record(Event.OBJECTION_RAISED, of=claim, by=by, chain=claim.case.number,
           objection=objection.pk, before=before, is_own=own is None)  # fmt: skip
    return objection


def _bear_out(
    objection: Objection, own: Claim, uploads: Sequence[Upload], *, by: Any
) -> None:
    """Papers beside the objector's own claim, and word to the other creditor."""
    Message.objects.create(
        claim=objection.claim, phrase="message.entry_objected", sent_at=objection.at,
        values={"number": objection.claim.number}, proof_code=new_proof_code(),
    )  # fmt: skip
    if uploads:
        add_papers(
            claim_id=own.pk, uploads=uploads, kind="other", by=by, objection=objection
        )

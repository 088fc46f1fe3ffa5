"""Messages inside the portal: each has a code that answers "is this message real?"."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.powers import Act, check_power
from zhipo.claims.models import Claim, Message
from zhipo.claims.policies.filing import check_is_own

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0 and O, no 1 and I: the code is read aloud over the phone."""

CODE_LENGTH = 12


def new_proof_code() -> str:
    """Twelve characters, 60 bits: not to be guessed."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


@transaction.atomic
def send_message(*, claim_id: int, phrase: str, values: dict[str, Any], by: Any) -> Message:
    """Put a message of the administrator's (None: the system's) before the creditor.

    `phrase` is a key of claims/phrases.yaml; `values` hold no personal data and no
    link. Raises NotAllowed, NotInState.
    """
    claim = Claim.objects.select_related("case").get(pk=claim_id)
    if by is not None:
        check_power(claim.case, Act.SEND_MESSAGE, by)

    message = Message.objects.create(
        claim=claim, phrase=phrase, values=values, proof_code=new_proof_code(),
        sent_at=timezone.now(), sent_by=by,
    )  # fmt: skip

    record(Event.MESSAGE_SENT, of=claim, by=by, chain=claim.case.number,
           message=message.pk, phrase=phrase)  # fmt: skip
    return message


def put_messages(
    said: Iterable[tuple[int, str, dict[str, Any]]], *, now: datetime, by: Any = None
) -> None:
    """Put messages of one person's (None: the system's) before many creditors: claim,
    phrase and values of each.

    Part of the act that has something to tell, which records how many.
    """
    Message.objects.bulk_create(
        (
            Message(claim_id=claim, phrase=phrase, values=values,
                    proof_code=new_proof_code(), sent_at=now, sent_by=by)
            for claim, phrase, values in said
        ),
        batch_size=5_000,
    )  # fmt: skip


@transaction.atomic
def write_to_administrator(*, claim_id: int, text: str, form_key: str, by: Any) -> Message:
    """Write to the administrator about a claim of one's own; once per form.

    Raises NotAllowed.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("holder", "case")
        .get(pk=claim_id)
    )
    check_is_own(by, claim)
    known = claim.messages.filter(values__form_key=form_key, sent_by=by).first()
    if known is not None:
        return known

    message = Message.objects.create(
        claim=claim, phrase="", values={"form_key": form_key}, text=text,
        from_administrator=False, proof_code=new_proof_code(), sent_at=timezone.now(),
        sent_by=by,
    )  # fmt: skip

    record(Event.MESSAGE_SENT, of=claim, by=by, chain=claim.case.number,
           message=message.pk, phrase="")  # fmt: skip
    return message


def mark_read(*, claim_id: int, by: Any) -> int:
    """Note that the creditor has opened their messages; how many were new."""
    return Message.objects.filter(
        claim_id=claim_id, claim__creditor=by, from_administrator=True, read_at=None
    ).update(read_at=timezone.now())

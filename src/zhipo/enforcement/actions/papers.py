"""Papers of a referral that its court makes on request: inquiries, receipts, the letter."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.documents.actions import Content, keep_document, make_document
from zhipo.documents.kinds import DocumentKind, KeptKind
from zhipo.documents.models import Document
from zhipo.documents.series import letters_file
from zhipo.enforcement.actions.referrals import locked
from zhipo.enforcement.documents import consent_fields, letter_fields, receipt_fields
from zhipo.enforcement.models import Referral
from zhipo.enforcement.powers import BUREAU
from zhipo.enforcement.queries.debtors import chain_of, roles_in
from zhipo.web.refusals import NotAllowed, NotInState
from zhipo.web.words import say

Make = Callable[[Referral, date, Any], Document]


@transaction.atomic
def make_paper(
    *, referral_id: int, paper: str, by: Any, today: date | None = None
) -> Document:
    """Make one of PAPERS; the same content again is the same document.

    By judge or clerk of the court that refers. Raises NotAllowed, NotInState where there
    is nobody to write to yet, KeyError.
    """
    referral = locked(referral_id)
    if not roles_in(by, referral.sending_id) & BUREAU:
        raise NotAllowed("enforcement.referral.paper_not_yours")
    return PAPERS[paper](referral, today or timezone.localdate(), by)


def _consents(referral: Referral, day: date, by: Any) -> Document:
    """One inquiry for each of those who were asked, in one file."""
    asked = referral.consents.select_related(
        "case", "referral__debtor", "referral__sending", "referral__receiving",
        "referral__leading",
    )  # fmt: skip
    letters = [consent_fields(one, dated_on=one.asked_on) for one in asked.order_by("pk")]
    return _bound(referral, DocumentKind.CONSENT_INQUIRY, letters, by)


def _receipts(referral: Referral, day: date, by: Any) -> Document:
    """One receipt for each on whom the decision was served, in one file."""
    served = (
        referral.services.filter(served_on__isnull=False)
        .select_related("case", "referral__debtor", "referral__sending", "by")
        .order_by("pk")
    )
    letters = [
        receipt_fields(one, server=_name(one.by), dated_on=one.served_on or day)
        for one in served
    ]
    return _bound(referral, DocumentKind.SERVICE_RECEIPT, letters, by)


def _letter(referral: Referral, day: date, by: Any) -> Document:
    """The letter that goes with the papers."""
    if referral.served_on is None:
        raise NotInState("enforcement.referral.nothing_to_write")
    return make_document(
        kind=DocumentKind.REFERRAL_LETTER,
        chain=chain_of(referral.debtor),
        fields=letter_fields(
            referral, judge=_name(referral.opened_by), dated_on=referral.sent_on or day
        ),
        by=by,
    )


PAPERS: dict[str, Make] = {
    "consents": _consents,
    "receipts": _receipts,
    "letter": _letter,
}
"""What may be asked for, by the name in the page's address."""


MANY = {
    DocumentKind.CONSENT_INQUIRY: "kind.consent_inquiries",
    DocumentKind.SERVICE_RECEIPT: "kind.service_receipts",
}
"""The title of a file that holds many of a kind."""


def _bound(
    referral: Referral, kind: DocumentKind, letters: list[dict[str, Any]], by: Any
) -> Document:
    if not letters:
        raise NotInState("enforcement.referral.nothing_to_write")
    data, ending = letters_file(kind, letters)
    title = say(f"documents.{MANY[kind]}", lang="zh", count=len(letters))
    return keep_document(kind=KeptKind.LETTERS, chain=chain_of(referral.debtor), by=by,
                         content=Content(title, data, ending))  # fmt: skip


def _name(person: Any) -> str:
    """How a person signs; the sign-in name where no other is known."""
    return str(person.name or person.login)

"""Documents of a case: what its row says, what the court adds, who may make them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.documents.actions import make_document
from zhipo.documents.kinds import DocumentKind
from zhipo.documents.models import Document

K = DocumentKind
ACTS: dict[DocumentKind, Act] = {
    K.ACCEPTANCE_NOTICE: Act.MAKE_COURT_DOCUMENT,
    K.PUBLIC_NOTICE: Act.MAKE_COURT_DOCUMENT,
    K.CONFIRMING_RULING: Act.MAKE_COURT_DOCUMENT,
    K.OBJECTION_REPLY: Act.MAKE_ADMINISTRATOR_DOCUMENT,
    K.SILENT_LETTER: Act.MAKE_ADMINISTRATOR_DOCUMENT,
    K.WAY_LETTER: Act.MAKE_ADMINISTRATOR_DOCUMENT,
    K.DISTRIBUTION_PLAN: Act.BUILD_PLAN,
}
"""Whose paper each kind is: the court's, or the administrator's."""


@dataclass(frozen=True)
class Announcement:
    """What a notice of acceptance says beside the case's row (EBL 14, second paragraph)."""

    petitioner: str
    filing_place: str
    meeting_place: str
    meeting_time: time  # at +08:00, on the day of the first meeting
    addressee: str = ""  # of the notice to a known creditor
    notes: str = ""  # what else the court finds fit: the article's seventh item
    dated_on: date | None = None  # the day of publication unless said otherwise


def case_fields(case: Case) -> dict[str, Any]:
    """What the case's row says, under the names that the documents use."""
    return {
        "court": case.court.name,
        "number": case.number,
        "debtor": case.debtor,
        "brand": case.brand,
        "administrator": case.administrator.name,
        "administrator_phone": case.administrator_phone,
        "administrator_address": case.administrator_address,
        "accepted_on": case.accepted_on,
        "filing_until": case.filing_until,
        "checked_on": case.checked_on,
    }


def acceptance_fields(
    case: Case, announcement: Announcement | None = None
) -> dict[str, Any]:
    """The fields of the notice to known creditors and of the public notice.

    What is not known yet stays empty: `make_document` names it and refuses.
    """
    fields = case_fields(case) | {"dated_on": case.published_on}
    if announcement is None:
        return fields
    return fields | {
        "petitioner": announcement.petitioner,
        "addressee": announcement.addressee,
        "filing_place": announcement.filing_place,
        "meeting_place": announcement.meeting_place,
        "meeting_at": _meeting_at(case, announcement.meeting_time),
        "notes": announcement.notes,
        "dated_on": announcement.dated_on or case.published_on,
    }


@transaction.atomic
def make_case_document(
    *,
    case_id: int,
    kind: DocumentKind,
    fields: Mapping[str, Any],
    by: Any,
    lang: str = "zh",
    is_private: bool = False,
) -> Document:
    """Make a document of this case; what the case's row says cannot be said otherwise.

    A private one is kept for the role in which `by` makes it. Raises NotAllowed,
    NotInState, and what `make_document` raises.
    """
    case = (
        Case.objects.select_for_update(no_key=True, of=("self",))
        .select_related("court", "administrator")
        .get(pk=case_id)
    )
    role = check_power(case, ACTS[kind], by)

    return make_document(
        kind=kind, chain=case.number, fields={**fields, **case_fields(case)}, by=by,
        lang=lang, for_role=role if is_private else "",
    )  # fmt: skip


def _meeting_at(case: Case, meeting_time: time) -> datetime | None:
    if case.meeting_on is None:
        return None
    at = datetime.combine(case.meeting_on, meeting_time)
    return timezone.make_aware(at)

"""The administrator's letters as documents: to one person, to a whole round, the reply."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.documents import make_case_document
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.actions.background import finish_task
from zhipo.claims.actions.progress import Progress, no_telling
from zhipo.claims.actions.reminding import silent_claims_of
from zhipo.claims.actions.unmasking import Purpose
from zhipo.claims.background import BackgroundTask
from zhipo.claims.models import Claim, Objection, ReminderRound
from zhipo.claims.policies.reminding import check_can_answer_in_writing, check_is_silent
from zhipo.claims.queries.letters import (
    reply_fields,
    silent_letter_fields,
    silent_letters,
)
from zhipo.documents.actions import Content, keep_document
from zhipo.documents.kinds import DocumentKind, KeptKind
from zhipo.documents.models import Document
from zhipo.documents.series import letters_file
from zhipo.web.words import say


@transaction.atomic
def make_reply(*, objection_id: int, by: Any) -> Document:
    """The written reply to an answered objection, addressed by name, for all staff.

    Made again it is the same document. Raises NotAllowed, NotInState, FieldsMissing.
    """
    objection = Objection.objects.select_related(
        "claim__case__court",
        "claim__case__administrator",
        "claim__holder",
        "raised_from__holder",
    ).get(pk=objection_id)
    case = objection.claim.case
    check_can_answer_in_writing(by, objection)

    document = make_case_document(
        case_id=case.pk, kind=DocumentKind.OBJECTION_REPLY, fields=reply_fields(objection),
        by=by,
    )  # fmt: skip

    _record_names(objection.raised_from or objection.claim, case, by=by)
    return document


@transaction.atomic
def make_letter(*, claim_id: int, by: Any) -> Document:
    """The letter to one person who has not filed, kept for the role that made it.

    Raises NotAllowed, NotInState once the claim is filed, FieldsMissing.
    """
    claim = Claim.objects.select_related("case", "holder").get(pk=claim_id)
    check_is_silent(by, claim)

    document = make_case_document(
        case_id=claim.case_id,
        kind=DocumentKind.SILENT_LETTER,
        fields=silent_letter_fields(claim, dated_on=timezone.localdate()),
        by=by,
        is_private=True,
    )

    _record_names(claim, claim.case, by=by)
    return document


def make_letters(
    *, round_id: int, told: Callable[[int, int], None] = no_telling, by: Any
) -> Document:
    """All letters of a round in one file, kept for the role that made it.

    Dated on the day of the round: made again it is the same document. `told` hears how
    many are written. Raises NotAllowed, NotInState, FieldsMissing.
    """
    written = _written(round_id, told=told, by=by)
    with transaction.atomic():
        return _keep(written, by=by)


@dataclass(frozen=True)
class Written:
    """The letters of a round as a file that nobody has kept yet."""

    ordered: ReminderRound
    role: Role
    count: int
    content: Content


def _written(round_id: int, *, told: Callable[[int, int], None], by: Any) -> Written:
    """Write them; long, so it is not part of a transaction. Raises NotAllowed."""
    ordered = ReminderRound.objects.select_related(
        "case__court", "case__administrator"
    ).get(pk=round_id)
    role = check_power(ordered.case, Act.MAKE_ADMINISTRATOR_DOCUMENT, by)
    check_power(ordered.case, Act.UNMASK, by)
    dated_on = timezone.localdate(ordered.ordered_at)
    claims = silent_claims_of(ordered)
    letters = list(silent_letters(ordered.case, claims, dated_on=dated_on))
    data, ending = letters_file(DocumentKind.SILENT_LETTER, letters, told=told)
    title = say("documents.kind.silent_letters", lang="zh", count=len(letters))
    return Written(ordered, role, len(letters), Content(title, data, ending))


def _keep(written: Written, *, by: Any) -> Document:
    """Keep them for the role that made them, and record whose names were written out."""
    case = written.ordered.case
    document = keep_document(kind=KeptKind.LETTERS, chain=case.number, by=by,
                             content=written.content, for_role=written.role)  # fmt: skip
    _record_names(written.ordered, case, by=by, count=written.count)
    return document


def write_letters(task: BackgroundTask, told: Progress) -> None:
    """The letters of a round that were ordered, kept with the end of their task."""
    written = _written(task.arguments["round_id"], told=told, by=task.ordered_by)
    with transaction.atomic():
        document = _keep(written, by=task.ordered_by)
        finish_task(task_id=task.pk, document=document, count=written.count)


def _record_names(of: object, case: Case, *, by: Any, count: int = 1) -> None:
    """That names were written out in full, for a letter."""
    role = check_power(case, Act.UNMASK, by)
    record(Event.DATA_UNMASKED, of=of, by=by, chain=case.number, role=role,
           purpose=Purpose.LETTER, count=count)  # fmt: skip

"""Making a document of a case: filled in, kept by its hash, recorded."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from jinja2 import TemplateError

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.documents.kinds import KINDS, DocumentKind, KeptKind, Kind
from zhipo.documents.models import Document
from zhipo.documents.rendering import rendered, template_path
from zhipo.documents.storing import write_whole
from zhipo.web.refusals import Declined
from zhipo.web.words import say

FOLDER = "documents"


@dataclass(frozen=True)
class Content:
    """A file as it was made: bytes, ending, language and what it is called."""

    title: str
    data: bytes
    ending: str = "docx"
    lang: str = "zh"


class FieldsMissing(Declined):
    """What the document must say is not there: `missing` names the fields."""

    status = 422

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        between = say("documents.between")
        names = between.join(say(f"documents.field.{name}") for name in missing)
        super().__init__("documents.refused.missing", names=names)


class NoReadingCopy(Declined):
    """The document is not written in this language."""

    status = 422


class TemplateFaulty(Declined):
    """The installation's own template asks for what the document's fields do not hold."""


@transaction.atomic
def make_document(
    *,
    kind: DocumentKind,
    chain: str,
    fields: Mapping[str, Any],
    by: Any,
    lang: str = "zh",
    for_role: str = "",
) -> Document:
    """Fill in a document of the case `chain` and keep it under its SHA-256.

    Days are `date`, times aware `datetime`, amounts whole fen. The same content again is
    the same Document, its file put back if it was lost or changed. Who may make it is
    checked by the case (cases/documents.py). Raises FieldsMissing, NoReadingCopy,
    TemplateFaulty.
    """
    entry = KINDS[kind]
    if lang not in entry.languages:
        raise NoReadingCopy("documents.refused.language")
    missing = missing_fields(entry, fields)
    if missing:
        raise FieldsMissing(missing)
    content = Content(
        title=say(f"documents.{entry.title}", lang=lang),
        data=_filled_in(kind, entry, fields, lang),
        lang=lang,
    )
    return keep_document(kind=kind, chain=chain, content=content, for_role=for_role,
                         by=by)  # fmt: skip


@transaction.atomic
def keep_document(
    *,
    kind: DocumentKind | KeptKind,
    chain: str,
    content: Content,
    for_role: str = "",
    by: Any,
) -> Document:
    """Keep a file of the case `chain` under its SHA-256, for one role or (empty) for all.

    The same content again is the same Document, its file put back if it was lost or
    changed. Who may have it made is checked by the act that makes it.
    """
    digest = hashlib.sha256(content.data).hexdigest()

    document, is_new = Document.objects.get_or_create(
        chain=chain,
        kind=kind,
        sha256=digest,
        for_role=for_role,
        defaults={
            "lang": content.lang,
            "title": content.title,
            "path": f"{FOLDER}/{digest}.{content.ending}",
            "size": len(content.data),
            "made_by": by,
            "made_at": timezone.now(),
        },
    )
    target = Path(settings.ENVIRONMENT.files) / document.path
    is_there = target.exists()
    write_whole(target, content.data)
    if is_new:
        _record(document, None if is_there else target, by=by)
    return document


def missing_fields(entry: Kind, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that are needed and empty, in the document's order; 0 is not empty."""
    return tuple(name for name in entry.fields if _is_empty(fields.get(name)))


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, list | tuple) and not value)


def _filled_in(
    kind: DocumentKind, entry: Kind, fields: Mapping[str, Any], lang: str
) -> bytes:
    """Only the kind's own fields reach the template, those left out as None."""
    known = {name: fields.get(name) for name in (*entry.fields, *entry.optional)}
    try:
        return rendered(template_path(kind, lang), known, lang=lang)
    except TemplateError as error:
        raise TemplateFaulty("documents.refused.template", fault=str(error)) from error


def _record(document: Document, target: Path | None, *, by: Any) -> None:
    """Record it; a new file (`target`) that nothing records does not stay."""
    try:
        record(Event.DOCUMENT_MADE, of=document, by=by, chain=document.chain,
               kind=document.kind, lang=document.lang, sha256=document.sha256,
               size=document.size)  # fmt: skip
    except BaseException:
        if target is not None:
            target.unlink(missing_ok=True)
        raise

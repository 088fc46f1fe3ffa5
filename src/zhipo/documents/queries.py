"""The documents of a case, and their files with the hash checked."""

import hashlib
import io
from collections.abc import Collection
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import QuerySet

from zhipo.documents.models import Document
from zhipo.web.refusals import Declined


class FileChanged(Declined):
    """The file is lost, or is no longer the one that was recorded."""


def documents_of(chain: str, *, roles: Collection[str] = ()) -> QuerySet[Document]:
    """The documents of the case with this number, newest first.

    Those for all its staff, and those kept for one of these roles.
    """
    kept_for = ["", *roles]
    found = Document.objects.filter(chain=chain, for_role__in=kept_for)
    return found.order_by("-made_at", "-pk")


def latest_documents(chains: Collection[str], *, most: int) -> list[Document]:
    """The latest documents of several cases that are for all their staff."""
    found = Document.objects.filter(chain__in=chains, for_role="")
    return list(found.order_by("-made_at", "-pk")[:most])


def open_document(document: Document) -> IO[bytes]:
    """The document's content, read whole and compared with what was recorded.

    What is handed out is what was hashed, not the file read a second time. Raises
    FileChanged.
    """
    path = Path(settings.ENVIRONMENT.files) / document.path
    try:
        content = path.read_bytes()
    except FileNotFoundError as lost:
        raise FileChanged("documents.refused.lost") from lost
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise FileChanged("documents.refused.changed")
    return io.BytesIO(content)

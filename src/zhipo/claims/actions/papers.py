"""Papers handed in with a claim: checked, named by us, kept outside of the web root."""

import hashlib
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.models import Claim, Objection, Paper
from zhipo.claims.policies.filing import check_can_add_papers, check_is_own
from zhipo.claims.policies.papers import (
    Accepted,
    PaperRefused,
    Upload,
    check_count,
    check_paper,
    shown,
)

KINDS = ("photo", "contract", "invoice", "reconciliation", "collateral", "list",
         "identity", "other")  # fmt: skip
CHUNK = 1 << 20


@transaction.atomic
def add_papers(
    *,
    claim_id: int,
    uploads: Sequence[Upload],
    kind: str,
    by: Any,
    objection: Objection | None = None,
) -> list[Paper]:
    """Keep files with a claim, all or none; a file that is there already is not doubled.

    Papers that bear out an objection to another's entry lie with the objector's own
    claim, whatever that one's state: its owner alone reads them back. Raises
    PaperRefused with the name and the reason, NotAllowed, NotInState.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("holder", "case")
        .get(pk=claim_id)
    )
    if objection is None:
        check_can_add_papers(by, claim)
    else:
        check_is_own(by, claim)
    if kind not in KINDS:
        raise PaperRefused("claims.paper.unknown_kind")

    same = Paper(claim=claim, kind=kind, objection=objection, added_by=by)
    with kept_papers(same, uploads) as papers:
        if papers:
            record(Event.PAPER_ADDED, of=claim, by=by, chain=claim.case.number,
                   kind=kind, count=len(papers))  # fmt: skip
    return papers


@contextmanager
def kept_papers(same: Paper, uploads: Sequence[Upload]) -> Iterator[list[Paper]]:
    """Files written, with rows that have in common what `same` has: those that were not
    there already. The files are gone again where the block fails. Raises PaperRefused.

    Part of an act that has locked the claim and asked whether it may.
    """
    beside = same.claim.papers.filter(objection=same.objection)
    known = set(beside.values_list("sha256", flat=True))
    check_count(len(known) + len(uploads))
    checked = [(upload, check_paper(upload)) for upload in uploads]
    written: list[Path] = []
    try:
        yield _keep(same, checked, known, written=written)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise


def digest_of(file: IO[bytes]) -> str:
    """The SHA-256 of a file that is read from its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def path_of(paper: Paper) -> Path:
    """Where a paper lies."""
    return Path(settings.ENVIRONMENT.files) / paper.path


def _keep(
    same: Paper,
    checked: list[tuple[Upload, Accepted]],
    known: set[str],
    *,
    written: list[Path],
) -> list[Paper]:
    """Write the files and their rows, which have in common what `same` has."""
    papers, folder = [], Path("papers") / same.claim.case.slug
    for upload, accepted in checked:
        path = folder / f"{uuid.uuid4().hex}{accepted.suffix}"
        target = Path(settings.ENVIRONMENT.files) / path
        written.append(target)
        digest = _write(upload, target)
        if digest in known:
            target.unlink()
            continue
        known.add(digest)
        papers.append(
            Paper(
                claim=same.claim,
                kind=same.kind,
                objection=same.objection,
                name=shown(upload.name or ""),
                path=str(path),
                content_type=accepted.content_type,
                size=upload.size or 0,
                sha256=digest,
                added_by=same.added_by,
                added_at=timezone.now(),
            )
        )
    return Paper.objects.bulk_create(papers)


def _write(upload: Upload, target: Path) -> str:
    """Copy the content, readable by the server alone, on disk before we say so."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    upload.file.seek(0)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := upload.file.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()

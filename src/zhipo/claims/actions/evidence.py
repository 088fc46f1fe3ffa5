"""The books of the debtor: handed in, read, sealed."""

import hashlib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.actions.holders import check_holders
from zhipo.claims.actions.receiving import BOOKS, MAPPING, Handed, received
from zhipo.claims.actions.telling import Telling
from zhipo.claims.jobs import later
from zhipo.claims.models import Evidence
from zhipo.claims.policies.books import BookRefused, check_can_seal
from zhipo.claims.states import EvidenceState
from zhipo.engine.evidence.importing import import_ledger
from zhipo.engine.evidence.mapping import formats
from zhipo.kernel.faults import Fault, Refused, write_faults
from zhipo.web.refusals import NotInState

LEDGER = "ledger.parquet"
ERRORS = "errors.csv"
FAULTS_KEPT = 200
"""In the database, for the page; the file has all of them."""

READABLE = frozenset({EvidenceState.UPLOADED, EvidenceState.READING})


def folder_of(evidence: Evidence) -> Path:
    """Where a version's files are."""
    return Path(settings.ENVIRONMENT.files) / evidence.folder


def upload_evidence(
    *, case_id: int, handed: Handed, read_as: str, form_key: str, by: Any
) -> Evidence:
    """Take a version of the books in; a job reads it. The same form: the same version.

    Raises NotAllowed, NotInState, BookRefused; then no file stays.
    """
    case = Case.objects.get(pk=case_id)
    check_power(case, Act.UPLOAD_EVIDENCE, by)
    known = _uploaded_by_form(case, form_key)
    if known is not None:
        return known
    read_as = MAPPING if handed.mapping is not None else read_as
    if read_as != MAPPING and read_as not in formats():
        raise BookRefused("claims.evidence.unknown_format")
    below = Path(settings.ENVIRONMENT.files) / f"case-{case.pk}" / "evidence"
    try:
        with received(handed, below=below) as (folder, entries):
            manifest = {"form_key": form_key, "received": entries}
            return _enter(case.pk, folder, manifest, read_as, by)
    except _SentTwice as twice:
        return twice.evidence


class _SentTwice(Exception):
    """The same form came twice at once: the files of the second go."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        super().__init__()


@transaction.atomic
def _enter(
    case_id: int, folder: Path, manifest: dict[str, Any], read_as: str, by: Any
) -> Evidence:
    case = locked_case(case_id)
    check_power(case, Act.UPLOAD_EVIDENCE, by)
    known = _uploaded_by_form(case, manifest["form_key"])
    if known is not None:
        raise _SentTwice(known)

    last = Evidence.objects.filter(case=case).aggregate(last=Max("version"))["last"]
    evidence = Evidence.objects.create(
        case=case,
        version=(last or 0) + 1,
        folder=str(folder.relative_to(settings.ENVIRONMENT.files)),
        read_as=read_as,
        manifest=manifest,
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    later("read_evidence", lock=f"evidence-{evidence.pk}", evidence_id=evidence.pk)

    record(Event.EVIDENCE_UPLOADED, of=evidence, by=by, chain=case.number,
           version=evidence.version, files=len(manifest["received"]))  # fmt: skip
    return evidence


def read_evidence(*, evidence_id: int) -> Evidence:
    """Read a version's files into its ledger: READ, or REFUSED with every fault.

    Killed halfway it stays READING, and the job once more begins anew.
    """
    evidence = Evidence.objects.select_related("case").get(pk=evidence_id)
    if evidence.state not in READABLE:
        return evidence
    evidence.state = EvidenceState.READING
    evidence.save(update_fields=["state"])
    telling = Telling(evidence_id).at("claims.evidence.stage.read", start=0, end=95)
    folder = folder_of(evidence)
    read_as = evidence.read_as
    try:
        made = import_ledger(
            sorted((folder / BOOKS).iterdir()),
            read_as=str(folder / MAPPING) if read_as == MAPPING else read_as,
            out=folder / LEDGER,
            progress=telling,
        )
        telling.at("claims.evidence.stage.holders", start=95, end=100)
        holders = check_holders(folder)
    except Refused as refused:
        return _refuse(evidence_id, refused.faults)
    return _take_in(evidence_id, {**made.as_table(), "holders": holders})


@transaction.atomic
def _take_in(evidence_id: int, read: dict[str, Any]) -> Evidence:
    evidence = _locked(evidence_id)
    if evidence.state not in READABLE:
        return evidence
    evidence.state = EvidenceState.READ
    evidence.manifest = {**evidence.manifest, **_with_given_names(read, evidence)}
    evidence.faults, evidence.progress = [], {}
    evidence.save(update_fields=["state", "manifest", "faults", "progress"])

    record(Event.EVIDENCE_READ, of=evidence, by=None, chain=evidence.case.number,
           version=evidence.version, rows=read["rows"], events=read["events"],
           sha256=read["ledger"]["sha256"])  # fmt: skip
    return evidence


@transaction.atomic
def _refuse(evidence_id: int, faults: list[Fault]) -> Evidence:
    evidence = _locked(evidence_id)
    if evidence.state not in READABLE:
        return evidence
    names = _given_names(evidence)
    told = [replace(one, file=names.get(one.file, one.file)) for one in faults]
    write_faults(told, folder_of(evidence) / ERRORS)
    evidence.state = EvidenceState.REFUSED
    evidence.manifest = {**evidence.manifest, "fault_count": len(told)}
    evidence.faults = [asdict(fault) for fault in told[:FAULTS_KEPT]]
    evidence.progress = {}
    evidence.save(update_fields=["state", "manifest", "faults", "progress"])

    record(Event.EVIDENCE_REFUSED, of=evidence, by=None, chain=evidence.case.number,
           version=evidence.version, faults=len(told))  # fmt: skip
    return evidence


@transaction.atomic
def seal_evidence(*, evidence_id: int, by: Any) -> Evidence:
    """Seal a version that was read: it replaces the earlier one, claims are pre-filled.

    Raises NotAllowed, NotInState (also where the ledger is not what was read).
    """
    case_id = Evidence.objects.values_list("case", flat=True).get(pk=evidence_id)
    case = locked_case(case_id)
    evidence = _locked(evidence_id)
    check_power(case, Act.SEAL_EVIDENCE, by)
    if evidence.state == EvidenceState.SEALED:
        return evidence
    check_can_seal(evidence)
    digest = _sha256(folder_of(evidence) / LEDGER)
    if digest != evidence.manifest["ledger"]["sha256"]:
        raise NotInState("claims.evidence.changed")

    Evidence.objects.filter(case=case, state=EvidenceState.SEALED).update(
        state=EvidenceState.SUPERSEDED
    )
    evidence.state, evidence.ledger_sha256 = EvidenceState.SEALED, digest
    evidence.sealed_by, evidence.sealed_at = by, timezone.now()
    evidence.save(update_fields=["state", "ledger_sha256", "sealed_by", "sealed_at"])
    _make_read_only(folder_of(evidence))
    later("prefill_claims", lock=f"case-{case.pk}", case_id=case.pk)

    record(Event.EVIDENCE_SEALED, of=evidence, by=by, chain=case.number,
           version=evidence.version, sha256=digest)  # fmt: skip
    return evidence


def _uploaded_by_form(case: Case, form_key: str) -> Evidence | None:
    return Evidence.objects.filter(case=case, manifest__form_key=form_key).first()


def _locked(evidence_id: int) -> Evidence:
    return (
        Evidence.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=evidence_id)
    )


def _given_names(evidence: Evidence) -> dict[str, str]:
    """Our file name -> the name it came with."""
    return {one["file"]: one["name"] for one in evidence.manifest["received"]}


def _with_given_names(read: dict[str, Any], evidence: Evidence) -> dict[str, Any]:
    """What was read, each input and difference under the name its file came with."""
    names = _given_names(evidence)
    inputs = [{**one, "name": _renamed(one["name"], names)} for one in read["inputs"]]
    differences = [
        {**one, "file": _renamed(one["file"], names)} for one in read["differences"]
    ]
    return {**read, "inputs": inputs, "differences": differences}


def _renamed(name: str, names: dict[str, str]) -> str:
    """A source's name begins with its file's; a sheet's name may follow it."""
    stem = next((one for one in names if name.startswith(one)), "")
    return names[stem] + name[len(stem) :] if stem else name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _make_read_only(folder: Path) -> None:
    for path in folder.rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    folder.chmod(0o500)

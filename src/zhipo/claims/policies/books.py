"""Which files are taken as books of the debtor, and what their state allows."""

import zipfile
from pathlib import Path, PurePath

import filetype

from zhipo.claims.models import Evidence
from zhipo.claims.policies.papers import shown
from zhipo.claims.states import EvidenceState
from zhipo.web.refusals import Declined, NotInState

MEGABYTE = 1024 * 1024
LARGEST_UPLOAD = 2048 * MEGABYTE
"""By the browser; larger exports are put into the inbox folder."""

LARGEST_UNPACKED = 1024 * MEGABYTE
"""Of one workbook: a million rows of a real one unpack to some hundred megabytes."""

MOST_FILES = 500
ENDINGS = (".csv", ".xlsx", ".parquet")
MARKS = ("/", "\\", ":")
TEXT_STARTS = (b"<", b"{", b"[", b"%PDF", b"MZ", b"\x7fELF")
ENCODINGS = ("utf-8", "gb18030", "utf-16")
HEAD = 65_536


class BookRefused(Declined):
    """A file that is not taken as evidence: which one, why, what would be."""

    status = 422


def ending_of(name: str) -> str:
    """The ending that says how a file is read. Raises BookRefused.

    Of a name nothing else is used: never a folder, never the name itself.
    """
    if not name or not name.isprintable() or any(mark in name for mark in MARKS):
        raise BookRefused("claims.evidence.path_in_name", name=shown(name))
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise BookRefused("claims.evidence.ending", name=shown(name))
    return ending


def check_content(path: Path, *, name: str) -> None:
    """Raise BookRefused where a file is not what its ending says."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise BookRefused("claims.evidence.empty", name=shown(name))
    check = {".csv": _check_csv, ".xlsx": _check_workbook, ".parquet": _check_parquet}
    if not check[path.suffix](path, head, name):
        raise BookRefused("claims.evidence.lying_type", name=shown(name))


def check_can_seal(evidence: Evidence) -> None:
    """Raise NotInState unless the version was read and no later one is sealed."""
    if evidence.state != EvidenceState.READ:
        raise NotInState("claims.evidence.not_read")
    later = Evidence.objects.filter(
        case=evidence.case_id, version__gt=evidence.version, state=EvidenceState.SEALED
    )
    if later.exists():
        raise NotInState("claims.evidence.older")


def _check_csv(_: Path, head: bytes, __: str) -> bool:
    """Text of lines in an encoding that banks and platforms write, and no other format."""
    if filetype.guess(head) is not None or head.lstrip().startswith(TEXT_STARTS):
        return False
    return any(_is_text(head, encoding) for encoding in ENCODINGS)


def _is_text(head: bytes, encoding: str) -> bool:
    text = head.decode(encoding, errors="ignore")
    is_marked = head[:2] in (b"\xff\xfe", b"\xfe\xff")
    if is_marked != (encoding == "utf-16") or "\0" in text:
        return False
    # The head may end in the middle of a character: three bytes at most are lost.
    return len(text.encode(encoding, errors="ignore")) >= len(head) - 3


def _check_parquet(path: Path, head: bytes, _: str) -> bool:
    with path.open("rb") as file:
        file.seek(-4, 2)
        return head[:4] == b"PAR1" == file.read(4)


def _check_workbook(path: Path, head: bytes, name: str) -> bool:
    """A workbook whose parts are what its directory says, and unpack to what is held."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            if "xl/workbook.xml" not in packed.namelist():
                return False
            _check_unpacked(packed, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return False
    return True


def _check_unpacked(packed: zipfile.ZipFile, name: str) -> None:
    """Raise BookRefused for a bomb; sizes are counted, because a directory can lie."""
    size = sum(part.file_size for part in packed.infolist())
    if size <= LARGEST_UNPACKED:
        size = sum(_unpacked_size(packed, part) for part in packed.infolist())
    if size > LARGEST_UNPACKED:
        raise BookRefused(
            "claims.evidence.bomb",
            name=shown(name),
            size=size // MEGABYTE,
            most=LARGEST_UNPACKED // MEGABYTE,
        )


def _unpacked_size(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Bytes of one part, read to its end; BadZipFile where the sum does not hold."""
    with packed.open(part) as file:
        return sum(len(chunk) for chunk in iter(lambda: file.read(MEGABYTE), b""))

"""Which files are taken: what they are by their content, how large, how many, named how."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Protocol

import filetype

from zhipo.web.refusals import Declined

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
MOST_FILES = 10
LARGEST_FORM = MOST_FILES * LARGEST + MEGABYTE
HEAD = 8192
TYPES = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
}
"""Photos and scans. Nothing that is unpacked, so nothing that can swell or run."""

SAYS_NOTHING = frozenset({"", "application/octet-stream"})


class PaperRefused(Declined):
    """A file that is not taken: which one, why, what would be."""

    status = 422


class Upload(Protocol):
    """A file as the web server hands it over."""

    name: str | None
    size: int | None
    content_type: str | None
    file: IO[bytes]


@dataclass(frozen=True)
class Accepted:
    """What a file was found to be."""

    content_type: str
    suffix: str


def check_count(count: int) -> None:
    """Raise PaperRefused for more files than one claim may have."""
    if count > MOST_FILES:
        raise PaperRefused("claims.paper.too_many", count=count, most=MOST_FILES)


def check_paper(upload: Upload) -> Accepted:
    """What the file is. Raises PaperRefused with the file's name and the reason.

    Three witnesses must agree: the first bytes, the ending of the name, and the type that
    the browser named (unless it named none).
    """
    name = upload.name or ""
    if _is_path(name):
        raise PaperRefused("claims.paper.path_in_name", name=shown(name))
    if not upload.size:
        raise PaperRefused("claims.paper.empty", name=shown(name))
    if upload.size > LARGEST:
        size = upload.size // MEGABYTE
        raise PaperRefused("claims.paper.too_large", name=shown(name), size=size)
    found = _type_of(upload.file)
    if found not in TYPES:
        raise PaperRefused("claims.paper.wrong_type", name=shown(name))
    suffix = PurePath(name).suffix.lower()
    declared = (upload.content_type or "").partition(";")[0].strip().lower()
    is_named = suffix in TYPES[found]
    is_declared = declared in SAYS_NOTHING or declared in _names_of(found)
    if not is_named or not is_declared:
        raise PaperRefused("claims.paper.lying_type", name=shown(name), found=found)
    return Accepted(found, TYPES[found][0])


def shown(name: str) -> str:
    """A file's name as it may be printed: short, one line, no control characters."""
    clean = "".join(one for one in name if one.isprintable())
    return clean if len(clean) <= 60 else f"{clean[:40]}…{clean[-16:]}"


def _is_path(name: str) -> bool:
    is_odd = any(not one.isprintable() for one in name)
    return is_odd or not name or any(mark in name for mark in ("/", "\\", ":", ".."))


def _type_of(file: IO[bytes]) -> str:
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    kind = filetype.guess(head)
    return str(kind.mime) if kind is not None else ""


def _names_of(content_type: str) -> frozenset[str]:
    """The names browsers use for a type."""
    others = {"image/jpeg": {"image/jpg", "image/pjpeg"}, "image/heic": {"image/heif"}}
    return frozenset({content_type, *others.get(content_type, ())})

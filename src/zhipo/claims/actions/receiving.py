"""Files coming in: streamed into a folder of ours under names of ours, hashed, checked."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from zhipo.claims.policies.books import (
    ENDINGS,
    LARGEST_UPLOAD,
    MEGABYTE,
    MOST_FILES,
    BookRefused,
    check_content,
    ending_of,
)
from zhipo.claims.policies.papers import shown

BOOKS = "books"
HOLDERS = "holders"
MAPPING = "mapping.yaml"
LARGEST_MAPPING = MEGABYTE // 4


class Incoming(Protocol):
    """A file under way: Django's uploads are such, and `InboxFile`."""

    @property
    def name(self) -> str | None: ...

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]: ...


@dataclass(frozen=True)
class InboxFile:
    """A file that lies on this machine already."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            yield from iter(lambda: file.read(chunk_size or MEGABYTE), b"")


@dataclass(frozen=True)
class Handed:
    """What is handed in as one version: books, perhaps the list of users, a mapping."""

    books: Sequence[Incoming]
    holders: Incoming | None = None
    mapping: Incoming | None = None
    most_bytes: int | None = LARGEST_UPLOAD


def from_inbox(name: str) -> Handed:
    """The files of a folder below ZHIPO_HOME/inbox. Raises BookRefused.

    `holders.*` is the list of users, `mapping.yaml` a mapping; what else has an ending
    of ours is books, in the folder or in its `books`.
    """
    inbox = (settings.ENVIRONMENT.home / "inbox").resolve()
    folder = (inbox / name).resolve()
    if folder == inbox or not folder.is_relative_to(inbox) or not folder.is_dir():
        raise BookRefused("claims.evidence.no_folder", name=shown(name))
    found = sorted(
        path
        for place in (folder, folder / BOOKS)
        for path in place.glob("*")
        if path.suffix.lower() in ENDINGS and _is_inside(path, inbox)
    )
    holders = next((path for path in found if path.stem.lower() == HOLDERS), None)
    mapping = folder / MAPPING
    return Handed(
        [InboxFile(path) for path in found if path != holders],
        InboxFile(holders) if holders is not None else None,
        InboxFile(mapping) if _is_inside(mapping, inbox) else None,
        most_bytes=None,
    )


@contextmanager
def received(handed: Handed, *, below: Path) -> Iterator[tuple[Path, list[dict[str, Any]]]]:
    """A new folder below `below` with the files, and what was received.

    The folder stays only if the block ends well. Raises BookRefused.
    """
    if not handed.books:
        raise BookRefused("claims.evidence.nothing")
    if len(handed.books) > MOST_FILES:
        raise BookRefused(
            "claims.evidence.too_many", count=len(handed.books), most=MOST_FILES
        )
    below.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="version-", dir=below))
    try:
        yield folder, _receive(handed, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _receive(handed: Handed, folder: Path) -> list[dict[str, Any]]:
    room = _Room(handed.most_bytes)
    (folder / BOOKS).mkdir(mode=0o700)
    entries = []
    for number, book in enumerate(handed.books, start=1):
        target = folder / BOOKS / f"{number:04d}{ending_of(book.name or '')}"
        entries.append(_take(book, target, room, part=BOOKS))
    if handed.holders is not None:
        target = folder / f"{HOLDERS}{ending_of(handed.holders.name or '')}"
        entries.append(_take(handed.holders, target, room, part=HOLDERS))
    if handed.mapping is not None:
        room.left = LARGEST_MAPPING
        entries.append(_take(handed.mapping, folder / MAPPING, room, part="mapping"))
    return entries


@dataclass
class _Room:
    """How many bytes may still come; None: whatever the disk holds."""

    left: int | None

    def take(self, size: int, name: str) -> None:
        if self.left is None:
            return
        self.left -= size
        if self.left < 0:
            most = LARGEST_UPLOAD // MEGABYTE
            raise BookRefused("claims.evidence.too_large", name=shown(name), most=most)


def _take(incoming: Incoming, target: Path, room: _Room, *, part: str) -> dict[str, Any]:
    """Write one file, hashing what is written, and check what it is."""
    name = incoming.name or ""
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        target.chmod(0o600)
        for chunk in incoming.chunks():
            size += len(chunk)
            room.take(len(chunk), name)
            digest.update(chunk)
            file.write(chunk)
    if part != "mapping":
        check_content(target, name=name)
    return {
        "part": part,
        "name": shown(name),
        "file": target.name,
        "size": size,
        "sha256": digest.hexdigest(),
    }


def _is_inside(path: Path, inbox: Path) -> bool:
    """A file whose real place is below the inbox: no link leads out of it."""
    return path.is_file() and path.resolve().is_relative_to(inbox)

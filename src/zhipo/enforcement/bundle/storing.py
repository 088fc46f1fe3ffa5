"""The files of bundles on disk: whole or not at all, readable by the server alone."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from django.conf import settings

FOLDER = "bundles"
ENDING = "zhipo"


def below_files(path: str) -> Path:
    """Where a path of a row lies on disk."""
    return Path(settings.ENVIRONMENT.files) / path


def bundle_path(sha256: str) -> str:
    """Where a bundle is kept, below ENVIRONMENT.files: under its own digest."""
    return f"{FOLDER}/{sha256}.{ENDING}"


class Incoming:
    """A file on its way in: `sink` takes it, `keep` gives it its name."""

    def __init__(self, sink: IO[bytes], path: Path) -> None:
        self.sink = sink
        self.path = path

    def digest(self) -> str:
        """The SHA-256 of what has been written."""
        self.sink.flush()
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def keep(self, target: Path) -> None:
        """On disk before we say so, for the owner's eyes alone, never written again."""
        self.sink.flush()
        os.fsync(self.sink.fileno())
        self.path.chmod(0o400)
        target.parent.mkdir(parents=True, exist_ok=True)
        self.path.replace(target)
        _sync_folder(target.parent)


@contextmanager
def incoming() -> Iterator[Incoming]:
    """A new file in the folder of bundles; gone at the end unless it was kept."""
    folder = below_files(FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".part-")
    try:
        with os.fdopen(descriptor, "wb") as sink:
            yield Incoming(sink, Path(name))
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()


def keep_content(chunks: Iterable[bytes], target: Path) -> None:
    """Put content where its digest says; what is there already stays."""
    if target.exists():
        return
    with incoming() as file:
        for chunk in chunks:
            file.sink.write(chunk)
        file.keep(target)


def _sync_folder(folder: Path) -> None:
    """So that the name survives a crash as the content does."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

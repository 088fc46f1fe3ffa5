"""Sealing: what a file is, byte for byte, before anything in it is believed."""

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from zhipo.engine.evidence.faults import fault
from zhipo.kernel.faults import refuse_if_any

CHUNK = 1 << 22
MARKS = {
    b"PAR1": "parquet",
    b"PK\x03\x04": "sheet",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "sheet",
}
BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
Tick = Callable[[int], None]


@dataclass(frozen=True)
class Seal:
    """One input: what it is called, its SHA-256, its bytes, and what they are."""

    path: Path
    name: str
    sha256: str
    size: int
    content: str
    encoding: str
    lines: int
    has_odd_line_ends: bool
    changed_ns: int


def seal(path: Path, name: str, *, encoding: str = "auto", tick: Tick) -> Seal:
    """Hash the file and find out what it is; Refused with the place otherwise."""
    try:
        if path.is_dir():
            refuse_if_any([fault(name, "is_directory")])
        changed_ns = path.stat().st_mtime_ns
        with path.open("rb") as file:
            head = file.read(CHUNK)
            if not head:
                refuse_if_any([fault(name, "empty_file")])
            content = next((MARKS[mark] for mark in MARKS if head.startswith(mark)), "text")
            chosen = _encoding(head, encoding) if content == "text" else ""
            file.seek(0)
            counted = _Counted(name, chosen)
            while chunk := file.read(CHUNK):
                counted.take(chunk)
                tick(len(chunk))
            if counted.encoding == "utf-8" and counted.broken_at and encoding == "auto":
                counted = _again(file, name, "gb18030", counted.broken_at)
            counted.finish()
    except OSError as error:
        refuse_if_any([fault(name, "unreadable_file", reason=error.strerror or error)])
    lines, odd = counted.lines + counted.has_tail, counted.has_odd_line_ends
    size, sha256 = counted.size, counted.digest.hexdigest()
    used = counted.encoding
    return Seal(path, name, sha256, size, content, used, lines, odd, changed_ns)


def _again(file: IO[bytes], name: str, encoding: str, why: str) -> "_Counted":
    file.seek(0)
    counted = _Counted(name, encoding, why)
    while chunk := file.read(CHUNK):
        counted.take(chunk)
    return counted


def _encoding(head: bytes, asked: str) -> str:
    """By its mark, by zero bytes at every other place, else UTF-8 until it breaks."""
    for mark, encoding in BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            return encoding
    if asked != "auto":
        return asked
    sample = head[:4096]
    for encoding, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(sample) > 3 and zeros.count(0) * 3 > len(zeros) and zeros.count(0) > 1:
            other = sample[::2] if encoding == "utf-16-le" else sample[1::2]
            if other.count(0) == 0:
                return encoding
    return "utf-8"


class _Counted:
    """One pass over the bytes: digest, lines, zero bytes, the first broken place."""

    def __init__(self, name: str, encoding: str, why: str = "") -> None:
        self.name, self.encoding, self.why = name, encoding, why
        self.digest = hashlib.sha256()
        self.size = self.lines = 0
        self.has_tail = self.has_odd_line_ends = False
        self.broken_at = ""
        self.zero_at = 0
        self.decoder = codecs.getincrementaldecoder(encoding)() if encoding else None
        self.last = ""

    def take(self, chunk: bytes) -> None:
        self.digest.update(chunk)
        self.size += len(chunk)
        if self.decoder is not None and not self.broken_at:
            self._take_text(chunk)

    def _take_text(self, chunk: bytes, *, final: bool = False) -> None:
        assert self.decoder is not None
        try:
            text = self.decoder.decode(chunk, final)
        except UnicodeDecodeError as error:
            self.broken_at = str(self.lines + 1 + error.object[: error.start].count(b"\n"))
            return
        if "\0" in text and not self.zero_at:
            self.zero_at = self.lines + 1 + text[: text.index("\0")].count("\n")
        joined = self.last + text
        ends = joined.count("\r\n")
        lone = joined.count("\r") - ends - joined.endswith("\r")
        self.has_odd_line_ends |= lone > 0
        self.lines += text.count("\n")
        if text:
            self.has_tail = not text.endswith("\n")
            self.last = "\r" if text.endswith("\r") else ""

    def finish(self) -> None:
        """Refuse zero bytes and what no encoding reads."""
        if self.decoder is None:
            return
        if not self.broken_at:
            self._take_text(b"", final=True)
        if self.zero_at:
            refuse_if_any([fault(self.name, "zero_byte", row=self.zero_at)])
        if self.broken_at:
            row = int(self.why or self.broken_at)
            refuse_if_any(
                [fault(self.name, "undecodable", row=row, encoding=self.encoding)]
            )

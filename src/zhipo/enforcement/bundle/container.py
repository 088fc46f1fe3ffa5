"""The file around the parts: a ZIP64 archive that can be written in one way only.

Parts are stored, not compressed, in the order in which they are given, without dates,
attributes or comments (APPNOTE.TXT 6.3.10, 4.3 and 4.5.3). So a reader can say of every
byte what it must be: what is in front, behind or between the parts is found, and a part
takes no more room in memory than on disk.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

CHUNK = 1 << 20
MOST_PARTS = 20_000
LONGEST_PATH = 200

LOCAL = struct.Struct("<IHHHHHIIIHH")
EXTRA = struct.Struct("<HHQQ")
CENTRAL_EXTRA = struct.Struct("<HHQQQ")
CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
END_64 = struct.Struct("<IQHHIIQQQQ")
LOCATOR = struct.Struct("<IIQI")
END = struct.Struct("<IHHHHIIH")
TAIL = END_64.size + LOCATOR.size + END.size

VERSION = 45  # 4.5: ZIP64
UTF_8 = 1 << 11
STORED = 0
FIRST_DAY = 33  # 1980-01-01, the earliest that the format knows
FULL_16, FULL_32 = 0xFFFF, 0xFFFFFFFF  # "see the ZIP64 field"
ZIP_64 = 1


class NotAContainer(ValueError):
    """The file is not written as a bundle is; the message names the place."""


@dataclass(frozen=True)
class Content:
    """One part to be written: its path inside, and the file or the bytes that it is."""

    path: str
    source: Path | bytes

    def chunks(self) -> Iterator[bytes]:
        if isinstance(self.source, bytes):
            yield self.source
            return
        with self.source.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk


@dataclass(frozen=True)
class Entry:
    """One part of a container: where its bytes begin, how many, their CRC-32."""

    path: str
    offset: int
    size: int
    crc: int

    @property
    def begins(self) -> int:
        """Where the content begins, after its header."""
        return self.offset + len(_local(self))

    @property
    def ends(self) -> int:
        return self.begins + self.size


def write_container(contents: list[Content], sink: IO[bytes]) -> None:
    """Write the parts; the same parts always give the same bytes.

    Each source is read twice, for its CRC stands before it: ValueError where it changed
    in between.
    """
    entries, offset = [], 0
    for content in contents:
        size, crc = _measured(content.chunks())
        entry = Entry(content.path, offset, size, crc)
        sink.write(_local(entry))
        if _copied(content, sink) != (size, crc):
            raise ValueError(f"{content.path} changed while it was read")
        entries.append(entry)
        offset = entry.ends
    directory = b"".join(_central(one) for one in entries)
    sink.write(directory + _tail(len(entries), len(directory), offset))


def read_container(path: Path) -> list[Entry]:
    """The parts of a container, in order. Raises NotAContainer, OSError.

    Every byte outside of the parts' content is compared with what it must be; whether the
    content has its CRC is left to whoever reads it (`chunks_of`).
    """
    length = path.stat().st_size
    with path.open("rb") as file:
        count, size, start = _end_of(file, length)
        file.seek(start)
        entries = _entries(file.read(size), count)
        _check_in_place(file, entries, start)
    return entries


def chunks_of(path: Path, entry: Entry) -> Iterator[bytes]:
    """The content of one part. Raises NotAContainer at its end if its CRC is not so."""
    left, crc = entry.size, 0
    with path.open("rb") as file:
        file.seek(entry.begins)
        while left:
            chunk = file.read(min(CHUNK, left))
            if not chunk:
                raise NotAContainer(f"{entry.path}: cut off")
            left, crc = left - len(chunk), zlib.crc32(chunk, crc)
            yield chunk
    if crc != entry.crc:
        raise NotAContainer(f"{entry.path}: checksum")


def content_of(path: Path, entry: Entry, *, limit: int) -> bytes:
    """The content of one part, whole. Raises NotAContainer beyond `limit` bytes."""
    if entry.size > limit:
        raise NotAContainer(f"{entry.path}: more than {limit} bytes")
    return b"".join(chunks_of(path, entry))


def _measured(chunks: Iterator[bytes]) -> tuple[int, int]:
    size = crc = 0
    for chunk in chunks:
        size, crc = size + len(chunk), zlib.crc32(chunk, crc)
    return size, crc


def _copied(content: Content, sink: IO[bytes]) -> tuple[int, int]:
    def copying() -> Iterator[bytes]:
        for chunk in content.chunks():
            sink.write(chunk)
            yield chunk

    return _measured(copying())


def _local(entry: Entry) -> bytes:
    name = entry.path.encode()
    fixed = LOCAL.pack(
        0x04034B50, VERSION, UTF_8, STORED, 0, FIRST_DAY, entry.crc, FULL_32, FULL_32,
        len(name), EXTRA.size,
    )  # fmt: skip
    return fixed + name + EXTRA.pack(ZIP_64, EXTRA.size - 4, entry.size, entry.size)


def _central(entry: Entry) -> bytes:
    name = entry.path.encode()
    fixed = CENTRAL.pack(
        0x02014B50, VERSION, VERSION, UTF_8, STORED, 0, FIRST_DAY, entry.crc, FULL_32,
        FULL_32, len(name), CENTRAL_EXTRA.size, 0, 0, 0, 0, FULL_32,
    )  # fmt: skip
    return (
        fixed
        + name
        + CENTRAL_EXTRA.pack(
            ZIP_64, CENTRAL_EXTRA.size - 4, entry.size, entry.size, entry.offset
        )
    )


def _tail(count: int, size: int, start: int) -> bytes:
    """The end of the archive, of a directory of `size` bytes at `start`."""
    return (
        END_64.pack(0x06064B50, END_64.size - 12, VERSION, VERSION, 0, 0, count, count,
                    size, start)
        + LOCATOR.pack(0x07064B50, 0, start + size, 1)
        + END.pack(0x06054B50, 0, 0, FULL_16, FULL_16, FULL_32, FULL_32, 0)
    )  # fmt: skip


def _end_of(file: IO[bytes], length: int) -> tuple[int, int, int]:
    """Number of parts, size and place of the directory, from the last bytes."""
    if length < TAIL:
        raise NotAContainer("too short")
    file.seek(length - TAIL)
    tail = file.read(TAIL)
    count, size, start = END_64.unpack(tail[: END_64.size])[-3:]
    if count > MOST_PARTS or start + size + TAIL != length:
        raise NotAContainer("end")
    if tail != _tail(count, size, start):
        raise NotAContainer("end")
    return count, size, start


def _entries(directory: bytes, count: int) -> list[Entry]:
    """The parts that the directory names, each compared with the way to write it."""
    entries, place = [], 0
    for number in range(count):
        entry = _entry_at(directory, place)
        written = b"" if entry is None else _central(entry)
        if entry is None or directory[place : place + len(written)] != written:
            raise NotAContainer(f"directory, entry {number + 1}")
        entries.append(entry)
        place += len(written)
    if place != len(directory):
        raise NotAContainer("directory")
    return entries


def _entry_at(directory: bytes, place: int) -> Entry | None:
    if len(directory) < place + CENTRAL.size:
        return None
    fields = CENTRAL.unpack_from(directory, place)
    crc, name_length = fields[7], fields[10]
    start, end = place + CENTRAL.size, place + CENTRAL.size + name_length
    if name_length > LONGEST_PATH or len(directory) < end + CENTRAL_EXTRA.size:
        return None
    _, _, size, _, offset = CENTRAL_EXTRA.unpack_from(directory, end)
    try:
        return Entry(directory[start:end].decode(), offset, size, crc)
    except UnicodeDecodeError:
        return None


def _check_in_place(file: IO[bytes], entries: list[Entry], start: int) -> None:
    """Each part follows the one before, header by header, up to the directory."""
    expected = 0
    for entry in entries:
        header = _local(entry)
        file.seek(expected)
        if entry.offset != expected or file.read(len(header)) != header:
            raise NotAContainer(f"{entry.path}: header")
        expected = entry.ends
        if expected > start:
            raise NotAContainer(f"{entry.path}: size")
    if expected != start:
        raise NotAContainer("between the parts and the directory")

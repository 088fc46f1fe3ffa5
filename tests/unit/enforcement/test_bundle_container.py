"""A container is written in one way: every other byte is found, every ZIP tool reads it."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhipo.enforcement.bundle.container import (
    Content,
    NotAContainer,
    content_of,
    read_container,
    write_container,
)

CONTENTS = [Content("manifest.json", b"{}"), Content("files/a.bin", bytes(range(200)))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(CONTENTS, tmp_path / "a.zip")


def written(contents: list[Content], path: Path) -> Path:
    with path.open("wb") as sink:
        write_container(contents, sink)
    return path


def read_whole(path: Path) -> dict[str, bytes]:
    return {one.path: content_of(path, one, limit=1 << 20) for one in read_container(path)}


def test_any_zip_tool_reads_it(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == read_whole(path)


def test_every_flipped_bit_is_found(path: Path) -> None:
    raw = path.read_bytes()

    missed = []
    for place in range(len(raw)):
        for bit in (0, 7):
            changed = bytearray(raw)
            changed[place] ^= 1 << bit
            path.write_bytes(changed)
            try:
                read_whole(path)
                missed.append(place)
            except NotAContainer:
                pass

    assert missed == []


@pytest.mark.parametrize("length", range(0, 600, 37))
def test_a_file_cut_off_is_refused(path: Path, length: int) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: min(length, len(raw) - 1)])

    with pytest.raises(NotAContainer):
        read_whole(path)


def test_bytes_before_between_and_behind_are_refused(path: Path) -> None:
    raw = path.read_bytes()
    directory = raw.index(b"PK\x01\x02")

    for changed in (
        b"x" + raw,
        raw + b"x",
        raw[:directory] + b"hidden" + raw[directory:],
    ):
        path.write_bytes(changed)
        with pytest.raises(NotAContainer):
            read_whole(path)


def test_an_archive_of_another_tool_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", "{}")

    with pytest.raises(NotAContainer):
        read_container(path)


def test_a_source_that_changes_while_it_is_written_is_not_sealed(tmp_path: Path) -> None:
    source = tmp_path / "growing.bin"
    source.write_bytes(b"before")

    class Growing(io.BytesIO):
        def write(self, data: object) -> int:
            source.write_bytes(b"after, and longer")
            return len(bytes(data))  # type: ignore[call-overload]

    with pytest.raises(ValueError, match="changed"):
        write_container([Content("files/a.bin", source)], Growing())


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    parts=st.dictionaries(
        st.from_regex(r"\A(files|records)/[a-z0-9]{1,20}\.[a-z]{1,5}\Z"),
        st.binary(max_size=300),
        max_size=6,
    )
)
def test_what_goes_in_comes_out_and_twice_gives_the_same_bytes(
    tmp_path: Path, parts: dict[str, bytes]
) -> None:
    contents = [Content(name, content) for name, content in parts.items()]

    first, second = (written(contents, tmp_path / name) for name in ("a", "b"))

    assert read_whole(first) == parts
    assert first.read_bytes() == second.read_bytes()

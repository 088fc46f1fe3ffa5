"""Whatever was done to a bundle on its way is named; what is untouched holds."""

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from unit.enforcement.sample_bundle import (
    BANK_KEY,
    KEY,
    LATER,
    NOON,
    directory,
    draft,
    history,
    property_row,
    referral_row,
    tables,
    write,
)
from zhipo.enforcement.bundle.assembling import Draft
from zhipo.enforcement.bundle.container import (
    Content,
    content_of,
    read_container,
    write_container,
)
from zhipo.enforcement.bundle.manifest import Manifest, canonical, sign
from zhipo.enforcement.bundle.reading import open_bundle
from zhipo.enforcement.bundle.tables import TABLES
from zhipo.enforcement.bundle.words import words
from zhipo.enforcement.states import Title
from zhipo.gateways.institutions.keys import new_private_key
from zhipo.kernel.faults import Fault, Refused

Parts = list[tuple[str, bytes]]
FIRST_FORMAT = Path(__file__).parent / "bundles" / "format_1.zhipo.zip"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(draft(tmp_path), tmp_path / "a.zhipo")


def faults_of(path: Path, **given: Any) -> list[Fault]:
    with pytest.raises(Refused) as refused:
        open_bundle(path, given.get("directory", directory()))
    return refused.value.faults


def codes_of(path: Path, **given: Any) -> set[str]:
    """Which sentences the faults are."""
    by_sentence = {words(key): key for key in wrongs()}
    return {by_sentence.get(one.message, one.message) for one in faults_of(path, **given)}


def wrongs() -> list[str]:
    plain = (
        "no_bundle", "doubled", "unsafe_path", "compressed", "container", "missing",
        "extra", "unknown", "order", "not_json", "not_canonical", "no_directory",
        "other_manifest", "unknown_key", "key_not_valid", "wrong_signature",
        "wrong_signer", "changed", "dangling", "other_file", "unused", "misnamed",
        "no_parquet", "rows", "not_one", "says_other",
    )  # fmt: skip
    return [f"wrong.{one}" for one in plain]


def parts_of(path: Path) -> Parts:
    return [
        (one.path, content_of(path, one, limit=1 << 24)) for one in read_container(path)
    ]


def rewrite(path: Path, change: Callable[[Parts], Parts]) -> Path:
    """The same bundle with other parts, in a container that is well written."""
    parts = change(parts_of(path))
    with path.open("wb") as sink:
        write_container([Content(name, content) for name, content in parts], sink)
    return path


def resign(path: Path, change: Callable[[dict[str, Any]], None], **how: Any) -> Path:
    """Another manifest under a good signature: what a lying sender could make."""

    def changing(parts: Parts) -> Parts:
        content = json.loads(dict(parts)["manifest.json"])
        change(content)
        manifest = Manifest.model_validate_json(canonical(content))
        signature = sign(manifest, key=how.get("key", KEY), at=how.get("at", NOON))
        own = [("manifest.json", manifest.to_bytes())]
        return [*own, ("signature.json", signature.to_bytes()), *parts[2:]]

    return rewrite(path, changing)


def test_an_untouched_bundle_opens_with_its_rows(path: Path) -> None:
    bundle = open_bundle(path, directory())

    assert bundle.debtor.name == "湘潭鲜享家电子商务有限公司"
    assert bundle.sheath.signer.party == "court-yuhu"
    assert bundle.tables == tables()
    assert b"".join(bundle.chunks(bundle.tables["histories"][0].path)) == history()


def test_the_same_rows_give_the_same_bytes_but_for_the_signature(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b")]
    for folder in folders:
        folder.mkdir()

    first, second = (write(draft(one), one / "x") for one in folders)
    later = write(draft(folders[0]), folders[0] / "later", at=LATER)

    assert first.read_bytes() == second.read_bytes()
    differing = [
        name
        for (name, a), (_, b) in zip(parts_of(first), parts_of(later), strict=True)
        if a != b
    ]
    assert differing == ["signature.json"]


def test_one_changed_byte_in_any_part_is_found(path: Path) -> None:
    raw = path.read_bytes()

    for entry in read_container(path):
        changed = bytearray(raw)
        changed[entry.begins + entry.size // 2] ^= 1
        path.write_bytes(changed)
        assert faults_of(path), entry.path


@pytest.mark.parametrize("number", range(len(tables()) + 2))
def test_content_exchanged_with_a_good_checksum_is_named(path: Path, number: int) -> None:
    name = parts_of(path)[2 + number][0]

    rewrite(path, lambda parts: [(n, c + b" " if n == name else c) for n, c in parts])

    assert [one.file for one in faults_of(path)] == [name]


def test_a_missing_part_is_named(path: Path) -> None:
    rewrite(path, lambda parts: [one for one in parts if "freezes" not in one[0]])

    (fault,) = faults_of(path)
    assert (fault.file, fault.message) == (
        "records/freezes.json",
        words("wrong.missing"),
    )


@pytest.mark.parametrize("name", ["manifest.json", "signature.json"])
def test_without_manifest_or_signature_nothing_is_read(path: Path, name: str) -> None:
    rewrite(path, lambda parts: [one for one in parts if one[0] != name])

    assert codes_of(path) == {"wrong.missing"}


def test_a_doubled_part_is_named(path: Path) -> None:
    rewrite(path, lambda parts: [*parts, parts[-1]])

    assert codes_of(path) == {"wrong.doubled"}


def test_an_extra_part_is_named(path: Path) -> None:
    rewrite(path, lambda parts: [*parts, ("files/extra.bin", b"x")])

    assert codes_of(path) == {"wrong.extra"}


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "files/../x.bin", "files\\x.bin", "x"]
)
def test_a_path_that_leaves_the_folder_is_named(path: Path, name: str) -> None:
    rewrite(path, lambda parts: [*parts, (name, b"x")])

    assert "wrong.unsafe_path" in codes_of(path)


def test_a_bomb_is_refused_unopened(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * (1 << 24))

    assert codes_of(path) == {"wrong.compressed"}


def test_a_part_moved_is_found(path: Path) -> None:
    rewrite(path, lambda parts: [*parts[:2], *reversed(parts[2:])])

    assert codes_of(path) == {"wrong.order"}


@pytest.mark.parametrize("content", [b"", b"PK", b"not a bundle at all" * 20])
def test_what_is_no_archive_is_named(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    assert codes_of(path) == {"wrong.no_bundle"}


@pytest.mark.parametrize("other", ["zhipo-bundle/0", "zhipo-bundle/3", "", None])
def test_another_version_is_named_before_anything_else(path: Path, other: Any) -> None:
    def older(parts: Parts) -> Parts:
        content = json.loads(parts[0][1]) | {"format": other}
        return [("manifest.json", canonical(content)), *parts[1:]]

    (fault,) = faults_of(rewrite(path, older))

    assert fault.message == words("wrong.other_format", format="zhipo-bundle/2")


def test_what_was_sealed_in_the_first_format_still_holds() -> None:
    """The file was made by the program as it was before the second format."""
    found = open_bundle(FIRST_FORMAT, directory())

    assert found.manifest.format == "zhipo-bundle/1"
    assert (found.tables["searches"], found.tables["candidates"]) == ((), ())
    assert found.debtor == tables()["debtors"][0]
    assert all(found.tables[one.name] == tables()[one.name] for one in TABLES)


@pytest.mark.parametrize("name", ["searches", "candidates"])
def test_a_new_bundle_does_without_none_of_its_tables(tmp_path: Path, name: str) -> None:
    whole = draft(tmp_path)
    path = f"records/{name}.json"
    parts = tuple(one for one in whole.manifest.parts if one.path != path)
    contents = tuple(one for one in whole.contents if one.path != path)
    fewer = Draft(whole.manifest.model_copy(update={"parts": parts}), contents)

    assert codes_of(write(fewer, tmp_path / "fewer")) == {"wrong.missing"}


def test_an_old_bundle_has_no_table_of_the_new_format(tmp_path: Path) -> None:
    whole = draft(tmp_path)
    older = whole.manifest.model_copy(update={"format": "zhipo-bundle/1"})

    assert codes_of(write(Draft(older, whole.contents), tmp_path / "old")) == {
        "wrong.unknown"
    }


def test_a_signature_is_of_its_manifests_format(tmp_path: Path) -> None:
    whole = draft(tmp_path)
    older = sign(whole.manifest.model_copy(update={"format": "zhipo-bundle/1"}),
                 key=KEY, at=NOON)  # fmt: skip
    path = tmp_path / "mixed"
    with path.open("wb") as sink:
        whole.write(older, sink)

    (fault,) = faults_of(path)
    assert fault.message == words("wrong.other_format", format="zhipo-bundle/2")


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"[" * 100_000, b"\xff\xfe"])
def test_a_manifest_that_is_none_is_named(path: Path, raw: bytes) -> None:
    rewrite(path, lambda parts: [("manifest.json", raw), *parts[1:]])

    assert codes_of(path) == {"wrong.not_json"}


def test_another_way_to_write_the_same_manifest_is_refused(path: Path) -> None:
    def spaced(parts: Parts) -> Parts:
        return [("manifest.json", parts[0][1][:-1] + b" \n"), *parts[1:]]

    assert codes_of(rewrite(path, spaced)) == {"wrong.not_canonical"}


def test_a_manifest_signed_by_nobody_is_refused(path: Path) -> None:
    def changed(parts: Parts) -> Parts:
        content = json.loads(parts[0][1]) | {"case_number": "（2025）湘0302执99号"}
        return [("manifest.json", canonical(content)), *parts[1:]]

    assert "wrong.other_manifest" in codes_of(rewrite(path, changed))


def test_a_forged_signature_is_refused(path: Path) -> None:
    stranger = new_private_key("court-yuhu", "court-yuhu-1")

    resign(path, lambda _: None, key=stranger)

    assert codes_of(path) == {"wrong.wrong_signature"}


def test_the_time_of_a_signature_is_signed_too(path: Path) -> None:
    def later(parts: Parts) -> Parts:
        content = json.loads(parts[1][1]) | {"signed_at": "2025-08-02T04:00:00Z"}
        return [parts[0], ("signature.json", canonical(content)), *parts[2:]]

    assert codes_of(rewrite(path, later)) == {"wrong.wrong_signature"}


def test_an_institutions_key_signs_no_bundle(path: Path) -> None:
    resign(path, lambda _: None, key=BANK_KEY)

    assert codes_of(path) == {"wrong.wrong_signer"}


def test_a_key_nobody_knows_and_one_that_has_ended_are_refused(path: Path) -> None:
    assert codes_of(path, directory=directory(until=NOON - timedelta(days=1))) == {
        "wrong.key_not_valid"
    }

    resign(path, lambda _: None, key=new_private_key("court-yuhu", "another"))
    assert codes_of(path) == {"wrong.unknown_key"}


def test_without_a_directory_nobody_is_believed(path: Path) -> None:
    assert codes_of(path, directory=None) == {"wrong.no_directory"}


def test_a_manifest_that_hides_a_gap_is_refused_though_signed(tmp_path: Path) -> None:
    gapped = tables() | {"consents": ()}
    path = write(draft(tmp_path, gapped), tmp_path / "a.zhipo")
    assert open_bundle(path, directory()).manifest.gaps[0].code == "item_2"

    resign(path, lambda content: content.update(gaps=[]))

    assert codes_of(path) == {"wrong.says_other"}


def refused_draft(made: Draft, path: Path) -> set[str]:
    return codes_of(write(made, path))


def test_references_to_nothing_are_named_with_row_and_field(tmp_path: Path) -> None:
    lost = property_row().model_copy(update={"institution": 99})
    path = write(draft(tmp_path, tables() | {"properties": (lost,)}), tmp_path / "a")

    (fault,) = faults_of(path)
    assert (fault.file, fault.row, fault.column) == (
        "records/properties.json", 1, "institution",
    )  # fmt: skip


def test_two_referrals_are_one_too_many(tmp_path: Path) -> None:
    second = referral_row().model_copy(update={"id": 42})
    made = draft(tmp_path, tables())
    both = canonical({
        "rows": [one.model_dump(mode="json") for one in (referral_row(), second)]
    })  # fmt: skip
    path = write(made, tmp_path / "a")

    assert "wrong.not_one" in codes_of(_with(path, "records/referrals.json", both))


def test_rows_out_of_order_are_refused(tmp_path: Path) -> None:
    rows = tables()["courts"][::-1]
    path = write(draft(tmp_path, tables() | {"courts": rows}), tmp_path / "a")

    assert codes_of(path) == {"wrong.order"}


def test_a_history_of_other_rows_or_none_is_refused(tmp_path: Path) -> None:
    row = tables()["histories"][0].model_copy(update={"rows": 3})
    path = write(draft(tmp_path, tables() | {"histories": (row,)}), tmp_path / "a")

    assert codes_of(path) == {"wrong.rows"}


def test_a_row_with_a_field_too_many_or_a_wrong_value_is_named(path: Path) -> None:
    rows = [property_row().model_dump(mode="json") | {"title": "mine", "more": 1}]

    faults = faults_of(_with(path, "records/properties.json", canonical({"rows": rows})))

    assert {(one.row, one.column) for one in faults} == {
        (1, "rows.title"), (1, "rows.more"),
    }  # fmt: skip


def test_what_is_thin_is_told_with_its_count_and_never_refused(tmp_path: Path) -> None:
    thin = tables() | {
        "properties": (property_row().model_copy(update={"title": Title.UNCHECKED}),)
    }
    path = write(draft(tmp_path, thin), tmp_path / "a")

    gaps = open_bundle(path, directory()).manifest.gaps

    assert [(one.code, one.count, one.status) for one in gaps] == [("unchecked", 1, "U")]


def _with(path: Path, name: str, content: bytes) -> Path:
    """The bundle with one part exchanged, signed anew."""
    rewrite(path, lambda parts: [(n, content if n == name else c) for n, c in parts])

    def told(manifest: dict[str, Any]) -> None:
        for part in manifest["parts"]:
            if part["path"] == name:
                part.update(size=len(content), sha256=sha256(content).hexdigest())

    return resign(path, told)

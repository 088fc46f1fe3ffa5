"""Opening a bundle: every byte, every part and every reference checked, without a database.

Each step rests on the one before, so that a faulty step ends the reading with all the
faults of that step; nothing of a bundle is believed before all steps are passed.
"""

import hashlib
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from zhipo.enforcement.bundle.container import (
    MOST_PARTS,
    Entry,
    NotAContainer,
    chunks_of,
    content_of,
    read_container,
)
from zhipo.enforcement.bundle.manifest import (
    FORMAT,
    FORMATS,
    MANIFEST,
    PATH,
    SIGNATURE,
    Manifest,
    Sealed,
    Signature,
)
from zhipo.enforcement.bundle.words import words
from zhipo.gateways.institutions.keys import Directory, Party
from zhipo.gateways.institutions.refusals import BadMessage
from zhipo.kernel.faults import Fault, refuse_if_any

MAX_MANIFEST = 32 << 20
MAX_SIGNATURE = 4 << 10
OWN = (MANIFEST, SIGNATURE)


@dataclass(frozen=True)
class Sheath:
    """A bundle whose container, manifest, signature and digests hold."""

    path: Path
    entries: dict[str, Entry]
    manifest: Manifest
    signature: Signature
    signer: Party

    def content(self, path: str, *, limit: int) -> bytes:
        """One part, whole. Raises NotAContainer beyond `limit` bytes."""
        return content_of(self.path, self.entries[path], limit=limit)


def open_sheath(path: Path, directory: Directory | None) -> Sheath:
    """Check everything but the tables. Raises Refused with every fault of the first step.

    Without a directory nobody can say whose signature it is: refused too.
    """
    refuse_if_any(_listing_faults(path))
    entries = _entries(path)
    refuse_if_any(_missing_first(entries))
    manifest, signature, raw = _manifest(path, entries)
    digest = hashlib.sha256(raw).hexdigest()
    signer, faults = _signer(signature, digest, manifest, directory)
    refuse_if_any([*faults, *_part_faults(path, entries, manifest)])
    assert signer is not None
    return Sheath(path, {one.path: one for one in entries}, manifest, signature, signer)


def wrong(part: str, code: str, value: object = "", **values: Any) -> Fault:
    """One fault: in which part, what is wrong, in the words of `wrong.<code>`."""
    return Fault(part, 0, "", str(value), words(f"wrong.{code}", **values))


def parsed(model: type[Sealed], content: bytes, part: str) -> tuple[Any, list[Fault]]:
    """A JSON part as its type, or what is wrong with it, place by place."""
    try:
        found = model.model_validate_json(content)
    except ValidationError as error:
        return None, [
            Fault(part, _row_of(one["loc"]), _place(one["loc"]), "", one["msg"])
            for one in error.errors(include_url=False, include_input=False)
        ]
    return found, []


def _listing_faults(path: Path) -> list[Fault]:
    """What a plain listing shows: other files than a bundle, and parts that lie."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        return [wrong(path.name, "no_bundle", type(error).__name__)]
    if len(found) > MOST_PARTS:
        return [wrong(path.name, "too_many", len(found), limit=MOST_PARTS)]
    names = Counter(one.filename for one in found)
    return [
        *(wrong(name, "doubled") for name, count in names.items() if count > 1),
        *(wrong(name, "unsafe_path") for name in names if not _is_safe(name)),
        *(
            wrong(one.filename, "compressed", f"{one.compress_size} → {one.file_size}")
            for one in found
            if one.compress_type != zipfile.ZIP_STORED
        ),
    ]


def _is_safe(name: str) -> bool:
    return name in OWN or PATH.fullmatch(name) is not None


def _entries(path: Path) -> list[Entry]:
    try:
        return read_container(path)
    except NotAContainer as error:
        refuse_if_any([wrong(path.name, "container", str(error))])
        raise


def _missing_first(entries: list[Entry]) -> list[Fault]:
    """Manifest and signature come first, so that a reader knows at once what it has."""
    names = [one.path for one in entries]
    missing = [wrong(name, "missing") for name in OWN if name not in names]
    if missing or names[:2] == list(OWN):
        return missing
    return [wrong(names[0], "order")]


def _manifest(path: Path, entries: list[Entry]) -> tuple[Manifest, Signature, bytes]:
    """Manifest and signature in their one way of writing, and the manifest's bytes."""
    raw, raw_signature = (
        _small(path, entry, limit)
        for entry, limit in zip(entries, (MAX_MANIFEST, MAX_SIGNATURE), strict=False)
    )
    refuse_if_any(_format_faults(raw))
    manifest, faults = parsed(Manifest, raw, MANIFEST)
    signature, more = parsed(Signature, raw_signature, SIGNATURE)
    refuse_if_any([*faults, *more])
    for content, found, part in (
        (raw, manifest, MANIFEST),
        (raw_signature, signature, SIGNATURE),
    ):
        if content != found.to_bytes():
            faults.append(wrong(part, "not_canonical"))
    refuse_if_any(faults)
    return manifest, signature, raw


def _small(path: Path, entry: Entry, limit: int) -> bytes:
    try:
        return content_of(path, entry, limit=limit)
    except NotAContainer as error:
        refuse_if_any([wrong(entry.path, "container", str(error))])
        raise


def _format_faults(raw: bytes) -> list[Fault]:
    """Another version is named as such, before its fields are found to differ."""
    try:
        told = json.loads(raw)["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return [wrong(MANIFEST, "not_json")]
    if told in FORMATS:
        return []
    return [wrong(MANIFEST, "other_format", str(told)[:40], format=FORMAT)]


def _signer(
    signature: Signature,
    manifest_sha256: str,
    manifest: Manifest,
    directory: Directory | None,
) -> tuple[Party | None, list[Fault]]:
    """Who signed, and whether that is the court that sends."""
    if directory is None:
        return None, [wrong(SIGNATURE, "no_directory")]
    if signature.format != manifest.format:
        told = wrong(SIGNATURE, "other_format", signature.format, format=manifest.format)
        return None, [told]
    if signature.manifest_sha256 != manifest_sha256:
        return None, [wrong(SIGNATURE, "other_manifest", signature.manifest_sha256)]
    try:
        party, key = directory.key(signature.key_id, at=signature.signed_at)
    except BadMessage as error:
        return None, [wrong(SIGNATURE, error.reason, signature.key_id)]
    if not signature.is_by(key):
        return None, [wrong(SIGNATURE, "wrong_signature", signature.key_id)]
    is_sender = party.role == "court" and party.party == manifest.sent_by.party
    return party, [] if is_sender else [wrong(SIGNATURE, "wrong_signer", party.name)]


def _part_faults(path: Path, entries: list[Entry], manifest: Manifest) -> list[Fault]:
    """The parts that are there are those that the manifest names, byte for byte."""
    named = {one.path: one for one in manifest.parts}
    found = {one.path: one for one in entries if one.path not in OWN}
    listed = [one.path for one in manifest.parts]
    faults = [wrong(MANIFEST, "doubled", part) for part in _twice(listed)]
    faults += [wrong(part, "missing") for part in named.keys() - found.keys()]
    faults += [wrong(part, "extra") for part in found.keys() - named.keys()]
    if not faults and (list(found) != listed or listed != sorted(listed)):
        faults = [wrong(MANIFEST, "order")]
    for part in sorted(named.keys() & found.keys()):
        faults += _digest_faults(path, found[part], named[part].size, named[part].sha256)
    return sorted(faults, key=lambda fault: fault.file)


def _digest_faults(path: Path, entry: Entry, size: int, sha256: str) -> list[Fault]:
    if entry.size != size:
        return [wrong(entry.path, "size", entry.size, size=size)]
    digest = hashlib.sha256()
    try:
        for chunk in chunks_of(path, entry):
            digest.update(chunk)
    except NotAContainer:
        return [wrong(entry.path, "changed")]
    return [] if digest.hexdigest() == sha256 else [wrong(entry.path, "changed")]


def _twice(names: list[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _row_of(place: tuple[int | str, ...]) -> int:
    """The row of a table counted as in a list, from 1; 0 for the part as a whole."""
    return next((one + 1 for one in place if isinstance(one, int)), 0)


def _place(place: tuple[int | str, ...]) -> str:
    return ".".join(str(one) for one in place if not isinstance(one, int))

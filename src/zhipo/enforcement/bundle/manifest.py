"""The first two parts of a bundle: what is in it, and who signed for that.

`manifest.json` names every other part with its digest; `signature.json` signs the digest
of the manifest. So one signature answers for every byte (docs/adr/0023).
"""

import base64
import hashlib
import json
import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from zhipo.gateways.institutions.keys import PrivateKey
from zhipo.gateways.institutions.messages import Digest, PartyId, Reference

FIRST: Final = "zhipo-bundle/1"
FORMAT: Final = "zhipo-bundle/2"
"""The format that is written; what each one added is said by `tables.TableKind.since`."""

FORMATS = (FIRST, FORMAT)
"""Those that are read: what was sealed once is verified for ever."""

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
RECORDS = "records"
FILES = "files"
PATH = re.compile(r"(records|files)/[0-9a-z_-]{1,80}\.[a-z0-9]{1,8}")
"""Where a part may be: two folders, small letters, nothing that leaves them."""


class Sealed(BaseModel):
    """What a bundle is made of: closed, frozen, nothing converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class MediaType(StrEnum):
    JSON = "application/json"
    PARQUET = "application/vnd.apache.parquet"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PDF = "application/pdf"
    ZIP = "application/zip"
    PNG = "image/png"
    JPEG = "image/jpeg"
    OTHER = "application/octet-stream"


PartPath = Annotated[str, StringConstraints(pattern=f"^{PATH.pattern}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300)]
ENDINGS: dict[str, MediaType] = {
    "json": MediaType.JSON,
    "parquet": MediaType.PARQUET,
    "docx": MediaType.DOCX,
    "xlsx": MediaType.XLSX,
    "pdf": MediaType.PDF,
    "zip": MediaType.ZIP,
    "png": MediaType.PNG,
    "jpg": MediaType.JPEG,
}


class Part(Sealed):
    """One part: where it is, how long, its digest, what it is and by which article.

    `item` is the number of the article's item under which it is handed over (1 to 6).
    """

    path: PartPath
    media_type: MediaType
    size: int = Field(ge=0)
    sha256: Digest
    what: Line
    cite: Line
    item: int = Field(ge=1, le=6)


class CourtNamed(Sealed):
    """A court by its name; `party` where the directory of keys has it."""

    name: Line
    party: PartyId | None


class DebtorNamed(Sealed):
    name: Line
    credit_code: str


class Gap(Sealed):
    """What the article asks for and the bundle lacks; never a ground to refuse.

    `code` names a sentence of phrases.yaml (`gap.<code>`), `count` how many rows lack it.
    """

    code: Reference
    item: int = Field(ge=1, le=6)
    count: int = Field(ge=1)
    rule: Reference
    cite: Line
    status: Literal["V1", "V2", "I", "P", "U"]


class Manifest(Sealed):
    """What is in a bundle, from which court to which, about whom.

    `source` is the sending installation's name for the debtor, the same in every version:
    with `sent_by` it says which rows of two versions are the same.
    """

    format: Literal["zhipo-bundle/1", "zhipo-bundle/2"] = FORMAT
    source: Reference
    sent_by: CourtNamed
    sent_to: CourtNamed
    debtor: DebtorNamed
    case_number: Line
    decided_on: date | None
    parts: tuple[Part, ...]
    gaps: tuple[Gap, ...]

    def to_bytes(self) -> bytes:
        """The manifest as it is signed: the same object always gives the same bytes."""
        return canonical(self.model_dump(mode="json"))

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.to_bytes()).hexdigest()


class Signature(Sealed):
    """Who signed a manifest, when, with which key of the directory (ADR 0017)."""

    format: Literal["zhipo-bundle/1", "zhipo-bundle/2"] = FORMAT
    suite: Literal["ed25519-sha256"] = "ed25519-sha256"
    key_id: Reference
    signed_at: AwareDatetime
    manifest_sha256: Digest
    signature: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{85}[AQgw]==$")
    ]  # 64 bytes in the one way to write them

    def to_bytes(self) -> bytes:
        return canonical(self.model_dump(mode="json"))

    def signed_text(self) -> bytes:
        """The lines that are signed, in UTF-8, each ended by a line feed."""
        written = self.model_dump(mode="json")
        names = ("format", "suite", "key_id", "signed_at", "manifest_sha256")
        return "".join(f"{written[name]}\n" for name in names).encode()

    def is_by(self, key: Ed25519PublicKey) -> bool:
        """Whether the owner of this key signed these very lines."""
        try:
            key.verify(base64.b64decode(self.signature), self.signed_text())
        except InvalidSignature:
            return False
        return True


def sign(manifest: Manifest, *, key: PrivateKey, at: datetime) -> Signature:
    """A court's signature under a manifest."""
    unsigned = Signature(
        format=manifest.format,
        key_id=key.key_id,
        signed_at=at.astimezone(UTC).replace(microsecond=0),
        manifest_sha256=manifest.sha256,
        signature=base64.b64encode(bytes(64)).decode(),
    )
    written = base64.b64encode(key.sign(unsigned.signed_text())).decode()
    return unsigned.model_copy(update={"signature": written})


def canonical(content: object) -> bytes:
    """JSON in the one way in which a bundle writes it: keys sorted, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def file_path(sha256: str, ending: str) -> str:
    """Where a file is inside: under its digest, so that one file is there once."""
    return f"{FILES}/{sha256}.{ending}"

"""What the API takes and gives. Amounts are whole fen; times are ISO 8601 with offset."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints

from zhipo.claims.states import ClaimKind
from zhipo.portals.api.problems import ProblemBody

LARGEST_FEN = 10**13  # a hundred thousand million yuan; no claim of a case is larger
ROWS_AT_ONCE = 100
PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"


def _only_text(value: Any) -> Any:
    """Days are written out: a number is not read as seconds since 1970."""
    if not isinstance(value, str):
        raise ValueError("text")
    return value


Fen = Annotated[int, Field(strict=True, gt=0, le=LARGEST_FEN)]
FenOrNone = Annotated[int, Field(strict=True, ge=0, le=LARGEST_FEN)]
Day = Annotated[date, BeforeValidator(_only_text)]
Reference = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,30}$")]
HolderId = Annotated[str, Field(min_length=1, max_length=80, pattern=PRINTABLE)]
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=100, pattern=PRINTABLE
    ),
]
Text = Annotated[str, Field(max_length=2_000, pattern=PRINTABLE)]


class FilableKind(StrEnum):
    """Who may file: employees need not, the administrator lists them (EBL 48.2)."""

    CONSUMER = ClaimKind.CONSUMER
    SUPPLIER = ClaimKind.SUPPLIER
    PLATFORM = ClaimKind.PLATFORM
    BANK = ClaimKind.BANK
    SECURED = ClaimKind.SECURED
    SOCIAL_TAX = ClaimKind.SOCIAL_TAX


class CaseOut(Schema):
    """A case, and the roles in which the token's person stands in it."""

    slug: str
    number: str
    debtor: str
    brand: str
    phase: str
    court: str
    administrator: str
    accepted_on: date
    published_on: date | None
    filing_until: date | None
    meeting_on: date | None
    checked_on: date | None
    confirmed_on: date | None
    roles: list[str]


class CasePage(Schema):
    items: list[CaseOut]


class ClaimOut(Schema):
    """A claim; the claimant is masked."""

    id: int
    number: str
    kind: str
    state: str
    claimant: str
    id_no: str
    claimed_fen: int
    ledger_fen: int | None
    set_off_fen: int
    admitted_fen: int | None
    confirmed_fen: int | None
    decision: str
    reasons: list[str]
    rules: list[str]
    filed_at: datetime | None
    filed_through: str
    receipt: str
    is_late: bool
    is_disputed: bool
    identity: str


class ClaimPage(Schema):
    """`next` is the cursor of the page that follows, null on the last."""

    items: list[ClaimOut]
    next: str | None


class PaperClaim(Schema):
    """A claim that came on paper: of an account in the books, or of somebody else.

    Either `holder_id`, or `kind` and `claimant`, and for a firm its `credit_code`
    (统一社会信用代码). `reference` is the sender's own number:
    the same one again is the same claim. The day on which the paper was handed in or
    posted decides whether it is late.
    """

    model_config = ConfigDict(extra="forbid")

    reference: Reference
    received_on: Day
    received_through: Literal["counter", "post", "api"] = "post"
    holder_id: HolderId | None = None
    kind: FilableKind | None = None
    claimant: Name | None = None
    credit_code: Annotated[str, Field(max_length=18, pattern=PRINTABLE)] = ""
    claimed_fen: Fen
    set_off_fen: FenOrNone = 0
    statement: Text = ""


class PaperClaims(Schema):
    """Several at once: each row stands or falls alone."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[PaperClaim], Field(min_length=1, max_length=ROWS_AT_ONCE)]


class RowResult(Schema):
    """What became of one row: a claim, or the problem that kept it from being one."""

    row: int
    claim: ClaimOut | None = None
    problem: ProblemBody | None = None


class Results(Schema):
    filed: int
    refused: int
    results: list[RowResult]


class RegisterRow(Schema):
    """A line of the register 债权表; claimant and identity number are masked."""

    number: str
    heading: str
    kind: str
    state: str
    claimant: str
    id_no: str
    claimed_fen: int
    admitted_fen: int | None
    confirmed_fen: int | None
    reserved_fen: int


class RegisterPage(Schema):
    items: list[RegisterRow]
    next: str | None


class EvidenceOut(Schema):
    """One version of the books: `progress` while it is read, `faults` where refused."""

    id: int
    version: int
    state: str
    read_as: str
    uploaded_at: datetime
    sealed_at: datetime | None
    ledger_sha256: str
    progress: dict[str, Any]
    faults: list[dict[str, Any]]


class EvidencePage(Schema):
    items: list[EvidenceOut]


class EventOut(Schema):
    """An entry of the case's audit chain: no names, `detail` holds counts, sums, states."""

    position: int
    at: datetime
    event: str
    role: str
    subject: str
    detail: dict[str, Any]
    hash: str


class EventPage(Schema):
    """`next` is what to ask `after` the next time; positions have no gaps."""

    items: list[EventOut]
    next: int


class Health(Schema):
    database: str

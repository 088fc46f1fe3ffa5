"""What every row has in common: its key, references to others, digests of files."""

from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field, StringConstraints

from zhipo.enforcement.bundle.manifest import Sealed

Key = Annotated[int, Field(ge=1)]
"""The sending installation's own number of a row; means nothing outside of its bundles."""

MAX_FEN = 2**63 - 1
Fen = Annotated[int, Field(ge=-MAX_FEN, le=MAX_FEN)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class To:
    """Marks a field as the key of a row of another table."""

    table: str


@dataclass(frozen=True)
class OfFile:
    """Marks a field as the path of a part; `digest` is the row's field that says which."""

    digest: str = "sha256"


Inside = Annotated[str, StringConstraints(pattern=r"^files/[0-9a-f]{64}\.[a-z0-9]{1,8}$")]
FilePath = Annotated[Inside, OfFile()]
EvidencePath = Annotated[Inside, OfFile("evidence_sha256")]
CourtKey = Annotated[Key, To("courts")]
PersonKey = Annotated[Key, To("people")]
DocumentKey = Annotated[Key, To("documents")]
DebtorKey = Annotated[Key, To("debtors")]
CaseKey = Annotated[Key, To("cases")]
InstitutionKey = Annotated[Key, To("institutions")]
OrderKey = Annotated[Key, To("orders")]
PropertyKey = Annotated[Key, To("properties")]
FreezeKey = Annotated[Key, To("freezes")]
ReferralKey = Annotated[Key, To("referrals")]
ProceedsKey = Annotated[Key, To("proceeds")]
ReportKey = Annotated[Key, To("reports")]
ClosingKey = Annotated[Key, To("closings")]
ItemKey = Annotated[Key, To("reported_items")]
DealingKey = Annotated[Key, To("dealings")]
SearchKey = Annotated[Key, To("searches")]


class Row(Sealed):
    """One row of a table; `id` is its name in this bundle and its later versions."""

    id: Key


R = TypeVar("R", bound=Row)


class Table(Sealed, Generic[R]):
    """All rows of one kind, by rising id."""

    rows: tuple[R, ...]


def references_of(row_type: type[Row]) -> dict[str, str]:
    """Field -> the table in which its key must be found."""
    return {name: mark.table for name, mark in _marks(row_type) if isinstance(mark, To)}


def file_fields_of(row_type: type[Row]) -> dict[str, str]:
    """The fields that name a part of the bundle -> those that have its digest."""
    marks = _marks(row_type)
    return {name: mark.digest for name, mark in marks if isinstance(mark, OfFile)}


def _marks(row_type: type[Row]) -> list[tuple[str, Any]]:
    """Every mark on a field, also inside of `X | None`."""
    found = []
    for name, field in row_type.model_fields.items():
        inner = getattr(field.annotation, "__args__", ())
        of_parts = (getattr(one, "__metadata__", ()) for one in inner)
        marks = [*field.metadata, *(mark for one in of_parts for mark in one)]
        found += [(name, mark) for mark in marks]
    return found

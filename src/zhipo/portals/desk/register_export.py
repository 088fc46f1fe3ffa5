"""The register as a file: for the meeting masked, for the court whole; XLSX or DOCX."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO

from zhipo.accounts.models import User
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.actions.progress import no_telling
from zhipo.claims.actions.unmasking import unmask_register
from zhipo.portals.desk.columns import Column
from zhipo.portals.desk.exports import SPOOLED, Sheet, write_workbook
from zhipo.portals.desk.lists import ON_REGISTER, REGISTER
from zhipo.portals.desk.people import whole
from zhipo.portals.desk.register_document import register_document
from zhipo.portals.desk.register_entries import Entries
from zhipo.web.words import say

VERSIONS, ENDINGS = ("meeting", "court"), ("xlsx", "docx")
COURT = "court"
COURT_COLUMNS = [
    Column("name", lambda row: whole(row).name),
    Column("id_no", lambda row: whole(row).id_no),
]


@dataclass(frozen=True)
class RegisterOrder:
    """For whom the register is, as what file, in which language its words are."""

    version: str
    ending: str
    lang: str

    @property
    def is_for_court(self) -> bool:
        return self.version == COURT


def unmasked(case: Case, order: RegisterOrder, *, by: User) -> None:
    """Check the power to export; whole names are on record. Raises NotAllowed."""
    if order.is_for_court:
        unmask_register(case_id=case.pk, by=by)
    else:
        check_power(case, Act.EXPORT_REGISTER, by)


def register_file(
    case: Case,
    order: RegisterOrder,
    *,
    told: Callable[[int, int], None] = no_telling,
    made_at: datetime | None = None,
) -> IO[bytes]:
    """The file, open at its beginning; `told` hears how many entries are written."""
    if order.ending == "docx":
        return register_document(case, is_for_court=order.is_for_court, told=told)
    file: IO[bytes] = SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115
    write_workbook(file, _sheets(case, order, told), made_at=made_at)
    file.seek(0)
    return file


def _sheets(
    case: Case, order: RegisterOrder, told: Callable[[int, int], None]
) -> Iterator[Sheet]:
    """A sheet for each heading, in the register's order."""
    columns = [REGISTER[key] for key in ON_REGISTER if key not in ("heading", "name")]
    columns[1:1] = COURT_COLUMNS if order.is_for_court else [REGISTER["name"]]
    entries = Entries(case, told)
    for one in entries.headings:
        yield say(f"desk.class.{one.name}"), columns, entries.under(one.name)

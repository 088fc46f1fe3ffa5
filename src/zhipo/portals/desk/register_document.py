"""The register as a document in Chinese: the whole template stands in documents/."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from django.utils import timezone
from docxtpl import DocxTemplate

from zhipo.cases.models import Case
from zhipo.claims.actions.progress import no_telling
from zhipo.kernel.money import yuan_text
from zhipo.portals.desk.exports import SPOOLED
from zhipo.portals.desk.people import masked, whole
from zhipo.portals.desk.register_entries import Entries
from zhipo.web.words import say

TEMPLATE = Path(__file__).with_name("documents") / "register.docx"


def register_document(
    case: Case, *, is_for_court: bool, told: Callable[[int, int], None] = no_telling
) -> IO[bytes]:
    """The register by heading, every claim with its note; names whole for the court."""
    document = DocxTemplate(TEMPLATE)
    document.render(
        {
            "number": case.number,
            "debtor": case.debtor,
            "edition": _zh(
                "desk.register.court" if is_for_court else "desk.register.meeting"
            ),
            "made_on": f"{timezone.localdate():%Y年%m月%d日}",
            "administrator": case.administrator.name,
            "parts": list(_parts(Entries(case, told), is_for_court=is_for_court)),
        },
        autoescape=True,
    )
    file = tempfile.SpooledTemporaryFile(max_size=SPOOLED)  # noqa: SIM115  the caller's
    document.save(file)
    file.seek(0)
    return file


def _parts(entries: Entries, *, is_for_court: bool) -> Iterator[dict[str, Any]]:
    for one in entries.headings:
        yield {
            "title": _zh(f"desk.class.{one.name}"),
            "count": one.count,
            "claimed": yuan_text(one.claimed_fen),
            "admitted": yuan_text(one.admitted_fen),
            "reserved": yuan_text(one.reserved_fen),
            "rows": (_row(claim, is_for_court) for claim in entries.under(one.name)),
        }


def _row(claim: Any, is_for_court: bool) -> dict[str, str]:
    person = whole(claim) if is_for_court else masked(claim)
    return {
        "number": claim.number,
        "name": f"{person.name} {person.id_no}".strip() if is_for_court else person.name,
        "claimed": yuan_text(claim.claimed_fen),
        "listed": yuan_text(claim.listed_fen),
        "reserved": yuan_text(claim.reserved_fen),
        "state": _zh(f"claims.state.{claim.state}"),
        "note": _zh("desk.late") if claim.is_late else "",
    }


def _zh(key: str) -> str:
    """The document is Chinese, whatever language its reader's pages are in."""
    return say(key, lang="zh")

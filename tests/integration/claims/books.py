"""The generated case as somebody hands it in; files for tests of the books."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhipo.claims.actions.evidence import read_evidence, seal_evidence, upload_evidence
from zhipo.claims.actions.prefilling import prefill_claims
from zhipo.claims.actions.receiving import Handed, InboxFile
from zhipo.claims.models import Evidence

HEADER = ("流水号", "会员号", "时间", "类型", "金额(元)")
CONSUMERS = 200


@dataclass(frozen=True)
class Sent:
    """A file as a browser sends it."""

    name: str
    content: bytes

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from (self.content[i : i + 7_000] for i in range(0, len(self.content), 7_000))


def csv_of(rows: Iterable[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue().encode()


def event(number: int, member: str, yuan: str, kind: str = "充值") -> tuple[str, ...]:
    return (f"{number:06d}", member, "2025-03-01T10:00:00", kind, yuan)


def book(*rows: tuple[str, ...], name: str = "books.csv") -> Sent:
    return Sent(name, csv_of(rows))


def users(*rows: tuple[str, ...]) -> Sent:
    header = ("holder_id", "name", "id_no", "phone", "payer_account")
    return Sent("holders.csv", csv_of(rows, header))


def generated(folder: Path) -> Handed:
    """The demo's books and list of users."""
    books = [InboxFile(path) for path in sorted((folder / "books").iterdir())]
    return Handed(books, InboxFile(folder / "holders.csv"))


def upload(case: Any, by: Any, *books: Sent, **more: Any) -> Evidence:
    """Hand in files as version after version; each call is another form."""
    count = Evidence.objects.filter(case=case).count()
    return upload_evidence(
        case_id=case.pk,
        handed=more.pop("handed", None) or Handed(books, **more),
        read_as="xianxiangjia",
        form_key=f"form-{count}",
        by=by,
    )


def taken_in(case: Any, by: Any, *books: Sent, **more: Any) -> Evidence:
    """Handed in, read, sealed, claims pre-filled: what worker and lead do in a minute."""
    evidence = upload(case, by, *books, **more)
    read_evidence(evidence_id=evidence.pk)
    seal_evidence(evidence_id=evidence.pk, by=by)
    prefill_claims(case_id=case.pk)
    evidence.refresh_from_db()
    return evidence

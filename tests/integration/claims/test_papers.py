"""Papers: taken by their content, refused with a reason, never half kept."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from factories import make_case, make_claim, make_creditor, make_holder
from zhipo.audit.models import Entry
from zhipo.claims.actions import papers
from zhipo.claims.models import Claim, Paper
from zhipo.claims.policies.papers import LARGEST, PaperRefused
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 64
PDF = b"%PDF-1.7\n" + b"0" * 64
ZIP = b"PK\x03\x04" + b"\x00" * 64
PHONE = "+8613800138000"


def upload(name: str, content: bytes, declared: str = "") -> Any:
    return SimpleUploadedFile(name, content, content_type=declared)


class Raw:
    """An upload as another door (the API) may hand it over, its name uncut."""

    def __init__(self, name: str, size: int = len(JPEG)) -> None:
        self.name, self.size, self.content_type = name, size, "image/jpeg"
        self.file = BytesIO(JPEG)


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)


@pytest.fixture
def person() -> Any:
    return make_creditor(PHONE)


@pytest.fixture
def claim(person: Any) -> Claim:
    case = make_case()
    return make_claim(case, make_holder(case, PHONE), creditor=person, state="filed")


def kept_files(claim: Claim) -> list[Path]:
    return list((Path(settings.ENVIRONMENT.files) / "papers" / claim.case.slug).glob("*"))


def test_photo_is_kept_under_a_name_of_ours(claim: Claim, person: Any) -> None:
    files = [upload("付款.jpg", JPEG, "image/jpeg"), upload("合同.pdf", PDF)]

    kept = papers.add_papers(claim_id=claim.pk, uploads=files, kind="photo", by=person)

    assert [paper.name for paper in Paper.objects.order_by("pk")] == [
        "付款.jpg",
        "合同.pdf",
    ]
    assert papers.path_of(kept[0]).read_bytes() == JPEG
    assert papers.path_of(kept[0]).stat().st_mode & 0o777 == 0o600
    assert "付款" not in kept[0].path
    assert Entry.objects.get(event="paper_added").detail["count"] == 2


def test_same_file_again_is_not_doubled(claim: Claim, person: Any) -> None:
    for _ in range(2):
        file = upload("付款.jpg", JPEG)
        papers.add_papers(claim_id=claim.pk, uploads=[file], kind="photo", by=person)

    assert Paper.objects.count() == 1
    assert len(kept_files(claim)) == 1


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (upload("bomb.zip", ZIP, "application/zip"), "wrong_type"),
        (upload("photo.jpg", ZIP, "image/jpeg"), "wrong_type"),
        (upload("photo.jpg", b"<svg onload=alert(1)>", "image/jpeg"), "wrong_type"),
        (upload("photo.pdf", JPEG, "application/pdf"), "lying_type"),
        (upload("photo.jpg", JPEG, "text/html"), "lying_type"),
        (upload("photo.jpg.html", JPEG, "image/jpeg"), "lying_type"),
        (upload("leer.jpg", b"", "image/jpeg"), "empty"),
        (Raw("../../etc/passwd.jpg"), "path_in_name"),
        (Raw("C:\\photo.jpg"), "path_in_name"),
        (Raw("photo\x00.jpg"), "path_in_name"),
        (Raw("big.jpg", size=LARGEST + 1), "too_large"),
    ],
)
def test_what_is_no_photo_or_pdf_is_refused_whole(
    file: Any, reason: str, claim: Claim, person: Any
) -> None:
    files = [upload("gut.jpg", JPEG), file]

    with pytest.raises(PaperRefused) as refused:
        papers.add_papers(claim_id=claim.pk, uploads=files, kind="photo", by=person)

    assert refused.value.key == f"claims.paper.{reason}"
    assert refused.value.sentence
    assert not Paper.objects.exists()
    assert not kept_files(claim)


def test_eleventh_file_is_refused(claim: Claim, person: Any) -> None:
    files = [upload(f"{number}.jpg", JPEG + bytes([number])) for number in range(11)]

    with pytest.raises(PaperRefused):
        papers.add_papers(claim_id=claim.pk, uploads=files, kind="photo", by=person)

    assert not Paper.objects.exists()


def test_papers_of_a_stranger_and_on_a_settled_claim_are_refused(
    claim: Claim, person: Any
) -> None:
    how = {"uploads": [upload("a.jpg", JPEG)], "kind": "photo"}

    with pytest.raises(NotAllowed):
        papers.add_papers(claim_id=claim.pk, **how, by=make_creditor("+8613900139000"))
    Claim.objects.filter(pk=claim.pk).update(state="withdrawn")
    with pytest.raises(NotInState):
        papers.add_papers(claim_id=claim.pk, **how, by=person)

    assert not Paper.objects.exists()


def test_failing_audit_leaves_no_file_behind(
    claim: Claim, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the trail is not there")

    monkeypatch.setattr(papers, "record", fail)

    with pytest.raises(DatabaseError):
        papers.add_papers(
            claim_id=claim.pk, uploads=[upload("a.jpg", JPEG)], kind="photo", by=person
        )

    assert not kept_files(claim)

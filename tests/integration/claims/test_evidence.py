"""Evidence: handed in, read, refused whole, sealed; who may, what stays."""

import hashlib
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest
from books import Sent, book, csv_of, event, taken_in, upload, users
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import make_case, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.phases import Phase
from zhipo.claims.actions import evidence as acts
from zhipo.claims.actions.evidence import folder_of, read_evidence, seal_evidence
from zhipo.claims.actions.receiving import Handed, from_inbox
from zhipo.claims.models import Evidence
from zhipo.claims.policies import books as policy
from zhipo.claims.policies.books import BookRefused
from zhipo.claims.states import EvidenceState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
GOOD = book(event(1, "M1", "100.00"), event(2, "M2", "50.00"))


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = settings.ENVIRONMENT.__class__(
        **{**vars(settings.ENVIRONMENT), "home": tmp_path}
    )
    monkeypatch.setattr(settings, "ENVIRONMENT", home)


@pytest.fixture
def case() -> Any:
    return make_case(phase=Phase.FILING)


@pytest.fixture
def lead(case: Any) -> Any:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


def events(case: Any) -> list[str]:
    entries = Entry.objects.filter(chain=case.number).order_by("position")
    return list(entries.values_list("event", flat=True))


def jobs_in_line(task: str) -> list[dict[str, int]]:
    jobs = ProcrastinateJob.objects.filter(task_name=f"zhipo.claims.tasks.{task}")
    return [job.args for job in jobs]


def files() -> list[Path]:
    return [path for path in settings.ENVIRONMENT.files.rglob("*") if path.is_file()]


def test_upload_keeps_the_bytes_under_names_of_ours(case: Any, lead: Any) -> None:
    evidence = upload(case, lead, GOOD, book(event(3, "M3", "1.00"), name="再来 一份.csv"))

    (first, second) = evidence.manifest["received"]
    stored = folder_of(evidence) / "books" / "0001.csv"
    assert stored.read_bytes() == GOOD.content
    assert first["sha256"] == hashlib.sha256(GOOD.content).hexdigest()
    assert (second["name"], second["file"]) == ("再来 一份.csv", "0002.csv")
    assert (evidence.version, evidence.state) == (1, EvidenceState.UPLOADED)
    assert stored.stat().st_mode & 0o077 == 0
    assert events(case) == [Event.EVIDENCE_UPLOADED]


def test_upload_puts_the_reading_in_line_once(case: Any, lead: Any) -> None:
    evidence = upload(case, lead, GOOD)

    jobs = jobs_in_line("read_evidence")
    assert jobs == [{"evidence_id": evidence.pk}]


def test_the_same_form_twice_is_one_version_and_one_set_of_files(
    case: Any, lead: Any
) -> None:
    given = {"case_id": case.pk, "read_as": "xianxiangjia", "form_key": "one", "by": lead}
    first = acts.upload_evidence(handed=Handed([GOOD]), **given)
    again = acts.upload_evidence(handed=Handed([GOOD]), **given)

    assert again.pk == first.pk
    assert len(files()) == 1
    assert events(case) == [Event.EVIDENCE_UPLOADED]


def test_the_same_form_twice_at_once_is_one_version(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both pass the first look, as two requests at the same moment do."""
    given = {"case_id": case.pk, "read_as": "xianxiangjia", "form_key": "one", "by": lead}
    first = acts.upload_evidence(handed=Handed([GOOD]), **given)
    looks = iter([None])
    look = acts._uploaded_by_form
    monkeypatch.setattr(acts, "_uploaded_by_form", lambda *asked: next(looks, look(*asked)))

    again = acts.upload_evidence(handed=Handed([GOOD]), **given)

    assert again.pk == first.pk
    assert len(files()) == 1


@pytest.mark.parametrize("role", [Role.BANKRUPTCY_JUDGE, Role.ADMINISTRATOR_CASHIER])
def test_upload_by_others_is_refused(case: Any, role: Role) -> None:
    home = case.court if role == Role.BANKRUPTCY_JUDGE else case.administrator
    with pytest.raises(NotAllowed):
        upload(case, make_staff(role, home), GOOD)

    assert not files()
    assert not Evidence.objects.exists()


def test_upload_by_another_administrator_is_refused(case: Any) -> None:
    with pytest.raises(NotAllowed):
        upload(case, make_staff(Role.ADMINISTRATOR_LEAD), GOOD)


def test_upload_after_the_register_is_checked_is_refused(lead: Any, case: Any) -> None:
    case.phase = Phase.CONFIRMED
    case.save()

    with pytest.raises(NotInState):
        upload(case, lead, GOOD)


def failing(*_: Any, **__: Any) -> None:
    raise RuntimeError("the audit fails")


def test_a_failing_audit_undoes_the_upload(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "record", failing)

    with pytest.raises(RuntimeError, match="the audit fails"), transaction.atomic():
        upload(case, lead, GOOD)

    assert not Evidence.objects.exists()
    assert not files()
    assert jobs_in_line("read_evidence") == []


def workbook(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **parts}.items():
            file.writestr(name, content)
    return packed.getvalue()


def lying_workbook() -> bytes:
    """Its directory says 10 bytes of a part that unpacks to a million."""
    whole = workbook(sheet=b"0" * 1_000_000)
    return whole.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("books.xls", b"\xd0\xcf\x11\xe0", "ending"),
        ("books", b"a,b\n", "ending"),
        ("../../etc/cron.d/x.csv", b"a,b\n", "path_in_name"),
        ("C:\\books.csv", b"a,b\n", "path_in_name"),
        ("a\nb.csv", b"a,b\n", "path_in_name"),
        ("", b"a,b\n", "path_in_name"),
        ("books.csv", b"", "empty"),
        ("books.csv", workbook(), "lying_type"),
        ("books.csv", b"<html><script>", "lying_type"),
        ("books.csv", b"%PDF-1.7", "lying_type"),
        ("books.csv", b"a,b\0c\n", "lying_type"),
        ("books.csv", b"\x89PNG\r\n\x1a\n" + b"0" * 30, "lying_type"),
        ("books.xlsx", b"a,b\n1,2\n", "lying_type"),
        ("books.xlsx", b"PK\x03\x04 and no more", "lying_type"),
        ("books.xlsx", lying_workbook(), "lying_type"),
        ("books.parquet", b"PAR1 and no end", "lying_type"),
        ("books.parquet", b"a,b\n1,2\n", "lying_type"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    case: Any, lead: Any, name: str, content: bytes, key: str
) -> None:
    with pytest.raises(BookRefused) as refused:
        upload(case, lead, GOOD, Sent(name, content))

    assert refused.value.key == f"claims.evidence.{key}"
    assert refused.value.sentence
    assert not files()
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_any_usual_encoding_is_taken(case: Any, lead: Any, encoding: str) -> None:
    text = GOOD.content.decode() + "字" * 40_000  # longer than what is looked at

    evidence = upload(case, lead, Sent("账.csv", text.encode(encoding)))

    assert evidence.state == EvidenceState.UPLOADED


def test_a_zip_bomb_is_refused_by_its_unpacked_size(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "LARGEST_UNPACKED", 2 * policy.MEGABYTE)
    bomb = workbook(sheet=b"0" * 3 * policy.MEGABYTE)
    assert len(bomb) < policy.MEGABYTE

    with pytest.raises(BookRefused) as refused:
        upload(case, lead, Sent("books.xlsx", bomb))

    assert refused.value.key == "claims.evidence.bomb"
    assert "3 MB" in refused.value.sentence
    assert not files()


def test_more_than_the_limit_is_refused_while_it_streams(case: Any, lead: Any) -> None:
    def endless(_: int | None = None) -> Any:
        while True:
            yield b"0" * 1_000
            sent.append(1_000)

    sent: list[int] = []
    flood = type("Flood", (), {"name": "books.csv", "chunks": staticmethod(endless)})()

    with pytest.raises(BookRefused) as refused:
        upload(case, lead, handed=Handed([flood], most_bytes=10_000))

    assert refused.value.key == "claims.evidence.too_large"
    assert sum(sent) <= 10_000
    assert not files()


def make_inbox(name: str) -> Path:
    folder: Path = settings.ENVIRONMENT.home / "inbox" / name
    folder.mkdir(parents=True)
    return folder


def test_a_folder_of_the_inbox_is_taken(case: Any, lead: Any) -> None:
    folder = make_inbox("2025-09")
    (folder / "a.csv").write_bytes(GOOD.content)
    (folder / "holders.csv").write_bytes(users(("M1", "王小明", "", "", "")).content)
    (folder / "notes.docx").write_bytes(b"not taken")

    evidence = upload(case, lead, handed=from_inbox("2025-09"))

    parts = [(one["part"], one["name"]) for one in evidence.manifest["received"]]
    assert parts == [("books", "a.csv"), ("holders", "holders.csv")]


@pytest.mark.parametrize("name", ["..", ".", "", "../files", "/etc", "missing", "a/../.."])
def test_a_folder_outside_of_the_inbox_is_refused(name: str) -> None:
    make_inbox("a")
    (settings.ENVIRONMENT.home / "files").mkdir()

    with pytest.raises(BookRefused) as refused:
        from_inbox(name)

    assert refused.value.key == "claims.evidence.no_folder"


def test_links_that_lead_out_of_the_inbox_are_not_followed(tmp_path: Path) -> None:
    folder, outside = make_inbox("a"), tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.csv").write_bytes(GOOD.content)
    os.symlink(outside / "secret.csv", folder / "books.csv")
    os.symlink(outside, folder.parent / "b")

    assert not from_inbox("a").books
    with pytest.raises(BookRefused):
        from_inbox("b")


def test_reading_keeps_the_manifest_under_the_names_given(case: Any, lead: Any) -> None:
    evidence = upload(case, lead, GOOD, holders=users(("M1", "王小明", "", "", "")))

    read = read_evidence(evidence_id=evidence.pk)

    assert read.state == EvidenceState.READ
    assert (read.manifest["rows"], read.manifest["events"]) == (2, 2)
    assert read.manifest["kinds"]["top_up"] == {"rows": 2, "fen": 15_000}
    assert [one["name"] for one in read.manifest["inputs"]] == ["books.csv"]
    assert read.manifest["holders"] == 1
    assert read.progress == {}
    ledger = (folder_of(read) / "ledger.parquet").read_bytes()
    assert read.manifest["ledger"]["sha256"] == hashlib.sha256(ledger).hexdigest()
    assert events(case) == [Event.EVIDENCE_UPLOADED, Event.EVIDENCE_READ]


def test_reading_refuses_the_whole_with_every_fault(case: Any, lead: Any) -> None:
    bad = book(event(1, "M1", "十元"), event(2, "M2", "1.00"), event(3, "M3", "1.234"))
    evidence = upload(case, lead, bad, GOOD)

    read = read_evidence(evidence_id=evidence.pk)

    assert read.state == EvidenceState.REFUSED
    assert {(one["file"], one["row"]) for one in read.faults} == {
        ("books.csv", 2),
        ("books.csv", 4),
    }
    folder = folder_of(read)
    assert "十元" in (folder / "errors.csv").read_text(encoding="utf-8")
    assert not (folder / "ledger.parquet").exists()
    assert events(case) == [Event.EVIDENCE_UPLOADED, Event.EVIDENCE_REFUSED]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("M1", "甲", "", "", ""), ("M1", "乙", "", "", "")], "holder_id"),
        ([("", "甲", "", "", "")], "holder_id"),
    ],
)
def test_reading_refuses_a_list_of_users_with_faults(
    case: Any, lead: Any, rows: list[tuple[str, ...]], words: str
) -> None:
    evidence = upload(case, lead, GOOD, holders=users(*rows))

    read = read_evidence(evidence_id=evidence.pk)

    assert read.state == EvidenceState.REFUSED
    assert {(one["file"], one["column"]) for one in read.faults} == {("holders.csv", words)}


def test_reading_killed_halfway_begins_anew(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = upload(case, lead, GOOD)
    with monkeypatch.context() as patch:
        patch.setattr(acts, "import_ledger", failing)
        with pytest.raises(RuntimeError):
            read_evidence(evidence_id=evidence.pk)
    evidence.refresh_from_db()
    assert evidence.state == EvidenceState.READING

    assert read_evidence(evidence_id=evidence.pk).state == EvidenceState.READ
    assert read_evidence(evidence_id=evidence.pk).state == EvidenceState.READ
    assert events(case).count(Event.EVIDENCE_READ) == 1


def test_a_failing_audit_undoes_the_reading(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = upload(case, lead, GOOD)
    monkeypatch.setattr(acts, "record", failing)

    with pytest.raises(RuntimeError):
        read_evidence(evidence_id=evidence.pk)

    evidence.refresh_from_db()
    assert evidence.state == EvidenceState.READING
    assert "kinds" not in evidence.manifest


def test_sealing_keeps_the_hash_and_takes_the_pen_away(case: Any, lead: Any) -> None:
    evidence = read_evidence(evidence_id=upload(case, lead, GOOD).pk)

    sealed = seal_evidence(evidence_id=evidence.pk, by=lead)

    assert sealed.state == EvidenceState.SEALED
    assert sealed.ledger_sha256 == evidence.manifest["ledger"]["sha256"]
    assert sealed.sealed_by == lead
    folder = folder_of(sealed)
    assert all(not path.stat().st_mode & 0o222 for path in [folder, *folder.rglob("*")])
    assert events(case)[-1] == Event.EVIDENCE_SEALED
    assert jobs_in_line("prefill_claims") == [{"case_id": case.pk}]


def test_sealing_again_changes_nothing(case: Any, lead: Any) -> None:
    evidence = read_evidence(evidence_id=upload(case, lead, GOOD).pk)
    first = seal_evidence(evidence_id=evidence.pk, by=lead)
    again = seal_evidence(evidence_id=evidence.pk, by=lead)

    assert again.sealed_at == first.sealed_at
    assert events(case).count(Event.EVIDENCE_SEALED) == 1


def test_a_corrected_version_supersedes_the_sealed_one(case: Any, lead: Any) -> None:
    first = taken_in(case, lead, GOOD)
    second = taken_in(case, lead, book(event(1, "M1", "90.00")))

    first.refresh_from_db()
    assert first.state == EvidenceState.SUPERSEDED
    assert second.state == EvidenceState.SEALED


def test_an_older_version_is_not_sealed_after_a_later_one(case: Any, lead: Any) -> None:
    older = read_evidence(evidence_id=upload(case, lead, GOOD).pk)
    taken_in(case, lead, book(event(1, "M1", "90.00")))

    with pytest.raises(NotInState) as refused:
        seal_evidence(evidence_id=older.pk, by=lead)

    assert refused.value.key == "claims.evidence.older"


@pytest.mark.parametrize(
    "state", [EvidenceState.UPLOADED, EvidenceState.READING, EvidenceState.REFUSED]
)
def test_what_was_not_read_is_not_sealed(
    case: Any, lead: Any, state: EvidenceState
) -> None:
    evidence = upload(case, lead, GOOD)
    Evidence.objects.filter(pk=evidence.pk).update(state=state)

    with pytest.raises(NotInState) as refused:
        seal_evidence(evidence_id=evidence.pk, by=lead)

    assert refused.value.key == "claims.evidence.not_read"
    evidence.refresh_from_db()
    assert evidence.state == state


def test_a_reviewer_does_not_seal(case: Any, lead: Any) -> None:
    evidence = read_evidence(evidence_id=upload(case, lead, GOOD).pk)

    with pytest.raises(NotAllowed):
        seal_evidence(
            evidence_id=evidence.pk,
            by=make_staff(Role.ADMINISTRATOR_REVIEWER, case.administrator),
        )


def test_a_ledger_changed_after_reading_is_not_sealed(case: Any, lead: Any) -> None:
    evidence = read_evidence(evidence_id=upload(case, lead, GOOD).pk)
    with (folder_of(evidence) / "ledger.parquet").open("ab") as file:
        file.write(b"\0")

    with pytest.raises(NotInState) as refused:
        seal_evidence(evidence_id=evidence.pk, by=lead)

    assert refused.value.key == "claims.evidence.changed"


def test_a_failing_audit_undoes_the_seal(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = read_evidence(evidence_id=upload(case, lead, GOOD).pk)
    monkeypatch.setattr(acts, "record", failing)

    with pytest.raises(RuntimeError), transaction.atomic():
        seal_evidence(evidence_id=evidence.pk, by=lead)

    evidence.refresh_from_db()
    assert (evidence.state, evidence.ledger_sha256) == (EvidenceState.READ, "")


def test_a_mapping_of_ones_own_reads_other_columns(case: Any, lead: Any) -> None:
    mapping = Sent(
        "ours.yaml",
        Path(acts.__file__).parents[2].joinpath(
            "engine", "evidence", "mappings", "xianxiangjia.yaml"
        ).read_bytes().replace("会员号,".encode(), "顾客,".encode()),
    )  # fmt: skip
    header = ("流水号", "顾客", "时间", "类型", "金额(元)")
    other = Sent("x.csv", csv_of([event(1, "M1", "5.00")], header))

    evidence = upload(case, lead, other, mapping=mapping)
    read = read_evidence(evidence_id=evidence.pk)

    assert (evidence.read_as, read.state) == ("mapping.yaml", EvidenceState.READ)


def test_no_personal_data_stands_in_the_trail(case: Any, lead: Any) -> None:
    person = ("M1", "王小明", "43030219900101000X", "17200000001", "wx-王小明")
    taken_in(case, lead, GOOD, holders=users(person))

    details = json.dumps(list(Entry.objects.values_list("detail", flat=True)))
    assert not [text for text in person[1:] if text in details]

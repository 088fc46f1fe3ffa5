"""A document says all its fields, is made once, is recorded, is handed out as recorded."""

from pathlib import Path
from typing import Any

import docx
import pytest
from filled_documents import EVERY, FIELDS, printed, text_of
from jinja2 import UndefinedError

from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.documents import actions
from zhipo.documents.actions import (
    FieldsMissing,
    NoReadingCopy,
    TemplateFaulty,
    make_document,
)
from zhipo.documents.kinds import KINDS, DocumentKind
from zhipo.documents.models import Document
from zhipo.documents.queries import FileChanged, documents_of, open_document
from zhipo.documents.rendering import environment, rendered, signed_day, template_path
from zhipo.web.words import say

pytestmark = pytest.mark.django_db
CHAIN = "（2025）湘0302破3号"
NOTICE = DocumentKind.ACCEPTANCE_NOTICE
NEEDED = [(kind, name) for kind in DocumentKind for name in KINDS[kind].fields]


def make(kind: DocumentKind = NOTICE, lang: str = "zh", **given: Any) -> Document:
    return make_document(
        kind=kind, chain=CHAIN, fields={**FIELDS, **given}, by=None, lang=lang
    )


def text(document: Document) -> str:
    return text_of(open_document(document).read())


def kept(home: Path) -> list[str]:
    return sorted(path.name for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize(("kind", "lang"), EVERY)
def test_document_says_each_of_its_fields(kind: DocumentKind, lang: str) -> None:
    entry = KINDS[kind]
    asked = {name: FIELDS[name] for name in (*entry.fields, *entry.optional)}

    said = text(make(kind, lang))

    assert [
        (name, words)
        for name, value in asked.items()
        for words in printed(name, value, lang)
        if not any(word in said for word in words)
    ] == []
    assert "{{" not in said
    assert "{%" not in said
    assert "None" not in said


@pytest.mark.parametrize(("kind", "name"), NEEDED)
@pytest.mark.parametrize("empty", [None, "", " \n"], ids=["none", "blank", "space"])
def test_empty_field_is_refused_by_its_name(
    kind: DocumentKind, name: str, empty: str | None, home: Path
) -> None:
    with pytest.raises(FieldsMissing) as refused:
        make(kind, **{name: empty})

    assert refused.value.missing == (name,)
    assert say(f"documents.field.{name}") in refused.value.sentence
    assert (Document.objects.count(), kept(home)) == (0, [])


def test_all_that_is_missing_is_said_at_once() -> None:
    with pytest.raises(FieldsMissing) as refused:
        make_document(kind=NOTICE, chain=CHAIN, fields={}, by=None)

    assert refused.value.missing == KINDS[NOTICE].fields


def test_nothing_listed_is_missing_but_zero_is_a_figure() -> None:
    reply, ruling = DocumentKind.OBJECTION_REPLY, DocumentKind.CONFIRMING_RULING

    with pytest.raises(FieldsMissing):
        make(ruling, headings=[])

    assert "¥0.00" in text(make(reply, admitted_fen=0, is_upheld=False))


def test_made_document_is_kept_and_recorded(home: Path) -> None:
    document = make()

    entry = Entry.objects.get()
    assert (entry.event, entry.chain) == (Event.DOCUMENT_MADE, CHAIN)
    assert entry.detail == {
        "kind": NOTICE, "lang": "zh", "sha256": document.sha256, "size": document.size,
    }  # fmt: skip
    assert kept(home) == [f"{document.sha256}.docx"]
    path = home / "files" / document.path
    assert (path.stat().st_mode & 0o777, path.stat().st_size) == (0o600, document.size)
    assert list(documents_of(CHAIN)) == [document]
    assert not documents_of("another").exists()


def test_same_content_is_the_same_document_and_recorded_once(home: Path) -> None:
    first, again, other = make(), make(), make(addressee="李四")

    assert first == again
    assert first != other
    assert Entry.objects.count() == 2
    assert len(kept(home)) == 2


def test_file_changed_or_lost_is_not_handed_out_and_can_be_made_again(home: Path) -> None:
    document = make()
    path = home / "files" / document.path
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(FileChanged, match="changed"):
        open_document(document)
    path.unlink()
    with pytest.raises(FileChanged, match="lost"):
        open_document(document)

    assert make() == document
    assert "王小明" in text(document)


def test_failing_audit_undoes_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(actions, "record", broken)

    with pytest.raises(RuntimeError, match="no audit"):
        make()

    assert (Document.objects.count(), kept(home)) == (0, [])


def test_reading_copy_is_a_document_of_its_own_and_says_what_it_is() -> None:
    copy, letter = make(lang="en"), DocumentKind.SILENT_LETTER

    assert (copy.lang, copy.title) == ("en", "Notice to creditors")
    assert "only the Chinese text has effect" in text(copy)
    assert make().pk != copy.pk
    with pytest.raises(NoReadingCopy):
        make(letter, "en")


def test_values_are_data_whatever_they_hold() -> None:
    said = text(make(notes="<w:p/> & {{ court }}\x00\x07第二行\n第三行"))

    assert "<w:p/> & {{ court }}第二行\n第三行" in said


def test_debtors_own_petition_has_no_respondent() -> None:
    own = make(petitioner=FIELDS["debtor"])

    assert "被申请人" in text(make())
    assert "被申请人" not in text(own)


def test_parts_that_are_empty_are_left_out_of_the_ruling() -> None:
    nobody = {"disputed": [], "disputed_count": 0, "earlier_count": 0, "other_count": 0}

    said = text(make(DocumentKind.CONFIRMING_RULING, **nobody))

    assert "均无异议" in said
    for word in ("有异议，申报金额", "不重复确认", "尚未核查"):
        assert word not in said


def test_employee_is_sent_to_court_without_the_fifteen_days() -> None:
    reply = DocumentKind.OBJECTION_REPLY

    employee, other = text(make(reply, heading="EMPLOYEE")), text(make(reply))

    assert ("十五日" in employee, "十五日" in other) == (False, True)
    assert "即2025年11月21日以前（含当日）" in other
    assert "即" not in text(make(reply, suit_until=None)).split("十五日内")[1][:2]


def test_letter_after_the_period_speaks_of_late_filing() -> None:
    letter = DocumentKind.SILENT_LETTER
    until = FIELDS["filing_until"]

    on_the_day = text(make(letter, dated_on=until))
    day_after = text(make(letter, dated_on=until.replace(day=until.day + 1)))

    assert ("届满" in on_the_day, "届满" in day_after) == (False, True)


def test_installations_own_template_is_used_and_its_faults_are_said(home: Path) -> None:
    own = home / "templates" / "silent_letter.docx"
    own.parent.mkdir()
    letter = DocumentKind.SILENT_LETTER
    paper = docx.Document()
    paper.add_paragraph("{{ addressee }}：请申报。")
    paper.save(str(own))

    assert text(make(letter)).startswith("王小明：请申报。")
    paper.add_paragraph("{{ bank_password }}")
    paper.save(str(own))
    with pytest.raises(TemplateFaulty, match="template") as refused:
        make(letter)
    assert "bank_password" in refused.value.sentence


def test_own_template_cannot_reach_into_the_program(home: Path) -> None:
    own = home / "templates" / "silent_letter.docx"
    own.parent.mkdir()
    paper = docx.Document()
    paper.add_paragraph("{{ addressee.__class__.__mro__ }}")
    paper.save(str(own))

    with pytest.raises(TemplateFaulty):
        make(DocumentKind.SILENT_LETTER)


def test_same_fields_give_the_same_bytes() -> None:
    template = template_path(NOTICE, "zh")

    assert rendered(template, FIELDS, lang="zh") == rendered(template, FIELDS, lang="zh")


@pytest.mark.parametrize(
    ("month", "day", "words"),
    [
        (9, 10, "九月十日"),
        (10, 1, "十月一日"),
        (12, 31, "十二月三十一日"),
        (1, 20, "一月二十日"),
    ],
)
def test_courts_day_is_written_out(month: int, day: int, words: str) -> None:
    value = FIELDS["dated_on"].replace(month=month, day=day)

    assert signed_day(value, "zh") == f"二〇二五年{words}"


def test_a_text_is_compiled_once_whatever_it_is_filled_with() -> None:
    letters = environment("zh")

    first, second = (letters.from_string("{{ name }}") for _ in range(2))

    assert first is second
    assert (first.render(name="甲"), first.render(name="<乙>")) == ("甲", "&lt;乙&gt;")
    assert letters.from_string("{{ name }}.").render(name="甲") == "甲."
    assert environment("en").from_string("{{ name }}") is not first


def test_what_one_document_sets_is_not_in_the_next() -> None:
    text = "{% if first %}{% set seen = first %}{% endif %}{{ seen }}"

    assert environment("zh").from_string(text).render(first="甲") == "甲"
    with pytest.raises(UndefinedError):
        environment("zh").from_string(text).render(first="")

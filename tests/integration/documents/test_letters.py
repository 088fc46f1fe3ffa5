"""The administrator's letters: who makes them, what they say, that they are recorded."""

import io
import zipfile
from datetime import timedelta
from typing import Any

import docx
import pytest
from django.utils import timezone
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from filled_documents import text_of

from factories import make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.phases import Phase
from zhipo.claims.actions import letters as acts
from zhipo.claims.actions.answering import answer_objection
from zhipo.claims.actions.deciding import decide_claim
from zhipo.claims.actions.reminding import Channel, order_reminders
from zhipo.claims.models import Claim, Objection
from zhipo.claims.queries.desk import ClaimFilter
from zhipo.documents import series
from zhipo.documents.actions import FieldsMissing
from zhipo.documents.models import Document
from zhipo.documents.queries import documents_of, open_document
from zhipo.law.review.decision import Decision
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
CITE = "《企业破产法》第五十七条第一款"


@pytest.fixture
def case() -> Any:
    return make_case(phase=Phase.REVIEW)


@pytest.fixture
def lead(case: Any) -> Any:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


@pytest.fixture
def reviewer(case: Any) -> Any:
    return make_staff(Role.ADMINISTRATOR_REVIEWER, case.administrator)


@pytest.fixture
def judge(case: Any) -> Any:
    return make_staff(Role.BANKRUPTCY_JUDGE, case.court)


def objected(case: Any, **given: Any) -> Objection:
    values = {"state": "reviewed", "decision": "reduce", "admitted_fen": 20_000,
              "reasons": ["CLAIMED_MORE"], "rules": ["cn.ebl.57.1"]}  # fmt: skip
    claim = make_claim(case, make_holder(case), **(values | given))
    return Objection.objects.create(
        claim=claim, by=make_creditor(f"+86137{claim.pk:08d}"), at=timezone.now(),
        text="少算了一次充值",
    )  # fmt: skip


def answered(case: Any, by: Any, *, upheld_fen: int | None = None) -> Objection:
    return answer_objection(
        objection_id=objected(case).pk, upheld_fen=upheld_fen, text="核对了流水。", by=by
    )


def round_of(case: Any, by: Any, *, wanted: ClaimFilter | None = None) -> Any:
    return order_reminders(case_id=case.pk, channel=Channel.LETTER, now=timezone.now(),
                           wanted=wanted, by=by)  # fmt: skip


def unmaskings() -> int:
    return Entry.objects.filter(event=Event.DATA_UNMASKED).count()


def said(document: Document) -> str:
    return text_of(open_document(document).read())


@pytest.mark.parametrize(
    ("upheld_fen", "words"),
    [(None, "维持原审查结果，审查金额为¥200.00"), (25_000, "审查金额调整为¥250.00")],
)
def test_reply_says_claim_decision_reasons_and_articles(
    case: Any, lead: Any, upheld_fen: int | None, words: str
) -> None:
    objection = answered(case, lead, upheld_fen=upheld_fen)

    document = acts.make_reply(objection_id=objection.pk, by=lead)

    text = said(document)
    number = objection.claim.number
    for part in (words, number, "王小明", "少算了一次充值", "核对了流水。", CITE,
                 "申报金额高于账目余额"):  # fmt: skip
        assert part in text
    assert list(documents_of(case.number)) == [document]
    assert unmaskings() == 1


def test_reply_stays_what_it_was_when_a_later_decision_changes_the_claim(
    case: Any, lead: Any
) -> None:
    objection = answered(case, lead)
    first = acts.make_reply(objection_id=objection.pk, by=lead)
    decide_claim(claim_id=objection.claim_id, decision=Decision.REDUCE, admitted_fen=100,
                 text="重新计算", by=lead)  # fmt: skip

    again = acts.make_reply(objection_id=objection.pk, by=lead)

    assert again.pk == first.pk


def test_reply_to_an_objection_against_anothers_claim_goes_to_who_raised_it(
    case: Any, lead: Any
) -> None:
    objection = objected(case)
    own = make_claim(case, make_holder(case, name="提异议的人"), state="tabled")
    Objection.objects.filter(pk=objection.pk).update(raised_from=own)
    answer_objection(objection_id=objection.pk, upheld_fen=None, text="核对了。", by=lead)

    text = said(acts.make_reply(objection_id=objection.pk, by=lead))

    assert "提异议的人：" in text
    assert "王小明" not in text
    assert objection.claim.number in text


def test_reply_waits_for_the_answer(case: Any, lead: Any) -> None:
    with pytest.raises(NotInState):
        acts.make_reply(objection_id=objected(case).pk, by=lead)

    assert (Document.objects.count(), unmaskings()) == (0, 0)


def test_court_writes_no_letters(case: Any, lead: Any, judge: Any) -> None:
    objection, silent = answered(case, lead), make_claim(case, make_holder(case))
    ordered = round_of(case, lead)

    for act, thing in ((acts.make_reply, {"objection_id": objection.pk}),
                       (acts.make_letter, {"claim_id": silent.pk}),
                       (acts.make_letters, {"round_id": ordered.pk})):  # fmt: skip
        with pytest.raises(NotAllowed):
            act(**thing, by=judge)  # type: ignore[operator]

    assert Document.objects.count() == 0


def test_letter_says_name_sum_and_way_and_is_for_the_role_that_made_it(
    case: Any, reviewer: Any
) -> None:
    claim = make_claim(case, make_holder(case))

    document = acts.make_letter(claim_id=claim.pk, by=reviewer)

    text = said(document)
    for part in ("王小明", "¥271.88", "用下单手机号", case.administrator_address):
        assert part in text
    assert not documents_of(case.number).exists()
    assert not documents_of(case.number, roles=[Role.ADMINISTRATOR_LEAD]).exists()
    assert documents_of(case.number, roles=[Role.ADMINISTRATOR_REVIEWER]).exists()
    assert unmaskings() == 1


def test_two_roles_that_make_one_letter_have_each_their_own(
    case: Any, lead: Any, reviewer: Any
) -> None:
    claim = make_claim(case, make_holder(case))

    mine = acts.make_letter(claim_id=claim.pk, by=lead)
    theirs = acts.make_letter(claim_id=claim.pk, by=reviewer)
    again = acts.make_letter(claim_id=claim.pk, by=lead)

    assert mine.pk == again.pk != theirs.pk
    assert mine.path == theirs.path


def test_letter_to_somebody_who_has_filed_is_refused(case: Any, lead: Any) -> None:
    claim = make_claim(case, make_holder(case), state="filed")

    with pytest.raises(NotInState):
        acts.make_letter(claim_id=claim.pk, by=lead)

    assert (Document.objects.count(), unmaskings()) == (0, 0)


def test_letter_lacks_what_the_court_has_not_fixed(lead: Any, case: Any) -> None:
    claim = make_claim(case, make_holder(case))
    case.filing_until = None
    case.save()

    with pytest.raises(FieldsMissing) as refused:
        acts.make_letter(claim_id=claim.pk, by=lead)

    assert refused.value.missing == ("filing_until",)


def test_somebody_whose_name_the_books_do_not_know_is_written_to_by_number(
    case: Any, lead: Any
) -> None:
    claim = make_claim(case, make_holder(case, name=""))

    assert f"编号 {claim.number}" in said(acts.make_letter(claim_id=claim.pk, by=lead))


@pytest.mark.parametrize("act", ["make_letter", "make_letters", "make_reply"])
def test_failing_audit_undoes_the_letter(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    claim = make_claim(case, make_holder(case))
    things = {
        "make_letter": {"claim_id": claim.pk},
        "make_letters": {"round_id": round_of(case, lead).pk},
        "make_reply": {"objection_id": answered(case, lead).pk},
    }

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(acts, "record", fail)
    with pytest.raises(RuntimeError):
        getattr(acts, act)(**things[act], by=lead)

    assert Document.objects.count() == 0


def test_letters_of_a_filter_are_one_file_a_page_each(case: Any, lead: Any) -> None:
    names = ["张三", "李四 & <王>", "赵六"]
    for name in names:
        make_claim(case, make_holder(case, name=name), claimed_fen=30_000)
    make_claim(case, make_holder(case, name="别人"), claimed_fen=100)

    ordered = round_of(case, lead, wanted=ClaimFilter(least_fen=20_000))
    told: list[tuple[int, int]] = []
    document = acts.make_letters(
        round_id=ordered.pk, told=lambda *done: told.append(done), by=lead
    )

    data = open_document(document).read()
    text = text_of(data)
    assert [name in text for name in (*names, "别人")] == [True, True, True, False]
    made = docx.Document(io.BytesIO(data))
    titles = [one for one in made.paragraphs if one.text == "提醒申报函"]
    assert (len(titles), len(made.sections)) == (3, 3)
    for section in made.sections:
        first_page = section._sectPr.find(qn("w:pgNumType")).get(qn("w:start"))
        assert (first_page, section.start_type) == ("1", WD_SECTION.NEW_PAGE)
    assert told == [(3, 3)]
    entry = Entry.objects.get(event=Event.DATA_UNMASKED)
    assert entry.detail == {"purpose": "letter", "count": 3}


def test_letters_beyond_a_volume_come_as_a_zip_of_volumes(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "PER_VOLUME", 2)
    for _ in range(5):
        make_claim(case, make_holder(case))

    ordered = round_of(case, lead)
    document = acts.make_letters(round_id=ordered.pk, by=lead)
    again = acts.make_letters(round_id=ordered.pk, by=lead)

    assert document.pk == again.pk
    with zipfile.ZipFile(open_document(document)) as archive:
        volumes = {name: text_of(archive.read(name)) for name in archive.namelist()}
    counts = [text.count("提醒申报函") for text in volumes.values()]
    assert list(volumes) == [f"silent_letter-00{place}.docx" for place in (1, 2, 3)]
    assert counts == [2, 2, 1]


def test_letters_to_the_same_people_on_one_day_are_one_round(case: Any, lead: Any) -> None:
    make_claim(case, make_holder(case))
    first = round_of(case, lead)

    assert round_of(case, lead).pk == first.pk
    make_claim(case, make_holder(case))
    assert round_of(case, lead).pk != first.pk
    type(first).objects.update(ordered_at=timezone.now() - timedelta(days=1))
    assert round_of(case, lead).pk not in {first.pk, first.pk + 1}


def test_letter_of_another_case_is_not_made(case: Any) -> None:
    other = make_case(phase=Phase.REVIEW)
    stranger = make_staff(Role.ADMINISTRATOR_LEAD, other.administrator)

    with pytest.raises(NotAllowed):
        acts.make_letter(claim_id=make_claim(case, make_holder(case)).pk, by=stranger)

    assert Claim.objects.get().state == "prefilled"

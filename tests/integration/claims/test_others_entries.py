"""Objecting to another creditor's entry: who may, when, what comes of it (EBL 57, 58)."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from factories import make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.actions import objecting
from zhipo.claims.actions.answering import answer_objection
from zhipo.claims.actions.confirming import confirm_register
from zhipo.claims.actions.objecting import raise_objection
from zhipo.claims.models import Claim, Message, Objection, Paper
from zhipo.claims.policies.deciding import WrongFigure
from zhipo.claims.policies.papers import PaperRefused
from zhipo.claims.queries.register import register_shown_to, shown_name
from zhipo.claims.states import LIVE, STATES
from zhipo.privacy.columns import lookup_hash
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
MINE, THEIRS, NOBODYS = "+8613800138000", "+8613900139000", "+8613700137000"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GROUNDS = "这笔货款在 2024 年已经付清，附转账凭证。"
ENTERED = {"tabled", "checked", "confirmed", "disputed", "deferred", "rejected"}


@pytest.fixture(autouse=True)
def _files_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)


@pytest.fixture
def case() -> Case:
    return make_case(phase=Phase.CHECKING)


@pytest.fixture
def mine(case: Case) -> Claim:
    return filed(case, MINE)


@pytest.fixture
def theirs(case: Case) -> Claim:
    return filed(case, THEIRS)


@pytest.fixture
def lead(case: Case) -> User:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


def filed(case: Case, phone: str, **given: Any) -> Claim:
    key = {MINE: "王小明", THEIRS: "李四海", NOBODYS: "张三"}[phone]
    known = User.objects.filter(phone_hash=lookup_hash("phone", phone)).first()
    person = known or make_creditor(phone)
    values = {"state": "tabled", "decision": "admit", "admitted_fen": 27_188} | given
    if values["state"] == "confirmed":
        values |= {"confirmed_fen": 27_188, "ruling": "之一"}
    return make_claim(case, make_holder(case, phone, name=key), creditor=person, **values)


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("凭证.pdf", PDF, content_type="application/pdf")


def objects(theirs: Claim, mine: Claim, **given: Any) -> Objection:
    return raise_objection(claim_id=theirs.pk, text=GROUNDS, by=mine.creditor, **given)


def refused(theirs: Claim, by: Any) -> type[Exception] | None:
    """The refusal of an objection, which then has left nothing behind."""
    before = rows()
    try:
        raise_objection(claim_id=theirs.pk, text=GROUNDS, by=by)
    except (NotAllowed, NotInState) as error:
        assert rows() == before
        return type(error)
    return None


def rows() -> list[Any]:
    tables = (Claim, Objection, Message, Paper, Entry)
    return [list(table.objects.order_by("pk").values()) for table in tables]  # type: ignore[attr-defined]


def test_objection_is_kept_with_grounds_and_papers_and_recorded(
    mine: Claim, theirs: Claim
) -> None:
    objection = objects(theirs, mine, uploads=[paper()])

    kept = Paper.objects.get()
    assert (objection.claim, objection.raised_from, objection.text) == (
        theirs, mine, GROUNDS,
    )  # fmt: skip
    assert (kept.objection, kept.claim) == (objection, mine)
    told = Message.objects.get()
    assert (told.claim, told.phrase) == (theirs, "message.entry_objected")
    entry = Entry.objects.get(event="objection_raised")
    assert (entry.subject, entry.detail["is_own"]) == (f"claim {theirs.pk}", False)


def test_the_same_objection_again_is_the_one_that_is_open(
    mine: Claim, theirs: Claim
) -> None:
    first = objects(theirs, mine, uploads=[paper()])
    before = rows()

    again = objects(theirs, mine, uploads=[paper()])

    assert again == first
    assert rows() == before


def test_two_creditors_may_object_to_one_entry(
    case: Case, mine: Claim, theirs: Claim
) -> None:
    objects(theirs, mine)
    objects(theirs, filed(case, NOBODYS))
    raise_objection(claim_id=theirs.pk, text="少算了", by=theirs.creditor)

    assert Objection.objects.filter(claim=theirs, state="open").count() == 3


def test_a_paper_that_lies_refuses_the_whole_objection(mine: Claim, theirs: Claim) -> None:
    before = rows()
    lie = SimpleUploadedFile("凭证.pdf", b"<html>", content_type="application/pdf")

    with pytest.raises(PaperRefused):
        objects(theirs, mine, uploads=[paper(), lie])

    assert rows() == before


def test_a_failing_audit_undoes_it(
    mine: Claim, theirs: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    Claim.objects.filter(pk=theirs.pk).update(state="checked")
    before = rows()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(objecting, "record", fail)
    with pytest.raises(RuntimeError):
        objects(theirs, mine)

    assert rows() == before


@pytest.mark.parametrize("state", STATES)
def test_entries_are_open_to_objection_once_tabled_and_until_confirmed(
    state: str, case: Case, mine: Claim
) -> None:
    found = refused(filed(case, THEIRS, state=state), mine.creditor)

    is_open = state in {"tabled", "checked", "disputed"}
    is_shown = state in ENTERED
    assert found is (None if is_open else NotInState if is_shown else NotAllowed)


@pytest.mark.parametrize("state", STATES)
def test_creditors_of_the_case_are_those_who_have_filed(
    state: str, case: Case, theirs: Claim
) -> None:
    own = filed(case, MINE, state=state)

    found = refused(theirs, own.creditor)

    assert found is (None if state in LIVE else NotAllowed)


def test_creditors_of_another_case_and_staff_are_nobody_here(
    case: Case, theirs: Claim, lead: User
) -> None:
    elsewhere = filed(make_case(phase=Phase.CHECKING), MINE)
    judge = make_staff(Role.BANKRUPTCY_JUDGE, case.court)

    for by in (elsewhere.creditor, lead, judge, make_creditor(NOBODYS)):
        assert refused(theirs, by) is NotAllowed


@pytest.mark.parametrize(("days", "found"), [(0, None), (1, NotInState)])
def test_the_clock_is_that_of_the_meetings_checking(
    days: int, found: type[Exception] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(phase=Phase.CHECKING, checked_on=date(2025, 10, 9))
    mine, theirs = filed(case, MINE), filed(case, THEIRS, state="checked")
    today = date(2025, 10, 24) + timedelta(days=days)
    monkeypatch.setattr(timezone, "localdate", lambda *_: today)

    assert refused(theirs, mine.creditor) is found
    if found is None:
        assert Objection.objects.get().suit_until == date(2025, 10, 24)
        theirs.refresh_from_db()
        assert theirs.state == "disputed"


def test_an_entry_objected_to_is_left_out_of_the_ruling(
    case: Case, mine: Claim, theirs: Claim
) -> None:
    objects(theirs, mine)
    Claim.objects.update(state="checked")
    judge = make_staff(Role.BANKRUPTCY_JUDGE, case.court)

    done = confirm_register(case_id=case.pk, ruling="之二", by=judge)

    assert (done.confirmed, done.disputed) == (1, 1)
    assert list(Claim.objects.order_by("pk").values_list("state", flat=True)) == [
        "confirmed", "disputed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "fen", "after"),
    [
        ("tabled", 10_000, ("tabled", "reduce")),
        ("tabled", 0, ("rejected", "reject")),
        ("checked", 0, ("disputed", "reject")),
        ("disputed", 0, ("rejected", "reject")),
        ("disputed", 27_187, ("disputed", "reduce")),
    ],
)
def test_upheld_it_brings_the_figure_down(
    state: str, fen: int, after: tuple[str, str], mine: Claim, theirs: Claim, lead: User
) -> None:
    objection = objects(theirs, mine)
    Claim.objects.filter(pk=theirs.pk).update(state=state)

    answer_objection(objection_id=objection.pk, upheld_fen=fen, text="已付", by=lead)

    theirs.refresh_from_db()
    assert (theirs.state, theirs.decision, theirs.admitted_fen) == (*after, fen)
    told = Message.objects.exclude(phrase="message.entry_objected")
    assert set(told.values_list("claim", "phrase")) == {
        (mine.pk, "message.objection_upheld"), (theirs.pk, "message.entry_changed"),
    }  # fmt: skip


@pytest.mark.parametrize("state", sorted(set(STATES) - {"tabled", "checked", "disputed"}))
def test_what_has_changed_since_is_explained_and_not_adjusted(
    state: str, mine: Claim, theirs: Claim, lead: User
) -> None:
    objection = objects(theirs, mine)
    settled = {"confirmed_fen": 1, "ruling": "之一"} if state == "confirmed" else {}
    Claim.objects.filter(pk=theirs.pk).update(state=state, **settled)
    before = rows()

    with pytest.raises(NotInState, match="not_adjustable"):
        answer_objection(objection_id=objection.pk, upheld_fen=0, text="x", by=lead)
    assert rows() == before

    answer_objection(objection_id=objection.pk, upheld_fen=None, text="x", by=lead)
    theirs.refresh_from_db()
    assert theirs.state == state


@pytest.mark.parametrize("fen", [-1, 27_188, 27_189])
def test_it_cannot_be_upheld_with_a_figure_that_is_no_lower(
    fen: int, mine: Claim, theirs: Claim, lead: User
) -> None:
    objection = objects(theirs, mine)
    before = rows()

    with pytest.raises(WrongFigure):
        answer_objection(objection_id=objection.pk, upheld_fen=fen, text="x", by=lead)

    assert rows() == before


def test_explained_both_are_told_and_the_figure_stands(
    mine: Claim, theirs: Claim, lead: User
) -> None:
    objection = objects(theirs, mine)

    answer_objection(objection_id=objection.pk, upheld_fen=None, text="已核对", by=lead)

    theirs.refresh_from_db()
    assert (theirs.state, theirs.admitted_fen) == ("tabled", 27_188)
    told = Message.objects.exclude(phrase="message.entry_objected")
    assert set(told.values_list("claim", "phrase")) == {
        (mine.pk, "message.objection_explained"), (theirs.pk, "message.entry_stands"),
    }  # fmt: skip


def test_the_register_shows_what_was_put_before_the_meeting_to_its_creditors(
    case: Case, mine: Claim
) -> None:
    for state in STATES:
        filed(case, THEIRS, state=state)
    elsewhere = filed(make_case(), NOBODYS)

    shown = register_shown_to(mine.creditor, case)

    assert set(shown.values_list("state", flat=True)) == ENTERED
    assert not register_shown_to(elsewhere.creditor, case).exists()
    assert not register_shown_to(make_staff(Role.COURT_CLERK, case.court), case).exists()


def test_names_are_masked(mine: Claim, theirs: Claim, case: Case) -> None:
    firm = make_claim(case, None, state="tabled", kind="supplier", claimant="湘潭果业")

    shown = [shown_name(one) for one in (mine, theirs, firm)]

    assert shown == ["王**", "李**", "湘***"]

"""A suit over an entry, the judgment on it, and what a ruling leaves for later (EBL 58)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from devices import device_of
from factories import make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.actions import suing
from zhipo.claims.actions.answering import answer_objection
from zhipo.claims.actions.confirming import confirm_register, confirming, record_checking
from zhipo.claims.actions.objecting import raise_objection
from zhipo.claims.actions.suing import Judgment, enter_judgment, record_suit
from zhipo.claims.models import Claim, Message, Objection
from zhipo.claims.states import ObjectionState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
FEN, LESS = 27_188, 20_000
SUIT, JUDGMENT = "（2026）浙0110民初1号", "（2026）浙0110民初1号民事判决书"


def today() -> date:
    return timezone.localdate()


@pytest.fixture
def case() -> Case:
    return make_case(phase=Phase.CHECKING, checked_on=today() - timedelta(days=3))


@pytest.fixture
def lead(case: Case) -> User:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


@pytest.fixture
def judge(case: Case) -> User:
    return make_staff(Role.BANKRUPTCY_JUDGE, case.court)


def disputed(case: Case, lead: User, **given: Any) -> Objection:
    """An entry checked by the meeting, objected to, the objection answered."""
    creditor = make_creditor()
    values = {"state": "checked", "decision": "reduce", "admitted_fen": LESS} | given
    claim = make_claim(case, make_holder(case), creditor=creditor, **values)
    raised = raise_objection(claim_id=claim.pk, text="少算了", by=creditor)
    return answer_objection(objection_id=raised.pk, upheld_fen=None, text="已付", by=lead)


def sued(objection: Objection, by: User, **given: Any) -> Objection:
    values = {"number": SUIT, "sued_on": today()} | given
    return record_suit(objection_id=objection.pk, **values, by=by)


def judged(objection: Objection, fen: int, by: User, **given: Any) -> Claim:
    judgment = Judgment(**({"number": JUDGMENT, "judged_on": today(), "fen": fen} | given))
    return enter_judgment(claim_id=objection.claim_id, judgment=judgment, by=by)


def expire(objection: Objection) -> None:
    """The last day for a suit was yesterday."""
    Objection.objects.filter(pk=objection.pk).update(suit_until=today() - timedelta(days=1))


def recorded(event: str) -> int:
    return Entry.objects.filter(event=event).count()


def test_suit_keeps_the_entry_in_dispute(case: Case, lead: User, judge: User) -> None:
    objection = disputed(case, lead)
    sued(objection, lead)
    assert sued(objection, lead).state == ObjectionState.SUED
    expire(objection)
    claim = objection.claim
    claim.refresh_from_db()
    assert (claim.state, recorded("suit_recorded")) == ("disputed", 1)
    with pytest.raises(NotInState, match="nothing_to_confirm"):
        confirm_register(case_id=case.pk, ruling="之一", by=judge)


def test_rejected_claim_is_in_dispute_from_the_suit(case: Case, lead: User) -> None:
    objection = disputed(case, lead, state="rejected", decision="reject", admitted_fen=0)
    assert sued(objection, lead).claim.state == "disputed"


@pytest.mark.parametrize(
    ("fen", "state", "confirmed"),
    [(FEN, "confirmed", FEN), (1, "confirmed", 1), (0, "rejected", None)],
)
def test_judgment_ends_the_dispute(
    case: Case, lead: User, judge: User, *, fen: int, state: str, confirmed: int | None
) -> None:
    objection = sued(disputed(case, lead), lead)
    judged(objection, fen, judge)
    claim = judged(objection, fen, judge)
    objection.refresh_from_db()
    assert (claim.state, claim.confirmed_fen, claim.ruling) == (state, confirmed, JUDGMENT)
    assert (objection.state, objection.judgment_number) == ("judged", JUDGMENT)
    assert recorded("judgment_entered") == 1
    assert Message.objects.filter(claim=claim, phrase="message.judged").count() == 1
    assert claim.adjustments.filter(act="judged", by=judge).count() == 1


def test_ruling_waits_for_the_last_day_to_sue(case: Case, lead: User, judge: User) -> None:
    """Answered and in time for a suit it is left out; a day after, it is confirmed."""
    objection = disputed(case, lead)
    assert confirming(case).confirmed == 0
    expire(objection)
    done = confirm_register(case_id=case.pk, ruling="之二", by=judge)
    objection.claim.refresh_from_db()
    assert (done.confirmed, done.confirmed_fen, done.disputed) == (1, LESS, 0)
    assert (objection.claim.state, objection.claim.confirmed_fen) == ("confirmed", LESS)


def test_last_day_itself_is_in_time(case: Case, lead: User) -> None:
    objection = disputed(case, lead)
    Objection.objects.filter(pk=objection.pk).update(suit_until=today())
    assert confirming(case).confirmed == 0


def test_what_was_answered_before_the_meeting_gets_its_days(
    lead: User, judge: User, case: Case
) -> None:
    Case.objects.filter(pk=case.pk).update(checked_on=None)
    creditor = make_creditor()
    claim = make_claim(case, make_holder(case), creditor=creditor, state="tabled",
                       decision="reduce", admitted_fen=LESS)  # fmt: skip
    raised = raise_objection(claim_id=claim.pk, text="少算了", by=creditor)
    answer_objection(objection_id=raised.pk, upheld_fen=None, text="已付", by=lead)
    record_checking(case_id=case.pk, checked_on=today(), by=judge)
    raised.refresh_from_db()
    assert raised.suit_until is not None
    assert raised.suit_until >= today() + timedelta(days=15)
    done = confirming(case)
    assert (done.confirmed, done.disputed, done.waiting) == (0, 0, 1)


@pytest.mark.parametrize(
    ("act", "given", "why"),
    [
        (sued, {"number": " "}, "empty"),
        (sued, {"sued_on": date(2999, 1, 1)}, "day_to_come"),
        (judged, {"judged_on": date(2999, 1, 1)}, "day_to_come"),
        (judged, {"number": ""}, "empty"),
    ],
)
def test_wrong_figures_are_refused(
    case: Case, lead: User, judge: User, *, act: Any, given: dict[str, Any], why: str
) -> None:
    objection = disputed(case, lead)
    more = {"by": lead} if act is sued else {"by": judge, "fen": LESS}
    with pytest.raises(NotInState, match=why):
        act(objection, **more, **given)
    objection.refresh_from_db()
    assert objection.state == ObjectionState.EXPLAINED


@pytest.mark.parametrize("fen", [-1, FEN + 1])
def test_judged_sum_lies_within_the_claim(
    case: Case, lead: User, judge: User, *, fen: int
) -> None:
    objection = disputed(case, lead)
    with pytest.raises(NotInState, match="judged_figure"):
        judged(objection, fen, judge)


def test_suit_is_refused_before_the_check_and_after_confirmation(
    case: Case, lead: User, judge: User
) -> None:
    objection = disputed(case, lead)
    Case.objects.filter(pk=case.pk).update(checked_on=None)
    with pytest.raises(NotInState, match="no_suit_before_check"):
        sued(objection, lead)
    Case.objects.filter(pk=case.pk).update(checked_on=today())
    judged(objection, LESS, judge)
    with pytest.raises(NotInState, match="no_suit"):
        sued(objection, lead)
    with pytest.raises(NotInState, match="not_in_dispute"):
        judged(objection, FEN, judge)


def test_judgment_waits_for_the_answer(case: Case, lead: User, judge: User) -> None:
    objection = disputed(case, lead)
    Objection.objects.create(
        claim=objection.claim, by=make_creditor("+8613900139000"), at=timezone.now(),
        text="另一项",
    )  # fmt: skip
    with pytest.raises(NotInState, match="objection_waits"):
        judged(objection, LESS, judge)


def test_only_the_administrator_and_the_judge_act(
    case: Case, lead: User, judge: User
) -> None:
    objection = disputed(case, lead)
    for stranger in (judge, objection.by, make_creditor("+8613700137000")):
        with pytest.raises(NotAllowed):
            sued(objection, stranger)
    for stranger in (lead, objection.by):
        with pytest.raises(NotAllowed):
            judged(objection, LESS, stranger)


@pytest.mark.parametrize("act", ["sued", "judged"])
def test_failing_record_undoes_it(
    case: Case, lead: User, judge: User, monkeypatch: pytest.MonkeyPatch, *, act: str
) -> None:
    objection = disputed(case, lead)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(suing, "record", fails)
    acts = {
        "sued": lambda: sued(objection, lead),
        "judged": lambda: judged(objection, 0, judge),
    }
    with pytest.raises(RuntimeError):
        acts[act]()
    objection.refresh_from_db()
    objection.claim.refresh_from_db()
    assert (objection.state, objection.claim.state) == ("explained", "disputed")


def test_pages_record_suit_and_judgment(case: Case, lead: User, judge: User) -> None:
    objection = disputed(case, lead)
    page = f"/desk/{case.slug}/objections/{objection.pk}"
    office: Client = device_of(lead)
    court: Client = device_of(judge)
    refused = office.post(f"{page}/suit", {"suit_number": SUIT, "sued_on": "2999-01-01"})
    assert (refused.status_code, SUIT in refused.text) == (409, True)
    office.post(f"{page}/suit", {"suit_number": SUIT, "sued_on": str(today())})
    assert SUIT in court.get(page).text
    form = {"judgment_number": JUDGMENT, "judged_on": str(today()), "is_read": "on"}
    wrong = court.post(f"{page}/judgment", {**form, "judged_fen": "一百元"})
    assert (wrong.status_code, JUDGMENT in wrong.text) == (400, True)
    assert court.post(f"{page}/judgment", {**form, "judged_fen": "0"}).status_code == 302
    objection.claim.refresh_from_db()
    assert objection.claim.state == "rejected"

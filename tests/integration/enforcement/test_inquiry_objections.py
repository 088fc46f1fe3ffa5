"""Objections: the law's fifteen days, one reply with grounds, sent until it is there."""

from datetime import date
from typing import Any

import pytest

from factories import make_staff
from factories_inquiries import WALLET, Bureau, NoTrail, fail_to_record, make_court
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.documents.models import Document
from zhipo.enforcement.actions import objecting
from zhipo.enforcement.actions.freezing import deduct
from zhipo.enforcement.actions.objecting import reply_to_objection
from zhipo.enforcement.models import BureauNotice, Debtor, Freeze, InquiryObjection
from zhipo.enforcement.states import FreezeState, InquiryState, Stage
from zhipo.gateways.institutions.messages import CourtAccount, Decision, Objector
from zhipo.gateways.institutions.sandbox.behaviour import Manner
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db

BY_THIRD, BY_INSTITUTION = Manner.OBJECTION, Manner.UNLAWFUL
PAY_TO = CourtAccount(name="案款专户", account="8001", bank="湘江银行")


@pytest.fixture
def informed(informed_again: Bureau) -> Bureau:
    return informed_again


def objected(bureau: Bureau, manner: Manner = BY_THIRD) -> InquiryObjection:
    """A freeze that somebody has objected to."""
    bureau.behave("wallet-green", manner)
    bureau.freeze(WALLET)
    return InquiryObjection.objects.get()


def reply(bureau: Bureau, objection: InquiryObjection, **given: Any) -> InquiryObjection:
    values = {
        "decision": Decision.DISMISSED,
        "grounds": "账户由被执行人开立和支配。",
        "by": bureau.judge,
        "now": bureau.now,
    }
    return reply_to_objection(objection_id=objection.pk, **{**values, **given})


@pytest.mark.parametrize(
    ("manner", "raised_by", "state"),
    [
        (BY_THIRD, Objector.THIRD_PARTY, FreezeState.IN_FORCE),
        (BY_INSTITUTION, Objector.INSTITUTION, FreezeState.ORDERED),
    ],
)
def test_objection_starts_the_days_of_the_law(
    informed: Bureau, manner: Manner, raised_by: Objector, state: FreezeState
) -> None:
    objection = objected(informed, manner)

    assert (objection.raised_by, objection.reply_by) == (raised_by, date(2025, 3, 18))
    assert objection.order.state == InquiryState.OBJECTED
    assert Freeze.objects.get().state == state
    assert BureauNotice.objects.filter(phrase__endswith="objection").count() == 1
    assert Entry.objects.filter(event=Event.INSTITUTION_OBJECTED).count() == 1


@pytest.mark.parametrize(
    ("manner", "decision", "freeze_state", "order_state"),
    [
        (BY_THIRD, Decision.DISMISSED, "in_force", InquiryState.ANSWERED),
        (BY_THIRD, Decision.UPHELD, "lifted", InquiryState.REFUSED),
        (BY_INSTITUTION, Decision.DISMISSED, "in_force", InquiryState.ANSWERED),
        (BY_INSTITUTION, Decision.UPHELD, "refused", InquiryState.REFUSED),
    ],
)
def test_reply_is_sent_and_the_institution_goes_on(
    informed: Bureau,
    manner: Manner,
    decision: Decision,
    freeze_state: str,
    order_state: InquiryState,
) -> None:
    objection = objected(informed, manner)

    reply(informed, objection, decision=decision)
    informed.chase()

    objection.refresh_from_db()
    objection.order.refresh_from_db()
    assert objection.received_at is not None
    assert Freeze.objects.get().state == freeze_state
    assert objection.order.state == order_state
    entry = Entry.objects.get(event=Event.INSTITUTION_REPLIED_TO)
    assert entry.detail == {"decision": decision, "is_in_time": True}
    assert Document.objects.filter(kind="inquiry_reply").count() == 1


def test_same_reply_again_changes_nothing_and_another_is_refused(
    informed: Bureau,
) -> None:
    objection = objected(informed)
    first = reply(informed, objection)

    again = reply(informed, objection)
    with pytest.raises(NotInState, match="replied"):
        reply(informed, objection, decision=Decision.UPHELD)

    assert first.body == again.body
    assert Document.objects.filter(kind="inquiry_reply").count() == 1


def test_reply_too_late_is_sent_and_says_so(informed: Bureau) -> None:
    objection = objected(informed)
    informed.step(days=16)

    reply(informed, objection)

    entry = Entry.objects.get(event=Event.INSTITUTION_REPLIED_TO)
    assert entry.detail["is_in_time"] is False


def test_reply_needs_grounds(informed: Bureau) -> None:
    objection = objected(informed)

    with pytest.raises(NotInState, match="no_grounds"):
        reply(informed, objection, grounds=" ")


def test_reply_is_the_judges_of_the_same_court(informed: Bureau) -> None:
    objection = objected(informed)

    for by in (
        make_staff(Role.COURT_CLERK, informed.court),
        make_staff(Role.ENFORCEMENT_JUDGE, make_court("kaifu")),
    ):
        with pytest.raises(NotAllowed):
            reply(informed, objection, by=by)
    objection.refresh_from_db()
    assert objection.decision == ""


def test_reply_ends_with_acceptance(informed: Bureau) -> None:
    objection = objected(informed)
    Debtor.objects.update(stage=Stage.ACCEPTED)

    with pytest.raises(NotInState):
        reply(informed, objection)


def test_reply_that_is_not_recorded_is_not_given(
    informed: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    objection = objected(informed)
    fail_to_record(monkeypatch, objecting)

    with pytest.raises(NoTrail):
        reply(informed, objection)
    objection.refresh_from_db()
    assert (objection.decision, objection.body) == ("", "")


def test_nothing_is_deducted_while_an_objection_is_open(informed: Bureau) -> None:
    objected(informed)
    freeze = Freeze.objects.get()

    with pytest.raises(NotInState, match="objection_open"):
        deduct(freeze_id=freeze.pk, fen=1, pay_to=PAY_TO, form_key="d",
               by=informed.judge, now=informed.now)  # fmt: skip

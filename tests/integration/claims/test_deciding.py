"""Deciding: recorded, refused in wrong states and roles, undone with a failing audit."""

from typing import Any

import pytest

from factories import make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.phases import Phase
from zhipo.claims.actions import deciding
from zhipo.claims.actions.deciding import ask_creditor, decide_claim, undo_decision
from zhipo.claims.models import Adjustment, Claim, Message, SecondEntry
from zhipo.claims.policies.deciding import WrongFigure
from zhipo.law.review.decision import Decision
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
LARGE = 5_000_000


@pytest.fixture
def case() -> Any:
    return make_case(phase=Phase.REVIEW)


@pytest.fixture
def lead(case: Any) -> Any:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


@pytest.fixture
def reviewer(case: Any) -> Any:
    return make_staff(Role.ADMINISTRATOR_REVIEWER, case.administrator)


def doubtful(case: Any, **given: Any) -> Claim:
    values = {"state": "filed", "decision": "manual", "admitted_fen": 0,
              "reasons": ["NO_LEDGER"]}  # fmt: skip
    return make_claim(case, make_holder(case), **(values | given))


def events(claim: Claim) -> list[str]:
    rows = Entry.objects.filter(subject=f"claim {claim.pk}").order_by("position")
    return list(rows.values_list("event", flat=True))


def test_decision_is_kept_told_and_recorded(case: Any, reviewer: Any) -> None:
    claim = doubtful(case)

    decide_claim(claim_id=claim.pk, decision=Decision.REDUCE, admitted_fen=10_000,
                 text="账目只有一百元", by=reviewer)  # fmt: skip

    claim.refresh_from_db()
    assert (claim.state, claim.decision, claim.admitted_fen) == (
        "reviewed",
        "reduce",
        10_000,
    )
    assert claim.decided_by == reviewer
    assert claim.is_decided_by_person
    assert claim.rules == ["cn.ebl.57.1"]
    kept = Adjustment.objects.get(claim=claim)
    assert (kept.before["decision"], kept.after["decision"]) == ("manual", "reduce")
    told = Message.objects.get(claim=claim)
    assert told.phrase == "message.decided_reduce"
    assert told.values == {"number": claim.number, "admitted": "¥100.00"}
    assert events(claim) == [Event.CLAIM_DECIDED]


def test_the_same_decision_twice_changes_nothing(case: Any, reviewer: Any) -> None:
    claim = doubtful(case)
    for _ in range(2):
        decide_claim(claim_id=claim.pk, decision=Decision.REJECT, admitted_fen=0,
                     text="没有依据", by=reviewer)  # fmt: skip

    assert Adjustment.objects.filter(claim=claim).count() == 1
    assert len(events(claim)) == 1


@pytest.mark.parametrize(
    "state", ["prefilled", "tabled", "checked", "disputed", "rejected", "withdrawn"]
)
def test_wrong_state_is_refused(case: Any, reviewer: Any, state: str) -> None:
    claim = doubtful(case, state=state)

    with pytest.raises(NotInState):
        decide_claim(claim_id=claim.pk, decision=Decision.ADMIT,
                     admitted_fen=claim.claimed_fen, text="", by=reviewer)  # fmt: skip

    claim.refresh_from_db()
    assert (claim.state, claim.decision) == (state, "manual")
    assert events(claim) == []


@pytest.mark.parametrize(
    ("decision", "fen"),
    [("admit", 27_187), ("admit", 0), ("reduce", 0), ("reduce", 27_188), ("reject", 1),
     ("manual", 0)],
)  # fmt: skip
def test_figure_that_does_not_fit_is_refused(
    case: Any, reviewer: Any, decision: str, fen: int
) -> None:
    claim = doubtful(case)

    with pytest.raises(WrongFigure):
        decide_claim(claim_id=claim.pk, decision=Decision(decision), admitted_fen=fen,
                     text="x", by=reviewer)  # fmt: skip

    assert events(claim) == []


def test_wrong_roles_are_refused(case: Any) -> None:
    claim = doubtful(case)
    others = [
        make_staff(Role.ADMINISTRATOR_CASHIER, case.administrator),
        make_staff(Role.BANKRUPTCY_JUDGE, case.court),
        make_staff(Role.ADMINISTRATOR_LEAD),
        make_creditor(),
    ]

    for other in others:
        with pytest.raises(NotAllowed):
            decide_claim(claim_id=claim.pk, decision=Decision.REJECT, admitted_fen=0,
                         text="x", by=other)  # fmt: skip

    assert events(claim) == []


def test_failing_audit_undoes_the_decision(
    case: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = doubtful(case)
    monkeypatch.setattr(deciding, "record", _fails)

    with pytest.raises(RuntimeError, match="audit"):
        decide_claim(claim_id=claim.pk, decision=Decision.REJECT, admitted_fen=0,
                     text="x", by=reviewer)  # fmt: skip

    claim.refresh_from_db()
    assert (claim.state, claim.decision) == ("filed", "manual")
    assert not Adjustment.objects.exists()
    assert not Message.objects.exists()


def test_undo_restores_what_was_before(case: Any, reviewer: Any) -> None:
    claim = doubtful(case)
    before = deciding.snapshot(claim)
    decide_claim(claim_id=claim.pk, decision=Decision.REDUCE, admitted_fen=5, text="x",
                 by=reviewer)  # fmt: skip

    undone = undo_decision(claim_id=claim.pk, by=reviewer)

    assert deciding.snapshot(undone) == before
    assert Adjustment.objects.get(claim=claim).is_undone
    assert events(claim) == [Event.CLAIM_DECIDED, Event.DECISION_UNDONE]
    with pytest.raises(NotInState):
        undo_decision(claim_id=claim.pk, by=reviewer)


def test_undo_steps_back_to_the_earlier_decision(case: Any, reviewer: Any) -> None:
    claim = doubtful(case)
    decide_claim(claim_id=claim.pk, decision=Decision.REDUCE, admitted_fen=5, text="x",
                 by=reviewer)  # fmt: skip
    decide_claim(claim_id=claim.pk, decision=Decision.REJECT, admitted_fen=0, text="y",
                 by=reviewer)  # fmt: skip

    undone = undo_decision(claim_id=claim.pk, by=reviewer)

    assert (undone.decision, undone.admitted_fen) == ("reduce", 5)


def test_undo_is_refused_once_tabled(case: Any, reviewer: Any) -> None:
    claim = doubtful(case)
    decide_claim(claim_id=claim.pk, decision=Decision.REDUCE, admitted_fen=5, text="x",
                 by=reviewer)  # fmt: skip
    Claim.objects.filter(pk=claim.pk).update(state="tabled")

    with pytest.raises(NotInState):
        undo_decision(claim_id=claim.pk, by=reviewer)

    assert not Adjustment.objects.get(claim=claim).is_undone


def test_undo_leaves_what_the_creditor_amended_since(case: Any, reviewer: Any) -> None:
    claim = doubtful(case)
    decide_claim(claim_id=claim.pk, decision=Decision.REDUCE, admitted_fen=5, text="x",
                 by=reviewer)  # fmt: skip
    Claim.objects.filter(pk=claim.pk).update(decision="manual", admitted_fen=0)

    with pytest.raises(NotInState):
        undo_decision(claim_id=claim.pk, by=reviewer)


def test_large_claim_needs_two_people(case: Any, lead: Any, reviewer: Any) -> None:
    claim = doubtful(case, claimed_fen=LARGE)

    first = _reduce(claim, 4_000_000, reviewer)
    again = _reduce(claim, 4_000_000, reviewer)
    assert (first.state, again.state) == ("filed", "filed")
    assert SecondEntry.objects.get(claim=claim).entered_by == reviewer

    second = _reduce(claim, 4_000_000, lead)

    assert (second.state, second.admitted_fen) == ("reviewed", 4_000_000)
    assert not SecondEntry.objects.exists()
    assert events(claim) == [Event.CLAIM_FIRST_ENTERED, Event.CLAIM_DECIDED]


def test_first_entry_is_not_in_the_audit_detail(case: Any, reviewer: Any) -> None:
    claim = doubtful(case, claimed_fen=LARGE)

    _reduce(claim, 4_000_000, reviewer)

    assert Entry.objects.get(event=Event.CLAIM_FIRST_ENTERED).detail == {}


def test_differing_entries_are_settled_by_the_lead(
    case: Any, lead: Any, reviewer: Any
) -> None:
    claim = doubtful(case, claimed_fen=LARGE)
    other = make_staff(Role.ADMINISTRATOR_REVIEWER, case.administrator)
    _reduce(claim, 4_000_000, reviewer)
    _reduce(claim, 3_000_000, other)

    with pytest.raises(NotAllowed):
        _reduce(claim, 3_000_000, reviewer)
    settled = _reduce(claim, 3_500_000, lead)

    assert (settled.state, settled.admitted_fen) == ("reviewed", 3_500_000)


def test_lead_who_made_one_entry_may_adopt_only_the_other(
    case: Any, lead: Any, reviewer: Any
) -> None:
    claim = doubtful(case, claimed_fen=LARGE)
    _reduce(claim, 4_000_000, lead)
    _reduce(claim, 3_000_000, reviewer)

    with pytest.raises(NotAllowed):
        _reduce(claim, 4_000_000, lead)
    settled = _reduce(claim, 3_000_000, lead)

    assert settled.admitted_fen == 3_000_000


def test_question_goes_out_once_per_form(case: Any, reviewer: Any) -> None:
    claim = doubtful(case)

    for _ in range(2):
        ask_creditor(claim_id=claim.pk, text="请补充合同", form_key="k1", by=reviewer)

    assert Message.objects.get(claim=claim).text == "请补充合同"
    assert events(claim) == [Event.MESSAGE_SENT]


def test_question_by_the_court_is_refused(case: Any) -> None:
    claim = doubtful(case)
    judge = make_staff(Role.BANKRUPTCY_JUDGE, case.court)

    with pytest.raises(NotAllowed):
        ask_creditor(claim_id=claim.pk, text="?", form_key="k1", by=judge)


def _reduce(claim: Claim, fen: int, by: Any) -> Claim:
    return decide_claim(
        claim_id=claim.pk, decision=Decision.REDUCE, admitted_fen=fen, text="x", by=by
    )


def _fails(*_: Any, **__: Any) -> None:
    raise RuntimeError("audit")

"""The table of moves is what the acts do: every act is tried on a claim in every state."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from factories import (
    make_balance,
    make_case,
    make_claim,
    make_creditor,
    make_evidence,
    make_holder,
    make_staff,
)
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.actions import bulk, deciding, entering, filing
from zhipo.claims.actions.answering import answer_objection
from zhipo.claims.actions.confirming import confirm_register, record_checking
from zhipo.claims.actions.messages import send_message, write_to_administrator
from zhipo.claims.actions.objecting import raise_objection
from zhipo.claims.actions.payout import choose_payout
from zhipo.claims.actions.proving import prove_identity
from zhipo.claims.actions.reviewing import review_filed
from zhipo.claims.actions.suing import Judgment, enter_judgment, record_suit
from zhipo.claims.actions.tabling import table_register
from zhipo.claims.models import Adjustment, Claim, Objection
from zhipo.claims.queries.desk import ClaimFilter
from zhipo.claims.states import MOVES, STATES, FiledThrough, PayoutChannel
from zhipo.law.review.decision import Decision
from zhipo.web.refusals import Declined

pytestmark = pytest.mark.django_db
Acts = dict[str, Callable[[Claim], object]]
FEN = 27_188
ID_NO = "11010519491231002X"
ADMITTED = {Decision.ADMIT: FEN, Decision.REDUCE: 1, Decision.REJECT: 0, Decision.MANUAL: 0}
STANDS = {
    "prefilled": ("",), "filed": ("", "manual"), "reviewed": tuple(Decision),
    "tabled": ("admit", "reduce"), "checked": ("admit", "reduce"),
    "confirmed": ("admit", "reduce"), "disputed": ("admit", "reduce", "reject"),
    "deferred": ("manual",), "rejected": ("reject",), "withdrawn": ("", "admit"),
}  # fmt: skip
"""With which decisions a claim can stand in a state."""

LISTED = {"kind": "employee", "filed_through": "listed"}


class People:
    """A case in its checking phase, and those who act in it."""

    def __init__(self) -> None:
        self.case = make_case(phase=Phase.CHECKING)
        self.creditor = make_creditor()
        self.lead = make_staff(Role.ADMINISTRATOR_LEAD, self.case.administrator)
        self.judge = make_staff(Role.BANKRUPTCY_JUDGE, self.case.court)
        self.other = make_creditor("+8613900139000")
        self.others = make_claim(
            self.case, make_holder(self.case, "+8613900139000"), state="deferred",
            creditor=self.other,
        )  # fmt: skip
        self.books = make_evidence(self.case, changes={"new": 1})

    def claim(self, state: str, decision: str, **given: Any) -> Claim:
        holder = make_holder(self.case)
        make_balance(self.books, holder)
        values = {"state": state, "decision": decision, "creditor": self.creditor} | given
        if decision:
            values |= {"admitted_fen": ADMITTED[Decision(decision)]}
            values |= {"decided_at": timezone.now() - timedelta(hours=1)}
        if state == "confirmed":
            values |= {"confirmed_fen": FEN, "ruling": "之一"}
        return make_claim(self.case, holder, **values)


def acts_of(people: People) -> Acts:
    """Every act that may touch a claim, done by whoever leads it."""
    return creditors_acts(people) | reviewers_acts(people) | register_acts(people)


def creditors_acts(people: People) -> Acts:
    by = people.creditor
    figure = {"claimed_fen": FEN + 1, "statement": "还有一笔"}
    return {
        "file": lambda one: filing.file_claim(claim_id=one.pk, by=by),
        "dispute": lambda one: filing.file_disputed(claim_id=one.pk, **figure, by=by),
        "amend": lambda one: filing.amend_claim(claim_id=one.pk, **figure, by=by),
        "withdraw": lambda one: filing.withdraw_claim(claim_id=one.pk, by=by),
        "file again": lambda one: filing.file_again(claim_id=one.pk, by=by),
        "object": lambda one: raise_objection(claim_id=one.pk, text="不对", by=by),
        "object as another": lambda one: raise_objection(
            claim_id=one.pk, text="不对", by=people.other
        ),
        "choose payout": lambda one: choose_payout(
            claim_id=one.pk, channel=PayoutChannel.CASH, account="", by=by
        ),
        "prove": lambda one: prove_identity(
            claim_id=one.pk, name="王小明", id_no=ID_NO, by=by
        ),
        "write": lambda one: write_to_administrator(
            claim_id=one.pk, text="你好", form_key="k", by=by
        ),
    }


def reviewers_acts(people: People) -> Acts:
    lead = people.lead
    arrival = entering.Arrival(FiledThrough.POST, timezone.localdate())
    return {
        "enter": lambda one: entering.enter_prefilled(
            claim_id=one.pk, claimed_fen=FEN, text="", arrival=arrival, by=lead
        ),
        "correct the list": lambda one: entering.correct_listing(
            claim_id=one.pk, claimed_fen=FEN + 1, text="更正", by=lead
        ),
        "review": lambda one: review_filed(case_id=one.case_id),
        "admit one": lambda one: decide(one, Decision.ADMIT, lead),
        "reduce one": lambda one: decide(one, Decision.REDUCE, lead),
        "reject one": lambda one: decide(one, Decision.REJECT, lead),
        "admit many": lambda one: decide_many(one, lead),
        "undo": lambda one: deciding.undo_decision(claim_id=one.pk, by=lead),
        "undo many": lambda one: undo_many(one, lead),
        "ask": lambda one: deciding.ask_creditor(
            claim_id=one.pk, text="请补材料", form_key="k", by=lead
        ),
        "tell": lambda one: send_message(
            claim_id=one.pk, phrase="message.undone", values={}, by=lead
        ),
        "uphold": lambda one: answer(one, FEN, lead),
        "uphold another's": lambda one: answer(one, 0, lead, raised_from=people.others),
        "explain": lambda one: answer(one, None, lead),
    }


def register_acts(people: People) -> Acts:
    lead, judge, today = people.lead, people.judge, timezone.localdate()
    return {
        "table": lambda one: table_register(case_id=one.case_id, by=lead),
        "check": lambda one: record_checking(
            case_id=one.case_id, checked_on=today, by=judge
        ),
        "confirm": lambda one: confirm_register(
            case_id=one.case_id, ruling="之二", by=judge
        ),
        "sue": lambda one: sue(one, lead),
        "judge": lambda one: enter_judgment(
            claim_id=one.pk, judgment=Judgment("判决", today, 1), by=judge
        ),
        "judge to nothing": lambda one: enter_judgment(
            claim_id=one.pk, judgment=Judgment("判决", today, 0), by=judge
        ),
    }


def decide(claim: Claim, decision: Decision, by: User) -> Claim:
    fen = {Decision.ADMIT: claim.claimed_fen, Decision.REDUCE: 5}.get(decision, 0)
    return deciding.decide_claim(
        claim_id=claim.pk, decision=decision, admitted_fen=fen, text="理由", by=by
    )


def decide_many(claim: Claim, by: User) -> str:
    wanted = ClaimFilter()
    seen = bulk.preview(claim.case, wanted, Decision.ADMIT)
    order = bulk.BulkOrder(wanted, seen, Decision.ADMIT, "理由")
    return bulk.decide_claims(case_id=claim.case_id, order=order, by=by)


def undo_many(claim: Claim, by: User) -> int:
    last = Adjustment.objects.exclude(batch="").filter(claim=claim).latest("pk")
    return bulk.undo_batch(case_id=claim.case_id, batch=last.batch, by=by)


def sue(claim: Claim, by: User) -> Objection:
    Case.objects.filter(pk=claim.case_id).update(checked_on=timezone.localdate())
    raised = Objection.objects.create(
        claim=claim, by=claim.creditor, at=timezone.now(), text="不对"
    )
    return record_suit(
        objection_id=raised.pk, number="民初1号", sued_on=timezone.localdate(), by=by
    )


def answer(claim: Claim, fen: int | None, by: User, **raised_by: Any) -> Objection:
    raised = Objection.objects.create(
        claim=claim, by=claim.creditor, at=timezone.now(), text="不对", **raised_by
    )
    return answer_objection(objection_id=raised.pk, upheld_fen=fen, text="理由", by=by)


def moves_done(people: People) -> Iterator[tuple[str, str, str]]:
    """(act, from, to) of every change of state, one act and one act after another."""
    acts = acts_of(people)
    starts = [(state, one, {}) for state in STATES for one in STANDS[state]]
    for start in [*starts, ("filed", "admit", LISTED)]:
        for name in acts:
            yield from tried(people, start, [name])
    for state in ("filed", "reviewed", "deferred"):
        for pair in (["admit one", "undo"], ["admit many", "undo many"]):
            yield from tried(people, (state, "", {}), pair)


def tried(
    people: People, start: tuple[str, str, dict[str, str]], names: list[str]
) -> Iterator[tuple[str, str, str]]:
    """The acts one after another on a new claim, which is taken away again."""
    acts, found = acts_of(people), []
    state, decision, given = start
    with transaction.atomic():
        claim = people.claim(state, decision, **given)
        for name in names:
            before = claim.state
            try:
                with transaction.atomic():
                    acts[name](claim)
            except (Declined, Adjustment.DoesNotExist):
                pass
            claim.refresh_from_db()
            if claim.state != before:
                found.append((name, before, claim.state))
        transaction.set_rollback(True)
    yield from found


def test_the_acts_make_the_moves_of_the_table_and_no_others() -> None:
    done = set(moves_done(People()))

    table = {(state, to) for state, moves in MOVES.items() for to in moves}
    stray = {one for one in done if one[1:] not in table}
    assert stray == set()
    assert table - {one[1:] for one in done} == set()

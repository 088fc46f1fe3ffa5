"""Payout, proof of identity, objections, messages: each act in its four ways."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from factories import make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.limits import TooMany
from zhipo.accounts.models import Attempt, User
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.cases.powers import Act, power_in
from zhipo.claims.actions import messages, objecting, payout, proving
from zhipo.claims.models import Adjustment, Claim, Message, Objection
from zhipo.claims.policies.objecting import last_day_to_sue
from zhipo.claims.states import STATES, IdentityProof, PayoutChannel
from zhipo.law.register.states import ClaimState
from zhipo.privacy.columns import lookup_hash
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
PHONE, STRANGER = "+8613800138000", "+8613900139000"
ID_NO, NAME = "11010519491231002X", "王小明"
CARD = "6222020200112233445"
Do = Callable[[Claim, User], object]


class NoAudit(RuntimeError):
    """The trail cannot be written."""


def choose(claim: Claim, by: User) -> object:
    return payout.choose_payout(
        claim_id=claim.pk, channel=PayoutChannel.BANK, account=CARD, by=by
    )


def prove(claim: Claim, by: User) -> object:
    return proving.prove_identity(claim_id=claim.pk, name=NAME, id_no=ID_NO, by=by)


def object_to(claim: Claim, by: User) -> object:
    return objecting.raise_objection(claim_id=claim.pk, text="少算了一笔", by=by)


def write(claim: Claim, by: User) -> object:
    return messages.write_to_administrator(
        claim_id=claim.pk, text="什么时候能拿到钱？", form_key="form-1", by=by
    )


def tell(claim: Claim, by: User | None) -> object:
    return messages.send_message(
        claim_id=claim.pk, phrase="message.undone", values={"number": claim.number}, by=by
    )


ACTS: dict[str, tuple[Any, Do, str]] = {
    "choose": (payout, choose, "payout_chosen"),
    "prove": (proving, prove, "identity_proven"),
    "object": (objecting, object_to, "objection_raised"),
    "write": (messages, write, "message_sent"),
}
each_act = pytest.mark.parametrize("name", ACTS)


@pytest.fixture
def case() -> Case:
    return make_case()


@pytest.fixture
def person() -> User:
    return make_creditor(PHONE)


@pytest.fixture
def claim(case: Case, person: User) -> Claim:
    return claim_in(case, person)


def claim_in(case: Case, person: User, **given: Any) -> Claim:
    """A reviewed claim whose holder the books know by name and number."""
    known = {"id_hash": lookup_hash("id_no", ID_NO), "name_hash": lookup_hash("name", NAME)}
    values = {"state": "reviewed", "decision": "admit", "admitted_fen": 27_188} | given
    holder = make_holder(case, PHONE, **known)
    return make_claim(case, holder, creditor=person, **values)


def everything(claim: Claim) -> list[list[Any]]:
    """All that these acts may change, for before and after."""
    tables = (Claim, Adjustment, Objection, Message)
    rows: list[list[Any]] = [
        list(table.objects.order_by("pk").values()) for table in tables
    ]
    people = User.objects.order_by("pk").values("pk", "id_hash", "name", "id_no")
    return [*rows, list(people), list(Entry.objects.values_list("event", flat=True))]


def events(claim: Claim) -> list[str]:
    rows = Entry.objects.filter(subject=f"claim {claim.pk}").order_by("position")
    return list(rows.values_list("event", flat=True))


@each_act
def test_act_is_recorded_once_in_the_cases_chain(
    name: str, claim: Claim, person: User
) -> None:
    _, act, event = ACTS[name]

    act(claim, person)

    entry = Entry.objects.get(event=event)
    assert (entry.chain, entry.subject) == (claim.case.number, f"claim {claim.pk}")
    assert (entry.actor, entry.role) == (f"user {person.pk}", "creditor")
    told = str(entry.detail)
    assert not any(secret in told for secret in (CARD, ID_NO, NAME, "少算", "什么时候"))


@each_act
def test_the_same_form_twice_changes_nothing_more(
    name: str, claim: Claim, person: User
) -> None:
    _, act, event = ACTS[name]
    act(claim, person)
    once = everything(claim)

    act(claim, person)

    assert everything(claim) == once
    assert events(claim) == [event]


@each_act
def test_a_strangers_act_is_refused_as_if_nothing_were_there(
    name: str, claim: Claim
) -> None:
    act, stranger = ACTS[name][1], make_creditor(STRANGER)
    before = everything(claim)

    with pytest.raises(NotAllowed, match="not_found"):
        act(claim, stranger)

    assert everything(claim) == before


@each_act
@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR_LEAD, Role.ADMINISTRATOR_REVIEWER, Role.BANKRUPTCY_JUDGE]
)
def test_staff_do_not_act_in_a_creditors_place(name: str, role: Role, claim: Claim) -> None:
    act, case = ACTS[name][1], claim.case
    is_court = role == Role.BANKRUPTCY_JUDGE
    by = make_staff(role, case.court if is_court else case.administrator)
    before = everything(claim)

    with pytest.raises(NotAllowed):
        act(claim, by)

    assert everything(claim) == before


@each_act
def test_a_failing_audit_undoes_the_act(
    name: str, claim: Claim, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, act, _ = ACTS[name]
    before = everything(claim)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise NoAudit

    monkeypatch.setattr(module, "record", fail)
    with pytest.raises(NoAudit):
        act(claim, person)

    assert everything(claim) == before


PAYABLE = frozenset(STATES) - {"prefilled", "withdrawn"}


@pytest.mark.parametrize("state", STATES)
def test_payout_is_chosen_for_a_live_claim_only(
    state: str, case: Case, person: User
) -> None:
    claim = claim_in(case, person, state=state, **settled(state))

    assert is_refused(choose, claim, person) is (state not in PAYABLE)


@pytest.mark.parametrize("phase", Phase)
def test_payout_is_chosen_until_the_case_is_over(phase: Phase, person: User) -> None:
    claim = claim_in(make_case(phase=phase), person)

    over = phase in {Phase.CLOSED, Phase.DISMISSED}
    assert is_refused(choose, claim, person) is over


def test_payout_stands_once_it_is_ordered(claim: Claim, person: User) -> None:
    Claim.objects.update(payout_ordered_at=timezone.now())

    assert is_refused(choose, claim, person)


@pytest.mark.parametrize("state", STATES)
def test_identity_may_be_proven_at_any_time(state: str, case: Case, person: User) -> None:
    """A claim is never struck off for it, and its share waits: so does the proof."""
    claim = claim_in(case, person, state=state, **settled(state))

    prove(claim, person)

    claim.refresh_from_db()
    assert claim.identity == IdentityProof.REAL_NAME


@pytest.mark.parametrize(
    "known", [{"id_hash": ""}, {"id_hash": lookup_hash("id_no", "11010519491231002Y")}]
)
def test_identity_that_the_books_do_not_bear_out_changes_nothing(
    known: dict[str, str], claim: Claim, person: User
) -> None:
    assert claim.holder is not None
    type(claim.holder).objects.update(**known)
    before = everything(claim)

    with pytest.raises(proving.NotTheSame):
        prove(claim, person)

    assert everything(claim) == before
    assert Attempt.objects.filter(kind=proving.REAL_NAME.kind, is_failure=True).count() == 1


def test_identity_is_not_guessed_at(claim: Claim, person: User) -> None:
    wrong = {"claim_id": claim.pk, "name": "李四", "id_no": ID_NO, "by": person}
    for _ in range(proving.REAL_NAME.count):
        with pytest.raises(proving.NotTheSame):
            proving.prove_identity(**wrong)

    with pytest.raises(TooMany):
        prove(claim, person)

    claim.refresh_from_db()
    assert claim.identity == IdentityProof.UNPROVEN


def test_identity_cannot_be_compared_for_a_claim_without_an_account(
    case: Case, person: User
) -> None:
    claim = make_claim(case, None, creditor=person, state="filed", kind="supplier")

    with pytest.raises(proving.NotTheSame, match="nothing_to_compare"):
        prove(claim, person)


OBJECTIONABLE = {"reviewed", "tabled", "checked", "rejected"}


@pytest.mark.parametrize("state", STATES)
def test_objection_needs_a_result_that_is_not_final(
    state: str, case: Case, person: User
) -> None:
    claim = claim_in(case, person, state=state, **settled(state))

    assert is_refused(object_to, claim, person) is (state not in OBJECTIONABLE)


@pytest.mark.parametrize("phase", Phase)
def test_the_powers_table_and_the_act_agree_on_when_one_may_object(
    phase: Phase, person: User
) -> None:
    """EBL 48.2 and 57.1 before a register can be tabled, EBL 58 and BI3 8 from then on."""
    case = make_case(phase=phase)
    listed = {"state": "filed", "kind": "employee", "filed_through": "listed"}
    row = power_in(Act.RAISE_OBJECTION, phase)

    for claim in (claim_in(case, person), claim_in(case, person, **listed)):
        assert is_refused(object_to, claim, person) is (row is None)
    assert row is None or row.leads == {Role.CREDITOR}


@pytest.mark.parametrize("phase", Phase)
def test_whoever_may_object_may_be_answered(phase: Phase) -> None:
    asked, answered = (
        power_in(act, phase) for act in (Act.RAISE_OBJECTION, Act.ANSWER_OBJECTION)
    )

    assert (asked is None) is (answered is None)


CHECKED_ON = date(2025, 10, 9)  # fifteen days on is Friday 2025-10-24
BEFORE, AFTER = datetime(2025, 10, 1, 12), datetime(2025, 10, 10, 12)


@pytest.mark.parametrize(
    ("state", "decided", "last"),
    [
        ("reviewed", AFTER, None),
        ("tabled", AFTER, None),
        ("deferred", BEFORE, None),
        ("checked", BEFORE, date(2025, 10, 24)),
        ("disputed", BEFORE, date(2025, 10, 24)),
        ("rejected", BEFORE, date(2025, 10, 24)),
        ("rejected", AFTER, None),
    ],
)
def test_the_fifteen_days_run_only_for_what_the_meeting_has_checked(
    state: str, decided: datetime, last: date | None, person: User
) -> None:
    at = timezone.make_aware(decided)
    case = make_case(checked_on=CHECKED_ON, phase=Phase.CHECKING)

    assert last_day_to_sue(claim_in(case, person, state=state, decided_at=at)) == last


def test_a_late_claim_may_be_objected_to_long_after_the_first_meeting(
    person: User,
) -> None:
    case = make_case(checked_on=CHECKED_ON, phase=Phase.DISTRIBUTION)

    assert not is_refused(object_to, claim_in(case, person, is_late=True), person)


@pytest.mark.parametrize("state", STATES)
def test_words_to_the_administrator_are_taken_in_every_state(
    state: str, case: Case, person: User
) -> None:
    claim = claim_in(case, person, state=state, **settled(state))

    write(claim, person)

    message = Message.objects.get(claim=claim)
    assert (message.text, message.from_administrator) == ("什么时候能拿到钱？", False)
    assert len(message.proof_code) == messages.CODE_LENGTH
    assert not set(message.proof_code) - set(messages.ALPHABET)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR_LEAD, Role.ADMINISTRATOR_REVIEWER])
def test_the_administrator_tells_something_and_it_is_recorded(
    role: Role, claim: Claim
) -> None:
    by = make_staff(role, claim.case.administrator)

    message = tell(claim, by)

    assert Message.objects.get() == message
    assert events(claim) == ["message_sent"]


@pytest.mark.parametrize(
    "role",
    [Role.CREDITOR, Role.ADMINISTRATOR_CASHIER, Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK],
)
def test_nobody_else_tells_something_in_the_administrators_name(
    role: Role, claim: Claim, person: User
) -> None:
    is_court = role in {Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK}
    where = claim.case.court if is_court else claim.case.administrator
    by = person if role == Role.CREDITOR else make_staff(role, where)
    before = everything(claim)

    with pytest.raises(NotAllowed):
        tell(claim, by)

    assert everything(claim) == before


@pytest.mark.parametrize("phase", [Phase.CLOSED, Phase.DISMISSED])
def test_nothing_more_is_told_once_the_case_is_over(phase: Phase, person: User) -> None:
    claim = claim_in(make_case(phase=phase), person)
    lead = make_staff(Role.ADMINISTRATOR_LEAD, claim.case.administrator)

    assert is_refused(tell, claim, lead)


def test_telling_is_undone_by_a_failing_audit(
    claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise NoAudit

    monkeypatch.setattr(messages, "record", fail)
    with pytest.raises(NoAudit):
        tell(claim, None)

    assert not Message.objects.exists()


def test_another_form_is_another_message(claim: Claim, person: User) -> None:
    for key in ("a", "b", "a"):
        messages.write_to_administrator(
            claim_id=claim.pk, text="你好", form_key=key, by=person
        )

    assert Message.objects.count() == 2


def test_only_the_creditor_marks_messages_as_read(claim: Claim, person: User) -> None:
    tell(claim, None)
    lead = make_staff(Role.ADMINISTRATOR_LEAD, claim.case.administrator)

    assert messages.mark_read(claim_id=claim.pk, by=lead) == 0
    assert messages.mark_read(claim_id=claim.pk, by=make_creditor(STRANGER)) == 0
    assert messages.mark_read(claim_id=claim.pk, by=person) == 1
    assert messages.mark_read(claim_id=claim.pk, by=person) == 0


def settled(state: str) -> dict[str, Any]:
    """What the table demands of a claim in this state."""
    is_confirmed = state == ClaimState.CONFIRMED
    return {"confirmed_fen": 27_188, "ruling": "之一"} if is_confirmed else {}


def is_refused(act: Do, claim: Claim, by: User) -> bool:
    """Whether the act is refused for the state of things, and then nothing has changed."""
    before = everything(claim)
    try:
        act(claim, by)
    except NotInState:
        assert everything(claim) == before
        return True
    assert everything(claim) != before
    return False

"""Bulk, tabling, answers, paper, reminders: done, refused, undone with the audit."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from factories import make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.phases import Phase
from zhipo.claims.actions import answering, bulk, entering, reminding, tabling
from zhipo.claims.actions.bulk import (
    BulkOrder,
    Preview,
    decide_claims,
    preview,
    undo_batch,
)
from zhipo.claims.actions.entering import Arrival
from zhipo.claims.actions.others import Statement
from zhipo.claims.actions.reminding import Channel, order_reminders, send_reminders
from zhipo.claims.actions.tabling import table_register
from zhipo.claims.models import Adjustment, Claim, Message, Objection, Reminder
from zhipo.claims.policies.deciding import WrongFigure
from zhipo.claims.queries.desk import ClaimFilter
from zhipo.claims.queries.register import headings
from zhipo.claims.states import ClaimKind, FiledThrough
from zhipo.gateways.sms import SmsNotSent
from zhipo.law.review.decision import Decision
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
ALL = ClaimFilter()
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 14, tzinfo=UTC)


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


def filed(case: Any, **given: Any) -> Claim:
    return make_claim(case, make_holder(case), **({"state": "filed"} | given))


def count(event: Event) -> int:
    return Entry.objects.filter(event=event).count()


def in_bulk(case: Any, by: Any, decision: Decision = Decision.REDUCE) -> str:
    seen = preview(case, ALL, decision)
    order = BulkOrder(ALL, seen, decision, "以账目为准")
    return decide_claims(case_id=case.pk, order=order, by=by)


def test_bulk_preview_says_what_is_done_then(case: Any, reviewer: Any) -> None:
    claims = [filed(case, claimed_fen=30_000) for _ in range(3)]
    filed(case)  # claims what the books have: nothing to reduce
    filed(case, claimed_fen=6_000_000)

    seen = preview(case, ALL, Decision.REDUCE)
    batch = in_bulk(case, reviewer)

    assert seen == Preview(count=3, before_fen=0, after_fen=3 * 27_188, large=1)
    for claim in claims:
        claim.refresh_from_db()
        assert (claim.state, claim.admitted_fen) == ("reviewed", 27_188)
    assert Adjustment.objects.filter(batch=batch).count() == 3
    assert Message.objects.count() == 3
    entry = Entry.objects.get(event=Event.CLAIMS_DECIDED)
    assert (entry.detail["count"], entry.detail["fen"]) == (3, 3 * 27_188)


def test_bulk_takes_as_many_statements_for_one_as_for_many(
    case: Any, reviewer: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        filed(case, claimed_fen=30_000)

    with django_assert_max_num_queries(16):
        in_bulk(case, reviewer)


def test_bulk_is_refused_when_claims_changed_since_the_preview(
    case: Any, reviewer: Any
) -> None:
    claim = filed(case, claimed_fen=30_000)
    seen = preview(case, ALL, Decision.REDUCE)
    filed(case, claimed_fen=30_000)
    order = BulkOrder(ALL, seen, Decision.REDUCE, "x")

    with pytest.raises(NotInState):
        decide_claims(case_id=case.pk, order=order, by=reviewer)

    claim.refresh_from_db()
    assert (claim.state, count(Event.CLAIMS_DECIDED)) == ("filed", 0)


def test_the_same_batch_is_decided_once(case: Any, reviewer: Any) -> None:
    filed(case, claimed_fen=30_000)
    order = BulkOrder(ALL, preview(case, ALL, Decision.REDUCE), Decision.REDUCE, "x")

    for _ in range(2):
        decide_claims(case_id=case.pk, order=order, by=reviewer)

    assert Adjustment.objects.count() == Message.objects.count() == 1
    assert count(Event.CLAIMS_DECIDED) == 1


def test_bulk_by_the_court_is_refused(case: Any, judge: Any) -> None:
    filed(case, claimed_fen=30_000)

    with pytest.raises(NotAllowed):
        in_bulk(case, judge)


def test_batch_comes_back_but_for_what_is_tabled(case: Any, reviewer: Any) -> None:
    back, tabled = filed(case, claimed_fen=30_000), filed(case, claimed_fen=30_000)
    batch = in_bulk(case, reviewer)
    Claim.objects.filter(pk=tabled.pk).update(state="tabled")

    undone = undo_batch(case_id=case.pk, batch=batch, by=reviewer)

    back.refresh_from_db()
    assert (undone, back.state, back.admitted_fen, back.rules) == (1, "filed", None, [])
    with pytest.raises(NotInState):
        undo_batch(case_id=case.pk, batch=batch, by=reviewer)


def test_register_is_tabled_each_claim_its_way(case: Any, lead: Any) -> None:
    by_state = {
        "tabled": filed(case, state="reviewed", decision="admit", admitted_fen=27_188),
        "rejected": filed(case, state="reviewed", decision="reject", admitted_fen=0),
        "deferred": filed(case, state="reviewed", decision="manual", admitted_fen=0),
        "filed": filed(case, decision="manual", admitted_fen=0),
    }
    listed = filed(case, kind="employee", filed_through="listed", decision="admit",
                   admitted_fen=27_188)  # fmt: skip

    done = table_register(case_id=case.pk, by=lead)
    again = table_register(case_id=case.pk, by=lead)

    assert (done.tabled, done.tabled_fen, done.deferred, done.rejected, done.open) == (
        2, 54_376, 1, 1, 1)  # fmt: skip
    assert again.tabled == 0
    for state, claim in by_state.items():
        claim.refresh_from_db()
        assert claim.state == state
    listed.refresh_from_db()
    assert listed.state == "tabled"
    assert count(Event.REGISTER_TABLED) == 1
    ordinary = next(one for one in headings(case) if one.name == "ORDINARY")
    assert (ordinary.admitted_fen, ordinary.reserved_fen) == (27_188, 2 * 27_188)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR_REVIEWER, Role.ADMINISTRATOR_CASHIER])
def test_only_the_lead_tables(case: Any, role: Role) -> None:
    claim = filed(case, state="reviewed", decision="admit", admitted_fen=1)

    with pytest.raises(NotAllowed):
        table_register(case_id=case.pk, by=make_staff(role, case.administrator))

    claim.refresh_from_db()
    assert claim.state == "reviewed"


def test_register_is_not_tabled_while_claims_are_filed(lead: Any, case: Any) -> None:
    filed(case, state="reviewed", decision="admit", admitted_fen=1)
    case.phase = Phase.FILING
    case.save()

    with pytest.raises(NotInState):
        table_register(case_id=case.pk, by=lead)


def objection(claim: Claim) -> Objection:
    return Objection.objects.create(claim=claim, by=make_creditor(), at=timezone.now(),
                                    text="少算了一笔")  # fmt: skip


@pytest.mark.parametrize(
    ("state", "after"),
    [("reviewed", "reviewed"), ("tabled", "tabled"), ("disputed", "disputed"),
     ("rejected", "disputed")],
)  # fmt: skip
def test_upheld_objection_changes_the_sum(
    case: Any, reviewer: Any, state: str, after: str
) -> None:
    claim = filed(case, state=state, decision="reject", admitted_fen=0)
    raised = objection(claim)

    answering.answer_objection(
        objection_id=raised.pk, upheld_fen=20_000, text="补上一笔", by=reviewer
    )

    claim.refresh_from_db()
    raised.refresh_from_db()
    assert (claim.state, claim.decision, claim.admitted_fen) == (after, "reduce", 20_000)
    assert (raised.state, raised.answered_by) == ("upheld", reviewer)
    assert Adjustment.objects.get(claim=claim).act == "objection_upheld"
    assert count(Event.OBJECTION_ANSWERED) == 1


def test_explained_objection_names_the_day_to_sue(case: Any, reviewer: Any) -> None:
    case.checked_on = datetime(2026, 3, 2, tzinfo=UTC).date()
    case.save()
    claim = filed(case, state="disputed", decision="admit", admitted_fen=100)
    raised = objection(claim)

    answering.answer_objection(
        objection_id=raised.pk, upheld_fen=None, text="账目无误", by=reviewer
    )

    raised.refresh_from_db()
    assert (raised.state, f"{raised.suit_until}") == ("explained", "2026-03-17")
    assert Message.objects.get(claim=claim).values["day"] == "2026-03-17"
    with pytest.raises(NotInState):
        answering.answer_objection(
            objection_id=raised.pk, upheld_fen=None, text="再答", by=reviewer
        )


def test_objection_is_not_upheld_above_the_claim(case: Any, reviewer: Any) -> None:
    raised = objection(filed(case, state="tabled", decision="reject", admitted_fen=0))

    with pytest.raises(WrongFigure):
        answering.answer_objection(
            objection_id=raised.pk, upheld_fen=27_189, text="x", by=reviewer
        )

    raised.refresh_from_db()
    assert raised.state == "open"


def test_large_objections_are_the_leads(case: Any, reviewer: Any, lead: Any) -> None:
    claim = filed(case, claimed_fen=6_000_000, state="tabled", decision="reject",
                  admitted_fen=0)  # fmt: skip
    raised = objection(claim)

    with pytest.raises(NotAllowed):
        answering.answer_objection(
            objection_id=raised.pk, upheld_fen=None, text="x", by=reviewer
        )
    answering.answer_objection(objection_id=raised.pk, upheld_fen=None, text="x", by=lead)


def posted(case: Any, days_ago: int = 1) -> Arrival:
    return Arrival(FiledThrough.POST, timezone.localdate() - timedelta(days=days_ago))


def test_paper_files_a_prefilled_claim_once(case: Any, reviewer: Any) -> None:
    claim = make_claim(case, make_holder(case))
    arrival = posted(case)

    for _ in range(2):
        entering.enter_prefilled(
            claim_id=claim.pk,
            claimed_fen=27_188,
            text="",
            arrival=arrival,
            by=reviewer,
        )

    claim.refresh_from_db()
    assert (claim.state, claim.filed_through, claim.is_disputed) == ("filed", "post", False)
    assert claim.receipt.startswith(claim.number)
    assert count(Event.CLAIM_FILED) == 1
    with pytest.raises(NotInState):
        entering.enter_prefilled(
            claim_id=claim.pk, claimed_fen=5, text="", arrival=posted(case), by=reviewer
        )


def test_paper_cannot_have_come_before_acceptance_or_tomorrow(
    case: Any, reviewer: Any
) -> None:
    claim = make_claim(case, make_holder(case))

    for days_ago in (-1, 10_000):
        with pytest.raises(entering.WrongDay):
            entering.enter_prefilled(
                claim_id=claim.pk, claimed_fen=27_188, text="",
                arrival=posted(case, days_ago), by=reviewer,
            )  # fmt: skip

    claim.refresh_from_db()
    assert claim.state == "prefilled"


def test_statement_on_paper_is_one_claim_per_form(case: Any, reviewer: Any) -> None:
    said = Statement(ClaimKind.SUPPLIER, "湘潭果蔬", 1_000, "货款")

    made = [
        entering.enter_statement(case_id=case.pk, said=said, form_key="k",
                                 arrival=posted(case), by=reviewer)
        for _ in range(2)
    ]  # fmt: skip

    assert made[0] == made[1]
    assert (made[0].number, made[0].is_disputed) == ("S-000-001", True)


def test_employee_is_listed_and_corrected(case: Any, reviewer: Any) -> None:
    said = Statement(ClaimKind.EMPLOYEE, "刘工", 500_000, "三个月工资")
    listed = entering.list_employee(case_id=case.pk, said=said, form_key="k", by=reviewer)

    entering.correct_listing(
        claim_id=listed.pk, claimed_fen=520_000, text="漏算津贴", by=reviewer
    )

    listed.refresh_from_db()
    assert (listed.state, listed.claimed_fen, listed.admitted_fen) == (
        "filed", 520_000, 520_000)  # fmt: skip
    assert count(Event.LISTING_CORRECTED) == 1
    Claim.objects.filter(pk=listed.pk).update(state="tabled")
    with pytest.raises(NotInState):
        entering.correct_listing(claim_id=listed.pk, claimed_fen=1, text="x", by=reviewer)


class FakeSms:
    """Keeps what it sent; refuses the phones it is told to; may die while sending."""

    def __init__(self, refuse: tuple[str, ...] = (), is_dying: bool = False) -> None:
        self.sent: list[str] = []
        self.refuse, self.is_dying = refuse, is_dying

    def send_code(self, *, phone: str, code: str, minutes: int) -> None:
        raise AssertionError("reminders send no codes")

    def send_notice(self, *, phone: str, template: str, values: dict[str, str]) -> str:
        if phone in self.refuse:
            raise SmsNotSent("isv.BUSINESS_LIMIT_CONTROL")
        self.sent.append(phone)
        if self.is_dying:
            raise KeyboardInterrupt
        return f"ref-{len(self.sent)}"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    return lambda now: monkeypatch.setattr(reminding.timezone, "now", lambda: now)


def states() -> list[str]:
    return list(Reminder.objects.order_by("pk").values_list("state", flat=True))


def test_round_reaches_the_silent_once(
    case: Any, reviewer: Any, at: Callable[[datetime], None]
) -> None:
    phones = [f"+861380013800{place}" for place in range(3)]
    claims = [make_claim(case, make_holder(case, phone)) for phone in phones]
    filed(case)
    ordered = order_reminders(case_id=case.pk, channel=Channel.SMS, now=NOON, by=reviewer)
    again = order_reminders(case_id=case.pk, channel=Channel.SMS, now=NOON, by=reviewer)
    at(NOON)
    Claim.objects.filter(pk=claims[0].pk).update(
        state="filed", filed_at=NOON, filed_through="phone"
    )
    sms = FakeSms(refuse=(phones[1],))

    left = send_reminders(round_id=ordered.pk, gateway=sms)
    send_reminders(round_id=ordered.pk, gateway=sms)

    assert (ordered, left) == (again, 0)
    assert sms.sent == [phones[2]]
    assert states() == ["skipped", "failed", "sent"]
    assert (count(Event.REMINDERS_ORDERED), count(Event.REMINDERS_SENT)) == (1, 1)


def test_nothing_is_sent_at_night(
    case: Any, reviewer: Any, at: Callable[[datetime], None]
) -> None:
    make_claim(case, make_holder(case))
    ordered = order_reminders(case_id=case.pk, channel=Channel.SMS, now=NIGHT, by=reviewer)
    at(NIGHT)
    sms = FakeSms()

    left = send_reminders(round_id=ordered.pk, gateway=sms)

    assert ordered.not_before == datetime(2026, 3, 3, 0, tzinfo=UTC)
    assert (left, sms.sent, states()) == (1, [], ["waiting"])


@pytest.mark.django_db(transaction=True)
def test_message_whose_outcome_is_unknown_is_not_sent_again(
    case: Any, reviewer: Any, at: Callable[[datetime], None]
) -> None:
    make_claim(case, make_holder(case))
    ordered = order_reminders(case_id=case.pk, channel=Channel.SMS, now=NOON, by=reviewer)
    at(NOON)
    with pytest.raises(KeyboardInterrupt):
        send_reminders(round_id=ordered.pk, gateway=FakeSms(is_dying=True))
    sms = FakeSms()

    send_reminders(round_id=ordered.pk, gateway=sms)

    assert (sms.sent, states()) == ([], ["sending"])


def test_round_without_anybody_is_refused(case: Any, reviewer: Any) -> None:
    with pytest.raises(NotInState):
        order_reminders(case_id=case.pk, channel=Channel.SMS, now=NOON, by=reviewer)


def test_audit_that_fails_undoes_every_act(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefilled = make_claim(case, make_holder(case))
    doubtful = filed(case, claimed_fen=30_000)
    raised = objection(filed(case, state="tabled", decision="reject", admitted_fen=0))
    said = Statement(ClaimKind.EMPLOYEE, "刘工", 500_000, "工资")
    for module in (bulk, tabling, answering, reminding):
        monkeypatch.setattr(module, "record", _fails)
    monkeypatch.setattr(entering, "record_filing", _fails)
    filed(case, state="reviewed", decision="admit", admitted_fen=1)
    acts: list[Callable[[], Any]] = [
        lambda: in_bulk(case, lead),
        lambda: table_register(case_id=case.pk, by=lead),
        lambda: answering.answer_objection(
            objection_id=raised.pk, upheld_fen=5, text="x", by=lead
        ),
        lambda: order_reminders(case_id=case.pk, channel=Channel.SMS, now=NOON, by=lead),
        lambda: entering.enter_prefilled(
            claim_id=prefilled.pk, claimed_fen=1, text="", arrival=posted(case), by=lead
        ),
        lambda: entering.list_employee(case_id=case.pk, said=said, form_key="k", by=lead),
    ]
    before = list(Claim.objects.order_by("pk").values())

    for act in acts:
        with pytest.raises(RuntimeError, match="audit"):
            act()

    assert list(Claim.objects.order_by("pk").values()) == before
    assert doubtful.pk in [row["id"] for row in before]
    assert not Adjustment.objects.exists()
    assert not Message.objects.exists()
    assert not Reminder.objects.exists()
    raised.refresh_from_db()
    assert raised.state == "open"


def _fails(*_: Any, **__: Any) -> None:
    raise RuntimeError("audit")

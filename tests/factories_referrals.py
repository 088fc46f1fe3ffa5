"""Courts of three levels, their people, and a referral brought as far as a test needs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from factories import (
    make_case,
    make_debtor,
    make_enforcement_case,
    make_organisation,
    make_staff,
)
from zhipo.accounts.models import Appointment, Organisation, User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.documents.kinds import KeptKind
from zhipo.documents.models import Document
from zhipo.enforcement.actions.decisions import (
    Opinion,
    approve_referral,
    sign_as_handler,
    sign_as_panel,
    sign_as_president,
)
from zhipo.enforcement.actions.referrals import (
    Answer,
    ReferralPlan,
    ask_consent,
    open_referral,
    record_answer,
)
from zhipo.enforcement.actions.reviews import ask_supplement, receive_referral
from zhipo.enforcement.actions.rulings import (
    Ruling,
    accept_referral,
    end_refusal,
    refuse_referral,
    return_papers,
    serve_refusal,
)
from zhipo.enforcement.actions.services import Delivery, record_service, send_referral
from zhipo.enforcement.models import (
    CourtRank,
    Debtor,
    EnforcementCase,
    Freeze,
    InquiryOrder,
    Institution,
    Property,
    Referral,
)
from zhipo.enforcement.referral_states import (
    ConsentAnswer,
    ConsentForm,
    CourtLevel,
    ReferralState,
    ServiceWay,
)
from zhipo.enforcement.states import FreezeState, PropertyKind
from zhipo.law.enforcement.freezes import Kind
from zhipo.law.referral.handover import Held
from zhipo.law.triage.road import Road

R = ReferralState
_numbers = count(1)

OPENED = date(2025, 7, 1)  # a Tuesday
DECIDED = date(2025, 7, 7)
SERVED = date(2025, 7, 10)
SENT = date(2025, 7, 14)
RECEIVED = date(2025, 7, 15)
RULED = date(2025, 8, 4)
REFUSAL_SERVED = date(2025, 8, 6)
FINAL = date(2025, 8, 18)  # the ten days end on Saturday the 16th, so on the 18th
EFFECTIVE = date(2025, 8, 19)
AGREES = Opinion(agrees=True, text="符合移送条件，同意移送。")
DISAGREES = Opinion(agrees=False, text="财产足以清偿，不同意移送。")
BY_POST = Delivery(way=ServiceWay.POST, served_on=SERVED, proof="XA1234567CN")
ACCEPTING = Ruling(number="（2025）湘03破申7号", ruled_on=RULED)
REFUSING = Ruling(
    number="（2025）湘03破申7号之一", ruled_on=RULED, grounds="资产大于负债。"
)


def at_noon(day: date) -> datetime:
    """An instant of that day at +08:00."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Bench:
    """A basic court that refers, the courts above and beside it, and their people."""

    sending: Organisation
    intermediate: Organisation
    high: Organisation
    beside: Organisation
    handler: User
    panel: tuple[User, User]
    president: User
    clerk: User
    bankruptcy_judge: User
    bankruptcy_clerk: User
    above_judge: User
    beside_clerk: User
    debtor: Debtor
    leading: EnforcementCase


def make_bench(**debtor: Any) -> Bench:
    """Two cases before the court that refers, one before a court beside it."""
    sending, intermediate, high, beside = (make_organisation() for _ in range(4))
    rank(high, CourtLevel.HIGH, None)
    rank(intermediate, CourtLevel.INTERMEDIATE, high)
    rank(sending, CourtLevel.BASIC, intermediate)
    rank(beside, CourtLevel.BASIC, intermediate)
    made = make_debtor(
        **{"address": "湘潭市雨湖区", "credit_code": f"X{next(_numbers):017d}", **debtor}
    )
    leading = make_enforcement_case(debtor=made, court=sending)
    make_enforcement_case(debtor=made, court=sending)
    make_enforcement_case(debtor=made, court=beside)
    return Bench(
        sending=sending,
        intermediate=intermediate,
        high=high,
        beside=beside,
        handler=staff(Role.ENFORCEMENT_JUDGE, sending),
        panel=(
            staff(Role.ENFORCEMENT_JUDGE, sending),
            staff(Role.ENFORCEMENT_JUDGE, sending),
        ),
        president=staff(Role.COURT_PRESIDENT, sending),
        clerk=staff(Role.COURT_CLERK, sending),
        bankruptcy_judge=staff(Role.BANKRUPTCY_JUDGE, intermediate),
        bankruptcy_clerk=staff(Role.COURT_CLERK, intermediate),
        above_judge=staff(Role.ENFORCEMENT_JUDGE, intermediate),
        beside_clerk=staff(Role.COURT_CLERK, beside),
        debtor=made,
        leading=leading,
    )


def staff(role: Role, court: Organisation) -> User:
    """Somebody whose office began before the days of these tests."""
    user = make_staff(role, court)
    Appointment.objects.filter(user=user).update(since=date(2025, 1, 1))
    return user


def rank(court: Organisation, level: CourtLevel, above: Organisation | None) -> CourtRank:
    return CourtRank.objects.create(court=court, level=level, above=above)


def elsewhere(bench: Bench) -> Organisation:
    """An intermediate court that is not the one above the sending court."""
    court = make_organisation()
    rank(court, CourtLevel.INTERMEDIATE, bench.high)
    return court


def plan_of(bench: Bench, **given: Any) -> ReferralPlan:
    values: dict[str, Any] = {
        "leading_id": bench.leading.pk,
        "receiving_id": bench.intermediate.pk,
        "road": Road.REFER_LIQUIDATION,
        "domicile": "湖南省湘潭市雨湖区韶山路9号",
        "is_at_domicile": True,
        "cause": "到期债务不能清偿，经强制执行仍无法清偿。",
    }
    return ReferralPlan(**{**values, **given})


def make_referral(
    bench: Bench, state: ReferralState = R.COLLECTING, **plan: Any
) -> Referral:
    """A referral brought to a state by the acts themselves, on the days above."""
    referral = open_referral(
        debtor_id=bench.debtor.pk, plan=plan_of(bench, **plan), by=bench.handler,
        today=OPENED,
    )  # fmt: skip
    for step in STEPS[state]:
        step(bench, referral.pk)
    referral.refresh_from_db()
    referral.debtor.refresh_from_db()
    assert referral.state == state
    return referral


def consent(bench: Bench, referral_id: int) -> None:
    ask_consent(referral_id=referral_id, by=bench.clerk, today=OPENED)
    asked = Referral.objects.get(pk=referral_id).consents.get(case=bench.leading)
    record_answer(consent_id=asked.pk, answer=agreed_on(OPENED), by=bench.clerk,
                  today=OPENED)  # fmt: skip


def agreed_on(day: date, **given: Any) -> Answer:
    values: dict[str, Any] = {
        "answer": ConsentAnswer.AGREES,
        "form": ConsentForm.WRITTEN,
        "answered_on": day,
        "reference": "卷宗第 12 页",
    }
    return Answer(**{**values, **given})


def handler_signs(bench: Bench, referral_id: int) -> None:
    sign_as_handler(referral_id=referral_id, opinion=AGREES, by=bench.handler,
                    now=at_noon(DECIDED))  # fmt: skip


def panel_signs(bench: Bench, referral_id: int) -> None:
    for judge in bench.panel:
        sign_as_panel(referral_id=referral_id, opinion=AGREES, by=judge,
                      now=at_noon(DECIDED))  # fmt: skip


def approve(bench: Bench, referral_id: int) -> None:
    approve_referral(referral_id=referral_id, opinion=AGREES, by=bench.above_judge,
                     now=at_noon(DECIDED))  # fmt: skip


def president_signs(bench: Bench, referral_id: int) -> None:
    sign_as_president(referral_id=referral_id, opinion=AGREES, by=bench.president,
                      number="（2025）湘0302执移1号", now=at_noon(DECIDED))  # fmt: skip


def serve(bench: Bench, referral_id: int) -> None:
    services = Referral.objects.get(pk=referral_id).services.values_list("pk", flat=True)
    record_service(referral_id=referral_id, service_ids=list(services), delivery=BY_POST,
                   by=bench.clerk, today=SERVED)  # fmt: skip


def send(bench: Bench, referral_id: int) -> None:
    send_referral(referral_id=referral_id, bundle_sha256="a" * 64, by=bench.handler,
                  today=SENT)  # fmt: skip


def receive(bench: Bench, referral_id: int) -> None:
    receive_referral(referral_id=referral_id, received_on=RECEIVED,
                     review_number="（2025）湘03破申7号", by=bench.bankruptcy_clerk,
                     today=RECEIVED)  # fmt: skip


def want_papers(bench: Bench, referral_id: int) -> None:
    ask_supplement(referral_id=referral_id, what="最近一年的财务报表", affects_cause=True,
                   by=bench.bankruptcy_judge, today=date(2025, 7, 18))  # fmt: skip


def accept(bench: Bench, referral_id: int) -> None:
    accept_referral(referral_id=referral_id, case_id=bankruptcy_of(bench).pk,
                    ruling=ACCEPTING, by=bench.bankruptcy_judge, today=RULED)  # fmt: skip


def bankruptcy_of(bench: Bench, **given: Any) -> Case:
    """The bankruptcy case that the ruling opens."""
    values: dict[str, Any] = {
        "court": bench.intermediate, "accepted_on": RULED, "phase": Phase.ACCEPTED,
        "debtor": bench.debtor.name, "published_on": None, "filing_until": None,
        "meeting_on": None,
    }  # fmt: skip
    return make_case(**{**values, **given})


def refuse(bench: Bench, referral_id: int) -> None:
    refuse_referral(referral_id=referral_id, ruling=REFUSING, by=bench.bankruptcy_judge,
                    today=RULED)  # fmt: skip


def finish_refusal(bench: Bench, referral_id: int) -> None:
    serve_refusal(referral_id=referral_id, served_on=REFUSAL_SERVED,
                  by=bench.bankruptcy_judge, today=REFUSAL_SERVED)  # fmt: skip
    end_refusal(referral_id=referral_id, effective_on=EFFECTIVE, was_appealed=False,
                by=bench.bankruptcy_judge, today=EFFECTIVE)  # fmt: skip


def give_back(bench: Bench, referral_id: int) -> None:
    return_papers(referral_id=referral_id, returned_on=EFFECTIVE, by=bench.bankruptcy_clerk,
                  today=EFFECTIVE)  # fmt: skip


_TO_DECIDED = (consent, handler_signs, panel_signs, president_signs)
_TO_REVIEW = (*_TO_DECIDED, serve, send, receive)
STEPS: dict[ReferralState, tuple[Any, ...]] = {
    R.COLLECTING: (),
    R.DECIDING: (consent, handler_signs),
    R.APPROVING: (consent, handler_signs, panel_signs),
    R.APPROVED: (consent, handler_signs, panel_signs, approve),
    R.DECIDED: _TO_DECIDED,
    R.SERVED: (*_TO_DECIDED, serve),
    R.SENT: (*_TO_DECIDED, serve, send),
    R.UNDER_REVIEW: _TO_REVIEW,
    R.SUPPLEMENTING: (*_TO_REVIEW, want_papers),
    R.ACCEPTED: (*_TO_REVIEW, accept),
    R.REFUSED: (*_TO_REVIEW, refuse),
    R.RETURNED: (*_TO_REVIEW, refuse, finish_refusal, give_back),
}
"""What leads to each state; APPROVING and APPROVED need a court elsewhere."""


def make_freeze(
    case: EnforcementCase, target: Property | None = None, **given: Any
) -> Freeze:
    """A freeze of 30,000 yuan in force at a bank, for a year from March 2025."""
    number = next(_numbers)
    institution, _ = Institution.objects.get_or_create(
        party="bank-a", defaults={"name": "湘江银行", "kind": "bank"}
    )
    if target is None:
        target = Property.objects.create(
            debtor=case.debtor, institution=institution, kind=PropertyKind.BANK_ACCOUNT,
            reference=f"6222{number}", reference_hash=f"{number:064d}",
            label=f"银行账户（尾号 {number:04d}）", as_of=at_noon(OPENED),
            found_by="order 1",
        )  # fmt: skip
    order = InquiryOrder.objects.create(
        order_id=uuid4(), act_key=f"freeze {number}", case=case, institution=institution,
        act="freeze", target=target, body="{}", body_sha256="0" * 64,
        ordered_at=at_noon(OPENED), answer_by=at_noon(OPENED + timedelta(days=3)),
        ask_at=at_noon(OPENED),
    )  # fmt: skip
    values: dict[str, Any] = {
        "kind": Kind.BANK_DEPOSIT, "limit_fen": 3_000_000, "frozen_fen": 3_000_000,
        "state": FreezeState.IN_FORCE, "rank": 1, "frozen_on": date(2025, 3, 4),
        "until": date(2026, 3, 4), "as_of": at_noon(OPENED),
    }  # fmt: skip
    return Freeze.objects.create(case=case, target=target, order=order,
                                 **{**values, **given})  # fmt: skip


def make_referral_things(case: EnforcementCase, freeze: Freeze) -> dict[str, Any]:
    """A referral being asked about, with one of everything that has an address."""
    court = case.court
    judge = staff(Role.ENFORCEMENT_JUDGE, court)
    receiving = make_organisation()
    referral = Referral.objects.create(
        debtor=case.debtor, leading=case, sending=court, receiving=receiving,
        regime="refop_2017", road=Road.REFER_LIQUIDATION, domicile="雨湖区",
        is_at_domicile=True, has_cause=True, cause="不能清偿到期债务", opened_on=OPENED,
        opened_by=judge,
    )  # fmt: skip
    document = Document.objects.create(
        chain=f"debtor/{case.debtor.slug}", kind=KeptKind.CONSENT_PAPER, title="同意书",
        path="documents/none.pdf", sha256="0" * 64, size=1, made_at=at_noon(OPENED),
    )  # fmt: skip
    asked = {"asked_on": OPENED, "asked_by": judge}
    held = {"what": "银行存款", "held": Held.COURT_ACCOUNT, "fen": 1, "since": OPENED}
    return {
        "referral_id": referral.pk,
        "document_id": document.pk,
        "consent_id": referral.consents.create(case=None, **asked).pk,
        "supplement_id": referral.supplements.create(
            what="报表", affects_cause=True, due_on=OPENED, **asked
        ).pk,
        "complaint_id": referral.complaints.create(
            ground="overran", text="逾期", court=receiving, written_on=OPENED,
            written_by=judge,
        ).pk,
        "letter_reply:notice_id": referral.notices.create(
            kind="tell_court", sender=court, court=receiving, made_on=OPENED
        ).pk,
        "proceeds_id": case.proceeds.create(**held).pk,
        "place_id": referral.kept_places.create(freeze=freeze, place=1, was="in_force").pk,
        "signer": "handler",
        "paper": "consents",
    }  # fmt: skip


def recorded(event: Event) -> int:
    """How often an event stands in the trail."""
    return Entry.objects.filter(event=event).count()

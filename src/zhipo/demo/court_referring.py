"""Referred: consent, the chain of signatures, service, the stay, the bundle sent."""

from zhipo.demo import court_days as day
from zhipo.demo.court_cases import COMPANY
from zhipo.demo.court_memo import ROAD
from zhipo.demo.court_people import CLERK_OF
from zhipo.demo.court_world import World
from zhipo.enforcement.actions.bundling import send_bundle
from zhipo.enforcement.actions.decisions import (
    Opinion,
    sign_as_handler,
    sign_as_panel,
    sign_as_president,
)
from zhipo.enforcement.actions.notices import acknowledge_notice, send_notices
from zhipo.enforcement.actions.referrals import (
    Answer,
    ReferralPlan,
    ask_consent,
    open_referral,
    record_answer,
)
from zhipo.enforcement.actions.services import Delivery, record_service
from zhipo.enforcement.models import Consent
from zhipo.enforcement.referral_states import (
    ConsentAnswer,
    ConsentForm,
    NoticeKind,
    ServiceWay,
)

CAUSE = (
    "到期债务不能清偿，专项审计显示资产不足以清偿全部债务；三家法院四十余件执行案件"
    "查控所得远不足以清偿。"
)
APPROVAL = "湘高法〔2024〕演示第3号（指定基层法院管辖破产案件）"
AGREES = Opinion(agrees=True, text="符合移送条件，同意移送破产审查。")
DECISION = "（2025）湘0302执移1号"
STAYED = "本院案件已中止执行，未发放执行款。"
SILENT_ONE_IN = 5
"""One applicant in so many says nothing; the last one disagrees."""


def open_and_ask(world: World) -> None:
    """Open the referral and ask the debtor and every applicant before this court."""
    judge, clerk = world.people["enforcement"], world.people["clerk"]
    with world.clock.on(day.OPENED_ON):
        plan = ReferralPlan(
            leading_id=world.leading.pk, receiving_id=world.court.pk, road=ROAD,
            domicile=COMPANY.address, is_at_domicile=True, cause=CAUSE,
            high_court_approval=APPROVAL,
        )  # fmt: skip
        referral = open_referral(debtor_id=world.debtor.pk, plan=plan, by=judge)
        ask_consent(referral_id=referral.pk, by=clerk)
    with world.clock.on(day.CONSENTED_ON):
        asked = list(referral.consents.order_by("pk"))
        for place, consent in enumerate(asked):
            is_last = consent == asked[-1]
            if place == 0 or place % SILENT_ONE_IN or is_last:
                _answered(world, consent, is_last=is_last)


def decide(world: World) -> None:
    """Handler, panel, president: each in turn; the last one's signature decides."""
    referral = world.referral
    with world.clock.on(day.PROPOSED_ON):
        sign_as_handler(
            referral_id=referral.pk, opinion=AGREES, by=world.people["enforcement"]
        )
    with world.clock.on(day.VOTED_ON):
        for login in ("enforcement-2", "enforcement-3"):
            sign_as_panel(referral_id=referral.pk, opinion=AGREES, by=world.people[login])
    with world.clock.on(day.DECIDED_ON):
        sign_as_president(
            referral_id=referral.pk, opinion=AGREES, number=DECISION,
            by=world.people["president"],
        )  # fmt: skip


def tell_courts(world: World) -> None:
    """Every other court is told on the day of the decision, and stays its cases."""
    referral = world.referral
    letters = referral.notices.filter(kind=NoticeKind.TELL_COURT)
    with world.clock.on(day.DECIDED_ON, hour=16):
        send_notices(
            referral_id=referral.pk,
            notice_ids=list(letters.values_list("pk", flat=True)),
            by=world.people["clerk"],
        )
    with world.clock.on(day.SERVED_ON):
        for letter in letters.select_related("court").order_by("pk"):
            assert letter.court is not None
            acknowledge_notice(
                notice_id=letter.pk,
                acknowledged_on=day.SERVED_ON,
                reply=STAYED,
                by=world.people[CLERK_OF[letter.court.name]],
            )


def serve(world: World) -> None:
    """The debtor in person, applicants electronically, within the five days."""
    referral = world.referral
    ways = {
        True: Delivery(ServiceWay.IN_PERSON, day.SERVED_ON, "送达回证（法定代表人签收）"),
        False: Delivery(ServiceWay.ELECTRONIC, day.SERVED_ON, "电子送达回执"),
    }
    with world.clock.on(day.SERVED_ON, hour=14):
        for is_debtor, delivery in ways.items():
            open_ones = referral.services.filter(served_on=None, case__isnull=is_debtor)
            record_service(
                referral_id=referral.pk,
                service_ids=list(open_ones.values_list("pk", flat=True)),
                delivery=delivery,
                by=world.people["clerk"],
            )


def send(world: World) -> None:
    """Everything is sealed into one bundle and sent."""
    with world.clock.on(day.SENT_ON):
        send_bundle(referral_id=world.referral.pk, by=world.people["enforcement"])


def _answered(world: World, consent: Consent, *, is_last: bool) -> None:
    is_debtor = consent.case_id is None
    answer = Answer(
        answer=ConsentAnswer.DECLINES if is_last else ConsentAnswer.AGREES,
        form=ConsentForm.QUESTIONING if is_debtor else ConsentForm.WRITTEN,
        answered_on=day.CONSENTED_ON,
        reference=f"执行卷宗第 {100 + consent.pk % 100} 页",
    )
    record_answer(consent_id=consent.pk, answer=answer, by=world.people["clerk"])

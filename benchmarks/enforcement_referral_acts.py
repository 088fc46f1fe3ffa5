"""What the acting process can be told of a referral: its acts, by plain values."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from zhipo.accounts.models import User
from zhipo.enforcement.actions import (
    bundling,
    decisions,
    escalating,
    notices,
    proceeds,
    receiving,
    referrals,
    reviews,
    rulings,
    services,
    taking_over,
)
from zhipo.enforcement.referral_states import ConsentAnswer, ConsentForm, ServiceWay
from zhipo.gateways.institutions.moments import china_day
from zhipo.law.triage.road import Road

OPINION = decisions.Opinion(agrees=True, text="符合移送条件。")


def refer(
    *, case_id: int, debtor_id: int, receiving_id: int, by: int, now: datetime
) -> int:
    plan = referrals.ReferralPlan(
        leading_id=case_id, receiving_id=receiving_id, road=Road.REFER_LIQUIDATION,
        domicile="湘潭市雨湖区", is_at_domicile=True, cause="经强制执行无法清偿债务",
    )  # fmt: skip
    return referrals.open_referral(
        debtor_id=debtor_id, plan=plan, by=_person(by), today=china_day(now)
    ).pk


def ask(*, referral_id: int, by: int, now: datetime) -> int:
    return referrals.ask_consent(
        referral_id=referral_id, by=_person(by), today=china_day(now)
    )


def answer(*, consent_id: int, agrees: bool, by: int, now: datetime) -> int:
    given = referrals.Answer(
        answer=ConsentAnswer.AGREES if agrees else ConsentAnswer.DECLINES,
        form=ConsentForm.WRITTEN, answered_on=china_day(now), reference="卷宗第 12 页",
    )  # fmt: skip
    return referrals.record_answer(
        consent_id=consent_id, answer=given, by=_person(by), today=china_day(now)
    ).pk


def sign_handler(*, referral_id: int, by: int, now: datetime) -> int:
    return decisions.sign_as_handler(
        referral_id=referral_id, opinion=OPINION, by=_person(by), now=now
    ).pk


def sign_panel(*, referral_id: int, by: int, now: datetime) -> int:
    return decisions.sign_as_panel(
        referral_id=referral_id, opinion=OPINION, by=_person(by), now=now
    ).pk


def sign_president(*, referral_id: int, number: str, by: int, now: datetime) -> int:
    return decisions.sign_as_president(
        referral_id=referral_id, opinion=OPINION, number=number, by=_person(by), now=now
    ).pk


def serve(*, referral_id: int, service_ids: list[int], by: int, now: datetime) -> int:
    delivery = services.Delivery(ServiceWay.POST, china_day(now), "XA1234567CN")
    return services.record_service(
        referral_id=referral_id, service_ids=service_ids, delivery=delivery,
        by=_person(by), today=china_day(now),
    )  # fmt: skip


def write(*, referral_id: int, notice_ids: list[int], by: int, now: datetime) -> int:
    return notices.send_notices(
        referral_id=referral_id, notice_ids=notice_ids, by=_person(by),
        today=china_day(now),
    )  # fmt: skip


def acknowledge(*, notice_id: int, by: int, now: datetime) -> int:
    return notices.acknowledge_notice(
        notice_id=notice_id, acknowledged_on=china_day(now), reply="已办理",
        by=_person(by), today=china_day(now),
    ).pk  # fmt: skip


def send(*, referral_id: int, by: int, now: datetime) -> str:
    return bundling.send_bundle(
        referral_id=referral_id, by=_person(by), today=china_day(now), now=now
    ).sha256


def receive(*, referral_id: int, number: str, by: int, now: datetime) -> int:
    arrival = receiving.Arrival(china_day(now), number)
    return receiving.receive_bundle(
        referral_id=referral_id, arrival=arrival, by=_person(by), today=china_day(now)
    ).pk


def want(*, referral_id: int, what: str, by: int, now: datetime) -> int:
    return reviews.ask_supplement(
        referral_id=referral_id, what=what, affects_cause=True, by=_person(by),
        today=china_day(now),
    ).pk  # fmt: skip


def supplement(*, supplement_id: int, by: int, now: datetime) -> int:
    return reviews.hand_in_supplement(
        supplement_id=supplement_id, answer="附后", by=_person(by), today=china_day(now)
    ).pk


def seal(*, referral_id: int, by: int, now: datetime) -> str:
    return bundling.seal_bundle(referral_id=referral_id, by=_person(by), now=now).sha256


def accept(
    *, referral_id: int, number: str, administrator_id: int, by: int, now: datetime
) -> int:
    acceptance = taking_over.Acceptance(
        ruling=rulings.Ruling(f"{number}之一", china_day(now)), case_number=number,
        administrator_id=administrator_id,
    )  # fmt: skip
    return taking_over.take_over(
        referral_id=referral_id, acceptance=acceptance, by=_person(by), today=china_day(now)
    ).pk


def take_ruling(*, referral_id: int, by: int, now: datetime) -> int:
    return proceeds.receive_ruling(
        referral_id=referral_id, received_on=china_day(now), by=_person(by),
        today=china_day(now),
    ).pk  # fmt: skip


def hand_over(*, referral_id: int, proceeds_ids: list[int], by: int, now: datetime) -> int:
    return proceeds.hand_over(
        referral_id=referral_id, proceeds_ids=proceeds_ids, handed_over_on=china_day(now),
        by=_person(by), today=china_day(now),
    )  # fmt: skip


def refuse(*, referral_id: int, number: str, by: int, now: datetime) -> int:
    ruling = rulings.Ruling(f"{number}之一", china_day(now), grounds="资产大于负债")
    return rulings.refuse_referral(
        referral_id=referral_id, ruling=ruling, by=_person(by), today=china_day(now)
    ).pk


def serve_refusal(*, referral_id: int, by: int, now: datetime) -> int:
    return rulings.serve_refusal(
        referral_id=referral_id, served_on=china_day(now), by=_person(by),
        today=china_day(now),
    ).pk  # fmt: skip


def end_refusal(*, referral_id: int, by: int, now: datetime) -> int:
    return rulings.end_refusal(
        referral_id=referral_id, effective_on=china_day(now), was_appealed=False,
        by=_person(by), today=china_day(now),
    ).pk  # fmt: skip


def give_back(*, referral_id: int, by: int, now: datetime) -> int:
    return rulings.return_papers(
        referral_id=referral_id, returned_on=china_day(now), by=_person(by),
        today=china_day(now),
    ).pk  # fmt: skip


def watch_clocks(*, now: datetime) -> int:
    return escalating.watch_clocks(china_day(now), now=now).escalated


REFERRAL_ACTS: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        refer, ask, answer, sign_handler, sign_panel, sign_president, serve, write,
        acknowledge, send, receive, want, supplement, seal, accept, take_ruling, hand_over,
        refuse, serve_refusal, end_refusal, give_back, watch_clocks,
    )
}  # fmt: skip


def _person(pk: int) -> User:
    return User.objects.get(pk=pk)

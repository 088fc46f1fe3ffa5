"""Where my claim stands: receipt, timeline, result with reasons, what I can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhipo.claims.actions.payout import shown_payout
from zhipo.claims.models import Claim
from zhipo.claims.policies.filing import can_change, can_choose_payout
from zhipo.claims.policies.objecting import can_object, last_day_to_sue
from zhipo.claims.states import PREFILLED, IdentityProof
from zhipo.kernel.money import yuan_text
from zhipo.law.register.states import ClaimState as S
from zhipo.payouts.queries.creditor import Payment, payments_on
from zhipo.portals.access import for_creditors, person
from zhipo.portals.creditor.pages import PAYING, claim_of
from zhipo.portals.creditor.payments_shown import sums_of
from zhipo.portals.creditor.reasons import rules_of
from zhipo.web.words import say

REACHED = {
    S.FILED: 0, S.REVIEWED: 1, S.DEFERRED: 1, S.REJECTED: 1, S.TABLED: 2, S.CHECKED: 3,
    S.DISPUTED: 3, S.CONFIRMED: 4, S.WITHDRAWN: 0,
}  # fmt: skip
DECIDED = 1


@dataclass(frozen=True)
class Step:
    """One line of the timeline: done, stopped or ahead; `when` is a date or words."""

    name: str
    mark: str
    when: str


@for_creditors
@require_safe
def claim_page(request: HttpRequest, slug: str, claim_id: int) -> HttpResponse:
    """The receipt after the tap, and everything that came of it."""
    claim = claim_of(request, slug, claim_id)
    last_day, user = last_day_to_sue(claim), person(request)
    objections = list(claim.objections.order_by("-at"))
    payments = _payments(claim)
    page = {
        "case": claim.case,
        "claim": claim,
        "steps": steps_of(claim, last_day, payments),
        "payments": payments,
        "sums": sums_of(payments),
        "is_decided": claim.state not in (PREFILLED, S.WITHDRAWN)
        and REACHED[S(claim.state)] >= DECIDED,
        "rules": rules_of(claim.rules) if claim.rules else [],
        "objections": [one for one in objections if one.by_id == user.pk],
        "others": [one for one in objections if one.by_id != user.pk],
        "unread": claim.messages.filter(from_administrator=True, read_at=None).count(),
        "payout": shown_payout(claim),
        "is_unproven": claim.identity == IdentityProof.UNPROVEN,
        "can_change": can_change(claim),
        "can_pay": can_choose_payout(claim),
        "can_object": can_object(user, claim),
        "suit_until": last_day,
    }
    return render(request, "creditor/claim.html", page)


def _payments(claim: Claim) -> list[Payment]:
    if claim.case.phase not in PAYING:
        return []
    return payments_on(claim, today=timezone.localdate())


def steps_of(
    claim: Claim, last_day: date | None, payments: Sequence[Payment] = ()
) -> list[Step]:
    """Filing to payment, with the days that are known."""
    case = claim.case
    if claim.state == S.WITHDRAWN:
        return [
            Step(say("creditor.step.filed"), "done", _day(claim.filed_at)),
            Step(say("claims.state.withdrawn"), "stop", ""),
        ]
    at = REACHED[S(claim.state)]
    words = [
        ("filed", _day(claim.filed_at)),
        ("reviewed", _day(claim.decided_at) or _expected("review", case.meeting_on)),
        ("tabled", _expected("meeting", case.meeting_on)),
        ("checked", _day(case.checked_on) or _objection_words(last_day)),
        ("confirmed", _day(case.confirmed_on)),
    ]
    steps = [
        Step(say(f"creditor.step.{name}"), _mark(number, at, claim), when)
        for number, (name, when) in enumerate(words)
    ]
    return [*steps, *_paying_steps(payments)]


def _paying_steps(payments: Sequence[Payment]) -> list[Step]:
    """Each plan with its ruling, and how much of its money has arrived."""
    if not payments:
        return [Step(say("creditor.step.paid"), "", "")]
    return [
        Step(
            say("creditor.step.plan", title=one.plan.title),
            "done" if one.is_complete else "",
            say("creditor.step.arrived", ruled=_day(one.plan.ruled_on),
                arrived=yuan_text(one.arrived_fen), total=yuan_text(one.total_fen)),
        )
        for one in payments
    ]  # fmt: skip


def _mark(number: int, at: int, claim: Claim) -> str:
    is_stopped = number == at and claim.state in (S.REJECTED, S.DEFERRED, S.DISPUTED)
    return "stop" if is_stopped else "done" if number <= at else ""


def _day(value: date | datetime | None) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if value else ""


def _expected(key: str, day: date | None) -> str:
    return say(f"creditor.step.{key}_until", day=day.isoformat()) if day else ""


def _objection_words(last_day: date | None) -> str:
    if last_day is None:
        return say("creditor.step.objection_later")
    return say("creditor.step.objection_until", day=last_day.isoformat())

"""Asking: every institution at once about a debtor, then whose a thing is, what moved.

Nothing is sent inside the request: a job sends, asks and keeps on asking (`sending`).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.ordering import Placing, Wanted, place_orders
from zhipo.enforcement.models import (
    Debtor,
    EnforcementCase,
    InquiryOrder,
    Institution,
    Property,
)
from zhipo.enforcement.policies.inquiring import check_on_the_wire
from zhipo.enforcement.policies.own_case import check_own_case
from zhipo.enforcement.powers import Act as Power
from zhipo.gateways.institutions.messages import Act, Days
from zhipo.web.refusals import NotInState


@transaction.atomic
def inquire_everywhere(
    *, case_id: int, form_key: str, by: Any, now: datetime | None = None
) -> list[InquiryOrder]:
    """Ask every active institution what the debtor has there: one order each.

    Where this court waits for an answer already, that order stands for it; the same form
    again asks nobody. Raises NotAllowed, NotInState.
    """
    at = now or timezone.now()
    case = locked_case(case_id)
    check_own_case(case, Power.INQUIRE, by)
    waiting = _waited_for(case, at)
    asked = {one.institution_id: one for one in waiting | _of_form(case, form_key)}
    institutions = Institution.objects.filter(is_active=True).order_by("party")

    placings = [
        Placing(one, Wanted(Act.QUERY), f"query:{case.pk}:{form_key}:{one.pk}")
        for one in institutions
        if one.pk not in asked
    ]
    new = place_orders(case, placings, now=at, by=by)

    if new:
        record(Event.INQUIRIES_ORDERED, of=case.debtor, by=by, chain=case.number,
               count=len(new), already=len(asked))  # fmt: skip
    return [*asked.values(), *new]


@transaction.atomic
def ask_ownership(
    *, case_id: int, property_ids: Sequence[int], by: Any, now: datetime | None = None
) -> list[InquiryOrder]:
    """Ask the institutions whose these things are by their books (权属核查).

    One that is asked already is not asked again. Raises NotAllowed, NotInState.
    """
    at = now or timezone.now()
    case = locked_case(case_id)
    check_own_case(case, Power.CHECK_OWNERSHIP, by)
    return _ask_about(case, property_ids, Wanted(Act.OWNERSHIP_CHECK), at, by)


@transaction.atomic
def ask_history(
    *,
    case_id: int,
    property_ids: Sequence[int],
    days: tuple[date, date],
    by: Any,
    now: datetime | None = None,
) -> list[InquiryOrder]:
    """Ask for the movements of accounts from the first to the last of `days`.

    Raises NotAllowed, NotInState; the days must be in order and not to come.
    """
    at = now or timezone.now()
    case = locked_case(case_id)
    check_own_case(case, Power.INQUIRE, by)
    if not days[0] <= days[1] <= timezone.localdate(at):
        raise NotInState("enforcement.refused.days")
    asked = Wanted(Act.HISTORY, days=Days(first=days[0], last=days[1]))
    return _ask_about(case, property_ids, asked, at, by)


def locked_case(case_id: int) -> EnforcementCase:
    """The case; its debtor is locked, so that two acts on one debtor follow each other."""
    case = EnforcementCase.objects.select_related("debtor", "court", "judge").get(
        pk=case_id
    )
    case.debtor = Debtor.objects.select_for_update(no_key=True).get(pk=case.debtor_id)
    return case


def _waited_for(case: EnforcementCase, at: datetime) -> set[InquiryOrder]:
    """This court's queries of the debtor that are on their way and not overdue."""
    return set(
        InquiryOrder.objects.filter(
            case__court=case.court_id, case__debtor=case.debtor_id, act=Act.QUERY,
            target=None, finished_at=None, settled_at=None, answer_by__gte=at,
        )
    )  # fmt: skip


def _of_form(case: EnforcementCase, form_key: str) -> set[InquiryOrder]:
    return set(
        InquiryOrder.objects.filter(act_key__startswith=f"query:{case.pk}:{form_key}:")
    )


def _ask_about(
    case: EnforcementCase,
    property_ids: Iterable[int],
    wanted: Wanted,
    at: datetime,
    by: Any,
) -> list[InquiryOrder]:
    things = list(
        Property.objects.filter(pk__in=list(property_ids), debtor=case.debtor_id)
        .select_related("institution")
        .order_by("pk")
    )
    for thing in things:
        check_on_the_wire(thing, needs_money=wanted.act is Act.HISTORY)
    waiting = _waiting_for(case, things, wanted, at)
    placings = [_about(case, one, wanted, at) for one in things if one.pk not in waiting]
    new = place_orders(case, placings, now=at, by=by)
    if new:
        record(Event.INQUIRY_ORDERED, of=case.debtor, by=by, chain=case.number,
               act=wanted.act, count=len(new))  # fmt: skip
    return [*waiting.values(), *new]


def _waiting_for(
    case: EnforcementCase, things: list[Property], wanted: Wanted, at: datetime
) -> dict[int, InquiryOrder]:
    found = InquiryOrder.objects.filter(
        case__court=case.court_id, act=wanted.act, target__in=things, finished_at=None,
        settled_at=None, answer_by__gte=at,
    )  # fmt: skip
    return {one.target_id: one for one in found if one.target_id is not None}


def _about(case: EnforcementCase, thing: Property, wanted: Wanted, at: datetime) -> Placing:
    assert thing.institution is not None
    asked = Wanted(wanted.act, target=thing, days=wanted.days)
    key = f"{wanted.act}:{case.pk}:{thing.pk}:{at.isoformat()}"
    return Placing(thing.institution, asked, key)

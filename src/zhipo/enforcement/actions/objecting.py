"""The court's written reply to an objection: once, with grounds, sent until it is there."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.documents.actions import make_document
from zhipo.documents.kinds import DocumentKind
from zhipo.enforcement.actions.inquiring import locked_case
from zhipo.enforcement.actions.ordering import chase_soon, object_words, sealed
from zhipo.enforcement.courts import court_of, directory
from zhipo.enforcement.models import EnforcementCase, InquiryObjection, InquiryOrder
from zhipo.enforcement.policies.own_case import check_own_case
from zhipo.enforcement.powers import Act
from zhipo.gateways.institutions import messages
from zhipo.gateways.institutions.messages import Decision, ObjectionReply, Objector
from zhipo.gateways.institutions.moments import china_day
from zhipo.web.refusals import NotInState
from zhipo.web.words import say


@transaction.atomic
def reply_to_objection(
    *,
    objection_id: int,
    decision: Decision,
    grounds: str,
    by: Any,
    now: datetime | None = None,
) -> InquiryObjection:
    """Reply to an objection, upheld or dismissed; a job sends the reply.

    The same reply again changes nothing, another one is refused. Raises NotAllowed,
    NotInState.
    """
    at = now or timezone.now()
    found = InquiryObjection.objects.select_related("order").get(pk=objection_id)
    case = locked_case(found.order.case_id)
    check_own_case(case, Act.REPLY_TO_OBJECTION, by)
    objection = InquiryObjection.objects.select_for_update(of=("self",)).get(
        pk=objection_id
    )
    if objection.replied_at is not None:
        if (objection.decision, objection.grounds) == (decision, grounds):
            return objection
        raise NotInState("enforcement.refused.replied")
    if not grounds.strip():
        raise NotInState("enforcement.refused.no_grounds")

    order = InquiryOrder.objects.select_related("institution", "target").get(
        pk=objection.order_id
    )
    objection.decision, objection.grounds = decision, grounds
    objection.replied_by, objection.replied_at = by, at
    objection.body = _reply(case, order, objection, at, by).to_bytes().decode("utf-8")
    objection.save(
        update_fields=["decision", "grounds", "replied_by", "replied_at", "body"]
    )
    InquiryOrder.objects.filter(pk=order.pk).update(ask_at=at, settled_at=None)
    chase_soon(order)

    record(Event.INSTITUTION_REPLIED_TO, of=objection, by=by, chain=case.number,
           decision=decision, is_in_time=china_day(at) <= objection.reply_by)  # fmt: skip
    return objection


def _reply(
    case: EnforcementCase,
    order: InquiryOrder,
    objection: InquiryObjection,
    at: datetime,
    by: Any,
) -> ObjectionReply:
    fields = {
        "court": case.court.name,
        "number": case.number,
        "dated_on": china_day(at),
        "addressee": order.institution.name,
        "debtor": case.debtor.name,
        "objector": objection.name,
        "objected_on": china_day(objection.raised_at),
        "measure": say(f"enforcement.measure.{order.act}", lang="zh"),
        "object": object_words(order.target) or case.debtor.name,
        "objection": objection.text,
        "grounds": objection.grounds,
        "is_upheld": objection.decision == Decision.UPHELD,
        "is_third_party": objection.raised_by == Objector.THIRD_PARTY,
    }
    paper = make_document(kind=DocumentKind.INQUIRY_REPLY, chain=case.number, fields=fields,
                          by=by)  # fmt: skip
    return ObjectionReply(
        order_id=order.order_id,
        institution=order.institution.party,
        court=court_of(case.court, directory()).party,
        decision=Decision(objection.decision),
        documents=(sealed(messages.DocumentKind.REPLY, paper),),
        sent_at=at,
    )

"""What answers bring: property found, whose it is, its history, money paid, objections."""

from collections.abc import Callable
from datetime import datetime

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.telling import tell
from zhipo.enforcement.histories import seal_history
from zhipo.enforcement.models import (
    InquiryObjection,
    InquiryOrder,
    OwnershipCheck,
    Proceeds,
    Property,
    TransactionHistory,
)
from zhipo.enforcement.states import Title
from zhipo.gateways.institutions.answers import Answer, Holding, StandingFreeze
from zhipo.gateways.institutions.messages import Objector, Target
from zhipo.gateways.institutions.moments import china_day
from zhipo.gateways.institutions.reading import read_order
from zhipo.law.enforcement.objections import (
    institution_answered_by,
    third_party_answered_by,
)
from zhipo.law.referral.handover import Held
from zhipo.privacy.columns import lookup_hash

REPLY_BY = {
    Objector.INSTITUTION: institution_answered_by,
    Objector.THIRD_PARTY: third_party_answered_by,
}
SHOWN_TAIL = 4
FOUND = ("label", "value_fen", "available_fen", "queue", "as_of")


def take_answer(order: InquiryOrder, answer: Answer, *, now: datetime) -> None:
    """Take one part over; the same one again changes nothing."""
    takings: dict[str, Callable[[InquiryOrder, Answer, datetime], None]] = {
        "holdings": take_holdings,
        "ownership": take_ownership,
        "history": take_history,
        "deduction": take_deduction,
        "objection": take_objection,
    }
    for name, take in takings.items():
        if getattr(answer, name) is not None:
            take(order, answer, now)


def take_holdings(order: InquiryOrder, answer: Answer, now: datetime) -> None:
    """Enter what was found; what is known from a later answer stays as it is."""
    known = {
        (one.kind, one.reference_hash): one
        for one in Property.objects.select_for_update(no_key=True).filter(
            debtor=order.case.debtor_id, institution=order.institution
        )
    }
    new, changed = [], []
    for holding in answer.holdings or ():
        target = holding.target
        found = known.get((target.kind.value, reference_hash(target.reference)))
        if found is None:
            new.append(_property(order, holding, answer.answered_at))
        elif found.as_of <= answer.answered_at:
            _enter(found, holding, answer.answered_at)
            changed.append(found)
    Property.objects.bulk_create(new, ignore_conflicts=True)
    Property.objects.bulk_update(changed, FOUND)


def take_ownership(order: InquiryOrder, answer: Answer, now: datetime) -> None:
    """A finding by the institution's books; the last one by time is the property's."""
    told = answer.ownership
    assert told is not None
    assert order.target is not None
    grounds = "；".join((told.holder_name, *told.evidence))
    _, is_new = OwnershipCheck.objects.get_or_create(
        order=order, target=order.target, outcome=Title(told.title.value), grounds=grounds,
        defaults={"at": answer.answered_at},
    )  # fmt: skip
    if is_new:
        settle_title(order.target)
        record(Event.OWNERSHIP_FOUND, of=order.target, by=None, chain=order.case.number,
               outcome=told.title)  # fmt: skip


def take_history(order: InquiryOrder, answer: Answer, now: datetime) -> None:
    """Seal the movements as a file, once for each order."""
    told, days = answer.history, answer.echo.days
    assert told is not None
    assert days is not None
    assert order.target is not None
    file = seal_history(told.transactions, institution=order.institution.party)
    history, is_new = TransactionHistory.objects.get_or_create(
        order=order,
        defaults={
            "debtor_id": order.case.debtor_id,
            "target": order.target,
            "path": file.path,
            "sha256": file.sha256,
            "rows": file.rows,
            "first_on": days.first,
            "last_on": days.last,
            "opening_fen": told.opening.value,
            "closing_fen": told.closing.value,
            "as_of": answer.answered_at,
        },
    )
    if is_new:
        record(Event.HISTORY_SEALED, of=history, by=None, chain=order.case.number,
               rows=file.rows, sha256=file.sha256)  # fmt: skip


def take_deduction(order: InquiryOrder, answer: Answer, now: datetime) -> None:
    """Money in the court's account: it is proceeds of the case until it is paid out."""
    told = answer.deduction
    assert told is not None
    Proceeds.objects.get_or_create(
        order=order,
        defaults={
            "case": order.case,
            "what": told.booking,
            "held": Held.COURT_ACCOUNT,
            "fen": told.deducted.value,
            "since": china_day(told.booked_at),
        },
    )


def take_objection(order: InquiryOrder, answer: Answer, now: datetime) -> None:
    """Somebody objects: the court's days to reply begin with the day it was raised."""
    told = answer.objection
    assert told is not None
    last = REPLY_BY[told.raised_by](objected_on=china_day(told.raised_at))
    objection, is_new = InquiryObjection.objects.get_or_create(
        order=order,
        part=answer.part,
        defaults={
            "raised_by": told.raised_by,
            "name": told.name,
            "text": told.text,
            "raised_at": told.raised_at,
            "reply_by": last.last_day,
        },
    )
    if is_new:
        tell(order.case, "objection", key=f"objection:{objection.pk}", now=now,
             institution=order.institution.name, act=order.act,
             reply_by=last.last_day)  # fmt: skip
        record(Event.INSTITUTION_OBJECTED, of=objection, by=None, chain=order.case.number,
               raised_by=told.raised_by, reply_by=str(last.last_day))  # fmt: skip


def settle_title(thing: Property) -> None:
    """The property is whose the court has found it to be, else whose the books say."""
    findings = thing.checks.order_by("-at", "-pk")
    newest = findings.exclude(by=None).first() or findings.first()
    if newest is not None and newest.outcome != thing.title:
        thing.title = newest.outcome
        thing.save(update_fields=["title"])


def reference_hash(reference: str) -> str:
    """The keyed hash by which an account is found, whoever names it."""
    return lookup_hash("account", reference)


def label_of(target: Target, label: str) -> str:
    """What people read: of an account its last digits, of a shop or domain all."""
    reference = target.reference
    if not target.is_money:
        return f"{label}（{reference}）"[:200]
    shown = f"…{reference[-SHOWN_TAIL:]}"
    return f"{label.replace(reference, shown)}（{shown}）"[:200]


def _property(order: InquiryOrder, holding: Holding, at: datetime) -> Property:
    target = holding.target
    found = Property(
        debtor_id=order.case.debtor_id,
        institution=order.institution,
        kind=target.kind.value,
        reference=target.reference,
        reference_hash=reference_hash(target.reference),
        holder=read_order(order.body.encode("utf-8")).debtor.name,
        found_by=f"order {order.pk}",
    )
    _enter(found, holding, at)
    return found


def _enter(found: Property, holding: Holding, at: datetime) -> None:
    found.label = label_of(holding.target, holding.label)
    found.value_fen = holding.balance.value if holding.balance is not None else None
    found.available_fen = holding.available.value if holding.available is not None else None
    found.queue = [_place(one) for one in holding.freezes]
    found.as_of = at


def _place(one: StandingFreeze) -> dict[str, object]:
    """A standing freeze of whichever court, as the institution lists it."""
    return {
        "rank": one.rank,
        "court": one.court_name,
        "number": one.case_number,
        "limit_fen": one.limit.value if one.limit is not None else None,
        "frozen_fen": one.frozen.value if one.frozen is not None else None,
        "until": one.until.isoformat(),
    }

"""Making an order: its papers, the message as it will be sent, its row, the job for it.

Part of the acts in `inquiring`, `freezing` and `objecting`, in their transaction.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings

from zhipo.claims.jobs import later
from zhipo.documents import kinds
from zhipo.documents.actions import make_document
from zhipo.enforcement import courts
from zhipo.enforcement.courts import DirectoryOf
from zhipo.enforcement.models import (
    EnforcementCase,
    Freeze,
    InquiryOrder,
    Institution,
    Property,
)
from zhipo.gateways.institutions.amounts import amount
from zhipo.gateways.institutions.messages import (
    ONLY_A_NOTICE,
    Act,
    CourtAccount,
    Days,
    Debtor,
    Document,
    DocumentKind,
    Judge,
    ObjectKind,
    Order,
    Target,
)
from zhipo.gateways.institutions.moments import china_day
from zhipo.gateways.institutions.reading import read_order
from zhipo.kernel.identifiers import parse_uscc
from zhipo.web.refusals import NotInState
from zhipo.web.words import say

ANSWER_HOURS = 48
"""How long an institution is given; a choice of this system, the law names no hours."""

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JOB = "zhipo.enforcement.tasks.chase_order"


@dataclass(frozen=True)
class Wanted:
    """What one order asks for; what its act does not need stays None."""

    act: Act
    target: Property | None = None
    freeze: Freeze | None = None
    fen: int | None = None
    until: date | None = None
    days: Days | None = None
    pay_to: CourtAccount | None = None
    grounds: str = ""


@dataclass(frozen=True)
class Placing:
    """One order to place: to whom, for what, under which key."""

    institution: Institution
    wanted: Wanted
    act_key: str


def place_order(
    case: EnforcementCase,
    institution: Institution,
    wanted: Wanted,
    *,
    act_key: str,
    now: datetime,
    by: Any,
) -> InquiryOrder:
    """Make an order ready to be sent, and put the job that sends it in line.

    Raises NotInState where court, debtor or institution cannot take part.
    """
    (order,) = place_orders(case, [Placing(institution, wanted, act_key)], now=now, by=by)
    return order


def place_orders(
    case: EnforcementCase, placings: Iterable[Placing], *, now: datetime, by: Any
) -> list[InquiryOrder]:
    """Several at once, as `place_order`: the directory of parties is read once for all."""
    directory_of = cache(courts.directory)
    return [_placed(case, one, now, by, directory_of) for one in placings]


def _placed(
    case: EnforcementCase, one: Placing, now: datetime, by: Any, directory_of: DirectoryOf
) -> InquiryOrder:
    wanted = one.wanted
    message = _message(case, one.institution, wanted, now, by, directory_of)
    body = message.to_bytes()
    order = InquiryOrder.objects.create(
        order_id=message.order_id,
        act_key=one.act_key,
        case=case,
        institution=one.institution,
        act=wanted.act,
        target=wanted.target,
        freeze_order=wanted.freeze.order if wanted.freeze is not None else None,
        fen=wanted.fen,
        body=body.decode("utf-8"),
        body_sha256=hashlib.sha256(body).hexdigest(),
        ordered_by=by,
        ordered_at=now,
        answer_by=message.answer_by,
        ask_at=now,
    )
    chase_soon(order)
    return order


def chase_soon(order: InquiryOrder) -> None:
    """Have an order sent or asked about once this transaction is committed."""
    later(JOB, lock=f"inquiry-{order.pk}", order_id=order.pk)


def message_of(order: InquiryOrder) -> Order:
    """The order as it was made: the same bytes at every sending."""
    body = order.body.encode("utf-8")
    message = read_order(body)
    assert hashlib.sha256(message.to_bytes()).hexdigest() == order.body_sha256
    return message


def running(case: EnforcementCase, act: Act, now: datetime, **about: Any) -> InquiryOrder:
    """The order of that act which the court still waits for. Raises DoesNotExist.

    One that is overdue holds nobody up any more.
    """
    found = InquiryOrder.objects.filter(
        case__court=case.court_id, act=act, finished_at=None, settled_at=None, **about
    )
    return found.filter(answer_by__gte=now).earliest("ordered_at")


def sealed(kind: DocumentKind, document: Any) -> Document:
    """A document of this court as it goes over the wire."""
    content = (Path(settings.ENVIRONMENT.files) / document.path).read_bytes()
    return Document(
        kind=kind,
        name=f"{document.title}.docx",
        media_type=DOCX,
        sha256=document.sha256,
        content=content,
    )


def _message(
    case: EnforcementCase,
    institution: Institution,
    wanted: Wanted,
    now: datetime,
    by: Any,
    directory_of: DirectoryOf,
) -> Order:
    debtor = case.debtor
    if not _has_real_code(debtor.credit_code):
        raise NotInState("enforcement.refused.no_code", debtor=debtor.name)
    everybody = directory_of()
    if institution.party not in {one.party for one in everybody.institutions()}:
        raise NotInState("enforcement.refused.not_a_party", name=institution.name)
    answer_by = now + timedelta(hours=ANSWER_HOURS)
    signer = by or case.judge
    if signer is None:
        raise NotInState("enforcement.refused.no_judge", number=case.number)
    return Order(
        order_id=uuid4(),
        institution=institution.party,
        court=courts.court_of(case.court, everybody),
        case_number=case.number,
        judge=Judge(name=_name(signer), staff_number=signer.login),
        debtor=Debtor(name=debtor.name, uscc=debtor.credit_code),
        act=wanted.act,
        target=None if wanted.target is None else _target(wanted.target),
        freeze_order=None if wanted.freeze is None else wanted.freeze.order.order_id,
        amount=None if wanted.fen is None else amount(wanted.fen),
        freeze_until=wanted.until,
        days=wanted.days,
        pay_to=wanted.pay_to,
        documents=_papers(case, institution, wanted, now, by),
        sent_at=now,
        answer_by=answer_by,
    )


def _has_real_code(code: str) -> bool:
    """The protocol names debtors by 统一社会信用代码 alone."""
    try:
        return parse_uscc(code) == code
    except ValueError:
        return False


def _name(signer: Any) -> str:
    return str(signer.name or signer.login)


def _target(thing: Property) -> Target:
    return Target(kind=ObjectKind(thing.kind), reference=thing.reference)


def _papers(
    case: EnforcementCase, institution: Institution, wanted: Wanted, now: datetime, by: Any
) -> tuple[Document, ...]:
    """The notice to assist, and the ruling that all but a query need (CPL 253)."""
    needs_ruling = wanted.act not in ONLY_A_NOTICE
    fields = {
        "court": case.court.name,
        "number": case.number,
        "dated_on": china_day(now),
        "addressee": institution.name,
        "debtor": case.debtor.name,
        "credit_code": case.debtor.credit_code,
        "measure": say(f"enforcement.measure.{wanted.act}", lang="zh"),
        "object": object_words(wanted.target),
        "limit_fen": wanted.fen,
        "freeze_until": wanted.until,
    }
    asked = {
        "has_ruling": needs_ruling,
        "answer_by": now + timedelta(hours=ANSWER_HOURS),
        "first_on": wanted.days.first if wanted.days else None,
        "last_on": wanted.days.last if wanted.days else None,
        "account_name": wanted.pay_to.name if wanted.pay_to else None,
        "account": wanted.pay_to.account if wanted.pay_to else None,
        "bank": wanted.pay_to.bank if wanted.pay_to else None,
    }
    notice = make_document(kind=kinds.DocumentKind.ASSISTANCE_NOTICE, chain=case.number,
                           fields=fields | asked, by=by)  # fmt: skip
    papers = [sealed(DocumentKind.ASSISTANCE_NOTICE, notice)]
    if needs_ruling:
        said = {
            "applicant": case.applicant,
            "basis": case.title,
            "owed_fen": case.amount_fen - case.paid_fen + case.costs_fen,
            "judge": _name(by or case.judge),
            "grounds": wanted.grounds,
        }
        ruling = make_document(kind=kinds.DocumentKind.ENFORCEMENT_RULING,
                               chain=case.number, fields=fields | said, by=by)  # fmt: skip
        papers.append(sealed(DocumentKind.RULING, ruling))
    return tuple(papers)


def object_words(thing: Property | None) -> str:
    """The object by kind and the institution's own reference: the papers name it whole."""
    if thing is None:
        return ""
    return f"{say(f'enforcement.property.{thing.kind}', lang='zh')}（{thing.reference}）"

"""A payment of a cost is entered from the bank's slip; it counts when another checks it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.claims.policies.papers import Upload, check_paper, shown
from zhipo.distributions.chart import BANK, open_chart
from zhipo.distributions.models import CostPayment, Plan
from zhipo.distributions.policies.costs import (
    check_can_enter,
    check_has_ground,
    check_is_approved,
    check_is_bank,
    check_is_left,
)
from zhipo.distributions.policies.money import check_sum
from zhipo.distributions.queries.advances import advance_of
from zhipo.distributions.queries.costs import costs_of_plan, entered_fen
from zhipo.distributions.states import CostPurpose
from zhipo.documents.actions import Content, keep_document
from zhipo.documents.kinds import KeptKind
from zhipo.documents.models import Document
from zhipo.web.refusals import NotInState

P = CostPurpose


@dataclass(frozen=True)
class Slip:
    """What the bank's slip says: to whom, how much, from which account, when.

    `ground` names the decision or agreement on which pay is taken; `paper` is the slip,
    receipt or invoice as a scan.
    """

    payee: str
    fen: int
    paid_on: date
    reference: str
    account: str = BANK
    ground: str = ""
    paper: Upload | None = None


@transaction.atomic
def enter_cost_payment(
    *, plan_id: int, cost_id: str, slip: Slip, form_key: str, by: Any
) -> CostPayment:
    """Enter what was paid of a plan's cost, in whole or in part, never above it.

    The same form again: as it stands. Raises NotAllowed, NotInState, PaperRefused.
    """
    plan = Plan.objects.select_related("case").get(pk=plan_id)
    case = locked_case(plan.case_id)
    check_can_enter(by, case)
    check_is_approved(plan)
    line = costs_of_plan(plan).line(cost_id)
    if line is None:
        raise NotInState("distributions.refused.no_such_cost")
    payment = CostPayment(case=case, purpose=P.PLANNED, plan=plan, cost=cost_id,
                          kind=line.cost.kind, title=line.cost.title[:120])  # fmt: skip
    if (known := _known(payment, slip, form_key)) is not None:
        return known
    check_has_ground(line.cost.kind, slip.ground.strip())
    check_is_left(slip.fen, line.left_fen)
    return _entered(payment, slip, form_key, by)


@transaction.atomic
def enter_outlay(
    *, case_id: int, title: str, slip: Slip, form_key: str, by: Any
) -> CostPayment:
    """Enter what an advance was spent on; the next plan repays it as a cost.

    Pay and costs of carrying out the duties (《管理人报酬规定》第十二条第二款), before or
    beside any plan. The same form again: as it stands. Raises NotAllowed, NotInState,
    PaperRefused.
    """
    payment = CostPayment(case=locked_case(case_id), purpose=P.OUTLAY, title=title.strip())
    if not payment.title:
        raise NotInState("cases.refused.empty")
    return _of_advance(payment, slip, form_key, by)


@transaction.atomic
def enter_unused_back(*, case_id: int, slip: Slip, form_key: str, by: Any) -> CostPayment:
    """Enter what of an advance was not needed and went back to its giver.

    The same form again: as it stands. Raises NotAllowed, NotInState, PaperRefused.
    """
    payment = CostPayment(case=locked_case(case_id), purpose=P.UNUSED)
    return _of_advance(payment, slip, form_key, by)


def _of_advance(payment: CostPayment, slip: Slip, form_key: str, by: Any) -> CostPayment:
    check_can_enter(by, payment.case)
    if (known := _known(payment, slip, form_key)) is not None:
        return known
    left = advance_of(payment.case).left_fen
    waiting = entered_fen(payment.case, P.OUTLAY, P.UNUSED)
    check_is_left(slip.fen, left - waiting)
    return _entered(payment, slip, form_key, by)


def _entered(payment: CostPayment, slip: Slip, form_key: str, by: Any) -> CostPayment:
    """Keep it, whatever it is for."""
    case = payment.case
    open_chart(case.number)
    check_is_bank(case, slip.account)
    _check_slip(slip, case)
    payment.fen, payment.account, payment.paid_on = slip.fen, slip.account, slip.paid_on
    payment.payee, payment.reference = slip.payee.strip(), slip.reference.strip()
    payment.ground, payment.form_key = slip.ground.strip(), form_key
    payment.paper = _paper(case, slip.paper, by)
    payment.entered_by, payment.entered_at = by, timezone.now()
    payment.save()

    record(Event.COST_ENTERED, of=payment, by=by, chain=case.number, fen=payment.fen,
           purpose=payment.purpose, cost=payment.cost)  # fmt: skip
    return payment


def _known(payment: CostPayment, slip: Slip, form_key: str) -> CostPayment | None:
    """What the same form has entered. Raises NotInState where it said something else."""
    known = CostPayment.objects.filter(case=payment.case, form_key=form_key).first()
    if known is None:
        return None
    told = (payment.purpose, payment.plan_id, payment.cost, slip.fen, slip.account,
            slip.payee.strip(), slip.paid_on, slip.reference.strip())  # fmt: skip
    stands = (known.purpose, known.plan_id, known.cost, known.fen, known.account,
              known.payee, known.paid_on, known.reference)  # fmt: skip
    if told != stands:
        raise NotInState("distributions.refused.other_form")
    return known


def _check_slip(slip: Slip, case: Case) -> None:
    """Raises NotInState for what no slip says."""
    check_sum(slip.fen)
    if not slip.payee.strip() or not slip.reference.strip():
        raise NotInState("distributions.refused.no_slip")
    if slip.paid_on > timezone.localdate():
        raise NotInState("distributions.refused.cost_not_yet")
    if slip.paid_on < case.accepted_on:
        raise NotInState("distributions.refused.before_acceptance", day=case.accepted_on)


def _paper(case: Case, upload: Upload | None, by: Any) -> Document | None:
    """The scan, its type checked by content, kept under its hash."""
    if upload is None:
        return None
    accepted = check_paper(upload)
    upload.file.seek(0)
    content = Content(title=shown(upload.name or ""), data=upload.file.read(),
                      ending=accepted.suffix.lstrip("."))  # fmt: skip
    return keep_document(
        kind=KeptKind.COST_PAPER, chain=case.number, content=content, by=by
    )

"""An entered payment of a cost is checked by another person and posted, or taken back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.distributions.acts import COST_PAID, SPENT_ADVANCE, UNUSED_BACK
from zhipo.distributions.chart import COSTS, FUND
from zhipo.distributions.costs import CostKind
from zhipo.distributions.models import CostPayment
from zhipo.distributions.policies.costs import check_can_check, check_can_take_back
from zhipo.distributions.states import CostPurpose
from zhipo.ledger.posting import Movement, post
from zhipo.ledger.queries import balance_fen
from zhipo.web.refusals import NotInState

ACTS = {
    CostPurpose.PLANNED: COST_PAID,
    CostPurpose.OUTLAY: SPENT_ADVANCE,
    CostPurpose.UNUSED: UNUSED_BACK,
}


@transaction.atomic
def check_cost_payment(
    *, payment_id: int, by: Any, now: datetime | None = None
) -> CostPayment:
    """Confirm what another person entered, the slip in hand: it is paid and posted.

    Again by the same person: as it stands. Raises NotAllowed; NotInState where another
    has checked it, or the account does not hold the sum.
    """
    payment = _locked(payment_id)
    if payment.checked_by_id is not None and payment.checked_by_id == by.pk:
        return payment
    check_can_check(by, payment)
    if payment.checked_at is not None:
        raise NotInState("distributions.refused.cost_checked")
    if balance_fen(payment.case.number, payment.account) < payment.fen:
        raise NotInState("distributions.refused.bank_holds_less")

    payment.checked_by, payment.checked_at = by, now or timezone.now()
    payment.save(update_fields=["checked_by", "checked_at"])
    post(payment.case.number, _movement(payment), by=by)

    record(Event.COST_CHECKED, of=payment, by=by, chain=payment.case.number,
           fen=payment.fen, purpose=payment.purpose, cost=payment.cost)  # fmt: skip
    return payment


@transaction.atomic
def take_back_cost_payment(*, payment_id: int, by: Any) -> None:
    """Withdraw a wrong entry that nobody has checked. Raises NotAllowed, NotInState."""
    payment = _locked(payment_id)
    check_can_take_back(by, payment)
    CostPayment.objects.filter(pk=payment.pk).delete()

    record(Event.COST_ENTERED, of=payment, by=by, chain=payment.case.number,
           fen=payment.fen, purpose=payment.purpose, cost=payment.cost,
           taken_back=True)  # fmt: skip


def _movement(payment: CostPayment) -> Movement:
    """Payable down, bank down: what repays an advance is owed to its giver.

    That money went to `COSTS` when the advance was spent, so the plan's share for it
    settles that side, and the giver's account the other.
    """
    owed = FUND if _goes_to_giver(payment) else COSTS
    return Movement(
        key=f"cost:{payment.pk}", act=ACTS[CostPurpose(payment.purpose)],
        lines={owed: payment.fen, payment.account: -payment.fen},
        value_on=payment.paid_on, reference=payment.reference, note=payment.title,
    )  # fmt: skip


def _goes_to_giver(payment: CostPayment) -> bool:
    return payment.purpose == CostPurpose.UNUSED or payment.kind == CostKind.ADVANCE


def _locked(payment_id: int) -> CostPayment:
    """The payment with its case, the case locked first, as every act on money does.

    Raises CostPayment.DoesNotExist for one that was taken back.
    """
    case_id = CostPayment.objects.values_list("case", flat=True).get(pk=payment_id)
    case = locked_case(case_id)
    payment = CostPayment.objects.select_related("plan").get(pk=payment_id)
    payment.case = case
    return payment

"""Deposits of every kind: what was not collected, what is reserved, disputed, judged."""

from datetime import date, timedelta

from factories_payouts import Paying, approved, make_payee, make_released
from factories_plans import TODAY, make_funded_case
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.distributions.models import Plan
from zhipo.ledger.queries import trial_balance
from zhipo.payouts.actions.depositing import deposit_overdue, deposit_unclaimed
from zhipo.payouts.models import Deposit

FEN = 30_000
LATER = TODAY + timedelta(days=30)


def unclaimed(paying: Paying) -> Deposit:
    make_released(paying)
    (made,) = deposit_unclaimed(plan_id=paying.plan.pk, by=paying.people.lead, today=LATER)
    return made


def reserved(paying: Paying) -> Deposit:
    deposit_overdue()
    return Deposit.objects.get(part=None, share__plan=paying.plan)


def make_reserved(**claim: str) -> Paying:
    """A plan with one creditor who is paid and one whose share is reserved."""
    case, people = make_funded_case()
    make_payee(case, FEN)
    make_payee(case, 50_000, **claim)
    return approved(case, people)


def give_notice(paying: Paying, on: date) -> None:
    Plan.objects.filter(pk=paying.plan.pk).update(is_last=True, notice_on=on)


def is_balanced(case: Case) -> bool:
    lines = trial_balance(case.number)
    return sum(one.debit_fen for one in lines) == sum(one.credit_fen for one in lines)


def judge_claim(deposit: Deposit, fen: int) -> None:
    state = "confirmed" if fen else "rejected"
    Claim.objects.filter(pk=deposit.share.claim_id).update(
        state=state, confirmed_fen=fen or None, ruling="判决", admitted_fen=fen
    )

"""The running case brought to payment: one creditor for every state that an order has.

Run as a process of its own after prepare_case.py. The register is confirmed by hand, since
these journeys are about what follows: plan, ruling, batch and payments are the system's own
acts. Writes payees.json: state -> the creditor's phone.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[2]
STATES = ("planned", "sending", "waiting_user", "paid", "failed", "returned")
KEPT, RESERVED, SEVERAL = "deposited", "reserved", "several"
PAID_BEFORE = 12
CEILING_FEN = 20_000
MONEY_FEN = 1_200_000


def main(out: Path) -> None:
    os.environ["ZHIPO_DEMO"] = "1"
    sys.path.insert(0, str(TESTS))
    from zhipo.web.server import prepare

    prepare(out / "home")
    from django.db import transaction

    from zhipo.cases.models import Case

    case = Case.objects.get(slug="xianxiangjia")
    people = json.loads((out / "people.json").read_text(encoding="utf-8"))
    with transaction.atomic():
        payees = pay(case, people["filed"])
    (out / "payees.json").write_text(json.dumps(payees), encoding="utf-8")


def pay(case: Any, phones: list[str]) -> dict[str, str]:
    """Confirm, plan, release; then each named creditor's first order to its state."""
    import pytest

    from factories_payouts import FakeChannel, orders_of, speak_to
    from factories_plans import TODAY, make_approved, put_money
    from zhipo.payouts.actions.preparing import prepare_release
    from zhipo.payouts.actions.releasing import release_orders

    patch = pytest.MonkeyPatch()
    speak_to(patch, FakeChannel())
    names = (*STATES, KEPT, RESERVED, SEVERAL)
    payees = dict(zip(names, phones, strict=False))
    confirm(case, reserved=payees[RESERVED], several=(payees[SEVERAL], phones[-1]))
    people = staff()
    put_money(case, people, MONEY_FEN)
    plan = make_approved(
        case, people, procedure="settlement", basis="SETTLEMENT",
        evidence="和解协议第三条", consumer="0.31", ceiling_fen=CEILING_FEN,
        due_days=(TODAY, TODAY + timedelta(days=90), TODAY + timedelta(days=180)),
    )  # fmt: skip
    release = prepare_release(plan_id=plan.pk, until=TODAY, by=people.cashier)
    release_orders(release_id=release.pk, by=people.lead)
    orders = orders_of(release)
    bring(orders, {phone: name for name, phone in payees.items()})
    patch.undo()
    return payees


def confirm(case: Any, *, reserved: str, several: tuple[str, str]) -> None:
    """The ruling, and an account for everybody; one is unproven, one has two claims."""
    from prepare_register import confirm_by_hand

    from zhipo.claims.models import Claim
    from zhipo.privacy.columns import lookup_hash

    filed = Claim.objects.filter(case=case, kind="consumer", creditor__isnull=False)
    confirm_by_hand(case, filed, payout_channel="wechat")
    for claim in filed:
        claim.payout_account = f"oPayee{claim.pk:06d}"
        claim.payout_hash = lookup_hash("account", claim.payout_account)
        claim.save(update_fields=["payout_account", "payout_hash"])
    of(filed, reserved).update(identity="unproven")
    first, second = several  # two accounts of one person
    of(filed, second).update(creditor=of(filed, first).get().creditor)


def of(claims: Any, phone: str) -> Any:
    """The claims of the person with this phone."""
    from zhipo.privacy.columns import lookup_hash

    return claims.filter(creditor__phone_hash=lookup_hash("phone", f"+86{phone}"))


def staff() -> Any:
    from factories_plans import People
    from zhipo.accounts.models import User

    names = ("lead", "reviewer-1", "cashier", "judge", "clerk")
    return People(*(User.objects.get(login=name) for name in names))


def bring(orders: list[Any], names: dict[str, str]) -> None:
    """Each named creditor's order to its state; of the others some have been paid."""
    from django.utils import timezone

    from factories_payouts import bring_to
    from zhipo.payouts.models import Deposit, Order
    from zhipo.payouts.states import OrderState

    others = []
    for order in orders:
        name = names.get(order.share.claim.creditor.phone.removeprefix("+86"), "")
        if name in STATES:
            bring_to(order, OrderState(name))
        elif name == KEPT:
            Order.objects.filter(pk=order.pk).update(
                state="deposited", reason="not_collected", ended_at=timezone.now()
            )
            Deposit.objects.create(
                share=order.share, part=0, fen=order.fen, why="unclaimed",
                since=timezone.localdate(),
            )  # fmt: skip
        elif not name:
            others.append(order)
    for place, order in enumerate(others[:PAID_BEFORE]):
        bring_to(order, OrderState.PAID)
        days = timedelta(days=PAID_BEFORE - place)
        Order.objects.filter(pk=order.pk).update(ended_at=timezone.now() - days)
    later = timezone.now() + timedelta(days=2)
    Order.objects.filter(state__in=["planned", "sending", "waiting_user"]).update(
        ask_at=later
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""What the cashier has of a case's plan: a release, its orders, a file, a deposit."""

from typing import Any

from django.utils import timezone

from factories import TODAY, make_staff
from integration.web.payment_addresses import NUMBER
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.claims.models import Claim, Paper
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.chart import open_chart
from zhipo.distributions.models import Plan, Share
from zhipo.gateways.payouts.bank.batch import Batch, payment_file
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.transfers import PayeeKind
from zhipo.payouts.actions.posting import open_paying_accounts
from zhipo.payouts.models import BankFile, Deposit, EnteredWay, HandPayment, Order, Release
from zhipo.payouts.queries.orders import as_work
from zhipo.payouts.states import Ending, OrderState, ReleaseState, WayState

PAYOUT_THINGS = {"release_id", "file_id", "order_id", "deposit_id", "plan_id", "way_id"}
"""Gaps that name a thing of paying: nobody reaches it from another case."""

C, S = ChannelName, OrderState
FILE = "ZP20260101ABCDEF"


def make_payouts(case: Case, claim: Claim) -> dict[str, Any]:
    """Values for the gaps of the desk's payment pages: `claim` has a share of its own.

    Rows as they stand in the tables: the phase of the matrix's case is an earlier one.
    """
    cashier = make_staff(Role.ADMINISTRATOR_CASHIER, case.administrator)
    lead = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)
    open_chart(case.number)
    open_paying_accounts(case.number)
    now = timezone.now()
    plan = Plan.objects.get(case=case, number=NUMBER)
    release = Release.objects.create(
        plan=plan, orders_count=3, fen=300, state=ReleaseState.RELEASED,
        prepared_by=cashier, prepared_at=now, released_by=lead, released_at=now,
        ends_on=TODAY,
    )  # fmt: skip
    share = Share.objects.create(
        plan=plan, claim=claim, class_name="consumer", fen=300, baseline_fen=300,
        paid_fen=300, reserved_fen=0, unpaid_fen=0, parts=[100, 100, 100],
    )  # fmt: skip
    cash = _order(share, 0, release, C.BY_CASH)
    HandPayment.objects.create(
        order=cash, receipt="S-1", taken_by="X", taken_at=now, entered_by=cashier,
        entered_at=now,
    )  # fmt: skip
    lost = _order(
        share, 1, release, C.WECHAT, state=S.SENDING, reason=Ending.NOT_FOUND, sent_at=now
    )
    deposit = Deposit.objects.get(share__plan=plan)
    return {
        "desk:release_id": release.pk,
        "desk:file_id": _file(_order(share, 2, release, C.BANK_BATCH), lead).pk,
        "desk:order_id": lost.pk,
        "desk:deposit_id": deposit.pk,
        "desk:plan_id": plan.pk,
        "desk:release_act:name": "pause",
        "desk:order_act:name": "close",
        "desk:deposit_act:name": "hand_over",
        "desk:share_out:name": "unclaimed",
        **_ways(claim, cashier),
    }


def _ways(claim: Claim, by: User) -> dict[str, Any]:
    """A way that waits to be checked, and one of a list that counts already."""
    at = timezone.now()
    paper = Paper.objects.create(
        claim=claim, kind="payout_way", name="7.png", path="matrix/paper.png", size=4,
        content_type="image/png", sha256="7" * 64, added_by=by, added_at=at,
    )  # fmt: skip
    same = {"claim": claim, "channel": PayoutChannel.BANK, "account": "622200007777",
            "source": "7", "entered_by": by, "entered_at": at}  # fmt: skip
    EnteredWay.objects.create(place=1, paper=paper, **same)
    checker = make_staff(Role.ADMINISTRATOR_REVIEWER, claim.case.administrator)
    checked = EnteredWay.objects.create(
        place=2, batch="7" * 64, state=WayState.CHECKED, ended_by=checker, ended_at=at,
        **same,
    )  # fmt: skip
    return {
        "way_id": checked.pk,
        "desk:way_list:batch": checked.batch,
        "desk:act_on_way_list:batch": checked.batch,
        "desk:act_on_way_list:name": "check",
        "desk:claim_ways:claim_id": claim.pk,
        "desk:act_on_claim_ways:claim_id": claim.pk,
        "desk:act_on_claim_ways:name": "enter",
    }


def _order(
    share: Share, part: int, release: Release, channel: ChannelName, **given: Any
) -> Order:
    kinds = {C.WECHAT: PayeeKind.WECHAT_OPENID, C.BY_CASH: PayeeKind.CASH_DESK,
             C.BANK_BATCH: PayeeKind.BANK_ACCOUNT}  # fmt: skip
    return Order.objects.create(
        share=share, part=part, fen=share.parts[part], reference=f"{share.pk:08}{part}",
        release=release, channel=channel, payee_kind=kinds[channel],
        payee_account=f"62220000{part:04d}", payee_name="Ann", payee_bank="",
        payee_hash="5" * 64, due_on=TODAY, **given,
    )  # fmt: skip


def _file(order: Order, by: User) -> BankFile:
    """A file with one order in it."""
    told = payment_file(Batch(FILE, (as_work(order).transfer(),)))
    made = BankFile.objects.create(
        release=order.release, number=FILE, sha256=told.sha256, orders_count=1,
        fen=order.fen, made_by=by, made_at=timezone.now(),
    )  # fmt: skip
    Order.objects.filter(pk=order.pk).update(bank_file=made, state=S.SENDING)
    return made

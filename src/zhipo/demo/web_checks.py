"""The end of the demonstration held against channels, ledger, trail and proofs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree

from zhipo.audit.trail import first_broken_link
from zhipo.cases.models import Case
from zhipo.claims.states import ClaimKind
from zhipo.distributions import files
from zhipo.distributions.actions.publishing import secret_of
from zhipo.distributions.chart import COSTS, DEPOSITED, IN_TRANSIT
from zhipo.distributions.models import Plan, Share
from zhipo.distributions.queries.book import balance_on, sides
from zhipo.distributions.queries.costs import open_costs_fen
from zhipo.engine.proofs.checks import faults_of
from zhipo.engine.proofs.kept import kept_proof
from zhipo.engine.proofs.leaves import salt_of
from zhipo.engine.proofs.proving import verify_proof
from zhipo.engine.proofs.publishing import STATEMENT
from zhipo.engine.proofs.reading import read_bundle
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes
from zhipo.kernel.faults import Fault
from zhipo.ledger.queries import balance_fen
from zhipo.payouts.channels import PAYS_FROM, SPOKEN
from zhipo.payouts.models import Deposit, Order
from zhipo.payouts.states import OrderState

PROOF, BUNDLE = "proof.json", "published"
BOOK_OF = {
    ChannelName.WECHAT: "wechat",
    ChannelName.ALIPAY: "alipay",
    ChannelName.BANK_BATCH: "bank",
}


@dataclass(frozen=True)
class Checked:
    """What agrees: each is something found out, not something hoped.

    `unlike` counts the payments that only one of the two books has, or with another sum;
    `twice` those that a channel paid a second time.
    """

    is_ledger_balanced: bool
    is_nothing_in_transit: bool
    are_deposits_booked: bool
    are_costs_paid: bool
    are_accounts_equal: bool
    unlike: int
    twice: int
    is_trail_whole: bool
    bundle_faults: int
    proof_faults: int
    proof_of: str

    @property
    def is_right(self) -> bool:
        return (
            self.is_ledger_balanced
            and self.is_nothing_in_transit
            and self.are_deposits_booked
            and self.are_costs_paid
            and self.are_accounts_equal
            and self.is_trail_whole
            and not self.unlike + self.twice + self.bundle_faults + self.proof_faults
        )


def checked(case: Case, plan: Plan, channels: PayoutSandboxes, *, out: Path) -> Checked:
    """Hold it all against each other; leaves the published bundle and a proof in `out`."""
    books = {name: channels.book(sandbox) for name, sandbox in BOOK_OF.items()}
    debit, credit = sides(balance_on(case, None))
    kept = Deposit.objects.filter(share__plan=plan, released_on=None)
    deposited = sum(kept.values_list("fen", flat=True))
    number = _write_proof(plan, out)
    return Checked(
        is_ledger_balanced=debit == credit,
        is_nothing_in_transit=balance_fen(case.number, IN_TRANSIT) == 0,
        are_deposits_booked=balance_fen(case.number, DEPOSITED) == deposited,
        are_costs_paid=balance_fen(case.number, COSTS) == open_costs_fen(case) == 0,
        are_accounts_equal=all(
            balance_fen(case.number, PAYS_FROM[name]) == books[name]["funds_fen"]
            for name in SPOKEN
        ),
        unlike=sum(_unlike(plan, name, book["paid"]) for name, book in books.items()),
        twice=sum(_twice(book["paid"]) for book in books.values()),
        is_trail_whole=first_broken_link(case.number) is None,
        bundle_faults=len(faults_of(read_bundle(out / BUNDLE))),
        proof_faults=len(_proof_faults(out)),
        proof_of=number,
    )


def _unlike(plan: Plan, name: ChannelName, paid: list[Mapping[str, object]]) -> int:
    """Payments that the channel's book and our orders do not have alike."""
    theirs = {(str(one["reference"]), one["fen"]) for one in paid}
    orders = Order.objects.filter(share__plan=plan, channel=name, state=OrderState.PAID)
    ours = set(orders.values_list("reference", "fen"))
    return len(theirs ^ ours)


def _twice(paid: list[Mapping[str, object]]) -> int:
    return len(paid) - len({one["reference"] for one in paid})


def _write_proof(plan: Plan, out: Path) -> str:
    """The published bundle and the proof of one consumer's claim, whose number is told."""
    folder = files.folder_of(plan)
    rmtree(out / BUNDLE, ignore_errors=True)
    copytree(folder / files.PUBLISHED, out / BUNDLE)
    share = (
        Share.objects.filter(plan=plan, claim__kind=ClaimKind.CONSUMER, paid_fen__gt=0)
        .select_related("claim")
        .order_by("claim__number")[0]
    )
    number = share.claim.number
    salt = salt_of(number, secret_of(plan))
    proof = kept_proof(number, salt, folder / files.TREE)
    text = json.dumps(proof, ensure_ascii=False, indent=2) + "\n"
    (out / PROOF).write_text(text, encoding="utf-8")
    return number


def _proof_faults(out: Path) -> list[Fault]:
    faults, _ = verify_proof(out / PROOF, statement_file=out / BUNDLE / STATEMENT)
    return faults

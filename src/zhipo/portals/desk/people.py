"""People as the workbench shows them: masked, unless an act with a purpose unmasks one."""

from dataclasses import dataclass

from zhipo.claims.models import Claim
from zhipo.kernel.identifiers import mask, mask_name


@dataclass(frozen=True)
class Person:
    """Name, phone, identity number and payout account, as far as they are known."""

    name: str
    phone: str = ""
    id_no: str = ""
    account: str = ""


def whole(claim: Claim) -> Person:
    """Everything that books and claim know of the creditor."""
    holder = claim.holder
    if holder is None:
        return Person(claim.claimant, account=claim.payout_account)
    account = claim.payout_account or holder.payer_account
    return Person(holder.name or claim.claimant, holder.phone, holder.id_no, account)


def masked(claim: Claim) -> Person:
    """What is enough to tell two people apart."""
    known = whole(claim)
    return Person(
        mask_name(known.name),
        mask(known.phone, head=0),
        mask(known.id_no, head=0),
        mask(known.account, head=0),
    )

"""Whose claim it is, and what its creditor may still do with it."""

from datetime import date
from typing import Any

from zhipo.cases.clocks import runs_until
from zhipo.cases.models import Case
from zhipo.cases.phases import OPEN_FOR_FILING, Phase
from zhipo.claims.models import Claim, Holder
from zhipo.claims.states import LIVE, PREFILLED, ClaimKind, IdentityProof, PayoutChannel
from zhipo.law.claims.amounts import late_filing
from zhipo.law.register.states import ClaimState
from zhipo.web.refusals import NotAllowed, NotInState

AMENDABLE = frozenset({ClaimState.FILED, ClaimState.REVIEWED})
"""Before the claim is tabled: afterwards a change is an objection (EBL 58)."""

WECHAT_MARKS = ("wx-", "wx_", "wechat", "微信")
ALIPAY_MARKS = ("2088", "alipay", "支付宝")


def is_same_person(user: Any, holder: Holder) -> bool:
    """Whether the signed-in person is the one the books know by phone or identity number.

    The phone was proven by a code, the number by `prove_identity`.
    """
    has_phone = bool(user.phone_hash) and holder.phone_hash == user.phone_hash
    has_number = bool(user.id_hash) and holder.id_hash == user.id_hash
    return has_phone or has_number


def is_own(user: Any, claim: Claim, proven_accounts: set[tuple[str, str]]) -> bool:
    """Whether a claim belongs to the person: taken already, or free and in their name.

    `proven_accounts` are (payer hash, name hash) of accounts the person has proven: the
    same payer under the same name is the same person; the payer alone may be a household.
    """
    if claim.creditor_id is not None:
        return bool(claim.creditor_id == user.pk)
    holder = claim.holder
    if holder is None:
        return False
    account = (holder.payer_hash, holder.name_hash)
    return is_same_person(user, holder) or (all(account) and account in proven_accounts)


def check_is_own(
    user: Any, claim: Claim, proven_accounts: set[tuple[str, str]] | None = None
) -> None:
    """Raise NotAllowed for another's claim, in the words for one that does not exist."""
    if not is_own(user, claim, proven_accounts or set()):
        raise NotAllowed("claims.refused.not_found")


def check_is_open(case: Case, *, today: date) -> None:
    """Raise NotInState where the case takes no claims yet, or no more (EBL 56)."""
    if case.phase == Phase.ACCEPTED:
        raise NotInState("claims.refused.not_open_yet")
    last = today if case.phase not in OPEN_FOR_FILING else None
    if late_filing(filed_on=today, last_distribution_on=last) == "refused":
        raise NotInState("claims.refused.closed", phone=case.administrator_phone or "–")


def is_late(case: Case, *, today: date) -> bool:
    """Whether the filing period has ended (EBL 56 then applies)."""
    return case.filing_until is not None and runs_until(case, today) is None


def proof_of(user: Any, claim: Claim) -> IdentityProof:
    """What proves the person: identity number, else the payment trail up to the limit."""
    holder = claim.holder
    if holder is None:
        return IdentityProof.UNPROVEN
    if user.id_hash and holder.id_hash == user.id_hash:
        return IdentityProof.REAL_NAME
    is_small = claim.claimed_fen <= claim.case.identity_limit_fen
    return IdentityProof.TRAIL if is_small else IdentityProof.UNPROVEN


def payout_of(holder: Holder | None) -> PayoutChannel | None:
    """Back to the account that paid, where its name tells whose account it is."""
    account = holder.payer_account.lower() if holder is not None else ""
    if account.startswith(WECHAT_MARKS):
        return PayoutChannel.WECHAT
    return PayoutChannel.ALIPAY if account.startswith(ALIPAY_MARKS) else None


def can_change(claim: Claim) -> bool:
    """Whether figure and papers may still be changed by the creditor, or withdrawn."""
    return claim.state in AMENDABLE and claim.kind != ClaimKind.EMPLOYEE


def check_can_change(user: Any, claim: Claim) -> None:
    """Raise NotInState once the claim is on the register, or is listed, not filed."""
    check_is_own(user, claim)
    if not can_change(claim):
        raise NotInState("claims.refused.no_change", state=claim.state)


def can_choose_payout(claim: Claim) -> bool:
    """Whether the payout account may be changed: until the payout is ordered."""
    is_open = claim.case.phase not in {Phase.CLOSED, Phase.DISMISSED}
    return is_open and claim.state in LIVE and claim.payout_ordered_at is None


def check_can_choose_payout(user: Any, claim: Claim) -> None:
    """Raise NotInState once the payout is ordered or the claim is not live."""
    check_is_own(user, claim)
    if not can_choose_payout(claim):
        raise NotInState("claims.refused.payout_stands")


def check_can_add_papers(user: Any, claim: Claim) -> None:
    """Papers are taken as long as the claim is not settled."""
    check_is_own(user, claim)
    if claim.state in {PREFILLED, ClaimState.CONFIRMED, ClaimState.WITHDRAWN}:
        raise NotInState("claims.refused.no_papers")

"""Who may seal, send, receive and take over, and in which state of a referral."""

from typing import Any

from zhipo.accounts.models import Organisation
from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import BANKRUPTCY_COURT
from zhipo.enforcement.bundle.manifest import Manifest
from zhipo.enforcement.models import Referral, SealedBundle
from zhipo.enforcement.policies.referrals import check_state
from zhipo.enforcement.powers import Act, can_at, check_power_at
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import Stage
from zhipo.web.refusals import NotAllowed, NotInState

R = ReferralState
SEALED_IN = (R.SERVED, R.SENT, R.UNDER_REVIEW, R.SUPPLEMENTING)
"""From service on there is something to hand over; after the ruling nothing is added."""


def check_can_seal(referral: Referral, by: Any) -> None:
    """Raise NotAllowed, NotInState: the sending court alone, from service to ruling."""
    check_power_at(referral.debtor, _sealing(referral), by, referral.sending_id)
    check_state(referral, *SEALED_IN)


def can_seal(referral: Referral, by: Any) -> bool:
    """Whether `check_can_seal` would let it pass."""
    may = can_at(referral.debtor, _sealing(referral), by, referral.sending_id)
    return may and referral.state in SEALED_IN


def check_can_receive(referral: Referral, by: Any) -> None:
    """Raise NotAllowed, NotInState: the receiving court alone, until it has ruled."""
    check_power_at(referral.debtor, Act.RECEIVE_BUNDLE, by, referral.receiving_id)
    check_state(referral, R.SENT, R.UNDER_REVIEW, R.SUPPLEMENTING)


def check_is_addressed(manifest: Manifest, by: Any) -> Organisation:
    """The court to which a bundle is sent. Raises NotAllowed where `by` is not its.

    Before a bundle is in, no row says which court receives: its manifest does.
    """
    courts = organisations_where(by, BANKRUPTCY_COURT)
    found = Organisation.objects.filter(pk__in=courts, name=manifest.sent_to.name).first()
    if found is None:
        raise NotAllowed("enforcement.bundle.not_addressed", court=manifest.sent_to.name)
    return found


def check_can_take_over(referral: Referral, by: Any) -> None:
    """Raise NotAllowed, NotInState: nothing is taken over that was not checked before."""
    check_power_at(referral.debtor, Act.RULE_ON_REFERRAL, by, referral.receiving_id)
    if not referral.received_bundles.exists():
        raise NotInState("enforcement.bundle.not_received")


def bundle_of(referral: Referral) -> SealedBundle:
    """The last bundle sealed here. Raises NotInState where there is none."""
    found = referral.bundles.order_by("-version").first()
    if found is None:
        raise NotInState("enforcement.bundle.not_sealed")
    return found


def _sealing(referral: Referral) -> Act:
    """The first bundle is sent; what follows while it is reviewed supplements it."""
    is_sent = referral.debtor.stage == Stage.UNDER_REVIEW
    return Act.SUPPLEMENT if is_sent else Act.SEND_BUNDLE

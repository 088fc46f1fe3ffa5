"""What a bankruptcy came of: a referral of enforcement, or a petition to the court.

Acceptance stays enforcement on both ways alike (《企业破产法》第十九条); what differs is
who writes to the others, and under which number.
"""

from typing import TypedDict

from zhipo.accounts.models import Organisation
from zhipo.enforcement.models import Debtor, Petition, Referral
from zhipo.enforcement.petition_states import PetitionOutcome
from zhipo.enforcement.policies.referrals import check_state
from zhipo.enforcement.referral_states import ReferralState
from zhipo.web.refusals import NotInState
from zhipo.web.words import say

Origin = Referral | Petition


class Fields(TypedDict, total=False):
    """An origin as a row names it."""

    referral: Referral
    petition: Petition


class Number(TypedDict, total=False):
    """An origin as an act names it."""

    referral_id: int
    petition_id: int


def as_fields(origin: Origin) -> Fields:
    """The field of a row that hangs on this origin."""
    if isinstance(origin, Referral):
        return {"referral": origin}
    return {"petition": origin}


def as_number(origin: Origin) -> Number:
    """What an act on this origin is given."""
    if isinstance(origin, Referral):
        return {"referral_id": origin.pk}
    return {"petition_id": origin.pk}


def debtor_of(origin: Origin) -> Debtor:
    """Whose bankruptcy it is; of a petition only where enforcement knows the debtor."""
    assert origin.debtor is not None
    return origin.debtor


def writer_of(origin: Origin) -> Organisation:
    """The court that tells the others to stay: who referred, or who accepted."""
    return origin.sending if isinstance(origin, Referral) else origin.court


def bankruptcy_court_of(origin: Origin) -> Organisation:
    """The court that rules."""
    return origin.receiving if isinstance(origin, Referral) else origin.court


def number_of(origin: Origin) -> str:
    """The number under which its letters go out: of the decision, or of the ruling."""
    if isinstance(origin, Referral):
        return origin.decision_number
    return origin.ruling_number


def check_accepted(origin: Origin) -> None:
    """Raise NotInState unless bankruptcy is accepted and was not dismissed since."""
    if isinstance(origin, Referral):
        check_state(origin, ReferralState.ACCEPTED)
    elif origin.outcome != PetitionOutcome.ACCEPTED or origin.dismissed_on is not None:
        raise NotInState("enforcement.petition.wrong_state", state=_outcome(origin))


def check_dismissed(origin: Origin) -> None:
    """Raise NotInState unless what was accepted was dismissed afterwards."""
    if isinstance(origin, Referral):
        check_state(origin, ReferralState.DISMISSED)
    elif origin.dismissed_on is None:
        raise NotInState("enforcement.petition.wrong_state", state=_outcome(origin))


def _outcome(petition: Petition) -> str:
    if not petition.outcome:
        return say(f"enforcement.phase.{petition.state}")
    return say(f"enforcement.petition_outcome.{petition.outcome}")

"""Consents to a referral that are in writing (同意移送)."""

from zhipo.enforcement.models import Consent, Debtor
from zhipo.enforcement.referral_states import ConsentAnswer


def written_consents(debtor: Debtor) -> list[Consent]:
    """The consents of applicants or the debtor that were given in writing."""
    agreed = Consent.objects.filter(referral__debtor=debtor, answer=ConsentAnswer.AGREES)
    return list(agreed.order_by("answered_on", "pk"))

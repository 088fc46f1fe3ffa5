"""The origin of a bankruptcy, locked with its debtor: its acts follow one another."""

from zhipo.enforcement.actions.referrals import locked
from zhipo.enforcement.models import Debtor, Petition
from zhipo.enforcement.policies.origins import Origin


def locked_origin(
    *, referral_id: int | None = None, petition_id: int | None = None
) -> Origin:
    """The referral or the petition of this number; exactly one is given."""
    if referral_id is not None:
        return locked(referral_id)
    assert petition_id is not None
    return locked_petition(petition_id)


def locked_petition(petition_id: int) -> Petition:
    """A petition, locked, its debtor before it where enforcement knows one.

    The debtor is looked for again under the credit code: it may have been registered since.
    """
    debtor_id, code = Petition.objects.values_list("debtor_id", "credit_code").get(
        pk=petition_id
    )
    known = Debtor.objects.select_for_update()
    debtor = (
        known.get(pk=debtor_id)
        if debtor_id is not None
        else known.filter(credit_code=code).first()
        if code
        else None
    )
    petition = (
        Petition.objects.select_for_update(of=("self",), no_key=True)
        .select_related("court", "case")
        .get(pk=petition_id)
    )
    petition.debtor = debtor
    return petition

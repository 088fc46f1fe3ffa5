"""Proving who one is above the limit: name and number against what the books know."""

from typing import Any

from django.db import transaction

from zhipo.accounts import limits
from zhipo.accounts.models import User
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.models import Claim
from zhipo.claims.policies.filing import check_is_own
from zhipo.claims.states import IdentityProof
from zhipo.kernel.identifiers import parse_id_no
from zhipo.privacy.columns import lookup_hash
from zhipo.web.refusals import Declined

REAL_NAME = limits.Limit("real_name", 5, 60, failures_only=True)


class NotTheSame(Declined):
    """Name and number are not those in the books; the claim is kept all the same."""

    status = 422


def prove_identity(*, claim_id: int, name: str, id_no: str, by: Any) -> Claim:
    """Compare name and identity number with the books' by keyed hash.

    A failure is counted outside of the transaction, so that it stays counted. Raises
    IdentifierError, TooMany, NotTheSame, NotAllowed.
    """
    subject = str(by.pk)
    limits.check(REAL_NAME, subject)
    number = parse_id_no(id_no)
    try:
        return _prove(claim_id=claim_id, name=name.strip(), id_no=number, by=by)
    except NotTheSame:
        limits.count(REAL_NAME, subject, is_failure=True)
        raise


@transaction.atomic
def _prove(*, claim_id: int, name: str, id_no: str, by: Any) -> Claim:
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("holder", "case")
        .get(pk=claim_id)
    )
    check_is_own(by, claim)
    if claim.identity == IdentityProof.REAL_NAME:
        return claim
    holder, id_hash = claim.holder, lookup_hash("id_no", id_no)
    if holder is None or not holder.id_hash:
        raise NotTheSame("claims.refused.nothing_to_compare")
    if (holder.id_hash, holder.name_hash) != (id_hash, lookup_hash("name", name)):
        raise NotTheSame("claims.refused.not_the_same")

    User.objects.filter(pk=by.pk).update(name=name, id_no=id_no, id_hash=id_hash)
    claim.identity = IdentityProof.REAL_NAME
    claim.save(update_fields=["identity"])

    record(Event.IDENTITY_PROVEN, of=claim, by=by, chain=claim.case.number,
           way=IdentityProof.REAL_NAME)  # fmt: skip
    return claim

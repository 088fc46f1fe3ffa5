"""A sample of decided claims for the court to look at, the same for all on one day."""

import hashlib

from django.db.models import QuerySet
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.queries.register import ON_REGISTER

SAMPLED = 20


def sample(case: Case) -> QuerySet[Claim]:
    """SAMPLED claims drawn by the day and the case: nobody chooses them."""
    drawn = hashlib.sha256(f"{case.number}:{timezone.localdate()}".encode()).hexdigest()
    return (
        Claim.objects.filter(case=case, state__in=ON_REGISTER)
        .extra(select={"draw": "md5(claims_claim.id::text || %s)"}, select_params=[drawn])
        .order_by("draw")[:SAMPLED]
    )

"""What a bankruptcy came of: rows that hang on a referral or on a petition to the court."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from zhipo.enforcement.models.petitions import Petition
    from zhipo.enforcement.models.referrals import Referral


class OfOrigin(models.Model):
    """A row with a `referral` or a `petition`, never both."""

    referral: Any
    petition: Any

    class Meta:
        abstract = True

    @property
    def origin(self) -> "Referral | Petition":
        """The one of the two that it hangs on."""
        found: Referral | Petition | None = self.referral or self.petition
        assert found is not None
        return found


def one_origin(name: str) -> models.CheckConstraint:
    """The constraint that a row hangs on one of the two."""
    return models.CheckConstraint(
        condition=Q(referral=None, petition__isnull=False)
        | Q(referral__isnull=False, petition=None),
        name=name,
    )

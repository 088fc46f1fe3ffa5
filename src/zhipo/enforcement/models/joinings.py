"""By what two debtors may be the same, and what people decided about it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import User
from zhipo.enforcement.finding_states import JoiningState, LinkKind
from zhipo.enforcement.models.debtors import Debtor


class LinkageKey(models.Model):
    """One normalised value of a debtor's by which others are compared with it.

    `value` is a keyed hash where it is a person's name.
    """

    debtor = models.ForeignKey(Debtor, models.CASCADE, related_name="linkage_keys")
    kind = models.CharField(max_length=20, choices=[(one, one) for one in LinkKind])
    value = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["debtor", "kind", "value"], name="linkage_key_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "value"], name="linkage_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.debtor_id}"


class Joining(models.Model):
    """A decision that two rows are one debtor, or are not; a joining can be undone.

    `moved` names the rows that went over to `kept` (table -> ids), `newest` the highest id
    of each table then: what is newer depends on the joining.
    """

    kept = models.ForeignKey(Debtor, models.PROTECT, related_name="joinings")
    joined = models.ForeignKey(Debtor, models.PROTECT, related_name="joined_into")
    state = models.CharField(max_length=20, choices=[(one, one) for one in JoiningState])
    score = models.PositiveSmallIntegerField()
    grounds = models.JSONField(default=list)
    reason = models.TextField()
    moved = models.JSONField(default=dict)
    newest = models.JSONField(default=dict)
    filled = models.JSONField(default=list)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["joined"],
                condition=Q(state=JoiningState.JOINED),
                name="joined_into_one",
            ),
            models.CheckConstraint(condition=~Q(kept=F("joined")), name="joining_of_two"),
            models.CheckConstraint(
                condition=Q(state=JoiningState.UNDONE, undone_at__isnull=False)
                | (~Q(state=JoiningState.UNDONE) & Q(undone_at__isnull=True)),
                name="joining_undone_at",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="joining_undone_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.joined_id} -> {self.kept_id} {self.state}"

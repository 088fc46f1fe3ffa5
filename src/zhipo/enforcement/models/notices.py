"""What the court's people must know of at once: told by the system, seen by somebody."""

from django.db import models

from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import Role
from zhipo.enforcement.models.debtors import Debtor, EnforcementCase
from zhipo.web.words import say

WORDS = {"act": "enforcement.measure", "reason": "enforcement.reason"}
"""Values that stand for a word in the tables of phrases."""


class BureauNotice(models.Model):
    """One thing that needs a role of a court; `key` makes each occasion one notice.

    `phrase` is a sentence of enforcement/phrases.yaml, `values` what fills it.
    """

    key = models.CharField(max_length=160, unique=True)
    court = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=[(one, one) for one in Role])
    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="notices")
    case = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="notices")
    phrase = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    @property
    def sentence(self) -> str:
        """What it says in the reader's language; acts and reasons by their words."""
        words = {
            name: say(f"{WORDS[name]}.{value}") if name in WORDS else value
            for name, value in self.values.items()
        }
        return say(self.phrase, **words)

    def __str__(self) -> str:
        return f"notice {self.pk}"

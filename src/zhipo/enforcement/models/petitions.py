"""Petitions that came to the bankruptcy court directly, and the clocks that run on them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import Organisation, User
from zhipo.cases.models import Case
from zhipo.enforcement.models.debtors import Debtor
from zhipo.enforcement.petition_states import (
    LAPSE,
    Petitioner,
    PetitionOutcome,
    PetitionState,
)
from zhipo.law.triage.road import Procedure
from zhipo.privacy.columns import EncryptedTextField


class Petition(models.Model):
    """One petition for a debtor's bankruptcy before one court; days are at +08:00.

    `procedure` is what it asks for, `debtor` the one that enforcement knows under the same
    credit code, if any. Time from `asked_on` to `supplemented_on` does not count
    (《破产法解释一》第七条第三款). `extension` is the number of the approval by the court
    above, `case` the bankruptcy that was opened on its acceptance, `dismissed_on` when that
    was dismissed afterwards.
    """

    court = models.ForeignKey(Organisation, models.PROTECT, related_name="petitions")
    form_key = models.CharField(max_length=40, unique=True)
    number = models.CharField(max_length=60, unique=True)  # 破申
    name = models.CharField(max_length=200)  # the debtor's
    credit_code = models.CharField(max_length=18, blank=True, default="")
    debtor = models.ForeignKey(Debtor, models.PROTECT, null=True, related_name="petitions")
    by_whom = models.CharField(max_length=30, choices=[(one, one) for one in Petitioner])
    petitioner = EncryptedTextField()
    procedure = models.CharField(
        max_length=20, choices=[(one, one) for one in Procedure],
        default=Procedure.LIQUIDATION,
    )  # fmt: skip
    state = models.CharField(
        max_length=30,
        choices=[(one, one) for one in PetitionState],
        default=PetitionState.IN_REVIEW,
    )
    received_on = models.DateField()
    notified_on = models.DateField(null=True)
    objected_on = models.DateField(null=True)
    objection = models.TextField(blank=True, default="")
    asked_on = models.DateField(null=True)
    asked_for = models.TextField(blank=True, default="")
    supplemented_on = models.DateField(null=True)
    extension = models.CharField(max_length=100, blank=True, default="")
    outcome = models.CharField(
        max_length=30, choices=[(one, one) for one in PetitionOutcome], blank=True,
        default="",
    )  # fmt: skip
    ruled_on = models.DateField(null=True)
    ruling_number = models.CharField(max_length=60, blank=True, default="")
    grounds = models.TextField(blank=True, default="")
    refusal_served_on = models.DateField(null=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="petition")
    dismissed_on = models.DateField(null=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=PetitionState.ENDED, ruled_on__isnull=False)
                & ~Q(outcome="")
                | ~Q(state=PetitionState.ENDED) & Q(ruled_on=None, outcome=""),
                name="petition_ended_whole",
            ),
            models.CheckConstraint(
                condition=Q(case=None, dismissed_on=None)
                | Q(outcome=PetitionOutcome.ACCEPTED, case__isnull=False),
                name="petition_case_of_acceptance",
            ),
            models.CheckConstraint(
                condition=Q(refusal_served_on=None)
                | Q(
                    outcome=PetitionOutcome.REFUSED,
                    refusal_served_on__gte=F("ruled_on"),
                )
                | Q(outcome=PetitionOutcome.ACCEPTED),  # reversed on appeal
                name="petition_refusal_served",
            ),
            models.CheckConstraint(
                condition=Q(notified_on=None) | Q(notified_on__gte=F("received_on")),
                name="petition_notified_after_receipt",
            ),
            models.CheckConstraint(
                condition=Q(supplemented_on=None) | Q(supplemented_on__gte=F("asked_on")),
                name="petition_supplemented_after_asking",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PetitionClock(models.Model):
    """One running deadline of a petition, from the table of law (D01 to D05, D08)."""

    petition = models.ForeignKey(Petition, models.CASCADE, related_name="clocks")
    deadline = models.CharField(max_length=10)
    event_on = models.DateField()
    last_day = models.DateField(db_index=True)
    is_calendar_known = models.BooleanField()
    done_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    escalated_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["petition", "deadline"], name="petition_clock_runs_once"
            )
        ]

    @property
    def may_lapse(self) -> bool:
        """Whether nobody has failed where it passes unused."""
        return self.deadline in LAPSE

    def __str__(self) -> str:
        return f"{self.petition_id} {self.deadline} {self.last_day}"

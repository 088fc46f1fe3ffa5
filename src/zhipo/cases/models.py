"""A case, its clocks, its documents and the questions of the court."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import Organisation, User
from zhipo.cases.phases import Phase


class Case(models.Model):
    """One debtor's bankruptcy before one court, led by one administrator.

    Dates are days at +08:00; `identity_limit_fen` is the court-set sum up to which the
    payment trail is proof enough of identity; `tolerance_fen` the difference from the
    books that review passes over.
    """

    slug = models.SlugField(unique=True)
    number = models.CharField(max_length=60, unique=True)  # （2025）湘0302破3号
    debtor = models.CharField(max_length=200)
    brand = models.CharField(max_length=80)  # the name that its customers know
    court = models.ForeignKey(Organisation, models.PROTECT, related_name="cases_heard")
    administrator = models.ForeignKey(
        Organisation, models.PROTECT, related_name="cases_administered"
    )
    phase = models.CharField(
        max_length=20, choices=[(phase, phase) for phase in Phase], default=Phase.ACCEPTED
    )
    accepted_on = models.DateField()
    published_on = models.DateField(null=True)
    filing_until = models.DateField(null=True)
    meeting_on = models.DateField(null=True)
    checked_on = models.DateField(null=True)  # the meeting finished checking the register
    confirmed_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)  # 破产程序终结; deposits and finds count from it
    identity_limit_fen = models.BigIntegerField(default=200_000)
    tolerance_fen = models.BigIntegerField(default=0)
    double_entry_from_fen = models.BigIntegerField(default=5_000_000)
    administrator_phone = models.CharField(max_length=30, blank=True, default="")
    administrator_address = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(published_on__isnull=True)
                | Q(published_on__gte=F("accepted_on")),
                name="case_published_after_acceptance",
            ),
            models.CheckConstraint(
                condition=Q(filing_until__isnull=True)
                | Q(filing_until__gt=F("published_on")),
                name="case_filing_ends_after_publication",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Clock(models.Model):
    """One running deadline of a case, from the table of law (D01 to D45)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="clocks")
    deadline = models.CharField(max_length=10)  # D09
    event_on = models.DateField()
    last_day = models.DateField()
    is_calendar_known = models.BooleanField()
    done_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "deadline", "event_on"], name="clock_runs_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.deadline} {self.last_day}"


class Question(models.Model):
    """What the court asks of the administrator, and the answer."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="questions")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    text = models.TextField()
    due_on = models.DateField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="question_answered_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

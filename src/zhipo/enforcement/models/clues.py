"""What applicants and the debtor say of the property: clues, reports, their clocks."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import User
from zhipo.enforcement.finding_states import ClueOutcome, ReportedChange
from zhipo.enforcement.models.debtors import Debtor, EnforcementCase
from zhipo.enforcement.models.properties import Property
from zhipo.enforcement.states import PropertyKind
from zhipo.privacy.columns import EncryptedTextField


class Clue(models.Model):
    """An applicant's clue (财产线索); `check_by` is None where it is not concrete.

    A vague one starts no clock (《财产调查规定》第二条); the applicant is asked for more.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="clues")
    case = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="clues")
    form_key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=[(one, one) for one in PropertyKind])
    text = EncryptedTextField()
    reference = EncryptedTextField()
    is_concrete = models.BooleanField()
    is_urgent = models.BooleanField()
    received_on = models.DateField()
    check_by = models.DateField(null=True, db_index=True)
    is_calendar_known = models.BooleanField(default=True)
    reminded_on = models.DateField(null=True)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(
        max_length=20, choices=[(one, one) for one in ClueOutcome], blank=True, default=""
    )
    finding = EncryptedTextField()
    found = models.ForeignKey(Property, models.PROTECT, null=True, related_name="clues")
    checked_on = models.DateField(null=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome="", checked_on__isnull=True, checked_by__isnull=True)
                | (~Q(outcome="") & Q(checked_on__isnull=False, checked_by__isnull=False)),
                name="clue_checked_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_concrete=True, check_by__isnull=False)
                | Q(is_concrete=False, check_by__isnull=True),
                name="clue_clock_where_concrete",
            ),
        ]

    def __str__(self) -> str:
        return f"clue {self.pk}"


class PropertyReport(models.Model):
    """An order to report property (报告财产令) and the report that came, if it did.

    `covers_from` is one year before the enforcement notice was received.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="reports")
    case = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="reports")
    notice_received_on = models.DateField()
    covers_from = models.DateField()
    due_on = models.DateField(db_index=True)
    reminded_on = models.DateField(null=True)
    received_on = models.DateField(null=True)
    is_untrue = models.BooleanField(null=True)
    note = EncryptedTextField()
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "notice_received_on", "due_on"], name="report_ordered_once"
            ),
            models.CheckConstraint(
                condition=Q(covers_from__lt=F("notice_received_on"))
                & Q(due_on__gte=F("notice_received_on")),
                name="report_days",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class ReportedItem(models.Model):
    """A line of a report: property that is there, or a change of the year before.

    A change after the report is a line of its own with `report_by`; `reported_on` is None
    while only the court knows of it.
    """

    report = models.ForeignKey(PropertyReport, models.PROTECT, related_name="items")
    form_key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=[(one, one) for one in PropertyKind])
    change = models.CharField(max_length=20, choices=[(one, one) for one in ReportedChange])
    text = EncryptedTextField()
    counterparty = EncryptedTextField()
    burden = EncryptedTextField()
    fen = models.BigIntegerField(null=True)
    changed_on = models.DateField(null=True)
    report_by = models.DateField(null=True, db_index=True)
    reported_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    found = models.ForeignKey(Property, models.PROTECT, null=True, related_name="+")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(change=ReportedChange.NONE, changed_on__isnull=True)
                | (~Q(change=ReportedChange.NONE) & Q(changed_on__isnull=False)),
                name="change_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(fen__isnull=True) | Q(fen__gte=0), name="reported_fen"
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"

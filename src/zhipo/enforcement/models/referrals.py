"""A referral to bankruptcy (执转破) and everything that is decided on its way."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import Organisation, User
from zhipo.cases.models import Case
from zhipo.documents.models import Document
from zhipo.enforcement.models.debtors import Debtor, EnforcementCase
from zhipo.enforcement.referral_states import (
    ENDED,
    ComplaintGround,
    ConsentAnswer,
    ConsentForm,
    CourtLevel,
    ReferralState,
    ServiceWay,
    Signer,
)
from zhipo.law.referral.conditions import Regime
from zhipo.law.triage.road import Road


class CourtRank(models.Model):
    """Where a court stands (审级): jurisdiction, approval and complaints go by it."""

    court = models.OneToOneField(Organisation, models.PROTECT, related_name="rank")
    level = models.CharField(max_length=20, choices=[(one, one) for one in CourtLevel])
    above = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="ranks_below"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(court=F("above")), name="court_not_above_itself"
            )
        ]

    def __str__(self) -> str:
        return f"{self.court_id} {self.level}"


class Referral(models.Model):
    """One court's referral of a debtor to the court of its domicile.

    `leading` is the enforcement case in which it is decided; `regime` the rules that it
    follows (REF-21); `case` the bankruptcy that came of it. Days are at +08:00;
    `received_on` is when the receiving court got the papers, `effective_on` when its
    refusal could no longer be appealed.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="referrals")
    leading = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="referrals")
    sending = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receiving = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    regime = models.CharField(max_length=20, choices=[(one, one) for one in Regime])
    road = models.CharField(max_length=30, choices=[(one, one) for one in Road])
    state = models.CharField(
        max_length=20,
        choices=[(one, one) for one in ReferralState],
        default=ReferralState.COLLECTING,
    )
    domicile = models.CharField(max_length=200)
    is_at_domicile = models.BooleanField()
    high_court_approval = models.CharField(max_length=100, blank=True, default="")
    has_cause = models.BooleanField()
    cause = models.TextField()  # the grounds, in the handler's words
    opened_on = models.DateField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True)
    decision_number = models.CharField(max_length=60, blank=True, default="")
    served_on = models.DateField(null=True)
    sent_on = models.DateField(null=True)
    bundle_sha256 = models.CharField(max_length=64, blank=True, default="")
    received_on = models.DateField(null=True)
    review_number = models.CharField(max_length=60, blank=True, default="")  # 破申
    ruled_on = models.DateField(null=True)
    ruling_number = models.CharField(max_length=60, blank=True, default="")
    refusal_grounds = models.TextField(blank=True, default="")
    refusal_served_on = models.DateField(null=True)
    effective_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    dismissed_on = models.DateField(null=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="referral")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["debtor"],
                condition=~Q(state__in=sorted(ENDED)),
                name="referral_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True) | Q(decided_on__isnull=False),
                name="referral_sent_after_decision",
            ),
            models.CheckConstraint(
                condition=Q(ruled_on__isnull=True) | Q(received_on__isnull=False),
                name="referral_ruled_after_receipt",
            ),
        ]

    def __str__(self) -> str:
        return self.decision_number or f"referral {self.pk}"


class Consent(models.Model):
    """One applicant (`case`) or the debtor (no `case`) was asked, and what was answered.

    An answer in the affirmative counts only with its writing: a paper that is kept here,
    or the `reference` of one that is in the file.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="consents")
    case = models.ForeignKey(
        EnforcementCase, models.PROTECT, null=True, related_name="consents"
    )
    asked_on = models.DateField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answer = models.CharField(
        max_length=10, choices=[(one, one) for one in ConsentAnswer], blank=True, default=""
    )
    form = models.CharField(
        max_length=20, choices=[(one, one) for one in ConsentForm], blank=True, default=""
    )
    reference = models.CharField(max_length=120, blank=True, default="")
    paper = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    answered_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "case"], nulls_distinct=False, name="consent_once"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True, form="")
                | (~Q(answer="") & Q(answered_on__isnull=False) & ~Q(form="")),
                name="consent_has_day_and_form",
            ),
            models.CheckConstraint(
                condition=~Q(answer=ConsentAnswer.AGREES)
                | ~Q(reference="")
                | Q(paper__isnull=False),
                name="consent_is_in_writing",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | Q(answered_on__gte=F("asked_on")),
                name="consent_answered_after_asking",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, recorded_by__isnull=True)
                | Q(answered_at__isnull=False, recorded_by__isnull=False),
                name="consent_recorded_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"


class Signature(models.Model):
    """One signature in the chain of the decision (《执转破意见》第五条)."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=10, choices=[(one, one) for one in Signer])
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agrees = models.BooleanField()
    opinion = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "by"], name="signature_one_per_person"
            ),
            models.UniqueConstraint(
                fields=["referral", "role"],
                condition=~Q(role=Signer.PANEL),
                name="signature_one_handler_one_president",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.referral_id}"


class Approval(models.Model):
    """The own intermediate court's approval of a referral elsewhere (第六条)."""

    referral = models.OneToOneField(Referral, models.PROTECT, related_name="approval")
    court = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked_on = models.DateField()
    is_granted = models.BooleanField(null=True)
    opinion = models.TextField(blank=True, default="")
    decided_on = models.DateField(null=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_granted=None, decided_on=None, decided_by=None)
                | Q(
                    is_granted__isnull=False,
                    decided_on__isnull=False,
                    decided_by__isnull=False,
                ),
                name="approval_decided_by_someone",
            )
        ]

    def __str__(self) -> str:
        return f"approval {self.referral_id}"


class Service(models.Model):
    """The decision served on one applicant (`case`) or on the debtor (no `case`)."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="services")
    case = models.ForeignKey(
        EnforcementCase, models.PROTECT, null=True, related_name="services"
    )
    way = models.CharField(
        max_length=12, choices=[(one, one) for one in ServiceWay], blank=True, default=""
    )
    served_on = models.DateField(null=True)
    proof = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "case"], nulls_distinct=False, name="service_once"
            ),
            models.CheckConstraint(
                condition=Q(served_on=None, way="", by=None)
                | Q(served_on__isnull=False, by__isnull=False) & ~Q(way="") & ~Q(proof=""),
                name="service_has_its_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"service {self.pk}"


class Supplement(models.Model):
    """Papers that the receiving court asked for (第十一条, tag U); it does not count."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="supplements")
    what = models.TextField()
    affects_cause = models.BooleanField()
    asked_on = models.DateField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField()
    handed_in_on = models.DateField(null=True)
    handed_in_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(handed_in_on__isnull=True, handed_in_by__isnull=True)
                | Q(handed_in_on__isnull=False, handed_in_by__isnull=False),
                name="supplement_handed_in_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(handed_in_on__isnull=True) | Q(handed_in_on__gte=F("asked_on")),
                name="supplement_after_asking",
            ),
        ]

    def __str__(self) -> str:
        return f"supplement {self.pk}"


class Complaint(models.Model):
    """A letter to the court above the receiving one (第二十一条, tag U), and its acts."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="complaints")
    ground = models.CharField(
        max_length=20, choices=[(one, one) for one in ComplaintGround]
    )
    text = models.TextField()
    court = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    written_on = models.DateField()
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_on = models.DateField(null=True)
    taken_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "ground"], name="complaint_once_per_ground"
            ),
            models.CheckConstraint(
                condition=Q(taken_on__isnull=True) | Q(ordered_on__isnull=False),
                name="complaint_taken_after_order",
            ),
        ]

    def __str__(self) -> str:
        return f"complaint {self.pk}"

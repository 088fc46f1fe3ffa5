"""What a referral and an acceptance stop: letters, kept freezes, money, running clocks."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import Organisation, User
from zhipo.documents.models import Document
from zhipo.enforcement.models.debtors import Debtor, EnforcementCase
from zhipo.enforcement.models.inquiries import InquiryOrder, Institution
from zhipo.enforcement.models.origins import OfOrigin, one_origin
from zhipo.enforcement.models.petitions import Petition
from zhipo.enforcement.models.properties import Freeze, Property
from zhipo.enforcement.models.referrals import Referral
from zhipo.enforcement.referral_states import NoticeKind
from zhipo.law.referral.handover import EnforcementCost, Held
from zhipo.privacy.columns import EncryptedTextField


class ReferralClock(models.Model):
    """One running deadline before and at acceptance, from the table of law.

    `court` is whose duty it is, or on whose calendar a party's stands; `subject` tells two
    clocks of one deadline and day apart.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="clocks")
    referral = models.ForeignKey(Referral, models.PROTECT, related_name="clocks")
    court = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    deadline = models.CharField(max_length=10)  # D32
    subject = models.CharField(max_length=60, blank=True, default="")
    event_on = models.DateField()
    last_day = models.DateField(db_index=True)
    is_calendar_known = models.BooleanField()
    done_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    escalated_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "deadline", "subject", "event_on"],
                name="referral_clock_runs_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.deadline} {self.last_day}"


class Notice(OfOrigin):
    """A letter to a court or an institution: made, sent, acknowledged (or overdue).

    `sender` is the court that writes: who freezes lifts, who accepts tells to restore.
    """

    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, related_name="notices"
    )
    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, related_name="notices"
    )
    kind = models.CharField(max_length=20, choices=[(one, one) for one in NoticeKind])
    sender = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    court = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, related_name="+"
    )
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    made_on = models.DateField()
    sent_on = models.DateField(null=True)
    reply_by = models.DateField(null=True)
    acknowledged_on = models.DateField(null=True)
    reply = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "petition", "kind", "sender", "court", "institution"],
                nulls_distinct=False,
                name="notice_once",
            ),
            one_origin("notice_of_one_origin"),
            models.CheckConstraint(
                condition=Q(court__isnull=False) | Q(institution__isnull=False),
                name="notice_has_an_addressee",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_on__isnull=True) | Q(sent_on__isnull=False),
                name="notice_acknowledged_after_sending",
            ),
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True, reply_by__isnull=True)
                | Q(sent_on__isnull=False, reply_by__isnull=False),
                name="notice_sent_has_a_day_for_the_reply",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class KeptPlace(OfOrigin):
    """A freeze's place among those on its property when the petition was accepted.

    If the petition is dismissed, preservation comes back in this order (《破产法解释二》
    第八条); a unit may decline.
    """

    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, related_name="kept_places"
    )
    petition = models.ForeignKey(
        Petition, models.PROTECT, null=True, related_name="kept_places"
    )
    freeze = models.ForeignKey(Freeze, models.PROTECT, related_name="kept_places")
    place = models.PositiveIntegerField()
    was = models.CharField(max_length=20)  # FreezeState at acceptance
    lifted_on = models.DateField(null=True)
    restored_on = models.DateField(null=True)
    declined_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "petition", "freeze"],
                nulls_distinct=False,
                name="kept_place_once",
            ),
            one_origin("kept_place_of_one_origin"),
            models.CheckConstraint(
                condition=Q(restored_on__isnull=True) | Q(declined_on__isnull=True),
                name="kept_place_restored_or_declined",
            ),
            models.CheckConstraint(
                condition=Q(restored_on__isnull=True) | Q(lifted_on__isnull=False),
                name="kept_place_lifted_before_restored",
            ),
        ]

    def __str__(self) -> str:
        return f"place {self.place} of freeze {self.freeze_id}"


class Proceeds(models.Model):
    """What enforcement has turned property into (执行所得), in fen, and where it is.

    `order` is the deduction that brought it in, if one did; `served_on` the day on which a
    sale or debt ruling was served (《执转破意见》第十七条).
    """

    case = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="proceeds")
    order = models.OneToOneField(
        InquiryOrder, models.PROTECT, null=True, related_name="proceeds"
    )
    what = models.CharField(max_length=200)
    held = models.CharField(max_length=30, choices=[(one, one) for one in Held])
    fen = models.BigIntegerField()
    since = models.DateField()
    paid_out_on = models.DateField(null=True)
    handed_over_on = models.DateField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="proceeds_sum"),
            models.CheckConstraint(
                condition=Q(paid_out_on__isnull=True) | Q(handed_over_on__isnull=True),
                name="proceeds_paid_or_handed_over",
            ),
            models.CheckConstraint(
                condition=Q(paid_out_on__isnull=True) | Q(paid_out_on__gte=F("since")),
                name="proceeds_paid_after_coming_in",
            ),
            models.CheckConstraint(
                condition=Q(held=Held.PAID_OUT, paid_out_on__isnull=False)
                | (~Q(held=Held.PAID_OUT) & Q(paid_out_on__isnull=True)),
                name="proceeds_paid_out_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"proceeds {self.pk}"


class CostItem(models.Model):
    """A cost of enforcement not yet paid (执行费用), in fen; its class is the law's."""

    case = models.ForeignKey(EnforcementCase, models.PROTECT, related_name="cost_items")
    kind = models.CharField(max_length=30, choices=[(one, one) for one in EnforcementCost])
    fen = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True, default="")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind", "fen", "note"], name="cost_item_once"
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="cost_item_sum"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fen}"


class SaleOfPerishable(models.Model):
    """Goods that could not be kept, sold during the review; the price is kept (第八条)."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="sales")
    target = models.ForeignKey(Property, models.PROTECT, related_name="perishable_sales")
    what = models.CharField(max_length=200)
    grounds = models.TextField()
    sold_on = models.DateField()
    buyer = EncryptedTextField()
    price = models.OneToOneField(Proceeds, models.PROTECT, related_name="sale")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["referral", "target", "what"], name="perishable_sold_once"
            )
        ]

    def __str__(self) -> str:
        return f"sale {self.pk}"

"""Facts for the identification of a debtor (识别), order books, memos made of them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import Organisation, User
from zhipo.documents.models import Document
from zhipo.enforcement.models.debtors import Debtor
from zhipo.enforcement.states import Evidence
from zhipo.law.triage.road import Road


class Fact(models.Model):
    """What a judge states of a debtor, with the evidence; a later one takes its place.

    `known` is what the system knew then: an equal value confirms it, another corrects it
    and has a `reason`. What was superseded or taken back stays.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="facts")
    key = models.CharField(max_length=30)  # a FactKey
    value = models.JSONField()
    known = models.JSONField(null=True)
    evidence = models.CharField(max_length=20, choices=[(one, one) for one in Evidence])
    reference = models.CharField(max_length=200)
    reason = models.TextField(blank=True, default="")
    stated_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["debtor", "key"],
                condition=Q(ended_at__isnull=True),
                name="fact_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="fact_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("stated_at")),
                name="fact_ended_after_it_was_stated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.debtor_id}"


class OrderBook(models.Model):
    """A platform's orders as they were handed in, sealed, with what they count.

    `path` is below ENVIRONMENT.files; buyers are counted over the year that ends with the
    last order, active ones over its last ninety days.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="order_books")
    source = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveBigIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    buyers = models.PositiveIntegerField()
    active_buyers = models.PositiveIntegerField()
    repeat_buyers = models.PositiveIntegerField()
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["debtor", "sha256"], name="order_book_once"),
            models.CheckConstraint(
                condition=Q(active_buyers__lte=F("buyers"))
                & Q(repeat_buyers__lte=F("buyers")),
                name="order_book_counts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Memo(models.Model):
    """One version of an identification memo (识别报告): what was known, what follows.

    `content` holds facts, answers, points and money as they were, without anybody's name;
    `proposed` is what the rules say, `concluded` what the judge says, with a `reason`
    where it differs.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="memos")
    court = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    law_date = models.DateField()
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    proposed = models.CharField(max_length=30, choices=[(one, one) for one in Road])
    proposed_fast = models.BooleanField()
    concluded = models.CharField(max_length=30, choices=[(one, one) for one in Road])
    concluded_fast = models.BooleanField()
    reason = models.TextField(blank=True, default="")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["debtor", "version"], name="memo_one_per_version"
            ),
            models.CheckConstraint(
                condition=Q(concluded=F("proposed"), concluded_fast=F("proposed_fast"))
                | ~Q(reason=""),
                name="memo_says_why_it_departs",
            ),
        ]

    def __str__(self) -> str:
        return f"memo {self.version} {self.debtor_id}"

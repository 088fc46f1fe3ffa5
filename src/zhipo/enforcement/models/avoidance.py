"""Avoidable acts: what people entered of dealings, searches, candidates, verdicts."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import User
from zhipo.enforcement.finding_states import (
    AvoidableKind,
    Basis,
    CandidateState,
    DealingKind,
)
from zhipo.enforcement.models.clues import ReportedItem
from zhipo.enforcement.models.debtors import Debtor
from zhipo.enforcement.states import Evidence
from zhipo.privacy.columns import EncryptedTextField

VERDICTS = (CandidateState.PURSUED, CandidateState.DROPPED, CandidateState.SETTLED)
"""States that a person gave."""


class Dealing(models.Model):
    """What is known of one dealing of the debtor's, entered with its evidence; in fen.

    `done_on` is the day of the act, `due_on` when the debt was due, `debt_on` when a debt
    that was secured later had arisen. `fen` is the debt, the thing's value or the claim;
    `reference` ties the entry to one booking. `shields` are law.estate.avoidance.Shield.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="dealings")
    form_key = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=[(one, one) for one in DealingKind])
    counterparty = EncryptedTextField()
    counterparty_hash = models.CharField(max_length=64, db_index=True)
    done_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    debt_on = models.DateField(null=True)
    fen = models.BigIntegerField(null=True)
    price_fen = models.BigIntegerField(null=True)
    fair_fen = models.BigIntegerField(null=True)
    security_fen = models.BigIntegerField(default=0)
    reference = models.CharField(max_length=80, blank=True, default="")
    shields = models.JSONField(default=list)
    is_collusive = models.BooleanField(default=False)
    evidence = models.CharField(max_length=20, choices=[(one, one) for one in Evidence])
    grounds = EncryptedTextField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(fen=None) | Q(fen__gt=0))
                & (Q(price_fen=None) | Q(price_fen__gte=0))
                & (Q(fair_fen=None) | Q(fair_fen__gte=0))
                & Q(security_fen__gte=0),
                name="dealing_sums",
            ),
            models.CheckConstraint(
                condition=~Q(kind=DealingKind.PRICE)
                | Q(price_fen__isnull=False, fair_fen__isnull=False),
                name="dealing_price_has_both_figures",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="dealing_withdrawn_by_someone",
            ),
            models.UniqueConstraint(
                fields=["debtor", "kind", "counterparty_hash"],
                condition=Q(
                    kind__in=[DealingKind.DEBT, DealingKind.RELATED],
                    reference="",
                    withdrawn_at=None,
                ),
                name="dealing_one_for_all_bookings",
            ),
        ]

    def __str__(self) -> str:
        return f"dealing {self.pk}"


class AvoidanceSearch(models.Model):
    """One search of a debtor's sealed histories and entries, with what it started from.

    `counted_on` is the day of acceptance, `is_supposed` while there is none yet;
    `cause_since` the day from which the cause of bankruptcy is taken to have existed.
    `sources` are the digests of the histories, `evidence_*` the sealed rows that it found,
    `left_out` counts and sums of what was read and is no candidate.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="avoidance_searches")
    counted_on = models.DateField()
    is_supposed = models.BooleanField()
    cause_since = models.DateField()
    cause_grounds = models.CharField(max_length=300)
    least_fen = models.BigIntegerField()
    sources = models.JSONField(default=list)
    bookings = models.PositiveIntegerField()
    left_out = models.JSONField(default=dict)
    found = models.PositiveIntegerField()
    evidence_path = models.CharField(max_length=200)
    evidence_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(least_fen__gte=0), name="search_least")
        ]

    def __str__(self) -> str:
        return f"search {self.pk}"


class Candidate(models.Model):
    """One act that may be avoidable or void, and what a person decided of it.

    `key` is the same in every search here that finds it again; `evidence_key` names its
    rows in the evidence of `search`, the last one that found it, which may have been
    another court's. `fen` and `rows` are those of `search`, `judged_fen` what the sum was
    at the verdict. It rests on a `dealing`, on a `reported` item, or on signs alone.
    """

    debtor = models.ForeignKey(Debtor, models.PROTECT, related_name="candidates")
    search = models.ForeignKey(AvoidanceSearch, models.PROTECT, related_name="candidates")
    key = models.CharField(max_length=120)
    evidence_key = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(one, one) for one in AvoidableKind])
    basis = models.CharField(max_length=20, choices=[(one, one) for one in Basis])
    rule = models.CharField(max_length=60)
    counterparty = EncryptedTextField()
    dealing = models.ForeignKey(
        Dealing, models.PROTECT, null=True, related_name="candidates"
    )
    reported = models.ForeignKey(
        ReportedItem, models.PROTECT, null=True, related_name="candidates"
    )
    fen = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    state = models.CharField(
        max_length=20,
        choices=[(one, one) for one in CandidateState],
        default=CandidateState.PROPOSED,
    )
    reason = EncryptedTextField()
    settled_fen = models.BigIntegerField(null=True)
    judged_fen = models.BigIntegerField(null=True)
    judged_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["debtor", "key"], name="candidate_once"),
            models.CheckConstraint(
                condition=Q(fen__gt=0, rows__gt=0, last_on__gte=F("first_on")),
                name="candidate_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=VERDICTS,
                    judged_fen__isnull=False,
                    judged_by__isnull=False,
                    judged_at__isnull=False,
                )
                | (
                    ~Q(state__in=VERDICTS)
                    & Q(judged_fen=None, judged_by=None, judged_at=None)
                ),
                name="candidate_judged_whole",
            ),
            models.CheckConstraint(
                condition=Q(state=CandidateState.SETTLED, settled_fen__gte=0)
                | (~Q(state=CandidateState.SETTLED) & Q(settled_fen=None)),
                name="candidate_settled_for_a_sum",
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk}"

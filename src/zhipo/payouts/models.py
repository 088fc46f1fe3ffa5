"""Releases, payout orders, what channels said of them, deposits. Amounts are whole fen."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import User
from zhipo.claims.models import Claim, Paper
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.models import Plan, Share
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.transfers import PayeeKind
from zhipo.payouts.states import (
    CLOSED,
    DepositReason,
    OrderState,
    ReleasedTo,
    ReleaseState,
    WayState,
)
from zhipo.privacy.columns import EncryptedTextField


class Release(models.Model):
    """Orders that one person prepared and another one let go (四眼原则)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="releases")
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in ReleaseState], default=ReleaseState.PREPARED
    )
    orders_count = models.IntegerField()
    fen = models.BigIntegerField()
    prepared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    ends_on = models.DateField(null=True)  # the last day of sending, said before release
    paused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300, blank=True, default="")  # paused or stopped
    held_at = models.DateTimeField(null=True)  # since when it is paused or stopped

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(state=ReleaseState.PREPARED),
                name="release_one_that_is_prepared",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("prepared_by")),
                name="release_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True, released_at__isnull=True)
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="release_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReleaseState.PREPARED, ReleaseState.STOPPED])
                | Q(released_by__isnull=False),
                name="release_goes_when_let_go",
            ),
        ]

    def __str__(self) -> str:
        return f"release {self.pk}"


class BankFile(models.Model):
    """Orders that go to the bank in one payment file, and the return file that came."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="bank_files")
    number = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64)
    orders_count = models.IntegerField()
    fen = models.BigIntegerField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    returned_sha256 = models.CharField(max_length=64, blank=True, default="")
    returned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    faults = models.JSONField(default=list)  # of the return file: reference and what

    def __str__(self) -> str:
        return f"bank file {self.number}"


class Order(models.Model):
    """One payment of one part of one share, under its own reference for life.

    The payee is what the claim named when the order was made, and stands. `follows` is
    the closed order that this one replaces: each is replaced once, so that the orders of
    a part are a chain and not a tree. `turn` counts how often a worker took the order up:
    what a worker learns of its own request holds only while the turn is still its own.
    """

    share = models.ForeignKey(Share, models.PROTECT, related_name="orders")
    part = models.PositiveIntegerField()  # 0 is the first
    fen = models.BigIntegerField()
    release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="orders")
    bank_file = models.ForeignKey(
        BankFile, models.PROTECT, null=True, related_name="orders"
    )
    reference = models.CharField(max_length=32, unique=True)
    channel = models.CharField(max_length=12, choices=[(c, c) for c in ChannelName])
    payee_kind = models.CharField(max_length=16, choices=[(k, k) for k in PayeeKind])
    payee_account = EncryptedTextField()
    payee_name = EncryptedTextField()
    payee_bank = EncryptedTextField()
    payee_hash = models.CharField(max_length=64, db_index=True)
    due_on = models.DateField()
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in OrderState], default=OrderState.PLANNED
    )
    ask_at = models.DateTimeField(null=True)  # when a worker sees to it next
    tries = models.IntegerField(default=0)  # requests to pay
    turn = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    confirm_until = models.DateTimeField(null=True)
    package = models.TextField(blank=True, default="")  # what the payee's client opens
    channel_number = models.CharField(max_length=80, blank=True, default="")
    reason = models.CharField(max_length=40, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="followed_by"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["share", "part"],
                condition=~Q(state__in=sorted(CLOSED)),
                name="order_one_that_is_open",
            ),
            models.UniqueConstraint(
                fields=["share", "part"],
                condition=Q(follows__isnull=True),
                name="order_one_that_is_first",
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="order_above_0"),
            models.CheckConstraint(
                condition=~Q(state=OrderState.PAID) | Q(ended_at__isnull=False),
                name="order_paid_at_some_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ask_at"],
                condition=Q(state__in=["planned", "sending", "waiting_user"]),
                name="order_to_see_to",
            ),
            models.Index(fields=["release", "state"], name="order_by_release"),
        ]

    def __str__(self) -> str:
        return f"order {self.reference}"


class Answer(models.Model):
    """What a channel said of an order, each saying kept once; no payee stands in it."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="answers")
    asked = models.CharField(max_length=12)  # send, ask, cancel, callback, file
    outcome = models.CharField(max_length=20)  # the class of gateways/payouts/outcomes
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "sha256"], name="order_answer_once")
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Deposit(models.Model):
    """Money kept for a claim that cannot be paid now (提存), until when, and its end."""

    share = models.ForeignKey(Share, models.PROTECT, related_name="deposits")
    part = models.PositiveIntegerField(null=True)  # None: the reserved share as a whole
    fen = models.BigIntegerField()
    why = models.CharField(max_length=12, choices=[(r, r) for r in DepositReason])
    since = models.DateField()
    until = models.DateField(null=True)  # None until the event that starts the period
    released_on = models.DateField(null=True)
    released_to = models.CharField(
        max_length=10, blank=True, default="", choices=[(t, t) for t in ReleasedTo]
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["share", "part"],
                condition=Q(released_on__isnull=True),
                nulls_distinct=False,
                name="deposit_one_that_lasts",
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="deposit_above_0"),
            models.CheckConstraint(
                condition=Q(released_on__isnull=True, released_to="")
                | Q(released_on__isnull=False) & ~Q(released_to=""),
                name="deposit_released_to_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"deposit {self.pk}"


class HandPayment(models.Model):
    """Money handed over or remitted: one person has entered it, another has seen it."""

    order = models.OneToOneField(Order, models.PROTECT, related_name="hand_payment")
    receipt = models.CharField(max_length=80)
    taken_by = EncryptedTextField()  # the name on the receipt
    taken_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("entered_by")),
                name="hand_payment_seen_by_another",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="hand_payment_checked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"hand payment {self.pk}"


class FurtherWay(models.Model):
    """The second or third way on which a creditor wants to be paid if the first fails."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="further_ways")
    place = models.PositiveSmallIntegerField()  # 2, 3
    channel = models.CharField(max_length=10, choices=[(c, c) for c in PayoutChannel])
    account = EncryptedTextField()
    account_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    chosen_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "place"], name="further_way_once"),
            models.CheckConstraint(
                condition=Q(place__gte=2, place__lte=3), name="further_way_place"
            ),
        ]

    def __str__(self) -> str:
        return f"way {self.place} of claim {self.claim_id}"


class EnteredWay(models.Model):
    """A way of being paid that staff took from a creditor's paper.

    It counts once another person has checked it (四眼原则). Who is to be paid otherwise
    after that is entered anew: what was entered stands as the history.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="entered_ways")
    place = models.PositiveSmallIntegerField()  # 1 is the first way, 2 and 3 the further
    channel = models.CharField(max_length=10, choices=[(c, c) for c in PayoutChannel])
    account = EncryptedTextField()
    account_hash = models.CharField(max_length=64, blank=True, default="")
    source = EncryptedTextField()  # which paper says so, and where on it
    paper = models.ForeignKey(Paper, models.PROTECT, null=True, related_name="+")
    batch = models.CharField(max_length=64, blank=True, default="")  # SHA-256 of the list
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in WayState], default=WayState.ENTERED
    )
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)  # when it was checked or taken back
    why = models.CharField(max_length=300, blank=True, default="")  # taken back

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "place"],
                condition=Q(state=WayState.ENTERED),
                name="entered_way_one_that_waits",
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=3), name="entered_way_place"
            ),
            models.CheckConstraint(
                condition=~Q(state=WayState.CHECKED) | ~Q(ended_by=F("entered_by")),
                name="entered_way_seen_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state=WayState.ENTERED, ended_by=None, ended_at=None)
                | ~Q(state=WayState.ENTERED)
                & Q(ended_by__isnull=False, ended_at__isnull=False),
                name="entered_way_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(paper__isnull=False) | ~Q(batch=""),
                name="entered_way_from_a_paper",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["batch"], name="entered_way_by_batch")]

    def __str__(self) -> str:
        return f"entered way {self.pk}"

"""Plans, shares, costs paid, bills, the secret. Amounts are whole fen."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import User
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.distributions.states import SEALED, CostPurpose, PlanState
from zhipo.documents.models import Document
from zhipo.privacy.columns import EncryptedTextField


class Plan(models.Model):
    """One distribution plan of a case (《企业破产法》第一百一十五条).

    `content` is the contract's PLAN.json without `claims`; `costs` are the lines that the
    procedure adds to the register (id, class, fen, title, cite); `due_days` has the day of
    each part, the first one first. The hashes are empty until the plan is submitted and
    computed: what is paid is what was approved.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in PlanState], default=PlanState.DRAFT
    )
    is_last = models.BooleanField(default=False)  # 最后分配
    procedure = models.CharField(max_length=20)  # law/instalments Procedure
    content = models.JSONField()
    costs = models.JSONField(default=list)
    asked_pay_fen = models.BigIntegerField(null=True)  # None: the most that the law allows
    due_days = ArrayField(models.DateField(), default=list)
    opted_down = ArrayField(models.CharField(max_length=40), default=list)  # 债权编号
    law_date = models.DateField()
    folder = models.CharField(max_length=200, blank=True, default="")
    register_sha256 = models.CharField(max_length=64, blank=True, default="")
    plan_sha256 = models.CharField(max_length=64, blank=True, default="")
    result_sha256 = models.CharField(max_length=64, blank=True, default="")
    summary = models.JSONField(default=dict)  # of `zhipo distribute`
    statement = models.JSONField(default=dict)  # of `zhipo publish`: root, totals
    vote = models.JSONField(default=list)  # one entry for each vote, as recorded by hand
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    proposed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    ruling = models.CharField(max_length=80, blank=True, default="")
    ruled_on = models.DateField(null=True)
    ruled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    notice_on = models.DateField(null=True)  # 最后分配公告日

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="plan_number"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=PlanState.SUBMITTED),
                name="plan_one_before_the_court",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=PlanState.APPROVED, is_last=True),
                name="plan_one_last",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(SEALED))
                | ~Q(register_sha256="") & ~Q(plan_sha256="") & ~Q(result_sha256=""),
                name="plan_sealed_by_hashes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PlanState.APPROVED, PlanState.REFUSED])
                | ~Q(ruling="") & Q(ruled_on__isnull=False, ruled_by__isnull=False),
                name="plan_ruled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(notice_on__isnull=True)
                | Q(state=PlanState.APPROVED, is_last=True),
                name="plan_notice_of_the_last",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.case_id}/{self.number}"


class Share(models.Model):
    """What one claim has in an approved plan; written once, never changed."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="shares")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="shares")
    class_name = models.CharField(max_length=20)
    fen = models.BigIntegerField()
    baseline_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField()
    reserved_fen = models.BigIntegerField()
    unpaid_fen = models.BigIntegerField()
    parts = ArrayField(models.BigIntegerField())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "claim"], name="share_once"),
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0, reserved_fen__gte=0, unpaid_fen__gte=0)
                & Q(fen=F("paid_fen") + F("reserved_fen") + F("unpaid_fen")),
                name="share_adds_up",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "class_name"], name="share_by_class")
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"


class GivenBack(models.Model):
    """What of a reserved share was not its claim's in the end: the others' again."""

    share = models.OneToOneField(Share, models.PROTECT, related_name="given_back")
    fen = models.BigIntegerField()
    on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(fen__gt=0), name="given_back_above_0")
        ]

    def __str__(self) -> str:
        return f"given back of share {self.share_id}"


class Lapse(models.Model):
    """What of a share its creditor did not take in time: the other creditors' again
    (《企业破产法》第一百一十八条、第一百一十九条).

    `after_plan` is the number of the last plan approved by then: the one approved after it
    gives the money to the others. `ruling` is the court's, where the article asks for it.
    """

    share = models.ForeignKey(Share, models.PROTECT, related_name="lapses")
    part = models.PositiveIntegerField(null=True)  # None: what was reserved
    fen = models.BigIntegerField()
    on = models.DateField()
    after_plan = models.PositiveIntegerField()
    ruling = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["share", "part"], nulls_distinct=False, name="lapse_once"
            ),
            models.CheckConstraint(condition=Q(fen__gt=0), name="lapse_above_0"),
        ]

    def __str__(self) -> str:
        return f"lapse of share {self.share_id}"


class CostPayment(models.Model):
    """Money for a cost that left the bank: one person has entered it, another has seen it.

    Of a cost of a plan (`cost` is its id there, `kind` its kind), for what an advance was
    spent on before or beside a plan, or what of one went back unused.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="cost_payments")
    purpose = models.CharField(max_length=14, choices=[(p, p) for p in CostPurpose])
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="cost_payments")
    cost = models.CharField(max_length=20, blank=True, default="")
    kind = models.CharField(max_length=16, blank=True, default="")  # CostKind
    title = models.CharField(max_length=120, blank=True, default="")
    fen = models.BigIntegerField()
    account = models.CharField(max_length=60)  # its code in the book
    payee = EncryptedTextField()
    ground = models.CharField(max_length=200, blank=True, default="")  # of pay
    reference = models.CharField(max_length=120)  # what the bank calls it
    paid_on = models.DateField()
    paper = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    form_key = models.CharField(max_length=40)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "form_key"], name="cost_payment_once"),
            models.CheckConstraint(condition=Q(fen__gt=0), name="cost_payment_above_0"),
            models.CheckConstraint(
                condition=Q(purpose=CostPurpose.PLANNED, plan__isnull=False)
                & ~Q(cost="")
                & ~Q(kind="")
                | ~Q(purpose=CostPurpose.PLANNED) & Q(plan__isnull=True, cost=""),
                name="cost_payment_of_a_plan_or_not",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("entered_by")),
                name="cost_payment_seen_by_another",
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True, checked_at__isnull=True)
                | Q(checked_by__isnull=False, checked_at__isnull=False),
                name="cost_payment_checked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"cost payment {self.pk}"


class ProofSecret(models.Model):
    """The secret behind a case's published lines: who has it can tell whose each is."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="proof_secret")
    secret = EncryptedTextField()  # 32 bytes in hexadecimal

    def __str__(self) -> str:
        return f"secret of case {self.case_id}"


class Bill(models.Model):
    """A statement of a bank or payment account, held against the case's own book.

    `differences` are the lines that do not match, as the reconciliation of that moment
    found them: why, and the line of the book, of the bill or both.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="bills")
    account_code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)  # as its owner called it
    sha256 = models.CharField(max_length=64)
    since = models.DateField()
    until = models.DateField()
    lines = models.JSONField()  # reference, fen, on
    matched = models.IntegerField()
    differences = models.JSONField(default=list)
    read_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "account_code", "sha256"], name="bill_read_once"
            ),
            models.CheckConstraint(
                condition=Q(since__lte=F("until")), name="bill_since_before_until"
            ),
        ]

    def __str__(self) -> str:
        return f"bill {self.pk}"

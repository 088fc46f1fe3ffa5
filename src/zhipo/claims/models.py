"""Evidence, balances, claims and what people say about them. Amounts are whole fen."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from zhipo.accounts.models import User
from zhipo.cases.models import Case
from zhipo.claims.background import BackgroundTask as BackgroundTask
from zhipo.claims.states import (
    PREFILLED,
    STATES,
    ClaimKind,
    EvidenceState,
    FiledThrough,
    IdentityProof,
    ObjectionState,
    PayoutChannel,
)
from zhipo.law.review.decision import Decision
from zhipo.privacy.columns import EncryptedTextField


class Evidence(models.Model):
    """One version of the platform's books: files as handed in, what was read, the seal."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="evidence")
    version = models.PositiveIntegerField()
    state = models.CharField(
        max_length=12,
        choices=[(s, s) for s in EvidenceState],
        default=EvidenceState.UPLOADED,
    )
    folder = models.CharField(max_length=200)  # below ENVIRONMENT.files
    read_as = models.CharField(max_length=80)  # format or mapping
    manifest = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    changes = models.JSONField(default=dict)  # against the version before: counts and sums
    progress = models.JSONField(
        default=dict
    )  # {"share": 0.4, "stage": "...", "seconds_left": 3}
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    sealed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(null=True)
    ledger_sha256 = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "version"], name="evidence_version"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=EvidenceState.SEALED),
                name="evidence_one_sealed",
            ),
            models.CheckConstraint(
                condition=~Q(state=EvidenceState.SEALED)
                | Q(sealed_at__isnull=False, sealed_by__isnull=False)
                & ~Q(ledger_sha256=""),
                name="evidence_sealed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"evidence {self.case_id} v{self.version}"


class Holder(models.Model):
    """An account in the debtor's books, with what the books know of its person."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="holders")
    holder_id = models.CharField(max_length=80)
    name = EncryptedTextField()
    name_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    phone_tail_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    id_no = EncryptedTextField()
    id_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    id_tail_hash = models.CharField(max_length=64, blank=True, db_default="", db_index=True)
    payer_account = EncryptedTextField()
    payer_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "holder_id"], name="holder_once"),
            models.CheckConstraint(
                condition=Q(id_no=b"") | ~Q(id_tail_hash=""), name="holder_found_by_id_tail"
            ),
        ]

    def __str__(self) -> str:
        return f"holder {self.pk}"


class Balance(models.Model):
    """What one version of the books says of one holder, in fen (see engine/review)."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="balances")
    holder = models.ForeignKey(Holder, models.CASCADE, related_name="balances")
    events = models.IntegerField()
    paid_fen = models.BigIntegerField()
    bonus_fen = models.BigIntegerField()
    used_fen = models.BigIntegerField()
    back_fen = models.BigIntegerField()
    ledger_fen = models.BigIntegerField()
    has_events_after = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evidence", "holder"], name="balance_once"),
            models.CheckConstraint(
                condition=Q(ledger_fen__gte=0), name="balance_not_below_0"
            ),
        ]

    def __str__(self) -> str:
        return f"balance {self.pk}"


class Claim(models.Model):
    """One claim in one case, from pre-filled to confirmed.

    `creditor` is the person who signed in, unknown until then; `holder` the account in the
    books, none for suppliers and others. A claim whose identity is unproven is kept and
    its share reserved, never struck off.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="claims")
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in ClaimKind])
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in STATES], default=PREFILLED
    )
    holder = models.ForeignKey(Holder, models.PROTECT, null=True, related_name="claims")
    creditor = models.ForeignKey(User, models.PROTECT, null=True, related_name="claims")
    claimant = EncryptedTextField()  # the creditor's name where no holder stands behind it
    claimant_hash = models.CharField(
        max_length=64, blank=True, db_default="", db_index=True
    )
    credit_code_hash = models.CharField(
        max_length=64, blank=True, db_default="", db_index=True
    )  # of the 统一社会信用代码 in `details`
    claimed_fen = models.BigIntegerField()
    ledger_fen = models.BigIntegerField(null=True)
    set_off_fen = models.BigIntegerField(default=0)
    statement = models.TextField(blank=True, default="")  # what the creditor says of it
    is_disputed = models.BooleanField(default=False)  # other than the books: for people
    details = models.JSONField(default=dict)  # contract, invoices, collateral: see filing
    form_key = models.CharField(
        max_length=40, blank=True, default=""
    )  # one form, one claim
    filed_at = models.DateTimeField(null=True)
    filed_through = models.CharField(
        max_length=10, blank=True, default="", choices=[(f, f) for f in FiledThrough]
    )
    receipt = models.CharField(max_length=20, blank=True, default="")
    is_late = models.BooleanField(default=False)
    identity = models.CharField(
        max_length=10,
        choices=[(p, p) for p in IdentityProof],
        default=IdentityProof.UNPROVEN,
    )
    payout_channel = models.CharField(
        max_length=10, blank=True, default="", choices=[(c, c) for c in PayoutChannel]
    )
    payout_account = EncryptedTextField()
    payout_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    payout_ordered_at = models.DateTimeField(null=True)  # from then on it stands
    decision = models.CharField(
        max_length=10, blank=True, default="", choices=[(d, d) for d in Decision]
    )
    admitted_fen = models.BigIntegerField(null=True)
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    rules = ArrayField(models.CharField(max_length=60), default=list)
    is_decided_by_person = models.BooleanField(default=False)
    decision_text = models.TextField(
        blank=True, default=""
    )  # why, in words for the creditor
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed_fen = models.BigIntegerField(null=True)
    ruling = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="claim_number"),
            models.UniqueConstraint(
                fields=["holder"],
                condition=~Q(state="withdrawn") & Q(holder__isnull=False),
                name="claim_one_per_holder",
            ),
            models.UniqueConstraint(
                fields=["creditor", "form_key"],
                condition=~Q(form_key=""),
                name="claim_one_per_form",
            ),
            models.CheckConstraint(
                condition=Q(state=PREFILLED)
                | Q(filed_at__isnull=False) & ~Q(filed_through=""),
                name="claim_filed_at_some_time",
            ),
            models.CheckConstraint(condition=Q(claimed_fen__gt=0), name="claim_above_0"),
            models.CheckConstraint(
                condition=Q(claimant=b"", claimant_hash="")
                | ~Q(claimant=b"") & ~Q(claimant_hash=""),
                name="claim_found_by_claimant",
            ),
            models.CheckConstraint(
                condition=Q(details__credit_code__isnull=True) | ~Q(credit_code_hash=""),
                name="claim_found_by_credit_code",
            ),
            models.CheckConstraint(
                condition=Q(admitted_fen__isnull=True)
                | Q(admitted_fen__gte=0, admitted_fen__lte=F("claimed_fen")),
                name="claim_admitted_within_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | Q(confirmed_fen__isnull=False) & ~Q(ruling=""),
                name="claim_confirmed_has_sum_and_ruling",
            ),
            models.CheckConstraint(
                condition=Q(is_decided_by_person=False) | Q(decided_by__isnull=False),
                name="claim_decided_by_someone",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "state", "kind"], name="claim_by_state"),
            models.Index(fields=["case", "decision"], name="claim_by_decision"),
            models.Index(fields=["case", "filed_at"], name="claim_by_filing"),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"


class Paper(models.Model):
    """A file that a creditor or the administrator handed in with a claim."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=30)  # contract, invoice, photo, id_card ...
    name = EncryptedTextField()  # as its owner called it; shown, never used as a path
    path = models.CharField(max_length=200)  # below ENVIRONMENT.files, named by us
    content_type = models.CharField(max_length=60)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    objection = models.ForeignKey(
        "Objection", models.PROTECT, null=True, related_name="papers"
    )  # which it bears out, where it is not about the claim itself

    def __str__(self) -> str:
        return f"paper {self.pk}"


class Adjustment(models.Model):
    """A change of a claim's amounts or decision: before, after, why, by whom."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="adjustments")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=40)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField(blank=True, default="")
    batch = models.CharField(max_length=40, blank=True, default="", db_index=True)
    is_undone = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"adjustment {self.pk}"


class SecondEntry(models.Model):
    """The first of two decisions on a large claim, waiting for the second person's own."""

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="first_entry")
    decision = models.CharField(max_length=10, choices=[(d, d) for d in Decision])
    admitted_fen = models.BigIntegerField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    other_decision = models.CharField(
        max_length=10, blank=True, default="", choices=[(d, d) for d in Decision]
    )  # the second person's, where it differs: for the lead to settle
    other_admitted_fen = models.BigIntegerField(null=True)
    other_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    other_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"first entry on claim {self.claim_id}"


class Objection(models.Model):
    """A creditor's objection to an entry (《破产法解释三》第八条): their own or another's.

    `raised_from` is the objector's own claim where the entry is another's.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="objections")
    raised_from = models.ForeignKey(
        Claim, models.CASCADE, null=True, related_name="objections_raised"
    )
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in ObjectionState], default=ObjectionState.OPEN
    )
    suit_until = models.DateField(null=True)
    answer = models.TextField(blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    sued_on = models.DateField(null=True)
    suit_number = models.CharField(max_length=80, blank=True, default="")
    judged_on = models.DateField(null=True)
    judgment_number = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim", "by"],
                condition=Q(state=ObjectionState.OPEN),
                name="objection_one_open_each",
            ),
            models.CheckConstraint(
                condition=Q(raised_from__isnull=True) | ~Q(raised_from=F("claim")),
                name="objection_raised_from_another_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"


class Message(models.Model):
    """A message inside the portal; `proof_code` answers "is this message real?"."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="messages")
    phrase = models.CharField(max_length=60)  # key in claims/phrases.yaml
    values = models.JSONField(default=dict)  # what fills the phrase; no personal data
    from_administrator = models.BooleanField(default=True)
    text = models.TextField(blank=True, default="")  # free words, where there is no phrase
    proof_code = models.CharField(max_length=16, unique=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"message {self.pk}"


class ReminderRound(models.Model):
    """One round of reminders to holders who have not filed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="reminder_rounds")
    channel = models.CharField(max_length=10)  # sms, letter
    ordered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    not_before = models.DateTimeField()  # quiet hours are kept
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"round {self.pk}"


class Reminder(models.Model):
    """One holder in one round, and what came of it."""

    round = models.ForeignKey(ReminderRound, models.CASCADE, related_name="reminders")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="reminders")
    state = models.CharField(max_length=12, default="waiting")  # waiting, sent, failed
    sent_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "claim"], name="reminder_once")
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"

"""Referrals: who may see them, what was done, what comes next, by whom, until when."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import BANKRUPTCY_COURT, Role
from zhipo.enforcement.clocks import cite_of, is_unverified
from zhipo.enforcement.models import (
    Complaint,
    Debtor,
    Petition,
    Referral,
    ReferralClock,
)
from zhipo.enforcement.policies.origins import Origin
from zhipo.enforcement.policies.referrals import votes_of
from zhipo.enforcement.powers import TABLE, Act
from zhipo.enforcement.queries.debtors import BUREAU
from zhipo.enforcement.referral_states import (
    STAYS,
    ConsentAnswer,
    ReferralState,
    Signer,
)
from zhipo.enforcement.states import Stage
from zhipo.law.referral.conditions import PANEL_JUDGES
from zhipo.web.words import say

R = ReferralState
ARRIVED = frozenset(
    {
        R.SENT,
        R.UNDER_REVIEW,
        R.SUPPLEMENTING,
        R.ACCEPTED,
        R.REFUSED,
        R.RETURNED,
        R.DISMISSED,
    }
)
"""States in which the receiving court has to do with a referral."""

SIGNERS = frozenset({Role.ENFORCEMENT_JUDGE, Role.COURT_PRESIDENT})


@dataclass(frozen=True)
class Step:
    """One thing to do next: what, who leads it at which court, until when, by what.

    `words` is a sentence of enforcement/phrases.yaml.
    """

    words: str
    court: str
    roles: tuple[Role, ...]
    cite: str
    until: date | None = None
    is_unverified: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return say(self.words, **self.values)


def referrals_visible_to(user: Any) -> QuerySet[Referral]:
    """Those of one's own court, whole: as sender, as receiver of papers, as approver.

    Other known courts are told of the fact by letter and see no more.
    """
    return Referral.objects.filter(
        Q(sending__in=organisations_where(user, BUREAU))
        | Q(receiving__in=organisations_where(user, BANKRUPTCY_COURT), state__in=ARRIVED)
        | Q(approval__court__in=organisations_where(user, SIGNERS))
    ).select_related("debtor", "sending", "receiving", "leading", "case")


def latest_referral(debtor: Debtor) -> Referral | None:
    """The referral that is open, or the last that ended."""
    return (
        debtor.referrals.select_related("sending", "receiving", "leading", "case", "debtor")
        .order_by("-pk")
        .first()
    )


def waiting_for_signature(user: Any) -> QuerySet[Referral]:
    """Referrals in which the panel or the president of one's own court signs next."""
    return (
        Referral.objects.filter(
            sending__in=organisations_where(user, SIGNERS),
            state__in=(R.DECIDING, R.APPROVED),
        )
        .exclude(signatures__by=user)
        .select_related("debtor", "sending", "receiving", "leading")
        .prefetch_related("signatures__by")
        .order_by("opened_on", "pk")
    )


def waiting_for_approval(user: Any) -> QuerySet[Referral]:
    """Referrals elsewhere that one's own court is to approve."""
    return (
        Referral.objects.filter(
            approval__court__in=organisations_where(user, SIGNERS), state=R.APPROVING
        )
        .select_related("debtor", "sending", "receiving", "leading", "approval")
        .prefetch_related("signatures__by")
        .order_by("approval__asked_on", "pk")
    )


def missed_clocks(user: Any, today: date) -> QuerySet[ReferralClock]:
    """Deadlines of one's own courts that were missed and are not met yet."""
    courts = organisations_where(user, BUREAU | BANKRUPTCY_COURT)
    return (
        ReferralClock.objects.filter(
            court__in=courts, done_on=None, last_day__lt=today, escalated_on__isnull=False
        )
        .select_related("debtor", "court")
        .order_by("last_day")
    )


def consent_counts(referral: Referral) -> dict[str, int]:
    """How many were asked, agreed, declined, and have not answered."""
    counts = referral.consents.aggregate(
        asked=Count("pk"),
        agree=Count("pk", filter=Q(answer=ConsentAnswer.AGREES)),
        decline=Count("pk", filter=Q(answer=ConsentAnswer.DECLINES)),
    )
    return {**counts, "silent": counts["asked"] - counts["agree"] - counts["decline"]}


def next_steps(referral: Referral) -> list[Step]:
    """What is to be done now, the steps of one state together."""
    found = STEPS[ReferralState(referral.state)](referral)
    return [*found, *_overrun(referral)]


def _power(
    referral: Referral,
    words: str,
    act: Act,
    court: str = "sending",
    *,
    values: dict[str, int] | None = None,
) -> Step:
    """A step that no clock of the law's table limits; `values` fill its sentence."""
    row = TABLE.row_in(act, Stage(referral.debtor.stage))
    roles = row.leads if row else frozenset()
    return Step(
        words=f"enforcement.step.{words}",
        court=getattr(referral, court).name,
        roles=tuple(one for one in Role if one in roles),
        cite=row.cite if row else "",
        values=values or {},
    )


def _clocked(
    referral: Referral, words: str, act: Act, deadline: str, court: str = "sending"
) -> Step:
    """A step with its day by the law's table, where its clock runs."""
    step = _power(referral, words, act, court)
    running = referral.clocks.filter(deadline=deadline, done_on=None).order_by("last_day")
    clock = running.first()
    return Step(
        step.words,
        step.court,
        step.roles,
        cite_of(deadline),
        until=clock.last_day if clock else None,
        is_unverified=is_unverified(deadline),
    )


def _collecting(referral: Referral) -> list[Step]:
    counts = consent_counts(referral)
    if not counts["asked"]:
        return [_power(referral, "ask_consent", Act.ASK_CONSENT)]
    if not counts["agree"]:
        return [_power(referral, "take_answers", Act.ASK_CONSENT, values=counts)]
    return [_signing(referral, Signer.HANDLER, Role.ENFORCEMENT_JUDGE)]


def _deciding(referral: Referral) -> list[Step]:
    votes = len(votes_of(referral))
    if votes < PANEL_JUDGES.default:
        left = PANEL_JUDGES.default - votes
        return [_signing(referral, Signer.PANEL, Role.ENFORCEMENT_JUDGE, left)]
    return [_signing(referral, Signer.PRESIDENT, Role.COURT_PRESIDENT)]


def _approving(referral: Referral) -> list[Step]:
    step = _power(referral, "approve", Act.APPROVE_REFERRAL)
    return [
        Step(step.words, referral.approval.court.name, step.roles, step.cite)
    ]  # the court above leads, not the one that refers


def _approved(referral: Referral) -> list[Step]:
    return [_signing(referral, Signer.PRESIDENT, Role.COURT_PRESIDENT)]


def _signing(referral: Referral, signer: Signer, role: Role, left: int = 1) -> Step:
    values = {"left": left}
    step = _power(referral, f"sign_{signer}", Act.SIGN_DECISION, values=values)
    return Step(step.words, step.court, (role,), step.cite, values=values)


def _decided(referral: Referral) -> list[Step]:
    return [
        _clocked(referral, "serve", Act.SERVE_DECISION, "D32"),
        *_letters(referral),
    ]


def _served(referral: Referral) -> list[Step]:
    return [_power(referral, "send", Act.SEND_BUNDLE), *_letters(referral)]


def _sent(referral: Referral) -> list[Step]:
    return [_power(referral, "receive", Act.RECEIVE_BUNDLE, "receiving")]


def _under_review(referral: Referral) -> list[Step]:
    return [_clocked(referral, "rule", Act.RULE_ON_REFERRAL, "D33", "receiving")]


def _supplementing(referral: Referral) -> list[Step]:
    return [_clocked(referral, "supplement", Act.SUPPLEMENT, "D34")]


def _refused(referral: Referral) -> list[Step]:
    if referral.refusal_served_on is None:
        return [
            _clocked(referral, "serve_refusal", Act.RULE_ON_REFERRAL, "D08b", "receiving")
        ]
    if referral.effective_on is None:
        return [
            _clocked(referral, "await_appeal", Act.RULE_ON_REFERRAL, "D08", "receiving")
        ]
    return [_clocked(referral, "return", Act.RETURN_PAPERS, "D36", "receiving")]


def _accepted(referral: Referral) -> list[Step]:
    if referral.clocks.filter(deadline="D33b", done_on=None).exists():
        first = _clocked(referral, "take_ruling", Act.HAND_OVER, "D33b")
        return [first, *_letters(referral)]
    open_clocks = referral.clocks.filter(deadline="D35b", done_on=None)
    hand_over = [_clocked(referral, "hand_over", Act.HAND_OVER, "D35b")]
    return [*(hand_over if open_clocks.exists() else []), *_letters(referral)]


def _dismissed(referral: Referral) -> list[Step]:
    waiting = referral.kept_places.filter(
        lifted_on__isnull=False, restored_on=None, declined_on=None
    ).count()
    step = _power(referral, "restore", Act.RESTORE, values={"waiting": waiting})
    return [*([step] if waiting else []), *_letters(referral)]


def _nothing(referral: Referral) -> list[Step]:
    return []


def _letters(referral: Referral) -> list[Step]:
    """Letters that are made and not sent, in one step."""
    unsent = referral.notices.filter(sent_on=None).count()
    act = Act.NOTIFY_RESTORE if referral.state == R.DISMISSED else Act.NOTIFY_STAY
    return (
        [_power(referral, "send_letters", act, values={"count": unsent})] if unsent else []
    )


def _overrun(referral: Referral) -> list[Step]:
    """The way to the court above, once the thirty days were missed."""
    is_missed = referral.clocks.filter(
        deadline="D33", done_on=None, escalated_on__isnull=False
    ).exists()
    if not is_missed or Complaint.objects.filter(referral=referral).exists():
        return []
    step = _power(referral, "complain", Act.COMPLAIN)
    return [Step(step.words, step.court, step.roles, step.cite, is_unverified=True)]


STEPS: dict[ReferralState, Callable[[Referral], list[Step]]] = {
    R.COLLECTING: _collecting,
    R.DECIDING: _deciding,
    R.APPROVING: _approving,
    R.APPROVED: _approved,
    R.DECLINED: _nothing,
    R.DECIDED: _decided,
    R.SERVED: _served,
    R.SENT: _sent,
    R.UNDER_REVIEW: _under_review,
    R.SUPPLEMENTING: _supplementing,
    R.ACCEPTED: _accepted,
    R.REFUSED: _refused,
    R.RETURNED: _nothing,
    R.DISMISSED: _dismissed,
    R.OVERTAKEN: _nothing,
}
"""What comes next in each state."""


def past_of(referral: Referral) -> list[tuple[date, str]]:
    """What has happened, the oldest first: (day, sentence)."""
    days = {
        "opened": referral.opened_on,
        "decided": referral.decided_on,
        "served": referral.served_on,
        "sent": referral.sent_on,
        "received": referral.received_on,
        "accepted" if referral.state in (R.ACCEPTED, R.DISMISSED) else "refused": (
            referral.ruled_on
        ),
        "refusal_served": referral.refusal_served_on,
        "effective": referral.effective_on,
        "returned": referral.returned_on,
        "dismissed": referral.dismissed_on,
    }
    return [(day, f"enforcement.past.{name}") for name, day in days.items() if day]


def waits_for_ruling(origin: Origin | None) -> bool:
    """Whether the court that referred is to record the acceptance ruling."""
    if not isinstance(origin, Referral) or origin.case is None:
        return False
    return not origin.clocks.filter(deadline="D35b").exists()


def is_stayed(origin: Origin | None) -> bool:
    """Whether enforcement is stayed by the decision to refer or by acceptance."""
    if isinstance(origin, Petition):
        return origin.dismissed_on is None
    return origin is not None and origin.state in STAYS


def latest_origin(debtor: Debtor) -> Origin | None:
    """The referral of a debtor, or the petition that was accepted after it."""
    referral = latest_referral(debtor)
    accepted = debtor.petitions.filter(case__isnull=False).order_by("-ruled_on", "-pk")
    petition = accepted.select_related("court", "case", "debtor").first()
    if petition is None or petition.ruled_on is None:
        return referral
    is_later = referral is not None and referral.opened_on > petition.ruled_on
    return referral if is_later else petition

"""What the administrator's desk reads of claims: figures, queue, filters."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.claims.models import Claim, Objection
from zhipo.claims.policies.doubts import Waiting, doubts
from zhipo.claims.states import LIVE, PREFILLED, ObjectionState
from zhipo.law.register.states import REGISTER_CLASS, ClaimState
from zhipo.law.review.decision import Decision

UNSETTLED = Q(state__in=[ClaimState.FILED, ClaimState.REVIEWED, ClaimState.DEFERRED])
WAITING = UNSETTLED & (
    Q(decision=Decision.MANUAL)
    | Q(is_disputed=True, is_decided_by_person=False)
    | Q(decision="", holder=None)
)
"""Doubtful: what no rule decides and no person has decided yet."""

YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Figures:
    """The case in numbers, now; amounts in fen."""

    known: int
    filed: int
    decided: int
    automatic: int
    waiting: int
    undecided: int
    late: int
    objections: int
    claimed_fen: int
    admitted_fen: int
    by_class: dict[str, int]
    by_decision: dict[str, int]
    by_doubt: dict[str, int]
    by_day: list[tuple[date, int]]
    per_day: int

    @property
    def done_on(self) -> date | None:
        """The day on which nothing waits any more at the last days' pace."""
        if not self.waiting:
            return timezone.localdate()
        if not self.per_day:
            return None
        return timezone.localdate() + timedelta(days=-(-self.waiting // self.per_day))


def figures(case: Case) -> Figures:
    """Read in five queries, whatever the number of claims."""
    claims = Claim.objects.filter(case=case).exclude(state=ClaimState.WITHDRAWN)
    live, decided = Q(state__in=LIVE), ~Q(decision__in=["", Decision.MANUAL])
    recent = timezone.now() - timedelta(days=7)
    row = claims.aggregate(
        known=Count("pk"),
        filed=Count("pk", filter=live),
        decided=Count("pk", filter=live & decided),
        automatic=Count("pk", filter=live & decided & Q(is_decided_by_person=False)),
        waiting=Count("pk", filter=WAITING),
        undecided=Count("pk", filter=Q(state=ClaimState.FILED, decision="") & ~WAITING),
        late=Count("pk", filter=live & Q(is_late=True)),
        claimed_fen=Sum("claimed_fen", filter=live, default=0),
        admitted_fen=Sum("admitted_fen", filter=live, default=0),
        by_people=Count("pk", filter=Q(is_decided_by_person=True, decided_at__gt=recent)),
        days=Count(TruncDate("decided_at"), distinct=True,
                   filter=Q(is_decided_by_person=True, decided_at__gt=recent)),
    )  # fmt: skip
    people, days = row.pop("by_people"), row.pop("days")
    return Figures(
        **row,
        objections=Objection.objects.filter(
            claim__case=case, state=ObjectionState.OPEN
        ).count(),
        by_class=_by_class(claims.filter(live)),
        by_decision=dict(
            claims.filter(live).exclude(decision="").order_by().values_list("decision")
            .annotate(n=Count("pk"))
        ),
        by_doubt=_by_doubt(claims),
        by_day=list(
            claims.filter(live).order_by().annotate(day=TruncDate("filed_at"))
            .values_list("day").annotate(n=Count("pk")).order_by("day")
        ),
        per_day=people // days if days else 0,
    )  # fmt: skip


@dataclass(frozen=True)
class ClaimFilter:
    """Which claims of a case; empty means all. Reproduced by the address of the page."""

    state: str = ""
    kind: str = ""
    decision: str = ""
    reason: str = ""
    late: str = ""
    disputed: str = ""
    waiting: str = ""
    least_fen: int | None = None
    most_fen: int | None = None

    def apply(self, claims: QuerySet[Claim]) -> QuerySet[Claim]:
        """The claims that pass."""
        asked: dict[str, Any] = {
            "state": self.state,
            "kind": self.kind,
            "decision": self.decision,
            "reasons__contains": [self.reason] if self.reason else None,
            "is_late": YES_NO.get(self.late),
            "is_disputed": YES_NO.get(self.disputed),
            "claimed_fen__gte": self.least_fen,
            "claimed_fen__lte": self.most_fen,
        }
        given = {name: value for name, value in asked.items() if value not in (None, "")}
        found = claims.filter(**given)
        return found.filter(WAITING) if self.waiting else found


def claims_in(case: Case, wanted: ClaimFilter | None = None) -> QuerySet[Claim]:
    """Claims of a case the reader may see (the caller has the case from
    `cases_visible_to`), holders read with them."""
    claims = Claim.objects.filter(case=case).select_related("holder", "case")
    return (wanted or ClaimFilter()).apply(claims)


def queue(case: Case, *, by: Any) -> QuerySet[Claim]:
    """What waits for people, longest waiting first; one's own first entries left out."""
    return (
        claims_in(case)
        .filter(WAITING)
        .exclude(first_entry__entered_by=by, first_entry__other_by=None)
        .order_by("filed_at", "pk")
    )


def neighbours(case: Case, claim: Claim, *, by: Any) -> tuple[int | None, int | None]:
    """The claims before and after this one in the queue, whether or not it is in it."""
    if claim.filed_at is None:
        return None, None
    earlier = Q(filed_at__lt=claim.filed_at) | Q(filed_at=claim.filed_at, pk__lt=claim.pk)
    later = Q(filed_at__gt=claim.filed_at) | Q(filed_at=claim.filed_at, pk__gt=claim.pk)
    waiting = queue(case, by=by)
    before = waiting.filter(earlier).order_by("-filed_at", "-pk")
    return (
        before.values_list("pk", flat=True).first(),
        waiting.filter(later).values_list("pk", flat=True).first(),
    )


def silent(case: Case) -> QuerySet[Claim]:
    """Who has a balance in the books and has not filed."""
    return claims_in(case).filter(state=PREFILLED)


def open_objections(case: Case) -> QuerySet[Objection]:
    """Objections of a case, open ones first, oldest first."""
    return (
        Objection.objects.filter(claim__case=case)
        .select_related(
            "claim", "claim__holder", "claim__case", "answered_by", "raised_from"
        )
        .order_by(F("answered_at").asc(nulls_first=True), "at")
    )


def _by_class(claims: QuerySet[Claim]) -> dict[str, int]:
    """Admitted fen by heading of the register."""
    rows = (
        claims.order_by().values_list("kind").annotate(fen=Sum("admitted_fen", default=0))
    )
    found: dict[str, int] = {}
    for kind, fen in rows:
        heading = REGISTER_CLASS[kind]
        found[heading] = found.get(heading, 0) + fen
    return found


def _by_doubt(claims: QuerySet[Claim]) -> dict[str, int]:
    """How many wait in which class of doubt; a claim of two counts under both."""
    found: dict[str, int] = {}
    rows = (
        claims.filter(WAITING)
        .order_by()
        .values_list(
            "kind",
            "decision",
            "reasons",
            _is_there("holder"),
            _is_there("first_entry"),
            _is_there("first_entry__other_by"),
        )
        .annotate(n=Count("pk"))
    )
    for *known, count in rows:
        for doubt in doubts(Waiting(*known)):
            found[doubt] = found.get(doubt, 0) + count
    return found


def _is_there(name: str) -> "ExpressionWrapper[Any]":
    return ExpressionWrapper(~Q((name, None)), output_field=BooleanField())


def waiting_of(claim: Claim) -> Waiting:
    """What is known of one claim, as far as it tells why it waits."""
    entry = getattr(claim, "first_entry", None)
    return Waiting(
        kind=claim.kind,
        decision=claim.decision,
        reasons=claim.reasons,
        is_in_books=claim.holder_id is not None,
        is_entered=entry is not None,
        is_split=entry is not None and entry.other_by_id is not None,
    )

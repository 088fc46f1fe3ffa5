"""Decisions on many claims at once: previewed, set-based, undone until tabled."""

import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from django.db import transaction
from django.db.models import Count, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Least
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.cases.powers import Act, check_power
from zhipo.claims.actions.background import finish_task
from zhipo.claims.actions.deciding import (
    DECIDED,
    RULE,
    restore,
    snapshot,
    tell_decision,
)
from zhipo.claims.actions.progress import Progress, no_telling
from zhipo.claims.background import BackgroundTask
from zhipo.claims.models import Adjustment, Claim
from zhipo.claims.policies.deciding import DECIDABLE
from zhipo.claims.queries.desk import ClaimFilter, claims_in
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision
from zhipo.web.refusals import NotInState

CHUNK = 1_000
"""Claims in one statement: enough to be quick, few enough to tell how far it is."""


@dataclass(frozen=True)
class Preview:
    """What a bulk decision would change: how many claims, the sums in fen before, after.

    `large` are left out: they need two people.
    """

    count: int
    before_fen: int
    after_fen: int
    large: int

    @property
    def change_fen(self) -> int:
        return self.after_fen - self.before_fen


@dataclass(frozen=True)
class BulkOrder:
    """A decision on all claims that a filter finds, as it was previewed.

    `batch` names it: the same one is decided once, and undone as one.
    """

    wanted: ClaimFilter
    seen: Preview
    decision: Decision
    text: str
    batch: str = field(default_factory=lambda: uuid.uuid4().hex)

    def arguments(self) -> dict[str, Any]:
        """What a task keeps of it; `of` reads it back."""
        return asdict(self)

    @classmethod
    def of(cls, arguments: dict[str, Any]) -> Self:
        """The order that a task kept."""
        return cls(
            wanted=ClaimFilter(**arguments["wanted"]),
            seen=Preview(**arguments["seen"]),
            decision=Decision(arguments["decision"]),
            text=arguments["text"],
            batch=arguments["batch"],
        )


def preview(case: Case, wanted: ClaimFilter, decision: Decision) -> Preview:
    """Count and sums of a bulk decision, without doing anything."""
    found = _decidable(case, wanted, decision)
    small = Q(claimed_fen__lt=case.double_entry_from_fen)
    row = found.aggregate(
        count=Count("pk", filter=small),
        before_fen=Sum("admitted_fen", filter=small, default=0),
        after_fen=Sum(_admitted(decision), filter=small, default=0),
        large=Count("pk", filter=~small),
    )
    return Preview(**row)


@transaction.atomic
def decide_claims(
    *, case_id: int, order: BulkOrder, told: Callable[[int, int], None] = no_telling,
    by: Any,
) -> str:  # fmt: skip
    """Decide all claims that pass the filter, as they were previewed; the batch's id.

    Admit is the claimed sum, reduce the books' figure where it is lower, reject nothing.
    The same batch again changes nothing. `told` hears how many of how many are written.
    Raises NotAllowed; NotInState where the claims are no longer those that were seen.
    """
    case = locked_case(case_id)
    check_power(case, Act.DECIDE_CLAIM, by)
    if Adjustment.objects.filter(claim__case=case, batch=order.batch, by=by).exists():
        return order.batch
    claims = _locked(case, order)
    after = sum(_sum_of(claim, order.decision) for claim in claims)
    if not claims or (len(claims), after) != (order.seen.count, order.seen.after_fen):
        raise NotInState("claims.refused.changed_since_preview")

    for start in range(0, len(claims), CHUNK):
        part = claims[start : start + CHUNK]
        _change(part, order, by=by)
        tell_decision(part, by=by)
        told(start + len(part), len(claims))

    record(Event.CLAIMS_DECIDED, of=case, by=by, chain=case.number, batch=order.batch,
           decision=order.decision, count=len(claims), before_fen=order.seen.before_fen,
           fen=after)  # fmt: skip
    return order.batch


def decide_in_background(task: BackgroundTask, told: Progress) -> None:
    """A bulk decision that was ordered: all of it and the end of its task, or nothing."""
    order = BulkOrder.of(task.arguments)
    with transaction.atomic():
        batch = decide_claims(
            case_id=task.case_id, order=order, told=told, by=task.ordered_by
        )
        finish_task(task_id=task.pk, count=order.seen.count, batch=batch)


@transaction.atomic
def undo_batch(*, case_id: int, batch: str, by: Any) -> int:
    """Take a batch back, but for claims tabled or changed since; how many came back.

    Raises NotAllowed; NotInState where none is left to undo.
    """
    case = locked_case(case_id)
    check_power(case, Act.UNDO, by)
    rows = Adjustment.objects.filter(claim__case=case, batch=batch, is_undone=False)
    undone = restore(list(rows.values_list("pk", flat=True))) if batch else 0
    if not undone:
        raise NotInState("claims.refused.batch_stands")

    record(Event.BATCH_UNDONE, of=case, by=by, chain=case.number, batch=batch,
           count=undone)  # fmt: skip
    return undone


def _decidable(case: Case, wanted: ClaimFilter, decision: Decision) -> QuerySet[Claim]:
    """The claims a bulk decision touches: decidable, without anybody's first entry."""
    found = claims_in(case, wanted).filter(state__in=DECIDABLE, first_entry=None)
    if decision == Decision.REDUCE:
        return found.filter(ledger_fen__gt=0, ledger_fen__lt=F("claimed_fen"))
    return found


def _locked(case: Case, order: BulkOrder) -> list[Claim]:
    """The claims of the order without their holders, in one order of locking."""
    small = _decidable(case, order.wanted, order.decision).filter(
        claimed_fen__lt=case.double_entry_from_fen
    )
    return list(small.select_related(None).select_for_update(of=("self",)).order_by("pk"))


def _admitted(decision: Decision) -> Any:
    if decision == Decision.REDUCE:
        return Least("claimed_fen", "ledger_fen")
    return F("claimed_fen") if decision == Decision.ADMIT else F("claimed_fen") * 0


def _sum_of(claim: Claim, decision: Decision) -> int:
    whole = {Decision.ADMIT: claim.claimed_fen, Decision.REJECT: 0}
    return int(whole.get(decision, claim.ledger_fen or 0))


def _change(claims: list[Claim], order: BulkOrder, *, by: Any) -> None:
    """These claims in one statement, their histories in another."""
    now, decision = timezone.now(), order.decision
    Claim.objects.filter(pk__in=[claim.pk for claim in claims]).update(
        state=ClaimState.REVIEWED, decision=decision, admitted_fen=_admitted(decision),
        is_decided_by_person=True, decided_by=by, decided_at=now,
        decision_text=order.text,
        rules=Func(F("rules"), Value(RULE), function="array_append"),
    )  # fmt: skip
    kept = []
    for claim in claims:
        before = snapshot(claim)
        claim.state, claim.decision = ClaimState.REVIEWED, decision
        claim.admitted_fen = _sum_of(claim, decision)
        claim.is_decided_by_person, claim.decided_by = True, by
        claim.decided_at, claim.decision_text = now, order.text
        claim.rules = [*claim.rules, RULE]
        after = snapshot(claim)
        kept.append(Adjustment(claim=claim, at=now, by=by, act=DECIDED, reason=order.text,
                               before=before, after=after, batch=order.batch))  # fmt: skip
    Adjustment.objects.bulk_create(kept)

"""The automatic review: filed claims against the sealed books, the doubtful to people."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.models import Case
from zhipo.claims.actions.evidence import LEDGER, folder_of
from zhipo.claims.actions.review_by_engine import judge_by_engine
from zhipo.claims.actions.review_by_law import judge_by_law
from zhipo.claims.models import Balance, Claim, Evidence
from zhipo.claims.policies.reviewing import Asked, PersonalReason, Verdict
from zhipo.claims.states import LIVE, ClaimKind, EvidenceState
from zhipo.engine.outputs import work_folder
from zhipo.engine.review.decisions import RULES
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision, Reason

FEW = 200
"""Below so many claims each is judged by itself, and the ledger is not read again."""

OPEN = (ClaimState.FILED, ClaimState.REVIEWED)
SHARED = str(Reason.SHARED_PAYOUT_ACCOUNT)
LAW_OF_REVIEW = "cn.ebl.57.1"
MAKE_VERDICTS = """CREATE TEMP TABLE verdicts (claim_id bigint PRIMARY KEY,
    claimed_fen bigint, payout_hash text, is_disputed boolean, decision text,
    admitted_fen bigint, reasons varchar[], rules varchar[]) ON COMMIT DROP"""
LOCK = """SELECT FROM claims_claim WHERE id IN (SELECT claim_id FROM verdicts)
    ORDER BY id FOR UPDATE"""
TAKE_OVER = f"""UPDATE claims_claim AS claim SET decision = verdict.decision,
        admitted_fen = verdict.admitted_fen, reasons = verdict.reasons,
        rules = verdict.rules, decided_at = %(now)s,
        state = CASE WHEN verdict.decision = 'manual' THEN claim.state
            ELSE 'reviewed' END
    FROM verdicts AS verdict
    WHERE claim.id = verdict.claim_id AND NOT claim.is_decided_by_person
        AND claim.state IN ('filed', 'reviewed')
        AND claim.claimed_fen = verdict.claimed_fen
        AND claim.payout_hash = verdict.payout_hash
        AND claim.is_disputed = verdict.is_disputed
        AND (claim.decision = '' OR '{SHARED}' = ANY(verdict.reasons)
            AND NOT '{SHARED}' = ANY(claim.reasons))
    RETURNING claim.decision, claim.admitted_fen"""
"""What changed while it was judged is left for the next round. An account that turns out
to be shared sends those already decided by rule back to people."""


def review_filed(*, case_id: int, few: int = FEW) -> dict[str, int]:
    """Decide the filed claims of a case that nobody has decided; counts by decision.

    A person's decision is never touched. Again it does nothing. Claims on accounts wait
    until books are sealed and their balances computed. Raises Refused.
    """
    case = Case.objects.get(pk=case_id)
    counts: Counter[str] = Counter(_hand_to_people(case))
    evidence = _books_of(case)
    waiting = _undecided(case)
    if evidence is not None and (count := waiting.count()):
        verdicts = (_few if count < few else _many)(case, evidence, waiting)
        counts.update(_take_over(case, evidence, verdicts))
    return dict(counts)


def asked_of(claims: QuerySet[Claim], evidence: Evidence) -> list[Asked]:
    """The claims as review sees them, each beside its balance in these books."""
    balance = Balance.objects.filter(evidence=evidence, holder=OuterRef("holder"))
    rows = (
        claims.annotate(
            balance_fen=Subquery(balance.values("ledger_fen")),
            is_after=Coalesce(Subquery(balance.values("has_events_after")), False),
            id_hash=Coalesce("creditor__id_hash", Value("")),
        )
        .order_by("pk")
        .values_list(
            "pk", "holder__holder_id", "claimed_fen", "filed_at", "id_hash",
            "holder__id_hash", "payout_hash", "is_disputed", "balance_fen", "is_after",
        )
    )  # fmt: skip
    # A live claim has been filed, so none of these is empty that must not be.
    found: Iterator[Any] = rows.iterator(chunk_size=10_000)
    return [Asked(*row) for row in found]


def _books_of(case: Case) -> Evidence | None:
    """The sealed books, once their balances are in."""
    sealed = Evidence.objects.filter(case=case, state=EvidenceState.SEALED)
    return sealed.exclude(changes={}).first()


def _undecided(case: Case) -> QuerySet[Claim]:
    return _live(case).filter(state__in=OPEN, decision="", is_decided_by_person=False)


def _live(case: Case) -> QuerySet[Claim]:
    return Claim.objects.filter(case=case, holder__isnull=False, state__in=LIVE)


def _few(case: Case, evidence: Evidence, waiting: QuerySet[Claim]) -> list[Verdict]:
    """By the law's function, over Balance rows; the ledger stays closed."""
    new = asked_of(waiting, evidence)
    accounts = {one.payout_hash for one in new} - {""}
    holders = {one.holder_id for one in new}
    linked = Q(holder__holder_id__in=holders) | Q(payout_hash__in=accounts)
    among = asked_of(_live(case).filter(linked), evidence)
    return list(judge_by_law(among, among=among, tolerance_fen=case.tolerance_fen))


def _many(case: Case, evidence: Evidence, _: QuerySet[Claim]) -> list[Verdict]:
    """By the engine, over the sealed ledger; all live claims, for what they share."""
    below = settings.ENVIRONMENT.files / f"case-{case.pk}" / "review"
    with work_folder(below) as work:
        return list(
            judge_by_engine(
                asked_of(_live(case), evidence),
                ledger=folder_of(evidence) / LEDGER,
                accepted_on=case.accepted_on,
                tolerance_fen=case.tolerance_fen,
                work=work,
            )
        )


@transaction.atomic
def _take_over(
    case: Case, evidence: Evidence, verdicts: Iterable[Verdict]
) -> dict[str, int]:
    """Write the verdicts at once, unless other books have been sealed meanwhile."""
    now_sealed = Evidence.objects.select_for_update(no_key=True).get(pk=evidence.pk)
    if now_sealed.state != EvidenceState.SEALED:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(MAKE_VERDICTS)
        with cursor.copy("COPY verdicts FROM STDIN") as copy:
            for one in verdicts:
                copy.write_row(_row(one))
        cursor.execute(LOCK)
        cursor.execute(TAKE_OVER, {"now": timezone.now()})
        decided = cursor.fetchall()
        cursor.execute("DROP TABLE verdicts")
    counts = Counter(decision for decision, _ in decided)
    if counts:
        record(Event.CLAIMS_REVIEWED, of=case, by=None, chain=case.number,
               version=evidence.version, fen=sum(fen for _, fen in decided),
               decisions=dict(counts))  # fmt: skip
    return counts


@transaction.atomic
def _hand_to_people(case: Case) -> dict[str, int]:
    """Claims that stand in no account of the books: reviewed on papers, by a person."""
    waiting = Claim.objects.filter(
        case=case, holder=None, state=ClaimState.FILED, decision="",
        is_decided_by_person=False,
    )  # fmt: skip
    manual = {"decision": Decision.MANUAL, "admitted_fen": 0, "decided_at": timezone.now()}
    unknown = waiting.filter(kind=ClaimKind.CONSUMER).update(
        **manual, reasons=[Reason.NO_LEDGER], rules=[RULES[Reason.NO_LEDGER]]
    )
    others = waiting.exclude(kind=ClaimKind.CONSUMER).update(
        **manual, reasons=[PersonalReason.ON_PAPERS], rules=[LAW_OF_REVIEW]
    )
    if unknown + others == 0:
        return {}

    record(Event.CLAIMS_REVIEWED, of=case, by=None, chain=case.number,
           decisions={"manual": unknown + others})  # fmt: skip
    return {str(Decision.MANUAL): unknown + others}


def _row(one: Verdict) -> tuple[Any, ...]:
    return (
        one.asked.claim_id,
        one.asked.claimed_fen,
        one.asked.payout_hash,
        one.asked.is_disputed,
        str(one.decision),
        one.admitted_fen,
        list(one.reasons),
        list(one.rules),
    )

"""Dealings entered, avoidable acts searched for and judged (《企业破产法》第三十一条起)."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.avoidance.sealing import seal_evidence
from zhipo.enforcement.avoidance.searching import Found, Result, search
from zhipo.enforcement.avoidance.terms import RULE_OF, Terms
from zhipo.enforcement.finding_states import Basis, CandidateState, DealingKind
from zhipo.enforcement.histories import HistoryChanged
from zhipo.enforcement.models import AvoidanceSearch, Candidate, Dealing, Debtor
from zhipo.enforcement.policies.avoidance import (
    DealingGiven,
    Verdict,
    accepted_case,
    check_dealing,
    check_may,
    check_verdict,
)
from zhipo.enforcement.policies.clues import check_told
from zhipo.enforcement.powers import Act
from zhipo.enforcement.queries.avoidance import (
    accounts_of,
    entries_of,
    last_search,
    parties_of,
)
from zhipo.law.estate.avoidance import look_back
from zhipo.privacy.columns import lookup_hash
from zhipo.web.refusals import NotInState

FOUND_AGAIN = ["search", "evidence_key", "dealing", "reported", "counterparty", "fen",
               "rows", "first_on", "last_on", "state"]  # fmt: skip
ALONE = frozenset({DealingKind.DEBT, DealingKind.RELATED})
"""Without a reference one of these speaks of all bookings of a name: one is enough."""


@dataclass(frozen=True)
class SearchGiven:
    """What a search starts from; `counted_on` is the supposed day while there is none.

    `cause_since` is the day from which the debtor could not pay, with its grounds; signs
    below `least_fen` are counted and not listed.
    """

    counted_on: date
    cause_since: date
    cause_grounds: str
    least_fen: int = 0


@transaction.atomic
def enter_dealing(
    *,
    debtor_id: int,
    given: DealingGiven,
    form_key: str,
    by: Any,
    today: date | None = None,
) -> Dealing:
    """Enter what is known of a dealing, with its evidence. Once per form.

    Raises NotAllowed, NotInState.
    """
    debtor = _locked(debtor_id)
    known = Dealing.objects.filter(form_key=form_key, debtor=debtor).first()
    if known is not None:
        return known
    role, chain = check_may(debtor, Act.FIND_AVOIDABLE, by)
    check_dealing(given, today=today or timezone.localdate())
    name = given.counterparty.strip()
    name_hash = lookup_hash("name", name)
    _check_alone(debtor, given, name_hash)

    values = vars(given) | {
        "counterparty": name,
        "grounds": given.grounds.strip(),
        "reference": given.reference.strip(),
        "shields": sorted(given.shields),
    }
    dealing = Dealing.objects.create(
        debtor=debtor, form_key=form_key, counterparty_hash=name_hash, entered_by=by,
        entered_at=timezone.now(), **values,
    )  # fmt: skip

    record(Event.DEALING_ENTERED, of=dealing, by=by, role=role, chain=chain,
           kind=given.kind, fen=given.fen)  # fmt: skip
    return dealing


@transaction.atomic
def withdraw_dealing(*, dealing_id: int, by: Any) -> Dealing:
    """Take an entry back: it stays on record and counts no more. Again: no change.

    What rests on it leaves the list with the next search. Raises NotAllowed, NotInState.
    """
    debtor_id = Dealing.objects.values_list("debtor_id", flat=True).get(pk=dealing_id)
    debtor = _locked(debtor_id)
    dealing = Dealing.objects.get(pk=dealing_id)
    role, chain = check_may(debtor, Act.FIND_AVOIDABLE, by)
    if dealing.withdrawn_at is not None:
        return dealing

    dealing.withdrawn_by, dealing.withdrawn_at = by, timezone.now()
    dealing.save(update_fields=["withdrawn_by", "withdrawn_at"])

    record(Event.DEALING_WITHDRAWN, of=dealing, by=by, role=role, chain=chain,
           kind=dealing.kind)  # fmt: skip
    return dealing


def search_avoidable(*, debtor_id: int, given: SearchGiven, by: Any) -> AvoidanceSearch:
    """Search the sealed histories and the entries; what was found before is renewed.

    After acceptance the day is the case's own, whatever is given. The same search of the
    same things again is the search that is there. Raises NotAllowed, NotInState.
    """
    debtor = Debtor.objects.get(pk=debtor_id)
    check_may(debtor, Act.FIND_AVOIDABLE, by)
    check_told(given.cause_grounds)
    counted_on = _counted_on(debtor, given)
    if given.cause_since > counted_on:
        raise NotInState("enforcement.refused.cause_later", day=counted_on)
    terms = Terms(look_back(accepted_on=counted_on), given.cause_since, given.least_fen)
    try:
        result = search(
            accounts_of(debtor),
            parties=parties_of(debtor),
            entries=entries_of(debtor),
            terms=terms,
        )
    except HistoryChanged as error:
        raise NotInState("enforcement.refused.history_changed") from error
    return _keep(debtor_id, given, counted_on, result, by=by)


@transaction.atomic
def judge_candidate(*, candidate_id: int, verdict: Verdict, by: Any) -> Candidate:
    """Enter what becomes of a candidate, with the reason. The same again: no change.

    A later verdict replaces the first; the trail has both. Raises NotAllowed, NotInState.
    """
    debtor_id = Candidate.objects.values_list("debtor_id", flat=True).get(pk=candidate_id)
    debtor = _locked(debtor_id)
    candidate = Candidate.objects.get(pk=candidate_id)
    role, chain = check_may(debtor, Act.JUDGE_AVOIDABLE, by)
    reason = verdict.reason.strip()
    held = (candidate.state, candidate.reason, candidate.settled_fen, candidate.judged_fen)
    if held == (verdict.state, reason, verdict.settled_fen, candidate.fen):
        return candidate
    is_accepted = accepted_case(debtor) is not None
    check_verdict(candidate, verdict, is_accepted=is_accepted)

    before = candidate.state
    candidate.state, candidate.reason = verdict.state, reason
    candidate.settled_fen, candidate.judged_fen = verdict.settled_fen, candidate.fen
    candidate.judged_by, candidate.judged_at = by, timezone.now()
    candidate.save()

    record(Event.AVOIDABLE_JUDGED, of=candidate, by=by, role=role, chain=chain,
           before=before, to=verdict.state, kind=candidate.kind, fen=candidate.fen,
           settled_fen=verdict.settled_fen)  # fmt: skip
    return candidate


@transaction.atomic
def record_export(*, debtor_id: int, by: Any) -> None:
    """Candidates and evidence are handed out as a file. Raises NotAllowed, NotInState."""
    debtor = _locked(debtor_id)
    role, chain = check_may(debtor, Act.FIND_AVOIDABLE, by)
    listed = debtor.candidates.exclude(state=CandidateState.OUTDATED).count()

    record(Event.AVOIDABLE_EXPORTED, of=debtor, by=by, role=role, chain=chain,
           candidates=listed)  # fmt: skip


def _locked(debtor_id: int) -> Debtor:
    return Debtor.objects.select_for_update(no_key=True).get(pk=debtor_id)


def _check_alone(debtor: Debtor, given: DealingGiven, name_hash: str) -> None:
    if given.kind not in ALONE or given.reference.strip():
        return
    same = debtor.dealings.filter(
        kind=given.kind, counterparty_hash=name_hash, reference="", withdrawn_at=None
    )
    if same.exists():
        raise NotInState("enforcement.refused.dealing.twice")


def _counted_on(debtor: Debtor, given: SearchGiven) -> date:
    case = accepted_case(debtor)
    return case.accepted_on if case else given.counted_on


@transaction.atomic
def _keep(
    debtor_id: int, given: SearchGiven, counted_on: date, result: Result, *, by: Any
) -> AvoidanceSearch:
    """Write down what was found; between reading and writing nobody else's act is lost."""
    debtor = _locked(debtor_id)
    role, chain = check_may(debtor, Act.FIND_AVOIDABLE, by)
    if _counted_on(debtor, given) != counted_on:
        raise NotInState("enforcement.refused.accepted_meanwhile")
    file = seal_evidence(result.evidence)
    values = asdict(given) | {
        "counted_on": counted_on,
        "cause_grounds": given.cause_grounds.strip(),
        "is_supposed": accepted_case(debtor) is None,
        "sources": list(debtor.histories.order_by("pk").values_list("sha256", flat=True)),
        "bookings": result.bookings,
        "left_out": result.left_out,
        "found": len(result.found),
        "evidence_path": file.path,
        "evidence_sha256": file.sha256,
    }
    last = last_search(debtor)
    if last is not None and all(getattr(last, name) == values[name] for name in values):
        return last

    made = AvoidanceSearch.objects.create(debtor=debtor, by=by, at=timezone.now(), **values)
    new = _renew(made, result)

    kinds = Counter(one.kind.value for one in result.found)
    record(Event.AVOIDABLE_SEARCHED, of=made, by=by, role=role, chain=chain, new=new,
           found=dict(kinds), fen=sum(one.fen for one in result.found))  # fmt: skip
    return made


def _renew(made: AvoidanceSearch, result: Result) -> int:
    """New candidates, renewed ones, those no longer found; how many are new.

    A verdict stays with its candidate, however the sum has changed since.
    """
    known = {one.key: one for one in Candidate.objects.filter(debtor=made.debtor)}
    new, again = [], []
    for found in result.found:
        candidate = known.pop(found.key, None)
        if candidate is None:
            new.append(_candidate(made, found))
            continue
        _take(candidate, made, found)
        again.append(candidate)
    Candidate.objects.bulk_create(new)
    Candidate.objects.bulk_update(again, FOUND_AGAIN, batch_size=1_000)
    gone = [one.pk for one in known.values()]
    Candidate.objects.filter(pk__in=gone, state=CandidateState.PROPOSED).update(
        state=CandidateState.OUTDATED
    )
    return len(new)


def _candidate(made: AvoidanceSearch, found: Found) -> Candidate:
    candidate = Candidate(
        debtor=made.debtor, key=found.key, kind=found.kind, basis=found.basis,
        rule=RULE_OF[found.kind],
    )  # fmt: skip
    _take(candidate, made, found)
    return candidate


def _take(candidate: Candidate, made: AvoidanceSearch, found: Found) -> None:
    """What the newest search says of a candidate."""
    candidate.search = made
    candidate.counterparty = found.counterparty
    candidate.evidence_key = found.key
    is_reported = found.basis == Basis.REPORTED
    candidate.reported_id = found.entry if is_reported else None
    candidate.dealing_id = None if is_reported else found.entry or None
    candidate.fen, candidate.rows = found.fen, found.rows
    candidate.first_on, candidate.last_on = found.first_on, found.last_on
    if candidate.state == CandidateState.OUTDATED:
        candidate.state = CandidateState.PROPOSED

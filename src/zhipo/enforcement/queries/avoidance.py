"""What a search of avoidable acts starts from, and what it found, for those who may see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import OrganisationKind
from zhipo.enforcement.avoidance.bookings import Account
from zhipo.enforcement.avoidance.parties import Party, Standing
from zhipo.enforcement.avoidance.sealing import read_evidence
from zhipo.enforcement.avoidance.terms import Entry
from zhipo.enforcement.finding_states import (
    AvoidableKind,
    Basis,
    CandidateState,
    DealingKind,
    ReportedChange,
)
from zhipo.enforcement.histories import read_history
from zhipo.enforcement.models import (
    AvoidanceSearch,
    Candidate,
    Dealing,
    Debtor,
    Institution,
    ReportedItem,
)
from zhipo.enforcement.states import ApplicantKind
from zhipo.kernel.rules import rule_on
from zhipo.law.estate.avoidance import Shield

D = DealingKind
OF_PARTY = {D.GIFT: Standing.GIFT, D.DEBT: Standing.DEBT, D.RELATED: Standing.RELATED}
"""Entries that say what payments to somebody are; the others are acts themselves."""

ROWS_SHOWN = 200
"""Rows of evidence on a page; the rest are counted, and exported."""


@dataclass(frozen=True)
class KindTotal:
    """The candidates of one kind that a search lists: how many, how much, by verdict."""

    kind: AvoidableKind
    cite: str
    count: int
    fen: int
    pursued_fen: int


def accounts_of(debtor: Debtor) -> list[Account]:
    """Every sealed history of the debtor, whole. Raises HistoryChanged."""
    histories = debtor.histories.order_by("pk")
    return [
        Account(one.pk, one.target_id, read_history(one.path, one.sha256))
        for one in histories
    ]


def parties_of(debtor: Debtor) -> list[Party]:
    """The names that mean something: own, courts, entries, applicants, representative."""
    own = [debtor.name, *debtor.other_names.values_list("name", flat=True)]
    courts = Organisation.objects.filter(kind=OrganisationKind.COURT)
    related = [debtor.representative] if debtor.representative.strip() else []
    return [
        *(Party(name.strip(), Standing.OWN) for name in own),
        *(Party(one.name.strip(), Standing.COURT) for one in courts.order_by("pk")),
        *(_party(one) for one in dealings_of(debtor) if _is_party(one)),
        *_creditors(debtor),
        *(Party(name.strip(), Standing.RELATED) for name in related),
    ]


def entries_of(debtor: Debtor) -> list[Entry]:
    """The acts that were entered or reported, each with its day and sum."""
    entered = [_entry(one) for one in dealings_of(debtor) if not _is_party(one)]
    return [*entered, *_reported(debtor)]


def dealings_of(debtor: Debtor) -> list[Dealing]:
    """Entries that count: those nobody has withdrawn."""
    held = debtor.dealings.filter(withdrawn_at=None).select_related("entered_by")
    return list(held.order_by("-pk"))


def last_search(debtor: Debtor) -> AvoidanceSearch | None:
    """The newest search: what it found is what is listed."""
    return debtor.avoidance_searches.select_related("by").order_by("-pk").first()


def candidates_of(debtor: Debtor) -> QuerySet[Candidate]:
    """What searches found, those to be examined first, then the largest."""
    return debtor.candidates.select_related("search", "dealing", "judged_by").order_by(
        "-fen", "pk"
    )


def totals(candidates: Sequence[Candidate], day: date) -> list[KindTotal]:
    """One line for each kind that there is; no booking stands in two of them."""
    found = []
    for kind in AvoidableKind:
        held = [one for one in candidates if one.kind == kind and is_listed(one)]
        if held:
            pursued = [one for one in held if one.state == CandidateState.PURSUED]
            found.append(
                KindTotal(
                    kind=kind,
                    cite=str(rule_on(day, held[0].rule).cite),
                    count=len(held),
                    fen=sum(one.fen for one in held),
                    pursued_fen=sum(one.fen for one in pursued),
                )
            )
    return found


def is_listed(candidate: Candidate) -> bool:
    return candidate.state != CandidateState.OUTDATED


def evidence_of(candidate: Candidate, *, most: int = ROWS_SHOWN) -> list[dict[str, Any]]:
    """The first rows of a candidate's evidence by day. Raises HistoryChanged."""
    search = candidate.search
    rows = read_evidence(
        search.evidence_path, search.evidence_sha256, key=candidate.evidence_key
    )
    named = institution_names()
    return [_named(row, named) for row in rows.slice(0, most).to_pylist()]


def evidence_rows(candidates: Sequence[Candidate]) -> Iterator[Mapping[str, Any]]:
    """All rows of these candidates, each with its `candidate`. Raises HistoryChanged."""
    by_search: dict[AvoidanceSearch, dict[str, int]] = {}
    for one in candidates:
        by_search.setdefault(one.search, {})[one.evidence_key] = one.pk
    named = institution_names()
    for search, keys in by_search.items():
        rows = read_evidence(search.evidence_path, search.evidence_sha256)
        for batch in rows.to_batches():
            rows_of = (row for row in batch.to_pylist() if row["key"] in keys)
            for row in rows_of:
                yield _named(row, named) | {"candidate": keys[row["key"]]}


def institution_names() -> dict[str, str]:
    """How people call the parties that histories name by their codes."""
    return dict(Institution.objects.values_list("party", "name"))


def _named(row: dict[str, Any], named: Mapping[str, str]) -> dict[str, Any]:
    return {**row, "institution": named.get(row["institution"], row["institution"])}


def _is_party(dealing: Dealing) -> bool:
    """Whether an entry speaks of payments in the histories, not of an act of its own."""
    return dealing.kind in OF_PARTY and not (dealing.kind == D.GIFT and dealing.fen)


def _party(dealing: Dealing) -> Party:
    return Party(
        name=dealing.counterparty,
        standing=OF_PARTY[DealingKind(dealing.kind)],
        entry=dealing.pk,
        reference=dealing.reference,
        done_on=dealing.done_on,
        due_on=dealing.due_on,
        claim_fen=dealing.fen or 0,
        security_fen=dealing.security_fen,
        shields=frozenset(Shield(one) for one in dealing.shields),
        is_collusive=dealing.is_collusive,
    )


def _entry(dealing: Dealing) -> Entry:
    assert dealing.done_on is not None
    lost = dealing.fen or 0
    if dealing.kind == D.PRICE:
        assert dealing.price_fen is not None
        assert dealing.fair_fen is not None
        lost = abs(dealing.price_fen - dealing.fair_fen)
    return Entry(
        number=dealing.pk,
        kind=DealingKind(dealing.kind),
        basis=Basis.ENTERED,
        counterparty=dealing.counterparty,
        done_on=dealing.done_on,
        fen=lost,
    )


def _creditors(debtor: Debtor) -> list[Party]:
    """Applicants; wages paid to those who claim nothing else stand (解释二第十六条)."""
    kinds: dict[str, set[str]] = {}
    for case in debtor.cases.only("applicant", "applicant_kind"):
        kinds.setdefault(str(case.applicant).strip(), set()).add(case.applicant_kind)
    pay = frozenset({Shield.LABOUR_PAY})
    return [
        Party(
            name,
            Standing.CREDITOR,
            shields=pay if held == {ApplicantKind.EMPLOYEE} else frozenset(),
        )
        for name, held in sorted(kinds.items())
    ]


def _reported(debtor: Debtor) -> Iterator[Entry]:
    """Claims that the debtor itself reported as waived (《财产调查规定》第六条)."""
    items = ReportedItem.objects.filter(
        report__debtor=debtor, change=ReportedChange.WAIVED, fen__gt=0
    )
    for one in items.order_by("pk"):
        assert one.changed_on is not None
        assert one.fen is not None
        yield Entry(
            number=one.pk,
            kind=D.WAIVER,
            basis=Basis.REPORTED,
            counterparty=one.counterparty or one.text[:80],
            done_on=one.changed_on,
            fen=one.fen,
        )

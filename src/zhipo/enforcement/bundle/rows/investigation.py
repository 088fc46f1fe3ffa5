"""What was told of the property, how cases were closed for now, what was identified."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, JsonValue

from zhipo.enforcement.bundle.rows.keys import (
    CaseKey,
    ClosingKey,
    Count,
    CourtKey,
    DealingKey,
    DebtorKey,
    DocumentKey,
    EvidencePath,
    Fen,
    FilePath,
    ItemKey,
    PersonKey,
    PropertyKey,
    ReportKey,
    Row,
    SearchKey,
    Sha256,
)
from zhipo.enforcement.finding_states import (
    AvoidableKind,
    Basis,
    CandidateState,
    ClueOutcome,
    DealingKind,
    ReportedChange,
)
from zhipo.enforcement.states import Evidence, PropertyKind
from zhipo.law.triage.road import Road


class ClueRow(Row):
    """An applicant's clue to property, and what came of it."""

    debtor: DebtorKey
    case: CaseKey
    form_key: str
    kind: PropertyKind
    text: str
    reference: str
    is_concrete: bool
    is_urgent: bool
    received_on: date
    check_by: date | None
    is_calendar_known: bool
    reminded_on: date | None
    taken_by: PersonKey
    outcome: ClueOutcome | Literal[""]
    finding: str
    found: PropertyKey | None
    checked_on: date | None
    checked_by: PersonKey | None


class PropertyReportRow(Row):
    """An order to report property and the report that came."""

    debtor: DebtorKey
    case: CaseKey
    notice_received_on: date
    covers_from: date
    due_on: date
    reminded_on: date | None
    received_on: date | None
    is_untrue: bool | None
    note: str
    ordered_by: PersonKey
    ordered_at: AwareDatetime


class ReportedItemRow(Row):
    """A line of a report."""

    report: ReportKey
    form_key: str
    kind: PropertyKind
    change: ReportedChange
    text: str
    counterparty: str
    burden: str
    fen: Fen | None
    changed_on: date | None
    report_by: date | None
    reported_on: date | None
    reminded_on: date | None
    found: PropertyKey | None
    entered_by: PersonKey
    entered_at: AwareDatetime


class DealingRow(Row):
    """What was entered of a dealing that may be avoidable, with its evidence."""

    debtor: DebtorKey
    form_key: str
    kind: DealingKind
    counterparty: str
    done_on: date | None
    due_on: date | None
    debt_on: date | None
    fen: Fen | None
    price_fen: Fen | None
    fair_fen: Fen | None
    security_fen: Fen
    reference: str
    shields: JsonValue
    is_collusive: bool
    evidence: Evidence
    grounds: str
    entered_by: PersonKey
    entered_at: AwareDatetime
    withdrawn_by: PersonKey | None
    withdrawn_at: AwareDatetime | None


class AvoidanceSearchRow(Row):
    """One search for avoidable acts: the rows that it found are a part of its own."""

    debtor: DebtorKey
    counted_on: date
    is_supposed: bool
    cause_since: date
    cause_grounds: str
    least_fen: Fen
    sources: JsonValue
    bookings: Count
    left_out: JsonValue
    found: Count
    evidence_path: EvidencePath
    evidence_sha256: Sha256
    by: PersonKey
    at: AwareDatetime


class CandidateRow(Row):
    """One act that may be avoidable, and the verdict; `evidence_key` names its rows."""

    debtor: DebtorKey
    search: SearchKey
    evidence_key: str
    kind: AvoidableKind
    basis: Basis
    rule: str
    counterparty: str
    dealing: DealingKey | None
    reported: ItemKey | None
    fen: Fen
    rows: Count
    first_on: date
    last_on: date
    state: CandidateState
    reason: str
    settled_fen: Fen | None
    judged_fen: Fen | None
    judged_by: PersonKey | None
    judged_at: AwareDatetime | None


class ClosingForNowRow(Row):
    """One ending of a case for now: what was found to hold."""

    case: CaseKey
    closed_on: date
    restricted_on: date
    investigated: str
    searched: str
    is_signed_by_applicant: bool
    approval: str
    by: PersonKey
    at: AwareDatetime
    resumed_on: date | None
    resumed_by: PersonKey | None
    resumed_for: str


class RequeryRow(Row):
    """One of the queries after a closing for now."""

    closing: ClosingKey
    due_on: date
    done_on: date | None
    result: str
    done_by: PersonKey | None
    reminded_on: date | None


class FactRow(Row):
    """What a judge stated of the debtor, with the evidence."""

    debtor: DebtorKey
    key: str
    value: JsonValue
    known: JsonValue | None
    evidence: Evidence
    reference: str
    reason: str
    stated_by: PersonKey
    stated_at: AwareDatetime
    ended_by: PersonKey | None
    ended_at: AwareDatetime | None
    end_reason: str


class OrderBookRow(Row):
    """A platform's orders as handed in: the file is a part of its own."""

    debtor: DebtorKey
    source: str
    name: str
    path: FilePath
    sha256: Sha256
    rows: Fen
    first_on: date
    last_on: date
    buyers: Count
    active_buyers: Count
    repeat_buyers: Count
    added_by: PersonKey
    added_at: AwareDatetime


class MemoRow(Row):
    """One version of the identification memo."""

    debtor: DebtorKey
    court: CourtKey
    version: Count
    law_date: date
    content: JsonValue
    content_sha256: Sha256
    proposed: Road
    proposed_fast: bool
    concluded: Road
    concluded_fast: bool
    reason: str
    document: DocumentKey
    made_by: PersonKey
    made_at: AwareDatetime

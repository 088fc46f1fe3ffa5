"""What was asked of institutions, and what was found, frozen, checked and protected."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, JsonValue

from zhipo.enforcement.bundle.rows.keys import (
    CaseKey,
    Count,
    DebtorKey,
    Fen,
    FilePath,
    FreezeKey,
    InstitutionKey,
    OrderKey,
    PersonKey,
    PropertyKey,
    Row,
    Sha256,
)
from zhipo.enforcement.states import (
    CameBy,
    FreezeState,
    InquiryState,
    PropertyKind,
    Title,
)
from zhipo.gateways.institutions.messages import Act, Decision, Objector
from zhipo.law.enforcement.freezes import Kind, Measure
from zhipo.law.enforcement.measures import Exempt


class InquiryOrderRow(Row):
    """One act asked of one institution, with the bytes that were signed."""

    order_id: UUID
    act_key: str
    case: CaseKey
    institution: InstitutionKey
    act: Act
    target: PropertyKey | None
    freeze_order: OrderKey | None
    fen: Fen | None
    body: str
    body_sha256: Sha256
    state: InquiryState
    ordered_by: PersonKey | None
    ordered_at: AwareDatetime
    answer_by: AwareDatetime
    ask_at: AwareDatetime
    tries: Count
    receipt: JsonValue | None
    escalated_at: AwareDatetime | None
    finished_at: AwareDatetime | None
    settled_at: AwareDatetime | None
    told_at: AwareDatetime | None
    told_parts: Count


class InquiryAnswerRow(Row):
    """What an institution said, with its bytes and signature."""

    order: OrderKey
    sha256: Sha256
    raw: str
    headers: JsonValue
    came_by: CameBy
    came_at: AwareDatetime
    times: Count
    is_good: bool
    as_of: AwareDatetime | None
    fingerprints: JsonValue
    reason: str
    detail: str
    applied_at: AwareDatetime | None


class InquiryObjectionRow(Row):
    """An objection that came back on an order, and the court's reply."""

    order: OrderKey
    part: Count
    raised_by: Objector
    name: str
    text: str
    raised_at: AwareDatetime
    reply_by: date
    decision: Decision | Literal[""]
    grounds: str
    body: str
    replied_by: PersonKey | None
    replied_at: AwareDatetime | None
    received_at: AwareDatetime | None


class PropertyRow(Row):
    """One account or thing."""

    debtor: DebtorKey
    institution: InstitutionKey | None
    kind: PropertyKind
    reference: str
    label: str
    holder: str
    control: str
    loses_value_if: str
    value_fen: Fen | None
    available_fen: Fen | None
    as_of: AwareDatetime
    title: Title
    found_by: str
    queue: JsonValue
    exempt_as: Exempt | Literal[""]


class TransactionHistoryRow(Row):
    """The movements of one account: the file is a part of its own."""

    debtor: DebtorKey
    target: PropertyKey
    order: OrderKey
    path: FilePath
    sha256: Sha256
    rows: Count
    first_on: date
    last_on: date
    opening_fen: Fen
    closing_fen: Fen
    as_of: AwareDatetime


class FreezeRow(Row):
    """A freeze as the institution last said: its rank, its last day."""

    case: CaseKey
    target: PropertyKey
    order: OrderKey
    kind: Kind
    limit_fen: Fen | None
    frozen_fen: Fen
    state: FreezeState
    rank: Count
    frozen_on: date | None
    until: date
    as_of: AwareDatetime


class FreezeAlertRow(Row):
    """Somebody was told that a freeze runs out."""

    freeze: FreezeKey
    until: date
    days_before: Count
    told_at: AwareDatetime


class OwnershipCheckRow(Row):
    """A finding on whose a property is, with its grounds."""

    target: PropertyKey
    order: OrderKey | None
    outcome: Title
    grounds: str
    by: PersonKey | None
    at: AwareDatetime


class ProtectionRow(Row):
    """A harsh measure held back in a lawful form."""

    target: PropertyKey
    form: Measure
    grounds: str
    since: date
    until: date | None
    by: PersonKey
    at: AwareDatetime

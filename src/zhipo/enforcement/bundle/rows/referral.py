"""The referral: consents, signatures, service, supplements, letters, clocks, money."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from zhipo.enforcement.bundle.rows.keys import (
    CaseKey,
    Count,
    CourtKey,
    DebtorKey,
    DocumentKey,
    Fen,
    FreezeKey,
    InstitutionKey,
    OrderKey,
    PersonKey,
    ProceedsKey,
    PropertyKey,
    ReferralKey,
    Row,
)
from zhipo.enforcement.referral_states import (
    ComplaintGround,
    ConsentAnswer,
    ConsentForm,
    NoticeKind,
    ReferralState,
    ServiceWay,
    Signer,
)
from zhipo.law.referral.conditions import Regime
from zhipo.law.referral.handover import EnforcementCost, Held
from zhipo.law.triage.road import Road


class ReferralRow(Row):
    """One court's referral of a debtor to the court of its domicile."""

    debtor: DebtorKey
    leading: CaseKey
    sending: CourtKey
    receiving: CourtKey
    regime: Regime
    road: Road
    state: ReferralState
    domicile: str
    is_at_domicile: bool
    high_court_approval: str
    has_cause: bool
    cause: str
    opened_on: date
    opened_by: PersonKey
    decided_on: date | None
    decision_number: str
    served_on: date | None
    sent_on: date | None
    received_on: date | None
    review_number: str
    ruled_on: date | None
    ruling_number: str
    refusal_grounds: str
    refusal_served_on: date | None
    effective_on: date | None
    returned_on: date | None
    dismissed_on: date | None


class ConsentRow(Row):
    """One who was asked, and what was answered, in which form."""

    referral: ReferralKey
    case: CaseKey | None
    asked_on: date
    asked_by: PersonKey
    answer: ConsentAnswer | Literal[""]
    form: ConsentForm | Literal[""]
    reference: str
    paper: DocumentKey | None
    answered_on: date | None
    answered_at: AwareDatetime | None
    recorded_by: PersonKey | None


class SignatureRow(Row):
    """One signature in the chain of the decision."""

    referral: ReferralKey
    role: Signer
    by: PersonKey
    at: AwareDatetime
    agrees: bool
    opinion: str


class ApprovalRow(Row):
    """The own intermediate court's approval of a referral elsewhere."""

    referral: ReferralKey
    court: CourtKey
    asked_on: date
    is_granted: bool | None
    opinion: str
    decided_on: date | None
    decided_by: PersonKey | None


class ServiceRow(Row):
    """The decision served on one party."""

    referral: ReferralKey
    case: CaseKey | None
    way: ServiceWay | Literal[""]
    served_on: date | None
    proof: str
    by: PersonKey | None


class SupplementRow(Row):
    """Papers that the receiving court asked for."""

    referral: ReferralKey
    what: str
    affects_cause: bool
    asked_on: date
    asked_by: PersonKey
    due_on: date
    handed_in_on: date | None
    handed_in_by: PersonKey | None
    answer: str


class ComplaintRow(Row):
    """A letter to the court above the receiving one."""

    referral: ReferralKey
    ground: ComplaintGround
    text: str
    court: CourtKey
    written_on: date
    written_by: PersonKey
    ordered_on: date | None
    taken_on: date | None


class ReferralClockRow(Row):
    """One running deadline."""

    debtor: DebtorKey
    referral: ReferralKey
    court: CourtKey
    deadline: str
    subject: str
    event_on: date
    last_day: date
    is_calendar_known: bool
    done_on: date | None
    reminded_on: date | None
    escalated_on: date | None


class NoticeRow(Row):
    """A letter to a court or an institution."""

    referral: ReferralKey
    kind: NoticeKind
    sender: CourtKey
    court: CourtKey | None
    institution: InstitutionKey | None
    document: DocumentKey | None
    made_on: date
    sent_on: date | None
    reply_by: date | None
    acknowledged_on: date | None
    reply: str


class KeptPlaceRow(Row):
    """A freeze's place among those on its property at acceptance."""

    referral: ReferralKey
    freeze: FreezeKey
    place: Count
    was: str
    lifted_on: date | None
    restored_on: date | None
    declined_on: date | None


class ProceedsRow(Row):
    """What property was turned into, and where the money is."""

    case: CaseKey
    order: OrderKey | None
    what: str
    held: Held
    fen: Fen
    since: date
    paid_out_on: date | None
    handed_over_on: date | None
    by: PersonKey | None


class CostItemRow(Row):
    """A cost of enforcement not yet paid."""

    case: CaseKey
    kind: EnforcementCost
    fen: Fen
    note: str
    by: PersonKey | None
    at: AwareDatetime


class SaleOfPerishableRow(Row):
    """Goods sold because they could not be kept; the price is kept."""

    referral: ReferralKey
    target: PropertyKey
    what: str
    grounds: str
    sold_on: date
    buyer: str
    price: ProceedsKey
    by: PersonKey

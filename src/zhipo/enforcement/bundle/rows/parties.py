"""Who has to do with a debtor: courts, people, institutions, the debtor, its cases."""

from datetime import date

from pydantic import AwareDatetime

from zhipo.accounts.roles import OrganisationKind
from zhipo.enforcement.bundle.rows.keys import (
    CourtKey,
    DebtorKey,
    Fen,
    FilePath,
    PersonKey,
    Row,
    Sha256,
)
from zhipo.enforcement.states import (
    ApplicantKind,
    EnforcementState,
    InstitutionKind,
    Stage,
)
from zhipo.law.triage.cause import Entity


class CourtRow(Row):
    """A court or another organisation, known by its name."""

    kind: OrganisationKind
    name: str


class PersonRow(Row):
    """An official who did something; at the receiving side nobody signs in as they."""

    login: str
    name: str


class DocumentRow(Row):
    """A document as it was made: the file is a part of its own."""

    chain: str
    kind: str
    lang: str
    title: str
    path: FilePath
    sha256: Sha256
    size: Fen
    for_role: str
    made_by: PersonKey | None
    made_at: AwareDatetime


class InstitutionRow(Row):
    """A party of the inquiry protocol."""

    party: str
    name: str
    kind: InstitutionKind
    is_active: bool


class DebtorRow(Row):
    """Who is enforced against."""

    slug: str
    name: str
    credit_code: str
    entity: Entity
    brand: str
    address: str
    representative: str
    founded_on: date | None
    stage: Stage


class OtherNameRow(Row):
    """A name under which a court knew the debtor."""

    debtor: DebtorKey
    name: str
    grounds: str
    joined_by: PersonKey | None
    joined_at: AwareDatetime


class EnforcementCaseRow(Row):
    """One applicant's case: also who is a known creditor, with contact data."""

    debtor: DebtorKey
    court: CourtKey
    number: str
    judge: PersonKey | None
    applicant: str
    applicant_kind: ApplicantKind
    applicant_phone: str
    applicant_address: str
    title: str
    amount_fen: Fen
    paid_fen: Fen
    costs_fen: Fen
    filed_on: date
    state: EnforcementState
    closed_on: date | None

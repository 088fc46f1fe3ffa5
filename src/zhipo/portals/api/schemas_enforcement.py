"""What the routes of enforcement take and give; amounts in fen."""

from datetime import date
from typing import Annotated

from ninja import Schema
from pydantic import ConfigDict, Field

from zhipo.enforcement.states import ApplicantKind
from zhipo.law.triage.cause import Entity
from zhipo.portals.api.schemas import PRINTABLE, Day, Fen, FenOrNone, Name

CASES_AT_ONCE = 500
Line = Annotated[str, Field(max_length=200, pattern=PRINTABLE)]


class DebtorIn(Schema):
    """Who is enforced against; with a credit code it is the debtor of that code."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    credit_code: Annotated[str, Field(max_length=18, pattern=PRINTABLE)] = ""
    entity: Entity = Entity.COMPANY
    brand: Annotated[str, Field(max_length=80, pattern=PRINTABLE)] = ""
    address: Line = ""
    representative: Annotated[str, Field(max_length=60, pattern=PRINTABLE)] = ""
    founded_on: Day | None = None


class ApplicantIn(Schema):
    """Who applied for enforcement."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    kind: ApplicantKind
    phone: Annotated[str, Field(max_length=40, pattern=PRINTABLE)] = ""
    address: Line = ""


class CaseIn(Schema):
    """An enforcement case; `court` may stay empty for whoever works at one court."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(min_length=1, max_length=60, pattern=PRINTABLE)]
    court: Line = ""
    debtor: DebtorIn
    applicant: ApplicantIn
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=PRINTABLE)]
    filed_on: Day
    amount_fen: Fen
    paid_fen: FenOrNone = 0
    costs_fen: FenOrNone = 0


class CasesIn(Schema):
    """Several at once: all are registered or none."""

    model_config = ConfigDict(extra="forbid")

    cases: Annotated[list[CaseIn], Field(min_length=1, max_length=CASES_AT_ONCE)]


class RegisteredCase(Schema):
    """A case that is registered; `debtor` is the slug of its debtor."""

    id: int
    number: str
    debtor: str
    state: str
    filed_on: date


class RegisteredOut(Schema):
    """The cases in the order of the request; those known before are not new."""

    new_cases: int
    new_debtors: int
    cases: list[RegisteredCase]

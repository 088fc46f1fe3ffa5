"""Enforcement cases, registered by a court's own system."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Body, Router

from zhipo.accounts.models import Organisation
from zhipo.accounts.scopes import Scope
from zhipo.enforcement.actions.registering import register_cases as register
from zhipo.enforcement.entries import (
    ApplicantEntry,
    BadEntries,
    CaseEntry,
    DebtorEntry,
    EntryFault,
)
from zhipo.enforcement.models import EnforcementCase
from zhipo.enforcement.powers import TABLE, Act
from zhipo.enforcement.queries.cases import courts_to_register_at
from zhipo.enforcement.states import Stage
from zhipo.portals.api.problems import FaultBody, Problem
from zhipo.portals.api.schemas_enforcement import (
    CaseIn,
    CasesIn,
    RegisteredCase,
    RegisteredOut,
)
from zhipo.portals.api.tokens import JSON, Token, person_of
from zhipo.portals.api.writing import write
from zhipo.web.words import say

router = Router()
ROW = TABLE.row_in(Act.REGISTER_CASE, Stage.ENFORCING)
assert ROW is not None
writers = Token(Scope.ENFORCEMENT_WRITE, takes=JSON, offices=ROW.leads)
FIELDS = {"amount": "amount_fen", "paid": "paid_fen", "costs": "costs_fen",
          "debtor": "debtor/name", "applicant": "applicant/name",
          "applicant_kind": "applicant/kind", "applicant_phone": "applicant/phone",
          "applicant_address": "applicant/address", "credit_code": "debtor/credit_code",
          "entity": "debtor/entity", "brand": "debtor/brand",
          "address": "debtor/address", "representative": "debtor/representative",
          "founded_on": "debtor/founded_on"}  # fmt: skip
"""Column of an entry -> where it stands in the body, where that is not its name."""


@router.post("/enforcement/cases", response={201: RegisteredOut}, auth=writers)
def register_cases(request: HttpRequest, given: Annotated[CasesIn, Body()]) -> HttpResponse:
    by = person_of(request)
    courts = courts_to_register_at(by)

    def act() -> RegisteredOut:
        entries = [_entry(place, one, courts) for place, one in enumerate(given.cases)]
        try:
            done = register(entries=entries, by=by)
        except BadEntries as refused:
            raise _problem(refused.faults) from refused
        return RegisteredOut(
            new_cases=done.new_cases,
            new_debtors=done.new_debtors,
            cases=[_shown(case) for case in done.cases],
        )

    return write(request, act, status=201)


def _entry(place: int, given: CaseIn, courts: list[Organisation]) -> CaseEntry:
    """One case of the body. Raises Problem where its court is none of the person's."""
    named = [court for court in courts if given.court in ("", court.name)]
    if len(named) != 1:
        raise _problem([EntryFault(place, "court", given.court, "court")])
    return CaseEntry(
        court_id=named[0].pk,
        number=given.number,
        debtor=DebtorEntry(**given.debtor.model_dump()),
        applicant=ApplicantEntry(**given.applicant.model_dump()),
        title=given.title,
        filed_on=given.filed_on,
        amount_fen=given.amount_fen,
        paid_fen=given.paid_fen,
        costs_fen=given.costs_fen,
        place=place,
    )


def _problem(faults: list[EntryFault]) -> Problem:
    """Each fault with its place in the body; values are not repeated."""
    bodies = [
        FaultBody(
            at=f"body/cases/{one.place}/{FIELDS.get(one.column, one.column)}".rstrip("/"),
            detail=say(f"enforcement.fault.{one.key}", **one.values),
        )
        for one in faults
    ]
    return Problem("invalid", faults=bodies)


def _shown(case: EnforcementCase) -> RegisteredCase:
    return RegisteredCase(
        id=case.pk,
        number=case.number,
        debtor=case.debtor.slug,
        state=case.state,
        filed_on=case.filed_on,
    )

"""Claims: listed, looked at, entered from paper one by one or many at once."""

from datetime import date
from typing import Annotated, Literal

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Body, Path, Query, Router, Schema

from zhipo.accounts.models import User
from zhipo.accounts.scopes import Scope
from zhipo.cases.models import Case
from zhipo.claims.actions.entering import Arrival, enter_prefilled, enter_statement
from zhipo.claims.actions.others import Statement
from zhipo.claims.models import Claim
from zhipo.claims.queries.desk import ClaimFilter, claims_in
from zhipo.claims.search_hashes import CREDIT_CODE
from zhipo.claims.states import STATES, ClaimKind, FiledThrough
from zhipo.kernel.identifiers import IdentifierError, parse_uscc
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision
from zhipo.portals.api.masking import masked
from zhipo.portals.api.pages import Cursor, Limit, page_of
from zhipo.portals.api.problems import body_of_refusal
from zhipo.portals.api.schemas import (
    ClaimOut,
    ClaimPage,
    PaperClaim,
    PaperClaims,
    Results,
    RowResult,
)
from zhipo.portals.api.tokens import JSON, Token, case_of, person_of
from zhipo.portals.api.writing import write
from zhipo.web.refusals import Declined, NotInState

router = Router()
readers = Token(Scope.CLAIMS_READ)
writers = Token(Scope.CLAIMS_WRITE, takes=JSON)
SHOWN = frozenset(ClaimOut.model_fields) - {"id", "claimant", "id_no"}
State = Literal[STATES]  # type: ignore[valid-type]


class Incomplete(Declined):
    """A row that names neither an account of the books nor a claimant of its own, or a
    credit code that is none."""

    status = 422


class Wanted(Schema):
    """Filters; what is not given does not filter."""

    state: State | None = None
    kind: ClaimKind | None = None
    decision: Decision | None = None
    late: Literal["yes", "no"] | None = None
    disputed: Literal["yes", "no"] | None = None
    filed_from: date | None = None
    filed_to: date | None = None


@router.get("/cases/{slug:slug}/claims", response=ClaimPage, auth=readers)
def list_claims(
    request: HttpRequest,
    slug: Path[str],
    wanted: Query[Wanted],
    cursor: Cursor = "",
    limit: Limit = 100,
) -> ClaimPage:
    asked = wanted.model_dump(exclude_none=True)
    days = {
        "filed_at__date__gte": asked.pop("filed_from", None),
        "filed_at__date__lte": asked.pop("filed_to", None),
    }
    claims = claims_in(case_of(request, slug), ClaimFilter(**asked)).filter(
        **{name: day for name, day in days.items() if day is not None}
    )
    page, following = page_of(claims, cursor=cursor, limit=limit)
    return ClaimPage(items=[_shown(claim) for claim in page], next=following)


@router.get("/cases/{slug:slug}/claims/{int:claim_id}", response=ClaimOut, auth=readers)
def get_claim(request: HttpRequest, slug: Path[str], claim_id: Path[int]) -> ClaimOut:
    claim = claims_in(case_of(request, slug)).filter(pk=claim_id).first()
    if claim is None:
        raise Http404
    return _shown(claim)


@router.post("/cases/{slug:slug}/claims", response={201: ClaimOut}, auth=writers)
def file_claim(
    request: HttpRequest,
    slug: Path[str],
    paper: Annotated[PaperClaim, Body()],
) -> HttpResponse:
    case, person = case_of(request, slug), person_of(request)
    return write(request, lambda: _shown(_enter(case, paper, person)), status=201)


@router.post("/cases/{slug:slug}/claims/batch", response={200: Results}, auth=writers)
def file_claims(
    request: HttpRequest,
    slug: Path[str],
    papers: Annotated[PaperClaims, Body()],
) -> HttpResponse:
    case, person = case_of(request, slug), person_of(request)

    def act() -> Results:
        rows = [_row(case, n, one, person) for n, one in enumerate(papers.rows)]
        filed = sum(row.claim is not None for row in rows)
        return Results(filed=filed, refused=len(rows) - filed, results=rows)

    return write(request, act, status=200)


def _row(case: Case, number: int, paper: PaperClaim, by: User) -> RowResult:
    try:
        return RowResult(row=number, claim=_shown(_enter(case, paper, by)))
    except Declined as refusal:
        return RowResult(row=number, problem=body_of_refusal(refusal))


@transaction.atomic
def _enter(case: Case, paper: PaperClaim, by: User) -> Claim:
    """One paper through the acts of the desk. Raises Declined; then nothing is left."""
    arrival = Arrival(FiledThrough(paper.received_through), paper.received_on)
    if paper.holder_id is not None:
        if paper.kind or paper.claimant or paper.credit_code or paper.set_off_fen:
            raise Incomplete("api.refused.one_or_other")
        return enter_prefilled(
            claim_id=_claim_of_holder(case, paper.holder_id),
            claimed_fen=paper.claimed_fen,
            text=paper.statement,
            arrival=arrival,
            by=by,
        )
    if paper.kind is None or paper.claimant is None:
        raise Incomplete("api.refused.one_or_other")
    said = Statement(
        kind=ClaimKind(paper.kind),
        claimant=paper.claimant,
        claimed_fen=paper.claimed_fen,
        text=paper.statement,
        set_off_fen=paper.set_off_fen,
        details=_details(paper),
    )
    form_key = f"api:{paper.reference}"
    claim = enter_statement(
        case_id=case.pk, said=said, form_key=form_key, arrival=arrival, by=by
    )
    if (claim.kind, claim.claimant) != (said.kind, said.claimant):
        raise NotInState("api.refused.reference_taken", number=claim.number)
    return claim


def _details(paper: PaperClaim) -> dict[str, int | str]:
    """The credit code as it is kept, none where none is given. Raises Incomplete."""
    if not paper.credit_code.strip():
        return {}
    try:
        return {CREDIT_CODE: parse_uscc(paper.credit_code)}
    except IdentifierError as error:
        raise Incomplete("api.refused.credit_code") from error


def _claim_of_holder(case: Case, holder_id: str) -> int:
    claims = Claim.objects.filter(case=case, holder__holder_id=holder_id)
    found = claims.exclude(state=ClaimState.WITHDRAWN).values_list("pk", flat=True).first()
    if found is None:
        raise Incomplete("api.refused.no_such_holder")
    return found


def _shown(claim: Claim) -> ClaimOut:
    claimant, id_no = masked(claim)
    values = {name: getattr(claim, name) for name in SHOWN}
    return ClaimOut(id=claim.pk, claimant=claimant, id_no=id_no, **values)

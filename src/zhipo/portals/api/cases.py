"""Cases and whether the service works."""

from django.http import HttpRequest
from ninja import Path, Router

from zhipo.cases.models import Case
from zhipo.cases.queries import cases_visible_to, role_in
from zhipo.portals.api.schemas import CaseOut, CasePage, Health
from zhipo.portals.api.tokens import Token, case_of, person_of
from zhipo.web import health

router = Router()


@router.get("/cases", response=CasePage, auth=Token())
def list_cases(request: HttpRequest) -> CasePage:
    person = person_of(request)
    cases = cases_visible_to(person).select_related("court", "administrator")
    return CasePage(items=[_shown(case, person) for case in cases.order_by("slug")])


@router.get("/cases/{slug:slug}", response=CaseOut, auth=Token())
def get_case(request: HttpRequest, slug: Path[str]) -> CaseOut:
    return _shown(case_of(request, slug), person_of(request))


@router.get("/health", response={200: Health, 503: Health})
def get_health(request: HttpRequest) -> object:
    return health.health(request)


def _shown(case: Case, person: object) -> CaseOut:
    names = set(CaseOut.model_fields) - {"court", "administrator", "roles"}
    return CaseOut(
        **{name: getattr(case, name) for name in names},
        court=case.court.name,
        administrator=case.administrator.name,
        roles=sorted(role_in(person, case)),
    )

"""Who comes in: token, office, scope, court, and how often."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from devices import device_of
from factories import TODAY, make_creditor, make_staff
from integration.api.conftest import Machine, Machines
from zhipo.accounts import limits
from zhipo.accounts.models import ApiToken, Appointment, User
from zhipo.accounts.roles import Role
from zhipo.accounts.scopes import Scope
from zhipo.cases.models import Case
from zhipo.claims.models import Claim

READS = {
    "": None,
    "/evidence": Scope.CLAIMS_READ,
    "/claims": Scope.CLAIMS_READ,
    "/register": Scope.REGISTER_READ,
    "/register.csv": Scope.REGISTER_READ,
    "/events": Scope.EVENTS_READ,
}
WRITES = ("/claims", "/claims/batch", "/evidence")


def test_health_needs_no_token(db: None) -> None:
    assert Machine("").get("/health").json() == {"database": "ok"}


@pytest.mark.parametrize("path", READS)
def test_reads_are_allowed_to_the_cases_people(
    path: str, case: Case, lead: User, judge: User, machine: Machines
) -> None:
    for person in (lead, judge):
        assert machine(person).get(f"/cases/{case.slug}{path}").status_code == 200


@pytest.mark.parametrize("path", READS)
def test_another_court_finds_nothing(
    path: str, case: Case, stranger: User, machine: Machines
) -> None:
    answer = machine(stranger).get(f"/cases/{case.slug}{path}")

    assert answer.status_code == 404
    assert case.slug not in machine(stranger).get("/cases").content.decode()


@pytest.mark.parametrize("path", [path for path, scope in READS.items() if scope])
def test_a_token_without_the_scope_is_refused(
    path: str, case: Case, judge: User, machine: Machines
) -> None:
    others = [scope for scope in Scope if scope not in (READS[path], Scope.EVIDENCE_WRITE)]

    answer = machine(judge, *others).get(f"/cases/{case.slug}{path}")

    assert (answer.status_code, answer.json()["reason"]) == (403, "no_scope")


@pytest.mark.parametrize("path", WRITES)
def test_writes_need_the_scope(
    path: str, case: Case, lead: User, machine: Machines
) -> None:
    reader = machine(lead, Scope.CLAIMS_READ, Scope.REGISTER_READ)

    assert reader.post(f"/cases/{case.slug}{path}", {}).status_code == 403


def test_the_court_enters_no_claims(
    case: Case, judge: User, machine: Machines, supplier: dict[str, Any]
) -> None:
    answer = machine(judge).post(f"/cases/{case.slug}/claims", supplier)

    assert answer.status_code == 403
    assert not Claim.objects.exists()


def test_another_court_writes_nothing(
    case: Case, machine: Machines, supplier: dict[str, Any]
) -> None:
    other = machine(make_staff(Role.ADMINISTRATOR_LEAD))

    for path, body in (("/claims", supplier), ("/claims/batch", {"rows": [supplier]})):
        assert other.post(f"/cases/{case.slug}{path}", body).status_code == 404
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"token_hash": "0" * 64},
    ],
    ids=["revoked", "expired", "unknown"],
)
def test_a_token_that_is_not_good_is_refused(
    change: dict[str, Any], case: Case, lead: User, machine: Machines
) -> None:
    own = machine(lead)
    ApiToken.objects.update(**change)

    answer = own.get(f"/cases/{case.slug}")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_blocked_person_has_no_token(case: Case, lead: User, machine: Machines) -> None:
    own = machine(lead)
    User.objects.filter(pk=lead.pk).update(is_active=False)

    assert own.get("/cases").status_code == 401


def test_whoever_left_the_office_has_no_rights(
    case: Case, lead: User, machine: Machines
) -> None:
    own = machine(lead)
    Appointment.objects.filter(user=lead).update(until=TODAY - timedelta(days=2))

    answer = own.get("/cases")

    assert (answer.status_code, answer.json()["reason"]) == (403, "no_office")


def test_a_creditor_has_no_api(db: None, machine: Machines) -> None:
    assert machine(make_creditor()).get("/cases").status_code == 401


def test_a_cookie_opens_nothing(case: Case, lead: User) -> None:
    client = device_of(lead)

    assert client.get("/enter/account").status_code == 200
    assert client.get(f"/api/v1/cases/{case.slug}").status_code == 401


def test_last_use_is_noted_once_a_minute(case: Case, lead: User, machine: Machines) -> None:
    own = machine(lead)
    own.get("/cases")
    first = ApiToken.objects.get().last_used_at

    own.get("/cases")
    assert ApiToken.objects.get().last_used_at == first

    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))
    own.get("/cases")
    assert ApiToken.objects.get().last_used_at > first  # type: ignore[operator]


def test_too_many_requests_wait(
    case: Case, lead: User, machine: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "API_BY_TOKEN", limits.Limit("api_by_token", 2, 1))
    own = machine(lead)
    own.get("/cases")
    own.get("/cases")

    answer = own.get("/cases")

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert machine(lead).get("/cases").status_code == 200

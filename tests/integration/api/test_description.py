"""The API does what its description says, whatever is sent (schemathesis)."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from schemathesis import GenerationMode

from factories import (
    make_balance,
    make_case,
    make_claim,
    make_evidence,
    make_holder,
    make_staff,
)
from zhipo.accounts import limits
from zhipo.accounts.actions import issue_token
from zhipo.accounts.roles import Role
from zhipo.accounts.scopes import Scope
from zhipo.claims.models import Claim
from zhipo.portals.api.openapi import api, problems_of
from zhipo.portals.api.problems import STATUS

DESCRIPTION = json.loads(json.dumps(api.get_openapi_schema()))
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
SCHEMA.app = get_wsgi_application()
ROUTES = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}
EXAMPLES = 30
# What is refused for its meaning (a day in the future, no such holder) is refused all the
# same: that valid data is always taken is not promised.
PROMISED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Requests share the test's transaction, so they do not close its connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def held(
    db: None, _one_connection: None, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """A case with a claim and books, and a token that may do all of it, without limit."""
    monkeypatch.setattr(limits, "API_BY_TOKEN", limits.Limit("api_by_token", 10**6, 1))
    case = make_case(slug="fuzzed")
    evidence, holder = make_evidence(case, version=1), make_holder(case, holder_id="M1")
    make_balance(evidence, holder)
    claim = make_claim(case, holder)
    lead = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)
    key = issue_token(label="fuzz", scopes=list(Scope), by=lead)
    return {
        "headers": {"Authorization": f"Bearer {key}"},
        "path": {"slug": case.slug, "claim_id": claim.pk, "version": 1},
    }


@pytest.mark.parametrize("label", ROUTES)
@pytest.mark.parametrize("is_known", [True, False], ids=["known", "unknown"])
def test_valid_requests_are_answered_as_described(
    label: str, is_known: bool, held: dict[str, Any]
) -> None:
    _send(label, held, mode=GenerationMode.POSITIVE, is_known=is_known)


@pytest.mark.parametrize(
    "label", [one for one, route in ROUTES.items() if route.query or route.body]
)
def test_invalid_requests_are_refused_as_described(
    label: str, held: dict[str, Any]
) -> None:
    _send(label, held, mode=GenerationMode.NEGATIVE, is_known=True)
    assert Claim.objects.filter(state="filed").count() == 0


@pytest.mark.parametrize("label", ROUTES)
def test_every_route_describes_its_problems(label: str) -> None:
    method, path = label.split(" ", 1)
    route = DESCRIPTION["paths"][path][method.lower()]
    expected = {STATUS[one] for one in problems_of(route, is_write=method != "GET")}

    described = {int(one) for one in route["responses"] if one != "503"}

    assert expected == {one for one in described if one >= 400}
    assert expected >= ({401, 403, 404, 405, 422, 429} if "security" in route else {405})


def test_description_and_page_speak_both_languages(db: None) -> None:
    for lang, word in (("zh-hans", "债权列表"), ("en", "Claims, filtered")):
        for path in ("openapi.json", "docs"):
            answer = Client().get(f"/api/v1/{path}", headers={"Accept-Language": lang})
            assert word in answer.content.decode()


def _send(
    label: str, held: dict[str, Any], *, mode: GenerationMode, is_known: bool
) -> None:
    route = ROUTES[label]
    checks = [schemathesis.checks.CHECKS.get_one(name) for name in PROMISED]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(sent=route.as_strategy(generation_mode=mode))
    def check(sent: schemathesis.Case) -> None:
        # A query with names that a route does not know is read without them.
        assume(set(sent.query or {}) <= {one.name for one in route.query})
        if is_known:
            sent.path_parameters.update(
                {n: v for n, v in held["path"].items() if n in sent.path_parameters}
            )
        sent.call_and_validate(headers=held["headers"], checks=checks)

    check()

"""A case, and machines that hold tokens of its people."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from factories import (
    make_balance,
    make_case,
    make_claim,
    make_evidence,
    make_holder,
    make_staff,
)
from zhipo.accounts.actions import issue_token
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.accounts.scopes import Scope
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim

BASE = "/api/v1"


class Machine:
    """A program with a token: JSON in, JSON out."""

    def __init__(self, key: str, lang: str = "zh-hans") -> None:
        self.key = key
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {key}", "Accept-Language": lang}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"{BASE}{path}", query, headers=self.headers)

    def post(self, path: str, body: Any, *, key: str = "key-00000001", **more: str) -> Any:
        headers = {**self.headers, "Idempotency-Key": key, **more}
        return self.client.post(
            f"{BASE}{path}",
            body if isinstance(body, str) else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )

    def upload(self, path: str, form: dict[str, Any], *, key: str = "key-00000001") -> Any:
        headers = {**self.headers, "Idempotency-Key": key}
        return self.client.post(f"{BASE}{path}", form, headers=headers)


Machines = Callable[..., Machine]


@pytest.fixture
def machine(db: None) -> Machines:
    """A machine of a person's, with all scopes unless told."""

    def machine_of(user: User, *scopes: Scope, lang: str = "zh-hans") -> Machine:
        key = issue_token(label="test", scopes=list(scopes or Scope), by=user)
        return Machine(key, lang)

    return machine_of


@pytest.fixture
def case(db: None) -> Case:
    return make_case(phase=Phase.FILING)


@pytest.fixture
def lead(case: Case) -> User:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


@pytest.fixture
def judge(case: Case) -> User:
    return make_staff(Role.BANKRUPTCY_JUDGE, case.court)


@pytest.fixture
def stranger(db: None) -> User:
    """The judge of another court, with a case of their own."""
    return make_staff(Role.BANKRUPTCY_JUDGE, make_case().court)


@pytest.fixture
def claim(case: Case) -> Claim:
    """Pre-filled, 271.88 yuan, of 王小明."""
    holder = make_holder(case, id_no="430302198001011234")
    make_balance(make_evidence(case), holder)
    return make_claim(case, holder)


@pytest.fixture
def paper(claim: Claim) -> dict[str, Any]:
    """The same claim as it came by post."""
    assert claim.holder is not None
    return {
        "reference": "P-1",
        "received_on": "2026-01-01",
        "holder_id": claim.holder.holder_id,
        "claimed_fen": 27_188,
    }


@pytest.fixture
def supplier() -> dict[str, Any]:
    return {
        "reference": "S-1",
        "received_on": "2026-01-01",
        "kind": "supplier",
        "claimant": "湘潭冷链物流有限公司",
        "claimed_fen": 500_000,
        "statement": "2024 年运费",
    }

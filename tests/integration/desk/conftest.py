"""A desk with somebody at it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from factories import make_case, make_staff
from zhipo.accounts.models import Session, User
from zhipo.accounts.roles import Role
from zhipo.accounts.sessions import COOKIE, _hash
from zhipo.cases.phases import Phase


@pytest.fixture
def case(db: None) -> Any:
    return make_case(phase=Phase.REVIEW)


@pytest.fixture
def lead(case: Any) -> User:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def client_of(user: User) -> Client:
        now = timezone.now()
        Session.objects.create(
            key_hash=_hash(f"key-{user.pk}"), user=user, is_second_factor_passed=True,
            confirmed_at=now, created_at=now, expires_at=now + timedelta(hours=1),
        )  # fmt: skip
        client = Client()
        client.cookies[COOKIE] = f"key-{user.pk}"
        return client

    return client_of

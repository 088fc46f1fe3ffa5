"""The door of the API: whose token it is, what it may do, how often, in which format."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from zhipo.accounts import limits
from zhipo.accounts.actions import token_hash
from zhipo.accounts.models import ApiToken, User
from zhipo.accounts.queries import offices_of
from zhipo.accounts.roles import ADMINISTRATOR, BANKRUPTCY_COURT, Role
from zhipo.accounts.scopes import Scope
from zhipo.cases.models import Case
from zhipo.cases.queries import cases_visible_to
from zhipo.claims.policies.books import LARGEST_UPLOAD, MEGABYTE
from zhipo.portals.api.problems import Problem

JSON = "application/json"
FORM = "multipart/form-data"
NOTED_EVERY = timedelta(minutes=1)
READERS = ADMINISTRATOR | BANKRUPTCY_COURT


class Token(HttpBearer):
    """Lets in a token with one of these scopes whose person still holds an office.

    `takes` is the media type of the body that the route reads; none for a GET. `offices`
    are the roles of which the person needs one.
    """

    def __init__(
        self, *scopes: Scope, takes: str = "", offices: frozenset[Role] = READERS
    ) -> None:
        super().__init__()
        self.scopes = frozenset(scopes)
        self.takes = takes
        self.offices = offices

    def authenticate(self, request: HttpRequest, key: str) -> ApiToken | None:
        """The token, or None where there is none that is good. Raises Problem, TooMany."""
        token = _good_token(key)
        if token is None:
            return None
        subject = str(token.pk)
        limits.check(limits.API_BY_TOKEN, subject)
        limits.count(limits.API_BY_TOKEN, subject)
        _note_use(token)
        if not self.offices & offices_of(token.user).keys():
            raise Problem("forbidden", reason="no_office")
        if self.scopes and not self.scopes & set(token.scopes):
            raise Problem("forbidden", reason="no_scope")
        self._check_format(request)
        return token

    def _check_format(self, request: HttpRequest) -> None:
        """Refuse a body by its headers, before a byte of it is read."""
        if not self.takes:
            return
        if request.content_type != self.takes:
            raise Problem("media_type")
        size = request.headers.get("Content-Length", "")
        if size.isdecimal() and int(size) > LARGEST_UPLOAD + MEGABYTE:
            raise Problem("too_large")


def token_of(request: HttpRequest) -> ApiToken:
    """The token that came in by the door."""
    token = request.auth  # type: ignore[attr-defined]
    assert isinstance(token, ApiToken)
    return token


def person_of(request: HttpRequest) -> User:
    """The person whose token it is: every act is theirs."""
    return token_of(request).user


def case_of(request: HttpRequest, slug: str) -> Case:
    """The case, if the person sees it; another court's is not there. Raises Http404."""
    case = (
        cases_visible_to(person_of(request))
        .select_related("court", "administrator")
        .filter(slug=slug)
        .first()
    )
    if case is None:
        raise Http404
    return case


def _good_token(key: str) -> ApiToken | None:
    return (
        ApiToken.objects.select_related("user")
        .filter(
            token_hash=token_hash(key),
            revoked_at=None,
            expires_at__gt=timezone.now(),
            user__is_active=True,
            user__is_staff_member=True,
        )
        .first()
    )


def _note_use(token: ApiToken) -> None:
    """Note the last use, once a minute at most: reads should not write each time."""
    now: Any = timezone.now()
    before = now - NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < before:
        ApiToken.objects.filter(
            Q(last_used_at=None) | Q(last_used_at__lt=before), pk=token.pk
        ).update(last_used_at=now)

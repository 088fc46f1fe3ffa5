"""Who may come in by which address: every view names it, a test finds those that do not.

This is the door; what may be seen or done inside is decided by queries and policies.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from zhipo.accounts.models import User
from zhipo.accounts.queries import offices_of
from zhipo.accounts.roles import STAFF, Role
from zhipo.web import errors

View = Callable[..., HttpResponseBase]
ALL = "all"
MACHINES = "machines"


def open_to_all(view: View) -> View:
    """No sign-in needed."""
    view.who = ALL  # type: ignore[attr-defined]
    return view


def for_machines(view: View) -> View:
    """For programs: each route of the API asks for its own token, scope and office."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return _private(view(request, *args, **kwargs))

    answer.who = MACHINES  # type: ignore[attr-defined]
    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def for_creditors(view: View) -> View:
    """For people signed in by phone or WeChat; others are sent to sign in to the case."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            slug = kwargs.get("slug")
            where = f"/c/{slug}/sign-in" if slug else "/"
            return redirect(f"{where}?next={request.path}")
        if request.user.is_staff_member:
            return errors.page(request, status=403, kind="forbidden")
        return _private(view(request, *args, **kwargs))

    answer.who = frozenset({Role.CREDITOR})  # type: ignore[attr-defined]
    return answer


def for_roles(*roles: Role) -> Callable[[View], View]:
    """For staff who hold one of these roles anywhere, second factor passed."""
    wanted = frozenset(roles)
    assert wanted <= STAFF

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect(f"/enter/?next={request.path}")
            session = request.signed_in  # type: ignore[attr-defined]
            if request.user.is_staff_member and not session.is_second_factor_passed:
                return redirect(f"/enter/code?next={request.path}")
            if not wanted & offices_of(request.user).keys():
                return errors.page(request, status=403, kind="forbidden")
            return _private(view(request, *args, **kwargs))

        answer.who = wanted  # type: ignore[attr-defined]
        return answer

    return decorate


def person(request: HttpRequest) -> User:
    """Whoever came in by a door that lets nobody in who is not signed in."""
    assert isinstance(request.user, User)
    return request.user


def _private(response: HttpResponseBase) -> HttpResponseBase:
    patch_cache_control(response, private=True, no_store=True)
    return response

"""Step-up at the desk: who moves money has shown the second factor in the last minutes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from zhipo.accounts.sessions import is_fresh
from zhipo.web.words import say

View = Callable[..., HttpResponseBase]
DO = "/do/"
"""What stands between the address of a thing and the name of an act on it."""


def with_fresh_code(*free: str) -> Callable[[View], View]:
    """Ask for the code again after ten minutes, but for the acts named `free`.

    The way back leads to the page of the thing: nothing is done on the way.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            session = request.signed_in  # type: ignore[attr-defined]
            if kwargs.get("name") in free or is_fresh(session):
                return view(request, *args, **kwargs)
            return _asked_again(request)

        return answer

    return decorate


def _asked_again(request: HttpRequest) -> HttpResponse:
    messages.info(request, say("payouts.desk.prove_again"))
    return redirect(f"/enter/code?next={request.path.partition(DO)[0]}")

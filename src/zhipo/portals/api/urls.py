"""/api/v1/...: the routes of the API, its description, and a problem for the rest."""

from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, re_path

from zhipo.portals.access import View, for_machines
from zhipo.portals.api import reading
from zhipo.portals.api.openapi import api
from zhipo.portals.api.problems import answer_of, body_of


def _answering_problems(view: View) -> View:
    """Have a wrong method answered as a problem too: ninja does not raise there."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            return answer_of(body_of("method"), Allow=response["Allow"])
        return response

    return answer


def _routes() -> list[URLPattern]:
    """Ninja's routes behind our door; its root page is the index of nothing."""
    found = [one for one in api.urls[0] if isinstance(one, URLPattern)]
    for one in found:
        one.callback = for_machines(_answering_problems(one.callback))
    return [one for one in found if one.name != "api-root"]


app_name = "api"
urlpatterns = [
    path("openapi.json", reading.openapi, name="openapi"),
    path("docs", reading.docs, name="docs"),
    *_routes(),
    re_path(r"^(?P<path>[\s\S]*)$", reading.unknown, name="unknown"),
]

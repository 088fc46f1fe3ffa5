"""The description of the API, for programs and for people."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhipo.portals.access import for_machines, open_to_all
from zhipo.portals.api.openapi import api
from zhipo.portals.api.problems import STATUS, answer_of, body_of


@open_to_all
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, in the language that was asked for."""
    return JsonResponse(api.get_openapi_schema(), json_dumps_params={"ensure_ascii": False})


@open_to_all
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The routes and the problems as a page."""
    return render(
        request, "api/docs.html", {"routes": routes(), "problems": STATUS.items()}
    )


@for_machines
def unknown(request: HttpRequest, path: str) -> HttpResponse:
    """No such route; said as a problem, because a program asked."""
    return answer_of(body_of("not_found"))


def routes() -> list[dict[str, Any]]:
    """Method, path, summary and answers of every route."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "summary": route["summary"],
            "statuses": sorted(int(one) for one in route["responses"]),
        }
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, route in methods.items()
    ]

"""Pages for what went wrong: what happened, what it means, what to do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhipo.web.refusals import Declined


def page(request: HttpRequest, *, status: int, kind: str) -> HttpResponse:
    """An error page with its own words (web/phrases.yaml, `error.<kind>.*`)."""
    words = {"title": f"web.error.{kind}.title", "text": f"web.error.{kind}.text"}
    return render(request, "error.html", words, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, status=400, kind="bad_request")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, status=403, kind="forbidden")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, status=404, kind="not_found")


def broken(request: HttpRequest) -> HttpResponse:
    return page(request, status=500, kind="broken")


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, status=403, kind="expired_form")


class RefusalsMiddleware:
    """Turn a refusal raised anywhere below into its own page, nothing half-done."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.respond(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, Declined):
            return None
        words = {"sentence": exception.sentence, "title": "web.error.declined.title"}
        return render(request, "error.html", words, status=exception.status)

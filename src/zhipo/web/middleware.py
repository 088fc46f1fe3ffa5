"""An id for each request, and one log line without personal data."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("zhipo.web")
Respond = Callable[[HttpRequest], HttpResponse]


def request_id(respond: Respond) -> Respond:
    """Name the request in logs and in the answer's X-Request-ID."""

    def answer(request: HttpRequest) -> HttpResponse:
        name = uuid.uuid4().hex[:16]
        started = time.perf_counter()
        structlog.contextvars.bind_contextvars(request=name)
        try:
            response = respond(request)
        finally:
            structlog.contextvars.unbind_contextvars("request")
        response["X-Request-ID"] = name
        route = getattr(request.resolver_match, "route", "") or ""
        log.info(
            "answered",
            request=name,
            method=request.method,
            route=route,  # the pattern, never the path: paths may name people's things
            status=response.status_code,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
        return response

    return answer

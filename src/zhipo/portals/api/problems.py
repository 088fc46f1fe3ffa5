"""What went wrong, as RFC 9457 problem+json, in the language that was asked for."""

from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from zhipo.accounts.idempotency import KeyBusy, KeyTaken
from zhipo.accounts.limits import TooMany
from zhipo.web.refusals import Declined
from zhipo.web.words import has, say

log = structlog.get_logger("zhipo.api")

MEDIA_TYPE = "application/problem+json"
STATUS = {
    "malformed": 400,
    "unauthenticated": 401,
    "forbidden": 403,
    "not_found": 404,
    "method": 405,
    "conflict": 409,
    "too_large": 413,
    "media_type": 415,
    "invalid": 422,
    "too_many": 429,
    "broken": 500,
}
KIND = {status: kind for kind, status in STATUS.items()}
TOO_LARGE = frozenset({"claims.evidence.too_large", "claims.evidence.bomb"})
"""Refusals of an act that HTTP has a status of its own for."""


class FaultBody(Schema):
    """One fault in what was sent."""

    at: str = Field(description="where: body/rows/0/claimed_fen, query/limit")
    detail: str


class ProblemBody(Schema):
    """RFC 9457; `reason` is the stable name of the refusal, `detail` its sentence."""

    type: str
    title: str
    status: int
    detail: str
    reason: str = ""
    faults: list[FaultBody] = Field(default_factory=list)


class Problem(Exception):
    """A refusal of the API itself."""

    def __init__(
        self, kind: str, *, reason: str = "", faults: list[FaultBody] | None = None
    ) -> None:
        self.kind, self.reason, self.faults = kind, reason, faults or []
        super().__init__(kind)


def body_of(kind: str, *, detail: str = "", reason: str = "", **more: Any) -> ProblemBody:
    """A problem of one kind; without a `detail` its general sentence."""
    return ProblemBody(
        type=f"/api/v1/docs#{kind}",
        title=say(f"api.problem.{kind}.title"),
        status=STATUS[kind],
        detail=detail or say(f"api.problem.{kind}.detail"),
        reason=reason,
        **more,
    )


def answer_of(body: ProblemBody, **headers: str) -> HttpResponse:
    """The problem as an answer; header names with _ for -."""
    answer = HttpResponse(
        body.model_dump_json(), status=body.status, content_type=MEDIA_TYPE
    )
    for name, value in headers.items():
        answer[name.replace("_", "-")] = value
    return answer


def body_of_refusal(refusal: Declined) -> ProblemBody:
    """What an act refused, in its own sentence."""
    is_large = refusal.key in TOO_LARGE
    kind = "too_large" if is_large else KIND.get(refusal.status, "conflict")
    return body_of(kind, detail=refusal.sentence, reason=refusal.key)


def answer_exceptions(api: NinjaAPI) -> None:
    """Have every exception below a route answered as a problem."""
    kinds: dict[type[Exception], str] = {
        AuthenticationError: "unauthenticated",
        Http404: "not_found",
        HttpError: "malformed",  # ninja: a body that is no JSON
        MultiPartParserError: "malformed",
        SuspiciousOperation: "malformed",
        RequestDataTooBig: "too_large",
    }
    for exception, kind in kinds.items():
        api.add_exception_handler(exception, _answering(kind))
    answers: dict[type[Exception], Any] = {
        Problem: _problem,
        ValidationError: _invalid,
        Declined: _declined,
        TooMany: _too_many,
        KeyBusy: _busy,
        KeyTaken: _taken,
        Exception: _broken,
    }
    for exception, answer in answers.items():
        api.add_exception_handler(exception, answer)


def _answering(kind: str) -> Any:
    def answer(request: HttpRequest, exception: Exception) -> HttpResponse:
        more = {"WWW_Authenticate": "Bearer"} if kind == "unauthenticated" else {}
        return answer_of(body_of(kind), **more)

    return answer


def _problem(request: HttpRequest, problem: Any) -> HttpResponse:
    detail = say(f"api.{problem.reason}") if problem.reason else ""
    return answer_of(
        body_of(problem.kind, detail=detail, reason=problem.reason, faults=problem.faults)
    )


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Faults by place and kind; what was sent is not repeated, it may be personal."""
    faults = [FaultBody(at=_place(one), detail=_sentence(one)) for one in error.errors]
    return answer_of(body_of("invalid", faults=faults))


def _declined(request: HttpRequest, refusal: Any) -> HttpResponse:
    return answer_of(body_of_refusal(refusal))


def _too_many(request: HttpRequest, limit: Any) -> HttpResponse:
    return answer_of(body_of("too_many"), Retry_After=str(60 * limit.minutes))


def _busy(request: HttpRequest, _: Any) -> HttpResponse:
    body = body_of("conflict", detail=say("api.key_busy"), reason="key_busy")
    return answer_of(body, Retry_After="1")


def _taken(request: HttpRequest, _: Any) -> HttpResponse:
    return answer_of(body_of("invalid", detail=say("api.key_taken"), reason="key_taken"))


def _broken(request: HttpRequest, exception: Any) -> HttpResponse:
    log.error("broken", kind=type(exception).__name__, exc_info=exception)
    return answer_of(body_of("broken"))


def _place(error: dict[str, Any]) -> str:
    """body/rows/0/claimed_fen: without the name that the parameter has in our code."""
    loc = [str(one) for one in error["loc"]]
    return "/".join([loc[0], *loc[2:]] if loc[0] == "body" and len(loc) > 2 else loc)


def _sentence(error: dict[str, Any]) -> str:
    key = f"api.fault.{error['type']}"
    return say(key, **error.get("ctx", {})) if has(key) else say("api.fault.other")


def title_of(status: int) -> str:
    """The standard's own words for a status, for the description of a route."""
    return HTTPStatus(status).phrase

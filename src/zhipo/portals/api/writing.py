"""Writes: each under an Idempotency-Key, the same request twice is one act, one answer."""

import hashlib
import re
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from zhipo.accounts.idempotency import Answer, answer_once
from zhipo.portals.api.problems import FaultBody, Problem
from zhipo.portals.api.tokens import FORM, JSON, token_of
from zhipo.web.words import say

HEADER = "Idempotency-Key"
PATTERN = r"^[A-Za-z0-9._:-]{8,80}$"
PARAMETER = {
    "in": "header",
    "name": HEADER,
    "required": True,
    "schema": {"type": "string", "pattern": PATTERN},
}
"""The header as OpenAPI describes it."""


def write(request: HttpRequest, act: Callable[[], Schema], *, status: int) -> HttpResponse:
    """Do the act once for the request's key and answer it; again, the answer that was kept.

    Raises Problem, KeyBusy, KeyTaken and whatever the act raises; then nothing was done.
    """
    answer, is_kept = answer_once(
        lambda: Answer(status, act().model_dump_json()),
        token=token_of(request),
        key=key_of(request),
        request_hash=hash_of(request),
    )
    response = HttpResponse(answer.content, status=answer.status, content_type=JSON)
    if is_kept:
        response["Idempotent-Replayed"] = "true"
    return response


def key_of(request: HttpRequest) -> str:
    """The key that the client gave to this write. Raises Problem without a good one."""
    key = request.headers.get(HEADER, "")
    if not re.fullmatch(PATTERN, key):
        fault = FaultBody(at=f"header/{HEADER}", detail=say("api.fault.key"))
        raise Problem("invalid", faults=[fault])
    return key


def hash_of(request: HttpRequest) -> str:
    """The digest of a request: method, address and everything in its body."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    parts = _form_parts(request) if request.content_type == FORM else [request.body]
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)
    return digest.hexdigest()


def _form_parts(request: HttpRequest) -> Iterator[bytes]:
    """Fields and files of a form in one order, whatever boundary the client chose."""
    for name, values in sorted(request.POST.lists()):
        yield from (one.encode() for one in (name, *map(str, values)))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield f"{name}\n{file.name}".encode()
            yield from file.chunks()
            file.seek(0)

"""The one door of the protocol: a signature opens it, nothing else."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from zhipo.enforcement.actions.posted import take_posted
from zhipo.gateways.institutions.reading import MAX_BYTES
from zhipo.gateways.institutions.signing import Exchange, Raw, kept_headers
from zhipo.portals.access import for_machines

TAKEN, NOT_PROVEN, TOO_LONG = 204, 401, 413


@for_machines
def answers(request: HttpRequest, order_id: UUID) -> HttpResponseBase:
    """Take an answer that an institution posts, once it is proven to be its own.

    The body is read past Django's limit for forms: a history may be long.
    """
    if request.method != "POST":
        # Whoever is not proven learns nothing of which orders there are.
        return HttpResponse(status=NOT_PROVEN)
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return HttpResponse(status=TOO_LONG)
    raw = Raw(Exchange("POST", request.path), kept_headers(request.headers), body)
    is_taken = take_posted(raw, order_id=order_id)
    return HttpResponse(status=TAKEN if is_taken else NOT_PROVEN)

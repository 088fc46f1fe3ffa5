"""A channel's own message about an order, answered as the channel expects.

A signature opens this door, nothing else. A channel that is told of a failure posts again
later, so that only what another try may mend is answered so: what is authentic and not ours
is taken and left.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.wire import MAX_BYTES, Callback
from zhipo.payouts.actions.calling_back import hear
from zhipo.payouts.channels import NotSetUp, spoken
from zhipo.portals.access import for_machines

TAKEN, NOT_PROVEN, AGAIN, TOO_LONG = 200, 401, 409, 413
NOT_OURS = frozenset({"OtherEvent", "UnknownReference"})
"""Causes for which an authentic message has nothing to tell us, now or later."""


@dataclass(frozen=True)
class Words:
    """How a channel is answered: in JSON, or in the one word that Alipay reads."""

    is_json: bool

    def taken(self) -> HttpResponse:
        if self.is_json:
            return JsonResponse({"code": "SUCCESS", "message": ""}, status=TAKEN)
        return HttpResponse("success", content_type="text/plain; charset=utf-8")

    def failed(self, status: int) -> HttpResponse:
        if self.is_json:
            return JsonResponse({"code": "FAIL", "message": "not taken"}, status=status)
        kind = "text/plain; charset=utf-8"
        return HttpResponse("fail", status=status, content_type=kind)


WORDS: Mapping[str, Words] = {
    ChannelName.WECHAT: Words(is_json=True),
    ChannelName.ALIPAY: Words(is_json=False),
}


@for_machines
def payouts(request: HttpRequest, channel: str) -> HttpResponseBase:
    """Enter what a channel says of an order, once it is proven to be the channel's word."""
    words = WORDS.get(channel, Words(is_json=True))
    if request.method != "POST":
        # Whoever is not proven learns nothing of which channels there are.
        return words.failed(NOT_PROVEN)
    body = request.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        return words.failed(TOO_LONG)
    try:
        client = spoken(ChannelName(channel))
    except (NotSetUp, ValueError):
        return words.failed(NOT_PROVEN)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        fault = hear(client, Callback(headers, body), now=timezone.now())
    except DatabaseError:
        return words.failed(AGAIN)
    if fault is None or fault.cause in NOT_OURS:
        return words.taken()
    return words.failed(NOT_PROVEN)

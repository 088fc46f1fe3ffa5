"""The sandbox's text messages, in a demonstration only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from zhipo.gateways.models import OutboxMessage
from zhipo.portals.access import open_to_all

SHOWN = 50


@open_to_all
def outbox(request: HttpRequest) -> HttpResponse:
    """The latest messages that no phone will get; 404 on a real installation."""
    if not settings.ENVIRONMENT.is_demo:
        raise Http404
    sent = OutboxMessage.objects.order_by("-pk")[:SHOWN]
    return render(request, "entry/outbox.html", {"sent": sent})

"""Chinese or English, kept in a cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from zhipo.portals.access import open_to_all
from zhipo.portals.entry.views import next_page
from zhipo.web.words import current_language

A_YEAR = 365 * 24 * 3600


@open_to_all
@require_GET
def switch(request: HttpRequest) -> HttpResponse:
    """The other language, back on the same page."""
    response = redirect(next_page(request) or "/desk/")
    other = "zh-hans" if current_language() == "en" else "en"
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        other,
        max_age=A_YEAR,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response

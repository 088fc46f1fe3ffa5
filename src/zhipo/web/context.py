"""What every template may rely on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from zhipo.web.words import current_language


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """The language, whether this is a demo, and the type size asked for."""
    user = getattr(request, "user", None)
    return {
        "lang": current_language(),
        "html_lang": "en" if current_language() == "en" else "zh-CN",
        "is_demo": settings.ENVIRONMENT.is_demo,
        "is_large_type": bool(getattr(user, "is_large_type", False))
        or request.COOKIES.get("zhipo_large") == "1",
    }

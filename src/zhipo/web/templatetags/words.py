"""What templates say and how they print: built in, no `{% load %}` needed."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

from zhipo.kernel.money import yuan_text
from zhipo.web.words import say as sentence

register = template.Library()


@register.simple_tag
def say(key: str, **values: Any) -> str:
    """{% say "claims.filed" count=3 %}: the sentence in the reader's language, escaped."""
    return sentence(key, **values)


@register.filter
def said(value: object, prefix: str) -> str:
    """{{ claim.state|said:"claims.state" }}: the word for a state, a kind, a reason."""
    return sentence(f"{prefix}.{value}")


@register.filter
def yuan(fen: int | None) -> str:
    """¥1,234.56, from fen; a dash where there is no amount."""
    return "–" if fen is None else yuan_text(fen)


@register.filter
def day(value: date | datetime | None) -> str:
    """2025-10-22, at +08:00."""
    if value is None:
        return "–"
    return f"{timezone.localtime(value) if isinstance(value, datetime) else value:%Y-%m-%d}"


@register.filter
def minute(value: datetime | None) -> str:
    """2025-10-22 14:05, at +08:00."""
    return "–" if value is None else f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

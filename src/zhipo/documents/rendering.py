"""Filling a template in: amounts, days and words in the document's language.

Values are data: they are escaped, and what is no text for XML is dropped. Templates may be
an installation's own, so they run in Jinja's sandbox.
"""

import io
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from zhipo.documents.kinds import DocumentKind, template_name
from zhipo.documents.packing import packed
from zhipo.kernel.money import yuan_text
from zhipo.web.words import say

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEMPLATES = Path(__file__).with_name("templates")
DIGITS = "〇一二三四五六七八九"
LINES = "\n\t"
TEXTS_KEPT = 512
"""Parts of templates, each a page or a header; an own template that changes is another."""


def template_path(kind: DocumentKind, lang: str) -> Path:
    """The installation's own template in ZHIPO_HOME/templates, else the one of zhipo."""
    name = template_name(kind, lang)
    own = Path(settings.ENVIRONMENT.home) / "templates" / name
    return own if own.exists() else TEMPLATES / name


def rendered(template: Path, fields: Mapping[str, Any], *, lang: str) -> bytes:
    """The template filled in, as DOCX; the same fields give the same bytes.

    Raises jinja2.TemplateError where the template asks for what the fields do not hold.
    """
    document = DocxTemplate(template)
    document.render(dict(fields), jinja_env=environment(lang), autoescape=True)
    file = io.BytesIO()
    document.save(file)
    return packed(file.getvalue())


class Templates(SandboxedEnvironment):
    """Compiles a text once: thousands of letters are made of the same few templates."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compiled = lru_cache(maxsize=TEXTS_KEPT)(super().from_string)

    def from_string(self, source: Any, *more: Any, **options: Any) -> Template:
        if more or options:
            return super().from_string(source, *more, **options)
        return self._compiled(source)


@cache
def environment(lang: str) -> Templates:
    """Jinja with the filters that `sources/README.md` names, the same for all documents."""
    made = Templates(undefined=StrictUndefined, finalize=_text, autoescape=True)
    made.filters |= {
        "yuan": yuan_text,
        "day": lambda value: day(value, lang),
        "minute": lambda value: minute(value, lang),
        "signed_day": lambda value: signed_day(value, lang),
        "heading": lambda name: say(f"documents.heading.{name}", lang=lang),
    }
    return made


def day(value: date, lang: str) -> str:
    """2025年9月1日, 1 September 2025."""
    if lang == "zh":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%B %Y}"


def minute(value: datetime, lang: str) -> str:
    """2025年11月5日9时30分, 09:30 on 5 November 2025; at +08:00."""
    local = timezone.localtime(value)
    if lang == "zh":
        return f"{day(local, lang)}{local.hour}时{local.minute:02}分"
    return f"{local:%H:%M} on {day(local, lang)} (UTC+8)"


def signed_day(value: date, lang: str) -> str:
    """二〇二五年九月十日, as a court dates what it signs."""
    if lang != "zh":
        return day(value, lang)
    year = "".join(DIGITS[int(digit)] for digit in str(value.year))
    return f"{year}年{_up_to_99(value.month)}月{_up_to_99(value.day)}日"


def _up_to_99(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")


def _text(value: Any) -> Any:
    """Drop control characters, which XML cannot hold; lines and tabs stay."""
    if not isinstance(value, str):
        return value
    return type(value)("".join(one for one in value if one >= " " or one in LINES))

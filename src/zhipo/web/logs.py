"""Logs: one JSON object a line, and nothing in it that could name a person.

An exception is written as its type and the places it passed, without its message and
without the values of variables: a database's complaint quotes the row. A record of another
library is written as its sentence with the gaps unfilled.
"""

import json
import logging
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

import structlog

PLACES = 12
"""How many frames are kept, the innermost."""

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def configure() -> None:
    """Have `structlog.get_logger` write such lines to standard output."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )


def without_values(
    _: Any, __: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an exception by what it is and where it passed."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    if isinstance(given, BaseException):
        given = (type(given), given, given.__traceback__)
    return {**event, **exception_of(given)} if given else event


class PlainFormatter(logging.Formatter):
    """The same line for records of Django and of other libraries."""

    def format(self, record: logging.LogRecord) -> str:
        """The record without the values that fill its sentence."""
        line: dict[str, Any] = {
            "event": str(record.msg),
            "logger": record.name,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        return json.dumps(line | exception_of(record.exc_info), ensure_ascii=False)


def exception_of(given: ExcInfo | None) -> dict[str, Any]:
    """Type and places of an exception; nothing where there is none."""
    if not given or given[0] is None:
        return {}
    frames = traceback.extract_tb(given[2])[-PLACES:]
    places = [f"{one.filename}:{one.lineno} {one.name}" for one in frames]
    return {"exception": given[0].__name__, "places": places}


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": PlainFormatter}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        # The answers 4xx are in our own line of each request.
        "django": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}

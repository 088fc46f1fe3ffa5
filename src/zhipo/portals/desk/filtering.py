"""The filter of claims, in the address of a page: read, written, offered to choose."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from zhipo.claims.policies.reviewing import PersonalReason
from zhipo.claims.queries.desk import ClaimFilter
from zhipo.claims.states import STATES, ClaimKind
from zhipo.kernel.money import MoneyError, parse_yuan, plain_yuan
from zhipo.law.review.decision import Decision, Reason
from zhipo.web.words import say


def claim_filter(query: QueryDict) -> ClaimFilter:
    """The filter in an address; unknown values filter nothing."""
    allowed: dict[str, set[str]] = {
        "state": set(STATES),
        "kind": set(ClaimKind),
        "decision": set(Decision),
        "reason": {*Reason, *PersonalReason},
        "late": {"yes", "no"},
        "disputed": {"yes", "no"},
        "waiting": {"yes"},
    }
    values: dict[str, Any] = {
        key: value for key in allowed if (value := query.get(key, "")) in allowed[key]
    }
    for key in ("least", "most"):
        values[f"{key}_fen"] = _fen(query.get(key, ""))
    return ClaimFilter(**values)


def filter_query(wanted: ClaimFilter) -> str:
    """The address of a filter."""
    named = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
    for key in ("least", "most"):
        fen = named.pop(f"{key}_fen")
        named[key] = "" if fen is None else plain_yuan(fen)
    return urlencode({key: value for key, value in named.items() if value})


def filter_choices(query: QueryDict) -> list[dict[str, Any]]:
    """The selections above a table, with what is chosen."""
    yes_no = [("yes", "desk.yes"), ("no", "desk.no")]
    choices: dict[str, list[tuple[str, str]]] = {
        "state": [(one, f"claims.state.{one}") for one in STATES],
        "kind": [(one, f"claims.kind.{one}") for one in ClaimKind],
        "decision": [(one, f"claims.decision.{one}") for one in Decision],
        "reason": [(one, f"claims.reason.{one}") for one in (*Reason, *PersonalReason)],
        "late": yes_no,
        "disputed": yes_no,
        "waiting": yes_no[:1],
    }
    return [
        selection(query, name, f"desk.filter.{name}",
                  [(value, say(phrase)) for value, phrase in options])
        for name, options in choices.items()
    ]  # fmt: skip


def selection(
    query: QueryDict, name: str, title: str, options: Sequence[tuple[Any, str]]
) -> dict[str, Any]:
    """One selection above a table: (value, words) to choose from, and what is chosen."""
    return {
        "name": name,
        "title": say(title),
        "chosen": query.get(name, ""),
        "options": [(str(value), words) for value, words in options],
    }


def _fen(text: str) -> int | None:
    try:
        return parse_yuan(text) if text else None
    except MoneyError:
        return None

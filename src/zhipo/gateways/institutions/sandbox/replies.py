"""What leaves the institution: the status as it is, or wrong in the manner of the order."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from zhipo.gateways.institutions.amounts import written
from zhipo.gateways.institutions.answers import Status
from zhipo.gateways.institutions.sandbox.behaviour import Manner
from zhipo.kernel.money import FEN_PER_YUAN

OTHER_USCC = "91430302MA4XJ0002F"


def body_of(status: Status, manner: Manner) -> bytes:
    """The body that is sent for a status, in this manner."""
    content = status.model_dump(mode="json")
    DISTORTIONS.get(manner, _not_at_all)(content)
    return json.dumps(content, ensure_ascii=False).encode("utf-8")


def _not_at_all(content: dict[str, Any]) -> None:
    """The truth."""


def _in_yuan(content: dict[str, Any]) -> None:
    for sum_of_money in _amounts(content):
        sum_of_money["value"] = sum_of_money["yuan"].replace(",", "")
        sum_of_money["unit"] = "yuan"


def _yuan_as_fen(content: dict[str, Any]) -> None:
    for sum_of_money in _amounts(content):
        sum_of_money["value"] //= FEN_PER_YUAN


def _scaled(content: dict[str, Any]) -> None:
    for sum_of_money in _amounts(content):
        sum_of_money["value"] //= FEN_PER_YUAN
        sum_of_money["yuan"] = written(sum_of_money["value"])


def _other_debtor(content: dict[str, Any]) -> None:
    for answer in content["answers"]:
        answer["debtor_uscc"] = OTHER_USCC


def _other_order(content: dict[str, Any]) -> None:
    other = str(uuid5(NAMESPACE_URL, content["order_id"]))
    for one in (content, *content["answers"]):
        one["order_id"] = other


def _different(content: dict[str, Any]) -> None:
    """A holding is missing the first time, or the answer was given an hour later."""
    last = content["answers"][-1]
    if last["holdings"]:
        last["holdings"].pop()
    else:
        last["answered_at"] = content["as_of"].replace("Z", "+01:00")


DISTORTIONS = {
    Manner.YUAN: _in_yuan,
    Manner.YUAN_AS_FEN: _yuan_as_fen,
    Manner.SCALED: _scaled,
    Manner.OTHER_DEBTOR: _other_debtor,
    Manner.OTHER_ORDER: _other_order,
    Manner.DIFFERENT_SECOND: _different,
}


def _amounts(content: Any) -> Iterator[dict[str, Any]]:
    """Every sum of money in a message, at whatever depth."""
    if isinstance(content, list):
        for one in content:
            yield from _amounts(one)
    elif isinstance(content, dict):
        if {"value", "unit", "currency"} <= content.keys():
            yield content
        else:
            yield from _amounts(list(content.values()))

"""The description of zhipo-inquiry/1 for programs (OpenAPI 3.1), from the message types.

python -m zhipo.gateways.institutions.openapi > docs/reference/institutions.openapi.yaml
"""

import sys
from typing import Any

import yaml
from pydantic.json_schema import models_json_schema

from zhipo.gateways.institutions.answers import Status
from zhipo.gateways.institutions.messages import (
    PREFIX,
    Message,
    ObjectionReply,
    Order,
    Problem,
    Receipt,
)
from zhipo.gateways.institutions.signing import HEADERS

VERSION = "1.0"
NOTE = (
    "# Written by `python -m zhipo.gateways.institutions.openapi` from the code: "
    "do not edit.\n"
)
DESCRIPTION = """\
A court asks an institution to look, to freeze, to lift, to deduct; the institution answers.
Both sign. Amounts are whole fen that say so. docs/explanation/inquiry-protocol.md explains,
docs/adr/0017-inquiry-signatures.md says why it is signed as it is.
"""
MEANING = {
    "zhipo-key": "The key that signs, by its name in the directory of parties.",
    "zhipo-suite": "ed25519-sha256.",
    "zhipo-timestamp": "When it was signed: 2025-03-03T01:00:00Z, five minutes either way.",
    "zhipo-nonce": "32 hexadecimal digits, good once; a response repeats its request's.",
    "zhipo-signature": "Ed25519 over the lines of ADR 0017, base64.",
}
PROBLEMS = {
    "401": "Not signed, wrongly, too late, or a second time.",
    "404": "This institution has no such order of this court.",
    "409": "Another body under the same number, or nothing to reply to.",
    "413": "The body is over 20 MB.",
    "422": "No message of this protocol; `reason` says in what.",
}


def description() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "zhipo-inquiry 网络查控协议",
            "version": VERSION,
            "description": DESCRIPTION,
        },
        "paths": {
            f"{PREFIX}/orders": {"post": _sending()},
            f"{PREFIX}/orders/{{order_id}}": {"get": _asking()},
            f"{PREFIX}/orders/{{order_id}}/objection-reply": {"post": _replying()},
        },
        "webhooks": {"answer": {"post": _posting()}},
        "components": {
            "schemas": _schemas(),
            "parameters": {name: _header(name) for name in HEADERS},
            "headers": {name: _response_header(name) for name in HEADERS},
        },
    }


def as_yaml() -> str:
    """The file in docs/reference."""
    return NOTE + yaml.safe_dump(
        description(), allow_unicode=True, sort_keys=False, width=92
    )


def _sending() -> dict[str, Any]:
    return {
        "operationId": "sendOrder",
        "summary": "Send an order; the same body again gets the same receipt",
        "parameters": _signed(),
        "requestBody": _body(Order),
        "responses": {"202": _response(Receipt, "Received."), **_refusals("404")},
    }


def _asking() -> dict[str, Any]:
    return {
        "operationId": "askOrder",
        "summary": "How an order stands, with every answer so far",
        "parameters": [_order_id(), *_signed()],
        "responses": {"200": _response(Status, "As it is now."), **_refusals("409")},
    }


def _replying() -> dict[str, Any]:
    return {
        "operationId": "replyToObjection",
        "summary": "The court's reply to an objection; again, the same receipt",
        "parameters": [_order_id(), *_signed()],
        "requestBody": _body(ObjectionReply),
        "responses": {"202": _response(Receipt, "Received."), **_refusals()},
    }


def _posting() -> dict[str, Any]:
    """What an institution posts to the court's address, at least once for each answer."""
    return {
        "operationId": "postAnswer",
        "summary": f"POST {PREFIX}/answers/{{order_id}} at the court: something is new",
        "parameters": _signed(),
        "requestBody": _body(Status),
        "responses": {
            "2XX": {"description": "Taken. Anything else, and it is posted again."}
        },
    }


def _signed() -> list[dict[str, str]]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in HEADERS]


def _header(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": MEANING[name],
        "schema": {"type": "string"},
    }


def _response_header(name: str) -> dict[str, Any]:
    """The same header in a response, where its name and place go without saying."""
    place = ("name", "in")
    return {key: value for key, value in _header(name).items() if key not in place}


def _order_id() -> dict[str, Any]:
    return {
        "name": "order_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }


def _body(kind: type[Message]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": _ref(kind)}}}


def _response(kind: type[Message], meaning: str) -> dict[str, Any]:
    return {
        "description": meaning,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS},
        "content": {"application/json": {"schema": _ref(kind)}},
    }


def _refusals(*without: str) -> dict[str, Any]:
    return {
        status: _response(Problem, meaning)
        for status, meaning in PROBLEMS.items()
        if status not in without
    }


def _ref(kind: type[Message]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _schemas() -> dict[str, Any]:
    """Every message and its parts; the version is required, whatever Python fills in."""
    kinds = (Order, ObjectionReply, Receipt, Status, Problem)
    _, whole = models_json_schema(
        [(kind, "validation") for kind in kinds],
        ref_template="#/components/schemas/{model}",
    )
    schemas: dict[str, Any] = whole["$defs"]
    for schema in schemas.values():
        if "protocol" in schema.get("properties", {}):
            schema["required"] = ["protocol", *schema["required"]]
            del schema["properties"]["protocol"]["default"]
    return schemas


if __name__ == "__main__":
    sys.stdout.write(as_yaml())

"""The reference page of the API for machines, from its OpenAPI description."""

from typing import Any

from reference_law import table

INTRODUCTION = (
    "A token is issued on the account page of a staff member, shown once, good for 90 "
    "days. It acts for that person: it sees the cases that the person sees, and nothing "
    "once they leave the office. Send it as `Authorization: Bearer zp_…`. Amounts are "
    "whole fen, times ISO 8601. Names and identity numbers are masked, for the court's "
    "programs too.",
    "Each write carries an `Idempotency-Key` of 8 to 80 letters, digits, `.`, `_`, `:`, "
    "`-`. The same request under the same key within 48 hours is answered with the first "
    "answer (`Idempotent-Replayed: true`); another request under it is refused with 422, "
    "one that comes while the first is under way with 409. A refused write leaves its key "
    "free.",
    "Lists come in pages of `limit`; `next` is the `cursor` of the next page, null on the "
    "last. Events are read by position: ask `after` with the `next` of the last answer. "
    "The description for programs is at `/api/v1/openapi.json`, in Chinese or English by "
    "`Accept-Language`.",
)


def api_page() -> str:
    """Routes, problems and schemas in English."""
    from django.utils.translation import override

    from zhipo.portals.api.openapi import api

    with override("en"):
        description = api.get_openapi_schema()
        parts = [
            "# API for machines 接口",
            *INTRODUCTION,
            f"At most {_limit()} requests a minute for one token; beyond that 429 with "
            "`Retry-After`.",
            "## Routes",
            *_routes(description),
            "## Problems",
            "Every refusal is `application/problem+json` (RFC 9457). `reason` is the "
            "stable name of the refusal, `detail` its sentence, `faults` the places in "
            "what was sent.",
            _problems(),
            "## Schemas",
            *_schemas(description),
        ]
    return "\n\n".join(parts)


def _limit() -> int:
    from zhipo.accounts.limits import API_BY_TOKEN

    return API_BY_TOKEN.count


def _routes(description: dict[str, Any]) -> list[str]:
    found = []
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            found += [f"### `{method.upper()} {path}`", _facts(route)]
            if route["parameters"]:
                head = ("Parameter", "In", "Type")
                rows = [_parameter(one) for one in route["parameters"]]
                found.append(table(head, rows))
    return found


def _facts(route: dict[str, Any]) -> str:
    lines = [f"{route['summary']}."]
    for needed in route.get("security", []):
        lines.append(f"Scope: {' or '.join(needed['Token']) or 'any'}.")
    for kind, content in route.get("requestBody", {}).get("content", {}).items():
        lines.append(f"Body: {_body(content['schema'])}, `{kind}`.")
    for status, answer in route["responses"].items():
        for kind, content in answer.get("content", {}).items():
            if int(status) < 400:
                lines.append(f"Answers {status}: {_type(content['schema'])}, `{kind}`.")
    refused = sorted(int(one) for one in route["responses"] if int(one) >= 400)
    lines.append(f"Refuses with {', '.join(map(str, refused))}.")
    return " ".join(lines)


def _body(schema: dict[str, Any]) -> str:
    """The name of a schema, or the fields of a form."""
    fields = schema.get("properties", {})
    listed = [f"`{name}` ({_type(details)})" for name, details in fields.items()]
    return ", ".join(listed) or _type(schema)


def _parameter(one: dict[str, Any]) -> tuple[str, ...]:
    name = f"`{one['name']}`" + (" (required)" if one["required"] else "")
    return name, one["in"], _type(one["schema"])


def _problems() -> str:
    from zhipo.portals.api.problems import STATUS, body_of

    rows = [
        (str(status), f"`{kind}`", body_of(kind).detail) for kind, status in STATUS.items()
    ]
    return table(("Status", "Kind", "Meaning"), rows)


def _schemas(description: dict[str, Any]) -> list[str]:
    found = []
    for name, schema in sorted(description["components"]["schemas"].items()):
        fields = schema.get("properties")
        if fields is None:
            continue
        required = schema.get("required", [])
        rows = [
            (f"`{one}`" + (" (required)" if one in required else ""), _type(details))
            for one, details in fields.items()
        ]
        text = " ".join(schema.get("description", "").split())
        found += [f"### {name}", *([text] if text else []), table(("Field", "Type"), rows)]
    return found


def _type(schema: dict[str, Any]) -> str:
    """What a value is, in a few words."""
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " / ".join(f"`{one}`" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    bounds = [
        f"{word} {schema[key]}"
        for key, word in (("minimum", "from"), ("exclusiveMinimum", "above"),
                          ("maximum", "to"), ("maxLength", "at most"))
        if key in schema
    ]  # fmt: skip
    kind = str(schema.get("format") or schema.get("type") or "form")
    return " ".join([kind, *bounds])

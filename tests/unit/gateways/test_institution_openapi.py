"""The description in docs/reference is what the code says, and what the code sends."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import schemathesis
import yaml

from unit.gateways.orders import make_answer, make_order, make_status
from zhipo.gateways.institutions.messages import Act, Message, Problem
from zhipo.gateways.institutions.openapi import as_yaml, description
from zhipo.gateways.institutions.refusals import Reason

FILE = Path(__file__).parents[3] / "docs" / "reference" / "institutions.openapi.yaml"
COMMAND = "python -m zhipo.gateways.institutions.openapi > docs/reference/" + FILE.name
DESCRIPTION = description()


def fits(message: dict[str, Any], kind: str) -> bool:
    schema = {
        "$ref": f"#/components/schemas/{kind}",
        "components": DESCRIPTION["components"],
    }
    return jsonschema.Draft202012Validator(schema).is_valid(message)


def as_sent(message: Message) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(message.to_bytes())
    return content


def test_file_is_what_the_code_says() -> None:
    assert FILE.read_text(encoding="utf-8") == as_yaml(), f"run: {COMMAND}"


def test_description_is_read_by_a_reader_of_openapi() -> None:
    schema = schemathesis.openapi.from_dict(yaml.safe_load(as_yaml()))

    labels = [found.ok().label for found in schema.get_all_operations()]

    assert labels == [
        "POST /zhipo-inquiry/v1/orders",
        "GET /zhipo-inquiry/v1/orders/{order_id}",
        "POST /zhipo-inquiry/v1/orders/{order_id}/objection-reply",
    ]


@pytest.mark.parametrize("act", Act)
def test_every_order_that_is_sent_fits_the_description(act: Act) -> None:
    assert fits(as_sent(make_order(act)), "Order")


def test_answers_and_problems_fit_the_description() -> None:
    order = make_order()

    assert fits(as_sent(make_status(order, make_answer(order))), "Status")
    assert fits(as_sent(Problem(reason=Reason.STALE, detail="x")), "Problem")


@pytest.mark.parametrize(
    "change",
    [{"surprise": 1}, {"act": "seize"}, {"protocol": "zhipo-inquiry/2"}, {"judge": None}],
)
def test_what_is_refused_does_not_fit_the_description(change: dict[str, Any]) -> None:
    order = as_sent(make_order())

    assert not fits({**order, **change}, "Order")
    del order["protocol"]
    assert not fits(order, "Order")


def test_every_schema_that_is_named_is_there() -> None:
    text = json.dumps(DESCRIPTION)

    named = set(text.split('"#/components/schemas/')[1:])
    names = {one.split('"', 1)[0] for one in named}

    assert names <= DESCRIPTION["components"]["schemas"].keys()

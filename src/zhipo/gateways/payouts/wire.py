"""Requests and answers of the channels over HTTP: bounded, not redirected, not logged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from zhipo.gateways.bodies import body_of
from zhipo.gateways.payouts.outcomes import Unknown

Model = TypeVar("Model", bound=BaseModel)

SECONDS = 10.0
MAX_BYTES = 4 << 20
"""The longest answer read; the largest page of a bill is below it."""


class NotAuthentic(ValueError):
    """A message that is not proven to be the channel's, and now."""


class NotUnderstood(ValueError):
    """An authentic message that is not one of the protocol."""


@dataclass(frozen=True)
class Callback:
    """What a channel has posted to us, as it came; header names in lower case."""

    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Came:
    """An answer as it came; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """The body as text. Raises NotUnderstood where it is none."""
        try:
            return self.body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotUnderstood("not UTF-8") from error


def read(model: type[Model], text: str) -> Model:
    """One message of the protocol. Raises NotUnderstood, and repeats nothing of it."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise NotUnderstood(f"not a {model.__name__}") from error


def new_client() -> httpx.Client:
    """A client for one channel: keeps its connection, asks no proxy."""
    return httpx.Client(timeout=SECONDS, trust_env=False)


def exchange(http: httpx.Client, request: httpx.Request) -> Came | Unknown:
    """One request and its answer; Unknown where none came, or one too long."""
    try:
        response = http.send(request, stream=True)
        try:
            body = body_of(response, most=MAX_BYTES)
        finally:
            response.close()
    except httpx.HTTPError as error:
        return Unknown(type(error).__name__)
    if len(body) > MAX_BYTES:
        return Unknown("TooLong")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Came(response.status_code, headers, body)

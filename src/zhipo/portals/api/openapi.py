"""The API and its description: every route with every answer that it can give."""

from typing import Any

from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from zhipo.portals.api import cases, claims, enforcement, events, evidence, register
from zhipo.portals.api.problems import (
    MEDIA_TYPE,
    STATUS,
    ProblemBody,
    answer_exceptions,
    title_of,
)
from zhipo.portals.api.tokens import Token
from zhipo.portals.api.writing import PARAMETER
from zhipo.web.words import say

PREFIX = "api/v1/"
REFERENCE = "#/components/schemas/{model}"
OPEN = ("method",)
GUARDED = ("unauthenticated", "forbidden", "not_found", "invalid", "too_many")
WRITING = ("malformed", "conflict", "too_large", "media_type")


class PlainJson(JSONRenderer):
    """JSON with Chinese as it is written."""

    def __init__(self) -> None:
        self.json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    """Adds to ninja's description what every route has in common: its problems."""

    def get_openapi_schema(self, **given: Any) -> Any:
        """The description in the language of the request."""
        found = super().get_openapi_schema(path_prefix=PREFIX, **given)
        schemas = found["components"]["schemas"]
        body = ProblemBody.model_json_schema(ref_template=REFERENCE, mode="serialization")
        schemas |= body.pop("$defs")
        schemas["ProblemBody"] = body
        scopes = self.scopes()
        for methods in found["paths"].values():
            for method, route in methods.items():
                if "security" in route:
                    route["security"] = [{"Token": scopes[route["operationId"]]}]
                _complete(route, is_write=method != "get")
        return found

    def scopes(self) -> dict[str, list[str]]:
        """Operation -> the scopes of which its token needs one; none: any token will do."""
        return {
            _named(operation): sorted(door.scopes)
            for bound in self._get_bound_routers()
            for view in bound.path_operations.values()
            for operation in view.operations
            for door in operation.auth_callbacks
            if isinstance(door, Token)
        }


def problems_of(route: dict[str, Any], *, is_write: bool) -> tuple[str, ...]:
    """The kinds of problem that a route can answer."""
    guarded = GUARDED if "security" in route else ()
    return (*OPEN, *guarded, *(WRITING if is_write else ()))


def _complete(route: dict[str, Any], *, is_write: bool) -> None:
    if is_write:
        route["parameters"].append(PARAMETER)
    route["summary"] = say(f"api.route.{route['operationId']}")
    for kind in problems_of(route, is_write=is_write):
        status = STATUS[kind]
        schema = {"$ref": REFERENCE.format(model="ProblemBody")}
        route["responses"][status] = {
            "description": title_of(status),
            "content": {MEDIA_TYPE: {"schema": schema}},
        }


def _named(operation: Any) -> str:
    return str(operation.view_func.__name__)


def make_api() -> Api:
    """The API with its routes; operations are called as their functions are."""
    api = Api(
        title="zhipo",
        version="1",
        urls_namespace="api",
        openapi_url=None,
        docs_url=None,
        renderer=PlainJson(),
    )
    api.get_openapi_operation_id = _named  # type: ignore[method-assign]
    answer_exceptions(api)
    for module in (cases, evidence, claims, register, events, enforcement):
        api.add_router("", module.router)
    return api


api = make_api()

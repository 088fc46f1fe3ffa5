"""One act of a form: done, or refused with the reason beside what was typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from django import forms

from zhipo.web.refusals import Declined

T = TypeVar("T")


@dataclass(frozen=True)
class Tried(Generic[T]):
    """What came of it: the act's result, or the status with which the page comes back."""

    result: T | None = None
    status: int = HTTPStatus.OK

    @property
    def is_done(self) -> bool:
        return self.status == HTTPStatus.OK


def tried(form: forms.Form, act: Callable[[], T], *, field: str | None = None) -> Tried[T]:
    """Do the act if the form is right; a refusal is put on the form, or on its `field`.

    A refusal of the person (403) is raised.
    """
    if not form.is_valid():
        return Tried(status=HTTPStatus.BAD_REQUEST)
    try:
        return Tried(act())
    except Declined as refused:
        if refused.status == HTTPStatus.FORBIDDEN:
            raise
        form.add_error(field, refused.sentence)
        return Tried(status=refused.status)


def with_failed(
    shown: Mapping[str, forms.Form], failed: forms.Form | None
) -> dict[str, forms.Form]:
    """The forms of a page, the one that failed in the place of its own kind."""
    return {
        name: failed if failed is not None and type(failed) is type(form) else form
        for name, form in shown.items()
    }


def acts_shown(
    fresh: Mapping[str, forms.Form], failed: tuple[str, forms.Form] | None
) -> list[dict[str, Any]]:
    """The acts that are offered, each with its form; the one that failed is open."""
    name, typed = failed or ("", None)
    return [
        {"name": one, "form": typed if one == name else form, "is_open": one == name}
        for one, form in fresh.items()
    ]

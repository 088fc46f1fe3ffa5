"""Fields that the forms of money and plans are made of."""

import re
from typing import Any

from django import forms

from zhipo.law.waterfall.basis import PriorityBasis
from zhipo.portals.desk.forms import choice, worded

BETWEEN = re.compile(r"[\s,，;；、]+")


def day_field(key: str, *, required: bool = True) -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=worded(key),
        required=required,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
    )


def line_field(
    key: str, *, required: bool = True, most: int = 120, hint: str = ""
) -> forms.CharField:
    """A text of one line."""
    attrs = {"class": "form-control", "autocomplete": "off"}
    return forms.CharField(
        label=worded(key),
        required=required,
        max_length=most,
        help_text=worded(hint) if hint else "",
        widget=forms.TextInput(attrs=attrs),
    )


class NumbersField(forms.CharField):
    """Numbers of claims, with whatever between them; a tuple in `cleaned_data`."""

    def __init__(self, **options: Any) -> None:
        attrs = {"rows": 2, "class": "form-control"}
        super().__init__(required=False, max_length=20_000,
                         widget=forms.Textarea(attrs=attrs), **options)  # fmt: skip

    def clean(self, value: Any) -> tuple[str, ...]:
        text = super().clean(value)
        return tuple(dict.fromkeys(one for one in BETWEEN.split(text) if one))


def ticked_field(
    key: str, options: list[tuple[str, str]], *, required: bool = False
) -> forms.MultipleChoiceField:
    """Some of these options; their words are phrase keys."""
    return forms.MultipleChoiceField(
        label=worded(key),
        required=required,
        choices=[(value, worded(phrase)) for value, phrase in options],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )


def basis_field() -> Any:
    """On what ground somebody is paid before their turn; none where the order is kept."""
    options = [(one, f"distributions.basis.{one}") for one in PriorityBasis]
    return choice(
        "desk.money.basis", [("", "desk.money.no_basis"), *options], required=False
    )

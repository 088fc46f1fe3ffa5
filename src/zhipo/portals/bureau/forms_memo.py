"""Forms of identification: one fact, an order book, a conclusion, other sums."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy

from zhipo.enforcement.actions.memos import Conclusion, Statement
from zhipo.enforcement.identification.facts import (
    SPECS,
    FactKey,
    FactKind,
    range_of,
)
from zhipo.enforcement.states import Evidence
from zhipo.kernel.money import yuan_text
from zhipo.law.triage.road import Road
from zhipo.portals.desk.forms import YuanField
from zhipo.web.words import say

worded = lazy(say, str)
TEXT = {"class": "form-control"}
SELECT = {"class": "form-select"}
YES, NO = "yes", "no"
ENDS = ("low", "likely", "high")


def _choices(words: str, values: Any) -> list[tuple[str, Any]]:
    return [(one, worded(f"enforcement.{words}.{one}")) for one in values]


class FactForm(forms.Form):
    """One fact: its value in the fields of its kind, what it rests on, why it departs."""

    def __init__(self, key: FactKey, value: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.key = key
        self.spec = SPECS[key]
        self.fields |= _value_fields(key, value)
        self.fields["evidence"] = forms.ChoiceField(
            label=worded("bureau.fact.evidence"),
            choices=_choices("evidence", Evidence),
            widget=forms.Select(attrs=SELECT),
        )
        self.fields["reference"] = forms.CharField(
            label=worded("bureau.fact.reference"),
            max_length=200,
            widget=forms.TextInput(attrs=TEXT),
        )
        self.fields["reason"] = forms.CharField(
            label=worded("bureau.fact.reason"),
            max_length=2_000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2, **TEXT}),
        )

    def clean(self) -> dict[str, Any]:
        """A range runs from low over likely to high."""
        given = super().clean() or {}
        if self.spec.kind == FactKind.RANGE and not self.errors:
            low, likely, high = (given[end] for end in ENDS)
            if not low <= likely <= high:
                self.add_error(ENDS[1], say("enforcement.memo.not_a_value"))
        return given

    def statement(self) -> Statement:
        """What is stated, once the form is valid."""
        given = self.cleaned_data
        if self.spec.kind == FactKind.RANGE:
            value: Any = [given[end] for end in ENDS]
        elif self.spec.kind == FactKind.YES_NO:
            value = given["value"] == YES
        else:
            value = given["value"]
        return Statement(
            key=self.key,
            value=value,
            evidence=Evidence(given["evidence"]),
            reference=given["reference"],
            reason=given["reason"],
        )


def _value_fields(key: FactKey, value: Any) -> dict[str, forms.Field]:
    """The fields of a value, with what is known now in them."""
    spec = SPECS[key]
    name = worded(f"enforcement.fact.{key}")
    if spec.kind == FactKind.RANGE:
        known = value or [None] * len(ENDS)
        return {
            end: YuanField(
                allow_zero=True,
                label=worded(f"bureau.fact.{end}"),
                initial=None if fen is None else yuan_text(fen, sign=""),
            )
            for end, fen in zip(ENDS, known, strict=True)
        }
    if spec.kind == FactKind.SUM:
        shown = None if value is None else yuan_text(value, sign="")
        return {"value": YuanField(allow_zero=True, label=name, initial=shown)}
    if spec.kind == FactKind.COUNT:
        return {
            "value": forms.IntegerField(
                label=name,
                min_value=0,
                max_value=spec.most,
                initial=value,
                widget=forms.NumberInput(attrs=TEXT),
            )
        }
    return {"value": _choice(key, name, value)}


def _choice(key: FactKey, name: Any, value: Any) -> forms.ChoiceField:
    spec = SPECS[key]
    if spec.kind == FactKind.YES_NO:
        choices = _choices("memo", (YES, NO))
        initial = None if value is None else YES if value else NO
    else:
        words = "entity" if key == FactKey.ENTITY else "outcome"
        choices, initial = _choices(words, spec.choices), value
    return forms.ChoiceField(
        label=name, choices=choices, initial=initial, widget=forms.Select(attrs=SELECT)
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=worded("bureau.fact.withdraw_reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, **TEXT}),
    )


class OrdersForm(forms.Form):
    """An order book and whose export it is."""

    source = forms.CharField(
        label=worded("bureau.orders.source"),
        max_length=200,
        widget=forms.TextInput(attrs=TEXT),
    )
    file = forms.FileField(
        label=worded("bureau.orders.file"),
        widget=forms.ClearableFileInput(
            attrs={"class": "form-control", "accept": ".parquet,.csv,.xlsx"}
        ),
    )


class ConclusionForm(forms.Form):
    """What the judge concludes; `seen` is the digest of the page that was shown."""

    road = forms.ChoiceField(
        label=worded("bureau.memo.road"),
        choices=_choices("road", Road),
        widget=forms.Select(attrs=SELECT),
    )
    is_fast = forms.BooleanField(label=worded("bureau.memo.is_fast"), required=False)
    reason = forms.CharField(
        label=worded("bureau.memo.reason"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, **TEXT}),
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def conclusion(self) -> Conclusion:
        given = self.cleaned_data
        return Conclusion(
            road=Road(given["road"]),
            is_fast=given["is_fast"],
            seen=given["seen"],
            reason=given["reason"],
        )


SUPPOSED_SUMS = (
    FactKey.ESTATE,
    FactKey.RECOVERABLE,
    FactKey.HANDLING_COST,
    FactKey.LATE_EMPLOYEE,
    FactKey.LATE_CONSUMER,
    FactKey.LATE_ORDINARY,
)
SUPPOSED_ANSWERS = (
    FactKey.CONSENT,
    FactKey.FAILED_ENFORCEMENT,
    FactKey.SETTLEMENT_ASKED,
    FactKey.WORTH_RESCUING,
)


class SupposedForm(forms.Form):
    """Other sums and answers, to see what would follow; nothing of it is kept."""

    def __init__(self, values: Mapping[FactKey, Any], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for key in SUPPOSED_SUMS:
            likely = range_of(values, key).likely_fen
            self.fields[key.value] = YuanField(
                allow_zero=True,
                required=False,
                label=worded(f"enforcement.fact.{key}"),
                help_text=yuan_text(likely),
            )
        for key in SUPPOSED_ANSWERS:
            self.fields[key.value] = forms.ChoiceField(
                required=False,
                label=worded(f"enforcement.fact.{key}"),
                choices=[
                    ("", worded("bureau.what_if.as_is")),
                    *_choices("memo", (YES, NO)),
                ],
                widget=forms.Select(attrs=SELECT),
            )

    def changed(self) -> dict[FactKey, Any]:
        """The facts that are supposed to be otherwise."""
        sums = {
            key: [self.cleaned_data[key.value]] * len(ENDS)
            for key in SUPPOSED_SUMS
            if self.cleaned_data[key.value] is not None
        }
        answers = {
            key: self.cleaned_data[key.value] == YES
            for key in SUPPOSED_ANSWERS
            if self.cleaned_data[key.value]
        }
        return {**sums, **answers}

"""Forms of the court's pages; labels are sentences of court/phrases.yaml."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import lazy

from zhipo.cases.phases import Phase
from zhipo.documents.kinds import KINDS, DocumentKind
from zhipo.web.words import say

worded = lazy(say, str)
NOTICES = (DocumentKind.PUBLIC_NOTICE, DocumentKind.ACCEPTANCE_NOTICE)


def _day(key: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=worded(key),
        required=required,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
    )


def _line(key: str, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=worded(key),
        required=required,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )


def _choice(key: str, values: Sequence[str]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=worded(key),
        choices=[(one, worded(f"court.document.{one}")) for one in values],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class PublicationForm(forms.Form):
    published_on = _day("court.published_on")
    filing_until = _day("court.filing_until")
    meeting_on = _day("court.meeting_on")


class ServedForm(forms.Form):
    served_on = _day("court.served.on")


class CheckedForm(forms.Form):
    checked_on = _day("court.checked_on")


class RulingForm(forms.Form):
    ruling = forms.CharField(
        label=worded("court.ruling_number"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    is_read = forms.BooleanField(label=worded("court.ruling_read"))


class NoticeForm(forms.Form):
    """What a notice of acceptance says beside the case's row (EBL 14)."""

    field_order = ("kind", "lang")
    kind = _choice("court.document.kind", NOTICES)
    lang = _choice("court.document.lang", ("zh", "en"))
    petitioner = _line("court.document.petitioner")
    addressee = _line("court.document.addressee", required=False)
    filing_place = _line("court.document.filing_place")
    meeting_place = _line("court.document.meeting_place")
    meeting_time = forms.TimeField(
        label=worded("court.document.meeting_time"),
        widget=forms.TimeInput(attrs={"type": "time", "class": "form-control"}),
    )
    notes = forms.CharField(
        label=worded("court.document.notes"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )

    def __init__(self, data: Any = None, *, petitioner: str = "") -> None:
        super().__init__(data, auto_id="notice_%s", initial={"petitioner": petitioner})

    def clean(self) -> dict[str, Any]:
        """A kind without a reading copy in that language is refused at the field."""
        given = super().clean() or {}
        if {"kind", "lang"} <= given.keys():
            kind = DocumentKind(given["kind"])
            if given["lang"] not in KINDS[kind].languages:
                self.add_error("lang", say("documents.refused.language"))
        return given


class RulingDraftForm(forms.Form):
    ruling_number = _line("court.ruling_number")
    lang = _choice("court.document.lang", ("zh", "en"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="draft_%s")


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=worded("court.question"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )
    due_on = _day("court.due_on", required=False)


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=worded("court.answer"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )


class PhaseForm(forms.Form):
    to = forms.ChoiceField(choices=[(phase.value, phase.value) for phase in Phase])

    def clean_to(self) -> Phase:
        return Phase(self.cleaned_data["to"])

"""Forms of the court's pages; labels are sentences of court/phrases.yaml."""

from django import forms
from django.utils.functional import lazy

from zhipo.cases.phases import Phase
from zhipo.web.words import say

worded = lazy(say, str)


def _day(key: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=worded(key),
        required=required,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
    )


class PublicationForm(forms.Form):
    published_on = _day("court.published_on")
    filing_until = _day("court.filing_until")
    meeting_on = _day("court.meeting_on")


class CheckedForm(forms.Form):
    checked_on = _day("court.checked_on")


class RulingForm(forms.Form):
    ruling = forms.CharField(
        label=worded("court.ruling_number"),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    is_read = forms.BooleanField(label=worded("court.ruling_read"))


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

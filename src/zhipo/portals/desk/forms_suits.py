"""Forms for a suit over an entry of the register, and for its judgment."""

from django import forms

from zhipo.portals.desk.forms import YuanField, worded


def _number(key: str) -> forms.CharField:
    return forms.CharField(
        label=worded(key),
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


def _day(key: str) -> forms.DateField:
    return forms.DateField(
        label=worded(key),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
    )


class SuitForm(forms.Form):
    """That an objector has sued: the court's number, the day of filing."""

    suit_number = _number("desk.form.suit_number")
    sued_on = _day("desk.form.sued_on")


class JudgmentForm(forms.Form):
    """The judgment in force; the sum in yuan, zero where nothing is confirmed."""

    judgment_number = _number("desk.form.judgment_number")
    judged_on = _day("desk.form.judged_on")
    judged_fen = YuanField(label=worded("desk.form.judged_fen"), allow_zero=True)
    is_read = forms.BooleanField(label=worded("desk.form.judgment_read"))

"""Forms for a suit over an entry of the register, and for its judgment."""

from django import forms

from zhipo.portals.desk.fields import day_field, line_field
from zhipo.portals.desk.forms import YuanField, worded


class SuitForm(forms.Form):
    """That an objector has sued: the court's number, the day of filing."""

    suit_number = line_field("desk.form.suit_number", most=80)
    sued_on = day_field("desk.form.sued_on")


class JudgmentForm(forms.Form):
    """The judgment in force; the sum in yuan, zero where nothing is confirmed."""

    judgment_number = line_field("desk.form.judgment_number", most=80)
    judged_on = day_field("desk.form.judged_on")
    judged_fen = YuanField(label=worded("desk.form.judged_fen"), allow_zero=True)
    is_read = forms.BooleanField(label=worded("desk.form.judgment_read"))

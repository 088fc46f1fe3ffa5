"""Forms of the workbench; labels are sentences of desk/phrases.yaml."""

import uuid
from typing import Any

from django import forms
from django.utils.functional import lazy

from zhipo.claims.search_hashes import CREDIT_CODE
from zhipo.claims.states import ClaimKind, FiledThrough
from zhipo.kernel.identifiers import IdentifierError, parse_uscc
from zhipo.kernel.money import MAX_FEN, MoneyError, parse_yuan
from zhipo.law.review.decision import Decision
from zhipo.web.words import say

worded = lazy(say, str)
BY_HAND = (Decision.ADMIT, Decision.REDUCE, Decision.REJECT)


class YuanField(forms.CharField):
    """An amount in yuan, read exactly; fen in `cleaned_data`."""

    def __init__(self, *, allow_zero: bool = False, **options: Any) -> None:
        attrs = {
            "inputmode": "decimal",
            "autocomplete": "off",
            "class": "form-control amount",
        }
        super().__init__(max_length=30, widget=forms.TextInput(attrs=attrs), **options)
        self.allow_zero = allow_zero

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            fen = parse_yuan(text)
        except MoneyError as error:
            raise forms.ValidationError(say("desk.form.not_money")) from error
        if fen < 0 or fen > MAX_FEN or (fen == 0 and not self.allow_zero):
            raise forms.ValidationError(say("desk.form.amount_range"))
        return fen


def words(key: str, *, rows: int = 3, required: bool = True) -> forms.CharField:
    """A field for a text of some lines."""
    return forms.CharField(
        label=worded(key),
        required=required,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": rows, "class": "form-control"}),
    )


def choice(key: str, options: list[tuple[str, str]], *, required: bool = True) -> Any:
    """A field to choose from options whose words are phrase keys."""
    return forms.ChoiceField(
        label=worded(key),
        required=required,
        choices=[(value, worded(phrase)) for value, phrase in options],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class DecisionForm(forms.Form):
    """A decision on one claim: the sum is needed only to reduce."""

    decision = choice("desk.form.decision", [(d, f"claims.decision.{d}") for d in BY_HAND])
    admitted = YuanField(label=worded("desk.form.admitted"), required=False)
    text = words("desk.form.decision_text", required=False)

    def admitted_fen(self, claimed_fen: int) -> int:
        """What the decision admits, in fen."""
        decision = self.cleaned_data["decision"]
        whole = {Decision.ADMIT: claimed_fen, Decision.REJECT: 0}
        return int(whole.get(decision, self.cleaned_data["admitted"] or 0))

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        is_reduced = given.get("decision") == Decision.REDUCE
        if is_reduced and not given.get("admitted") and "admitted" not in self.errors:
            self.add_error("admitted", say("desk.form.amount_needed"))
        if given.get("decision") != Decision.ADMIT and not given.get("text", "").strip():
            self.add_error("text", say("desk.form.reason_needed"))
        return given


class OnceForm(forms.Form):
    """A form that is taken once, however often it is sent."""

    form_key = forms.CharField(
        max_length=40, initial=lambda: uuid.uuid4().hex, widget=forms.HiddenInput
    )


class AskForm(OnceForm):
    text = words("desk.form.question")


class AnswerForm(forms.Form):
    """The answer to an objection."""

    is_upheld = choice(
        "desk.form.outcome",
        [("no", "claims.objection.explained"), ("yes", "claims.objection.upheld")],
    )
    admitted = YuanField(
        label=worded("desk.form.admitted"), required=False, allow_zero=True
    )  # zero: another creditor's objection that takes the whole entry
    text = words("desk.form.answer")

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("is_upheld") == "yes" and given.get("admitted") is None:
            self.add_error("admitted", say("desk.form.amount_needed"))
        return given


class EntryForm(OnceForm):
    """A claim that came on paper."""

    through = choice(
        "desk.form.through",
        [(f, f"desk.through.{f}") for f in (FiledThrough.COUNTER, FiledThrough.POST)],
    )
    received_on = forms.DateField(
        label=worded("desk.form.received_on"),
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}),
    )
    number = forms.CharField(
        label=worded("desk.form.number"),
        required=False,
        max_length=20,
        help_text=worded("desk.form.number_help"),
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    kind = choice(
        "desk.form.kind",
        [(k, f"claims.kind.{k}") for k in ClaimKind if k != ClaimKind.EMPLOYEE],
    )
    claimant = forms.CharField(
        label=worded("desk.form.claimant"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    credit_code = forms.CharField(
        label=worded("desk.form.credit_code"),
        required=False,
        max_length=18,
        help_text=worded("desk.form.credit_code_help"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    claimed = YuanField(label=worded("desk.form.claimed"))
    text = words("desk.form.statement", required=False)

    def clean_credit_code(self) -> str:
        code = self.cleaned_data["credit_code"].strip()
        try:
            return parse_uscc(code) if code else ""
        except IdentifierError as error:
            raise forms.ValidationError(say("desk.form.not_credit_code")) from error

    @property
    def details(self) -> dict[str, int | str]:
        """What a claim keeps beside its statement."""
        code = self.cleaned_data["credit_code"]
        return {CREDIT_CODE: code} if code else {}

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not given.get("number") and not given.get("claimant"):
            self.add_error("claimant", say("desk.form.number_or_name"))
        return given


class ListingForm(OnceForm):
    """An employee's claim on the published list (EBL 48.2)."""

    claimant = forms.CharField(
        label=worded("desk.form.employee"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    claimed = YuanField(label=worded("desk.form.claimed"))
    text = words("desk.form.composed_of")


class CorrectionForm(forms.Form):
    claimed = YuanField(label=worded("desk.form.claimed"))
    text = words("desk.form.reason")

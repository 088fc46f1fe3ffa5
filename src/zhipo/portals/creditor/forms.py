"""The creditor's forms: labels are sentences of creditor/phrases.yaml."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy

from zhipo.claims.actions.papers import KINDS
from zhipo.claims.policies.payout_accounts import account_fault, clean_account
from zhipo.claims.search_hashes import CREDIT_CODE
from zhipo.claims.states import ClaimKind, PayoutChannel
from zhipo.kernel.identifiers import IdentifierError, parse_id_no, parse_uscc
from zhipo.kernel.money import MAX_FEN, MoneyError, parse_yuan, yuan_text
from zhipo.web.words import say

worded = lazy(say, str)
REQUIRED = {"required": worded("creditor.form.required")}
KINDS_BY_HAND = tuple(kind for kind in ClaimKind)
NO_WAY = "none"
MONEY_DETAILS = ("invoices", "reconciled", "paid_first")
TEXT_DETAILS = (CREDIT_CODE, "contract", "collateral", "period")
DETAILS: dict[ClaimKind, tuple[str, ...]] = {
    ClaimKind.SUPPLIER: (CREDIT_CODE, "contract", "invoices", "reconciled"),
    ClaimKind.SECURED: (CREDIT_CODE, "contract", "collateral"),
    ClaimKind.BANK: (CREDIT_CODE, "contract"),
    ClaimKind.PLATFORM: (CREDIT_CODE, "paid_first", "period"),
    ClaimKind.SOCIAL_TAX: (CREDIT_CODE, "period"),
    ClaimKind.EMPLOYEE: ("period",),
}
"""What a form asks beyond name, amount and story, by kind of creditor."""


class MoneyField(forms.CharField):
    """An amount typed in yuan, taken as fen."""

    def __init__(self, *, minimum: int = 1, **options: Any) -> None:
        self.minimum = minimum
        attributes = {"inputmode": "decimal", "autocomplete": "off"}
        options.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(max_length=20, **options)

    def prepare_value(self, value: Any) -> Any:
        return yuan_text(value, sign="") if isinstance(value, int) else value

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            fen = parse_yuan(text)
        except MoneyError as error:
            raise forms.ValidationError(say("creditor.form.not_money")) from error
        if not self.minimum <= fen <= MAX_FEN:
            raise forms.ValidationError(say("creditor.form.out_of_range"))
        return fen

    def run_validators(self, value: Any) -> None:
        """The range is checked as an amount above; lengths of text do not apply."""


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Any number of files; what they are is for `claims.policies.papers`."""

    def __init__(self, **options: Any) -> None:
        accepted = {"accept": "image/*,application/pdf"}
        super().__init__(widget=SeveralFiles(attrs=accepted), required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """All of them: empty and odd ones are refused with a reason later."""
        return [one for one in (data or []) if one]


class DisputeForm(forms.Form):
    claimed_fen = MoneyField(label=worded("creditor.form.claimed"), error_messages=REQUIRED)
    statement = forms.CharField(
        label=worded("creditor.form.statement"), max_length=2000, error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    uploads = FilesField(
        label=worded("creditor.form.files"), help_text=worded("creditor.form.files_help")
    )


class PapersForm(forms.Form):
    kind = forms.ChoiceField(
        label=worded("creditor.form.paper_kind"),
        choices=[(k, worded(f"creditor.paper.{k}")) for k in KINDS],
    )
    uploads = FilesField(
        label=worded("creditor.form.files"), help_text=worded("creditor.form.files_help")
    )


class TextForm(forms.Form):
    """An objection or a message."""

    text = forms.CharField(
        label=worded("creditor.form.text"), max_length=2000, error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput)


class EntryObjectionForm(forms.Form):
    """An objection to another creditor's entry: grounds, and what bears them out."""

    text = forms.CharField(
        label=worded("creditor.form.grounds"), max_length=2000, error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip
    uploads = FilesField(
        label=worded("creditor.form.files"), help_text=worded("creditor.form.files_help")
    )


class PayoutForm(forms.Form):
    channel = forms.ChoiceField(
        label=worded("creditor.form.channel"), widget=forms.RadioSelect,
        choices=[(c, worded(f"claims.channel.{c}")) for c in PayoutChannel],
        error_messages=REQUIRED,
    )  # fmt: skip
    account = forms.CharField(
        label=worded("creditor.form.account"), max_length=60, required=False,
        help_text=worded("creditor.form.account_help"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        account = clean_account(said.get("account", ""))
        if fault := account_fault(said.get("channel", ""), account):
            self.add_error("account", say(f"creditor.form.{fault}"))
        return {**said, "account": account}


class FurtherWayForm(PayoutForm):
    """The second or third way: the same choices, and none."""

    channel = forms.ChoiceField(
        label=worded("creditor.form.further_channel"), widget=forms.RadioSelect,
        choices=[*((c, worded(f"claims.channel.{c}")) for c in PayoutChannel),
                 (NO_WAY, worded("creditor.form.no_way"))],
        error_messages=REQUIRED,
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("channel") != NO_WAY:
            return said
        return {"channel": None, "account": ""}


class IdentityForm(forms.Form):
    name = forms.CharField(
        label=worded("creditor.form.name"), max_length=60, error_messages=REQUIRED
    )
    id_no = forms.CharField(
        label=worded("creditor.form.id_no"), max_length=20, error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def clean_id_no(self) -> str:
        try:
            return parse_id_no(self.cleaned_data["id_no"])
        except IdentifierError as error:
            raise forms.ValidationError(say("creditor.form.not_id_no")) from error


class OtherForm(forms.Form):
    """A claim that the books do not know; `details_for` adds what its kind needs."""

    claimant = forms.CharField(
        label=worded("creditor.form.claimant"), max_length=120, error_messages=REQUIRED
    )
    claimed_fen = MoneyField(label=worded("creditor.form.claimed"), error_messages=REQUIRED)
    text = forms.CharField(
        label=worded("creditor.form.statement"), max_length=2000, error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput)

    def __init__(self, kind: ClaimKind, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in DETAILS.get(kind, ()):
            label = say(f"creditor.form.{name}")
            self.fields[name] = (
                MoneyField(label=label, required=False, minimum=0)
                if name in MONEY_DETAILS
                else forms.CharField(label=label, required=False, max_length=300)
            )
        if kind == ClaimKind.SUPPLIER:
            self.fields["set_off_fen"] = MoneyField(
                label=say("creditor.form.set_off"), required=False, minimum=0,
                help_text=say("creditor.form.set_off_help"),
            )  # fmt: skip
        self.fields["uploads"] = FilesField(
            label=say("creditor.form.files"), help_text=say("creditor.form.files_help")
        )

    def clean_credit_code(self) -> str:
        code = self.cleaned_data[CREDIT_CODE].strip()
        try:
            return parse_uscc(code) if code else ""
        except IdentifierError as error:
            raise forms.ValidationError(say("creditor.form.not_credit_code")) from error

    @property
    def details(self) -> dict[str, int | str]:
        """What the kind asks for and somebody has answered."""
        names = (*MONEY_DETAILS, *TEXT_DETAILS)
        return {
            name: self.cleaned_data[name]
            for name in names
            if self.cleaned_data.get(name) not in (None, "")
        }

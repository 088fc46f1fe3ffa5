"""Forms of the money pages: what came in, where it lies, whose it is, bills."""

from functools import cache
from typing import Any

from django import forms

from zhipo.cases.models import Case
from zhipo.distributions.actions.money import Earmark, Receipt
from zhipo.distributions.actions.reconciling import LARGEST_BILL
from zhipo.distributions.bills import bill_formats
from zhipo.distributions.chart import BANK, GENERAL, KINDS
from zhipo.distributions.queries.movements import accounts_in
from zhipo.distributions.sources import Source
from zhipo.law.waterfall.order import ClaimClass
from zhipo.ledger.kinds import ASSETS, AccountKind
from zhipo.portals.desk.fields import (
    NumbersField,
    basis_field,
    day_field,
    line_field,
    ticked_field,
)
from zhipo.portals.desk.forms import OnceForm, YuanField, choice, worded, words
from zhipo.web.words import current_language, say

NAME = r"[a-z0-9][a-z0-9-]{0,39}"


def account_choices(case: Case, *kinds: AccountKind) -> list[tuple[str, str]]:
    """Accounts of these kinds by code, those too that a book has from the beginning."""
    found = {code: title_of(code, "") for code, kind in KINDS.items() if kind in kinds}
    for one in accounts_in(case):
        if one.kind in kinds:
            found[one.code] = title_of(one.code, one.title)
    return list(found.items())


def _code_field() -> forms.RegexField:
    """The short name that an account's code is made of."""
    return forms.RegexField(
        label=worded("desk.money.code"),
        regex=rf"\A{NAME}\Z",
        help_text=worded("desk.money.code_help"),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


def title_of(code: str, title: str) -> str:
    """An account's name in the reader's language, where it is one of every book."""
    name = code.removeprefix("claims:").replace(":", "_")
    is_ours = code in KINDS or code.startswith("claims:")
    return say(f"distributions.account.{name}") if is_ours else title


class CaseForm(OnceForm):
    """A form whose choices are accounts of a case; taken once."""

    def __init__(self, case: Case, data: Any = None, **given: Any) -> None:
        super().__init__(data, **given)
        self.fields["form_key"].widget.attrs["autocomplete"] = "off"
        if "account" in self.fields:
            self._offer("account", account_choices(case, *sorted(ASSETS)), BANK)
        if "pool" in self.fields:
            self._offer("pool", account_choices(case, AccountKind.POOL), GENERAL)

    def _offer(self, name: str, options: list[tuple[str, str]], first: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = options
        field.initial = first


class ReceiptForm(CaseForm):
    """Money that came in."""

    source = choice(
        "desk.money.source", [(one, f"distributions.source.{one}") for one in Source]
    )
    account = choice("desk.money.account", [])
    pool = choice("desk.money.pool", [])
    fen = YuanField(label=worded("desk.money.sum"))
    value_on = day_field("desk.money.value_on")
    reference = line_field("desk.money.reference")
    evidence = line_field("desk.money.evidence", most=200)

    @property
    def receipt(self) -> Receipt:
        given = {key: one for key, one in self.cleaned_data.items() if key != "form_key"}
        return Receipt(**(given | {"source": Source(given["source"])}))


class AccountForm(forms.Form):
    """An account in which money lies."""

    title = line_field("desk.money.title")
    kind = choice(
        "desk.money.kind", [(one, f"distributions.kind.{one}") for one in sorted(ASSETS)]
    )
    code = _code_field()


class PoolForm(forms.Form):
    """A pool with its earmark."""

    title = line_field("desk.money.title")
    name = _code_field()
    secures = NumbersField(
        label=worded("desk.money.secures"), help_text=worded("desk.money.secures_help")
    )
    first_to = ticked_field(
        "desk.money.first_to", [(one, f"distributions.class.{one}") for one in ClaimClass]
    )
    basis = basis_field()
    evidence = line_field("desk.money.basis_evidence", required=False, most=200)

    @property
    def earmark(self) -> Earmark:
        given = self.cleaned_data
        return Earmark(given["secures"], tuple(given["first_to"]), given["basis"],
                       given["evidence"])  # fmt: skip


class BackForm(forms.Form):
    reason = words("desk.money.back_reason", rows=2)

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **{"auto_id": False, **given})


@cache
def _formats(lang: str) -> list[tuple[str, str]]:
    return sorted(
        ((name, words[lang]) for name, words in bill_formats().items()),
        key=lambda one: one[1],
    )


def _formats_now() -> list[tuple[str, str]]:
    return _formats(current_language())


class BillForm(forms.Form):
    """A statement of an account, to be held against the book."""

    account = choice("desk.money.account", [])
    read_as = forms.ChoiceField(
        label=worded("desk.money.format"),
        choices=_formats_now,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    bill = forms.FileField(
        label=worded("desk.money.bill"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv,.xlsx"}),
    )

    def __init__(self, case: Case, *args: Any, **given: Any) -> None:
        super().__init__(*args, **{"auto_id": "bill_%s", **given})
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = account_choices(case, *sorted(ASSETS))

    def clean_bill(self) -> Any:
        bill = self.cleaned_data["bill"]
        if bill.size > LARGEST_BILL:
            raise forms.ValidationError(
                say("desk.money.too_large", most=LARGEST_BILL // 2**20)
            )
        return bill

"""Forms of registering cases and of joining debtors."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import lazy

from zhipo.accounts.models import Organisation
from zhipo.enforcement.entries import LONGEST, ApplicantEntry, CaseEntry, DebtorEntry
from zhipo.enforcement.states import ApplicantKind
from zhipo.law.triage.cause import Entity
from zhipo.portals.desk.forms import YuanField
from zhipo.web.words import say

worded = lazy(say, str)
TEXT = {"class": "form-control"}


def line(key: str, *, most: int = 200, required: bool = True) -> forms.CharField:
    """A field for one line."""
    return forms.CharField(
        label=worded(key),
        required=required,
        max_length=most,
        widget=forms.TextInput(attrs=TEXT),
    )


def day(key: str, *, required: bool = True) -> forms.DateField:
    """A field for a day."""
    return forms.DateField(
        label=worded(key),
        required=required,
        widget=forms.DateInput(attrs={"type": "date", **TEXT}),
    )


def money(key: str, *, required: bool = True, allow_zero: bool = False) -> YuanField:
    """A field for an amount in yuan; fen in the clean data."""
    return YuanField(label=worded(key), required=required, allow_zero=allow_zero)


def choice(key: str, words: str, values: Sequence[str]) -> forms.ChoiceField:
    """A field to choose one of the members of an enumeration."""
    return forms.ChoiceField(
        label=worded(key),
        choices=[(one, worded(f"{words}.{one}")) for one in values],
        widget=forms.Select(attrs={"class": "form-select"}),
    )


def words(key: str, *, required: bool = True, rows: int = 2) -> forms.CharField:
    """A field for some lines."""
    return forms.CharField(
        label=worded(key),
        required=required,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": rows, **TEXT}),
    )


def tick(key: str) -> forms.BooleanField:
    """A box to tick."""
    return forms.BooleanField(label=worded(key), required=False)


def _column(name: str, *, required: bool = False) -> forms.CharField:
    return line(f"enforcement.column.{name}", most=LONGEST[name], required=required)


class CaseForm(forms.Form):
    """One case; its fields are the columns of the workbook."""

    court = forms.ChoiceField(
        label=worded("enforcement.column.court"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    number = _column("number", required=True)
    filed_on = day("enforcement.column.filed_on")
    title = _column("title", required=True)
    amount = money("enforcement.column.amount")
    paid = money("enforcement.column.paid", required=False, allow_zero=True)
    costs = money("enforcement.column.costs", required=False, allow_zero=True)
    debtor = _column("debtor", required=True)
    credit_code = line("enforcement.column.credit_code", most=18, required=False)
    entity = choice("enforcement.column.entity", "enforcement.entity", list(Entity))
    brand = _column("brand")
    address = _column("address")
    representative = _column("representative")
    founded_on = day("enforcement.column.founded_on", required=False)
    applicant = _column("applicant", required=True)
    applicant_kind = choice(
        "enforcement.column.applicant_kind", "enforcement.applicant", list(ApplicantKind)
    )
    applicant_phone = line("enforcement.column.applicant_phone", most=40, required=False)
    applicant_address = _column("applicant_address")

    CASE = ("court", "number", "filed_on", "title", "amount", "paid", "costs")
    DEBTOR = ("debtor", "credit_code", "entity", "brand", "address", "representative",
              "founded_on")  # fmt: skip
    APPLICANT = ("applicant", "applicant_kind", "applicant_phone", "applicant_address")

    def __init__(
        self, data: Any = None, *, courts: Sequence[Organisation], **given: Any
    ) -> None:
        super().__init__(data, **given)
        field = self.fields["court"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(court.pk, court.name) for court in courts]

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their three headings."""
        named = {"case": self.CASE, "debtor": self.DEBTOR, "applicant": self.APPLICANT}
        return [
            (f"bureau.register.{name}", [self[one] for one in fields])
            for name, fields in named.items()
        ]

    def entry(self) -> CaseEntry:
        """What the form says, as every way of registering says it."""
        given = self.cleaned_data
        return CaseEntry(
            court_id=int(given["court"]),
            number=given["number"],
            debtor=DebtorEntry(
                name=given["debtor"],
                entity=Entity(given["entity"]),
                **{name: given[name] for name in self.DEBTOR if name in _SAME},
            ),
            applicant=ApplicantEntry(
                name=given["applicant"],
                kind=ApplicantKind(given["applicant_kind"]),
                phone=given["applicant_phone"],
                address=given["applicant_address"],
            ),
            title=given["title"],
            filed_on=given["filed_on"],
            amount_fen=given["amount"],
            paid_fen=given["paid"] or 0,
            costs_fen=given["costs"] or 0,
        )


_SAME = ("credit_code", "brand", "address", "representative", "founded_on")
"""Fields that are called as the debtor's own."""


class CaseFileForm(forms.Form):
    """A filled-in template."""

    file = forms.FileField(
        label=worded("bureau.register.file"),
        widget=forms.ClearableFileInput(
            attrs={"class": "form-control", "accept": ".xlsx,.csv"}
        ),
    )


class JoiningForm(forms.Form):
    """A decision on a pair."""

    kept_id = forms.IntegerField(widget=forms.HiddenInput)
    joined_id = forms.IntegerField(widget=forms.HiddenInput)
    reason = words("bureau.joining.reason")

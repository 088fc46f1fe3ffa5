"""Forms of inquiries, freezes and property; labels are sentences of bureau/phrases.yaml."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazy

from zhipo.enforcement.actions.protecting import Circumstances, Description
from zhipo.enforcement.models import EnforcementCase
from zhipo.enforcement.policies.freezing import FreezeWanted
from zhipo.enforcement.states import PropertyKind, Title
from zhipo.gateways.institutions.messages import CourtAccount, Decision
from zhipo.law.enforcement.measures import Exempt
from zhipo.portals.bureau.forms_cases import choice, day, line, tick, words
from zhipo.portals.desk.forms import YuanField
from zhipo.web.words import say

worded = lazy(say, str)
FOUND = [one for one in Title if one is not Title.UNCHECKED]


def sure(key: str) -> forms.BooleanField:
    """A box that must be ticked before what cannot be undone."""
    return forms.BooleanField(label=worded(key))


class OwnCaseForm(forms.Form):
    """An act in one of the reader's own cases."""

    case_id = forms.TypedChoiceField(
        label=worded("bureau.form.case"),
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    form_key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, cases: Iterable[EnforcementCase]) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s")
        field = self.fields["case_id"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(case.pk, case.number) for case in cases]


class AskForm(OwnCaseForm):
    """Ask about chosen properties: whose they are, or what moved between two days."""

    first_on = day("bureau.form.first_on", required=False)
    last_on = day("bureau.form.last_on", required=False)


class FreezeForm(OwnCaseForm):
    limit = YuanField(label=worded("bureau.form.limit"), required=False)
    until = day("bureau.form.until")
    reason = words("bureau.form.reason", required=False)

    def wanted(self, property_id: int) -> FreezeWanted:
        given = self.cleaned_data
        return FreezeWanted(property_id, given["limit"], given["until"], given["reason"])


class FindForm(OwnCaseForm):
    outcome = choice("bureau.form.outcome", "enforcement.title", FOUND)
    grounds = words("bureau.form.grounds")


class DescribeForm(OwnCaseForm):
    holder = line("bureau.form.holder", required=False)
    control = line("bureau.form.control", required=False)
    loses_value_if = line("bureau.form.loses_value_if", most=300, required=False)
    exempt_as = forms.ChoiceField(
        label=worded("bureau.form.exempt_as"),
        required=False,
        choices=[
            ("", worded("bureau.form.not_exempt")),
            *((one.value, worded(f"enforcement.exempt.{one}")) for one in Exempt),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    value = YuanField(label=worded("bureau.form.value"), required=False, allow_zero=True)

    def description(self) -> Description:
        given = self.cleaned_data
        return Description(
            holder=given["holder"],
            control=given["control"],
            loses_value_if=given["loses_value_if"],
            exempt_as=Exempt(given["exempt_as"]) if given["exempt_as"] else None,
            value_fen=given["value"],
        )


class RegisterForm(DescribeForm):
    """A property that no institution reports."""

    field_order = ("case_id", "kind", "label", "reference")
    kind = choice("bureau.form.kind", "enforcement.property", list(PropertyKind))
    label = line("bureau.form.label")
    reference = line("bureau.form.reference", most=120)


class ProtectForm(OwnCaseForm):
    parties_settled = tick("bureau.form.parties_settled")
    has_security = tick("bureau.form.has_security")
    applicant_consents = tick("bureau.form.applicant_consents")
    may_be_used = tick("bureau.form.may_be_used")
    security_until = day("bureau.form.security_until", required=False)
    since = day("bureau.form.since")
    until = day("bureau.form.protected_until", required=False)
    grounds = words("bureau.form.grounds")

    def circumstances(self) -> Circumstances:
        names = ("parties_settled", "has_security", "applicant_consents", "may_be_used",
                 "security_until")  # fmt: skip
        return Circumstances(**{name: self.cleaned_data[name] for name in names})


class FreezeActForm(forms.Form):
    """An act on a freeze that stands."""

    form_key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, freeze_id: int) -> None:
        name = type(self).__name__.lower()
        super().__init__(data, auto_id=f"{name}_{freeze_id}_%s")
        self.freeze_id = freeze_id


class LiftForm(FreezeActForm):
    grounds = words("bureau.form.grounds")
    is_sure = sure("bureau.form.lift_sure")


class LiftPartForm(FreezeActForm):
    fen = YuanField(label=worded("bureau.form.released"))
    grounds = words("bureau.form.grounds")
    is_sure = sure("bureau.form.lift_part_sure")


class DeductForm(FreezeActForm):
    fen = YuanField(label=worded("bureau.form.deducted"))
    account_name = line("bureau.form.account_name")
    account = line("bureau.form.account", most=120)
    bank = line("bureau.form.bank")
    is_sure = sure("bureau.form.deduct_sure")

    def pay_to(self) -> CourtAccount:
        given = self.cleaned_data
        return CourtAccount(
            name=given["account_name"], account=given["account"], bank=given["bank"]
        )


class ReplyForm(forms.Form):
    decision = choice("bureau.form.decision", "bureau.decision", list(Decision))
    grounds = words("bureau.form.grounds", rows=4)
    is_sure = sure("bureau.form.reply_sure")

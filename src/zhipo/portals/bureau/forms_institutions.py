"""Forms of institutions and their keys."""

from typing import Any

from django import forms

from zhipo.enforcement.actions.institutions import Details
from zhipo.enforcement.institution_entries import LONGEST, InstitutionEntry
from zhipo.enforcement.models import Institution
from zhipo.enforcement.states import InstitutionKind
from zhipo.gateways.institutions.messages import ObjectKind
from zhipo.portals.bureau.forms_cases import choice, line, tick, worded, words

HELD = [one for one in ObjectKind if one is not ObjectKind.RESERVE_ACCOUNT]
"""What an institution keeps for customers; its own reserve account it does not."""


def _column(name: str, *, required: bool = False) -> forms.CharField:
    return line(f"enforcement.column.{name}", most=LONGEST[name], required=required)


def _held() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=worded("enforcement.column.holds"),
        required=False,
        choices=[(one.value, worded(f"enforcement.property.{one}")) for one in HELD],
        widget=forms.CheckboxSelectMultiple,
    )


def _key(*, required: bool) -> forms.CharField:
    field = words("enforcement.column.public_key", required=required, rows=3)
    field.widget.attrs |= {"spellcheck": "false", "autocomplete": "off"}
    return field


class InstitutionForm(forms.Form):
    """One institution; its fields are the columns of the workbook."""

    party = line("enforcement.column.party", most=40)
    institution = _column("institution", required=True)
    institution_kind = choice(
        "enforcement.column.institution_kind",
        "enforcement.institution",
        list(InstitutionKind),
    )
    server_address = _column("server_address")
    key_id = _column("key_id")
    public_key = _key(required=False)
    holds = _held()
    contact = _column("contact")

    WHO = ("party", "institution", "institution_kind", "holds", "contact")
    LINE = ("server_address", "key_id", "public_key")

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their two headings."""
        named = {"who": self.WHO, "line": self.LINE}
        return [
            (f"bureau.institution.{name}", [self[one] for one in fields])
            for name, fields in named.items()
        ]

    def entry(self) -> InstitutionEntry:
        """What the form says, as every way of registering says it."""
        given = self.cleaned_data
        return InstitutionEntry(
            party=given["party"],
            name=given["institution"],
            kind=InstitutionKind(given["institution_kind"]),
            address=given["server_address"],
            key_id=given["key_id"],
            public_key=given["public_key"],
            holds=tuple(map(ObjectKind, given["holds"])),
            contact=given["contact"],
        )


class DetailsForm(forms.Form):
    """What is said of an institution beside its keys; the address is a president's."""

    institution = _column("institution", required=True)
    server_address = _column("server_address")
    holds = _held()
    contact = _column("contact")

    def __init__(self, data: Any = None, *, found: Institution, may_move: bool) -> None:
        initial = {
            "institution": found.name,
            "server_address": found.address,
            "holds": found.holds,
            "contact": found.contact,
        }
        super().__init__(data, initial=initial, auto_id="details_%s")
        self.fields["server_address"].disabled = not may_move

    def details(self) -> Details:
        given = self.cleaned_data
        return Details(
            name=given["institution"],
            address=given["server_address"],
            holds=tuple(map(ObjectKind, given["holds"])),
            contact=given["contact"],
        )


class KeyForm(forms.Form):
    """A further public key."""

    key_id = _column("key_id", required=True)
    public_key = _key(required=True)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="key_%s")


class ConfirmForm(forms.Form):
    """A president's word that a key is the institution's."""

    digits = line("bureau.institution.digits", most=90)
    is_old_lost = tick("bureau.institution.old_lost")

    def __init__(self, data: Any = None, *, key_id: int) -> None:
        super().__init__(data, auto_id=f"confirm_{key_id}_%s")
        self.fields["digits"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}


class SwitchForm(forms.Form):
    """Whether an institution is asked from now on."""

    is_active = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda text: text == "yes"
    )

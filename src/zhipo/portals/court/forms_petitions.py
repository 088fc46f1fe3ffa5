"""Forms of petitions; a clean one holds its act's arguments."""

import uuid
from typing import Any

from django import forms

from zhipo.accounts.models import Organisation
from zhipo.enforcement.actions.petitions import PetitionGiven, PetitionRuling
from zhipo.enforcement.petition_states import Petitioner, PetitionOutcome
from zhipo.law.triage.road import Procedure
from zhipo.portals.bureau.forms_cases import choice, day, line, words
from zhipo.portals.bureau.forms_referral import ActForm, Given, one_of, tick


class PetitionForm(ActForm):
    """A petition as it came."""

    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    number = line("court.petitions.number", most=60)
    name = line("court.petitions.name")
    credit_code = line("court.petitions.credit_code", most=18, required=False)
    by_whom = choice("court.petitions.by_whom", "enforcement.petitioner", list(Petitioner))
    petitioner = line("court.petitions.petitioner")
    procedure = choice(
        "court.petitions.procedure", "enforcement.procedure", list(Procedure)
    )
    received_on = day("court.petitions.received_on")

    def __init__(
        self, data: Any = None, *, courts: list[Organisation], **given: Any
    ) -> None:
        initial = {"form_key": uuid.uuid4().hex, **given.pop("initial", {})}
        super().__init__(data, initial=initial, **given)
        rows = [(one.pk, one.name) for one in courts]
        self.fields["court_id"] = one_of("court.petitions.court", rows)
        self.order_fields(["court_id"])

    def given(self, data: Given) -> Given:
        own = {"court_id": data.pop("court_id"), "form_key": data.pop("form_key")}
        data["by_whom"] = Petitioner(data["by_whom"])
        data["procedure"] = Procedure(data["procedure"])
        return {**own, "given": PetitionGiven(**data)}


class NotifiedForm(ActForm):
    notified_on = day("court.petitions.notified_on")


class ObjectionForm(ActForm):
    objected_on = day("court.petitions.objected_on")
    text = words("court.petitions.objection", rows=3)


class AskForm(ActForm):
    what = words("court.petitions.asked_for", rows=3)
    asked_on = day("court.petitions.asked_on")


class SupplementedForm(ActForm):
    supplemented_on = day("court.petitions.supplemented_on")


class ExtensionForm(ActForm):
    approval = line("court.petitions.approval", most=100)


ENDS = (PetitionOutcome.REFUSED, PetitionOutcome.WITHDRAWN)
"""How a petition ends without a case; acceptance has a form of its own."""


class RulingForm(ActForm):
    """The end of a petition that is not accepted; it cannot be undone here."""

    outcome = choice("court.petitions.outcome", "enforcement.petition_outcome", ENDS)
    ruled_on = day("court.petitions.ruled_on")
    number = line("court.petitions.ruling_number", most=60)
    grounds = words("court.petitions.grounds", required=False, rows=3)
    is_read = tick("court.petitions.is_read")

    def given(self, data: Given) -> Given:
        return {
            "ruling": PetitionRuling(
                outcome=PetitionOutcome(data["outcome"]),
                ruled_on=data["ruled_on"],
                number=data["number"],
                grounds=data["grounds"],
            )
        }

"""Forms of receiving a referral and ruling on it; a clean one holds its act's arguments."""

from typing import Any

from django import forms

from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import OrganisationKind
from zhipo.enforcement.actions.receiving import Arrival
from zhipo.enforcement.actions.rulings import Ruling
from zhipo.enforcement.actions.taking_over import Acceptance
from zhipo.portals.bureau.forms_cases import day, line, words
from zhipo.portals.bureau.forms_cases import tick as box
from zhipo.portals.bureau.forms_referral import ActForm, Given, one_of, tick
from zhipo.web.words import say

MAX_BYTES = 2 << 30


class ArrivalForm(ActForm):
    """On which day the papers came, and under which number they are entered (破申)."""

    received_on = day("court.referrals.received_on")
    review_number = line("court.referrals.review_number", most=60)

    def given(self, data: Given) -> Given:
        return {"arrival": Arrival(data["received_on"], data["review_number"])}


class FileForm(ArrivalForm):
    """A bundle as a file."""

    field_order = ("bundle", "received_on", "review_number")
    bundle = forms.FileField(widget=forms.FileInput(attrs={"class": "form-control"}))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **{"auto_id": "file_%s", **given})
        self.fields["bundle"].label = say("court.referrals.bundle")

    def clean_bundle(self) -> Any:
        """The file, unless it is larger than any that is taken over the web."""
        file = self.cleaned_data["bundle"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(say("court.referrals.too_large"))
        return file

    def given(self, data: Given) -> Given:
        return super().given(data) | {"chunks": data["bundle"].chunks()}


class SupplementForm(ActForm):
    """What the enforcement court is to add, because the finding of cause hangs on it."""

    what = words("court.referrals.what", rows=3)
    affects_cause = tick("court.referrals.affects_cause")


class RefusalForm(ActForm):
    number = line("court.referrals.ruling_number", most=60)
    ruled_on = day("court.referrals.ruled_on")
    grounds = words("court.referrals.grounds", rows=3)
    is_read = tick("court.referrals.refuse_read")

    def given(self, data: Given) -> Given:
        ruling = Ruling(data["number"], data["ruled_on"], grounds=data["grounds"])
        return {"ruling": ruling}


class AcceptanceForm(ActForm):
    """What the acceptance ruling says that is new; all else is known from the referral."""

    field_order = (
        "number", "ruled_on", "case_number", "slug", "administrator_id",
        "administrator_phone", "administrator_address", "is_read",
    )  # fmt: skip
    number = line("court.referrals.ruling_number", most=60)
    ruled_on = day("court.referrals.ruled_on")
    case_number = line("court.referrals.case_number", most=60)
    slug = line("court.referrals.slug", required=False, most=50)
    administrator_phone = line("court.referrals.administrator_phone", required=False,
                               most=30)  # fmt: skip
    administrator_address = line("court.referrals.administrator_address", required=False)
    is_read = tick("court.referrals.accept_read")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **{"auto_id": "accept_%s", **given})
        firms = Organisation.objects.filter(kind=OrganisationKind.ADMINISTRATOR)
        rows = firms.order_by("name").values_list("pk", "name")
        self.fields["administrator_id"] = one_of("court.referrals.administrator", rows)
        self.order_fields(self.field_order)

    def given(self, data: Given) -> Given:
        return {
            "acceptance": Acceptance(
                ruling=Ruling(data["number"], data["ruled_on"]),
                case_number=data["case_number"],
                administrator_id=data["administrator_id"],
                administrator_phone=data["administrator_phone"],
                administrator_address=data["administrator_address"],
                slug=data["slug"],
            )
        }


class ServedForm(ActForm):
    """The refusal reached the applicant."""

    served_on = day("court.referrals.served_on")


class FinalForm(ActForm):
    """The refusal has taken effect."""

    effective_on = day("court.referrals.effective_on")
    was_appealed = box("court.referrals.was_appealed")


class ReturnForm(ActForm):
    """The papers went back."""

    returned_on = day("court.referrals.returned_on")


class DismissalForm(ActForm):
    """An accepted petition was dismissed: the case ends."""

    dismissed_on = day("court.referrals.dismissed_on")
    is_read = tick("court.referrals.dismiss_read")

    def given(self, data: Given) -> Given:
        return {"dismissed_on": data["dismissed_on"]}

"""Forms of paying out; what a clean one holds are the arguments of its act.

What cannot be undone asks for a tick. Labels are sentences of payouts/phrases.yaml.
"""

from typing import Any

from django import forms
from django.utils import timezone

from zhipo.gateways.payouts.channel import ChannelName
from zhipo.payouts.actions.by_hand import Receipt
from zhipo.payouts.actions.filling import Filling
from zhipo.payouts.channels import SPOKEN
from zhipo.portals.desk.fields import line_field
from zhipo.portals.desk.forms import OnceForm, YuanField, choice, worded
from zhipo.web.words import say

Given = dict[str, Any]
TEXT = {"class": "form-control", "autocomplete": "off"}
MAX_RETURN_BYTES = 16 << 20
YES_NO = [("yes", "desk.yes"), ("no", "desk.no")]


class ActForm(forms.Form):
    """A form of one act; `arguments` are what the act is given."""

    @property
    def arguments(self) -> Given:
        """Everything that was filled in, without the ticks."""
        ticks = {name for name, one in self.fields.items() if isinstance(one, Tick)}
        return {key: one for key, one in self.cleaned_data.items() if key not in ticks}


class Tick(forms.BooleanField):
    """A box that has to be ticked."""

    def __init__(self, key: str) -> None:
        super().__init__(label=worded(key), widget=forms.CheckboxInput())
        self.widget.attrs["class"] = "form-check-input"


def _day(key: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", **TEXT}, format="%Y-%m-%d")
    return forms.DateField(label=worded(key), widget=widget, initial=timezone.localdate)


class PrepareForm(forms.Form):
    """Everything of a plan that is due by a day."""

    until = _day("payouts.desk.until")


class FillForm(OnceForm):
    """Money moved from the administrator's bank to a paying account."""

    channel = choice(
        "payouts.desk.paying_account",
        [(one, f"payouts.account.{one}") for one in sorted(SPOKEN)],
    )
    fen = YuanField(label=worded("payouts.desk.sum_yuan"))
    value_on = _day("payouts.desk.value_on")
    reference = line_field("payouts.desk.bank_reference", most=80)

    @property
    def filling(self) -> Filling:
        given = self.cleaned_data
        return Filling(
            ChannelName(given["channel"]), given["fen"], given["value_on"],
            given["reference"],
        )  # fmt: skip


class ReleaseForm(ActForm):
    is_read = Tick("payouts.desk.release_read")


class DiscardForm(ActForm):
    """Nothing to fill in: what is prepared can be prepared again."""


class WhyForm(ActForm):
    why = line_field("payouts.desk.why", most=300)


class StopForm(WhyForm):
    is_read = Tick("payouts.desk.stop_read")


class ResumeForm(ActForm):
    """Nothing to fill in."""


class BankFileForm(ActForm):
    """Nothing to fill in: the file holds every order that waits for one."""


class ReturnForm(forms.Form):
    """The bank's return file."""

    returned = forms.FileField(
        label=worded("payouts.desk.return_file"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".csv,.xlsx"}),
    )

    def clean_returned(self) -> Any:
        """The file, unless it is longer than any that a bank sends."""
        file = self.cleaned_data["returned"]
        if file.size > MAX_RETURN_BYTES:
            most = MAX_RETURN_BYTES >> 20
            raise forms.ValidationError(say("payouts.desk.return_too_long", most=most))
        return file


class ReceiptForm(ActForm):
    """The signed receipt, or the remittance."""

    number = line_field("payouts.desk.receipt_number", most=80)
    taken_by = line_field("payouts.desk.taken_by", most=80)
    at = forms.DateTimeField(
        label=worded("payouts.desk.taken_at"),
        initial=lambda: f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", **TEXT}),
    )

    @property
    def arguments(self) -> Given:
        given = self.cleaned_data
        return {"receipt": Receipt(given["number"], given["taken_by"], given["at"])}


class CheckForm(ActForm):
    is_seen = Tick("payouts.desk.check_read")


class TakeBackForm(ActForm):
    """Nothing to fill in: it can be entered again."""


class CloseForm(ActForm):
    is_read = Tick("payouts.desk.close_read")


class ResolveForm(ActForm):
    """What a person found where a channel contradicted itself."""

    paid = choice("payouts.desk.was_paid", YES_NO)
    evidence = line_field("payouts.desk.evidence", most=300)
    is_read = Tick("payouts.desk.resolve_read")

    @property
    def arguments(self) -> Given:
        given = self.cleaned_data
        return {"was_paid": given["paid"] == "yes", "evidence": given["evidence"]}


class UnclaimedForm(ActForm):
    is_read = Tick("payouts.desk.deposit_read")


class HandOverForm(ActForm):
    is_read = Tick("payouts.desk.hand_over_read")


class ConditionForm(ActForm):
    """What condition the claim depends on, and whether it came about."""

    kind = choice(
        "payouts.desk.condition_kind",
        [
            ("suspensive", "payouts.desk.suspensive"),
            ("resolutive", "payouts.desk.resolutive"),
        ],
    )
    met = choice("payouts.desk.condition_met", YES_NO)
    is_read = Tick("payouts.desk.condition_read")

    @property
    def arguments(self) -> Given:
        given = self.cleaned_data
        return {
            "is_suspensive": given["kind"] == "suspensive",
            "is_condition_met": given["met"] == "yes",
        }


class ShareOutUnclaimedForm(ActForm):
    is_read = Tick("payouts.desk.redistribute_read")


class ShareOutUnsettledForm(ActForm):
    ruling = line_field("payouts.desk.ruling")
    is_read = Tick("payouts.desk.unsettled_read")

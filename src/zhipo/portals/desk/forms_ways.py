"""Forms of the ways on which creditors on paper are paid."""

from typing import Any

from django import forms

from zhipo.claims.models import Claim, Paper
from zhipo.claims.policies.papers import Upload
from zhipo.claims.policies.payout_accounts import account_fault, clean_account
from zhipo.claims.states import PayoutChannel
from zhipo.payouts.actions.ways import StatedWay
from zhipo.payouts.policies.ways import ON_PAPER
from zhipo.payouts.way_sheet import LONGEST, PLACES
from zhipo.portals.desk.fields import line_field
from zhipo.portals.desk.forms import choice, worded
from zhipo.portals.desk.forms_payouts import ActForm, Tick
from zhipo.web.words import say

SCANS, TABLES = "image/*,application/pdf", ".xlsx,.csv"


def _file(key: str, accept: str, *, required: bool = True) -> forms.FileField:
    widget = forms.FileInput(attrs={"class": "form-control", "accept": accept})
    return forms.FileField(label=worded(key), required=required, widget=widget)


class WayForm(forms.Form):
    """What a paper says of how its creditor is to be paid, and the paper."""

    place = choice("payouts.ways.place", [(n, f"payouts.ways.place_{n}") for n in PLACES])
    channel = choice(
        "payouts.ways.channel", [(one, f"claims.channel.{one}") for one in ON_PAPER]
    )
    account = line_field(
        "payouts.ways.account", required=False, most=LONGEST["way_account"],
        hint="payouts.ways.account_help",
    )  # fmt: skip
    source = line_field(
        "payouts.ways.source", most=LONGEST["way_source"], hint="payouts.ways.source_help"
    )
    paper = forms.ModelChoiceField(
        label=worded("payouts.ways.paper"), queryset=Paper.objects.none(), required=False,
        empty_label=worded("payouts.ways.new_paper"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    upload = _file("payouts.ways.upload", SCANS, required=False)

    def __init__(self, claim: Claim, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.claim = claim
        papers: Any = self.fields["paper"]
        papers.queryset = claim.papers.filter(objection=None).order_by("-pk")
        papers.label_from_instance = lambda paper: paper.name

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        said["account"] = clean_account(said.get("account", ""))
        if fault := account_fault(said.get("channel", ""), said["account"]):
            self.add_error("account", say(f"payouts.refused.{fault}"))
        if bool(said.get("paper")) == bool(said.get("upload")):
            self.add_error("upload", say("payouts.ways.one_paper"))
        return said

    @property
    def arguments(self) -> dict[str, Any]:
        """What the act of entering a way is given."""
        said = self.cleaned_data
        channel = PayoutChannel(said["channel"])
        stated = StatedWay(
            self.claim.pk, int(said["place"]), channel, said["account"], said["source"]
        )
        proof: Upload | Paper = said["paper"] or said["upload"]
        return {"stated": stated, "proof": proof}


class CheckWaysForm(ActForm):
    """That somebody has held what was entered against the paper."""

    is_read = Tick("payouts.ways.check_read")


class TakeBackWaysForm(ActForm):
    why = line_field("payouts.desk.why", most=300)


class WayFileForm(forms.Form):
    """A filled-in list of ways."""

    file = _file("payouts.ways.file", TABLES)

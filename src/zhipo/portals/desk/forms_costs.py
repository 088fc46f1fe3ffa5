"""Forms of paying costs: what the bank's slip says, and what an advance was spent on."""

from typing import Any

from django import forms

from zhipo.cases.models import Case
from zhipo.claims.policies.papers import TYPES
from zhipo.distributions.actions.entering_costs import Slip
from zhipo.distributions.chart import BANK
from zhipo.distributions.policies.costs import PAY_OF
from zhipo.ledger.kinds import AccountKind
from zhipo.portals.desk.fields import day_field, line_field
from zhipo.portals.desk.forms import OnceForm, YuanField, choice, worded
from zhipo.portals.desk.forms_money import account_choices
from zhipo.portals.desk.forms_payouts import ActForm, Tick

ENDINGS = ",".join(ending for endings in TYPES.values() for ending in endings)


class SlipForm(OnceForm):
    """The bank's slip; `ground` is asked where pay is taken."""

    payee = line_field("desk.costs.payee")
    fen = YuanField(label=worded("desk.money.sum"))
    account = choice("desk.costs.account", [])
    paid_on = day_field("desk.costs.paid_on")
    reference = line_field("desk.money.reference")
    ground = line_field("desk.costs.ground", most=200, hint="desk.costs.ground_help")
    paper = forms.FileField(
        label=worded("desk.costs.paper"),
        required=False,
        help_text=worded("desk.costs.paper_help"),
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ENDINGS}),
    )

    def __init__(self, case: Case, *args: Any, kind: str = "", **given: Any) -> None:
        super().__init__(*args, **given)
        if kind not in PAY_OF:
            del self.fields["ground"]
        field = self.fields["account"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = account_choices(case, AccountKind.BANK)
        field.initial = BANK

    @property
    def slip(self) -> Slip:
        given = {key: one for key, one in self.cleaned_data.items()
                 if key not in ("form_key", "title")}  # fmt: skip
        return Slip(**given)


class OutlayForm(SlipForm):
    """What an advance was spent on."""

    title = line_field("desk.costs.title_field")
    field_order = ("title",)


class CheckCostForm(ActForm):
    is_seen = Tick("desk.costs.check_read")

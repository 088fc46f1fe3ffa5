"""The terms of a plan as a form, tried by GET and kept by POST; votes and rulings."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils import timezone

from zhipo.cases.models import Case
from zhipo.distributions.actions.voting import Counted
from zhipo.distributions.costs import Cost, CostKind
from zhipo.distributions.queries.movements import accounts_in
from zhipo.distributions.terms import BEFORE_ORDINARY, Terms
from zhipo.kernel.money import plain_yuan
from zhipo.law.instalments.parts import CEILING_FEN, Mode, Procedure
from zhipo.law.waterfall.order import ClaimClass
from zhipo.portals.desk.fields import NumbersField, basis_field, day_field, line_field
from zhipo.portals.desk.forms import YuanField, choice, worded
from zhipo.web.words import say

PARTS = 6
"""Days that a form offers; the paper's plan has three parts."""

SPARE_COSTS = 2
STATUTORY, RATE = "statutory", "rate"
COST_KINDS: dict[str, tuple[str, str, str]] = {
    "expense": (ClaimClass.EXPENSE, CostKind.ENTERED, "《企业破产法》第四十一条"),
    "common_benefit": (ClaimClass.COMMON_BENEFIT, CostKind.ENTERED,
                       "《企业破产法》第四十二条"),
    "collateral_pay": (ClaimClass.EXPENSE, CostKind.COLLATERAL_PAY,
                       "《管理人报酬规定》第十三条"),
}  # fmt: skip
"""What people enter -> class in the register, kind, article."""


class CostForm(forms.Form):
    """One cost that people enter; an empty row is passed over."""

    title = line_field("desk.plans.cost_title", required=False)
    kind = choice(
        "desk.plans.cost_kind", [(one, f"desk.plans.cost.{one}") for one in COST_KINDS],
        required=False,
    )  # fmt: skip
    fen = YuanField(label=worded("desk.money.sum"), required=False)
    charged_to = choice("desk.plans.charged_to", [], required=False)
    evidence = line_field("desk.money.evidence", required=False, most=200)

    def __init__(self, *args: Any, pools: list[tuple[str, str]], **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["charged_to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", say("desk.plans.the_estate")), *pools]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        has_title, has_fen = bool(given.get("title")), given.get("fen") is not None
        if has_title != has_fen and not self.errors:
            self.add_error("fen" if has_title else "title", say("desk.plans.half_a_cost"))
        return given

    @property
    def cost(self) -> Cost | None:
        given = self.cleaned_data
        if not given.get("title"):
            return None
        class_name, kind, cite = COST_KINDS[given["kind"] or "expense"]
        return Cost("", class_name, given["fen"], given["title"], cite, kind,
                    given["charged_to"], given["evidence"])  # fmt: skip


class TermsForm(forms.Form):
    """Everything that a plan chooses, but for its costs."""

    title = line_field("desk.plans.title")
    law_date = day_field("desk.plans.law_date")
    procedure = choice(
        "desk.plans.procedure",
        [(one, f"distributions.procedure.{one}") for one in Procedure],
    )
    is_last = forms.BooleanField(label=worded("desk.plans.is_last"), required=False)
    consumer = choice(
        "desk.plans.consumer",
        [(one, f"desk.plans.overlay.{one}") for one in (STATUTORY, BEFORE_ORDINARY, RATE)],
    )
    rate = forms.DecimalField(
        label=worded("desk.plans.rate"), required=False, min_value=0, max_value=100,
        decimal_places=4, widget=forms.NumberInput(
            attrs={"class": "form-control amount", "step": "any",
                   "data-slider": "0 100 0.5"}),
    )  # fmt: skip
    basis = basis_field()
    evidence = line_field("desk.money.basis_evidence", required=False, most=200)
    mode = choice("desk.plans.mode", [(one, f"distributions.mode.{one}") for one in Mode])
    ceiling = YuanField(label=worded("desk.plans.ceiling"))
    opted_down = NumbersField(
        label=worded("desk.plans.opted_down"),
        help_text=worded("desk.plans.opted_down_help"),
    )
    pay = YuanField(
        label=worded("desk.plans.pay"), required=False, allow_zero=True,
        help_text=worded("desk.plans.pay_help"),
    )  # fmt: skip
    advance_waits = line_field("desk.plans.advance_waits", required=False, most=200,
                               hint="desk.plans.advance_waits_help")  # fmt: skip

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["ceiling"].widget.attrs["data-slider"] = "0 5000 50"
        for place in range(PARTS):
            key = "desk.plans.first_day" if place == 0 else "desk.plans.other_day"
            self.fields[f"day_{place}"] = day_field(key, required=False)
            self.fields[f"day_{place}"].label = say(key, place=place + 1)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("consumer") == RATE and given.get("rate") is None:
            self.add_error("rate", say("desk.plans.rate_needed"))
        return given

    def days(self) -> Iterator[Any]:
        """The fields of the days of payment."""
        return (self[f"day_{place}"] for place in range(PARTS))

    def terms(self, costs: "BaseFormSet[CostForm]") -> Terms:
        """The choices, where both forms are right."""
        given = self.cleaned_data
        days = (given[f"day_{place}"] for place in range(PARTS))
        return Terms(
            title=given["title"].strip(),
            law_date=given["law_date"],
            procedure=given["procedure"],
            is_last=given["is_last"],
            basis=given["basis"],
            evidence=given["evidence"].strip(),
            consumer=_consumer(given["consumer"], given["rate"]),
            mode=given["mode"],
            ceiling_fen=given["ceiling"],
            due_days=tuple(day for day in days if day),
            costs=tuple(form.cost for form in costs if form.cost is not None),
            pay_fen=given["pay"],
            opted_down=given["opted_down"],
            advance_waits=given["advance_waits"].strip(),
        )


CostFormSet: "type[BaseFormSet[CostForm]]" = formset_factory(CostForm, extra=0, max_num=40)


def cost_forms(case: Case, data: QueryDict) -> "BaseFormSet[CostForm]":
    """The rows of costs that an address or a form has."""
    pools = [
        (one.code, one.title) for one in accounts_in(case) if one.earmark.get("secures")
    ]
    return CostFormSet(data, prefix="cost", form_kwargs={"pools": pools})


def asked_of(terms: Terms) -> QueryDict:
    """Terms as the form sends them, with some empty rows for costs."""
    asked = QueryDict(mutable=True)
    asked.update(_plain(terms))
    for place, day in enumerate(terms.due_days[:PARTS]):
        asked[f"day_{place}"] = day.isoformat()
    total = len(terms.costs) + SPARE_COSTS
    asked.update({"cost-TOTAL_FORMS": str(total), "cost-INITIAL_FORMS": "0"})
    for place, cost in enumerate(terms.costs):
        for name, value in _cost(cost).items():
            asked[f"cost-{place}-{name}"] = value
    return asked


def first_terms(case: Case, number: int) -> Terms:
    """What the form begins with: the statutory order."""
    return Terms(
        title=say("desk.plans.default_title", lang="zh", number=number),
        law_date=timezone.localdate(), ceiling_fen=CEILING_FEN.default,
        due_days=(timezone.localdate() + timedelta(days=30),),
    )  # fmt: skip


def with_more_costs(asked: QueryDict) -> QueryDict:
    """The same with more rows for costs."""
    more = asked.copy()
    rows = asked.get("cost-TOTAL_FORMS", "0")
    more["cost-TOTAL_FORMS"] = str(int(rows) + SPARE_COSTS if rows.isdigit() else 0)
    return more


class VoteForm(forms.Form):
    """A vote as the minutes have it."""

    voted_on = day_field("desk.plans.voted_on")
    present = forms.IntegerField(label=worded("desk.plans.present"), min_value=1)
    heads_for = forms.IntegerField(label=worded("desk.plans.heads_for"), min_value=0)
    fen_for = YuanField(label=worded("desk.plans.fen_for"), allow_zero=True)
    all_fen = YuanField(label=worded("desk.plans.all_fen"))
    minutes = line_field("desk.plans.minutes")

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        for name in ("present", "heads_for"):
            self.fields[name].widget.attrs["class"] = "form-control amount"

    @property
    def counted(self) -> Counted:
        return Counted(**self.cleaned_data)


class SureForm(forms.Form):
    """An act that cannot be undone: it is ticked that it was read."""

    is_sure = forms.BooleanField(label=worded("desk.plans.sure"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **{"auto_id": False, **given})


class PlanRulingForm(forms.Form):
    """The court's ruling on a plan."""

    ruling = line_field("court.ruling_number", most=80)
    ruled_on = day_field("desk.plans.ruled_on")
    is_read = forms.BooleanField(label=worded("desk.plans.ruling_read"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **{"auto_id": "ruling_%s", **given})


def _consumer(chosen: str, rate: Decimal | None) -> str:
    if chosen == RATE and rate is not None:
        return format((rate / 100).normalize(), "f")
    return BEFORE_ORDINARY if chosen == BEFORE_ORDINARY else ""


def _plain(terms: Terms) -> Mapping[str, str]:
    is_rate = terms.consumer not in ("", BEFORE_ORDINARY)
    rate = format((Decimal(terms.consumer) * 100).normalize(), "f") if is_rate else ""
    return {
        "title": terms.title,
        "law_date": terms.law_date.isoformat(),
        "procedure": terms.procedure,
        **({"is_last": "on"} if terms.is_last else {}),
        "consumer": RATE if is_rate else terms.consumer or STATUTORY,
        "rate": rate,
        "basis": terms.basis,
        "evidence": terms.evidence,
        "mode": terms.mode,
        "ceiling": plain_yuan(terms.ceiling_fen),
        "opted_down": " ".join(terms.opted_down),
        "advance_waits": terms.advance_waits,
        "pay": "" if terms.pay_fen is None else plain_yuan(terms.pay_fen),
    }


def _cost(cost: Cost) -> Mapping[str, str]:
    kind = next(
        name
        for name, (class_name, kind, _) in COST_KINDS.items()
        if (class_name, kind) == (cost.class_name, cost.kind)
    )
    return {"title": cost.title, "kind": kind, "fen": plain_yuan(cost.fen),
            "charged_to": cost.charged_to, "evidence": cost.evidence}  # fmt: skip

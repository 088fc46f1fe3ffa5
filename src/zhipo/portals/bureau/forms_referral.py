"""Forms of a referral: what a clean one holds are the arguments of its act.

Each names its choices from rows that its page has fetched already; what cannot be undone
asks for a tick.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from zhipo.accounts.models import Organisation
from zhipo.enforcement.actions.decisions import Opinion
from zhipo.enforcement.actions.proceeds import PerishableSale
from zhipo.enforcement.actions.referrals import Answer, ReferralPlan
from zhipo.enforcement.actions.services import Delivery
from zhipo.enforcement.models import Consent, EnforcementCase, Property, Service
from zhipo.enforcement.policies.referrals import ROADS
from zhipo.enforcement.referral_states import (
    ComplaintGround,
    ConsentAnswer,
    ConsentForm,
    CourtLevel,
    ServiceWay,
)
from zhipo.law.triage.road import Road
from zhipo.portals.bureau.forms_cases import choice, day, line, words
from zhipo.portals.bureau.forms_cases import tick as box
from zhipo.portals.desk.forms import YuanField
from zhipo.web.words import say

Given = dict[str, Any]
SELECT = {"class": "form-select"}


def tick(key: str) -> forms.BooleanField:
    """A box that has to be ticked."""
    field = box(key)
    field.required = True
    return field


def one_of(key: str, rows: Iterable[tuple[int, str]]) -> forms.TypedChoiceField:
    """A field to choose one row by name; its value is the row's id."""
    return forms.TypedChoiceField(
        label=say(key),
        coerce=int,
        choices=list(rows),
        widget=forms.Select(attrs=SELECT),
    )


def some_of(key: str, rows: Iterable[tuple[int, str]]) -> forms.TypedMultipleChoiceField:
    """A field to tick several rows; all are ticked at first."""
    found = list(rows)
    return forms.TypedMultipleChoiceField(
        label=say(key),
        coerce=int,
        choices=found,
        initial=[one for one, _ in found],
        widget=forms.CheckboxSelectMultiple,
    )


class ActForm(forms.Form):
    """A form whose clean data is what its act takes; `given` says how."""

    def clean(self) -> Given:
        data = super().clean() or {}
        return data if self.errors else self.given(data)

    def given(self, data: Given) -> Given:
        return data


class PlainForm(ActForm):
    """A button alone."""


class OpenForm(ActForm):
    road = choice("bureau.referral.road", "enforcement.road", sorted(ROADS))
    domicile = line("bureau.referral.domicile")
    is_at_domicile = box("bureau.referral.is_at_domicile")
    high_court_approval = line(
        "bureau.referral.high_court_approval", most=100, required=False
    )
    cause = words("bureau.referral.cause", rows=4)
    field_order = ("leading", "receiving")

    def __init__(
        self,
        data: Any = None,
        *,
        cases: Sequence[EnforcementCase],
        courts: Sequence[Organisation],
        domicile: str,
    ) -> None:
        super().__init__(data, initial={"domicile": domicile})
        leading = ((one.pk, one.number) for one in cases)
        self.fields["leading"] = one_of("bureau.referral.leading", leading)
        receiving = ((one.pk, one.name) for one in courts)
        self.fields["receiving"] = one_of("bureau.referral.receiving", receiving)
        self.order_fields(self.field_order)

    def given(self, data: Given) -> Given:
        plan = ReferralPlan(
            leading_id=data["leading"],
            receiving_id=data["receiving"],
            road=Road(data["road"]),
            domicile=data["domicile"],
            is_at_domicile=data["is_at_domicile"],
            cause=data["cause"],
            high_court_approval=data["high_court_approval"],
        )
        return {"plan": plan}


class AnswerForm(ActForm):
    answer = choice("bureau.referral.answer", "enforcement.consent", list(ConsentAnswer))
    form = choice("bureau.referral.form", "enforcement.consent_form", list(ConsentForm))
    answered_on = day("bureau.referral.answered_on")
    reference = line("bureau.referral.reference", most=120, required=False)
    paper = forms.FileField(required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, consent: Consent | None = None
    ) -> None:
        held = ("answer", "form", "answered_on", "reference")
        initial = {name: getattr(consent, name) for name in held} if consent else None
        super().__init__(data, files, initial=initial)
        self.fields["paper"].label = say("bureau.referral.paper")
        self.fields["paper"].widget.attrs |= {"class": "form-control"}

    def given(self, data: Given) -> Given:
        answer = Answer(
            answer=ConsentAnswer(data["answer"]),
            form=ConsentForm(data["form"]),
            answered_on=data["answered_on"],
            reference=data["reference"],
            upload=data["paper"],
        )
        return {"answer": answer}


class DropForm(ActForm):
    reason = words("bureau.referral.reason")
    is_sure = tick("bureau.referral.sure_drop")

    def given(self, data: Given) -> Given:
        return {"reason": data["reason"]}


class SignForm(ActForm):
    """An opinion and a signature: given once, never changed."""

    agrees = choice("bureau.referral.agrees", "bureau.referral.agrees", ("yes", "no"))
    text = words("bureau.referral.opinion", rows=3)
    is_sure = tick("bureau.referral.sure_sign")

    def given(self, data: Given) -> Given:
        return {"opinion": Opinion(agrees=data["agrees"] == "yes", text=data["text"])}


class PresidentForm(SignForm):
    number = line("bureau.referral.number", most=60, required=False)
    field_order = ("agrees", "number", "text", "is_sure")

    def given(self, data: Given) -> Given:
        return {**super().given(data), "number": data["number"]}


class ServeForm(ActForm):
    way = choice("bureau.referral.way", "enforcement.service", list(ServiceWay))
    served_on = day("bureau.referral.served_on")
    proof = line("bureau.referral.proof")
    field_order = ("service_ids",)

    def __init__(
        self, data: Any = None, *, services: Sequence[tuple[Service, str]]
    ) -> None:
        super().__init__(data)
        rows = ((one.pk, name) for one, name in services if one.served_on is None)
        self.fields["service_ids"] = some_of("bureau.referral.served_who", rows)
        self.order_fields(self.field_order)

    def given(self, data: Given) -> Given:
        delivery = Delivery(
            way=ServiceWay(data["way"]), served_on=data["served_on"], proof=data["proof"]
        )
        return {"service_ids": data["service_ids"], "delivery": delivery}


class SaleForm(ActForm):
    what = line("bureau.referral.goods")
    grounds = words("bureau.referral.perishable_grounds")
    is_perishable = tick("bureau.referral.is_perishable")
    buyer = line("bureau.referral.buyer")
    sold_on = day("bureau.referral.sold_on")
    field_order = ("target_id",)

    def __init__(self, data: Any = None, *, goods: Sequence[Property]) -> None:
        super().__init__(data)
        rows = ((one.pk, one.label) for one in goods)
        self.fields["target_id"] = one_of("bureau.referral.target", rows)
        self.fields["price_fen"] = YuanField(label=say("bureau.referral.price"))
        self.order_fields(self.field_order)

    def given(self, data: Given) -> Given:
        return {"sale": PerishableSale(**data)}


class SupplementForm(ActForm):
    answer = words("bureau.referral.supplement_answer", rows=3)


class ComplaintForm(ActForm):
    ground = choice(
        "bureau.referral.ground", "enforcement.complaint", list(ComplaintGround)
    )
    text = words("bureau.referral.complaint_text", rows=3)

    def given(self, data: Given) -> Given:
        return {"ground": ComplaintGround(data["ground"]), "text": data["text"]}


class AboveForm(ActForm):
    """What the court above has done, and when."""

    what = choice("bureau.referral.above", "bureau.referral.above", ("order", "take"))
    on = day("bureau.referral.above_on")


class RankForm(ActForm):
    level = choice("bureau.courts.level", "enforcement.court_level", list(CourtLevel))
    field_order = ("court_id", "level", "above_id")

    def __init__(self, data: Any = None, *, courts: Sequence[Organisation]) -> None:
        super().__init__(data)
        rows = [(one.pk, one.name) for one in courts]
        self.fields["court_id"] = one_of("bureau.courts.court", rows)
        above = one_of("bureau.courts.above", [(0, say("bureau.courts.none")), *rows])
        self.fields["above_id"] = above
        self.order_fields(self.field_order)

    def given(self, data: Given) -> Given:
        return {**data, "level": CourtLevel(data["level"]),
                "above_id": data["above_id"] or None}  # fmt: skip

"""Forms of clues, property reports and closing for now."""

from collections.abc import Iterable
from typing import Any

from django import forms

from zhipo.enforcement.actions.clues import ClueFinding, ClueGiven
from zhipo.enforcement.actions.reports import ItemGiven
from zhipo.enforcement.finding_states import ClueOutcome, ReportedChange
from zhipo.enforcement.models import EnforcementCase
from zhipo.enforcement.policies.closing import Answers
from zhipo.enforcement.states import PropertyKind
from zhipo.portals.bureau.forms_cases import (
    choice,
    day,
    line,
    money,
    tick,
    worded,
    words,
)
from zhipo.portals.bureau.forms_referral import ActForm, Given


class Repeated(ActForm):
    """One that may stand on a page many times: its labels hold their fields, no ids."""

    def __init__(self, data: Any = None, **given: Any) -> None:
        super().__init__(data, auto_id=False, **given)


class InCase(Repeated):
    """A form of one case among the court's own."""

    case_id = forms.TypedChoiceField(
        label=worded("bureau.clue.case"),
        coerce=int,
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, data: Any = None, *, cases: Iterable[EnforcementCase]) -> None:
        super().__init__(data)
        field = self.fields["case_id"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(case.pk, f"{case.number} {case.applicant}") for case in cases]


class OnceInCase(InCase):
    """One that is taken once, however often it is sent."""

    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput)


class ClueForm(OnceInCase):
    kind = choice("bureau.clue.kind", "enforcement.property", list(PropertyKind))
    text = words("bureau.clue.text", rows=3)
    reference = line("bureau.clue.reference", required=False)
    received_on = day("bureau.clue.received_on")
    is_concrete = tick("bureau.clue.is_concrete")
    is_urgent = tick("bureau.clue.is_urgent")

    def given(self, data: Given) -> Given:
        own = {"case_id": data.pop("case_id"), "form_key": data.pop("form_key")}
        data["kind"] = PropertyKind(data["kind"])
        return {**own, "given": ClueGiven(**data)}


class CompleteForm(Repeated):
    text = words("bureau.clue.added")
    completed_on = day("bureau.clue.completed_on")
    is_urgent = tick("bureau.clue.is_urgent")


class FindingForm(Repeated):
    outcome = choice("bureau.clue.outcome", "enforcement.clue", list(ClueOutcome))
    text = words("bureau.clue.finding")
    checked_on = day("bureau.clue.checked_on")
    reference = line("bureau.clue.found_reference", required=False)
    fen = money("bureau.clue.value", required=False, allow_zero=True)

    def given(self, data: Given) -> Given:
        data["outcome"] = ClueOutcome(data["outcome"])
        return {"finding": ClueFinding(**data)}


class ReportOrderForm(InCase):
    notice_received_on = day("bureau.report.notice_received_on")
    due_on = day("bureau.report.due_on")


class ReceiptForm(Repeated):
    received_on = day("bureau.report.received_on")


class ItemForm(Repeated):
    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    kind = choice("bureau.clue.kind", "enforcement.property", list(PropertyKind))
    change = choice("bureau.report.change", "enforcement.change", list(ReportedChange))
    text = words("bureau.report.text")
    fen = money("bureau.report.fen", required=False, allow_zero=True)
    changed_on = day("bureau.report.changed_on", required=False)
    reported_on = day("bureau.report.reported_on", required=False)
    counterparty = line("bureau.report.counterparty", required=False)
    burden = line("bureau.report.burden", required=False)

    def given(self, data: Given) -> Given:
        form_key = data.pop("form_key")
        data["kind"] = PropertyKind(data["kind"])
        data["change"] = ReportedChange(data["change"])
        return {"form_key": form_key, "given": ItemGiven(**data)}


class ReportedForm(Repeated):
    reported_on = day("bureau.report.reported_on")


class JudgeReportForm(Repeated):
    is_untrue = forms.TypedChoiceField(
        label=worded("bureau.report.truth"),
        coerce=lambda value: value == "yes",
        choices=[
            ("no", worded("bureau.report.is_true")),
            ("yes", worded("bureau.report.is_untrue")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    note = words("bureau.report.note")


class ClosingForm(Repeated):
    """The checklist: what the judge found; empty says not yet."""

    closed_on = day("bureau.closing.closed_on")
    restricted_on = day("bureau.closing.restricted_on", required=False)
    investigated = words("bureau.closing.investigated", required=False)
    searched = words("bureau.closing.searched", required=False)
    is_signed_by_applicant = tick("bureau.closing.is_signed")
    approval = line("bureau.closing.approval", required=False)

    def answers(self) -> Answers:
        return Answers(**self.cleaned_data)


class RequeryForm(Repeated):
    done_on = day("bureau.closing.done_on")
    result = line("bureau.closing.result", most=300)


class ResumeForm(Repeated):
    resumed_on = day("bureau.closing.resumed_on")
    reason = words("bureau.closing.resumed_for")

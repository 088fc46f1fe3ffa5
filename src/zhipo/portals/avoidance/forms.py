"""Forms of avoidable acts: one for each kind of entry, a search, a verdict."""

from collections.abc import Iterable
from typing import Any

from django import forms

from zhipo.enforcement.actions.avoidance import SearchGiven
from zhipo.enforcement.finding_states import CandidateState, DealingKind
from zhipo.enforcement.policies.avoidance import DealingGiven, Verdict
from zhipo.enforcement.states import Evidence
from zhipo.law.estate.avoidance import Shield
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

D = DealingKind
FIELDS: dict[DealingKind, tuple[str, ...]] = {
    D.RELATED: (),
    D.DEBT: ("due_on", "fen", "security_fen", "reference", "shields", "is_collusive"),
    D.GIFT: ("done_on", "fen", "reference"),
    D.PRICE: ("done_on", "price_fen", "fair_fen"),
    D.SECURITY: ("debt_on", "done_on", "fen"),
    D.WAIVER: ("done_on", "fen"),
    D.HIDING: ("done_on", "fen"),
    D.FABRICATED: ("done_on", "fen"),
}
"""What is asked for each kind of entry, between the counterparty and the evidence."""

NOT_NEEDED = {D.DEBT: frozenset({"fen"}), D.GIFT: frozenset({"done_on", "fen"})}
"""Of these, what may stay empty for a kind though others cannot do without."""


class DealingForm(ActForm):
    """What is known of one dealing; only the fields of its kind are there."""

    form_key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        choices=[(one, one) for one in DealingKind], widget=forms.HiddenInput
    )
    counterparty = line("avoidance.counterparty")
    due_on = day("avoidance.due_on")
    debt_on = day("avoidance.debt_on")
    done_on = day("avoidance.done_on")
    fen = money("avoidance.fen")
    price_fen = money("avoidance.price", allow_zero=True)
    fair_fen = money("avoidance.fair")
    security_fen = money("avoidance.security", required=False, allow_zero=True)
    reference = line("avoidance.reference", most=80, required=False)
    shields = forms.MultipleChoiceField(
        label=worded("avoidance.shields"),
        required=False,
        choices=[(one, worded(f"enforcement.shield.{one}")) for one in Shield],
        widget=forms.CheckboxSelectMultiple,
    )
    is_collusive = tick("avoidance.is_collusive")
    evidence = choice("avoidance.evidence", "enforcement.evidence", list(Evidence))
    grounds = words("avoidance.grounds")

    def __init__(self, data: Any = None, *, kind: DealingKind, **given: Any) -> None:
        super().__init__(data, **given)
        self.kind_given = kind
        spare = {name for names in FIELDS.values() for name in names} - set(FIELDS[kind])
        for name in spare:
            del self.fields[name]
        for name in NOT_NEEDED.get(kind, ()):
            self.fields[name].required = False
        if kind in {D.DEBT, D.GIFT}:
            self.fields["fen"].label = worded(f"avoidance.fen_{kind}")

    def given(self, data: Given) -> Given:
        form_key = data.pop("form_key")
        data["kind"] = self.kind_given
        data["evidence"] = Evidence(data["evidence"])
        if "shields" in data:
            data["shields"] = frozenset(Shield(one) for one in data["shields"])
        if "security_fen" in data:
            data["security_fen"] = data["security_fen"] or 0
        return {"form_key": form_key, "given": DealingGiven(**data)}


class SearchForm(ActForm):
    """What a search starts from; after acceptance its day is not asked for."""

    counted_on = day("avoidance.counted_on")
    cause_since = day("avoidance.cause_since")
    cause_grounds = line("avoidance.cause_grounds", most=300)
    least_fen = money("avoidance.least", required=False, allow_zero=True)

    def __init__(self, data: Any = None, *, is_accepted: bool, **given: Any) -> None:
        super().__init__(data, **given)
        if is_accepted:
            self.fields["counted_on"].disabled = True

    def given(self, data: Given) -> Given:
        data["least_fen"] = data["least_fen"] or 0
        return {"given": SearchGiven(**data)}


class VerdictForm(ActForm):
    """What becomes of a candidate; only the administrator may settle."""

    state = forms.ChoiceField(
        label=worded("avoidance.verdict"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    reason = words("avoidance.reason", rows=3)
    settled_fen = money("avoidance.settled", required=False, allow_zero=True)

    def __init__(self, data: Any = None, *, is_accepted: bool, **given: Any) -> None:
        super().__init__(data, **given)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(_verdicts(is_accepted=is_accepted))
        if not is_accepted:
            del self.fields["settled_fen"]

    def given(self, data: Given) -> Given:
        verdict = Verdict(
            CandidateState(data["state"]), data["reason"], data.get("settled_fen")
        )
        return {"verdict": verdict}


def _verdicts(*, is_accepted: bool) -> Iterable[tuple[str, Any]]:
    found = [CandidateState.PURSUED, CandidateState.DROPPED]
    if is_accepted:
        found.append(CandidateState.SETTLED)
    return ((one.value, worded(f"enforcement.candidate.{one}")) for one in found)

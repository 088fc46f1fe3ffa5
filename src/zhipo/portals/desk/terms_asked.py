"""Terms of a plan as an address or a form says them: read, and tried on their ground."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.shortcuts import get_object_or_404

from zhipo.cases.models import Case
from zhipo.distributions.building import Built, Ground, build, terms_of
from zhipo.distributions.grounds import kept_ground
from zhipo.distributions.models import Plan
from zhipo.distributions.outcomes import Outcome, tried
from zhipo.distributions.queries.plans import next_number, plans_of
from zhipo.distributions.terms import Terms
from zhipo.portals.desk.forms_plans import (
    TermsForm,
    asked_of,
    cost_forms,
    first_terms,
    with_more_costs,
)

NOT_TERMS = frozenset(
    {"number", "class", "sort", "page", "as", "into", "more_costs", "csrfmiddlewaretoken"}
)
"""What an address or a form may have beside the terms."""


@dataclass(frozen=True)
class Asked:
    """The two forms of an address, the plan they are about, and what they ask."""

    form: TermsForm
    costs: Any
    query: QueryDict
    plan: Plan | None

    @property
    def is_right(self) -> bool:
        """Whether both forms are filled in rightly; checks both."""
        return bool(self.form.is_valid()) and bool(self.costs.is_valid())

    @property
    def shows_costs(self) -> bool:
        """Whether a cost was entered, is wrong, or is about to be."""
        entered = any(one.data.get(one.add_prefix("title")) for one in self.costs)
        return entered or not self.costs.is_valid() or "more_costs" in self.query

    @property
    def terms(self) -> Terms:
        return self.form.terms(self.costs)

    @property
    def faults(self) -> list[tuple[str, str]]:
        """(field, reason) of everything that is wrong."""
        whole = [("", error) for error in self.costs.non_form_errors()]
        return whole + [
            (str(form[name].label) if name in form.fields else "", error)
            for form in (self.form, *self.costs)
            for name, errors in form.errors.items()
            for error in errors
        ]


def asked_in(case: Case, query: QueryDict) -> Asked:
    """The forms of an address: as it says, else as the plan it names, else the order."""
    plan = None
    if query.get("plan", "").isdigit():
        plan = get_object_or_404(plans_of(case), number=query["plan"])
    if "more_costs" in query:
        query = with_more_costs(query)
    elif "law_date" not in query:
        start = terms_of(plan) if plan else first_terms(case, next_number(case))
        query = asked_of(start)
    return Asked(TermsForm(query), cost_forms(case, query), query, plan)


def built_of(case: Case, asked: Asked) -> tuple[Ground, Built]:
    """The terms put together, and the ground they stand on."""
    terms = asked.terms
    ground = kept_ground(case, terms.law_date)
    return ground, build(ground, terms)


def terms_query(query: QueryDict) -> str:
    """The terms of an address, without what it asks of the creditors."""
    terms = query.copy()
    for key in NOT_TERMS:
        terms.pop(key, None)
    return terms.urlencode()


def outcome_asked(case: Case, query: QueryDict) -> Outcome | None:
    """What the terms of an address do; None where they cannot be carried out."""
    asked = asked_in(case, query)
    return tried(built_of(case, asked)[1]) if asked.is_right else None

"""Debtors as a list and each at a glance: sums over all courts, papers of none."""

from dataclasses import asdict, dataclass
from typing import Any, Self
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhipo.enforcement.models import Debtor, EnforcementCase
from zhipo.enforcement.queries.debtors import cases_known_of, debtors_visible_to
from zhipo.enforcement.states import EnforcementState
from zhipo.law.triage.cause import Eligible, Entity, eligibility

LONGEST_SEARCH = 60


@dataclass(frozen=True)
class DebtorFilter:
    """What the list is narrowed to; empty narrows nothing."""

    q: str = ""
    stage: str = ""
    entity: str = ""

    @classmethod
    def of(cls, given: dict[str, str]) -> Self:
        """The filter that an address asks for."""
        fields = {name: given.get(name, "").strip() for name in ("q", "stage", "entity")}
        return cls(**{**fields, "q": fields["q"][:LONGEST_SEARCH].replace("\x00", "")})

    @property
    def query(self) -> str:
        """The filter as an address asks for it."""
        return urlencode({name: value for name, value in asdict(self).items() if value})


def overview_of(user: Any, wanted: DebtorFilter) -> QuerySet[Debtor]:
    """The reader's debtors, each with `courts`, `case_count` and `owed_fen`, by name."""
    narrowed = Q()
    if wanted.stage:
        narrowed &= Q(stage=wanted.stage)
    if wanted.entity:
        narrowed &= Q(entity=wanted.entity)
    if wanted.q:
        narrowed &= _named_like(wanted.q)
    visible = debtors_visible_to(user).filter(narrowed).values("pk")
    running = ~Q(cases__state=EnforcementState.CLOSED)
    return (
        Debtor.objects.filter(pk__in=visible)
        .annotate(
            courts=Count("cases__court", distinct=True),
            case_count=Count("cases"),
            owed_fen=Coalesce(
                Sum(F("cases__amount_fen") - F("cases__paid_fen"), filter=running), 0
            ),
        )
        .order_by("name", "pk")
    )


def debtor_figures(debtor: Debtor) -> dict[str, Any]:
    """What the first page of a debtor says: cases of all courts, sums, may it go on."""
    cases = list(cases_known_of(debtor))
    return {
        "cases": cases,
        "courts": len({case.court_id for case in cases}),
        "owed_fen": sum(owed_fen(case) for case in cases),
        "other_names": debtor.other_names.order_by("joined_at"),
        "eligible": may_go_bankrupt(debtor),
    }


def may_go_bankrupt(debtor: Debtor) -> Eligible:
    """Whether a debtor of this kind may be referred at all (TRI-01)."""
    return eligibility(entity=Entity(debtor.entity))


def owed_fen(case: EnforcementCase) -> int:
    """What is unpaid on a case that is not closed for good, in fen."""
    if case.state == EnforcementState.CLOSED:
        return 0
    return case.amount_fen - case.paid_fen


def _named_like(text: str) -> Q:
    return (
        Q(name__icontains=text)
        | Q(other_names__name__icontains=text)
        | Q(credit_code__iexact=text)
        | Q(brand__icontains=text)
        | Q(cases__number__icontains=text)
    )

"""Cases of a debtor as a list: applicants of the reader's own courts alone."""

from dataclasses import dataclass
from typing import Any

from zhipo.accounts.models import Organisation
from zhipo.accounts.queries import organisations_where
from zhipo.enforcement.models import Debtor, EnforcementCase
from zhipo.enforcement.powers import TABLE, Act
from zhipo.enforcement.queries.debtors import cases_known_of, cases_visible_to
from zhipo.enforcement.queries.overview import owed_fen
from zhipo.enforcement.states import Stage


@dataclass(frozen=True)
class CaseRow:
    """One case; `is_own` says whether applicant and papers may be shown."""

    case: EnforcementCase
    is_own: bool

    @property
    def owed_fen(self) -> int:
        return owed_fen(self.case)


def case_rows(user: Any, debtor: Debtor) -> list[CaseRow]:
    """Every case known against a debtor, by day."""
    own = set(cases_visible_to(user).filter(debtor=debtor).values_list("pk", flat=True))
    return [CaseRow(case, case.pk in own) for case in cases_known_of(debtor)]


def courts_to_register_at(user: Any) -> list[Organisation]:
    """The courts at which a person may register cases, by name."""
    row = TABLE.row_in(Act.REGISTER_CASE, Stage.ENFORCING)
    assert row is not None
    ids = organisations_where(user, row.leads)
    return list(Organisation.objects.filter(pk__in=ids).order_by("name"))

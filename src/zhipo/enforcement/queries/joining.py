"""Debtors that may be one: proposed to whoever enforces against one of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Prefetch, Q, QuerySet

from zhipo.enforcement.finding_states import JoiningState, LinkKind
from zhipo.enforcement.linkage import (
    NAMES,
    PROPOSED_FROM,
    SHARED_BY_TOO_MANY,
    STAYS_APART,
    Ground,
    grounds_of,
    score_of,
)
from zhipo.enforcement.models import Debtor, EnforcementCase, Joining
from zhipo.enforcement.queries.debtors import debtors_visible_to
from zhipo.enforcement.states import Stage

PAIRS = """
WITH telling AS (
    SELECT kind, value FROM enforcement_linkagekey
    GROUP BY kind, value HAVING count(DISTINCT debtor_id) <= %(most)s
)
SELECT least(a.debtor_id, b.debtor_id), greatest(a.debtor_id, b.debtor_id),
       array_agg(DISTINCT a.kind)
FROM enforcement_linkagekey a
JOIN telling USING (kind, value)
JOIN enforcement_linkagekey b USING (kind, value)
JOIN enforcement_debtor one ON one.id = a.debtor_id
JOIN enforcement_debtor other ON other.id = b.debtor_id
WHERE a.debtor_id = ANY(%(mine)s) AND a.debtor_id <> b.debtor_id
  AND (one.credit_code = '' OR other.credit_code = '')
  AND one.entity = other.entity AND NOT one.entity = ANY(%(apart)s)
  AND one.stage <> %(over)s AND other.stage <> %(over)s
  AND NOT EXISTS (
      SELECT 1 FROM enforcement_joining j WHERE j.state = %(joined)s
      AND j.joined_id IN (a.debtor_id, b.debtor_id))
  AND NOT EXISTS (
      SELECT 1 FROM enforcement_joining j WHERE j.state = %(separate)s
      AND j.kept_id IN (a.debtor_id, b.debtor_id)
      AND j.joined_id IN (a.debtor_id, b.debtor_id))
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Proposal:
    """Two rows that may be one debtor, with the grounds and what they add up to."""

    kept: Debtor
    joined: Debtor
    grounds: list[Ground]

    @property
    def names_differ(self) -> bool:
        """Whether everything but the name agrees: then they may be related firms."""
        return not {ground.kind for ground in self.grounds} & set(NAMES)

    @property
    def score(self) -> int:
        return score_of(self.grounds)


def proposals_for(user: Any, debtor: Debtor | None = None) -> list[Proposal]:
    """Pairs of which one is the reader's, the likeliest first; of one debtor if given."""
    visible = debtors_visible_to(user)
    if debtor is not None:
        visible = visible.filter(pk=debtor.pk)
    pairs = _pairs(list(visible.values_list("pk", flat=True)))
    debtors = _with_cases({pk for one, other, _ in pairs for pk in (one, other)})
    found = [
        _proposal(debtors[one], debtors[other], kinds)
        for one, other, kinds in pairs
        if one in debtors and other in debtors
    ]
    likely = [one for one in found if one.score >= PROPOSED_FROM]
    return sorted(likely, key=lambda one: (-one.score, one.kept.name, one.joined.pk))


def joinings_of(debtor: Debtor) -> QuerySet[Joining]:
    """Every decision on who else a debtor is, the latest first."""
    return (
        Joining.objects.filter(Q(kept=debtor) | Q(joined=debtor))
        .select_related("kept", "joined", "by", "undone_by")
        .order_by("-at", "-pk")
    )


def joinings_visible_to(user: Any) -> QuerySet[Joining]:
    """Decisions of which one side is, or was before, a debtor of the reader's court."""
    mine = debtors_visible_to(user).values("pk")
    return Joining.objects.filter(Q(kept__in=mine) | Q(joined__in=mine))


def shared_kinds(one_id: int, other_id: int) -> list[str]:
    """The kinds of key whose value two debtors share."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT kind FROM enforcement_linkagekey a"
            " JOIN enforcement_linkagekey b USING (kind, value)"
            " WHERE a.debtor_id = %s AND b.debtor_id = %s",
            [one_id, other_id],
        )
        return [kind for (kind,) in cursor.fetchall()]


def _pairs(mine: list[int]) -> list[tuple[int, int, list[str]]]:
    values: dict[str, Any] = {
        "mine": mine,
        "most": SHARED_BY_TOO_MANY,
        "apart": [str(one) for one in STAYS_APART],
        "over": Stage.ACCEPTED,
        "joined": JoiningState.JOINED,
        "separate": JoiningState.KEPT_APART,
    }
    with connection.cursor() as cursor:
        cursor.execute(PAIRS, values)
        return [(one, other, kinds) for one, other, kinds in cursor.fetchall()]


def _with_cases(ids: Iterable[int]) -> dict[int, Debtor]:
    """Those of the debtors that have cases, with number and court of each."""
    cases = Prefetch("cases", EnforcementCase.objects.select_related("court"))
    debtors = (
        Debtor.objects.filter(pk__in=set(ids))
        .annotate(case_count=Count("cases"))
        .filter(case_count__gt=0)
        .prefetch_related(cases)
    )
    return {debtor.pk: debtor for debtor in debtors}


def _proposal(one: Debtor, other: Debtor, kinds: Iterable[str]) -> Proposal:
    kept, joined = (
        (other, one) if other.credit_code and not one.credit_code else (one, other)
    )
    grounds = grounds_of((LinkKind(kind) for kind in kinds), kept.name, joined.name)
    return Proposal(kept, joined, grounds)

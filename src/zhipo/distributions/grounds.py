"""The ground of plans for trying terms: read once for a state of the case, then kept.

What people try changes nothing, so it may stand on rows read a moment ago; an act never
uses what is kept here. Every act of a case writes to its trail and moves of money to its
book, so that the ends of both tell whether anything has changed.
"""

from datetime import date
from functools import lru_cache

from django.db.models import Max

from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.distributions.building import Ground, ground_of
from zhipo.ledger.models import Transaction

KEPT = 4
"""Grounds kept in a process: one of 32,000 claims takes some 10 MB."""


def kept_ground(case: Case, day: date) -> Ground:
    """The ground of plans of `day` as the case stands now."""
    moved = Transaction.objects.filter(book=case.number).aggregate(last=Max("pk"))
    told = Entry.objects.filter(chain=case.number).aggregate(last=Max("position"))
    return _ground(case.pk, day, moved["last"] or 0, told["last"] or 0)


@lru_cache(maxsize=KEPT)
def _ground(case_id: int, day: date, moved: int, told: int) -> Ground:
    """`moved` and `told` are there to be part of what is kept by."""
    return ground_of(Case.objects.get(pk=case_id), day)

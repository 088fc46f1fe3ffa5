"""The work that a worker does for a role."""

from typing import Any

from django.db.models import QuerySet

from zhipo.cases.models import Case
from zhipo.cases.queries import role_in
from zhipo.claims.background import BackgroundTask


def tasks_visible_to(user: Any, case: Case) -> QuerySet[BackgroundTask]:
    """What somebody in a role that the user holds in this case ordered, newest first."""
    return (
        BackgroundTask.objects.filter(case=case, role__in=role_in(user, case))
        .select_related("ordered_by", "document")
        .order_by("-ordered_at", "-pk")
    )

"""What every page of the bureau shows around its content: the debtor, tabs, who I am."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zhipo.accounts.roles import Role
from zhipo.enforcement.models import Debtor
from zhipo.enforcement.powers import open_acts
from zhipo.enforcement.queries.debtors import debtors_visible_to, roles_at
from zhipo.portals.access import for_roles, person
from zhipo.portals.navigation import addresses

for_bureau = for_roles(Role.ENFORCEMENT_JUDGE, Role.COURT_CLERK, Role.COURT_PRESIDENT)
"""The door: what may be done inside is the powers table's."""

TABS = (
    "cases", "inquiries", "properties", "clues", "avoidance", "memo", "referral", "stay",
    "bundle",
)  # fmt: skip
"""The tabs of a debtor, in the order of the work; each is the address bureau:<tab>."""


def debtor_of(request: HttpRequest, slug: str) -> Debtor:
    """The debtor, if the reader's court enforces against it. Raises Http404."""
    found = debtors_visible_to(person(request)).filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def bureau_page(
    request: HttpRequest,
    debtor: Debtor,
    template: str,
    content: Mapping[str, Any],
    *,
    tab: str,
    status: int = 200,
) -> HttpResponse:
    """A page on one debtor with its frame: tabs, roles, what may be done now."""
    by = person(request)
    frame = {
        "debtor": debtor,
        "tab": tab,
        "tabs": addresses("bureau", TABS, debtor.slug),
        "roles": sorted(roles_at(by, debtor)),
        "powers": open_acts(debtor, by),
        "today": timezone.localdate(),
        "page_key": uuid.uuid4().hex,
    }
    return render(request, template, {**frame, **content}, status=status)

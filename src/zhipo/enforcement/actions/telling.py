"""Telling a court's people what they must know of, once; marking that it was seen."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.models import BureauNotice, EnforcementCase
from zhipo.web.refusals import NotAllowed


def tell(
    case: EnforcementCase,
    phrase: str,
    *,
    key: str,
    now: datetime,
    role: Role = Role.ENFORCEMENT_JUDGE,
    **values: Any,
) -> bool:
    """Put a notice before a role of the case's court; False where it was told before.

    It is part of the act that found it out, which records itself.
    """
    _, is_new = BureauNotice.objects.get_or_create(
        key=f"{key}:{role}",
        defaults={
            "court_id": case.court_id,
            "role": role,
            "debtor_id": case.debtor_id,
            "case": case,
            "phrase": f"enforcement.notice.{phrase}",
            "values": {name: str(value) for name, value in values.items()},
            "at": now,
        },
    )
    return is_new


@transaction.atomic
def see_notice(*, notice_id: int, by: Any) -> BureauNotice:
    """Somebody of the role has seen it. Raises NotAllowed for others."""
    notice = (
        BureauNotice.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=notice_id)
    )
    if notice.court_id not in organisations_where(by, {Role(notice.role)}):
        raise NotAllowed("enforcement.refused.not_your_notice")
    if notice.seen_at is not None:
        return notice

    notice.seen_by, notice.seen_at = by, timezone.now()
    notice.save(update_fields=["seen_by", "seen_at"])

    record(Event.NOTICE_SEEN, of=notice, by=by, chain=notice.case.number, role=notice.role)
    return notice

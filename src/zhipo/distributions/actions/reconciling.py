"""A bill held against the case's own account: what does not match is kept with it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.powers import Act, check_power
from zhipo.distributions.models import Bill
from zhipo.distributions.queries.book import moved_on_account
from zhipo.ledger.kinds import ASSETS
from zhipo.ledger.models import Account
from zhipo.ledger.reconciling import Difference, Moved, reconcile
from zhipo.web.refusals import NotInState

LARGEST_BILL = 20 * 1024 * 1024


@dataclass(frozen=True)
class Statement:
    """A bill as it was read: its owner's name for it, its bytes' hash, its lines."""

    name: str
    sha256: str
    lines: Sequence[Moved]
    since: date
    until: date


def statement_of(name: str, content: bytes, lines: Sequence[Moved]) -> Statement:
    """A bill with the days that it covers. Raises NotInState where it holds no line."""
    if not lines:
        raise NotInState("distributions.refused.empty_bill")
    days = [line.on for line in lines]
    digest = hashlib.sha256(content).hexdigest()
    return Statement(name[:120], digest, lines, min(days), max(days))


@transaction.atomic
def reconcile_account(*, case_id: int, account: str, statement: Statement, by: Any) -> Bill:
    """Hold a bill against the account's own lines of the same days.

    The same bill again is compared anew: the book may have grown since. Raises
    NotAllowed, NotInState.
    """
    case = locked_case(case_id)
    check_power(case, Act.RECONCILE, by)
    if not Account.objects.filter(book=case.number, code=account, kind__in=ASSETS).exists():
        raise NotInState("distributions.refused.no_account", account=account)
    own = moved_on_account(case, account, since=statement.since, until=statement.until)
    differences = reconcile(own, statement.lines)

    bill, _ = Bill.objects.update_or_create(
        case=case,
        account_code=account,
        sha256=statement.sha256,
        defaults={
            "name": statement.name,
            "since": statement.since,
            "until": statement.until,
            "lines": [_line(line) for line in statement.lines],
            "matched": _matched(len(statement.lines), differences),
            "differences": [_difference(one) for one in differences],
            "read_by": by,
            "read_at": timezone.now(),
        },
    )

    record(Event.BILL_RECONCILED, of=bill, by=by, chain=case.number, account=account,
           lines=len(statement.lines), differences=len(differences))  # fmt: skip
    return bill


def _matched(lines: int, differences: Sequence[Difference]) -> int:
    return lines - sum(one.bill is not None for one in differences)


def _line(line: Moved) -> dict[str, Any]:
    return asdict(line) | {"on": line.on.isoformat()}


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "why": one.why,
        "book": _line(one.book) if one.book else None,
        "bill": _line(one.bill) if one.bill else None,
    }

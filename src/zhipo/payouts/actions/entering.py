"""A batch's results are entered together, and one that cannot be holds up no other."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import DatabaseError, InterfaceError, OperationalError
from psycopg.errors import DeadlockDetected

from zhipo.payouts.actions.settling import settle
from zhipo.payouts.states import OrderState
from zhipo.payouts.work import Done

logger = logging.getLogger(__name__)


def settle_each(found: Sequence[Done], *, now: datetime) -> Counter[OrderState]:
    """`settle`, in halves where the whole fails. What fails alone is left as it was: its
    order is asked about again once its turn is over.

    Raises OperationalError, InterfaceError where the database itself is gone.
    """
    try:
        return settle(found, now=now)
    except (DatabaseError, InterfaceError, ValueError, LookupError) as error:
        if _is_database_gone(error):
            raise
        if len(found) == 1:
            logger.exception("what came of order %s", found[0].work.reference)
            return Counter()
    half = len(found) // 2
    first = settle_each(found[:half], now=now)
    return first + settle_each(found[half:], now=now)


def _is_database_gone(error: Exception) -> bool:
    is_deadlock = isinstance(error.__cause__, DeadlockDetected)
    is_gone = isinstance(error, OperationalError | InterfaceError)
    return is_gone and not is_deadlock

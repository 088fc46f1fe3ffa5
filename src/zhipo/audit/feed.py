"""A chain read from where a reader left off."""

from zhipo.audit.models import Entry


def entries_after(chain: str, *, position: int, limit: int) -> list[Entry]:
    """At most `limit` entries of a chain after a position, in order.

    A writer locks its chain until it commits, so no entry appears below one that was
    read: a reader who remembers the last position misses nothing.
    """
    return list(
        Entry.objects.filter(chain=chain, position__gt=position).order_by("position")[
            :limit
        ]
    )

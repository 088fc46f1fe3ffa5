"""Recording acts in the transaction in which they are done, and verifying the chains."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.links import BrokenLink, first_broken
from zhipo.audit.models import ChainHead, Entry

SYSTEM = "system"


class NotInTransaction(RuntimeError):
    """An act records itself in its own transaction, or does not happen."""


def record(
    event: Event, *, of: object, by: Any, chain: str = SYSTEM, role: str = "", **detail: Any
) -> None:
    """Write one entry. `of` is the thing acted upon, `by` a User or None for the system.

    `detail` holds counts, sums in fen, states, ids: never personal data.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(str(event))
    Entry.objects.create(
        chain=chain,
        at=timezone.now(),
        event=event,
        actor=f"user {by.pk}" if by is not None else SYSTEM,
        role=role or ("creditor" if by is not None and not by.is_staff_member else ""),
        subject=f"{type(of).__name__.lower()} {getattr(of, 'pk', of)}",
        detail=detail,
    )


def first_broken_link(chain: str) -> BrokenLink | None:
    """The first place where a chain does not hold, None where it is whole."""
    with transaction.atomic():
        found = first_broken(chain, links(chain))
        head = ChainHead.objects.filter(pk=chain).first()
    if isinstance(found, BrokenLink):
        return found
    end = (found.position, found.hash)
    if (head.position, head.hash) != end if head else found.position:
        return BrokenLink(chain, found.position + 1, "cut off")
    return None


def chains() -> list[str]:
    """The names of all chains, those whose head was taken away included."""
    headed = ChainHead.objects.values_list("chain")
    return sorted(chain for (chain,) in headed.union(Entry.objects.values_list("chain")))


def links(chain: str) -> Iterator[dict[str, Any]]:
    """Entries in order, with the text that the database's trigger hashed."""
    query = (
        "SELECT position, previous_hash, hash, audit_content(e) AS content"
        " FROM audit_entry e WHERE chain = %s ORDER BY position"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [chain])
        while rows := cursor.fetchmany(5_000):
            for position, previous, digest, content in rows:
                yield {
                    "position": position,
                    "previous_hash": previous,
                    "hash": digest,
                    "content": content,
                }

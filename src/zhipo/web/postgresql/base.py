"""Django's PostgreSQL backend, which looks at a connection before it asks the server."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A kept connection is checked before each request without a word to the server.

    A server that ended has closed the socket, and a closed socket can be read from. Only
    then it is asked: one answer less to wait for in every page.
    """

    def is_usable(self) -> bool:
        """Whether the next statement will find a server."""
        kept = self.connection
        if kept is None or kept.closed:
            return False
        return not _can_read(kept.fileno()) or bool(super().is_usable())


def _can_read(descriptor: int) -> bool:
    looking = select.poll()
    looking.register(descriptor, select.POLLIN)
    return bool(looking.poll(0))

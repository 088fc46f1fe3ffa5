"""How statements and their parameters reach PostgreSQL."""

from typing import Any, Self

from psycopg import ClientCursor, Cursor
from psycopg.abc import Params

MOST_PARAMETERS = 2**16 - 1
"""So many PostgreSQL takes beside one statement."""


class AnyNumberCursor(Cursor[Any]):
    """Parameters go beside the statement; where they are too many, they stand in it.

    So no act has to know the limit: a list of 32,000 people is one statement.
    """

    def execute(self, query: Any, params: Params | None = None, **how: Any) -> Self:
        if params is not None and len(params) > MOST_PARAMETERS:
            query, params = _written_out(self, query, params), None
        return super().execute(query, params, **how)


def _written_out(cursor: Cursor[Any], query: Any, params: Params) -> bytes:
    with ClientCursor(cursor.connection) as client:
        return client.mogrify(query, params).encode()

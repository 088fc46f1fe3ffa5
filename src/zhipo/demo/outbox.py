"""The codes in the sandbox's outbox, read as quickly as consumers ask for them."""

import re
from typing import Any

from django.db import connection
from psycopg import AsyncConnection, OperationalError

from zhipo.kernel.identifiers import parse_phone
from zhipo.privacy.columns import decrypt, lookup_hash

CODE = re.compile(r"\d{6}")
LATEST = """SELECT text FROM gateways_outboxmessage WHERE phone_hash = %s
    ORDER BY id DESC LIMIT 1"""


class NoCode(RuntimeError):
    """The sandbox holds no code for a phone, or cannot be asked."""


class Outbox:
    """What was sent to phones, over one connection of its own to the database."""

    def __init__(self) -> None:
        self._connection: AsyncConnection[Any] | None = None

    async def code_of(self, phone: str) -> str:
        """The last code sent to a phone. Raises NoCode."""
        key = lookup_hash("phone", parse_phone(phone))
        try:
            row = await self._row(key)
        except OperationalError as broken:
            self._connection = None
            raise NoCode("the database is away") from broken
        found = CODE.search(decrypt(bytes(row[0]))) if row is not None else None
        if found is None:
            raise NoCode("no code was sent")
        return found[0]

    async def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _row(self, key: str) -> Any:
        if self._connection is None:
            parameters = connection.get_connection_params()
            address = {
                name: parameters[name]
                for name in ("dbname", "user", "password", "host", "port")
                if parameters.get(name)
            }
            self._connection = await AsyncConnection.connect(**address, autocommit=True)
        cursor = await self._connection.execute(LATEST, (key,))
        return await cursor.fetchone()

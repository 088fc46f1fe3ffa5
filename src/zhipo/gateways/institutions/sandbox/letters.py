"""Signing what leaves an institution: with its key, its retired key, or a stranger's."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from zhipo.gateways.institutions.keys import (
    Directory,
    PrivateKey,
    new_private_key,
    read_private_keys,
)
from zhipo.gateways.institutions.moments import utc_now
from zhipo.gateways.institutions.sandbox.behaviour import Manner
from zhipo.gateways.institutions.sandbox.plan import DIRECTORY, private_file
from zhipo.gateways.institutions.signing import Exchange, Signer


@dataclass(frozen=True)
class Letters:
    """One institution's pens, and the directory of those it writes to."""

    directory: Directory
    used: PrivateKey
    retired: PrivateKey

    def response(
        self, exchange: Exchange, body: bytes, *, to: str, nonce: str, manner: Manner
    ) -> dict[str, str]:
        """The headers that sign a response."""
        signer = self._signer(manner)
        return signer.response(exchange, body, to=to, nonce=nonce or secrets.token_hex(16))

    def post(
        self, exchange: Exchange, body: bytes, *, to: str, manner: Manner
    ) -> dict[str, str]:
        """The headers that sign an answer posted to a court."""
        return self._signer(manner).request(exchange, body, to=to)

    def _signer(self, manner: Manner) -> Signer:
        """FORGED is a stranger's key under the institution's own name."""
        if manner is Manner.OLD_KEY:
            return Signer(self.retired, utc_now)
        if manner is Manner.FORGED:
            return Signer(new_private_key(self.used.party, self.used.key_id), utc_now)
        return Signer(self.used, utc_now)


def read_letters(home: Path, party: str) -> Letters:
    """The keys and the directory that `lay_out` has written."""
    directory = Directory.model_validate_json((home / DIRECTORY).read_bytes())
    used, retired = read_private_keys(private_file(home, party))
    return Letters(directory, used, retired)

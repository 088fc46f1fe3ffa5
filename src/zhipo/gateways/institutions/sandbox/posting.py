"""Answers posted to the court that asked, at least once each, by a thread beside the web.

A post that fails is tried again for a while and then left: the court polls. What was in
line when the process was killed is posted after its next start.
"""

import threading
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from zhipo.gateways.institutions.client import CALLBACK_PATH
from zhipo.gateways.institutions.sandbox.arrivals import Arrivals
from zhipo.gateways.institutions.sandbox.book import opened
from zhipo.gateways.institutions.sandbox.desk import Desk
from zhipo.gateways.institutions.sandbox.letters import Letters
from zhipo.gateways.institutions.signing import Exchange

TRIES = 8
PAUSE_SECONDS = 0.5
TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class Poster:
    """One institution's postman."""

    desk: Desk
    letters: Letters
    bell: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Post in the background until the process ends."""
        threading.Thread(target=self._go_on, name="posting", daemon=True).start()
        self.bell.set()

    def _go_on(self) -> None:
        with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as http:
            while True:
                self.bell.wait()
                self.bell.clear()
                while self.post_all(http):
                    self.bell.wait(PAUSE_SECONDS)
                    self.bell.clear()

    def post_all(self, http: httpx.Client) -> bool:
        """Try every post in line once; whether any is left to be tried again."""
        with opened(self.desk.book) as sql:
            rows = sql.execute(
                "SELECT position, order_id FROM post WHERE is_done = 0 ORDER BY position"
            ).fetchall()
        for position, order_id in rows:
            is_taken = self._post(http, UUID(order_id))
            with opened(self.desk.book) as sql:
                sql.execute(
                    "UPDATE post SET tried = tried + 1, "
                    "is_done = (? OR tried + 1 >= ?) WHERE position = ?",
                    (is_taken, TRIES, position),
                )
        with opened(self.desk.book) as sql:
            left = sql.execute("SELECT 1 FROM post WHERE is_done = 0 LIMIT 1").fetchone()
        return left is not None

    def _post(self, http: httpx.Client, order_id: UUID) -> bool:
        """Whether the court took it; a court without an address is not posted to."""
        with opened(self.desk.book) as sql:
            arrival = Arrivals(sql).find(order_id)
        assert arrival is not None
        court = self.letters.directory.party(arrival.order.court.party)
        if not court.address:
            return True
        path = f"{CALLBACK_PATH}/{order_id}"
        spoken = self.desk.say(order_id, court=court.party)
        headers = self.letters.post(
            Exchange("POST", path), spoken.body, to=court.party, manner=spoken.manner
        )
        sent = {**headers, "content-type": "application/json"}
        try:
            taken = http.post(f"{court.address}{path}", content=spoken.body, headers=sent)
        except httpx.HTTPError:
            return False
        return taken.is_success

"""The first part of the demonstration: institutions up, then everything before the case.

The institutions stay up until the demonstration ends, so that whoever signs in as a judge
may ask them; from then on their clocks are those of the day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhipo.demo.court_days import Network
    from zhipo.demo.court_effect import CourtEffect
    from zhipo.demo.steps import Clock

INSTITUTIONS = 6


@dataclass(frozen=True)
class Begun:
    """What the case begins with, and the institutions that go on."""

    effect: "CourtEffect"
    network: "Network"

    def set_clock_of_today(self) -> None:
        """Have the institutions live on the day on which they are looked at."""
        self.network.set_clock(datetime.now(UTC))


@contextmanager
def begun_at_court(
    *, home: Path, out: Path, consumers: int, ports: tuple[int, int], clock: "Clock"
) -> Iterator[Begun]:
    """Bring the debtor from its first enforcement case to the accepted bankruptcy.

    `ports`: the court's own, to which answers are posted, and the first of the
    institutions'. The environment of this process and of those it starts then names the
    institutions' directory. Again it adds nothing.
    """
    from zhipo.demo.court_days import SharedClock, known_until
    from zhipo.demo.court_network import letter_box, network_up
    from zhipo.demo.court_run import run_court
    from zhipo.demo.web_case import case_files
    from zhipo.enforcement.courts import client_of

    court, first = ports
    with network_up(home, consumers=consumers, court=court, first=first) as network:
        with clock.step("court") as shown, letter_box(court) as box:
            folder = case_files(out, consumers=consumers)
            shared = SharedClock(network, client_of, box.take_in, now=known_until())
            effect = run_court(home=home, folder=folder, clock=shared, told=shown.count)
        yield Begun(effect, network)

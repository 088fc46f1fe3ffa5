"""A crowd at the door: as many as go in at once, or one after the other at a pace."""

import asyncio
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit

from zhipo.demo.consumers import GONE_WRONG, Consumer, Visit
from zhipo.demo.http_line import Line
from zhipo.demo.outbox import Outbox

WARM_UP = 16
"""Consumers who are not counted: each process reads templates and words at its first."""


VISITS_AN_ADDRESS = 50
"""Every so many visits a line is hung up, and the next one comes from somewhere else."""


class RovingLine(Line):
    """From another address of loopback each time it is opened, where the system has them.

    A crowd has thousands of addresses, and attempts are counted by address.
    """

    def comes_from(self) -> tuple[str, int] | None:
        if sys.platform != "linux":
            return None
        return f"127.1.{random.randrange(256)}.{random.randrange(1, 255)}", 0


@dataclass
class Phase:
    """What came of one phase; `failed` are the words in which each failure ended."""

    seconds: float = 0.0
    visits: list[Visit] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Complete filings a second."""
        return len(self.visits) / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class Door:
    """Where the crowd goes in, and how many go in at the same time."""

    address: str
    slug: str
    at_once: int

    async def as_fast_as_it_goes(self, phones: Sequence[str], *, seconds: float) -> Phase:
        """`at_once` browsers, each with the next consumer when one is done."""
        phase, outbox, waiting = Phase(), Outbox(), iter(phones)
        until = perf_counter() + seconds

        async def keep_filing() -> None:
            line = self._line()
            for phone in waiting:
                await _file(Consumer(phone, self.slug, outbox), line, phase)
                if perf_counter() > until:
                    break
            line.close()

        began = perf_counter()
        await asyncio.gather(*(keep_filing() for _ in range(self.at_once)))
        phase.seconds = perf_counter() - began
        await outbox.close()
        return phase

    async def at_pace(
        self, phones: Sequence[str], *, rate: float, seconds: float, seed: int
    ) -> Phase:
        """Consumers come by chance, `rate` a second on average, whoever still waits.

        Nobody waits for the one before, so a queue shows in the times instead of slowing
        the crowd down.
        """
        phase, outbox, chance = Phase(), Outbox(), random.Random(seed)
        free: list[Line] = []

        async def come(phone: str) -> None:
            line = free.pop() if free else self._line()
            await _file(Consumer(phone, self.slug, outbox), line, phase)
            free.append(line)

        began = due = perf_counter()
        async with asyncio.TaskGroup() as group:
            for phone in phones:
                due += chance.expovariate(rate)
                if due - began > seconds:
                    break
                await asyncio.sleep(max(0.0, due - perf_counter()))
                group.create_task(come(phone))
        phase.seconds = perf_counter() - began
        for line in free:
            line.close()
        await outbox.close()
        return phase

    def _line(self) -> Line:
        place = urlsplit(self.address)
        return RovingLine(str(place.hostname), int(place.port or 80))


async def _file(consumer: Consumer, line: Line, phase: Phase) -> None:
    try:
        phase.visits.append(await consumer.file(line))
    except GONE_WRONG as wrong:
        line.close()
        phase.failed.append(f"{type(wrong).__name__}: {wrong}")
    if len(phase.visits) % VISITS_AN_ADDRESS == 0:
        line.close()

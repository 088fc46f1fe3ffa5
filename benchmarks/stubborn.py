"""A crowd that does not give up: whoever gets no answer taps again, or begins anew."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from impatient import ImpatientLine
from zhipo.demo.consumers import GONE_WRONG, Consumer, Visit
from zhipo.demo.http_line import LineBroken
from zhipo.demo.outbox import Outbox

MOST_TRIES = 200
PAUSE_SECONDS = 0.3
HANGS_UP_ONE_IN = 20
HANGS_UP_WITHIN_SECONDS = 0.1


@dataclass
class StubbornCrowd:
    """Who has a receipt in hand, and who tapped without an answer."""

    slug: str
    receipts: dict[str, list[str]] = field(default_factory=dict)  # by phone
    lost: dict[str, datetime] = field(default_factory=dict)  # when they tried again
    again: list[str] = field(default_factory=list)  # whom the second tap gave the receipt
    broken: int = 0  # requests without an answer, or with an error
    gave_up: list[str] = field(default_factory=list)
    is_over: bool = False

    async def file(
        self, phones: Sequence[str], *, at: tuple[str, int], at_once: int, seed: int
    ) -> None:
        """Until `is_over`, or until everybody has filed."""
        outbox, waiting = Outbox(), iter(phones)

        async def keep_filing(number: int) -> None:
            line = ImpatientLine(*at, random.Random(f"{seed}:{number}"))
            for count, phone in enumerate(waiting, start=1):
                hangs_up = count % HANGS_UP_ONE_IN == 0
                line.within = HANGS_UP_WITHIN_SECONDS if hangs_up else 0.0
                await self._persist(Consumer(phone, self.slug, outbox), line)
                if self.is_over:
                    break
            line.close()

        await asyncio.gather(*(keep_filing(number) for number in range(at_once)))
        await outbox.close()

    async def _persist(self, consumer: Consumer, line: ImpatientLine) -> None:
        for _ in range(MOST_TRIES):
            try:
                visit = await self._try(consumer, line)
            except GONE_WRONG as wrong:
                self.broken += 1
                line.close()
                if consumer.phone in self.lost and not isinstance(wrong, LineBroken):
                    consumer.tapped = None  # signed out, or an error page: all anew
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                self.receipts[consumer.phone] = visit.receipts
                return
        self.gave_up.append(consumer.phone)

    async def _try(self, consumer: Consumer, line: ImpatientLine) -> Visit:
        if consumer.tapped is None:
            return await consumer.file(line)
        self.lost.setdefault(consumer.phone, datetime.now(UTC))
        visit = await consumer.tap_again(line)
        self.again.append(consumer.phone)
        return visit

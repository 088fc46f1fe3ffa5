"""A browser that is closed in the middle of the tap: whether it counted, nobody told it."""

import asyncio
import random

from zhipo.demo.http_line import Answer, Line, LineBroken


class ImpatientLine(Line):
    """Hangs up once, at a moment by chance, while the tap is on its way."""

    within = 0.0
    """Seconds after the tap within which it hangs up; 0: it waits for the answer."""

    def __init__(self, host: str, port: int, chance: random.Random) -> None:
        super().__init__(host, port)
        self._chance = chance

    async def ask(
        self, method: str, path: str, *, cookies: dict[str, str], form: str | None = None
    ) -> Answer:
        """As Line.ask, unless it is the tap and the patience is short."""
        if not (self.within and method == "POST" and path.endswith("/file")):
            return await super().ask(method, path, cookies=cookies, form=form)
        patience, self.within = self._chance.uniform(0.0, self.within), 0.0
        try:
            async with asyncio.timeout(patience):
                return await super().ask(method, path, cookies=cookies, form=form)
        except TimeoutError:
            self.close()
            raise LineBroken("hung up") from None

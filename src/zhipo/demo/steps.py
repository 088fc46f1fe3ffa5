"""Steps of a demonstration: each with its own progress, and how long it took."""

import time

from zhipo.demo.words import words
from zhipo.engine.progress import Shown


class Clock:
    """Seconds by step, each step with its own progress on standard error."""

    def __init__(self, lang: str | None) -> None:
        self.lang = lang
        self.seconds: dict[str, float] = {}

    def step(self, name: str) -> "Step":
        """A step to be worked in `with`; its words are `step.<name>`."""
        return Step(self, name)


class Step(Shown):
    """One step under way."""

    def __init__(self, clock: Clock, name: str) -> None:
        self._says = words(f"step.{name}", lang=clock.lang)
        super().__init__(stage=self._says)
        self._clock = clock
        self._name = name

    def __enter__(self) -> "Step":
        self._began = time.monotonic()
        super().__enter__()
        return self

    def __exit__(self, *told: object) -> None:
        super().__exit__(*told)
        self._clock.seconds[self._name] = round(time.monotonic() - self._began, 2)

    def count(self, done: int, total: int) -> None:
        """Tell how far the step is."""
        self.told(self._says)(done, total)

"""Progress on standard error: nothing for two seconds, then a bar with the time left."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from zhipo.engine.words import words

QUIET_SECONDS = 2
"""Work shorter than this shows nothing."""
LINE_EVERY_SECONDS = 10
"""How often a line is printed where there is no terminal."""
TICK_SECONDS = 0.2


@dataclass
class Progress:
    """How far the work is, as a share of one; stages have weights that sum to one.

    The base class shows nothing: what tests and libraries use.
    """

    done: float = 0.0
    stage: str = ""
    _weight: float = 0.0
    _ask: Callable[[], float] | None = field(default=None, repr=False)

    @contextmanager
    def at(
        self, stage: str, weight: float, ask: Callable[[], float] | None = None
    ) -> Iterator[None]:
        """Work on a stage that is `weight` of the whole; `ask` tells its share done."""
        self.stage, self._weight, self._ask = stage, weight, ask
        try:
            yield
        finally:
            self._ask = None
        self.done = min(1.0, self.done + weight)

    def told(self, stage: str) -> Callable[[int, int], None]:
        """A listener for work that counts itself: (done, of all)."""
        self.stage, self._weight = stage, 1.0

        def tell(done: int, total: int) -> None:
            share = done / max(1, total)
            self._ask = lambda: share

        return tell

    def share(self) -> float:
        """The share of the whole that is done by now."""
        inside = 0.0
        if self._ask is not None:
            inside = min(1.0, max(0.0, self._ask()))
        return min(0.999, self.done + self._weight * inside)


class Shown(Progress):
    """A progress that people see, drawn by a thread of its own."""

    def __enter__(self) -> "Shown":
        self._stop = threading.Event()
        self._started = time.monotonic()
        self._thread = threading.Thread(target=self._draw, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _draw(self) -> None:
        if self._stop.wait(QUIET_SECONDS):
            return
        if sys.stderr.isatty():
            self._draw_bar()
        else:
            self._print_lines()

    def _draw_bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
        console = Console(stderr=True)
        with Bar(*columns, console=console, transient=True) as bar:
            task = bar.add_task(self._line(), total=1.0)
            while not self._stop.wait(TICK_SECONDS):
                bar.update(task, completed=self.share(), description=self._line())

    def _print_lines(self) -> None:
        while True:
            print(self._line(), file=sys.stderr, flush=True)
            if self._stop.wait(LINE_EVERY_SECONDS):
                return

    def _line(self) -> str:
        share = self.share()
        elapsed = time.monotonic() - self._started
        left = round(elapsed * (1 - share) / share) if share > 0.01 else 0
        percent = round(share * 100)
        return words(
            "progress.left", stage=self.stage, percent=percent, seconds=left or "?"
        )

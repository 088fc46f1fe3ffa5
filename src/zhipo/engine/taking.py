"""Files read by threads of their own, while the engine is still loading."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from zhipo.engine import intake
from zhipo.engine.fields import Field
from zhipo.engine.progress import Progress
from zhipo.engine.readers import parquet_damage
from zhipo.engine.words import words
from zhipo.kernel.faults import Fault, Refused


@dataclass(frozen=True)
class Wanted:
    """A file that a job needs: what the job calls it, its columns, its key."""

    name: str
    path: Path
    fields: tuple[Field, ...]
    key: str


@dataclass(frozen=True)
class Taken:
    """A file as the engine may read it, or its faults.

    Where keys rise (`is_rising`) none stands twice; elsewhere the engine has to count.
    """

    wanted: Wanted
    path: Path
    is_rising: bool = False
    faults: tuple[Fault, ...] = ()


@contextmanager
def reading(
    wanted: Sequence[Wanted], *, work: Path, shown: Progress, weight: float
) -> Iterator[Callable[[], list[Taken]]]:
    """Begin to read files; the block loads its engine and then asks for all of them."""
    named = ", ".join(one.path.name for one in wanted)

    def taken() -> list[Taken]:
        with shown.at(words("stage.read", name=named), weight, lambda: _share(begun)):
            return [one.result() for one in begun]

    with ThreadPoolExecutor(max_workers=len(wanted)) as readers:
        begun = [readers.submit(_taken, one, work) for one in wanted]
        try:
            yield taken
        except BaseException:
            readers.shutdown(wait=False, cancel_futures=True)
            raise


def _taken(wanted: Wanted, work: Path) -> Taken:
    try:
        path = intake.take_in(wanted.path, wanted.fields, work=work, name=wanted.name)
        is_rising = intake.is_strictly_rising(path, wanted.key)
    except Refused as refused:
        return Taken(wanted, wanted.path, faults=tuple(refused.faults))
    except (pa.ArrowException, OSError):
        damage = parquet_damage(wanted.path)
        if damage is None:
            raise
        return Taken(wanted, wanted.path, faults=(damage,))
    return Taken(wanted, path, is_rising)


def _share(begun: Sequence[Future[Taken]]) -> float:
    return sum(one.done() for one in begun) / len(begun)

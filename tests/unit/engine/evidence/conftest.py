"""Small files of our own, imported into a ledger, and the ledger as rows."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from zhipo.engine.evidence.importing import Asking, import_ledger
from zhipo.kernel.faults import Fault, Refused


@dataclass
class Bench:
    """A folder to write sources into and to import from."""

    folder: Path
    out: Path = field(init=False)

    def __post_init__(self) -> None:
        self.out = self.folder / "out" / "ledger.parquet"
        self.out.parent.mkdir()

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def read(self, read_as: str, *sources: Path, **asking: Any) -> list[dict[str, Any]]:
        """The events of the ledger."""
        import_ledger(sources, read_as=read_as, out=self.out, asking=Asking(**asking))
        rows: list[dict[str, Any]] = pq.read_table(self.out).to_pylist()
        return rows

    def faults(self, read_as: str, *sources: Path, **asking: Any) -> list[Fault]:
        """The faults of an import that must be refused and leave nothing behind."""
        with pytest.raises(Refused) as refused:
            import_ledger(sources, read_as=read_as, out=self.out, asking=Asking(**asking))
        assert list(self.out.parent.iterdir()) == []
        return refused.value.faults

    @property
    def manifest(self) -> dict[str, Any]:
        text = self.out.with_suffix(".manifest.json").read_text(encoding="utf-8")
        table: dict[str, Any] = json.loads(text)
        return table

    @property
    def left_out(self) -> list[str]:
        path = self.out.with_suffix(".left_out.csv")
        return path.read_text(encoding="utf-8").splitlines()[1:]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def new_bench(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Bench]:
    return lambda: Bench(tmp_path_factory.mktemp("bench"))

"""The import of a ledger: sources sealed, read, judged, compared, then in place."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from zhipo.engine.evidence.expressions import Query
from zhipo.engine.evidence.faults import FaultList, fault
from zhipo.engine.evidence.finishing import finish
from zhipo.engine.evidence.manifest import Manifest, input_table
from zhipo.engine.evidence.mapping import Mapping, mapping_called
from zhipo.engine.evidence.reading import ROWS_A_BATCH, Source, batches, open_sources
from zhipo.engine.evidence.sealing import Seal, seal
from zhipo.engine.evidence.staging import Part, Stage
from zhipo.engine.evidence.stances import NOTHING_ASKED, PERSPECTIVES, Asking, stance_of
from zhipo.engine.evidence.tallies import Tallies, against_declared
from zhipo.engine.stopping import begun
from zhipo.kernel.faults import Refused, refuse_if_any

ENDINGS = (".parquet", ".csv")
Progress = Callable[[int, int], None]
"""Told (bytes done, bytes in all); each input's bytes count twice, sealed and read."""


def import_ledger(
    sources: Sequence[Path],
    *,
    read_as: str,
    out: Path,
    asking: Asking = NOTHING_ASKED,
    progress: Progress | None = None,
) -> Manifest:
    """Read `sources` as `read_as` (a format or a mapping file) into the ledger `out`.

    Beside it stand `<stem>.manifest.json`, `<stem>.left_out.csv` and, if any row stands
    twice, `<stem>.duplicates.csv`; all of them or none. Raises Refused with every fault.
    """
    _check_asking(out, asking)
    mapping = mapping_called(read_as)
    paths = _files(sources, mapping)
    if out.resolve() in {path.resolve() for path in paths}:
        refuse_if_any([fault(out.name, "out_is_source", column="--out")])
    with _writing(out) as folder:
        steps = _Steps(paths, progress)
        return _Import(mapping, asking, folder, steps).run(paths, out)


def _check_asking(out: Path, asking: Asking) -> None:
    if out.suffix.lower() not in ENDINGS:
        refuse_if_any(
            [
                fault(
                    "",
                    "bad_ending",
                    column="--out",
                    value=out.name,
                    endings=", ".join(ENDINGS),
                )
            ]
        )
    if asking.perspective not in (None, *PERSPECTIVES):
        value = str(asking.perspective)
        refuse_if_any([fault("", "bad_perspective", column="--perspective", value=value)])
    if not out.parent.is_dir():
        refuse_if_any([fault("", "no_folder", column="--out", value=out.parent.name)])


def _files(sources: Sequence[Path], mapping: Mapping) -> list[Path]:
    """The files named, and those of folders that match the mapping's pattern, in order."""
    patterns = mapping.keys.get("files", [])
    patterns = [patterns] if isinstance(patterns, str) else patterns
    found: list[Path] = []
    for source in sources:
        if source.is_dir() and patterns:
            inside = {path for pattern in patterns for path in source.glob(pattern)}
            if not inside:
                refuse_if_any(
                    [fault(source.name, "nothing_in_folder", patterns=", ".join(patterns))]
                )
            found += sorted(inside)
        else:
            found.append(source)
    if not found:
        refuse_if_any([fault("", "no_sources")])
    return found


@contextmanager
def _writing(out: Path) -> Iterator[Path]:
    """A folder for the parts, gone whatever happens; a full disk is a fault like others."""
    with begun(out.parent / f".{out.stem}.{uuid.uuid4().hex[:8]}.part") as folder:
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            reason = error.strerror or str(error)
            raise Refused([fault(out.name, "cannot_write", reason=reason)]) from error
        try:
            yield folder
        except RuntimeError as error:
            # DuckDB answers Ctrl-C with an error of its own.
            if "interrupted" not in str(error).lower():
                raise
            raise KeyboardInterrupt from error
        except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
            raise Refused([fault(out.name, "cannot_write", reason=error)]) from error


class _Steps:
    """Progress in bytes: sealing is one half of the way, reading the other."""

    def __init__(self, paths: list[Path], progress: Progress | None) -> None:
        self.progress = progress
        self.total = 2 * sum(path.stat().st_size for path in paths if path.is_file())
        self.done = 0

    def advance(self, size: int) -> None:
        self.done = min(self.total, self.done + size)
        if self.progress is not None:
            self.progress(self.done, self.total)


@dataclass
class _Import:
    """One import under way."""

    mapping: Mapping
    asking: Asking
    folder: Path
    steps: _Steps
    faults: FaultList = field(default_factory=FaultList)
    opened: list["_Opened"] = field(default_factory=list)

    def run(self, paths: list[Path], out: Path) -> Manifest:
        stage = Stage(self.folder, self.faults)
        manifest = Manifest(self.mapping, out.name, tallies=Tallies(self.mapping))
        try:
            for group in self._alike(paths):
                rows, parts = _together(group), {one.number: one.part for one, _ in group}
                stage.take(rows, group[0][0].query, parts)
            stage.close()
            for one in self.opened:
                self._close(one, manifest)
            self._judge_whole(manifest)
            self.faults.refuse_if_any()
            names = [one.source.name for one in self.opened]
            return finish(stage, manifest, names=names, out=out)
        finally:
            stage.abandon()

    def _alike(self, paths: list[Path]) -> Iterator[list["_Group"]]:
        """Batches in reading order; small ones of the same shape together."""
        group: list[_Group] = []
        held = 0
        for one, batch in self._read(paths):
            is_full = held + len(batch) > ROWS_A_BATCH
            if group and (is_full or group[0][0].query.shape != one.query.shape):
                yield group
                group, held = [], 0
            group.append((one, batch))
            held += len(batch)
        if group:
            yield group

    def _read(self, paths: list[Path]) -> Iterator["_Group"]:
        for source in self._tables(paths):
            try:
                query = Query(
                    self.mapping,
                    source.header,
                    stance_of(source, self.mapping, self.asking),
                )
                part = Part(source.name, Tallies(self.mapping))
                one = _Opened(len(self.opened) + 1, source, query, part)
                self.opened.append(one)
                yield from ((one, batch) for batch in self._with_progress(source))
            except Refused as refused:
                self.faults.extend(refused.faults)

    def _with_progress(self, source: Source) -> Iterator[pa.RecordBatch]:
        left, rows = source.seal.size, max(1, source.expected_rows)
        for batch in batches(source, self.mapping):
            yield batch
            step = min(left, source.seal.size * len(batch) // rows)
            self.steps.advance(step)
            left -= step
        self.steps.advance(left)

    def _tables(self, paths: list[Path]) -> Iterator[Source]:
        """Every table of every file; one that cannot be opened is a fault, not the end."""
        known: dict[str, str] = {}
        for path, name in zip(paths, _names(paths), strict=True):
            try:
                encoding = self.mapping.keys.get("encoding", "auto")
                sealed = seal(path, name, encoding=encoding, tick=self.steps.advance)
                if sealed.sha256 in known:
                    other = known[sealed.sha256]
                    refuse_if_any([fault(name, "same_file_twice", other=other)])
                known[sealed.sha256] = name
                yield from open_sources(sealed, self.mapping)
            except Refused as refused:
                self.faults.extend(refused.faults)

    def _close(self, one: "_Opened", manifest: Manifest) -> None:
        """What can be said of a table once it is read to its end."""
        source, part = one.source, one.part
        self.faults.extend(source.faults)
        if not source.rows and not source.faults:
            self.faults.add(fault(source.name, "header_only", row=source.header.row))
        if _is_changed(source.seal):
            self.faults.add(fault(source.name, "changed_while_read"))
        differences, faults = against_declared(source, part.tallies)
        self.faults.extend(faults)
        manifest.differences += differences
        manifest.inputs.append(input_table(source, part, one.query.stance))
        manifest.sums.add_all(part.sums)
        assert manifest.tallies is not None
        manifest.tallies.add_all(part.tallies)

    def _judge_whole(self, manifest: Manifest) -> None:
        """Refuse differences where the format is one whose totals must agree."""
        assert manifest.tallies is not None
        manifest.differences += manifest.tallies.against_expected()
        must_agree = self.mapping.keys.get("on_difference", "report") == "refuse"
        if must_agree and not self.asking.accept_differences:
            for entry in manifest.differences:
                place, declared = entry.row, entry.declared
                self.faults.add(
                    fault(
                        entry.file,
                        "difference",
                        row=place,
                        column=entry.what,
                        declared=declared,
                        read=entry.read,
                    )
                )
        if not manifest.events and not self.faults.count:
            self.faults.add(fault("", "no_event", rows=manifest.rows))


def _names(paths: list[Path]) -> list[str]:
    """Each file by its name, or by its whole path where two have the same name."""
    counts = Counter(path.name for path in paths)
    return [path.name if counts[path.name] == 1 else str(path) for path in paths]


def _is_changed(sealed: Seal) -> bool:
    now = sealed.path.stat()
    return (now.st_size, now.st_mtime_ns) != (sealed.size, sealed.changed_ns)


def _together(group: Sequence["_Group"]) -> pa.Table:
    """Batches as one table, each row with the number of its source."""
    tables = []
    for one, batch in group:
        numbers = pa.array(np.full(len(batch), one.number, np.int32))
        arrays = [numbers, *batch.columns]
        tables.append(pa.Table.from_arrays(arrays, ["source", *batch.schema.names]))
    return pa.concat_tables(tables)


@dataclass(frozen=True)
class _Opened:
    """One table under reading: its number, its query, its sums."""

    number: int
    source: Source
    query: Query
    part: Part


_Group = tuple[_Opened, pa.RecordBatch]

"""The end of an import: duplicates dropped, lists written, all put in place."""

import hashlib
from pathlib import Path

import pyarrow.parquet as pq

from zhipo.engine.evidence.balances import balance_breaks
from zhipo.engine.evidence.duplicates import list_duplicates
from zhipo.engine.evidence.manifest import Manifest
from zhipo.engine.evidence.staging import LEDGER, Stage
from zhipo.engine.evidence.tallies import Difference
from zhipo.engine.stopping import go_on, undisturbed

EVENTS = "events.parquet"
IN_ORDER = "SELECT * FROM read_parquet('{events}') ORDER BY event_id"
WITHOUT_DROPPED = """SELECT events.* FROM read_parquet('{events}') AS events ANTI JOIN
    (SELECT printf('%05d-%09d', source, "row") AS event_id FROM dropped) USING (event_id)
    ORDER BY event_id"""
EIGHT_HOURS = 8 * 3_600_000_000
AS_CSV = f"""SELECT event_id, holder_id,
    strftime(make_timestamp(epoch_us("at") + {EIGHT_HOURS}), '%Y-%m-%dT%H:%M:%S.%f+08:00')
        AS "at", kind, fen, ref, channel, payer_account FROM ({{}})"""


def finish(stage: Stage, manifest: Manifest, *, names: list[str], out: Path) -> Manifest:
    """Write ledger, manifest and lists in the stage's folder, then rename them."""
    folder = stage.folder
    rule = str(manifest.mapping.keys.get("duplicates", "keep"))
    manifest.duplicates = list_duplicates(
        stage.con, folder, rule=rule, rows=manifest.rows, names=names
    )
    _compare_balances(stage, manifest)
    _count_dropped(stage, manifest)
    ledger = _write_ledger(stage, out, is_thinned=manifest.duplicates["dropped"] > 0)
    manifest.ledger_sha256 = _sha256(ledger)
    manifest.write(folder / "manifest.json")
    go_on()
    with undisturbed():
        _put_in_place(ledger, manifest, out)
    return manifest


def _compare_balances(stage: Stage, manifest: Manifest) -> None:
    for number, entry in enumerate(manifest.inputs, start=1):
        if not entry["has_balance"]:
            continue
        found = balance_breaks(stage.con, stage.folder, number)
        if found is not None:
            entry["balance"] = found
            if found["breaks"]:
                read = str(found["breaks"])
                manifest.differences.append(
                    Difference(entry["name"], "balance breaks", "0", read, found["rows"][0])
                )


def _count_dropped(stage: Stage, manifest: Manifest) -> None:
    if not manifest.duplicates["dropped"]:
        return
    found = stage.con.execute(
        f"""SELECT kind, count(*), sum(fen) FROM read_parquet('{_text(stage, EVENTS)}')
        WHERE event_id IN (SELECT printf('%05d-%09d', source, "row") FROM dropped)
        GROUP BY kind"""
    ).fetchall()
    for kind, rows, fen in found:
        manifest.dropped.add_kind(kind, rows, int(fen))


def _write_ledger(stage: Stage, out: Path, *, is_thinned: bool) -> Path:
    """The ledger in its folder: as staged where nothing changes, else written anew."""
    staged = stage.folder / EVENTS
    is_csv = out.suffix.lower() == ".csv"
    if not is_thinned and not is_csv:
        return staged
    template = WITHOUT_DROPPED if is_thinned else IN_ORDER
    query = template.format(events=_text(stage, EVENTS))
    target = stage.folder / f"ledger{out.suffix.lower()}"
    place = str(target).replace("'", "''")
    if is_csv:
        stage.con.execute(
            f"COPY ({AS_CSV.format(query)}) TO '{place}' (FORMAT csv, HEADER)"
        )
    else:
        _copy_parquet(stage, query, target)
    return target


def _copy_parquet(stage: Stage, query: str, target: Path) -> None:
    with pq.ParquetWriter(target, LEDGER, compression="zstd") as writer:
        for batch in stage.con.sql(query).to_arrow_reader(200_000):
            writer.write_batch(batch.cast(LEDGER))


def _text(stage: Stage, name: str) -> str:
    return str(stage.folder / name).replace("'", "''")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _put_in_place(ledger: Path, manifest: Manifest, out: Path) -> None:
    """Rename the parts; the ledger last, so that where it stands, all of it stands."""
    folder, stem = ledger.parent, out.with_suffix("")
    duplicates = stem.with_name(stem.name + ".duplicates.csv")
    out.unlink(missing_ok=True)
    (folder / "left_out.csv").replace(stem.with_name(stem.name + ".left_out.csv"))
    if manifest.duplicates["rows"]:
        (folder / "duplicates.csv").replace(duplicates)
    else:
        duplicates.unlink(missing_ok=True)
    (folder / "manifest.json").replace(stem.with_name(stem.name + ".manifest.json"))
    ledger.replace(out)

"""Outputs whole or absent; the same on every path and on every run."""

import hashlib
import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhipo.engine.evidence import reading
from zhipo.engine.evidence.importing import import_ledger
from zhipo.engine.evidence.mapping import formats
from zhipo.kernel.faults import Refused

HEADER = "流水号,会员号,时间,类型,金额(元),订单号,渠道,付款账号\n"
CELLS = st.text(st.sampled_from('甲a"7 .-/\t¥'), max_size=4)


def book(rows):
    kinds = ("充值", "赠送", "提货", "退款")
    lines = [
        f"L{i},M{i % 7},2024-01-01 10:00:{i % 60:02d},{kinds[i % 4]},{i}.25,D{i},微信,w\n"
        for i in range(rows)
    ]
    return HEADER + "".join(lines)


def test_ledger_has_the_contracts_columns_in_reading_order(bench):
    events = bench.read("xianxiangjia", bench.write("b.csv", book(2000)))

    schema = pq.read_schema(bench.out)
    assert schema.names == [
        *("event_id", "holder_id", "at", "kind", "fen", "ref", "channel", "payer_account")
    ]
    assert schema.field("at").type == pa.timestamp("us", "UTC")
    assert schema.field("fen").type == pa.int64()
    assert [e["ref"] for e in events] == [f"D{i}" for i in range(2000)]
    ids = [e["event_id"] for e in events]
    assert ids == sorted(set(ids))


def test_manifest_seals_inputs_and_ledger(bench):
    path = bench.write("b.csv", book(40))

    bench.read("xianxiangjia", path)

    (entry,) = bench.manifest["inputs"]
    assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (entry["size"], entry["rows"]) == (path.stat().st_size, 40)
    ledger = hashlib.sha256(bench.out.read_bytes()).hexdigest()
    assert bench.manifest["ledger"] == {
        "name": "ledger.parquet",
        "sha256": ledger,
        "rows": 40,
    }
    assert bench.manifest["kinds"]["top_up"] == {"rows": 10, "fen": 18250}


def test_parquet_and_csv_of_one_book_give_one_ledger(bench):
    source = bench.write("b.csv", book(500))
    table = pacsv.read_csv(source)
    pq.write_table(table, bench.folder / "b.parquet")

    from_csv = bench.read("xianxiangjia", source)
    from_parquet = bench.read("xianxiangjia", bench.folder / "b.parquet")

    assert from_csv == from_parquet


def test_two_runs_write_the_same_bytes(bench):
    path = bench.write("b.csv", book(500))

    bench.read("xianxiangjia", path)
    first = bench.out.read_bytes()
    bench.read("xianxiangjia", path)

    assert bench.out.read_bytes() == first


def test_ledger_as_csv(bench):
    path = bench.write("b.csv", book(2))
    out = bench.out.with_suffix(".csv")

    import_ledger([path], read_as="xianxiangjia", out=out)

    lines = out.read_text(encoding="utf-8").splitlines()
    assert lines[1] == (
        "00001-000000002,M0,2024-01-01T10:00:00.000000+08:00,top_up,25,D0,微信,w"
    )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(cells=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
def test_careful_path_reads_what_the_fast_path_reads(new_bench, cells):
    lines = [
        f"L{i},M1,2024-01-01 10:00:00,充值,1.00,{one},{two},w\n"
        for i, (one, two) in enumerate(cells)
    ]
    results = []
    for fast in (reading._fast_batches, lambda *_: iter(())):
        bench = new_bench()
        path = bench.write("b.csv", HEADER + "".join(lines))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reading, "_fast_batches", fast)
            try:
                results.append(bench.read("xianxiangjia", path))
            except Refused as refused:
                results.append([str(fault) for fault in refused.faults])

    assert results[0] == results[1]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    start=st.sampled_from(
        [b"", HEADER.encode(), HEADER.encode("gb18030"), b"PK\x03\x04", b"PAR1"]
    ),
    content=st.binary(max_size=300),
    read_as=st.sampled_from(sorted(formats())),
)
def test_random_bytes_are_refused_or_read_and_never_crash(
    new_bench, start, content, read_as
):
    bench = new_bench()
    path = bench.write("any.csv", start + content)

    with suppress(Refused):
        bench.read(read_as, path)

    left = {path.name for path in bench.out.parent.iterdir()}
    whole = {"ledger.parquet", "ledger.manifest.json", "ledger.left_out.csv"}
    assert not left or whole <= left


def test_duplicates_in_one_file_and_across_files(bench):
    line = "2024-01-0{},CNY,-3.00,90.00,付款,王五,x\n"
    header = "记账日期,货币,交易金额,联机余额,交易摘要,对手信息,客户摘要\n"
    one = bench.write("1.csv", header + line.format(1) + line.format(2) * 2)
    two = bench.write("2.csv", header + line.format(2) * 3 + line.format(3))

    events = bench.read("cmb", one, two)

    assert [e["event_id"] for e in events] == [
        *("00001-000000002", "00001-000000003", "00001-000000004"),
        *("00002-000000004", "00002-000000005"),
    ]
    counts = bench.manifest["duplicates"]
    assert (counts["rows"], counts["dropped"]) == (4, 2)
    assert bench.manifest["kinds"]["refund"] == {"rows": 5, "fen": 1500}
    listed = (
        bench.out.with_suffix(".duplicates.csv").read_text(encoding="utf-8").splitlines()
    )
    assert listed[1:3] == ["1.csv,4,1.csv,3,0", "2.csv,2,1.csv,3,1"]


def test_refused_import_leaves_an_older_ledger_alone(bench):
    bench.read("xianxiangjia", bench.write("b.csv", book(3)))
    before = {path.name: path.read_bytes() for path in bench.out.parent.iterdir()}

    with pytest.raises(Refused):
        bench.read("xianxiangjia", bench.write("bad.csv", book(3).replace("0.25", "x")))

    assert {path.name: path.read_bytes() for path in bench.out.parent.iterdir()} == before


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_interrupt_leaves_nothing(bench, monkeypatch, error):
    def interrupted(*_):
        yield from ()
        raise error

    monkeypatch.setattr("zhipo.engine.evidence.importing.batches", interrupted)

    with pytest.raises(KeyboardInterrupt):
        bench.read("xianxiangjia", bench.write("b.csv", book(3)))

    assert list(bench.out.parent.iterdir()) == []


FULL_DISK = """
import sys
from contextlib import suppress
from pathlib import Path
from zhipo.engine.evidence.importing import import_ledger
from zhipo.kernel.faults import Refused
try:
    import_ledger([Path(sys.argv[1])], read_as="xianxiangjia", out=Path(sys.argv[2]))
except Refused as refused:
    print(refused.faults[0])
    sys.exit(2)
"""


def limit_files_to_20_kib():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20 << 10, 20 << 10))


def test_disk_that_fills_up_is_a_fault_and_leaves_nothing(bench):
    path = bench.write("b.csv", book(30_000))

    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path), str(bench.out)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit_files_to_20_kib,
        env={**os.environ, "PYTHONPATH": str(Path(reading.__file__).parents[3])},
    )

    assert run.returncode == 2, run.stderr
    assert "ledger.parquet" in run.stdout
    assert list(bench.out.parent.iterdir()) == []


def test_progress_ends_at_the_whole(bench):
    told = []
    path = bench.write("b.csv", book(300))

    import_ledger(
        [path],
        read_as="xianxiangjia",
        out=bench.out,
        progress=lambda done, total: told.append((done, total)),
    )

    assert told[-1] == (2 * path.stat().st_size,) * 2
    assert told == sorted(told)

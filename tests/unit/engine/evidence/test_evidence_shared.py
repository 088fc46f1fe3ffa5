"""The shared samples and the whole of UCI Online Retail, where the folder is present."""

import os
import tarfile
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("ZHIPO_SHARED_DATA", "/nonexistent"))
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="ZHIPO_SHARED_DATA names no folder with the shared data"
)
BILLS = "payment_bills"
MERCHANT = "wechat_merchant_bills"
SAMPLES = [
    ("alipay", f"{BILLS}/alipay/*.csv", 10, {"top_up": 21164, "refund": 22229453}),
    ("wechat", f"{BILLS}/wechat/*.csv", 27, {"top_up": 290453, "refund": 2849}),
    ("wechat", f"{BILLS}/wechat/*.xlsx", 27, {"top_up": 290453, "refund": 2849}),
    ("icbc", f"{BILLS}/icbc/credit/*.csv", 9, {"top_up": 36313}),
    ("icbc", f"{BILLS}/icbc/debit-v1/*.csv", 11, {"top_up": 284174, "refund": 424108}),
    ("icbc", f"{BILLS}/icbc/debit-v2/*.csv", 11, {"top_up": 284174, "refund": 424108}),
    ("cmb", f"{BILLS}/cmb/credit/*.csv", 6, {"top_up": 805678, "refund": 390}),
    ("cmb", f"{BILLS}/cmb/debit/*.csv", 5, {"top_up": 123400, "refund": 101314}),
    ("boc", f"{BILLS}/boc/credit/*.csv", 14, {"top_up": 122809, "refund": 98983}),
    ("boc", f"{BILLS}/boc/debit/*.csv", 17, {"top_up": 982100, "refund": 939430}),
    ("ccb", f"{BILLS}/ccb/*.xls", 6, {"refund": 70326}),
    ("wechat-trade", f"{MERCHANT}/tradebill_03.csv", 3, {"top_up": 3}),
    ("wechat-trade", f"{MERCHANT}/tradebill_07.csv", 2, {"refund": 2}),
    ("wechat-trade", f"{MERCHANT}/tradebill_09.csv", 1, {"top_up": 1}),
]


@pytest.mark.parametrize(("read_as", "pattern", "rows", "fen"), SAMPLES)
def test_sample(bench, read_as, pattern, rows, fen):
    (path,) = FOLDER.glob(pattern)

    bench.read(read_as, path)

    assert bench.manifest["rows"] == rows
    assert {k: v["fen"] for k, v in bench.manifest["kinds"].items()} == fen


def test_fund_flow_that_lacks_a_row_is_refused_unless_accepted(bench):
    path = FOLDER / MERCHANT / "fundflow_00.csv"

    assert len(bench.faults("wechat-fundflow", path)) == 3
    bench.read("wechat-fundflow", path, accept_differences=True)
    assert len(bench.manifest["differences"]) == 3


def test_fund_flow_with_a_corrupted_total_is_refused(bench):
    faults = bench.faults("wechat-fundflow", FOLDER / MERCHANT / "fundflow_01.csv")

    assert "a0.02" in [fault.value for fault in faults]


def test_uci_online_retail_reads_every_line(bench, tmp_path):
    (archive,) = (FOLDER / "online_retail").glob("*.tar.xz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "uci", filter="data")
    folder = next((tmp_path / "uci").rglob("2010-12-01.csv")).parent

    bench.read("uci-online-retail", folder)

    manifest = bench.manifest
    assert manifest["rows"] == 541_909
    assert manifest["differences"] == []
    assert manifest["tallies"][0] == {"name": "gross", "rows": 541909, "sum": "9747747.934"}
    assert [t["rows"] for t in manifest["tallies"][1:]] == [9288, 3, 135_080]
    assert manifest["duplicates"]["rows"] == 5268
    assert len(bench.left_out) == 135_120

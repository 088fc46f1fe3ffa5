"""Hostile and clumsy input: refused with its place, and nothing is left behind."""

import pytest

HEADER = "流水号,会员号,时间,类型,金额(元),订单号,渠道,付款账号\n"
ROW = "L1,M1,2024-01-01 10:00:00,充值,10.00,D1,微信,wx1\n"
GOOD = HEADER + ROW
MONEY = "金额(元)"


def with_row(old, new):
    return HEADER + ROW.replace(old, new)


WHOLE_FILES = {
    "empty": (b"", 0, "空文件"),
    "header only": (HEADER, 1, "只有表头"),
    "a zero byte": (GOOD.replace("M1", "M\0"), 2, "NUL"),
    "binary": (bytes(range(256)) * 20, 2, "文字"),
    "two encodings": (GOOD.encode() + ROW.encode("gb18030"), 3, "文字"),
    "a lying workbook": (b"PK\x03\x04garbage", 0, "工作簿"),
    "a lying old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 90, 0, "工作簿"),
    "a lying Parquet file": (b"PAR1abcPAR1", 0, "Parquet"),
    "one endless line": ("x" * 3_000_000, 1, "一百万"),
    "no header of ours": ("a,b,c\n1,2,3\n", 0, "流水号"),
}


@pytest.mark.parametrize("circumstance", WHOLE_FILES)
def test_whole_file_is_refused(bench, circumstance):
    content, row, words = WHOLE_FILES[circumstance]

    (fault, *_) = bench.faults("xianxiangjia", bench.write("f.csv", content))

    assert (fault.file, fault.row) == ("f.csv", row)
    assert words in fault.message


HEADERS = {
    "in fen": (HEADER.replace("(元)", "(分)"), "金额(分)"),
    "in ten thousands": (HEADER.replace("(元)", "（万元）"), "金额(万元)"),
    "two amounts of one name": (HEADER.replace("渠道", "金额"), "金额"),
    "an amount nobody explained": (HEADER.replace("渠道", "实付金额"), "实付金额"),
    "a currency nobody explained": (HEADER.replace("渠道", "币种"), "币种"),
    "a direction nobody explained": (HEADER.replace("渠道", "借贷标志"), "借贷标志"),
    "a status nobody explained": (HEADER.replace("渠道", "订单状态"), "订单状态"),
    "a name twice": (HEADER.replace("渠道", "订单号"), "订单号"),
    "a column missing": (HEADER.replace("会员号", "客户"), "会员号"),
}


@pytest.mark.parametrize("circumstance", HEADERS)
def test_header_of_a_relative_is_refused(bench, circumstance):
    header, column = HEADERS[circumstance]

    (fault, *_) = bench.faults("xianxiangjia", bench.write("f.csv", header + ROW))

    assert (fault.row, fault.column) == (1, column)


def test_unit_stated_above_the_header_is_believed(bench):
    (fault,) = bench.faults("xianxiangjia", bench.write("f.csv", "单位：万元\n" + GOOD))

    assert fault.value == "万元"


ROWS = {
    "no amount": ("10.00", "", MONEY),
    "masked": ("10.00", "xx.yy", MONEY),
    "dollars": ("10.00", "$10.00", MONEY),
    "scientific": ("10.00", "1e3", MONEY),
    "a misplaced comma": ("10.00", '"12,34.50"', MONEY),
    "European": ("10.00", '"1.234,56"', MONEY),
    "negative": ("10.00", "-5", MONEY),
    "part of a fen": ("10.00", "1.005", MONEY),
    "10^18 fen": ("10.00", "10000000000000000", MONEY),
    "forty digits": ("10.00", "9" * 40, MONEY),
    "day or month": ("2024-01-01 10:00:00", "01/02/2024", "时间"),
    "no such day": ("2024-01-01 10:00:00", "2024-02-30", "时间"),
    "a spreadsheet's number for a day": ("2024-01-01 10:00:00", "45292.5", "时间"),
    "the year 24": ("2024-01-01 10:00:00", "0024-01-01 10:00:00", "时间"),
    "an unknown kind": ("充值", "转让", "类型"),
    "too few cells": (",D1,微信,wx1", "", ""),
    "too many cells": ("wx1", "wx1,more", ""),
}


@pytest.mark.parametrize("circumstance", ROWS)
def test_row_that_cannot_be_read_is_a_fault_with_its_place(bench, circumstance):
    old, new, column = ROWS[circumstance]
    second = ROW.replace(old, new)

    (fault,) = bench.faults("xianxiangjia", bench.write("f.csv", GOOD + second))

    assert (fault.file, fault.row, fault.column) == ("f.csv", 3, column)


def test_identifier_turned_into_a_number_is_refused(bench):
    (fault,) = bench.faults("xianxiangjia", bench.write("f.csv", with_row("M1", "1.2E+15")))

    assert fault.row == 2
    assert "位数已丢失" in fault.message


def test_line_end_inside_quotes_is_refused_unless_the_mapping_allows_it(bench):
    faults = bench.faults(
        "xianxiangjia", bench.write("f.csv", with_row("微信", '"微\n信"'))
    )

    assert [fault.row for fault in faults] == [2, 3]


def test_all_faults_of_all_files_are_told_together(bench):
    one = bench.write(
        "a.csv", HEADER + ROW.replace("10.00", "x") + ROW.replace("充值", "y")
    )
    two = bench.write("b.csv", "")

    faults = bench.faults("xianxiangjia", one, two, bench.folder / "none.csv")

    assert {(f.file, f.row) for f in faults} == {
        ("a.csv", 2),
        ("a.csv", 3),
        ("b.csv", 0),
        ("none.csv", 0),
    }


def test_faults_are_capped_and_the_rest_counted(bench, monkeypatch):
    monkeypatch.setattr("zhipo.engine.evidence.faults.MOST_KEPT", 5)
    text = HEADER + ROW.replace("10.00", "x") * 9

    faults = bench.faults("xianxiangjia", bench.write("f.csv", text))

    assert len(faults) == 6
    assert "4" in faults[-1].message


ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_line_end_and_delimiter_are_found(bench, encoding, end, delimiter):
    text = (GOOD + ROW.replace("L1", "L2")).replace("\n", end).replace(",", delimiter)

    events = bench.read("xianxiangjia", bench.write("f.csv", text.encode(encoding)))

    assert [(e["holder_id"], e["fen"]) for e in events] == [("M1", 1000)] * 2


GOOD_AMOUNTS = {'"1,234.50"': 123450, "¥0.07": 7, "￥1.500": 150, " 3 ": 300, "2元": 200}


@pytest.mark.parametrize("text", GOOD_AMOUNTS)
def test_amounts_are_read_exactly(bench, text):
    (event,) = bench.read("xianxiangjia", bench.write("f.csv", with_row("10.00", text)))

    assert event["fen"] == GOOD_AMOUNTS[text]


GOOD_TIMES = {
    "2024-01-01 10:00:00": "2024-01-01T02:00:00",
    "2024-01-01T10:00:00Z": "2024-01-01T10:00:00",
    "2024-01-01 10:00:00+09:00": "2024-01-01T01:00:00",
    "2024/1/5 9:30": "2024-01-05T01:30:00",
    "20240105": "2024-01-04T16:00:00",
    "2024年1月5日": "2024-01-04T16:00:00",
}


@pytest.mark.parametrize("text", GOOD_TIMES)
def test_times_are_of_the_mappings_zone_unless_they_say_otherwise(bench, text):
    path = bench.write("f.csv", with_row("2024-01-01 10:00:00", text))

    (event,) = bench.read("xianxiangjia", path)

    assert event["at"].isoformat() == GOOD_TIMES[text] + "+00:00"


def test_folder_the_same_file_and_an_output_over_a_source_are_refused(bench):
    one, two = bench.write("a.csv", GOOD), bench.write("b.csv", GOOD)

    assert "文件夹" in bench.faults("alipay", bench.folder)[0].message
    assert "a.csv" in bench.faults("xianxiangjia", one, two)[0].message
    assert bench.faults("no-such-format", one)[0].value == "no-such-format"
    assert bench.faults("xianxiangjia", one, holder="H")[0].column == "--holder"
    assert bench.faults("xianxiangjia", one, perspective="holder")[0].value == "holder"


def test_ledger_without_any_event_is_refused(bench):
    (fault,) = bench.faults("xianxiangjia", bench.write("f.csv", with_row("M1", "")))

    assert "1" in fault.message

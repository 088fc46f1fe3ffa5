"""Each shipped format, read from small files of our own in its layout."""

from pathlib import Path

import pytest
import xlsxwriter

SAMPLES = Path(__file__).with_name("samples")


def sample(name):
    return (SAMPLES / f"{name}.csv").read_text(encoding="utf-8")


def short(events):
    return [(e["holder_id"], e["kind"], e["fen"], e["ref"]) for e in events]


def test_alipay_in_gb18030_with_padding_and_tabs(bench):
    path = bench.write("bill.csv", sample("alipay").encode("gb18030"))

    events = bench.read("alipay", path)

    me = "lin@example.cn"
    assert short(events) == [
        (me, "top_up", 10000, "A1"),
        (me, "top_up", 3000, "A2"),
        (me, "refund", 3000, "A2_R"),
        (me, "top_up", 1000, "A3"),
    ]
    assert bench.left_out == ["bill.csv,13,closed,1"]
    (difference,) = bench.manifest["differences"]
    assert (difference["declared"], difference["read"]) == ("3", "5")
    assert bench.manifest["inputs"][0]["encoding"] == "gb18030"
    assert bench.manifest["inputs"][0]["header_row"] == 8


def test_only_payments_to_the_debtor_count_when_it_is_named(bench):
    path = bench.write("bill.csv", sample("alipay"))

    events = bench.read("alipay", path, counterparties=("鲜到家",), holder="H7")

    assert {event["holder_id"] for event in events} == {"H7"}
    assert sum(e["fen"] for e in events if e["kind"] == "top_up") == 13000
    assert "bill.csv,12,other_counterparty,10" in bench.left_out


def test_wechat_csv_with_bare_quotes(bench):
    events = bench.read("wechat", bench.write("bill.csv", sample("wechat")))

    assert short(events) == [("林某", "top_up", 8880, "W1"), ("林某", "refund", 500, "W2")]
    assert bench.left_out == ["bill.csv,8,neutral,100.1"]
    assert events[0]["at"].isoformat() == "2024-03-01T01:00:00+00:00"


def test_wechat_workbook_with_the_bill_on_two_sheets_is_read_once(bench):
    path = bench.folder / "bill.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for is_number in (False, True):
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, sample("wechat").splitlines()[4].split(","))
            amount = 88.1 if is_number else "¥88.10"
            row = ["2024-03-01 09:00:00", "消费", "鲜到家", "/", "支出", amount]
            sheet.write_row(1, 0, [*row, "零钱", "支付成功", "W1\t", "1\t", "/"])

    events = bench.read("wechat", path, holder="H1")

    assert short(events) == [("H1", "top_up", 8810, "W1")]
    assert bench.manifest["inputs"][0]["copies_of_this_sheet"] == ["Sheet2"]


def test_wechat_trade_bill_with_backticks_and_totals(bench):
    events = bench.read("wechat-trade", bench.write("trade.csv", sample("trade_all")))

    assert short(events) == [("oA", "top_up", 2000, "T1"), ("oA", "refund", 500, "T1")]
    assert bench.left_out == ["trade.csv,4,refund_unfinished,0"]
    assert bench.manifest["differences"] == []
    assert bench.manifest["inputs"][0]["tallies"][4]["sum"] == "0.09"


@pytest.mark.parametrize("cut", ["`3,`20.00", "总交易单数,应结"])
def test_wechat_trade_bill_without_its_totals_is_refused(bench, cut):
    text = sample("trade_all")[: sample("trade_all").index(cut)]

    faults = bench.faults("wechat-trade", bench.write("trade.csv", text))

    assert [fault.column for fault in faults] == ["total line"]


def test_wechat_trade_bill_with_a_changed_amount_is_refused_unless_accepted(bench):
    path = bench.write(
        "trade.csv", sample("trade_all").replace("`CNY,`20.00", "`CNY,`21.00")
    )

    (fault,) = bench.faults("wechat-trade", path)
    assert fault.column == "应结订单总金额: sum"
    assert fault.row == 6

    events = bench.read("wechat-trade", path, accept_differences=True)
    assert events[0]["fen"] == 2100
    assert bench.manifest["differences"][0]["declared"] == "20.00"


def test_wechat_fund_flow_leaves_out_fees_and_names_no_holder(bench):
    events = bench.read("wechat-fundflow", bench.write("flow.csv", sample("fundflow")))

    assert short(events) == [
        ("UNATTRIBUTED", "top_up", 800, "B1"),
        ("UNATTRIBUTED", "refund", 300, "B2"),
    ]
    assert bench.left_out == ["flow.csv,3,own_money,0.05"]


def test_icbc_with_trailing_commas_totals_and_foreign_rows(bench):
    events = bench.read("icbc", bench.write("icbc.csv", sample("icbc")))

    assert short(events) == [
        ("王五", "top_up", 120000, "汇入"),
        ("王五", "refund", 20000, "汇出"),
    ]
    assert bench.left_out == ["icbc.csv,8,foreign_currency,50"]
    assert [d["what"] for d in bench.manifest["differences"]] == ["balance breaks"]


def test_icbc_as_the_payers_own_statement_turns_the_signs(bench):
    path = bench.write("icbc.csv", sample("icbc"))

    events = bench.read("icbc", path, perspective="holder")

    assert [(e["holder_id"], e["kind"]) for e in events] == [
        ("6222****0001", "refund"),
        ("6222****0001", "top_up"),
    ]


def test_cmb_credit_takes_the_year_from_the_title(bench):
    events = bench.read("cmb", bench.write("cmb.csv", sample("cmb_credit")))

    assert [e["at"].date().isoformat() for e in events] == ["2023-12-29", "2024-01-01"]
    assert [(e["kind"], e["fen"]) for e in events] == [("top_up", 100000), ("refund", 390)]
    assert bench.left_out == ["cmb.csv,3,own_repayment,-100"]


def test_cmb_debit_reads_no_dollar_as_a_yuan(bench):
    events = bench.read("cmb", bench.write("cmb.csv", sample("cmb_debit")))

    assert [(e["kind"], e["fen"]) for e in events] == [("top_up", 123400), ("refund", 3400)]
    assert bench.manifest["left_out"][0]["reason"] == "foreign_currency"
    assert bench.manifest["inputs"][0]["balance"]["breaks"] == 0


def test_boc_credit_with_two_columns(bench):
    events = bench.read("boc", bench.write("boc.csv", sample("boc_credit")))

    assert [(e["holder_id"], e["kind"], e["fen"]) for e in events] == [
        ("4260", "top_up", 5000),
        ("4260", "refund", 2000),
    ]
    assert [line.split(",")[2] for line in bench.left_out] == [
        "foreign_currency",
        "no_holder",
    ]


def test_boc_debit_joins_date_and_time_and_checks_the_balance(bench):
    events = bench.read("boc", bench.write("boc.csv", sample("boc_debit")))

    assert [(e["kind"], e["fen"]) for e in events] == [("refund", 7189), ("top_up", 30000)]
    assert events[0]["holder_id"] == "6226******5669 张三"
    assert events[0]["at"].isoformat() == "2024-08-22T09:57:17+00:00"
    assert bench.manifest["inputs"][0]["balance"] == {
        "order": "newest_first",
        "breaks": 0,
        "rows": [],
    }


def ccb_book(path, currency):
    header = ["记账日", "交易日期", "交易时间", "支出", "收入", "账户余额", "币种", "摘要"]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["币　　种：", currency])
        sheet.write_row(1, 0, ["账　　号：", "6217****"])
        sheet.write_row(3, 0, [*header, "对方账号", "对方户名", "交易地点"])
        row = ["20240301", "20240301", "18:53:19", 0.0, 67.1, 167.1, "人民币", "转账"]
        sheet.write_row(4, 0, [*row, "2088", "王五", "网银"])
        sheet.write_row(5, 0, ["以上数据仅供参考|具体内容请以柜台为准"])


def test_ccb_workbook_with_amounts_as_numbers(bench):
    ccb_book(bench.folder / "ccb.xlsx", "人民币")

    (event,) = bench.read("ccb", bench.folder / "ccb.xlsx")

    assert (event["holder_id"], event["kind"], event["fen"]) == (
        "2088 王五",
        "top_up",
        6710,
    )
    assert event["event_id"] == "00001-000000005"


def test_ccb_account_in_another_currency_is_refused(bench):
    ccb_book(bench.folder / "ccb.xlsx", "美元")

    (fault,) = bench.faults("ccb", bench.folder / "ccb.xlsx")

    assert "美元" in fault.value

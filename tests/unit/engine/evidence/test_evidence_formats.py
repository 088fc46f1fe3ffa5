"""Each shipped format, read from small files of our own in its layout."""

import pytest
import xlsxwriter

ALIPAY = """\
--------------------------------
导出信息：
支付宝账户：lin@example.cn
共3笔记录
收入：0笔 0.00元
支出：3笔 140.00元
不计收支：2笔 31.00元
交易时间 ,交易分类 ,交易对方 ,对方账号 ,商品说明 ,收/支 ,金额 ,收/付款方式 ,交易状态 ,交易订单号 ,商家订单号 ,备注 ,
2024-03-01 09:00:00 ,日用 ,鲜到家 ,/ ,储值 ,支出 ,100.00 ,余额 ,交易成功 ,A1\t,M1\t, ,
2024-03-02 09:00:00 ,日用 ,鲜到家 ,/ ,储值 ,支出 ,30.00 ,余额 ,交易关闭 ,A2\t,M2\t, ,
2024-03-03 09:00:00 ,退款 ,鲜到家 ,/ ,退款 ,不计收支 ,30.00 ,余额 ,退款成功 ,A2_R\t,M2\t, ,
2024-03-04 09:00:00 ,日用 ,别家 ,/ ,买菜 ,支出 ,10.00 ,余额 ,交易成功 ,A3\t,M3\t, ,
2024-03-05 09:00:00 ,日用 ,鲜到家 ,/ ,没付 ,不计收支 ,1.00 ,,交易关闭 ,A4\t,M4\t, ,
"""
WECHAT_HEADER = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"
WECHAT = f"""\
微信支付账单明细,,,,,,,,,,
微信昵称：[林某],,,,,,,,,,
共3笔记录,,,,,,,,,,
收入：1笔 5.00元,,,,,,,,,,
{WECHAT_HEADER}
2024-03-01 09:00:00,商户消费,鲜到家,点"储值"那里,支出,¥88.80,零钱,支付成功,W1\t,1\t,/
2024-03-02 09:00:00,鲜到家-退款,鲜到家,"/",收入,¥5.00,零钱,已全额退款,W2\t,2\t,"/"
2024-03-03 09:00:00,零钱提现,招商银行,"/",/,¥100.10,招商银行,提现已到账,W3\t,/,"服务费¥0.10"
"""
TRADE_ALL = """\
交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,\
应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,\
手续费,费率,订单金额,申请退款金额,费率备注
`2024-03-01 09:00:00,`wx,`1,`0,`,`T1,`S1,`oA,`NATIVE,`SUCCESS,`OTHERS,`CNY,`20.00,`0.00,`0,`0,`0.00,`0.00,`,`,\
`袋,`,`0.12000,`0.60%,`20.00,`0.00,`
`2024-03-02 09:00:00,`wx,`1,`0,`,`T1,`S1,`oA,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`R1,`Q1,`5.00,`0.00,\
`ORIGINAL,`SUCCESS,`袋,`,`-0.03000,`0.60%,`0.00,`5.00,`
`2024-03-03 09:00:00,`wx,`1,`0,`,`T1,`S1,`oA,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`R2,`Q2,`6.00,`0.00,\
`ORIGINAL,`PROCESSING,`袋,`,`0.00000,`0.60%,`0.00,`6.00,`
总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额
`3,`20.00,`11.00,`0.00,`0.09000,`20.00,`11.00
"""
FUNDFLOW = """\
记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号
`2024-03-01 09:00:00,`B1,`F1,`交易,`交易,`收入,`8.00,`8.00,`API,`,`S1
`2024-03-01 09:00:01,`B1,`F2,`手续费,`扣除交易手续费,`支出,`0.05,`7.95,`system,`,`S1
`2024-03-02 09:00:00,`B2,`F3,`退款,`退款,`支出,`3.00,`4.95,`API,`,`S2
资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额
`3,`1,`8.00,`2,`3.05
"""
ICBC = """\
明细查询文件下载

卡号: 6222****0001,"卡别名: "

交易日期,摘要,交易场所,交易国家或地区简称,钞/汇,交易金额(收入),交易金额(支出),交易币种,记账金额(收入),记账金额(支出),\
记账币种,余额,对方户名
2024-03-01  \t,"汇入 \t","  \t","CHN \t",钞 \t,"- \t","- \t",- \t,"1,200.00  \t","  \t",人民币 \t,"1,300.00 \t","王五 \t",
2024-03-02  \t,"汇出 \t","  \t","CHN \t",钞 \t,"- \t","- \t",- \t,"  \t","200.00 \t",人民币 \t,"1,100.00 \t","王五 \t",
2024-03-03  \t,"汇入 \t","  \t","USA \t",汇 \t,"- \t","- \t",- \t,"50.00  \t","  \t",美元 \t,"50.00 \t","赵六 \t",

人民币合计,,,,,,,,"1,200.00 \t","200.00 \t",
"""
CMB_CREDIT = """\
招商银行信用卡对账单（个人消费卡账户 2024年01月）
交易日,记账日,交易摘要,人民币金额,卡号末四位,交易地金额
,12/29,掌上生活还款,-100.00,1234,-100.00
12/30,12/31,鲜到家储值,"1,000.00",1234,"1,000.00(CN)"
01/02,01/03,鲜到家退款,-3.90,1234,-3.90(CN)
"""
CMB_DEBIT = """\
记账日期,货币,交易金额,联机余额,交易摘要,对手信息,客户摘要
2024-01-01,CNY,"1,234.00","2,234.00",转账,王五 6222,储值
2024-01-02,CNY,-34.00,"2,200.00",退款,王五 6222,退
2024-01-03,USD,-5.00,"2,195.00",退款,王五 6222,退
"""
BOC_CREDIT = """\
中国银行信用卡账单(2024年01月)
交易日,银行记账日,卡号后四位,交易描述,存入,支出,币种
2024-01-05,2024-01-06,4260,鲜到家,,50.00,CNY
2024-01-07,2024-01-08,4260,鲜到家,20.00,,CNY
2024-01-09,2024-01-10,4260,GAMES,,3.72,USD
2024-01-11,2024-01-11,,存款利息,0.01,,CNY
"""
BOC_DEBIT = """\
中国银行交易流水明细单
记账日期,记账时间,币别,金额,余额,交易名称,渠道,网点名称,附言,对方账户名,对方卡号/账号,对方开户行,借记卡号
2024-08-22,17:57:17,人民币,-71.89,"3,240.28",转账,手机,-----,-----,张三,6226******5669,-----,3167
2024-08-21,12:24:20,人民币,300.00,"3,312.17",转账,手机,-----,储值,张三,6226******5669,-----,3167
"""


def short(events):
    return [(e["holder_id"], e["kind"], e["fen"], e["ref"]) for e in events]


def test_alipay_in_gb18030_with_padding_and_tabs(bench):
    path = bench.write("bill.csv", ALIPAY.encode("gb18030"))

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
    path = bench.write("bill.csv", ALIPAY)

    events = bench.read("alipay", path, counterparties=("鲜到家",), holder="H7")

    assert {event["holder_id"] for event in events} == {"H7"}
    assert sum(e["fen"] for e in events if e["kind"] == "top_up") == 13000
    assert "bill.csv,12,other_counterparty,10" in bench.left_out


def test_wechat_csv_with_bare_quotes(bench):
    events = bench.read("wechat", bench.write("bill.csv", WECHAT))

    assert short(events) == [("林某", "top_up", 8880, "W1"), ("林某", "refund", 500, "W2")]
    assert bench.left_out == ["bill.csv,8,neutral,100.1"]
    assert events[0]["at"].isoformat() == "2024-03-01T01:00:00+00:00"


def test_wechat_workbook_with_the_bill_on_two_sheets_is_read_once(bench):
    path = bench.folder / "bill.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for is_number in (False, True):
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, WECHAT_HEADER.split(","))
            amount = 88.1 if is_number else "¥88.10"
            row = ["2024-03-01 09:00:00", "消费", "鲜到家", "/", "支出", amount]
            sheet.write_row(1, 0, [*row, "零钱", "支付成功", "W1\t", "1\t", "/"])

    events = bench.read("wechat", path, holder="H1")

    assert short(events) == [("H1", "top_up", 8810, "W1")]
    assert bench.manifest["inputs"][0]["copies_of_this_sheet"] == ["Sheet2"]


def test_wechat_trade_bill_with_backticks_and_totals(bench):
    events = bench.read("wechat-trade", bench.write("trade.csv", TRADE_ALL))

    assert short(events) == [("oA", "top_up", 2000, "T1"), ("oA", "refund", 500, "T1")]
    assert bench.left_out == ["trade.csv,4,refund_unfinished,0"]
    assert bench.manifest["differences"] == []
    assert bench.manifest["inputs"][0]["tallies"][4]["sum"] == "0.09"


@pytest.mark.parametrize("cut", ["`3,`20.00", "总交易单数,应结"])
def test_wechat_trade_bill_without_its_totals_is_refused(bench, cut):
    text = TRADE_ALL[: TRADE_ALL.index(cut)]

    faults = bench.faults("wechat-trade", bench.write("trade.csv", text))

    assert [fault.column for fault in faults] == ["total line"]


def test_wechat_trade_bill_with_a_changed_amount_is_refused_unless_accepted(bench):
    path = bench.write("trade.csv", TRADE_ALL.replace("`CNY,`20.00", "`CNY,`21.00"))

    (fault,) = bench.faults("wechat-trade", path)
    assert fault.column == "应结订单总金额: sum"
    assert fault.row == 6

    events = bench.read("wechat-trade", path, accept_differences=True)
    assert events[0]["fen"] == 2100
    assert bench.manifest["differences"][0]["declared"] == "20.00"


def test_wechat_fund_flow_leaves_out_fees_and_names_no_holder(bench):
    events = bench.read("wechat-fundflow", bench.write("flow.csv", FUNDFLOW))

    assert short(events) == [
        ("UNATTRIBUTED", "top_up", 800, "B1"),
        ("UNATTRIBUTED", "refund", 300, "B2"),
    ]
    assert bench.left_out == ["flow.csv,3,own_money,0.05"]


def test_icbc_with_trailing_commas_totals_and_foreign_rows(bench):
    events = bench.read("icbc", bench.write("icbc.csv", ICBC))

    assert short(events) == [
        ("王五", "top_up", 120000, "汇入"),
        ("王五", "refund", 20000, "汇出"),
    ]
    assert bench.left_out == ["icbc.csv,8,foreign_currency,50"]
    assert [d["what"] for d in bench.manifest["differences"]] == ["balance breaks"]


def test_icbc_as_the_payers_own_statement_turns_the_signs(bench):
    path = bench.write("icbc.csv", ICBC)

    events = bench.read("icbc", path, perspective="holder")

    assert [(e["holder_id"], e["kind"]) for e in events] == [
        ("6222****0001", "refund"),
        ("6222****0001", "top_up"),
    ]


def test_cmb_credit_takes_the_year_from_the_title(bench):
    events = bench.read("cmb", bench.write("cmb.csv", CMB_CREDIT))

    assert [e["at"].date().isoformat() for e in events] == ["2023-12-29", "2024-01-01"]
    assert [(e["kind"], e["fen"]) for e in events] == [("top_up", 100000), ("refund", 390)]
    assert bench.left_out == ["cmb.csv,3,own_repayment,-100"]


def test_cmb_debit_reads_no_dollar_as_a_yuan(bench):
    events = bench.read("cmb", bench.write("cmb.csv", CMB_DEBIT))

    assert [(e["kind"], e["fen"]) for e in events] == [("top_up", 123400), ("refund", 3400)]
    assert bench.manifest["left_out"][0]["reason"] == "foreign_currency"
    assert bench.manifest["inputs"][0]["balance"]["breaks"] == 0


def test_boc_credit_with_two_columns(bench):
    events = bench.read("boc", bench.write("boc.csv", BOC_CREDIT))

    assert [(e["holder_id"], e["kind"], e["fen"]) for e in events] == [
        ("4260", "top_up", 5000),
        ("4260", "refund", 2000),
    ]
    assert [line.split(",")[2] for line in bench.left_out] == ["foreign_currency", "no_holder"]


def test_boc_debit_joins_date_and_time_and_checks_the_balance(bench):
    events = bench.read("boc", bench.write("boc.csv", BOC_DEBIT))

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

    assert (event["holder_id"], event["kind"], event["fen"]) == ("2088 王五", "top_up", 6710)
    assert event["event_id"] == "00001-000000005"


def test_ccb_account_in_another_currency_is_refused(bench):
    ccb_book(bench.folder / "ccb.xlsx", "美元")

    (fault,) = bench.faults("ccb", bench.folder / "ccb.xlsx")

    assert "美元" in fault.value

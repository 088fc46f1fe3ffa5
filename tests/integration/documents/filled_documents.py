"""A field for every gap of every document, and the text that a DOCX holds."""

import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx

from zhipo.documents.kinds import KINDS, DocumentKind
from zhipo.documents.rendering import environment

FIELDS: dict[str, Any] = {
    "court": "湖南省湘潭市雨湖区人民法院",
    "number": "（2025）湘0302破3号",
    "ruling_number": "（2025）湘0302破3号之二",
    "petitioner": "长沙冷链物流有限公司",
    "debtor": "湘潭鲜享家电子商务有限公司",
    "brand": "鲜享家",
    "administrator": "湖南正衡律师事务所",
    "administrator_phone": "0731-55550000",
    "administrator_address": "湖南省湘潭市雨湖区韶山路1号",
    "accepted_on": date(2025, 9, 1),
    "dated_on": date(2025, 9, 10),
    "filing_until": date(2025, 10, 22),
    "filing_place": "手机网页，或者管理人办公地址现场、邮寄",
    "meeting_at": datetime(2025, 11, 5, 1, 30, tzinfo=UTC),
    "meeting_place": "雨湖区人民法院第一法庭",
    "notes": "会议同时以网络方式召开。",
    "addressee": "王小明",
    "checked_on": date(2025, 11, 6),
    "headings": [
        {"name": "EMPLOYEE", "count": 7, "claimed_fen": 21_000_001,
         "confirmed_count": 6, "confirmed_fen": 18_000_002},
        {"name": "ORDINARY", "count": 31_993, "claimed_fen": 1_500_000_003,
         "confirmed_count": 31_800, "confirmed_fen": 1_400_000_004},
    ],
    "total_count": 32_000,
    "total_fen": 1_521_000_004,
    "confirmed_count": 31_806,
    "confirmed_fen": 1_418_000_006,
    "disputed": [{"number": "A-000-017", "claimed_fen": 98_765, "name": "ORDINARY"}],
    "disputed_count": 61,
    "disputed_fen": 98_766,
    "earlier_count": 62,
    "earlier_fen": 45_678,
    "other_count": 63,
    "other_fen": 34_567,
    "plan_title": "第一次分配方案",
    "creditor_count": 31_989,
    "plan_class_rows": [
        {"class_name": "职工债权", "count": "7", "owed": "¥1.01", "baseline": "¥1.02",
         "baseline_rate": "1.0300 %", "got": "¥1.04", "rate": "1.0500 %",
         "shift": "¥1.06"},
    ],
    "plan_pool_rows": [{"pool": "一般财产", "sum": "¥1.07", "ground": "破产财产"}],
    "plan_cost_rows": [{"cost": "案件受理费", "cite": "第十四条", "sum": "¥1.08"}],
    "pools_fen": 2_345_678,
    "payment_days": "2025年11月30日",
    "departure": "小额全额清偿。",
    "plan_basis": "和解协议",
    "plan_evidence": "和解协议第三条",
    "bearers": "普通债权（89笔）¥1.09",
    "reserved_fen": 34_568,
    "left_over_fen": 45_679,
    "is_last": True,
    "payee": "王**",
    "part": 2,
    "part_count": 3,
    "paid_fen": 8_428,
    "paid_through": "微信零钱",
    "payee_account": "****2345",
    "way_place": "第二收款方式",
    "source": "2025年9月18日邮寄的收款账户确认书",
    "paid_at": datetime(2025, 11, 30, 2, 15, tzinfo=UTC),
    "reference": "0123456789ABCDEF0123456789ABCDEF",
    "channel_number": "1330000071100999991182020050700019480001",
    "claim_number": "A-000-018",
    "heading": "ORDINARY",
    "claimed_fen": 27_188,
    "admitted_fen": 20_000,
    "ledger_fen": 27_189,
    "objected_on": date(2025, 11, 7),
    "objection": "少算了一次充值 <500 元> & 赠送\n第二行",
    "is_upheld": True,
    "answer": "核对支付流水后，确认该次充值未入账。",
    "reasons": "申报金额高于账目余额，按账目确认",
    "articles": "《企业破产法》第五十七条第一款",
    "suit_until": date(2025, 11, 21),
    "credit_code": "91430302MA4XJ0001C",
    "measure": "续行冻结",
    "answer_by": datetime(2025, 3, 5, 1, 0, tzinfo=UTC),
    "has_ruling": True,
    "object": "支付账户（商户号，尾号 0001）",
    "limit_fen": 12_000_001,
    "freeze_until": date(2026, 3, 3),
    "first_on": date(2024, 3, 4),
    "last_on": date(2025, 3, 2),
    "account_name": "雨湖区人民法院案款专户",
    "account": "8001-0002",
    "bank": "湘江银行雨湖支行",
    "applicant": "湘潭果满园供应链有限公司",
    "basis": "（2025）湘0302民初7号民事判决书",
    "owed_fen": 12_345_678,
    "judge": "李执行",
    "grounds": "账户资金由被执行人支配，与案外人无关。",
    "objector": "案外人张某",
    "is_third_party": True,
    "receiving_court": "湖南省湘潭市中级人民法院",
    "cause": "到期债务不能清偿，经强制执行仍无法清偿。",
    "decision_number": "（2025）湘0302执移1号",
    "domicile": "湖南省湘潭市雨湖区韶山路9号",
    "consenter": "申请执行人湘潭果满园供应链有限公司",
    "decided_on": date(2025, 7, 8),
    "papers": [{"place": 1, "paper": "移送破产审查决定书正本"}],
    "sealed_as": "9f86d081884c7d65",
    "paper": "移送破产审查决定书副本",
    "way": "邮寄送达",
    "served_on": date(2025, 7, 11),
    "proof": "邮件号 XA123456789CN",
    "server": "陈书记",
    "case_numbers": "（2025）湘0103执88号、（2025）湘0103执89号",
    "case_number": "（2025）湘03破7号",
    "reply_by": date(2025, 9, 16),
    "freezes": [{"label": "银行账户（尾号 8888）", "in_case": "（2025）湘0302执77号",
                 "frozen_fen": 7_654_321, "until": date(2026, 3, 4)}],
    "places": [{"label": "支付账户（尾号 0002）", "in_case": "（2025）湘0302执78号",
                "place": 2, "frozen_fen": 6_543_210}],
    "dismissed_on": date(2025, 12, 12),
    "review_number": "（2025）湘03破申7号",
    "ruled_on": date(2025, 8, 8),
    "effective_on": date(2025, 8, 26),
    "version": "3",
    "case_count": 41,
    "court_count": 43,
    "proposal": "移送破产清算",
    "proposal_reasons": "具备破产原因，有书面同意，财产足以支付破产费用。",
    "consent_proposal": "移送重整",
    "low_proposal": "无产可破，需要援助资金",
    "high_proposal": "移送和解",
    "fast_until": date(2026, 5, 6),
    "missing_facts": "资产总额、负债总额",
    "assumed_facts": "共益债务、担保物价值",
    "answer_rows": [
        {"question": "是否具备破产原因", "answer": "待查明", "basis": "缺：资产总额"},
    ],
    "point_rows": [
        {"indicator": "复购率", "measure": "41.23 %", "earned": "15", "used": "12/15",
         "remark": "订单含补单"},
    ],
    "points_total": 67,
    "points_threshold": 59,
    "class_rows": [
        {"class_name": "消费者债权", "owed": "¥8.70", "enforcement": "¥0.10",
         "bankruptcy": "¥1.74"},
    ],
    "cost_rows": [{"cost": "破产案件受理费", "sums": "¥162.00 / ¥163.00"}],
    "better_count": 47,
    "worse_count": 53,
    "fact_rows": [
        {"fact": "从业人员数", "content": "71", "ground": "社会保险缴费记录"},
    ],
    "change_rows": [{"item": "评分：供应商意愿", "before": "5分", "after": "20分"}],
    "conclusion": "继续执行，两个月后再行识别",
    "departure_reason": "投资人正在尽职调查。",
    "rule_rows": [
        {"rule": "cn.bi1.1", "cite": "《破产法解释一》第一条", "status": "V1",
         "result": "破产原因成立"},
    ],
    "unverified": "《推进破产案件依法高效审理的意见》",
    "creditor_rows": [
        {"case_number": "（2025）湘0302执77号", "owed": "¥9.01", "enforcement": "¥9.02",
         "bankruptcy": "¥9.03"},
    ],
}  # fmt: skip

EVERY = [(kind, lang) for kind in DocumentKind for lang in KINDS[kind].languages]


def text_of(content: bytes | Path) -> str:
    """Paragraphs and cells of the body, a line each."""
    document = docx.Document(
        str(content) if isinstance(content, Path) else io.BytesIO(content)
    )
    cells = [
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    ]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def printed(name: str, value: Any, lang: str) -> list[tuple[str, ...]]:
    """What a field must look like in a document: each entry in one of its forms."""
    filters = environment(lang).filters
    if name in ("heading", "name"):
        return [(filters["heading"](value),)]
    if isinstance(value, bool):
        return []
    if isinstance(value, list):
        return [
            form for row in value for key in row for form in printed(key, row[key], lang)
        ]
    if isinstance(value, datetime):
        return [(filters["minute"](value),)]
    if isinstance(value, date):
        return [(filters["day"](value), filters["signed_day"](value))]
    if name.endswith("_fen"):
        return [(filters["yuan"](value),)]
    return [(str(value),)]

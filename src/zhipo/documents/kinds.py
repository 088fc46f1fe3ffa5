"""The documents of a case: which template, what must be filled in, what may be."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from zhipo.law.stay.acceptance import Told


class DocumentKind(StrEnum):
    ACCEPTANCE_NOTICE = "acceptance_notice"  # 通知书
    PUBLIC_NOTICE = "public_notice"  # 公告
    CONFIRMING_RULING = "confirming_ruling"  # 民事裁定书（确认无异议债权）
    OBJECTION_REPLY = "objection_reply"  # 答复
    SILENT_LETTER = "silent_letter"  # 提醒申报函
    WAY_LETTER = "way_letter"  # 收款方式登记告知函
    ASSISTANCE_NOTICE = "assistance_notice"  # 协助通知书
    ENFORCEMENT_RULING = "enforcement_ruling"  # 执行裁定书
    INQUIRY_REPLY = "inquiry_reply"  # 异议答复书
    CONSENT_INQUIRY = "consent_inquiry"  # 征询意见书
    REFERRAL_DECISION = "referral_decision"  # 移送破产审查决定书
    REFERRAL_LETTER = "referral_letter"  # 移送函
    SERVICE_RECEIPT = "service_receipt"  # 送达回证
    COURTS_NOTICE = "courts_notice"  # 告知函
    SUSPENSION_NOTICE = "suspension_notice"  # 中止执行通知书
    LIFT_NOTICE = "lift_notice"  # 解除保全通知书
    RESTORE_NOTICE = "restore_notice"  # 恢复保全通知书
    REFUSAL_RETURN = "refusal_return"  # 退回材料函
    IDENTIFICATION_MEMO = "identification_memo"  # 识别报告
    DISTRIBUTION_PLAN = "distribution_plan"  # 破产财产分配方案
    PAYMENT_RECEIPT = "payment_receipt"  # 付款凭证


class KeptKind(StrEnum):
    """What is kept beside the documents that a template makes."""

    EXPORT = "export"  # 导出的表格
    LETTERS = "letters"  # 批量信函
    CONSENT_PAPER = "consent_paper"  # 同意移送的书面材料
    COST_PAPER = "cost_paper"  # 费用付款凭证


@dataclass(frozen=True)
class Kind:
    """One kind: its template's name, the phrase of its title, its fields.

    The title in `documents/phrases.yaml` and the word of each field are found by name.
    """

    template: str
    title: str
    fields: tuple[str, ...]
    optional: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh",)


SAID_BY: dict[Told, tuple[str, ...]] = {
    Told.PARTIES: ("petitioner", "debtor", "brand"),
    Told.ACCEPTED_ON: ("accepted_on",),
    Told.FILING: ("filing_until", "filing_place"),
    Told.ADMINISTRATOR: ("administrator", "administrator_address", "administrator_phone"),
    Told.PAY_TO_ADMINISTRATOR: (),  # the template's own words
    Told.FIRST_MEETING: ("meeting_at", "meeting_place"),
}
"""Each item that 《企业破产法》第十四条第二款 asks for -> the fields that say it."""

STATUTORY = tuple(chain.from_iterable(SAID_BY[item] for item in Told))
ISSUED = ("court", "number", "dated_on")
ACCEPTED = (
    "court", "decision_number", "addressee", "receiving_court", "accepted_on", "debtor",
    "case_number", "administrator", "reply_by", "dated_on",
)  # fmt: skip
"""What a letter says that tells of an acceptance."""

ADMINISTRATOR = ("administrator", "administrator_address", "administrator_phone")

K = DocumentKind
KINDS: dict[DocumentKind, Kind] = {
    K.ACCEPTANCE_NOTICE: Kind(
        template="acceptance_notice",
        title="kind.acceptance_notice",
        fields=(*ISSUED, "addressee", *STATUTORY),
        optional=("notes",),
        languages=("zh", "en"),
    ),
    K.PUBLIC_NOTICE: Kind(
        template="public_notice",
        title="kind.public_notice",
        fields=(*ISSUED, *STATUTORY),
        optional=("notes",),
    ),
    K.CONFIRMING_RULING: Kind(
        template="confirming_ruling",
        title="kind.confirming_ruling",
        fields=(
            "court", "number", "ruling_number", "debtor", "administrator", "accepted_on",
            "checked_on", "headings", "total_count", "total_fen", "confirmed_count",
            "confirmed_fen",
        ),
        optional=(
            "disputed", "disputed_count", "disputed_fen", "earlier_count", "earlier_fen",
            "other_count", "other_fen",
        ),
        languages=("zh", "en"),
    ),
    K.OBJECTION_REPLY: Kind(
        template="objection_reply",
        title="kind.objection_reply",
        fields=(
            *ISSUED, *ADMINISTRATOR, "debtor", "addressee", "claim_number", "heading",
            "claimed_fen", "admitted_fen", "objected_on", "objection", "is_upheld",
            "answer",
        ),
        optional=("reasons", "articles", "suit_until"),
    ),
    K.SILENT_LETTER: Kind(
        template="silent_letter",
        title="kind.silent_letter",
        fields=(
            *ISSUED, *ADMINISTRATOR, "debtor", "brand", "addressee", "accepted_on",
            "ledger_fen", "filing_until", "filing_place",
        ),
    ),
    K.WAY_LETTER: Kind(
        template="way_letter",
        title="kind.way_letter",
        fields=(
            *ISSUED, *ADMINISTRATOR, "debtor", "addressee", "claim_number", "way_place",
            "paid_through", "source",
        ),
        optional=("payee_account",),
    ),
    K.ASSISTANCE_NOTICE: Kind(
        template="assistance_notice",
        title="kind.assistance_notice",
        fields=(*ISSUED, "addressee", "debtor", "credit_code", "measure", "answer_by"),
        optional=(
            "has_ruling", "object", "limit_fen", "freeze_until", "first_on", "last_on",
            "account_name", "account", "bank",
        ),
    ),
    K.ENFORCEMENT_RULING: Kind(
        template="enforcement_ruling",
        title="kind.enforcement_ruling",
        fields=(
            *ISSUED, "addressee", "applicant", "debtor", "credit_code", "basis", "owed_fen",
            "measure", "object", "judge",
        ),
        optional=("limit_fen", "freeze_until", "grounds"),
    ),
    K.INQUIRY_REPLY: Kind(
        template="inquiry_reply",
        title="kind.inquiry_reply",
        fields=(
            *ISSUED, "addressee", "debtor", "objector", "objected_on", "measure", "object",
            "objection", "grounds", "is_upheld",
        ),
        optional=("is_third_party",),
    ),
    K.CONSENT_INQUIRY: Kind(
        template="consent_inquiry",
        title="kind.consent_inquiry",
        fields=(*ISSUED, "addressee", "debtor", "receiving_court", "cause"),
    ),
    K.REFERRAL_DECISION: Kind(
        template="referral_decision",
        title="kind.referral_decision",
        fields=(
            *ISSUED, "decision_number", "debtor", "domicile", "case_count", "owed_fen",
            "cause", "consenter", "receiving_court",
        ),
        optional=("credit_code",),
    ),
    K.REFERRAL_LETTER: Kind(
        template="referral_letter",
        title="kind.referral_letter",
        fields=(
            "court", "decision_number", "receiving_court", "decided_on", "debtor", "papers",
            "judge", "dated_on",
        ),
        optional=("sealed_as",),
    ),
    K.SERVICE_RECEIPT: Kind(
        template="service_receipt",
        title="kind.service_receipt",
        fields=(
            "court", "decision_number", "paper", "addressee", "way", "served_on", "proof",
            "server", "dated_on",
        ),
    ),
    K.COURTS_NOTICE: Kind(
        template="courts_notice",
        title="kind.courts_notice",
        fields=(
            "court", "decision_number", "addressee", "decided_on", "debtor",
            "receiving_court", "case_numbers", "dated_on",
        ),
        optional=("credit_code",),
    ),
    K.SUSPENSION_NOTICE: Kind(
        template="suspension_notice",
        title="kind.suspension_notice",
        fields=(*ACCEPTED, "case_numbers"),
        optional=("credit_code",),
    ),
    K.LIFT_NOTICE: Kind(
        template="lift_notice",
        title="kind.lift_notice",
        fields=(*ACCEPTED, "freezes"),
        optional=("credit_code",),
    ),
    K.RESTORE_NOTICE: Kind(
        template="restore_notice",
        title="kind.restore_notice",
        fields=(
            "court", "case_number", "addressee", "dismissed_on", "debtor", "places",
            "reply_by", "dated_on",
        ),
        optional=("credit_code",),
    ),
    K.REFUSAL_RETURN: Kind(
        template="refusal_return",
        title="kind.refusal_return",
        fields=(
            "court", "review_number", "addressee", "debtor", "decision_number", "ruled_on",
            "ruling_number", "grounds", "effective_on", "dated_on",
        ),
    ),
    K.PAYMENT_RECEIPT: Kind(
        template="payment_receipt",
        title="kind.payment_receipt",
        fields=(
            *ISSUED, "debtor", "administrator", "administrator_phone", "ruling_number",
            "plan_title", "claim_number", "payee", "part", "part_count", "paid_fen",
            "paid_through", "payee_account", "paid_at", "reference", "channel_number",
        ),
        languages=("zh", "en"),
    ),
    K.DISTRIBUTION_PLAN: Kind(
        template="distribution_plan",
        title="kind.distribution_plan",
        fields=(
            *ISSUED, "administrator", "debtor", "version", "plan_title", "creditor_count",
            "plan_class_rows", "plan_pool_rows", "plan_cost_rows", "pools_fen",
            "payment_days",
        ),
        optional=(
            "departure", "plan_basis", "plan_evidence", "bearers", "reserved_fen",
            "left_over_fen", "is_last",
        ),
    ),
    K.IDENTIFICATION_MEMO: Kind(
        template="identification_memo",
        title="kind.identification_memo",
        fields=(
            *ISSUED, "debtor", "version", "case_count", "court_count", "owed_fen",
            "proposal", "proposal_reasons", "fact_rows", "answer_rows", "point_rows",
            "points_total", "points_threshold", "class_rows", "cost_rows", "better_count",
            "worse_count", "conclusion", "rule_rows", "judge",
        ),
        optional=(
            "credit_code", "creditor_rows", "low_proposal", "high_proposal",
            "consent_proposal", "fast_until", "missing_facts", "assumed_facts",
            "departure_reason", "change_rows", "unverified",
        ),
    ),
}  # fmt: skip


def template_name(kind: DocumentKind, lang: str) -> str:
    """The template's file: Chinese without, a reading copy with its language."""
    return f"{KINDS[kind].template}{'' if lang == 'zh' else f'.{lang}'}.docx"

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
    ASSISTANCE_NOTICE = "assistance_notice"  # 协助通知书
    ENFORCEMENT_RULING = "enforcement_ruling"  # 执行裁定书
    INQUIRY_REPLY = "inquiry_reply"  # 异议答复书


class KeptKind(StrEnum):
    """What is kept beside the documents that a template makes."""

    EXPORT = "export"  # 导出的表格
    LETTERS = "letters"  # 批量信函


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
}  # fmt: skip


def template_name(kind: DocumentKind, lang: str) -> str:
    """The template's file: Chinese without, a reading copy with its language."""
    return f"{KINDS[kind].template}{'' if lang == 'zh' else f'.{lang}'}.docx"

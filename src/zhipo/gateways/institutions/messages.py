"""The messages of zhipo-inquiry/1: what a court sends, what an institution answers.

Every type is closed (an unknown field is refused), strict (nothing is converted) and
frozen. `reading.py` turns bytes into these types; nothing else may.
"""

import base64
import hashlib
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from zhipo.gateways.institutions.amounts import Amount
from zhipo.gateways.institutions.refusals import Grounds, Reason, fault
from zhipo.kernel.identifiers import parse_uscc

PROTOCOL: Final = "zhipo-inquiry/1"
PREFIX = "/zhipo-inquiry/v1"


class Act(StrEnum):
    """What an institution is asked to do."""

    QUERY = "query"  # 查询
    FREEZE = "freeze"  # 冻结
    RENEW = "renew"  # 续行冻结
    PARTIAL_LIFT = "partial_lift"  # 部分解除冻结
    LIFT = "lift"  # 解除冻结
    DEDUCT = "deduct"  # 划拨
    OWNERSHIP_CHECK = "ownership_check"  # 权属核查
    HISTORY = "history"  # 交易流水


class ObjectKind(StrEnum):
    """What is asked about: money in an account, or a thing without a balance."""

    BANK_ACCOUNT = "bank_account"  # 银行账户
    PAYMENT_ACCOUNT = "payment_account"  # 支付账户
    PLATFORM_DEPOSIT = "platform_deposit"  # 平台保证金
    SETTLEMENT_BALANCE = "settlement_balance"  # 待结算款
    RESERVE_ACCOUNT = "reserve_account"  # 备付金账户
    SHOP = "shop"  # 网店
    TRAFFIC_ACCOUNT = "traffic_account"  # 流量账号
    DOMAIN = "domain"  # 域名


THINGS = frozenset({ObjectKind.SHOP, ObjectKind.TRAFFIC_ACCOUNT, ObjectKind.DOMAIN})


class OrderState(StrEnum):
    """How far an institution is with an order."""

    RECEIVED = "received"  # 已签收
    WORKING = "working"  # 办理中
    ANSWERED = "answered"  # 已反馈
    REFUSED = "refused"  # 不予办理
    OBJECTED = "objected"  # 提出异议


class FreezeStatus(StrEnum):
    """What a freeze does now."""

    IN_FORCE = "in_force"  # 生效
    PARTLY_IN_FORCE = "partly_in_force"  # 部分生效
    WAITING = "waiting"  # 轮候
    LAPSED = "lapsed"  # 期满失效
    LIFTED = "lifted"  # 已解除


class Title(StrEnum):
    """Whose a thing is, as far as the institution's books say."""

    DEBTORS = "debtors"  # 被执行人所有
    THIRD_PARTYS = "third_partys"  # 案外人所有
    CUSTODY = "custody"  # 代管资金
    DISPUTED = "disputed"  # 权属争议


class Objector(StrEnum):
    INSTITUTION = "institution"  # 协助机构
    THIRD_PARTY = "third_party"  # 案外人


class Decision(StrEnum):
    """What the court says to an objection (《网络查询冻结存款规定》第六条)."""

    DISMISSED = "dismissed"  # 异议不成立
    UPHELD = "upheld"  # 异议成立


class DocumentKind(StrEnum):
    RULING = "ruling"  # 裁定书
    ASSISTANCE_NOTICE = "assistance_notice"  # 协助通知书
    REPLY = "reply"  # 异议答复书


def _bytes_of(given: Any) -> Any:
    return base64.b64decode(given, validate=True) if isinstance(given, str) else given


PartyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Base64 = Annotated[
    bytes,
    BeforeValidator(_bytes_of),
    PlainSerializer(lambda raw: base64.b64encode(raw).decode("ascii"), when_used="json"),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]
"""Standard base64 with padding; anything else in the text is refused."""


class Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    def to_bytes(self) -> bytes:
        """The message as sent: the same object always gives the same bytes."""
        return self.model_dump_json().encode("utf-8")


class Court(Message):
    party: PartyId
    name: Text


class Judge(Message):
    """Who signs the order; reported to the institution beforehand (NETQ art. 2)."""

    name: Text
    staff_number: Reference


class Debtor(Message):
    name: Text
    uscc: str

    @model_validator(mode="after")
    def _has_a_real_code(self) -> Self:
        if parse_uscc(self.uscc) != self.uscc:
            raise ValueError("uscc is not written in its normal form")
        return self


class Target(Message):
    kind: ObjectKind
    reference: Reference

    @property
    def is_money(self) -> bool:
        return self.kind not in THINGS


class Days(Message):
    """First and last day, both included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("the last day is before the first")
        return self


class CourtAccount(Message):
    """The court's account for case money, to which a deduction is paid."""

    name: Text
    account: Reference
    bank: Text


class Document(Message):
    """A sealed document: DOCX or PDF, with the digest of its bytes."""

    kind: DocumentKind
    name: Text
    media_type: Literal[
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ]
    sha256: Digest
    content: Base64

    @model_validator(mode="after")
    def _is_what_was_sealed(self) -> Self:
        if hashlib.sha256(self.content).hexdigest() != self.sha256:
            raise ValueError("content is not what sha256 says")
        return self


PAPERS = {DocumentKind.RULING, DocumentKind.ASSISTANCE_NOTICE}
OPTIONAL = ("target", "freeze_order", "amount", "freeze_until", "days", "pay_to")
NEEDS: dict[Act, frozenset[str]] = {
    Act.QUERY: frozenset(),
    Act.FREEZE: frozenset({"target", "amount", "freeze_until"}),
    Act.RENEW: frozenset({"target", "freeze_order", "freeze_until"}),
    Act.PARTIAL_LIFT: frozenset({"target", "freeze_order", "amount"}),
    Act.LIFT: frozenset({"target", "freeze_order"}),
    Act.DEDUCT: frozenset({"target", "freeze_order", "amount", "pay_to"}),
    Act.OWNERSHIP_CHECK: frozenset({"target"}),
    Act.HISTORY: frozenset({"target", "days"}),
}
"""The fields each act has beside those of every order; it has no others."""

ONLY_A_NOTICE = frozenset({Act.QUERY, Act.OWNERSHIP_CHECK, Act.HISTORY})
"""《民事诉讼法》第二百五十三条: all but a query need a ruling and a notice to assist."""


class Order(Message):
    """One act asked of one institution; `order_id` is good for this body alone.

    `amount` is the ceiling of a freeze, the sum released by a partial lift, the sum of a
    deduction. `freeze_until` is the last day of the freeze.
    """

    protocol: Literal["zhipo-inquiry/1"] = PROTOCOL
    order_id: UUID
    institution: PartyId
    court: Court
    case_number: Reference
    judge: Judge
    debtor: Debtor
    act: Act
    target: Target | None = None
    freeze_order: UUID | None = None
    amount: Amount | None = None
    freeze_until: date | None = None
    days: Days | None = None
    pay_to: CourtAccount | None = None
    documents: tuple[Document, ...] = Field(min_length=1, max_length=20)
    sent_at: AwareDatetime
    answer_by: AwareDatetime

    @model_validator(mode="after")
    def _has_what_its_act_needs(self) -> Self:
        needed = set(NEEDS[self.act])
        if self.target is not None and not self.target.is_money:
            needed -= {"amount"}
        if self.act is Act.QUERY and self.target is not None:
            needed |= {"target"}
        given = {name for name in OPTIONAL if getattr(self, name) is not None}
        if given != needed:
            raise ValueError(f"{self.act} needs {sorted(needed)}, has {sorted(given)}")
        return self

    @model_validator(mode="after")
    def _has_its_papers(self) -> Self:
        kinds = {document.kind for document in self.documents}
        needed = PAPERS - ({DocumentKind.RULING} if self.act in ONLY_A_NOTICE else set())
        if not needed <= kinds:
            raise ValueError(f"{self.act} needs the documents {sorted(needed)}")
        return self

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.amount is not None and self.amount.value == 0:
            raise ValueError("an order over nothing")
        if self.answer_by <= self.sent_at:
            raise ValueError("answer_by is not after sent_at")
        return self


class ObjectionReply(Message):
    """The court's written reply to an objection (《网络查询冻结存款规定》第六条)."""

    protocol: Literal["zhipo-inquiry/1"] = PROTOCOL
    order_id: UUID
    institution: PartyId
    court: PartyId
    decision: Decision
    documents: tuple[Document, ...] = Field(min_length=1, max_length=20)
    sent_at: AwareDatetime


class Receipt(Message):
    """An order or a reply has arrived; the same body gets the same receipt again."""

    protocol: Literal["zhipo-inquiry/1"] = PROTOCOL
    receipt_id: UUID
    order_id: UUID
    institution: PartyId
    court: PartyId
    body_sha256: Digest
    received_at: AwareDatetime


class Problem(Message):
    """A request was refused at the door; nothing of it was carried out."""

    protocol: Literal["zhipo-inquiry/1"] = PROTOCOL
    reason: Reason
    detail: Text


class Refusal(Message):
    """The order is not carried out; `cite` is the article, empty where none is needed."""

    grounds: Grounds
    cite: str
    text: Text


class Objection(Message):
    """Who objects and why; the court replies within 15 days (NETQ art. 6)."""

    raised_by: Objector
    name: Text
    text: Text
    raised_at: AwareDatetime


def contradiction(detail: str) -> Exception:
    """What a validator raises where an answer does not agree with itself."""
    return fault(Reason.CONTRADICTS, detail)

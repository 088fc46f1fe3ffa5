"""Orders and answers as examples, and a directory of parties with their keys."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from zhipo.gateways.institutions.amounts import amount
from zhipo.gateways.institutions.answers import Answer, Echo, Holding, Status
from zhipo.gateways.institutions.keys import (
    Directory,
    Party,
    PrivateKey,
    new_private_key,
)
from zhipo.gateways.institutions.messages import (
    NEEDS,
    ONLY_A_NOTICE,
    Act,
    Court,
    CourtAccount,
    Days,
    Debtor,
    Document,
    DocumentKind,
    Judge,
    ObjectKind,
    Order,
    OrderState,
    Target,
)

AT = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
PDF = b"%PDF-1.7 sealed"
DEBTOR = Debtor(name="湘潭鲜享家科技有限公司", uscc="91430302MA4XJ0001C")
COURT = Court(party="court-yuhu", name="湘潭市雨湖区人民法院")
TARGET = Target(kind=ObjectKind.PAYMENT_ACCOUNT, reference="1600000001")
FIELDS: dict[str, Any] = {
    "target": TARGET,
    "freeze_order": UUID(int=7),
    "amount": amount(120_000),
    "freeze_until": date(2026, 3, 2),
    "days": Days(first=date(2024, 3, 3), last=date(2025, 3, 2)),
    "pay_to": CourtAccount(name="雨湖区人民法院案款专户", account="8001", bank="甲银行"),
}


def paper(kind: DocumentKind) -> Document:
    return Document(
        kind=kind,
        name=f"{kind}.pdf",
        media_type="application/pdf",
        sha256=hashlib.sha256(PDF).hexdigest(),
        content=PDF,
    )


def make_order(act: Act = Act.QUERY, **changes: Any) -> Order:
    """A valid order of that act; `changes` replace its fields."""
    kinds = [DocumentKind.ASSISTANCE_NOTICE]
    if act not in ONLY_A_NOTICE:
        kinds.append(DocumentKind.RULING)
    fields = {
        "order_id": UUID(int=1),
        "institution": "wallet-a",
        "court": COURT,
        "case_number": "（2025）湘0302执1号",
        "judge": Judge(name="李法官", staff_number="43030201"),
        "debtor": DEBTOR,
        "act": act,
        "documents": tuple(paper(kind) for kind in kinds),
        "sent_at": AT,
        "answer_by": AT + timedelta(days=2),
        **{name: FIELDS[name] for name in NEEDS[act]},
        **changes,
    }
    return Order(**fields)


def make_answer(order: Order, **changes: Any) -> Answer:
    """A good last answer to a query; `changes` replace its fields."""
    echo = {name: getattr(order, name) for name in Echo.model_fields}
    fields = {
        "order_id": order.order_id,
        "institution": order.institution,
        "court": order.court.party,
        "debtor_uscc": order.debtor.uscc,
        "act": order.act,
        "part": 1,
        "is_last": True,
        "answered_at": AT,
        "echo": Echo(**echo),
        "outcome": OrderState.ANSWERED,
        "holdings": (make_holding(),),
        **changes,
    }
    return Answer(**fields)


def make_holding(balance_fen: int = 120_000, **changes: Any) -> Holding:
    fields = {
        "target": TARGET,
        "label": "商户号",
        "balance": amount(balance_fen),
        "available": amount(balance_fen),
        "frozen": amount(0),
        "freezes": (),
        **changes,
    }
    return Holding(**fields)


def make_status(order: Order, *answers: Answer, **changes: Any) -> Status:
    fields = {
        "order_id": order.order_id,
        "institution": order.institution,
        "court": order.court.party,
        "state": OrderState.ANSWERED if answers else OrderState.RECEIVED,
        "as_of": AT,
        "answers": answers,
        "freeze": None,
        **changes,
    }
    return Status(**fields)


def make_parties(
    addresses: Mapping[str, str] | None = None,
) -> tuple[Directory, dict[str, PrivateKey]]:
    """A court and two institutions; each with one key, valid from 2025 to 2030."""
    names = ("court-yuhu", "wallet-a", "bank-a")
    keys = {name: new_private_key(name, f"{name}-1") for name in names}
    since, until = datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
    parties = tuple(
        Party(
            party=name,
            name=name,
            role="court" if name.startswith("court") else "institution",
            address=(addresses or {}).get(name, ""),
            keys=(key.public_key(since=since, until=until),),
        )
        for name, key in keys.items()
    )
    return Directory(parties=parties), keys

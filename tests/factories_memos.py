"""Facts, property and freezes of a debtor for the tests of identification."""

import uuid
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from factories import make_debtor, make_enforcement_case, make_staff
from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import Role
from zhipo.enforcement.actions import memos as acts
from zhipo.enforcement.actions.memos import Conclusion, Statement, state_fact
from zhipo.enforcement.identification.assessment import proposed_by
from zhipo.enforcement.identification.facts import FactKey
from zhipo.enforcement.models import (
    Debtor,
    EnforcementCase,
    Freeze,
    InquiryOrder,
    Institution,
    Memo,
    Property,
)
from zhipo.enforcement.queries.memos import content_now, digest_of
from zhipo.enforcement.states import (
    Evidence,
    FreezeState,
    InquiryState,
    PropertyKind,
    Title,
)
from zhipo.law.enforcement.freezes import Kind

_numbers = count(1)
NOW = datetime(2025, 10, 22, 2, 0, tzinfo=UTC)
TODAY = date(2025, 10, 22)


def make_institution() -> Institution:
    number = next(_numbers)
    return Institution.objects.create(
        party=f"bank-memo-{number}", name=f"湘江银行{number}", kind="bank"
    )


def make_property(debtor: Debtor, **given: Any) -> Property:
    """A payment account of 100,000 yuan, the debtor's own."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "kind": PropertyKind.PAYMENT_ACCOUNT,
        "reference": f"pay-{number}",
        "reference_hash": f"hash-{number}",
        "label": f"支付账户（尾号{number:04d}）",
        "holder": debtor.name,
        "value_fen": 10_000_000,
        "as_of": NOW,
        "title": Title.DEBTORS,
        "found_by": "order",
    }
    return Property.objects.create(debtor=debtor, **(values | given))


def make_freeze(case: EnforcementCase, target: Property, **given: Any) -> Freeze:
    """A freeze in force without a ceiling."""
    order = InquiryOrder.objects.create(
        order_id=uuid.uuid4(),
        act_key=f"memo-{next(_numbers)}",
        case=case,
        institution=target.institution or make_institution(),
        act="freeze",
        target=target,
        body="{}",
        body_sha256="0" * 64,
        state=InquiryState.ANSWERED,
        ordered_at=NOW,
        answer_by=NOW,
        ask_at=NOW,
    )
    values: dict[str, Any] = {
        "kind": Kind.PAYMENT_ACCOUNT,
        "frozen_fen": target.value_fen or 0,
        "state": FreezeState.IN_FORCE,
        "frozen_on": date(2025, 4, 1),
        "until": date(2026, 4, 1),
        "as_of": NOW,
    }
    return Freeze.objects.create(case=case, target=target, order=order, **(values | given))


def make_insolvent(court: Organisation, **given: Any) -> Debtor:
    """A company that two suppliers enforce against, one case closed for now."""
    debtor = make_debtor(**given)
    first = make_enforcement_case(debtor=debtor, court=court, amount_fen=12_000_000)
    make_enforcement_case(
        debtor=debtor, court=court, amount_fen=8_000_000, state="closed_for_now",
        filed_on=date(2025, 5, 5), closed_on=date(2025, 9, 1),
    )  # fmt: skip
    make_freeze(first, make_property(debtor))
    return debtor


def make_memo(debtor: Debtor, court: Organisation) -> Memo:
    """The first version, on the facts as they are and one that a judge stated."""
    judge = make_staff(Role.ENFORCEMENT_JUDGE, court)
    said = Statement(FactKey.CONSENT, False, Evidence.HEARING, "2025-10-20")
    state_fact(debtor_id=debtor.pk, statement=said, now=NOW, by=judge)
    content = content_now(debtor, law_date=TODAY)
    road, is_fast = proposed_by(content)
    conclusion = Conclusion(road, is_fast=is_fast, seen=digest_of(content))
    return acts.make_memo(
        debtor_id=debtor.pk, conclusion=conclusion, today=TODAY, now=NOW, by=judge
    )

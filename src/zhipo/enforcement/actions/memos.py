"""Stating facts, taking statements back, and making the memo with the conclusion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.documents.actions import make_document
from zhipo.documents.kinds import DocumentKind
from zhipo.enforcement.identification.assessment import FAST_ROADS, proposed_by
from zhipo.enforcement.identification.changes import Change, changes
from zhipo.enforcement.identification.facts import FactKey, checked
from zhipo.enforcement.identification.paper import paper_fields
from zhipo.enforcement.identification.wording import road_text
from zhipo.enforcement.models import Debtor, EnforcementCase, Fact, Memo
from zhipo.enforcement.policies import memos as policies
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.queries.facts import facts_in_force, facts_of, ground_of
from zhipo.enforcement.queries.memos import content_now, digest_of, memos_of
from zhipo.enforcement.states import Evidence
from zhipo.law.triage.road import Road


@dataclass(frozen=True)
class Statement:
    """What is stated of a fact: its value, what it rests on, why it departs."""

    key: FactKey
    value: Any
    evidence: Evidence
    reference: str
    reason: str = ""


@dataclass(frozen=True)
class Conclusion:
    """What the judge concludes; `seen` is the digest of what the judge was shown."""

    road: Road
    is_fast: bool
    seen: str
    reason: str = ""


@transaction.atomic
def state_fact(
    *, debtor_id: int, statement: Statement, now: datetime | None = None, by: Any
) -> Fact:
    """State a fact: confirm what the system knows, correct it, or add what it does not.

    A statement that departs from what the system or a judge said before has its reason.
    The one before stays, superseded. Raises NotAllowed, NotInState, NotAValue,
    Unexplained.
    """
    debtor = _locked(debtor_id)
    policies.check_can_state(debtor, by)
    value = _value(statement)
    known = ground_of(debtor).known.get(statement.key)
    before = facts_in_force(debtor).filter(key=statement.key).first()
    if before and _is_same(before, statement, value):
        return before
    held = before.value if before else known.value if known else None
    policies.check_says_why(
        departs=held is not None and held != value, reason=statement.reason
    )

    at = now or timezone.now()
    if before:
        _end(before, by=by, at=at, reason="")
    fact = Fact.objects.create(
        debtor=debtor,
        key=statement.key,
        value=value,
        known=known.value if known else None,
        evidence=statement.evidence,
        reference=statement.reference.strip(),
        reason=statement.reason.strip(),
        stated_by=by,
        stated_at=at,
    )

    record(Event.FACT_STATED, of=fact, by=by, chain=chain_of(debtor), key=fact.key,
           value=value, known=fact.known, evidence=fact.evidence)  # fmt: skip
    return fact


@transaction.atomic
def withdraw_fact(
    *, debtor_id: int, key: FactKey, reason: str, now: datetime | None = None, by: Any
) -> Fact | None:
    """Take a statement back: what the system knows counts again, if it knows anything.

    Where nothing is in force the last one that was taken back is returned, None where
    there never was one. Raises NotAllowed, NotInState, Unexplained.
    """
    debtor = _locked(debtor_id)
    policies.check_can_state(debtor, by)
    fact = facts_in_force(debtor).filter(key=key).first()
    if fact is None:
        return facts_of(debtor, key).first()
    policies.check_says_why(departs=True, reason=reason)

    _end(fact, by=by, at=now or timezone.now(), reason=reason.strip())

    record(Event.FACT_WITHDRAWN, of=fact, by=by, chain=chain_of(debtor), key=fact.key)
    return fact


@transaction.atomic
def make_memo(
    *,
    debtor_id: int,
    conclusion: Conclusion,
    today: date | None = None,
    now: datetime | None = None,
    by: Any,
) -> Memo:
    """Make the next version of the memo, with the judge's conclusion, as a document.

    The rules propose; the judge concludes, and says why where it departs. Facts that have
    changed since the judge looked are shown first (Stale). The same conclusion on the same
    facts is the same memo. Raises NotAllowed, NotInState, Unexplained, NotAValue, Stale.
    """
    debtor = _locked(debtor_id)
    policies.check_can_make(debtor, by)
    case = _leading_case(debtor, by)
    content = content_now(debtor, law_date=today or timezone.localdate())
    digest = digest_of(content)
    last = memos_of(debtor).first()
    if last and _is_the_same_memo(last, digest, conclusion):
        return last
    _check_conclusion(conclusion, content, digest)

    memo = Memo(
        debtor=debtor,
        court=case.court,
        version=last.version + 1 if last else 1,
        content=content,
        content_sha256=digest,
        made_by=by,
        made_at=now or timezone.now(),
        **_said(conclusion, content),
    )
    memo.document = make_document(
        kind=DocumentKind.IDENTIFICATION_MEMO,
        chain=chain_of(debtor),
        fields=_fields(memo, case, changes(last.content, content) if last else []),
        by=by,
    )
    memo.save()

    record(Event.MEMO_MADE, of=memo, by=by, chain=chain_of(debtor),
           version=memo.version, proposed=memo.proposed, concluded=conclusion.road,
           is_fast=conclusion.is_fast, content_sha256=digest)  # fmt: skip
    return memo


def _locked(debtor_id: int) -> Debtor:
    return Debtor.objects.select_for_update(no_key=True).get(pk=debtor_id)


def _value(statement: Statement) -> Any:
    try:
        return checked(statement.key, statement.value)
    except (TypeError, ValueError) as error:
        raise policies.NotAValue("enforcement.memo.not_a_value") from error


def _is_same(fact: Fact, statement: Statement, value: Any) -> bool:
    said = (value, statement.evidence, statement.reference.strip())
    is_said = (fact.value, fact.evidence, fact.reference) == said
    return is_said and fact.reason == statement.reason.strip()


def _end(fact: Fact, *, by: Any, at: datetime, reason: str) -> None:
    fact.ended_by, fact.ended_at, fact.end_reason = by, at, reason
    fact.save(update_fields=["ended_by", "ended_at", "end_reason"])


def _is_the_same_memo(memo: Memo, digest: str, conclusion: Conclusion) -> bool:
    said = (memo.concluded, memo.concluded_fast, memo.reason)
    asked = (conclusion.road, conclusion.is_fast, conclusion.reason.strip())
    return memo.content_sha256 == digest and said == asked


def _check_conclusion(
    conclusion: Conclusion, content: Mapping[str, Any], digest: str
) -> None:
    policies.check_is_current(seen=conclusion.seen, now=digest)
    may_be_fast = conclusion.road in FAST_ROADS
    policies.check_fits(is_fast=conclusion.is_fast, may_be_fast=may_be_fast)
    said = (conclusion.road, conclusion.is_fast)
    policies.check_says_why(departs=said != proposed_by(content), reason=conclusion.reason)


def _said(conclusion: Conclusion, content: Mapping[str, Any]) -> dict[str, Any]:
    """What is proposed and what is concluded, as a memo keeps it."""
    road, is_fast = proposed_by(content)
    return {
        "law_date": date.fromisoformat(content["law_date"]),
        "proposed": road,
        "proposed_fast": is_fast,
        "concluded": conclusion.road,
        "concluded_fast": conclusion.is_fast,
        "reason": conclusion.reason.strip(),
    }


def _fields(memo: Memo, case: EnforcementCase, changed: list[Change]) -> dict[str, Any]:
    """What the document says: the assessment, the debtor, the court, the conclusion."""
    debtor, cases = memo.debtor, memo.content["cases"]
    road, judge = Road(memo.concluded), memo.made_by
    return {
        **paper_fields(memo.content, changed),
        "court": case.court.name,
        "number": case.number,
        "dated_on": memo.law_date,
        "debtor": debtor.name,
        "credit_code": debtor.credit_code,
        "version": str(memo.version),
        "case_count": cases["count"],
        "court_count": cases["courts"],
        "owed_fen": cases["owed_fen"],
        "conclusion": road_text(road, is_fast=memo.concluded_fast, lang="zh"),
        "departure_reason": memo.reason or None,
        "judge": judge.name or judge.login,
    }


def _leading_case(debtor: Debtor, by: Any) -> EnforcementCase:
    """The oldest case before the judge's own court: in it the memo is made."""
    courts = organisations_where(by, frozenset({Role.ENFORCEMENT_JUDGE}))
    own = debtor.cases.filter(court__in=courts).select_related("court")
    case = own.order_by("filed_on", "pk").first()
    policies.check_has_court(case)
    assert case is not None
    return case

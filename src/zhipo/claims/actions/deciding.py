"""Decisions on claims by people: one at a time, by two where it is large, undone."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.claims.actions.messages import new_proof_code, put_messages
from zhipo.claims.models import Adjustment, Claim, Message, SecondEntry
from zhipo.claims.policies.deciding import (
    check_can_decide,
    check_can_settle,
    check_can_undo,
    check_figure,
    needs_two,
)
from zhipo.kernel.money import yuan_text
from zhipo.law.register.states import ClaimState
from zhipo.law.review.decision import Decision
from zhipo.web.refusals import NotInState

DECIDED = "decided"
DECISION_FIELDS = (
    "state", "decision", "admitted_fen", "reasons", "rules", "is_decided_by_person",
    "decision_text", "decided_by", "decided_at",
)  # fmt: skip
RULE = "cn.ebl.57.1"

RESTORE = """
UPDATE claims_claim AS c SET
    state = a.before->>'state',
    decision = a.before->>'decision',
    admitted_fen = (a.before->>'admitted_fen')::bigint,
    reasons = ARRAY(SELECT jsonb_array_elements_text(a.before->'reasons')),
    rules = ARRAY(SELECT jsonb_array_elements_text(a.before->'rules')),
    is_decided_by_person = (a.before->>'is_decided_by_person')::boolean,
    decision_text = a.before->>'decision_text',
    decided_by_id = (a.before->>'decided_by')::bigint,
    decided_at = (a.before->>'decided_at')::timestamptz
FROM claims_adjustment AS a
WHERE a.claim_id = c.id AND a.id = ANY(%s) AND NOT a.is_undone
    AND c.state = 'reviewed'
    AND c.decided_at = (a.after->>'decided_at')::timestamptz
    AND c.decision = a.after->>'decision'
RETURNING a.id
"""


@transaction.atomic
def decide_claim(
    *, claim_id: int, decision: Decision, admitted_fen: int, text: str, by: Any
) -> Claim:
    """Admit, reduce or reject one claim; from the case's limit on, two people must agree.

    The first person's entry waits, unseen by the second; where the two differ both are
    shown to the lead, who settles it. `text` goes to the creditor. The same decision
    again changes nothing. Raises NotAllowed, NotInState, WrongFigure.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=claim_id)
    )
    check_can_decide(by, claim)
    check_figure(claim, decision, admitted_fen)
    if _stands_already(claim, decision, admitted_fen, text):
        return claim
    if needs_two(claim) and not _is_agreed(claim, decision, admitted_fen, by=by):
        return claim

    before = snapshot(claim)
    claim.state, claim.decision, claim.admitted_fen = (
        ClaimState.REVIEWED,
        decision,
        admitted_fen,
    )
    claim.is_decided_by_person, claim.decided_by = True, by
    claim.decided_at, claim.decision_text = timezone.now(), text
    claim.rules = list(dict.fromkeys([*claim.rules, RULE]))
    claim.save(update_fields=DECISION_FIELDS)
    keep_adjustment(claim, before, act=DECIDED, reason=text, by=by)
    tell_decision([claim], by=by)

    record(Event.CLAIM_DECIDED, of=claim, by=by, chain=claim.case.number,
           before=before["decision"], decision=decision, fen=admitted_fen)  # fmt: skip
    return claim


@transaction.atomic
def undo_decision(*, claim_id: int, by: Any) -> Claim:
    """Take the last decision back, until the claim is tabled.

    A claim that has changed since (amended, decided anew) is left as it is. Raises
    NotAllowed, NotInState.
    """
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=claim_id)
    )
    check_can_undo(by, claim)
    last = claim.adjustments.filter(act=DECIDED, is_undone=False).order_by("-pk").first()
    if last is None or not restore([last.pk]):
        raise NotInState("claims.refused.not_undoable", number=claim.number)
    claim.refresh_from_db()
    Message.objects.create(claim=claim, phrase="message.undone", sent_by=by,
                           values={"number": claim.number}, sent_at=timezone.now(),
                           proof_code=new_proof_code())  # fmt: skip

    record(Event.DECISION_UNDONE, of=claim, by=by, chain=claim.case.number,
           adjustment=last.pk, undone=last.after["decision"])  # fmt: skip
    return claim


@transaction.atomic
def ask_creditor(*, claim_id: int, text: str, form_key: str, by: Any) -> Message:
    """Ask the creditor for something, once per form; the claim waits. Raises NotAllowed."""
    claim = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("case")
        .get(pk=claim_id)
    )
    check_can_decide(by, claim)
    known = claim.messages.filter(values__form_key=form_key, sent_by=by).first()
    if known is not None:
        return known

    message = Message.objects.create(
        claim=claim, phrase="", values={"form_key": form_key}, text=text,
        proof_code=new_proof_code(), sent_at=timezone.now(), sent_by=by,
    )  # fmt: skip

    record(Event.MESSAGE_SENT, of=claim, by=by, chain=claim.case.number,
           message=message.pk, phrase="")  # fmt: skip
    return message


def snapshot(claim: Claim) -> dict[str, Any]:
    """What a decision changes, as the history keeps it and undoing restores it."""
    return {
        "state": str(claim.state),
        "decision": str(claim.decision),
        "admitted_fen": claim.admitted_fen,
        "claimed_fen": claim.claimed_fen,
        "reasons": list(claim.reasons),
        "rules": list(claim.rules),
        "is_decided_by_person": claim.is_decided_by_person,
        "decision_text": claim.decision_text,
        "decided_by": claim.decided_by_id,
        "decided_at": claim.decided_at.isoformat() if claim.decided_at else None,
    }


def keep_adjustment(
    claim: Claim, before: dict[str, Any], *, act: str, reason: str, by: Any
) -> None:
    """Write the change into the claim's history."""
    Adjustment.objects.create(
        claim=claim, at=timezone.now(), by=by, act=act, before=before,
        after=snapshot(claim), reason=reason,
    )  # fmt: skip


def restore(adjustment_ids: list[int]) -> int:
    """Put claims back to before these adjustments, in one statement; how many.

    Only claims that stand in REVIEWED exactly as the adjustment left them.
    """
    with connection.cursor() as cursor:
        cursor.execute(RESTORE, [adjustment_ids])
        undone = [row[0] for row in cursor.fetchall()]
    return Adjustment.objects.filter(pk__in=undone).update(is_undone=True)


def tell_decision(claims: Iterable[Claim], *, by: Any) -> None:
    """A message to each creditor: what was decided, and the sum."""
    said = (
        (claim.pk, f"message.decided_{claim.decision}",
         {"number": claim.number, "admitted": yuan_text(claim.admitted_fen or 0)})
        for claim in claims
    )  # fmt: skip
    put_messages(said, now=timezone.now(), by=by)


def _stands_already(claim: Claim, decision: Decision, admitted_fen: int, text: str) -> bool:
    decided = (claim.decision, claim.admitted_fen, claim.decision_text)
    is_same = decided == (decision, admitted_fen, text)
    return claim.is_decided_by_person and claim.state == ClaimState.REVIEWED and is_same


def _is_agreed(claim: Claim, decision: Decision, admitted_fen: int, *, by: Any) -> bool:
    """Whether two people now stand behind this figure; keeps the entry where not."""
    figure = (decision, admitted_fen)
    entry = SecondEntry.objects.filter(claim=claim).first()
    if entry is not None and entry.other_by_id is not None:
        check_can_settle(by, claim, entry, figure)
        entry.delete()
        return True
    if entry is not None and entry.entered_by_id != by.pk:
        if figure == (entry.decision, entry.admitted_fen):
            entry.delete()
            return True
        entry.other_decision, entry.other_admitted_fen = figure
        entry.other_by, entry.other_at = by, timezone.now()
        entry.save()
        _record_entry(claim, event=Event.ENTRIES_DIFFERED, by=by)
        return False
    if entry is not None and figure == (entry.decision, entry.admitted_fen):
        return False
    SecondEntry.objects.update_or_create(
        claim=claim,
        defaults={"decision": decision, "admitted_fen": admitted_fen, "entered_by": by,
                  "entered_at": timezone.now()},
    )  # fmt: skip
    _record_entry(claim, event=Event.CLAIM_FIRST_ENTERED, by=by)
    return False


def _record_entry(claim: Claim, *, event: Event, by: Any) -> None:
    """That somebody entered, not what: the trail must not show it to the second person."""
    record(event, of=claim, by=by, chain=claim.case.number)

"""What the administrator's letters say of a claim; the case's row says the rest."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from zhipo.cases.documents import case_fields
from zhipo.cases.models import Case
from zhipo.claims.models import Claim, Objection
from zhipo.claims.queries.creditor import suit_until
from zhipo.claims.states import ObjectionState
from zhipo.kernel.rules import all_rules
from zhipo.law.register.states import REGISTER_CLASS
from zhipo.law.registry import import_all
from zhipo.web.words import say


def addressee_of(claim: Claim) -> str:
    """The creditor's whole name; where the books know none, the number of the account."""
    holder = claim.holder
    name = (holder.name if holder is not None else "") or claim.claimant
    plain = " ".join(name.split())
    return plain or say("claims.letter.nameless", lang="zh", number=claim.number)


def silent_letter_fields(claim: Claim, *, dated_on: date) -> dict[str, Any]:
    """The fields of the letter to somebody who has not filed, beside the case's row."""
    address = claim.case.administrator_address
    return {
        "addressee": addressee_of(claim),
        "ledger_fen": claim.ledger_fen,
        "filing_place": address and say("claims.letter.place", lang="zh", address=address),
        "dated_on": dated_on,
    }


def silent_letters(
    case: Case, claims: Iterable[Claim], *, dated_on: date
) -> Iterator[dict[str, Any]]:
    """The fields of many such letters, the case read once."""
    same = case_fields(case)
    for claim in claims:
        claim.case = case
        yield {**silent_letter_fields(claim, dated_on=dated_on), **same}


def reply_fields(objection: Objection) -> dict[str, Any]:
    """The fields of the reply to an answered objection: claim, decision, why, by which law.

    Dated on the day of the answer, with the figure that stood then: made again it is the
    same paper, whatever was decided since.
    """
    claim = objection.claim
    assert objection.answered_at is not None
    return {
        "addressee": addressee_of(objection.raised_from or claim),
        "claim_number": claim.number,
        "heading": REGISTER_CLASS[claim.kind],
        "claimed_fen": claim.claimed_fen,
        "admitted_fen": _admitted_then(objection),
        "objected_on": timezone.localdate(objection.at),
        "objection": objection.text,
        "is_upheld": objection.state == ObjectionState.UPHELD,
        "answer": objection.answer,
        "reasons": _reasons(claim),
        "articles": "；".join(_cites(claim)),
        "suit_until": suit_until(claim.case),
        "dated_on": timezone.localdate(objection.answered_at),
    }


def _admitted_then(objection: Objection) -> int:
    """What was admitted when the objection was answered, in fen."""
    later = objection.claim.adjustments.filter(
        at__gt=objection.answered_at, is_undone=False, before__has_key="admitted_fen"
    )
    changed = later.order_by("at", "pk").first()
    fen = changed.before["admitted_fen"] if changed else objection.claim.admitted_fen
    return int(fen or 0)


def _reasons(claim: Claim) -> str:
    """The reasons that review gave; a person's own words stand in the answer."""
    return "；".join(say(f"claims.reason.{one}", lang="zh") for one in claim.reasons)


def _cites(claim: Claim) -> list[str]:
    """The articles behind the decision, each once, in the order in which they applied."""
    import_all()
    known = {rule.id: rule.cite for rule in all_rules()}
    return list(dict.fromkeys(known[one] for one in claim.rules if one in known))

"""Identifications as they stand now, their versions, and what changed between them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from zhipo.enforcement.identification.assessment import assess, content_of
from zhipo.enforcement.identification.changes import Change, changes
from zhipo.enforcement.identification.facts import SPECS, FactKey
from zhipo.enforcement.models import Debtor, Memo
from zhipo.enforcement.queries.facts import Ground, ground_of


def content_now(
    debtor: Debtor, *, law_date: date, ground: Ground | None = None
) -> dict[str, Any]:
    """What a memo made now would say: facts with their sources, answers, money."""
    found = ground or ground_of(debtor)
    assessed = assess(found.values, found.assets, found.creditors, law_date=law_date)
    courts = {case.court_id for case in found.cases}
    return {
        "facts": facts_content(found),
        **content_of(assessed),
        "cases": {
            "count": len(found.cases),
            "courts": len(courts),
            "owed_fen": sum(one.fen for one in found.creditors),
        },
    }


def content_if(
    ground: Ground, changed: Mapping[FactKey, Any], *, law_date: date
) -> dict[str, Any]:
    """What would follow from other facts; nothing is kept."""
    values = {**ground.values, **changed}
    assessed = assess(values, ground.assets, ground.creditors, law_date=law_date)
    return content_of(assessed)


def facts_content(ground: Ground) -> dict[str, dict[str, Any]]:
    """Every fact that somebody or the system knows, in the order of the list."""
    kept = {}
    for key in SPECS:
        known, fact = ground.known.get(key), ground.stated.get(key)
        if known is None and fact is None:
            continue
        kept[key.value] = {
            "value": fact.value if fact else known.value if known else None,
            "known": known.value if known else None,
            "source": known.source if known else "",
            "says": dict(known.says) if known else {},
            "rule": known.rule if known else "",
            "evidence": fact.evidence if fact else "",
            "reference": fact.reference if fact else "",
            "reason": fact.reason if fact else "",
        }
    return kept


def digest_of(content: Mapping[str, Any]) -> str:
    """SHA-256 of a content: the same facts on the same day give the same."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def memos_of(debtor: Debtor) -> QuerySet[Memo]:
    """All versions, the latest first."""
    found = debtor.memos.select_related("document", "made_by", "court")
    return found.order_by("-version")


def changes_in(memo: Memo) -> list[Change]:
    """What a version has that the one before it had not; nothing for the first."""
    before = memo.debtor.memos.filter(version=memo.version - 1).first()
    return changes(before.content, memo.content) if before else []

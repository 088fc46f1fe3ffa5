"""The memo as a Chinese document (识别报告): the fields of its template."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhipo.enforcement.identification.assessment import proposed_by
from zhipo.enforcement.identification.changes import Change, ChangeKind
from zhipo.enforcement.identification.findings import Answer
from zhipo.enforcement.identification.wording import (
    answer_text,
    basis_text,
    fact_name,
    fact_names,
    fact_text,
    ground_text,
    measure_text,
    road_text,
    sums_text,
)
from zhipo.kernel.money import yuan_text
from zhipo.law.triage.rescue import THRESHOLD
from zhipo.law.triage.road import Road
from zhipo.web.words import say

LIKELY = 1
MOST_CREDITORS = 1_000
"""A longer list is on the page and in the register; a paper of more pages helps nobody."""
COSTS = ("court_fee_fen", "handling_fen", "administrator_fen")
HEADLINES = ("is_eligible", "exists", "is_met", "road", "is_proposed", "last_day")
"""What the results of several parts come to."""
Content = Mapping[str, Any]


def paper_fields(content: Content, changed: list[Change]) -> dict[str, Any]:
    """What the document says of an assessment and of its changes, in Chinese."""
    return {
        **_proposal_fields(content),
        **_point_fields(content),
        **_money_fields(content),
        "answer_rows": [_answer_row(one) for one in content["findings"]],
        "fact_rows": [_fact_row(key, one) for key, one in content["facts"].items()],
        "change_rows": [change_row(one, "zh") for one in changed],
        **_rule_fields(content),
    }


def change_row(change: Change, lang: str | None = None) -> dict[str, str]:
    """One difference in words: what, before, after."""
    return {
        "item": _changed_item(change, lang),
        "before": _changed_value(change, change.before, lang),
        "after": _changed_value(change, change.after, lang),
    }


def rules_of(content: Content) -> list[dict[str, Any]]:
    """Every rule that ran, each once, in the order of the memo."""
    told = [
        *(one for finding in content["findings"] for one in finding["told"]),
        *content["roads"]["told"],
        *content["points"]["told"],
        *content["told"],
    ]
    return list({one["rule"]: one for one in told}.values())


def result_text(value: Any, lang: str | None = None) -> str:
    """A rule's result where it fits a cell; what is a whole table is not repeated."""
    if isinstance(value, Mapping):
        value = next((value[name] for name in HEADLINES if name in value), None)
    if isinstance(value, bool):
        return say(f"enforcement.memo.{'yes' if value else 'no'}", lang=lang)
    if isinstance(value, str) and value in set(Road):
        return road_text(str(value), lang=lang)
    return str(value) if isinstance(value, int | str) else "–"


def _proposal_fields(content: Content) -> dict[str, Any]:
    roads = content["roads"]
    now, is_fast = proposed_by(content)
    given = roads["with_consent"]
    ends = {roads["low"], roads["high"]}
    is_sure = ends == {given}
    return {
        "proposal": road_text(now, is_fast=is_fast, lang="zh"),
        "proposal_reasons": say(f"enforcement.road_why.{reason_of(content)}", lang="zh"),
        "consent_proposal": None
        if given == now
        else road_text(given, is_fast=content["is_fast"], lang="zh"),
        "low_proposal": None if is_sure else road_text(roads["low"], lang="zh"),
        "high_proposal": None if is_sure else road_text(roads["high"], lang="zh"),
        "fast_until": date.fromisoformat(content["fast_until"])
        if content["is_fast"]
        else None,
        "missing_facts": fact_names(content["open_facts"], "zh") or None,
    }


def reason_of(content: Content) -> str:
    """Which of the grounds of `law.triage.road` the proposal has."""
    road = content["roads"]["now"]
    if road != "ENFORCE_ONLY":
        return str(road)
    cause = next(
        one["answer"] for one in content["findings"] if one["question"] == "has_cause"
    )
    return "NO_CONSENT" if cause == Answer.YES else "NO_CAUSE"


def _answer_row(finding: Content) -> dict[str, str]:
    return {
        "question": say(f"enforcement.question.{finding['question']}", lang="zh"),
        "answer": answer_text(finding, "zh"),
        "basis": basis_text(finding, "zh"),
    }


def _fact_row(key: str, fact: Content) -> dict[str, str]:
    return {
        "fact": fact_name(key, "zh"),
        "content": fact_text(key, fact["value"], "zh"),
        "ground": ground_text(fact, "zh"),
    }


def _point_fields(content: Content) -> dict[str, Any]:
    rows = content["points"]["rows"]
    return {
        "point_rows": [_point_row(one, content) for one in rows],
        "points_total": content["points"]["total"],
        "points_threshold": THRESHOLD.default,
    }


def _point_row(row: Content, content: Content) -> dict[str, str]:
    stated = content["facts"].get(f"points_{row['indicator']}", {})
    if row["missing"]:
        remark = say("enforcement.memo.not_measured", lang="zh")
    else:
        remark = stated.get("reason") or say("enforcement.memo.by_table", lang="zh")
    return {
        "indicator": say(f"enforcement.indicator.{row['indicator']}", lang="zh"),
        "measure": measure_text(row, "zh"),
        "earned": "–" if row["earned"] is None else str(row["earned"]),
        "used": f"{row['given']}/{row['most']}",
        "remark": remark,
    }


def _money_fields(content: Content) -> dict[str, Any]:
    money = content["recovery"]
    lines = [one for one in money["lines"] if not one["creditor"]["is_late"]]
    return {
        "class_rows": [_class_row(one) for one in money["classes"]],
        "cost_rows": cost_rows(content, "zh"),
        "better_count": money["better"],
        "worse_count": money["worse"],
        "assumed_facts": fact_names(content["assumed"], "zh") or None,
        "creditor_rows": [_creditor_row(one) for one in lines[:MOST_CREDITORS]],
    }


def _class_row(row: Content) -> dict[str, str]:
    return {
        "class_name": say(f"enforcement.class.{row['claim_class']}", lang="zh"),
        "owed": sums_text(row["owed"]),
        "enforcement": sums_text(row["enforcement"]),
        "bankruptcy": sums_text(row["bankruptcy"]),
    }


def cost_rows(content: Content, lang: str | None = None) -> list[dict[str, str]]:
    """What each road costs, low, likely and high."""
    money = content["recovery"]
    rows = [("enforcement_cost", [one["cost_fen"] for one in money["enforcements"]])]
    rows += [
        (name, [one[name] for one in money["bankruptcies"]])
        for name in COSTS
        if money["bankruptcies"]
    ]
    return [
        {"cost": say(f"enforcement.cost.{name}", lang=lang), "sums": sums_text(sums)}
        for name, sums in rows
    ]


def _creditor_row(line: Content) -> dict[str, str]:
    shared = line["bankruptcy"]
    return {
        "case_number": line["creditor"]["claim_id"],
        "owed": yuan_text(line["creditor"]["fen"]),
        "enforcement": yuan_text(line["enforcement"][LIKELY]),
        "bankruptcy": yuan_text(shared[LIKELY]) if shared else "–",
    }


def _rule_fields(content: Content) -> dict[str, Any]:
    rules = rules_of(content)
    unverified = [one["cite"] for one in rules if one["status"] == "U"]
    return {
        "rule_rows": [
            {
                "rule": one["rule"],
                "cite": one["cite"],
                "status": one["status"],
                "result": result_text(one["value"], "zh"),
            }
            for one in rules
        ],
        "unverified": "；".join(dict.fromkeys(unverified)) or None,
    }


NAMED_IN = {
    ChangeKind.FACT_VALUE: "fact",
    ChangeKind.FINDING: "question",
    ChangeKind.POINTS: "indicator",
    ChangeKind.CLASS_RECOVERY: "class",
}


def _changed_item(change: Change, lang: str | None) -> str:
    kind = say(f"enforcement.change.{change.kind}", lang=lang)
    if change.kind == ChangeKind.PROPOSAL:
        return kind
    name = say(f"enforcement.{NAMED_IN[change.kind]}.{change.key}", lang=lang)
    return say("enforcement.memo.kind_and_name", lang=lang, kind=kind, name=name)


def _changed_value(change: Change, value: Any, lang: str | None) -> str:
    if value is None:
        return "–"
    if change.kind == ChangeKind.FACT_VALUE:
        return fact_text(change.key, value, lang)
    if change.kind == ChangeKind.FINDING:
        return say(f"enforcement.answer.{value}", lang=lang)
    if change.kind == ChangeKind.POINTS:
        return str(value)
    if change.kind == ChangeKind.PROPOSAL:
        return road_text(value[0], is_fast=value[1], lang=lang)
    return say(
        "enforcement.memo.both_roads",
        lang=lang,
        enforcement=sums_text(value["enforcement"]),
        bankruptcy=sums_text(value["bankruptcy"]),
    )

"""`zhipo explain`: the events, the formula with its numbers, the rules, the money."""

import json
from fractions import Fraction
from pathlib import Path

from zhipo.engine.distribute.plan import Plan
from zhipo.engine.explain.evidence import Reviewed, Row, payment, refuse_unknown, reviewed
from zhipo.engine.explain.path import Taken, Way, plan_of, way_of
from zhipo.engine.fields import CHINA
from zhipo.engine.words import words
from zhipo.kernel.money import yuan_text
from zhipo.kernel.rules import all_rules
from zhipo.kernel.trace import traced
from zhipo.law.prepaid.refunds import ledger_balance_fen
from zhipo.law.registry import import_all


def explain(claim_id: str, *, review: Path, payments: Path, lang: str | None = None) -> str:
    """Why a claim gets what it gets, in words. Raises Refused.

    Everything is recomputed from the sealed ledger and the steps of the distribution; a
    result that cannot be reproduced is refused, not explained.
    """
    import_all()
    told = reviewed(claim_id, review)
    paid = payment(claim_id, payments)
    if told is None and paid is None:
        refuse_unknown(claim_id, payments)
    lines = [words("explain.title", lang=lang, claim=claim_id)]
    if told is not None:
        lines += _events(told, lang) + _formula(told, lang) + _decision(told, lang)
    if paid is None:
        lines.append(words("explain.not_paid", lang=lang))
    else:
        lines += _money(paid, payments, lang)
    return "\n".join(lines)


def _events(told: Reviewed, lang: str | None) -> list[str]:
    heading = words("explain.events", lang=lang, count=len(told.events))
    lines = ["", heading]
    for event in told.events:
        at = event["at"].astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        kind = words(f"kind.{event['kind']}", lang=lang)
        lines.append(f"  {at}  {kind}  {yuan_text(event['fen'])}  {event['event_id']}")
    return lines


def _formula(told: Reviewed, lang: str | None) -> list[str]:
    sums = told.sums
    result = traced(
        ledger_balance_fen, **{f"{name}_fen": fen for name, fen in sums.items()}
    )
    notes = result.steps[0].notes
    yuan = {name: yuan_text(fen, sign="") for name, fen in sums.items()}
    given = yuan_text(sums["paid"] + sums["bonus"], sign="")
    lines = ["", words("explain.formula", lang=lang, day=told.accepted_on)]
    lines.append(words("explain.sums", lang=lang, **yuan))
    if not sums["paid"] + sums["bonus"]:  # nothing was used up of nothing: no ratio
        return lines
    lines.append(
        words(
            "explain.arithmetic",
            lang=lang,
            paid=yuan["paid"],
            used=yuan["used"],
            given=given,
            back=yuan["back"],
            delivered=_fraction(notes["delivered_fen"]),
            balance=yuan_text(notes["balance_fen"]),
            owed=yuan_text(result.value),
        )
    )
    return lines


def _decision(told: Reviewed, lang: str | None) -> list[str]:
    row = told.decision
    decision = words(f"decision.{row['decision']}", lang=lang)
    admitted = yuan_text(int(row["admitted_fen"]))
    lines = ["", words("explain.decision", lang=lang, decision=decision, fen=admitted)]
    lines += [
        f"  {code}: {words(f'reason.{code}', lang=lang)}"
        for code in row["reasons"].split(";")
        if code
    ]
    rules = _rules(row["rules"].split(";"), lang)
    return [*lines, "", words("explain.rules", lang=lang), *rules]


def _rules(ids: list[str], lang: str | None) -> list[str]:
    """Each rule with its article, status and sentence; our own rules in the reader's."""
    lines = []
    for rule in all_rules():
        if rule.id in ids:
            lines.append(f"  {rule.id} [{rule.status.value}] {rule.cite}")
            lines.append(f"    {rule.text or words(f'rule.{rule.id}', lang=lang)}")
    return lines


def _money(row: Row, payments: Path, lang: str | None) -> list[str]:
    steps = json.loads((payments / "steps.json").read_text(encoding="utf-8"))
    plan = plan_of(payments)
    total = int(row["paid_fen"]) + int(row["reserved_fen"])
    way = way_of(row, steps["plan"], plan, total)
    base = way_of(row, steps["baseline"], plan, int(row["baseline_fen"]))
    kind = words(f"class.{row['class']}", lang=lang)
    owed = yuan_text(int(row["fen"]))
    lines = ["", words("explain.class", lang=lang, kind=kind, fen=owed)]
    lines += _way(way, plan, "explain.plan", lang)
    lines += _way(base, plan, "explain.baseline", lang)
    if plan.overlay is not None:
        ground = f"{plan.overlay.basis} ({plan.overlay.evidence})"
        lines.append(words("explain.basis", lang=lang, basis=ground))
    if int(row["reserved_fen"]):
        reserved = yuan_text(int(row["reserved_fen"]))
        lines.append(words("explain.reserved", lang=lang, fen=reserved))
    rules = list(ORDER_RULES)
    parts = row["parts"].split(";")
    if len(parts) > 1:
        rules.append(INSTALMENTS_RULE)
        yuan = " + ".join(yuan_text(int(part)) for part in parts)
        lines.append(words("explain.parts", lang=lang, parts=yuan))
    return [*lines, "", words("explain.rules", lang=lang), *_rules(rules, lang)]


ORDER_RULES = ("cn.ebl.113.1", "cn.ebl.113.2")
INSTALMENTS_RULE = "policy.instalments.split"


def _way(way: Way, plan: Plan, key: str, lang: str | None) -> list[str]:
    lines = ["", words(key, lang=lang, fen=yuan_text(way.total_fen))]
    lines += [_step(one, plan, lang) for one in way.told]
    if way.last_fen:
        lines.append(words("explain.last_fen", lang=lang, count=way.last_fen))
    return lines


def _step(one: Taken, plan: Plan, lang: str | None) -> str:
    percent = f"{int(one.rate * 1_000_000) / 10_000:.4f} %"
    return words(
        "explain.step",
        lang=lang,
        step=step_name(one.step, plan, lang),
        pot=yuan_text(one.pot_fen),
        owed=yuan_text(one.owed_fen),
        rate=percent,
        weight=yuan_text(one.weight_fen),
        floor=yuan_text(one.floor_fen),
    )


def step_name(step: str, plan: Plan, lang: str | None) -> str:
    """A step as people call it: a pool by its name, a rank by its classes."""
    pool = next((pool for pool in plan.pools if pool.id == step), None)
    if pool is not None:
        key = "explain.lien" if pool.secures else "explain.first_to"
        return words(key, lang=lang, pool=pool.id)
    ranks, _, part = step.partition(":")
    if part:
        return words(f"explain.part.{part}", lang=lang)
    names = [words(f"class.{name}", lang=lang) for name in ranks.split("+")]
    return words("explain.and", lang=lang).join(names)


def _fraction(fen: Fraction) -> str:
    """Fen as yuan with six decimals, cut: what is exact does not fit a line."""
    micro = int(fen * 10_000)
    return f"{micro // 1_000_000:,}.{micro % 1_000_000:06d}"

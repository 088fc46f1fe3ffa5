"""A plan as the document that meeting and court are given, in Chinese."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from zhipo.cases.documents import make_case_document
from zhipo.distributions.chart import GENERAL
from zhipo.distributions.models import Plan
from zhipo.distributions.outcomes import Outcome, departs_from_the_order, overlay_of
from zhipo.documents.kinds import DocumentKind
from zhipo.documents.models import Document
from zhipo.kernel.money import yuan_text
from zhipo.ledger.models import Account
from zhipo.portals.desk.plan_export import rate_text
from zhipo.portals.desk.plan_shown import percent
from zhipo.web.words import say


def plan_document(plan: Plan, outcome: Outcome, *, by: Any) -> Document:
    """Make it and keep it; the same plan is the same document.

    Raises NotAllowed, NotInState, and what `make_document` raises.
    """
    return make_case_document(
        case_id=plan.case_id, kind=DocumentKind.DISTRIBUTION_PLAN,
        fields=plan_fields(plan, outcome), by=by,
    )  # fmt: skip


def plan_fields(plan: Plan, outcome: Outcome) -> Mapping[str, Any]:
    """What 《企业破产法》第一百一十五条第二款 asks for, under the template's names."""
    ground = plan.content.get("overlay", {})
    departs = departs_from_the_order(plan.content)
    return {
        "version": plan.number,
        "plan_title": plan.title,
        "creditor_count": outcome.creditors_count,
        "plan_class_rows": [_class(line) for line in outcome.classes],
        "plan_pool_rows": _pools(plan),
        "plan_cost_rows": [
            {"cost": cost.title, "cite": cost.cite or "–", "sum": yuan_text(cost.fen)}
            for cost in outcome.costs
        ],
        "pools_fen": outcome.pools_fen,
        "payment_days": "、".join(f"{day:%Y年%-m月%-d日}" for day in plan.due_days),
        "dated_on": timezone.localdate(plan.made_at),
        "departure": _departure(plan) if departs else "",
        "plan_basis": _zh("basis", ground["basis"]) if ground else _earmarks(plan, "basis"),
        "plan_evidence": ground.get("evidence") or _earmarks(plan, "evidence"),
        "bearers": "；".join(
            f"{_zh('class', line.name)}（{line.count}笔）{yuan_text(-line.shift_fen)}"
            for line in outcome.classes
            if line.shift_fen < 0
        ),
        "reserved_fen": outcome.reserved_fen,
        "left_over_fen": outcome.left_over_fen,
        "is_last": plan.is_last,
    }


def _class(line: Any) -> dict[str, str]:
    return {
        "class_name": _zh("class", line.name),
        "count": f"{line.count:,}",
        "owed": yuan_text(line.fen),
        "baseline": yuan_text(line.baseline_fen),
        "baseline_rate": percent(line.baseline_rate),
        "got": yuan_text(line.got_fen),
        "rate": percent(line.rate),
        "shift": yuan_text(line.shift_fen),
    }


def _pools(plan: Plan) -> list[dict[str, str]]:
    titles = dict(
        Account.objects.filter(book=plan.case.number).values_list("code", "title")
    )
    return [
        {
            "pool": titles.get(pool["id"], _zh("account", "pool_general")),
            "sum": yuan_text(pool["fen"]),
            "ground": _ground(pool),
        }
        for pool in plan.content["pools"]
        if pool["fen"] or pool["id"] == GENERAL
    ]


def _ground(pool: Mapping[str, Any]) -> str:
    if pool.get("secures"):
        return f"担保债权{'、'.join(pool['secures'])}"
    if pool.get("first_to"):
        names = "、".join(_zh("class", name) for name in pool["first_to"])
        return f"先行清偿{names}；{_zh('basis', pool['basis'])}"
    return "破产财产"


def _departure(plan: Plan) -> str:
    overlay, rate = overlay_of(plan.content)
    small = plan.content["small_claims"]
    said = []
    if overlay != "statutory":
        words = say(f"desk.plans.overlay.{overlay}", lang="zh")
        said.append(f"消费者预付款债权{words}{f'（{rate_text(rate)}）' if rate else ''}")
    if small["mode"] != "none":
        said.append(f"{_zh('mode', small['mode'])}，上限{yuan_text(small['ceiling_fen'])}")
    if plan.opted_down:
        said.append(f"{len(plan.opted_down)}笔债权的债权人书面同意降至上限")
    if any(pool.get("first_to") for pool in plan.content["pools"]):
        said.append("指定用途的财产先行清偿所指定的债权")
    return f"{'；'.join(said)}。"


def _earmarks(plan: Plan, key: str) -> str:
    found = [pool[key] for pool in plan.content["pools"] if pool.get("first_to")]
    words = [_zh("basis", one) if key == "basis" else one for one in found]
    return "、".join(dict.fromkeys(words))


def _zh(group: str, name: str) -> str:
    """The document is Chinese, whatever language its reader's pages are in."""
    return say(f"distributions.{group}.{name}", lang="zh")

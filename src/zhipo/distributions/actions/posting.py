"""What an approval does to the book: out of the pools, owed to each class."""

from collections import Counter
from typing import Any

from zhipo.distributions.acts import APPROVAL
from zhipo.distributions.chart import DEPOSITED, GENERAL, claims_of, open_chart
from zhipo.distributions.models import Plan
from zhipo.distributions.terms import drawn_fen
from zhipo.ledger.posting import Movement, post


def approval_lines(plan: Plan) -> dict[str, int]:
    """Account -> fen of the approval: each pool pays out, what was left over stays.

    What is paid is owed to its class, what is reserved is deposited
    (《企业破产法》第一百一十七条至第一百一十九条).
    """
    lines: Counter[str] = Counter()
    for pool in drawn_fen(plan).items():
        lines[pool[0]] += pool[1]
    lines[GENERAL] -= plan.summary["left_over_fen"]
    for name, line in plan.summary["classes"].items():
        lines[claims_of(name)] -= line["paid_fen"]
        lines[DEPOSITED] -= line["reserved_fen"]
    assert sum(lines.values()) == 0
    return {code: fen for code, fen in lines.items() if fen}


def post_approval(plan: Plan, *, by: Any) -> None:
    """Post it, once for the plan; part of the approval's own act."""
    book = plan.case.number
    open_chart(book)
    assert plan.ruled_on is not None
    lines = approval_lines(plan)
    if lines:
        post(book, Movement(f"plan:{plan.number}", APPROVAL, lines, plan.ruled_on,
                            note=plan.ruling), by=by)  # fmt: skip

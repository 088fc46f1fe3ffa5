"""How enforcement itself pays: by order of seizure, or pro rata for natural persons."""

from dataclasses import dataclass
from datetime import date

from zhipo.kernel.money import pay_up_to
from zhipo.kernel.rules import rule

CPLI = date(2022, 4, 10)


@dataclass(frozen=True)
class Seizure:
    """A creditor in enforcement; `place` is the order of seizure, 1 first; fen owed."""

    claim_id: str
    place: int
    fen: int


@rule(
    id="cn.cpli.514",
    cite="《民事诉讼法解释》第五百一十四条",
    text=(
        "当事人不同意移送破产或者被执行人住所地人民法院不受理破产案件的，执行法院"
        "就执行变价所得财产，在扣除执行费用及清偿优先受偿的债权后，对于普通债权，"
        "按照财产保全和执行中查封、扣押、冻结财产的先后顺序清偿。"
    ),
    status="V1",
    since=CPLI,
    sheet="REF-04",
)
def paid_by_order_of_seizure(
    *, proceeds_fen: int, cost_fen: int, priority_fen: int, seizures: tuple[Seizure, ...]
) -> dict[str, int]:
    """Costs, then priority claims, then ordinary ones one after the other by seizure."""
    left = max(0, proceeds_fen - cost_fen - priority_fen)
    paid = {}
    for seizure in sorted(seizures, key=lambda one: one.place):
        share = min(left, seizure.fen)
        paid[seizure.claim_id] = share
        left -= share
    return paid


@rule(
    id="cn.cpli.508",
    cite="《民事诉讼法解释》第五百零八条；《民事诉讼法解释》第五百零六条",
    text=(
        "参与分配执行中，执行所得价款扣除执行费用，并清偿应当优先受偿的债权后，对"
        "于普通债权，原则上按照其占全部申请参与分配债权数额的比例受偿。清偿后的剩"
        "余债务，被执行人应当继续清偿。债权人发现被执行人有其他财产的，可以随时请"
        "求人民法院执行。"
    ),
    status="V1",
    since=CPLI,
    sheet="REF-04b",
)
def paid_in_participation(
    *,
    is_enterprise: bool,
    proceeds_fen: int,
    cost_fen: int,
    priority_fen: int,
    owed: tuple[int, ...],
) -> tuple[int, ...]:
    """参与分配: pro rata, only against natural persons and other organisations.

    Raises ValueError against an enterprise legal person.
    """
    if is_enterprise:
        raise ValueError("参与分配 is refused against an enterprise legal person")
    left = max(0, proceeds_fen - cost_fen - priority_fen)
    return tuple(pay_up_to(left, owed)) if sum(owed) else tuple(owed)

"""What the institutions hold in the demonstration: the sandbox's own books, to scale.

The sandbox's plan has the six accounts of the 32,000-consumer case. Here every movement is
scaled by the running sum, so that balances are exactly those of accounts.csv and none falls
below zero on the way. Whose things are is told as the demonstration's estate has them: the
money owed to shops on the mall platform is held in custody, all else is the debtor's.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise

from zhipo.demo.case import DEBTOR, scaled
from zhipo.gateways.institutions.messages import Debtor, Title
from zhipo.gateways.institutions.sandbox.plan import (
    Movement,
    Plan,
    PlannedObject,
    Respondent,
    at_addresses,
    read_plan,
)

CODE = "91430302MA4XJ0001C"
SHOP = "湘潭市雨湖区鲜享家生鲜店"
SHOP_CODE = "92430302MA4L5678XF"
SHOPS_ACCOUNT = "1600000009"
ACCOUNTS = (
    "1600000001", "1600000002", "2088000000000011", "2088000000000012",
    "6222000000000101", "6225000000000202",
)  # fmt: skip
"""The references of case.ACCOUNTS, in their order."""

CUSTODY, CUSTODY_FEN = "SET-7001", 8_450_060
OTHERS = "ACC-9001"
BASIC_ACCOUNT, SHORT_FREEZE = ACCOUNTS[4], ACCOUNTS[5]
CUSTODY_EVIDENCE = ("平台代收入驻商家货款的清分记录", "联营合同第七条：货款归入驻商家所有")


def planned(consumers: int, *, court_address: str = "") -> Plan:
    """The institutions of a case of that size; answers are posted to the address."""
    plan = read_plan()
    institutions = tuple(_respondent(one, consumers) for one in plan.institutions)
    plan = plan.model_copy(update={"institutions": institutions})
    return at_addresses(plan, {court.party: court_address for court in plan.courts})


def _respondent(one: Respondent, consumers: int) -> Respondent:
    objects = tuple(_object(thing, consumers) for thing in one.objects)
    return one.model_copy(update={"objects": objects})


def _object(thing: PlannedObject, consumers: int) -> PlannedObject:
    if thing.reference == SHOPS_ACCOUNT:
        changes = {"holder": Debtor(name=SHOP, uscc=SHOP_CODE), "label": "门店收款账户"}
    elif thing.holder.uscc == CODE:
        changes = {"holder": Debtor(name=DEBTOR, uscc=CODE), **_title(thing)}
    else:
        return thing
    movements = tuple(to_scale(thing.movements, consumers))
    return thing.model_copy(update={**changes, "movements": movements})


def _title(thing: PlannedObject) -> dict[str, object]:
    if thing.reference == CUSTODY:
        return {"title": Title.CUSTODY, "evidence": CUSTODY_EVIDENCE}
    if thing.reference == OTHERS:
        return {}
    return {"title": Title.DEBTORS}


def to_scale(movements: Iterable[Movement], consumers: int) -> Iterator[Movement]:
    """Movements whose running sum is the scaled running sum of these; none of nothing."""
    kept = list(movements)
    sums = [scaled(fen, consumers) for fen in accumulate(one.fen for one in kept)]
    for one, (before, after) in zip(kept, pairwise([0, *sums]), strict=True):
        if after != before:
            yield one.model_copy(update={"fen": after - before})

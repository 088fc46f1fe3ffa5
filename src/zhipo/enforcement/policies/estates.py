"""Whose a property is once bankruptcy is accepted: the law's rules asked about rows."""

from dataclasses import dataclass
from datetime import date

from zhipo.enforcement.states import Belonging, Title
from zhipo.law.estate.assets import HeldAs, is_estate, is_excluded

ESTATE_RULE = "cn.ebl.30"
EXCLUDED_RULE = "cn.bi2.2"
HELD_AS: dict[Title, HeldAs] = {
    Title.THIRD_PARTYS: HeldAs.OTHERS_BY_LAW,
    Title.CUSTODY: HeldAs.KEEPING,
}
"""What was found of a property -> how the debtor then has it in hand."""


@dataclass(frozen=True)
class Place:
    """Whether a property is the estate's, and the rule that was asked; none while open."""

    belongs: Belonging
    rule: str = ""


def place_of(title: Title, *, found_on: date, accepted_on: date) -> Place:
    """Where a property stands by what enforcement has found out about its title.

    What was not checked or is in dispute stays open: the administrator finds out, no
    machine does (《企业破产法》第二十五条).
    """
    if title in HELD_AS:
        assert is_excluded(held_as=HELD_AS[title])
        return Place(Belonging.EXCLUDED, EXCLUDED_RULE)
    if title != Title.DEBTORS:
        return Place(Belonging.OPEN)
    is_in = is_estate(
        acquired_on=min(found_on, accepted_on),
        accepted_on=accepted_on,
        is_worth_money=True,
        is_transferable=True,
    )
    return Place(Belonging.ESTATE if is_in else Belonging.OPEN, ESTATE_RULE)

"""What each creditor may expect (清偿预期): from enforcement, and from a bankruptcy.

Nothing is decided or divided here: proceeds go by `law.enforcement.payment`, the estate by
`law.waterfall`, fees by `law.fees`. Each is run three times: with low property and high
costs and claims, with the likely sums, and with high property and low costs and claims.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from zhipo.enforcement.identification.facts import FactKey, Values, range_of
from zhipo.enforcement.identification.routes import (
    Bankruptcy,
    Enforcement,
    bankruptcy,
    enforcement,
)
from zhipo.enforcement.identification.standing import Asset, Creditor, Sums
from zhipo.kernel.money import share_out
from zhipo.law.triage.cause import Entity
from zhipo.law.triage.realisation import Range
from zhipo.law.waterfall.order import ClaimClass

K = FactKey


class Scenario(StrEnum):
    LOW = "low"  # 低
    LIKELY = "likely"  # 可能
    HIGH = "high"  # 高


@dataclass(frozen=True)
class Line:
    """One creditor: what is owed and what either road brings, by scenario, in fen."""

    creditor: Creditor
    owed: tuple[int, ...]
    enforcement: tuple[int, ...]
    bankruptcy: tuple[int, ...]


@dataclass(frozen=True)
class ClassLine:
    """A class of creditors in sum, by scenario, in fen."""

    claim_class: ClaimClass
    count: int
    owed: tuple[int, ...]
    enforcement: tuple[int, ...]
    bankruptcy: tuple[int, ...]


@dataclass(frozen=True)
class Recovery:
    """Both roads beside each other, by scenario; `better`: applicants whom a bankruptcy is
    likely to pay more than enforcement, `worse`: less. None are if it is not open."""

    lines: tuple[Line, ...]
    classes: tuple[ClassLine, ...]
    enforcements: tuple[Enforcement, ...]
    bankruptcies: tuple[Bankruptcy, ...]
    bankruptcy_open: bool
    better: int
    worse: int


GAINS = frozenset({K.ESTATE, K.RECOVERABLE, K.COLLATERAL})
"""What is there; every other sum takes from the creditors."""
SUMS = (K.ESTATE, K.RECOVERABLE, K.COLLATERAL, K.COLLATERAL_COST, K.SECURED_OWED,
        K.PRIORITY_OWED, K.ENFORCEMENT_COST, K.HANDLING_COST, K.COMMON_OWED,
        K.LATE_EMPLOYEE, K.LATE_SOCIAL_TAX, K.LATE_CONSUMER, K.LATE_ORDINARY)  # fmt: skip
LATE: dict[FactKey, ClaimClass] = {
    K.SECURED_OWED: ClaimClass.SECURED,
    K.LATE_EMPLOYEE: ClaimClass.EMPLOYEE,
    K.LATE_SOCIAL_TAX: ClaimClass.SOCIAL_TAX,
    K.LATE_CONSUMER: ClaimClass.CONSUMER,
    K.LATE_ORDINARY: ClaimClass.ORDINARY,
}
"""Claims known as sums: a bankruptcy pays them, enforcement knows no title for them."""


def recovery(
    values: Values, assets: Sequence[Asset], creditors: Sequence[Creditor]
) -> Recovery:
    """What every creditor and class may expect by either road, in three scenarios."""
    is_company = values.get(K.ENTITY) == Entity.COMPANY
    is_open = is_company or bool(values.get(K.OTHER_LAW))
    scenarios = [_sums(one, values, assets) for one in Scenario]
    late = [_late(sums) for sums in scenarios]
    forced = tuple(
        enforcement(sums, assets, creditors, is_company=is_company) for sums in scenarios
    )
    shared = tuple(
        bankruptcy(sums, [*creditors, *more])
        for sums, more in zip(scenarios, late, strict=True)
        if is_open
    )
    lines = [
        _line(one, (one.fen,) * len(Scenario), forced, shared) for one in creditors
    ] + _late_lines(late, forced, shared)
    likely = list(Scenario).index(Scenario.LIKELY)
    pairs = [
        (one.bankruptcy[likely], one.enforcement[likely])
        for one in lines
        if shared and not one.creditor.is_late
    ]
    return Recovery(
        lines=tuple(lines),
        classes=_by_class(lines),
        enforcements=forced,
        bankruptcies=shared,
        bankruptcy_open=is_open,
        better=sum(there > here for there, here in pairs),
        worse=sum(there < here for there, here in pairs),
    )


def _sums(scenario: Scenario, values: Values, assets: Sequence[Asset]) -> Sums:
    opposite = {Scenario.LOW: Scenario.HIGH, Scenario.HIGH: Scenario.LOW}
    fen = {
        key: _at(
            range_of(values, key),
            scenario if key in GAINS else opposite.get(scenario, scenario),
        )
        for key in SUMS
    }
    worth = [_at(asset.worth, scenario) for asset in assets]
    return Sums(fen, _fitted(worth, fen[K.ESTATE]))


def _at(worth: Range, scenario: Scenario) -> int:
    low, high = worth.low_fen, worth.high_fen
    return {Scenario.LOW: low, Scenario.HIGH: high}.get(scenario, worth.likely_fen)


def _fitted(worth: Sequence[int], total: int) -> tuple[int, ...]:
    """Each thing's value; where another total was stated, in the same proportions."""
    if sum(worth) == total or not worth:
        return tuple(worth)
    weights = worth if sum(worth) else [1] * len(worth)
    return tuple(share_out(total, weights))


def _late(sums: Sums) -> list[Creditor]:
    return [
        Creditor(key.value, claim_class, sums.fen[key], is_late=True)
        for key, claim_class in LATE.items()
        if sums.fen[key]
    ]


def _late_lines(
    late: Sequence[Sequence[Creditor]],
    forced: Sequence[Enforcement],
    shared: Sequence[Bankruptcy],
) -> list[Line]:
    """A line for each sum that stands in any scenario; it differs from one to the next."""
    owed = [{one.claim_id: one for one in scenario} for scenario in late]
    every = {claim_id: one for scenario in owed for claim_id, one in scenario.items()}
    return [
        _line(
            one,
            tuple(known[claim_id].fen if claim_id in known else 0 for known in owed),
            forced,
            shared,
        )
        for claim_id, one in every.items()
    ]


def _line(
    creditor: Creditor,
    owed: tuple[int, ...],
    forced: Sequence[Enforcement],
    shared: Sequence[Bankruptcy],
) -> Line:
    claim_id = creditor.claim_id
    return Line(
        creditor=creditor,
        owed=owed,
        enforcement=tuple(one.paid.get(claim_id, 0) for one in forced),
        bankruptcy=tuple(one.paid.get(claim_id, 0) for one in shared),
    )


def _by_class(lines: Sequence[Line]) -> tuple[ClassLine, ...]:
    found = []
    for claim_class in ClaimClass:
        members = [one for one in lines if one.creditor.claim_class == claim_class]
        if members:
            found.append(
                ClassLine(
                    claim_class=claim_class,
                    count=sum(not one.creditor.is_late for one in members),
                    owed=_added(one.owed for one in members),
                    enforcement=_added(one.enforcement for one in members),
                    bankruptcy=_added(one.bankruptcy for one in members),
                )
            )
    return tuple(found)


def _added(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*rows, strict=True))

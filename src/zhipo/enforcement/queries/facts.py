"""What the system knows of a debtor by itself, with its source, and what judges stated."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from zhipo.enforcement.finding_states import CandidateState
from zhipo.enforcement.identification.facts import POINTS_OF, FactKey
from zhipo.enforcement.identification.points import points
from zhipo.enforcement.identification.standing import Asset, Creditor, Hold
from zhipo.enforcement.models import (
    Debtor,
    EnforcementCase,
    Fact,
    Freeze,
    InquiryOrder,
    OrderBook,
    Property,
)
from zhipo.enforcement.queries.consents import written_consents
from zhipo.enforcement.states import (
    HOLDS,
    STILL_OPEN,
    ApplicantKind,
    EnforcementState,
    PropertyKind,
    Title,
)
from zhipo.kernel.money import yuan_text
from zhipo.law.fees.court import enforcement_fee_fen
from zhipo.law.triage.cause import enforcement_has_failed
from zhipo.law.triage.realisation import NOTHING, Range, Standing, realisable
from zhipo.law.waterfall.order import ClaimClass

K = FactKey
CLASS_OF: dict[ApplicantKind, ClaimClass] = {
    ApplicantKind.CONSUMER: ClaimClass.CONSUMER,
    ApplicantKind.SUPPLIER: ClaimClass.ORDINARY,
    ApplicantKind.EMPLOYEE: ClaimClass.EMPLOYEE,
    ApplicantKind.LENDER: ClaimClass.ORDINARY,
    ApplicantKind.TAX: ClaimClass.SOCIAL_TAX,
    ApplicantKind.SOCIAL_INSURANCE: ClaimClass.SOCIAL_TAX,
    ApplicantKind.OTHER: ClaimClass.ORDINARY,
}
STANDING_OF: dict[Title, Standing] = {
    Title.DEBTORS: Standing.OWN,
    Title.UNCHECKED: Standing.UNCHECKED,
    Title.DISPUTED: Standing.DISPUTED,
    Title.THIRD_PARTYS: Standing.NOT_OWN,
    Title.CUSTODY: Standing.NOT_OWN,
}
MONEY = frozenset(
    {PropertyKind.BANK_ACCOUNT, PropertyKind.PAYMENT_ACCOUNT,
     PropertyKind.PLATFORM_DEPOSIT, PropertyKind.SETTLEMENT_BALANCE}
)  # fmt: skip
ZHONGBEN = "cn.bi1.4.zhongben"


@dataclass(frozen=True)
class Known:
    """What the system knows: a value and the sentence that says where it is from.

    `source` is a key of `enforcement/phrases.yaml`, `says` fills its gaps; `rule` is the
    rule by which it was concluded, if one was.
    """

    value: Any
    source: str
    says: Mapping[str, Any] = field(default_factory=dict)
    rule: str = ""


@dataclass(frozen=True)
class Ground:
    """Everything that identification starts from, read once."""

    debtor: Debtor
    cases: tuple[EnforcementCase, ...]
    assets: tuple[Asset, ...]
    creditors: tuple[Creditor, ...]
    known: Mapping[FactKey, Known]
    stated: Mapping[FactKey, Fact]

    @property
    def values(self) -> dict[FactKey, Any]:
        """What counts: the judge's statement, else what the system knows."""
        known = {key: one.value for key, one in self.known.items()}
        return known | {key: one.value for key, one in self.stated.items()}


def ground_of(debtor: Debtor) -> Ground:
    """Cases, property, freezes, orders, consents, order books and facts of a debtor."""
    cases = _open_cases(debtor)
    things = list(debtor.properties.order_by("pk"))
    stated = {FactKey(one.key): one for one in facts_in_force(debtor)}
    creditors = tuple(_creditor(case) for case in cases)
    known = {
        K.ENTITY: Known(debtor.entity, "fact_source.entity"),
        **_known_of_cases(debtor, cases),
        **_known_of_property(debtor, things),
        **_known_of_avoidance(debtor),
        **_known_of_consents(debtor),
        **_known_of_orders(debtor),
    }
    counted = {key: one.value for key, one in known.items()}
    counted |= {key: one.value for key, one in stated.items()}
    known |= _known_of_points(counted)
    return Ground(debtor, cases, _assets(debtor, things), creditors, known, stated)


def facts_in_force(debtor: Debtor) -> QuerySet[Fact]:
    """The statements that count today."""
    return debtor.facts.filter(ended_at=None).select_related("stated_by")


def facts_of(debtor: Debtor, key: FactKey) -> QuerySet[Fact]:
    """All statements of one fact, the latest first; those superseded stay."""
    return debtor.facts.filter(key=key).order_by("-stated_at", "-pk")


def owed_fen(case: EnforcementCase) -> int:
    """What is unpaid on a case, in fen; never below nothing."""
    return max(0, case.amount_fen - case.paid_fen)


def _open_cases(debtor: Debtor) -> tuple[EnforcementCase, ...]:
    running = debtor.cases.exclude(state=EnforcementState.CLOSED)
    ordered = running.select_related("court").order_by("filed_on", "pk")
    return tuple(case for case in ordered if owed_fen(case))


def _creditor(case: EnforcementCase) -> Creditor:
    kind = CLASS_OF[ApplicantKind(case.applicant_kind)]
    return Creditor(
        case.number, kind, owed_fen(case), case.filed_on, goes_first=_goes_first(case)
    )


def _known_of_cases(
    debtor: Debtor, cases: Sequence[EnforcementCase]
) -> dict[FactKey, Known]:
    if not cases:
        return {}
    owed = sum(owed_fen(case) for case in cases)
    courts = len({case.court_id for case in cases})
    says = {"count": len(cases), "courts": courts, "owed": yuan_text(owed)}
    fees = sum(case.costs_fen or _fee_fen(case) for case in cases)
    taxes = sum(owed_fen(case) for case in cases if _goes_first(case))
    known = {
        K.DEBT_LAWFUL: Known(True, "fact_source.titles", says),
        K.PERIOD_EXPIRED: Known(True, "fact_source.expired", says),
        K.FULLY_PAID: Known(False, "fact_source.unpaid", says),
        K.ENFORCEMENT_COST: Known([fees] * 3, "fact_source.fees", says, "cn.fee.14.1"),
        K.PRIORITY_OWED: Known([taxes] * 3, "fact_source.taxes", says),
    }
    closed = [one for one in cases if one.state == EnforcementState.CLOSED_FOR_NOW]
    if enforcement_has_failed(has_zhongben_ruling=bool(closed)):
        numbers = "、".join(case.number for case in closed[:3])
        ended = {"count": len(closed), "numbers": numbers}
        known[K.FAILED_ENFORCEMENT] = Known(True, "fact_source.zhongben", ended, ZHONGBEN)
    return known


def _fee_fen(case: EnforcementCase) -> int:
    return enforcement_fee_fen(amount_fen=case.amount_fen)


def _goes_first(case: EnforcementCase) -> bool:
    """Tax goes before unsecured claims in enforcement (《税收征收管理法》第四十五条)."""
    return case.applicant_kind == ApplicantKind.TAX


def _known_of_property(debtor: Debtor, things: Sequence[Property]) -> dict[FactKey, Known]:
    if not things:
        return {}
    total = sum((_worth(one) for one in things), NOTHING)
    titles = Counter(Title(one.title) for one in things)
    frozen = sum(
        Freeze.objects.filter(target__debtor=debtor, state__in=HOLDS)
        .exclude(frozen_fen=0)
        .values_list("frozen_fen", flat=True)
    )
    waiting = InquiryOrder.objects.filter(case__debtor=debtor, state__in=STILL_OPEN).count()
    says = {
        "count": len(things),
        "frozen": yuan_text(frozen),
        "unchecked": titles[Title.UNCHECKED],
        "disputed": titles[Title.DISPUTED],
        "unvalued": sum(_value_fen(one) is None for one in things),
        "waiting": waiting,
    }
    is_clear = not (waiting or titles[Title.UNCHECKED] or titles[Title.DISPUTED])
    estate = [total.low_fen, total.likely_fen, total.high_fen]
    return {
        K.ESTATE: Known(estate, "fact_source.property", says, "policy.realisation"),
        K.ASSETS_CLEAR: Known(is_clear, "fact_source.titles_checked", says),
    }


def _known_of_avoidance(debtor: Debtor) -> dict[FactKey, Known]:
    """What a bankruptcy may bring back: nothing at the least, what a judge would have
    pursued likely, all that the last search lists at the most."""
    listed = debtor.candidates.exclude(
        state__in=[CandidateState.OUTDATED, CandidateState.DROPPED]
    ).aggregate(
        count=Count("pk"),
        high=Sum("fen"),
        likely=Sum("fen", filter=Q(state=CandidateState.PURSUED)),
    )
    high, likely = listed["high"], listed["likely"] or 0
    if not high:
        return {}
    says = {"count": listed["count"], "pursued": yuan_text(likely),
            "listed": yuan_text(high)}  # fmt: skip
    return {K.RECOVERABLE: Known([0, likely, high], "fact_source.avoidance", says)}


def _known_of_consents(debtor: Debtor) -> dict[FactKey, Known]:
    given = written_consents(debtor)
    if not given:
        return {}
    return {K.CONSENT: Known(True, "fact_source.consents", {"count": len(given)})}


def _known_of_orders(debtor: Debtor) -> dict[FactKey, Known]:
    book = latest_order_book(debtor)
    if book is None:
        return {}
    says = {
        "name": book.name,
        "rows": book.rows,
        "first": f"{book.first_on:%Y-%m-%d}",
        "last": f"{book.last_on:%Y-%m-%d}",
        "sha256": book.sha256[:16],
    }
    counts = {
        K.BUYERS: book.buyers,
        K.ACTIVE_BUYERS: book.active_buyers,
        K.REPEAT_BUYERS: book.repeat_buyers,
    }
    return {key: Known(one, "fact_source.orders", says) for key, one in counts.items()}


def latest_order_book(debtor: Debtor) -> OrderBook | None:
    """The order book whose orders reach furthest, the later added if two do."""
    return debtor.order_books.order_by("-last_on", "-added_at").first()


def _known_of_points(values: Mapping[FactKey, Any]) -> dict[FactKey, Known]:
    """Points by the table, and the proposal that all points that count would make."""
    scored = points(values)
    known: dict[FactKey, Known] = {}
    by_indicator = {row.indicator: row for row in scored.rows}
    for key, indicator in POINTS_OF.items():
        row = by_indicator[indicator]
        if row.earned is not None:
            rule = (
                "policy.rescue.data"
                if key == K.POINTS_DATA_VALUE
                else ("policy.rescue.points")
            )
            known[key] = Known(row.earned, "fact_source.points", {}, rule)
    says = {"points": scored.total}
    known[K.WORTH_RESCUING] = Known(
        scored.is_proposed, "fact_source.rescue", says, "policy.rescue.proposal"
    )
    return known


def _assets(debtor: Debtor, things: Sequence[Property]) -> tuple[Asset, ...]:
    holds: dict[int, list[Hold]] = {}
    frozen = (
        Freeze.objects.filter(target__debtor=debtor, state__in=HOLDS)
        .order_by("target_id", "frozen_on", "rank", "pk")
        .values_list("target_id", "case__number", "limit_fen")
    )
    for target_id, number, limit_fen in frozen:
        of_thing = holds.setdefault(target_id, [])
        of_thing.append(Hold(number, len(of_thing) + 1, limit_fen))
    return tuple(
        Asset(str(one.pk), _worth(one), tuple(holds.get(one.pk, ()))) for one in things
    )


def _worth(thing: Property) -> Range:
    value = _value_fen(thing)
    if value is None:
        return NOTHING
    standing = STANDING_OF[Title(thing.title)]
    if thing.kind == PropertyKind.RESERVE_ACCOUNT:
        standing = Standing.NOT_OWN  # the institution's, whatever a register says (ENF-02)
    return realisable(value_fen=value, is_money=thing.kind in MONEY, standing=standing)


def _value_fen(thing: Property) -> int | None:
    return thing.available_fen if thing.value_fen is None else thing.value_fen

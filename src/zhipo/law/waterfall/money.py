"""Sums around the order: costs at any time, collateral, late fees, what waits."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from zhipo.kernel.money import round_half_up, share_out
from zhipo.kernel.options import option
from zhipo.kernel.periods import Deadline, deadline, months, years
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.waterfall import IN_FORCE

TAX_LATE_FEE_DAILY = Fraction(5, 10_000)
EBL_PUBLISHED = date(2006, 8, 27)

COUNT_ACCEPTANCE_DAY = option(
    "option.tax_late_fee.count_acceptance_day",
    default=False,
    choices=(False, True),
    status="I",
    reason="the fee runs until acceptance; whether that day itself counts is not said",
    sheet="WAT-07",
)
TAX_BEFORE_SECURITY = option(
    "option.tax_before_security",
    default=False,
    choices=(False, True),
    status="I",
    reason="in bankruptcy arts. 109 and 113 EBL are special and later than art. 45 of the "
    "tax collection law; outside bankruptcy art. 45 applies",
    sheet="WAT-08",
)


@dataclass(frozen=True)
class Costs:
    """What costs and common-benefit debts receive (fen), and whether to end the case."""

    expense_fen: int
    common_fen: int
    must_terminate: bool


@rule(
    id="cn.ebl.43",
    cite="《企业破产法》第四十三条",
    text=(
        "破产费用和共益债务由债务人财产随时清偿。……债务人财产不足以清偿所有破产"
        "费用和共益债务的，先行清偿破产费用。……债务人财产不足以清偿所有破产费用"
        "或者共益债务的，按照比例清偿。……债务人财产不足以清偿破产费用的，管理人"
        "应当提请人民法院终结破产程序。人民法院应当自收到请求之日起十五日内裁定终"
        "结破产程序，并予以公告。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-05",
)
def paid_at_any_time(*, money_fen: int, expense_fen: int, common_fen: int) -> Costs:
    """Costs first, then common-benefit debts; too little for costs ends the case."""
    expense = min(money_fen, expense_fen)
    common = min(money_fen - expense, common_fen)
    return Costs(expense, common, must_terminate=money_fen < expense_fen)


@dataclass(frozen=True)
class Collateral:
    """What security yields (fen): to its creditor, to the estate, and the shortfall."""

    net_fen: int
    paid_fen: int
    surplus_fen: int
    shortfall_fen: int


@rule(
    id="cn.ebl.110",
    cite="《企业破产法》第一百一十条；《企业破产法》第一百零九条；《破产法解释二》第三条",
    text=(
        "享有本法第一百零九条规定权利的债权人行使优先受偿权利未能完全受偿的，其未"
        "受偿的债权作为普通债权；放弃优先受偿权利的，其债权作为普通债权。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-01",
)
def from_collateral(
    *, sold_fen: int, sale_cost_fen: int, manager_pay_fen: int, claim_fen: int
) -> Collateral:
    """Security net of its own costs pays its claim; the shortfall is ordinary."""
    net = max(0, sold_fen - sale_cost_fen - manager_pay_fen)
    paid = min(net, claim_fen)
    return Collateral(net, paid, net - paid, claim_fen - paid)


@dataclass(frozen=True)
class Mortgage:
    """One security right over the same thing; `registered_on` None if not registered."""

    claim_id: str
    fen: int
    registered_on: date | None


@rule(
    id="cn.civ.414",
    cite="《民法典》第四百一十四条",
    status="V1",
    since=date(2021, 1, 1),
    sheet="WAT-01",
)
def among_mortgages(*, net_fen: int, mortgages: tuple[Mortgage, ...]) -> dict[str, int]:
    """By time of registration; registered before unregistered; unregistered pro rata."""
    days = sorted({one.registered_on for one in mortgages if one.registered_on})
    groups = [
        [one for one in mortgages if one.registered_on == day] for day in [*days, None]
    ]
    paid: dict[str, int] = {}
    for group in filter(None, groups):
        owed = [one.fen for one in group]
        pot = min(net_fen, sum(owed))
        shares = share_out(pot, owed)
        paid |= {one.claim_id: share for one, share in zip(group, shares, strict=True)}
        net_fen -= pot
    return paid


@rule(
    id="cn.ebl.132",
    cite="《企业破产法》第一百三十二条",
    text=(
        "本法施行后，破产人在本法公布之日前所欠职工的工资和医疗、伤残补助、抚恤费"
        "用，所欠的应当划入职工个人账户的基本养老保险、基本医疗保险费用，以及法律"
        "、行政法规规定应当支付给职工的补偿金，依照本法第一百一十三条的规定清偿后"
        "不足以清偿的部分，以本法第一百零九条规定的特定财产优先于对该特定财产享有"
        "担保权的权利人受偿。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-02",
)
def employees_before_security_fen(*, unpaid_fen: int, arose_on: date) -> int:
    """Arrears from before the law's publication go ahead of security; others never."""
    return unpaid_fen if arose_on < EBL_PUBLISHED else 0


@rule(
    id="cn.tcl.32",
    cite="《税收征收管理法》第三十二条；《税收征收管理法实施细则》第七十五条",
    text=(
        "纳税人未按照规定期限缴纳税款的，扣缴义务人未按照规定期限解缴税款的，税务"
        "机关除责令限期缴纳外，从滞纳税款之日起，按日加收滞纳税款万分之五的滞纳金"
        "。"
    ),
    status="V1",
    since=date(2001, 5, 1),
    sheet="WAT-07",
)
def tax_late_fee_fen(
    *,
    tax_fen: int,
    due_on: date,
    accepted_on: date,
    count_acceptance_day: bool = COUNT_ACCEPTANCE_DAY.default,
) -> int:
    """0.05 % a day from the day after the due date until acceptance: an ordinary claim."""
    counted = max(0, (accepted_on - due_on).days - (0 if count_acceptance_day else 1))
    note(days=counted)
    return round_half_up(tax_fen * TAX_LATE_FEE_DAILY * counted)


@rule(
    id="cn.tcl.45",
    cite="《税收征收管理法》第四十五条；《企业破产法》第一百零九条",
    text="税收优先于无担保债权",
    status="I",
    since=IN_FORCE,
    sheet="WAT-08",
    reason=TAX_BEFORE_SECURITY.reason,
)
def tax_before_security(
    *,
    tax_arose_on: date,
    security_created_on: date,
    is_in_bankruptcy: bool,
    is_tax_first: bool = TAX_BEFORE_SECURITY.default,
) -> bool:
    """Whether the tax goes before the security; in bankruptcy it does not by default."""
    has_conflict = tax_arose_on < security_created_on
    note(tax_vs_security_conflict=has_conflict)
    return has_conflict and (is_tax_first or not is_in_bankruptcy)


@rule(
    id="cn.ebl.117",
    cite="《企业破产法》第一百一十七条",
    text=(
        "对于附生效条件或者解除条件的债权，管理人应当将其分配额提存。……管理人依"
        "照前款规定提存的分配额，在最后分配公告日，生效条件未成就或者解除条件成就"
        "的，应当分配给其他债权人；在最后分配公告日，生效条件成就或者解除条件未成"
        "就的，应当交付给债权人。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-11",
)
def goes_to_creditor(*, is_suspensive: bool, is_condition_met: bool) -> bool:
    """Whether the deposited share of a conditional claim is the creditor's.

    On the last-distribution notice day: a suspensive condition met, or a resolutive
    one not met.
    """
    return is_condition_met if is_suspensive else not is_condition_met


@rule(
    id="cn.ebl.118",
    cite="《企业破产法》第一百一十八条",
    text=(
        "债权人未受领的破产财产分配额，管理人应当提存。债权人自最后分配公告之日起"
        "满二个月仍不领取的，视为放弃受领分配的权利，管理人或者人民法院应当将提存"
        "的分配额分配给其他债权人。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-12",
)
def unclaimed_until(*, last_distribution_notice_on: date) -> Deadline:
    """Two months after the last-distribution notice an unclaimed share is waived."""
    return deadline(last_distribution_notice_on, months(2))


@rule(
    id="cn.ebl.119",
    cite="《企业破产法》第一百一十九条",
    text=(
        "破产财产分配时，对于诉讼或者仲裁未决的债权，管理人应当将其分配额提存。自"
        "破产程序终结之日起满二年仍不能受领分配的，人民法院应当将提存的分配额分配"
        "给其他债权人。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-13",
)
def disputed_until(*, ended_on: date) -> Deadline:
    """Two years after the end a share in dispute goes to the other creditors."""
    return deadline(ended_on, years(2))


@rule(
    id="cn.ebl.123",
    cite="《企业破产法》第一百二十三条",
    text=(
        "自破产程序依照本法第四十三条第四款或者第一百二十条的规定终结之日起二年内"
        "，有下列情形之一的，债权人可以请求人民法院按照破产财产分配方案进行追加分"
        "配：……（一）发现有依照本法第三十一条、第三十二条、第三十三条、第三十六"
        "条规定应当追回的财产的；……（二）发现破产人有应当供分配的其他财产的。…"
        "…有前款规定情形，但财产数量不足以支付分配费用的，不再进行追加分配，由人"
        "民法院将其上交国库。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet=("WAT-14", "EST-14"),
)
def is_distributed_later(
    *, ended_on: date, found_on: date, found_fen: int, distribution_cost_fen: int
) -> bool:
    """Property found within two years is distributed if worth the cost of doing so."""
    in_time = found_on <= deadline(ended_on, years(2)).last_day
    return in_time and found_fen > distribution_cost_fen


@rule(
    id="cn.ebl.93",
    cite="《企业破产法》第九十三条；《企业破产法》第一百零四条",
    text=(
        "债务人不能执行或者不执行重整计划的，人民法院经管理人或者利害关系人请求，"
        "应当裁定终止重整计划的执行，并宣告债务人破产。……人民法院裁定终止重整计"
        "划执行的，债权人在重整计划中作出的债权调整的承诺失去效力。债权人因执行重"
        "整计划所受的清偿仍然有效，债权未受清偿的部分作为破产债权。……前款规定的"
        "债权人，只有在其他同顺位债权人同自己所受的清偿达到同一比例时，才能继续接"
        "受分配。……有本条第一款规定情形的，为重整计划的执行提供的担保继续有效。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-15",
)
def levelled(
    *, pot_fen: int, claims_fen: tuple[int, ...], received_fen: tuple[int, ...]
) -> tuple[int, ...]:
    """After a failed plan: those behind first, until all of a rank stand at one ratio.

    Water-filling: the lowest ratios received / claim are raised together.
    """
    ratios = [Fraction(r, c) for r, c in zip(received_fen, claims_fen, strict=True)]
    level = _level(pot_fen, claims_fen, ratios)
    note(level=level)
    lacking = [
        max(Fraction(0), level * claim - received)
        for claim, received in zip(claims_fen, received_fen, strict=True)
    ]
    if not any(lacking):
        return (0,) * len(claims_fen)
    scale = max(lack.denominator for lack in lacking)
    weights = [int(lack * scale) for lack in lacking]
    pot = min(pot_fen, round_half_up(sum(lacking, Fraction(0))))
    return tuple(share_out(pot, weights))


def _level(pot: int, claims: tuple[int, ...], ratios: list[Fraction]) -> Fraction:
    """The ratio to which `pot` lifts everybody who is below it, at most 1."""
    left = Fraction(pot)
    steps = [*sorted(set(ratios)), Fraction(1)]
    for low, high in pairwise(steps):
        below = sum(
            claim for claim, ratio in zip(claims, ratios, strict=True) if ratio <= low
        )
        if (high - low) * below >= left:
            return low + left / below
        left -= (high - low) * below
    return Fraction(1)


@rule(
    id="cn.ebl.124",
    cite="《企业破产法》第一百二十四条；《企业破产法》第九十二条第三款；"
    "《企业破产法》第一百零一条",
    text=(
        "破产人的保证人和其他连带债务人，在破产程序终结后，对债权人依照破产清算程"
        "序未受清偿的债权，依法继续承担清偿责任。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-16",
)
def guarantor_still_owes_fen(*, claim_fen: int, paid_fen: int) -> int:
    """Guarantors and co-debtors stay liable for what the procedure did not pay."""
    return max(0, claim_fen - paid_fen)

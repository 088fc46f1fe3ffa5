"""Acts undone or void: gratuitous acts, preferences, hiding (EBL arts. 31 to 34)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.periods import Period, months, subtract, years
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.estate import BI2, EBL

ONE_YEAR = years(1)
SIX_MONTHS = months(6)

COVERS_EARLIER_PROCEDURE = option(
    "option.avoidance.covers_earlier_procedure",
    default=True,
    choices=(True, False),
    status="I",
    reason="art. 10 moves the start back so that an earlier procedure does not use up the "
    "look-back; what was done during it still lies before acceptance",
    sheet="EST-06",
)
UNDERSECURED = option(
    "option.avoidance.undersecured",
    default="whole",
    choices=("whole", "excess"),
    status="I",
    reason="by its words the exception falls away where the security is worth less than "
    "the claim, so the whole payment stands open; that only what exceeds the security "
    "does so is a narrower reading",
    sheet="EST-04",
)


@dataclass(frozen=True)
class LookBack:
    """Where look-backs are counted from, and the first day that is no longer inside."""

    accepted_on: date
    counts_from: date
    until: date

    def holds(self, day: date, period: Period) -> bool:
        """Whether `day` lies in [counts_from − period, until)."""
        return subtract(self.counts_from, period) <= day < self.until


@rule(
    id="cn.bi2.10",
    cite="《破产法解释二》第十条",
    text=(
        "债务人经过行政清理程序转入破产程序的，企业破产法第三十一条和第三十二条规"
        "定的可撤销行为的起算点，为行政监管机构作出撤销决定之日。……债务人经过强"
        "制清算程序转入破产程序的，企业破产法第三十一条和第三十二条规定的可撤销行"
        "为的起算点，为人民法院裁定受理强制清算申请之日。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-06",
)
def look_back(
    *,
    accepted_on: date,
    clean_up_decided_on: date | None = None,
    liquidation_accepted_on: date | None = None,
    covers_earlier_procedure: bool = COVERS_EARLIER_PROCEDURE.default,
) -> LookBack:
    """Counted from acceptance, or from the clean-up or compulsory liquidation before it.

    After both, from whichever came first.
    """
    starts = (accepted_on, clean_up_decided_on, liquidation_accepted_on)
    counts_from = min(day for day in starts if day is not None)
    until = accepted_on if covers_earlier_procedure else counts_from
    return LookBack(accepted_on, counts_from, until)


class Act(StrEnum):
    GRATUITOUS = "gratuitous"  # 无偿转让财产
    UNREASONABLE_PRICE = "unreasonable_price"  # 以明显不合理的价格交易
    SECURITY_ADDED = "security_added"  # 为无担保债务提供财产担保
    EARLY_PAYMENT = "early_payment"  # 提前清偿未到期债务
    WAIVER = "waiver"  # 放弃债权


@dataclass(frozen=True)
class Avoidable:
    """Whether the administrator may have an act undone, and why."""

    is_avoidable: bool
    reason: str


@rule(
    id="cn.ebl.31",
    cite="《企业破产法》第三十一条；《破产法解释二》第十二条",
    text=(
        "人民法院受理破产申请前一年内，涉及债务人财产的下列行为，管理人有权请求人"
        "民法院予以撤销：……（一）无偿转让财产的；……（二）以明显不合理的价格进"
        "行交易的；……（三）对没有财产担保的债务提供财产担保的；……（四）对未到"
        "期的债务提前清偿的；……（五）放弃债权的。……破产申请受理前一年内债务人"
        "提前清偿的未到期债务，在破产申请受理前已经到期，管理人请求撤销该清偿行为"
        "的，人民法院不予支持。但是，该清偿行为发生在破产申请受理前六个月内且债务"
        "人有企业破产法第二条第一款规定情形的除外。"
    ),
    status="V1",
    since=EBL,
    sheet=("EST-03", "REV-09", "D31"),
)
def avoidable_act(
    *,
    act: Act,
    done_on: date,
    look_back: LookBack,
    due_on: date | None = None,
    had_cause: bool = False,
) -> Avoidable:
    """The five acts, one year back; `due_on` is when a debt paid early would have been due.

    A debt that fell due before acceptance all the same is safe, unless it was paid in
    the last six months while the debtor was insolvent. Raises ValueError where an
    early payment has no `due_on`.
    """
    if not look_back.holds(done_on, ONE_YEAR):
        return Avoidable(False, "outside the year before acceptance")
    if act == Act.EARLY_PAYMENT:
        return _early_payment(done_on, look_back, due_on, had_cause)
    return Avoidable(True, Act(act).value)


def _early_payment(
    done_on: date, look_back: LookBack, due_on: date | None, had_cause: bool
) -> Avoidable:
    if due_on is None:
        raise ValueError("an early payment needs the day on which the debt was due")
    if due_on <= done_on:
        return Avoidable(False, "the debt was due when it was paid")
    is_due_before = due_on < look_back.accepted_on
    if is_due_before and not (had_cause and look_back.holds(done_on, SIX_MONTHS)):
        return Avoidable(False, "the debt fell due before acceptance")
    return Avoidable(True, Act.EARLY_PAYMENT.value)


class Shield(StrEnum):
    BENEFIT = "benefit"  # 使债务人财产受益
    OWN_SECURITY = "own_security"  # 以自有财产设定担保的债权
    BY_COURT = "by_court"  # 经诉讼、仲裁、执行程序
    UTILITIES = "utilities"  # 水费、电费等
    LABOUR_PAY = "labour_pay"  # 劳动报酬
    INJURY = "injury"  # 人身损害赔偿金


@dataclass(frozen=True)
class PaidDebt:
    """A payment to one creditor, what may shield it, claim and security then (fen)."""

    paid_on: date
    fen: int
    shields: frozenset[Shield] = frozenset()
    claim_fen: int = 0
    security_fen: int = 0
    is_collusive: bool = False


@rule(
    id="cn.ebl.32",
    cite="《企业破产法》第三十二条；《破产法解释二》第十四条；《破产法解释二》第十五条；"
    "《破产法解释二》第十六条",
    text=(
        "人民法院受理破产申请前六个月内，债务人有本法第二条第一款规定的情形，仍对"
        "个别债权人进行清偿的，管理人有权请求人民法院予以撤销。但是，个别清偿使债"
        "务人财产受益的除外。……债务人对以自有财产设定担保物权的债权进行的个别清"
        "偿，管理人依据企业破产法第三十二条的规定请求撤销的，人民法院不予支持。但"
        "是，债务清偿时担保财产的价值低于债权额的除外。……债务人经诉讼、仲裁、执"
        "行程序对债权人进行的个别清偿，管理人依据企业破产法第三十二条的规定请求撤"
        "销的，人民法院不予支持。但是，债务人与债权人恶意串通损害其他债权人利益的"
        "除外。……债务人对债权人进行的以下个别清偿，管理人依据企业破产法第三十二"
        "条的规定请求撤销的，人民法院不予支持：……（一）债务人为维系基本生产需要"
        "而支付水费、电费等的；……（二）债务人支付劳动报酬、人身损害赔偿金的；…"
        "…（三）使债务人财产受益的其他个别清偿。"
    ),
    status="V1",
    since=EBL,
    sheet=("EST-04", "REV-09", "D31"),
)
def avoidable_payment_fen(
    *,
    payment: PaidDebt,
    look_back: LookBack,
    had_cause: bool,
    undersecured: str = UNDERSECURED.default,
) -> int:
    """What of a payment in the last six months, made while insolvent, may be undone."""
    if not had_cause or not look_back.holds(payment.paid_on, SIX_MONTHS):
        return 0
    shields = set(payment.shields)
    if payment.is_collusive:
        shields.discard(Shield.BY_COURT)
    is_undersecured = payment.security_fen < payment.claim_fen
    note(shields=sorted(shields), is_undersecured=is_undersecured)
    if Shield.OWN_SECURITY not in shields or not is_undersecured:
        return 0 if shields else payment.fen
    if len(shields) > 1:
        return 0
    if undersecured == "excess":
        return max(0, payment.fen - payment.security_fen)
    return payment.fen


class VoidAct(StrEnum):
    HIDING = "hiding"  # 为逃避债务隐匿、转移财产
    FABRICATED_DEBT = "fabricated_debt"  # 虚构债务或者承认不真实的债务


@rule(
    id="cn.ebl.33",
    cite="《企业破产法》第三十三条；《企业破产法》第三十四条；《破产法解释二》第十七条",
    text=(
        "涉及债务人财产的下列行为无效：……（一）为逃避债务而隐匿、转移财产的；…"
        "…（二）虚构债务或者承认不真实的债务的。……因本法第三十一条、第三十二条"
        "或者第三十三条规定的行为而取得的债务人的财产，管理人有权追回。……管理人"
        "依据企业破产法第三十三条的规定提起诉讼，主张被隐匿、转移财产的实际占有人"
        "返还债务人财产，或者主张债务人虚构债务或者承认不真实债务的行为无效并返还"
        "债务人财产的，人民法院应予支持。"
    ),
    status="V1",
    since=EBL,
    sheet=("EST-05", "REV-09"),
)
def void_acts(
    *, hidden_or_moved: bool, to_evade_debts: bool, is_debt_untrue: bool
) -> tuple[VoidAct, ...]:
    """What is void whenever it was done, and comes back to the estate."""
    acts = {
        VoidAct.HIDING: hidden_or_moved and to_evade_debts,
        VoidAct.FABRICATED_DEBT: is_debt_untrue,
    }
    return tuple(act for act, holds in acts.items() if holds)

"""What is paid at any time: costs and common-benefit debts (arts. 41-43)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.waterfall import IN_FORCE
from zhipo.law.waterfall.order import ClaimClass

T24 = date(2025, 11, 27)


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


class Expense(StrEnum):
    CASE_FEE = "case_fee"  # 破产案件的诉讼费用
    HANDLING = "handling"  # 管理、变价和分配债务人财产的费用
    ADMINISTRATOR = "administrator"  # 管理人执行职务的费用、报酬和聘用费用


class CommonBenefit(StrEnum):
    CONTINUED_CONTRACT = "continued_contract"  # 继续履行合同
    UNASKED_CARE = "unasked_care"  # 无因管理
    UNJUST_ENRICHMENT = "unjust_enrichment"  # 不当得利
    CONTINUED_BUSINESS = "continued_business"  # 继续营业的报酬和社会保险
    DAMAGE_IN_OFFICE = "damage_in_office"  # 执行职务致人损害
    DAMAGE_BY_PROPERTY = "damage_by_property"  # 债务人财产致人损害


@rule(
    id="cn.ebl.41",
    cite="《企业破产法》第四十一条",
    text=(
        "人民法院受理破产申请后发生的下列费用，为破产费用：……（一）破产案件的诉"
        "讼费用；……（二）管理、变价和分配债务人财产的费用；……（三）管理人执行"
        "职务的费用、报酬和聘用工作人员的费用。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-03",
)
def class_of_expense(*, kind: Expense, arose_on: date, accepted_on: date) -> ClaimClass:
    """A cost of the procedure from acceptance on; what arose before is ordinary.

    Enforcement costs from before acceptance have a rule of their own (`cn.bi3.1`).
    """
    assert kind in Expense
    return ClaimClass.EXPENSE if arose_on >= accepted_on else ClaimClass.ORDINARY


@rule(
    id="cn.ebl.42",
    cite="《企业破产法》第四十二条",
    text=(
        "人民法院受理破产申请后发生的下列债务，为共益债务：……（一）因管理人或者"
        "债务人请求对方当事人履行双方均未履行完毕的合同所产生的债务；……（二）债"
        "务人财产受无因管理所产生的债务；……（三）因债务人不当得利所产生的债务；"
        "……（四）为债务人继续营业而应支付的劳动报酬和社会保险费用以及由此产生的"
        "其他债务；……（五）管理人或者相关人员执行职务致人损害所产生的债务；……"
        "（六）债务人财产致人损害所产生的债务。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-04",
)
def class_of_common_benefit(
    *, kind: CommonBenefit, arose_on: date, accepted_on: date
) -> ClaimClass:
    """A debt for all creditors' benefit from acceptance on; from before, ordinary."""
    assert kind in CommonBenefit
    return ClaimClass.COMMON_BENEFIT if arose_on >= accepted_on else ClaimClass.ORDINARY


@rule(
    id="cn.t24.new_tax",
    cite="国家税务总局、最高人民法院公告2025年第24号",
    status="V2",
    since=T24,
    sheet=("WAT-03", "WAT-04", "TAX-01"),
)
def class_of_new_tax(*, is_from_continued_business: bool) -> ClaimClass:
    """Tax that arises in the procedure: of disposing of the estate a cost, of business not.

    Tax of continued business is a common-benefit debt.
    """
    return ClaimClass.COMMON_BENEFIT if is_from_continued_business else ClaimClass.EXPENSE

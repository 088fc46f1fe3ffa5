"""What the fund may pay, and in which rank the money comes back (FUND-02 to FUND-04)."""

from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.law.support import CIVIL_CODE, EBL, MFEE
from zhipo.law.waterfall.order import ClaimClass

FILING_APP_IS_COST = option(
    "option.fund.filing_app_is_cost",
    default=False,
    choices=(False, True),
    status="I",
    reason="an application for filing claims is a cost of managing and distributing only "
    "where the court or the meeting has approved it",
    sheet="FUND-03",
)


class FundItem(StrEnum):
    ADMINISTRATORS_PAY = "administrators_pay"  # 管理人报酬
    EXECUTION_COST = "execution_cost"  # 管理人执行职务的费用
    NOTICE_COST = "notice_cost"  # 公告、送达费用
    STAFF = "staff"  # 聘用工作人员
    PROFESSIONAL = "professional"  # 聘请中介机构
    FILING_APP = "filing_app"  # 债权申报系统
    CONSUMER_CLAIM = "consumer_claim"  # 消费者债权


class AdministratorKind(StrEnum):
    LAW_OR_AUDIT_FIRM = "law_or_audit_firm"  # 律师事务所、会计师事务所
    LIQUIDATION_FIRM = "liquidation_firm"  # 破产清算事务所


@rule(
    id="cn.mfee.14",
    cite="《管理人报酬规定》第十四条",
    text=(
        "律师事务所、会计师事务所通过聘请本专业的其他社会中介机构或者人员协助履行"
        "管理人职责的，所需费用从其报酬中支付。……破产清算事务所通过聘请其他社会"
        "中介机构或者人员协助履行管理人职责的，所需费用从其报酬中支付。"
    ),
    status="V1",
    since=MFEE,
    sheet="FUND-03",
)
def is_paid_out_of_own_pay(*, administrator: AdministratorKind, is_own_field: bool) -> bool:
    """Whether a hired professional is paid out of the administrator's own pay.

    Law and audit firms: those of their own field. Liquidation firms: any.
    """
    return administrator == AdministratorKind.LIQUIDATION_FIRM or is_own_field


@rule(
    id="cn.ebl.28",
    cite="《企业破产法》第二十八条；《企业破产法》第四十一条",
    text=(
        "管理人经人民法院许可，可以聘用必要的工作人员。……管理人的报酬由人民法院"
        "确定。债权人会议对管理人的报酬有异议的，有权向人民法院提出。"
    ),
    status="V1",
    since=EBL,
    sheet=("FUND-03", "S7"),
)
def is_cost_of_case(
    *,
    item: FundItem,
    has_court_leave: bool = False,
    is_from_own_pay: bool = False,
    filing_app_is_cost: bool = FILING_APP_IS_COST.default,
) -> bool:
    """Whether paying the item is paying a cost of the procedure, to be repaid as one.

    Staff needs the court's leave; a professional paid out of the administrator's own pay
    (`cn.mfee.14`) is none; a consumer's claim never is.
    """
    if item == FundItem.CONSUMER_CLAIM:
        return False
    if item == FundItem.STAFF:
        return has_court_leave
    if item == FundItem.PROFESSIONAL:
        return not is_from_own_pay
    return item != FundItem.FILING_APP or filing_app_is_cost


class Advancer(StrEnum):
    CREDITOR = "creditor"  # 债权人
    ADMINISTRATOR = "administrator"  # 管理人
    SHAREHOLDER = "shareholder"  # 出资人
    OTHER_INTERESTED = "other_interested"  # 其他利害关系人
    GOVERNMENT_FUND = "government_fund"  # 政府援助资金


@rule(
    id="cn.mfee.12.fund",
    cite="《管理人报酬规定》第十二条第二款",
    text="但债权人、管理人、债务人的出资人或者其他利害关系人愿意垫付上述报酬和费用的",
    status="I",
    since=MFEE,
    sheet="FUND-02",
    reason="the provision does not name a government's fund; it counts as an interested "
    "person only where the court has accepted its advance in writing",
)
def may_advance_costs(*, advancer: Advancer, court_accepted_in_writing: bool) -> bool:
    """Who may advance pay and costs; a government's fund with the court's acceptance."""
    return advancer != Advancer.GOVERNMENT_FUND or court_accepted_in_writing


@rule(
    id="cn.mfee.12.3",
    cite="《管理人报酬规定》第十二条第三款",
    text="上述垫付款项作为破产费用从债务人财产中向垫付人随时清偿。",
    status="V1",
    since=MFEE,
    sheet=("FUND-02", "WAT-03", "S7"),
)
def class_of_advance(*, is_cost_of_case: bool, may_advance: bool) -> ClaimClass:
    """An advance of pay and costs comes back as a cost, at any time; another does not."""
    if is_cost_of_case and may_advance:
        return ClaimClass.EXPENSE
    return ClaimClass.ORDINARY


@rule(
    id="cn.civ.524",
    cite="《民法典》第五百二十四条",
    status="I",
    since=CIVIL_CODE,
    sheet="FUND-04",
    reason="art. 524 passes the claim to a third person with a lawful interest who pays; "
    "that the fund has one is our reading, so its claim is never above the consumer's",
)
def class_after_fund_paid(
    *, paid_class: ClaimClass, has_lawful_interest: bool
) -> ClaimClass | None:
    """The rank of the claim that the fund takes over: that of the creditor it paid.

    None without a lawful interest: then nothing passes and the payment was a gift.
    """
    return paid_class if has_lawful_interest else None

"""Votes on a reorganisation plan or a settlement: classes, cram-down, failure."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.rules import rule
from zhipo.law.voting.resolutions import BI3, EBL, Carried, Vote, carried


@rule(
    id="cn.ebl.84.2",
    cite="《企业破产法》第八十四条第二款",
    text=(
        "出席会议的同一表决组的债权人过半数同意重整计划草案，并且其所代表的债权额"
        "占该组债权总额的三分之二以上的，即为该组通过重整计划草案。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-09",
)
def class_vote(*, vote: Vote) -> Carried:
    """In a class: more than half of those present, two thirds or more of the class."""
    return carried(vote, Fraction(2, 3))


@rule(
    id="cn.ebl.97",
    cite="《企业破产法》第九十七条",
    text=(
        "债权人会议通过和解协议的决议，由出席会议的有表决权的债权人过半数同意，并"
        "且其所代表的债权额占无财产担保债权总额的三分之二以上。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-13",
)
def settlement_vote(*, vote: Vote) -> Carried:
    """More than half of those present, two thirds or more of all unsecured claims."""
    return carried(vote, Fraction(2, 3))


@rule(
    id="cn.bi3.11.2",
    cite="《破产法解释三》第十一条第二款",
    text=(
        "根据企业破产法第八十二条规定，对重整计划草案进行分组表决时，权益因重整计"
        "划草案受到调整或者影响的债权人或者股东，有权参加表决；权益未受到调整或者"
        "影响的债权人或者股东，参照企业破产法第八十三条的规定，不参加重整计划草案"
        "的表决。"
    ),
    status="V1",
    since=BI3,
    sheet="VOT-06",
)
def votes_on_plan(*, is_affected: bool) -> bool:
    """On a reorganisation plan only those vote whose rights it adjusts."""
    return is_affected


class PlanClass(StrEnum):
    SECURED = "secured"  # 有财产担保债权组
    EMPLOYEE = "employee"  # 职工债权组
    TAX = "tax"  # 税款组
    ORDINARY = "ordinary"  # 普通债权组
    SMALL = "small"  # 小额债权组
    SHAREHOLDERS = "shareholders"  # 出资人组


@rule(
    id="cn.ebl.82",
    cite="《企业破产法》第八十二条；《企业破产法》第八十五条",
    text=(
        "下列各类债权的债权人参加讨论重整计划草案的债权人会议，依照下列债权分类，"
        "分组对重整计划草案进行表决：……（一）对债务人的特定财产享有担保权的债权"
        "；……（二）债务人所欠职工的工资和医疗、伤残补助、抚恤费用，所欠的应当划"
        "入职工个人账户的基本养老保险、基本医疗保险费用，以及法律、行政法规规定应"
        "当支付给职工的补偿金；……（三）债务人所欠税款；……（四）普通债权。……"
        "人民法院在必要时可以决定在普通债权组中设小额债权组对重整计划草案进行表决"
        "。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-08",
)
def plan_classes(
    *, court_orders_small_class: bool, shareholders_affected: bool
) -> tuple[PlanClass, ...]:
    """Four classes; a small-claims class by court order, shareholders if affected."""
    classes = [PlanClass.SECURED, PlanClass.EMPLOYEE, PlanClass.TAX, PlanClass.ORDINARY]
    if court_orders_small_class:
        classes.append(PlanClass.SMALL)
    if shareholders_affected:
        classes.append(PlanClass.SHAREHOLDERS)
    return tuple(classes)


@rule(
    id="cn.ebl.86.1",
    cite="《企业破产法》第八十六条第一款",
    text="各表决组均通过重整计划草案时，重整计划即为通过。",
    status="V1",
    since=EBL,
    sheet="VOT-10",
)
def plan_is_passed(*, classes_passed: tuple[bool, ...]) -> bool:
    """The plan is passed when every class has passed it."""
    return bool(classes_passed) and all(classes_passed)


@dataclass(frozen=True)
class PlanFacts:
    """What art. 87 asks of a plan that some class has refused."""

    secured_passed: bool = False
    secured_full_and_fair: bool = False
    employees_and_tax_passed: bool = False
    employees_and_tax_full: bool = False
    ordinary_passed: bool = False
    ordinary_rate: Fraction = Fraction(0)
    liquidation_rate: Fraction = Fraction(0)
    shareholders_passed_or_fair: bool = False
    equal_in_class_and_order_kept: bool = False
    business_plan_feasible: bool = False


@rule(
    id="cn.ebl.87.2",
    cite="《企业破产法》第八十七条第二款",
    text=(
        "未通过重整计划草案的表决组拒绝再次表决或者再次表决仍未通过重整计划草案，"
        "但重整计划草案符合下列条件的，债务人或者管理人可以申请人民法院批准重整计"
        "划草案：……（一）按照重整计划草案，本法第八十二条第一款第一项所列债权就"
        "该特定财产将获得全额清偿，其因延期清偿所受的损失将得到公平补偿，并且其担"
        "保权未受到实质性损害，或者该表决组已经通过重整计划草案；……（二）按照重"
        "整计划草案，本法第八十二条第一款第二项、第三项所列债权将获得全额清偿，或"
        "者相应表决组已经通过重整计划草案；……（三）按照重整计划草案，普通债权所"
        "获得的清偿比例，不低于其在重整计划草案被提请批准时依照破产清算程序所能获"
        "得的清偿比例，或者该表决组已经通过重整计划草案；……（四）重整计划草案对"
        "出资人权益的调整公平、公正，或者出资人组已经通过重整计划草案；……（五）"
        "重整计划草案公平对待同一表决组的成员，并且所规定的债权清偿顺序不违反本法"
        "第一百一十三条的规定；……（六）债务人的经营方案具有可行性。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-11",
)
def cram_down_fails_on(*, plan: PlanFacts) -> tuple[int, ...]:
    """Which of the six conditions fail; empty: the court may be asked."""
    met = {
        1: plan.secured_passed or plan.secured_full_and_fair,
        2: plan.employees_and_tax_passed or plan.employees_and_tax_full,
        3: plan.ordinary_passed or plan.ordinary_rate >= plan.liquidation_rate,
        4: plan.shareholders_passed_or_fair,
        5: plan.equal_in_class_and_order_kept,
        6: plan.business_plan_feasible,
    }
    return tuple(number for number, holds in met.items() if not holds)


@rule(
    id="cn.ebl.88",
    cite="《企业破产法》第八十八条；《企业破产法》第七十九条",
    text=(
        "重整计划草案未获得通过且未依照本法第八十七条的规定获得批准，或者已通过的"
        "重整计划未获得批准的，人民法院应当裁定终止重整程序，并宣告债务人破产。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-12",
)
def must_declare(*, plan_filed_in_time: bool, passed_or_approved: bool) -> bool:
    """No plan in time, or neither passed nor approved: declare bankrupt."""
    return not plan_filed_in_time or not passed_or_approved


@rule(
    id="cn.ebl.105",
    cite="《企业破产法》第一百零五条",
    text=(
        "人民法院受理破产申请后，债务人与全体债权人就债权债务的处理自行达成协议的"
        "，可以请求人民法院裁定认可，并终结破产程序。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-13",
)
def agreement_ends_case(*, creditors: int, agreed: int) -> bool:
    """An agreement with all creditors may be recognised and ends the case."""
    return creditors > 0 and agreed == creditors

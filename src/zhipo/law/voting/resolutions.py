"""What carries: heads and amounts, both, in whole numbers."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note

EBL = date(2007, 6, 1)
BI3 = date(2019, 3, 28)


@dataclass(frozen=True)
class Vote:
    """Heads present and for; fen for, and the fen of all who count (present or not)."""

    present: int
    heads_for: int
    fen_for: int
    all_fen: int


@dataclass(frozen=True)
class Carried:
    """Whether it carried, by heads and by amount."""

    is_carried: bool
    by_heads: bool
    by_amount: bool


def _carried(vote: Vote, share: Fraction) -> Carried:
    heads = 2 * vote.heads_for > vote.present
    amount = share.denominator * vote.fen_for >= share.numerator * vote.all_fen
    note(present=vote.present, heads_for=vote.heads_for)
    return Carried(heads and amount, heads, amount)


@rule(
    id="cn.ebl.64.1",
    cite="《企业破产法》第六十四条第一款",
    text=(
        "债权人会议的决议，由出席会议的有表决权的债权人过半数通过，并且其所代表的"
        "债权额占无财产担保债权总额的二分之一以上。但是，本法另有规定的除外。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-03",
)
def ordinary_resolution(*, vote: Vote) -> Carried:
    """More than half of those present, and half or more of all unsecured claims."""
    return _carried(vote, Fraction(1, 2))


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
    return _carried(vote, Fraction(2, 3))


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
    return _carried(vote, Fraction(2, 3))


SECURED_DO_NOT_VOTE = frozenset({7, 10})


@rule(
    id="cn.ebl.59",
    cite="《企业破产法》第五十九条",
    text=(
        "依法申报债权的债权人为债权人会议的成员，有权参加债权人会议，享有表决权。"
        "……债权尚未确定的债权人，除人民法院能够为其行使表决权而临时确定债权额的"
        "外，不得行使表决权。……对债务人的特定财产享有担保权的债权人，未放弃优先"
        "受偿权利的，对于本法第六十一条第一款第七项、第十项规定的事项不享有表决权"
        "。……债权人可以委托代理人出席债权人会议，行使表决权。代理人出席债权人会"
        "议，应当向人民法院或者债权人会议主席提交债权人的授权委托书。……债权人会"
        "议应当有债务人的职工和工会的代表参加，对有关事项发表意见。"
    ),
    status="V1",
    since=EBL,
    sheet=("VOT-01", "REG-03"),
)
def may_vote(
    *,
    item: int,
    is_secured: bool,
    has_waived: bool,
    is_determined: bool,
    court_set_amount: bool,
) -> bool:
    """Secured creditors not on settlement (7) and distribution plan (10) of art. 61."""
    if not is_determined and not court_set_amount:
        return False
    return not (is_secured and not has_waived and item in SECURED_DO_NOT_VOTE)


@rule(
    id="cn.ebl.62.2",
    cite="《企业破产法》第六十二条第二款",
    text=(
        "以后的债权人会议，在人民法院认为必要时，或者管理人、债权人委员会、占债权"
        "总额四分之一以上的债权人向债权人会议主席提议时召开。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-02",
)
def may_call_meeting(*, asking_fen: int, all_fen: int) -> bool:
    """Creditors with a quarter or more of all claims may ask for a meeting."""
    return 4 * asking_fen >= all_fen


COURT_RULES_AFTER = {8: 1, 9: 1, 10: 2}


@rule(
    id="cn.ebl.65",
    cite="《企业破产法》第六十五条",
    text=(
        "本法第六十一条第一款第八项、第九项所列事项，经债权人会议表决未通过的，由"
        "人民法院裁定。……本法第六十一条第一款第十项所列事项，经债权人会议二次表"
        "决仍未通过的，由人民法院裁定。……对前两款规定的裁定，人民法院可以在债权"
        "人会议上宣布或者另行通知债权人。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-05",
)
def court_rules(*, item: int, failed_votes: int) -> bool:
    """Management and realisation plans after one failed vote, distribution after two."""
    needed = COURT_RULES_AFTER.get(item)
    return needed is not None and failed_votes >= needed


@rule(
    id="cn.ebl.66.who",
    cite="《企业破产法》第六十六条",
    text=(
        "债权人对人民法院依照本法第六十五条第一款作出的裁定不服的，债权额占无财产"
        "担保债权总额二分之一以上的债权人对人民法院依照本法第六十五条第二款作出的"
        "裁定不服的，可以自裁定宣布之日或者收到通知之日起十五日内向该人民法院申请"
        "复议。复议期间不停止裁定的执行。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-05",
)
def may_ask_reconsideration(*, item: int, asking_fen: int, all_unsecured_fen: int) -> bool:
    """Any creditor for (8) and (9); half or more of unsecured claims for (10)."""
    return item in (8, 9) or (item == 10 and 2 * asking_fen >= all_unsecured_fen)


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


@rule(
    id="cn.ebl.67",
    cite="《企业破产法》第六十七条；《企业破产法》第六十八条",
    text=(
        "债权人会议可以决定设立债权人委员会。债权人委员会由债权人会议选任的债权人"
        "代表和一名债务人的职工代表或者工会代表组成。债权人委员会成员不得超过九人"
        "。……债权人委员会成员应当经人民法院书面决定认可。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-07",
)
def committee_is_lawful(*, members: int, employee_members: int) -> bool:
    """At most nine, with one representative of employees or union."""
    return 1 <= members <= 9 and employee_members == 1


@rule(
    id="cn.bi3.13",
    cite="《破产法解释三》第十四条",
    text="债权人委员会决定所议事项应获得全体成员过半数通过",
    status="V1",
    since=BI3,
    sheet="VOT-07",
)
def committee_decides(*, members: int, votes_for: int) -> bool:
    """More than half of all members, present or not."""
    return 2 * votes_for > members


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


@rule(
    id="cn.ebl.silence",
    cite="《企业破产法》第六十四条",
    text="由出席会议的有表决权的债权人过半数通过",
    status="I",
    since=EBL,
    sheet="VOT-14",
    reason="current law has no deemed consent: who is silent is not present, and stays in "
    "the denominator of the amounts",
)
def silent_creditor_consents(
    *, was_notified: bool, was_warned: bool, objects: bool
) -> bool:
    """Whether silence counts as consent: under current law never."""
    return False


@rule(
    id="cn.ebl.silence",
    cite="《企业破产法（修订草案）》一次审议稿第一百八十一条",
    status="V2",
    since=date(2025, 9, 12),
    sheet=("NEW-02", "VOT-14"),
    law_version="ebl_draft_1",
)
def silent_creditor_consents_in_draft(
    *, was_notified: bool, was_warned: bool, objects: bool
) -> bool:
    """Draft, not in force: after notice and warning, silence without objection consents."""
    return was_notified and was_warned and not objects

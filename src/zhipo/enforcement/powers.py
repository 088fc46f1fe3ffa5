"""The powers table before and at acceptance: act x stage, who leads, who supervises.

Until acceptance the enforcement court leads. From acceptance on its acts on the debtor's
property are closed (《企业破产法》第十九条): what is left to it is to hand over, to lift
and to stay. The bankruptcy court reviews and rules; its administrator then has the powers
of `cases.powers`.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.utils import timezone

from zhipo.accounts.roles import Role
from zhipo.cases.power_table import Power, PowerTable, Supervisor
from zhipo.enforcement.models import Debtor
from zhipo.enforcement.queries.debtors import roles_at, roles_in
from zhipo.enforcement.states import Stage
from zhipo.kernel.rules import rule_on
from zhipo.law.stay.effects import Payment, after_acceptance, outgoing_payment
from zhipo.web.refusals import NotInState
from zhipo.web.words import say


class Act(StrEnum):
    REGISTER_CASE = "register_case"  # 登记执行案件
    JOIN_DEBTORS = "join_debtors"  # 合并被执行人
    INQUIRE = "inquire"  # 查询财产
    FREEZE = "freeze"  # 冻结
    RENEW_FREEZE = "renew_freeze"  # 续行冻结
    LIFT_FREEZE = "lift_freeze"  # 解除冻结
    DEDUCT = "deduct"  # 划拨
    CHECK_OWNERSHIP = "check_ownership"  # 核查权属
    PROTECT = "protect"  # 采取保护性措施
    REPLY_TO_OBJECTION = "reply_to_objection"  # 答复异议
    TAKE_CLUE = "take_clue"  # 登记财产线索
    TAKE_REPORT = "take_report"  # 登记财产报告
    FIND_AVOIDABLE = "find_avoidable"  # 查找可撤销行为
    JUDGE_AVOIDABLE = "judge_avoidable"  # 审查可撤销行为
    CLOSE_FOR_NOW = "close_for_now"  # 终结本次执行程序
    TAKE_UP_AGAIN = "take_up_again"  # 恢复终本案件
    STATE_FACT = "state_fact"  # 认定事实
    MAKE_MEMO = "make_memo"  # 制作识别报告
    ASK_CONSENT = "ask_consent"  # 征询移送意见
    SIGN_DECISION = "sign_decision"  # 签署移送决定
    APPROVE_REFERRAL = "approve_referral"  # 批准异地移送
    SERVE_DECISION = "serve_decision"  # 送达移送决定
    SELL_PERISHABLE = "sell_perishable"  # 变卖易腐物品
    SEND_BUNDLE = "send_bundle"  # 移送材料
    RECEIVE_BUNDLE = "receive_bundle"  # 接收材料
    ASK_SUPPLEMENT = "ask_supplement"  # 要求补充材料
    SUPPLEMENT = "supplement"  # 补充材料
    RULE_ON_REFERRAL = "rule_on_referral"  # 裁定是否受理
    COMPLAIN = "complain"  # 向上级法院反映
    NOTIFY_STAY = "notify_stay"  # 发出中止通知
    HAND_OVER = "hand_over"  # 移交财产
    RESTORE = "restore"  # 恢复执行
    BOOK_PROCEEDS = "book_proceeds"  # 登记执行款
    PAY_OUT = "pay_out"  # 发放执行款
    RECORD_DISMISSAL = "record_dismissal"  # 登记驳回破产申请
    NOTIFY_RESTORE = "notify_restore"  # 通知恢复保全
    RETURN_PAPERS = "return_papers"  # 退回移送材料


P = Stage
JUDGE = frozenset({Role.ENFORCEMENT_JUDGE})
BUREAU = frozenset({Role.ENFORCEMENT_JUDGE, Role.COURT_CLERK})
SIGNERS = frozenset({Role.ENFORCEMENT_JUDGE, Role.COURT_PRESIDENT})
BANKRUPTCY_JUDGE = frozenset({Role.BANKRUPTCY_JUDGE})
BANKRUPTCY = frozenset({Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK})
EVERY_STAGE = frozenset(Stage)
ENFORCED = frozenset({P.ENFORCING, P.REFERRING, P.RETURNED})
"""Stages in which enforcement goes on; from the referral decision on only what keeps."""
NOT_ACCEPTED = EVERY_STAGE - {P.ACCEPTED}
ABOVE = (Supervisor.HIGHER_COURT,)
PARTIES = (Supervisor.PARTIES, Supervisor.HIGHER_COURT)
INQUIRY = "《民事诉讼法》第二百五十三条"
FREEZES = "《民事诉讼法解释》第四百八十五条；《查封扣押冻结规定》第二十七条"


def _power(
    act: Act,
    stages: Iterable[Stage],
    leads: frozenset[Role],
    supervisors: tuple[Supervisor, ...],
    cite: str,
) -> Power:
    return Power(act, frozenset(stages), leads, supervisors, cite)


A = Act
POWERS: tuple[Power, ...] = (
    _power(A.REGISTER_CASE, NOT_ACCEPTED, BUREAU, ABOVE, INQUIRY),
    _power(A.JOIN_DEBTORS, NOT_ACCEPTED, BUREAU, ABOVE, INQUIRY),
    _power(A.INQUIRE, NOT_ACCEPTED, BUREAU, ABOVE, INQUIRY),
    _power(A.FREEZE, ENFORCED, JUDGE, PARTIES, INQUIRY),
    _power(A.RENEW_FREEZE, NOT_ACCEPTED, JUDGE, PARTIES, FREEZES),
    _power(A.LIFT_FREEZE, EVERY_STAGE, JUDGE, PARTIES,
           "《查封扣押冻结规定》第十九条；《企业破产法》第十九条"),
    _power(A.DEDUCT, {P.ENFORCING, P.RETURNED}, JUDGE, PARTIES, INQUIRY),
    _power(A.CHECK_OWNERSHIP, NOT_ACCEPTED, BUREAU, PARTIES, INQUIRY),
    _power(A.PROTECT, ENFORCED, JUDGE, PARTIES,
           "《民事诉讼法》第二百四十一条、第二百四十二条；《查封扣押冻结规定》第十条"),
    _power(A.REPLY_TO_OBJECTION, NOT_ACCEPTED, JUDGE, PARTIES,
           "《网络查询冻结存款规定》第六条；《民事诉讼法》第二百三十八条"),
    _power(A.TAKE_CLUE, NOT_ACCEPTED, BUREAU, PARTIES, "《财产调查规定》第二条"),
    _power(A.TAKE_REPORT, NOT_ACCEPTED, BUREAU, PARTIES, "《财产调查规定》第七条"),
    _power(A.FIND_AVOIDABLE, NOT_ACCEPTED, BUREAU, ABOVE,
           "《企业破产法》第三十一条、第三十二条"),
    _power(A.JUDGE_AVOIDABLE, NOT_ACCEPTED, JUDGE, ABOVE,
           "《企业破产法》第三十一条、第三十二条、第三十三条"),
    _power(A.CLOSE_FOR_NOW, {P.ENFORCING, P.REFERRING, P.RETURNED}, JUDGE, PARTIES,
           "《民事诉讼法解释》第五百一十七条"),
    _power(A.TAKE_UP_AGAIN, {P.ENFORCING, P.REFERRING, P.RETURNED}, JUDGE, PARTIES,
           "《民事诉讼法解释》第五百一十七条"),
    _power(A.STATE_FACT, {P.ENFORCING, P.REFERRING, P.RETURNED}, JUDGE, PARTIES,
           "《企业破产法》第二条"),
    _power(A.MAKE_MEMO, {P.ENFORCING, P.REFERRING, P.RETURNED}, JUDGE, ABOVE,
           "《企业破产法》第二条；《民事诉讼法解释》第五百一十一条"),
    _power(A.ASK_CONSENT, {P.ENFORCING}, BUREAU, PARTIES,
           "《民事诉讼法解释》第五百一十一条"),
    _power(A.SIGN_DECISION, {P.ENFORCING, P.REFERRING}, SIGNERS, ABOVE,
           "《执转破意见》第五条"),
    _power(A.APPROVE_REFERRAL, {P.REFERRING}, SIGNERS, ABOVE, "《执转破意见》第六条"),
    _power(A.SERVE_DECISION, {P.REFERRING, P.UNDER_REVIEW}, BUREAU, PARTIES,
           "《执转破意见》第七条"),
    _power(A.SELL_PERISHABLE, {P.REFERRING, P.UNDER_REVIEW}, JUDGE, PARTIES,
           "《执转破意见》第八条"),
    _power(A.SEND_BUNDLE, {P.REFERRING}, JUDGE, ABOVE, "《执转破意见》第十条"),
    _power(A.RECEIVE_BUNDLE, {P.UNDER_REVIEW}, BANKRUPTCY, ABOVE,
           "《执转破意见》第十条"),
    _power(A.ASK_SUPPLEMENT, {P.UNDER_REVIEW}, BANKRUPTCY, ABOVE,
           "《执转破意见》第十一条"),
    _power(A.SUPPLEMENT, {P.UNDER_REVIEW}, BUREAU, ABOVE, "《执转破意见》第十一条"),
    _power(A.RULE_ON_REFERRAL, {P.UNDER_REVIEW}, BANKRUPTCY_JUDGE, PARTIES,
           "《民事诉讼法解释》第五百一十二条"),
    _power(A.COMPLAIN, {P.UNDER_REVIEW, P.RETURNED}, BUREAU, ABOVE,
           "《执转破意见》第二十一条"),
    _power(A.NOTIFY_STAY, {P.REFERRING, P.UNDER_REVIEW}, BUREAU, PARTIES,
           "《执转破意见》第八条"),
    _power(A.NOTIFY_STAY, {P.ACCEPTED}, BUREAU | BANKRUPTCY_JUDGE, PARTIES,
           "《企业破产法》第十九条"),
    _power(A.HAND_OVER, {P.ACCEPTED}, BUREAU, (Supervisor.BANKRUPTCY_COURT,),
           "《民事诉讼法解释》第五百一十三条；《执转破意见》第十六条、第十七条"),
    _power(A.RESTORE, {P.RETURNED}, JUDGE, PARTIES,
           "《民事诉讼法解释》第五百一十二条；《破产法解释二》第八条"),
    _power(A.BOOK_PROCEEDS, EVERY_STAGE, BUREAU, PARTIES, INQUIRY),
    _power(A.PAY_OUT, {P.ENFORCING, P.RETURNED}, JUDGE, PARTIES,
           "《民事诉讼法解释》第五百一十四条"),
    _power(A.RECORD_DISMISSAL, {P.ACCEPTED}, BANKRUPTCY_JUDGE, ABOVE,
           "《企业破产法》第十二条第二款"),
    _power(A.NOTIFY_RESTORE, {P.RETURNED}, BANKRUPTCY, ABOVE, "《破产法解释二》第八条"),
    _power(A.RETURN_PAPERS, {P.RETURNED}, BANKRUPTCY, ABOVE,
           "《民事诉讼法解释》第五百一十二条"),
)  # fmt: skip

TABLE = PowerTable("enforcement", POWERS, Stage)


def check_power(debtor: Debtor, act: Act, by: Any) -> Role:
    """The role in which `by` may do `act` on this debtor now.

    Raises NotAllowed where others lead the act (or the debtor is not before their court),
    NotInState where the stage does not allow it; after acceptance with the article that
    closes it.
    """
    return _checked(debtor, act, roles_at(by, debtor))


def check_power_at(debtor: Debtor, act: Act, by: Any, court_id: int) -> Role:
    """`check_power` by the roles that `by` holds at one court alone.

    For acts of a certain court among those that have to do with the debtor: the one that
    refers, approves, receives. Raises as `check_power` does.
    """
    return _checked(debtor, act, roles_in(by, court_id))


def open_acts(debtor: Debtor, by: Any) -> dict[str, bool]:
    """Every act by name, and whether `by` may do it on this debtor now: for buttons."""
    return TABLE.open_to(roles_at(by, debtor), Stage(debtor.stage))


def open_acts_at(debtor: Debtor, by: Any, courts: Iterable[int]) -> dict[str, bool]:
    """`open_acts` by the roles that `by` holds at any one of these courts."""
    stage = Stage(debtor.stage)
    open_by_court = [TABLE.open_to(roles_in(by, court), stage) for court in courts]
    return {act.value: any(one[act] for one in open_by_court) for act in Act}


def can_at(debtor: Debtor, act: Act, by: Any, court_id: int) -> bool:
    """Whether `check_power_at` would let it pass: for showing a button or not."""
    return TABLE.allows(act, Stage(debtor.stage), roles_in(by, court_id))


def _checked(debtor: Debtor, act: Act, held: frozenset[Role]) -> Role:
    stage = Stage(debtor.stage)
    leads = frozenset().union(*(one.leads for one in POWERS if one.act == act))
    is_closed = stage == Stage.ACCEPTED and TABLE.row_in(act, stage) is None
    if is_closed and held & leads:
        raise NotInState(
            "enforcement.stayed",
            act=say(f"enforcement.act.{act}"),
            cite=closed_by(act),
        )
    return TABLE.check(act, stage, held)


def closed_by(act: Act) -> str:
    """The articles by which acceptance closes an act of enforcement.

    An individual creditor is not paid any more (art. 16), enforcement as a whole stays
    (art. 19).
    """
    if act == Act.PAY_OUT and not outgoing_payment(payment=Payment.INDIVIDUAL).is_allowed:
        return str(rule_on(timezone.localdate(), "cn.ebl.16").cite)
    assert after_acceptance(is_preservation=False) == "stay"
    return str(rule_on(timezone.localdate(), "cn.ebl.19").cite)

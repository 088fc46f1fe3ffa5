"""The powers table: for every act, in which phases, who leads it, who supervises it.

Until acceptance the enforcement court leads; from acceptance on the administrator carries
out its duties, reports to the bankruptcy court and stands under the supervision of the
creditors' meeting and committee (《企业破产法》第二十三条). The enforcement judge therefore
leads nothing here. How an administrator divides its work among its own people, and a court
among judge and clerk, is this project's policy: a row's `cite` is the ground of the act.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from zhipo.accounts.roles import Role
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.cases.power_table import Power, PowerTable, Supervisor
from zhipo.cases.queries import role_in


class Act(StrEnum):
    SERVE_RULING = "serve_ruling"  # 登记受理裁定送达
    SET_FILING_WINDOW = "set_filing_window"  # 确定申报期限并公告
    START_CLOCK = "start_clock"  # 登记期限起算
    STOP_CLOCK = "stop_clock"  # 登记期限内已办
    CHANGE_PHASE = "change_phase"  # 变更阶段
    DISMISS_CASE = "dismiss_case"  # 驳回申请
    ASK_QUESTION = "ask_question"  # 询问管理人
    ANSWER_QUESTION = "answer_question"  # 答复法院
    MAKE_COURT_DOCUMENT = "make_court_document"  # 制作法院文书
    MAKE_ADMINISTRATOR_DOCUMENT = "make_administrator_document"  # 制作管理人文书
    TAKE_ASSET = "take_asset"  # 登记财产交接
    FIND_AVOIDABLE = "find_avoidable"  # 查找可撤销行为
    JUDGE_AVOIDABLE = "judge_avoidable"  # 审查可撤销行为
    UPLOAD_EVIDENCE = "upload_evidence"  # 提交证据
    SEAL_EVIDENCE = "seal_evidence"  # 封存证据
    PREFILL = "prefill"  # 预填债权
    FILE_CLAIM = "file_claim"  # 申报债权
    ENTER_CLAIM = "enter_claim"  # 代录现场和邮寄申报
    ENTER_PAYOUT_WAY = "enter_payout_way"  # 代录收款方式
    CHECK_PAYOUT_WAY = "check_payout_way"  # 复核收款方式
    LIST_EMPLOYEES = "list_employees"  # 列明职工债权
    ORDER_REMINDERS = "order_reminders"  # 安排提醒
    SEND_MESSAGE = "send_message"  # 给债权人发消息
    DECIDE_CLAIM = "decide_claim"  # 审查债权
    UNDO = "undo"  # 撤销审查决定
    TABLE_REGISTER = "table_register"  # 提交债权表核查
    RECORD_CHECKING = "record_checking"  # 登记核查结果
    RAISE_OBJECTION = "raise_objection"  # 提出异议
    ANSWER_OBJECTION = "answer_objection"  # 答复异议
    CONFIRM_REGISTER = "confirm_register"  # 裁定确认债权
    RECORD_SUIT = "record_suit"  # 登记债权确认诉讼
    ENTER_JUDGMENT = "enter_judgment"  # 登记生效裁判
    UNMASK = "unmask"  # 查看完整信息
    EXPORT_REGISTER = "export_register"  # 导出债权表
    EXPORT_AUDIT = "export_audit"  # 导出操作记录
    ENTER_MONEY = "enter_money"  # 登记收入
    OPEN_POOL = "open_pool"  # 设立财产池
    RECONCILE = "reconcile"  # 对账
    BUILD_PLAN = "build_plan"  # 拟订分配方案
    PROPOSE_PLAN = "propose_plan"  # 将方案提交债权人会议
    RECORD_VOTE = "record_vote"  # 登记方案表决结果
    SUBMIT_PLAN = "submit_plan"  # 提请法院裁定方案
    WITHDRAW_PLAN = "withdraw_plan"  # 撤回方案
    APPROVE_PLAN = "approve_plan"  # 裁定分配方案
    GIVE_LAST_NOTICE = "give_last_notice"  # 发布最后分配公告
    PREPARE_RELEASE = "prepare_release"  # 编制付款批次
    RELEASE_ORDERS = "release_orders"  # 放行付款批次
    PAUSE_RELEASE = "pause_release"  # 暂停付款
    STOP_RELEASE = "stop_release"  # 停止付款
    RECORD_CASH = "record_cash"  # 登记现场领取
    PAY_COST = "pay_cost"  # 支付费用
    DEPOSIT_SHARE = "deposit_share"  # 提存分配额
    SETTLE_DEPOSIT = "settle_deposit"  # 处理提存款
    SHARE_OUT_UNCLAIMED = "share_out_unclaimed"  # 再分配未受领的提存款
    SHARE_OUT_UNSETTLED = "share_out_unsettled"  # 再分配未决的提存款


P = Phase
JUDGE = frozenset({Role.BANKRUPTCY_JUDGE})
COURT = frozenset({Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK})
LEAD = frozenset({Role.ADMINISTRATOR_LEAD})
REVIEWERS = frozenset({Role.ADMINISTRATOR_LEAD, Role.ADMINISTRATOR_REVIEWER})
CASHIER = frozenset({Role.ADMINISTRATOR_CASHIER})
TEAM = REVIEWERS | CASHIER
CREDITOR = frozenset({Role.CREDITOR})
EVERY_PHASE = frozenset(Phase)
RUNNING = EVERY_PHASE - {P.CLOSED, P.DISMISSED}
SINCE_FILING = RUNNING - {P.ACCEPTED}
SINCE_REVIEW = SINCE_FILING - {P.FILING}
SINCE_CHECKING = SINCE_REVIEW - {P.REVIEW}
SINCE_CONFIRMED = SINCE_CHECKING - {P.CHECKING}
AFTER_THE_END = frozenset({P.CLOSED})
"""For two years more what is found is distributed by the plan (art. 123)."""

BEFORE_REGISTER = RUNNING - SINCE_REVIEW
"""No register can be tabled yet: objections are to the published list of employees'
claims (art. 48.2) and to a review's result, still the administrator's to adjust."""

UNTIL_CHECKING = frozenset({P.ACCEPTED, P.FILING, P.REVIEW})
WATCHED = (Supervisor.BANKRUPTCY_COURT, Supervisor.MEETING)
ABOVE = (Supervisor.HIGHER_COURT,)
FROM_PARTIES = (Supervisor.PARTIES, Supervisor.HIGHER_COURT)
DUTIES = "《企业破产法》第二十三条、第二十五条"


def _power(
    act: Act,
    phases: Iterable[Phase],
    leads: frozenset[Role],
    supervisors: tuple[Supervisor, ...],
    cite: str,
) -> Power:
    return Power(act, frozenset(phases), leads, supervisors, cite)


A = Act
POWERS: tuple[Power, ...] = (
    _power(A.SERVE_RULING, RUNNING, COURT, ABOVE, "《企业破产法》第十一条"),
    _power(A.SET_FILING_WINDOW, {P.ACCEPTED}, JUDGE, ABOVE,
           "《企业破产法》第十四条、第四十五条、第六十二条"),
    _power(A.START_CLOCK, RUNNING, COURT | LEAD, WATCHED, DUTIES),
    _power(A.STOP_CLOCK, RUNNING, COURT | LEAD, WATCHED, DUTIES),
    _power(A.CHANGE_PHASE, {P.FILING, P.REVIEW}, LEAD | JUDGE, WATCHED,
           "《企业破产法》第五十七条、第五十八条第一款"),
    _power(A.CHANGE_PHASE, {P.CHECKING}, JUDGE, FROM_PARTIES,
           "《企业破产法》第五十八条"),
    _power(A.CHANGE_PHASE, {P.CONFIRMED}, JUDGE, FROM_PARTIES,
           "《企业破产法》第六十四条、第六十五条、第一百一十六条第一款"),
    _power(A.CHANGE_PHASE, {P.DISTRIBUTION}, JUDGE, ABOVE,
           "《企业破产法》第一百二十条第三款"),
    _power(A.DISMISS_CASE, UNTIL_CHECKING | {P.CHECKING}, JUDGE, ABOVE,
           "《企业破产法》第十二条第二款"),
    _power(A.ASK_QUESTION, RUNNING, COURT, ABOVE, "《企业破产法》第二十三条"),
    _power(A.ANSWER_QUESTION, RUNNING, LEAD, WATCHED, "《企业破产法》第二十三条"),
    _power(A.MAKE_COURT_DOCUMENT, RUNNING, COURT, ABOVE,
           "《企业破产法》第十四条、第五十八条第二款"),
    _power(A.MAKE_ADMINISTRATOR_DOCUMENT, RUNNING, REVIEWERS, WATCHED, DUTIES),
    _power(A.TAKE_ASSET, RUNNING, REVIEWERS, WATCHED, "《企业破产法》第二十五条"),
    _power(A.FIND_AVOIDABLE, RUNNING | AFTER_THE_END, REVIEWERS, WATCHED,
           "《企业破产法》第三十一条至第三十四条、第一百二十三条"),
    _power(A.JUDGE_AVOIDABLE, RUNNING | AFTER_THE_END, LEAD, WATCHED,
           "《企业破产法》第三十一条至第三十四条、第一百二十三条"),
    _power(A.UPLOAD_EVIDENCE, UNTIL_CHECKING, REVIEWERS, WATCHED, DUTIES),
    _power(A.SEAL_EVIDENCE, UNTIL_CHECKING, LEAD, WATCHED, DUTIES),
    _power(A.PREFILL, UNTIL_CHECKING, REVIEWERS, WATCHED,
           "《企业破产法》第五十七条第一款"),
    _power(A.FILE_CLAIM, SINCE_FILING, CREDITOR, (Supervisor.BANKRUPTCY_COURT,),
           "《企业破产法》第四十八条第一款、第五十六条第一款"),
    _power(A.ENTER_CLAIM, SINCE_FILING, REVIEWERS, WATCHED,
           "《企业破产法》第四十八条第一款、第五十七条第一款"),
    _power(A.ENTER_PAYOUT_WAY, SINCE_FILING, REVIEWERS, WATCHED,
           "《企业破产法》第一百一十六条第一款"),
    _power(A.CHECK_PAYOUT_WAY, SINCE_FILING, REVIEWERS, WATCHED,
           "《企业破产法》第一百一十六条第一款"),
    _power(A.LIST_EMPLOYEES, RUNNING, REVIEWERS, WATCHED,
           "《企业破产法》第四十八条第二款"),
    _power(A.ORDER_REMINDERS, SINCE_FILING, REVIEWERS, WATCHED, DUTIES),
    _power(A.SEND_MESSAGE, RUNNING, REVIEWERS, WATCHED, DUTIES),
    _power(A.DECIDE_CLAIM, SINCE_FILING, REVIEWERS, WATCHED,
           "《企业破产法》第五十七条第一款"),
    _power(A.UNDO, SINCE_FILING, REVIEWERS, WATCHED,
           "《企业破产法》第五十七条第一款"),
    _power(A.TABLE_REGISTER, SINCE_REVIEW, LEAD, WATCHED,
           "《企业破产法》第五十七条第一款、第五十八条第一款"),
    _power(A.RECORD_CHECKING, SINCE_CHECKING, COURT, (Supervisor.MEETING,),
           "《企业破产法》第五十八条第一款、第六十一条第一款、第六十二条第一款"),
    _power(A.RAISE_OBJECTION, BEFORE_REGISTER, CREDITOR, (Supervisor.BANKRUPTCY_COURT,),
           "《企业破产法》第四十八条第二款、第五十七条第一款"),
    _power(A.RAISE_OBJECTION, SINCE_REVIEW, CREDITOR, (Supervisor.BANKRUPTCY_COURT,),
           "《企业破产法》第五十八条第三款；《破产法解释三》第八条"),
    _power(A.ANSWER_OBJECTION, BEFORE_REGISTER, REVIEWERS, WATCHED,
           "《企业破产法》第四十八条第二款、第五十七条第一款"),
    _power(A.ANSWER_OBJECTION, SINCE_REVIEW, REVIEWERS, WATCHED,
           "《破产法解释三》第八条"),
    _power(A.CONFIRM_REGISTER, SINCE_CHECKING, JUDGE, FROM_PARTIES,
           "《企业破产法》第五十八条第二款"),
    _power(A.RECORD_SUIT, SINCE_CHECKING, REVIEWERS, WATCHED,
           "《企业破产法》第五十八条第三款；《破产法解释三》第八条"),
    _power(A.ENTER_JUDGMENT, SINCE_CHECKING, JUDGE, FROM_PARTIES,
           "《企业破产法》第五十八条第三款"),
    _power(A.UNMASK, RUNNING, REVIEWERS | JUDGE, WATCHED,
           "《企业破产法》第五十七条第二款；《个人信息保护法》第六条、第五十一条"),
    _power(A.EXPORT_REGISTER, SINCE_FILING | {P.CLOSED}, LEAD | COURT, WATCHED,
           "《企业破产法》第五十七条第二款"),
    _power(A.EXPORT_AUDIT, EVERY_PHASE, COURT, ABOVE, "《企业破产法》第二十三条"),
    _power(A.ENTER_MONEY, RUNNING | AFTER_THE_END, CASHIER, WATCHED,
           "《企业破产法》第二十五条第一款、第三十条"),
    _power(A.OPEN_POOL, RUNNING | AFTER_THE_END, LEAD, WATCHED,
           "《企业破产法》第二十五条第一款、第一百零九条"),
    _power(A.RECONCILE, RUNNING | AFTER_THE_END, LEAD | CASHIER, WATCHED, DUTIES),
    _power(A.BUILD_PLAN, SINCE_CHECKING, REVIEWERS, WATCHED,
           "《企业破产法》第一百一十五条第一款、第二款"),
    _power(A.BUILD_PLAN, AFTER_THE_END, REVIEWERS, (Supervisor.BANKRUPTCY_COURT,),
           "《企业破产法》第一百二十三条第一款"),
    _power(A.PROPOSE_PLAN, SINCE_CHECKING, LEAD, WATCHED,
           "《企业破产法》第一百一十五条第一款"),
    _power(A.RECORD_VOTE, SINCE_CHECKING, COURT | LEAD, WATCHED,
           "《企业破产法》第六十一条第一款、第六十四条第一款"),
    _power(A.SUBMIT_PLAN, SINCE_CONFIRMED, LEAD, WATCHED,
           "《企业破产法》第一百一十五条第三款、第六十五条第二款"),
    _power(A.SUBMIT_PLAN, AFTER_THE_END, LEAD, (Supervisor.BANKRUPTCY_COURT,),
           "《企业破产法》第一百二十三条第一款"),
    _power(A.WITHDRAW_PLAN, SINCE_CHECKING | AFTER_THE_END, LEAD, WATCHED,
           "《企业破产法》第一百一十五条"),
    _power(A.APPROVE_PLAN, SINCE_CONFIRMED, JUDGE, FROM_PARTIES,
           "《企业破产法》第一百一十五条第三款、第一百一十六条第一款"),
    _power(A.APPROVE_PLAN, AFTER_THE_END, JUDGE, FROM_PARTIES,
           "《企业破产法》第一百二十三条第一款"),
    _power(A.GIVE_LAST_NOTICE, SINCE_CONFIRMED, LEAD, WATCHED,
           "《企业破产法》第一百一十六条第二款"),
    _power(A.PREPARE_RELEASE, SINCE_CONFIRMED | AFTER_THE_END, CASHIER, WATCHED,
           "《企业破产法》第一百一十六条第一款"),
    _power(A.RELEASE_ORDERS, SINCE_CONFIRMED | AFTER_THE_END, LEAD, WATCHED,
           "《企业破产法》第一百一十六条第一款"),
    _power(A.PAUSE_RELEASE, SINCE_CONFIRMED | AFTER_THE_END, LEAD | JUDGE, WATCHED,
           "《企业破产法》第二十三条、第一百一十六条第一款"),
    _power(A.STOP_RELEASE, SINCE_CONFIRMED | AFTER_THE_END, LEAD | JUDGE, WATCHED,
           "《企业破产法》第二十三条、第一百一十六条第一款"),
    _power(A.RECORD_CASH, SINCE_CONFIRMED | AFTER_THE_END, LEAD | CASHIER, WATCHED,
           "《企业破产法》第一百一十六条第一款、第一百一十八条"),
    _power(A.PAY_COST, RUNNING | AFTER_THE_END, LEAD | CASHIER, WATCHED,
           "《企业破产法》第四十三条第一款、第一百一十六条第一款"),
    _power(A.DEPOSIT_SHARE, SINCE_CONFIRMED | AFTER_THE_END, LEAD, WATCHED,
           "《企业破产法》第一百一十七条、第一百一十八条、第一百一十九条"),
    _power(A.SETTLE_DEPOSIT, SINCE_CONFIRMED | AFTER_THE_END, LEAD, WATCHED,
           "《企业破产法》第一百一十七条第二款、第一百一十八条、第一百一十九条"),
    _power(A.SHARE_OUT_UNCLAIMED, SINCE_CONFIRMED | AFTER_THE_END, LEAD | JUDGE, WATCHED,
           "《企业破产法》第一百一十八条"),
    _power(A.SHARE_OUT_UNSETTLED, AFTER_THE_END, JUDGE, FROM_PARTIES,
           "《企业破产法》第一百一十九条"),
)  # fmt: skip


TABLE = PowerTable("cases", POWERS, Phase)


def power_in(act: Act, phase: Phase) -> Power | None:
    """The row that governs an act in a phase, None where the act is not open then."""
    return TABLE.row_in(act, phase)


def check_power(case: Case, act: Act, by: Any) -> Role:
    """The role in which `by` may do `act` in this case now.

    Raises NotAllowed where others lead the act (or the case is not theirs), NotInState
    where the phase does not allow it: both say who leads it, when, by which article.
    """
    return TABLE.check(act, Phase(case.phase), role_in(by, case))


def open_acts(case: Case, by: Any) -> dict[str, bool]:
    """Every act by name, and whether `by` may do it in this case now: for buttons."""
    return TABLE.open_to(role_in(by, case), Phase(case.phase))


def can(case: Case, act: Act, by: Any) -> bool:
    """Whether `check_power` would let it pass: for showing a button or not."""
    return TABLE.allows(act, Phase(case.phase), role_in(by, case))

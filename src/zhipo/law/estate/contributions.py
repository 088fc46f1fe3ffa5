"""What shareholders and insiders bring back (《企业破产法》第三十五条、第三十六条)."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.claims.amounts import Wages, insider_wages
from zhipo.law.estate import BI2, EBL

COMPANY_LAW = date(2024, 7, 1)


@rule(
    id="cn.ebl.35",
    cite="《企业破产法》第三十五条；《破产法解释二》第二十条",
    text=(
        "人民法院受理破产申请后，债务人的出资人尚未完全履行出资义务的，管理人应当"
        "要求该出资人缴纳所认缴的出资，而不受出资期限的限制。……管理人代表债务人"
        "提起诉讼，主张出资人向债务人依法缴付未履行的出资或者返还抽逃的出资本息，"
        "出资人以认缴出资尚未届至公司章程规定的缴纳期限或者违反出资义务已经超过诉"
        "讼时效为由抗辩的，人民法院不予支持。"
    ),
    status="V1",
    since=EBL,
    sheet="EST-07",
)
def capital_call_fen(
    *, subscribed_fen: int, paid_in_fen: int, withdrawn_with_interest_fen: int = 0
) -> int:
    """What a shareholder pays at once: the unpaid and the withdrawn contribution.

    Neither a term that has not come nor limitation is heard, so neither is asked for.
    """
    return max(0, subscribed_fen - paid_in_fen) + withdrawn_with_interest_fen


@rule(
    id="cn.company.54",
    cite="《公司法》第五十四条",
    text=(
        "公司不能清偿到期债务的，公司或者已到期债权的债权人有权要求已认缴出资但未"
        "届出资期限的股东提前缴纳出资。"
    ),
    status="V1",
    since=COMPANY_LAW,
    sheet=("EST-07", "TRI-17"),
)
def may_call_before_term(
    *, cannot_pay_due_debts: bool, is_company: bool, is_creditor_with_due_claim: bool
) -> bool:
    """Before bankruptcy: who may ask a shareholder to pay in before the term."""
    return cannot_pay_due_debts and (is_company or is_creditor_with_due_claim)


class CapitalLiable(StrEnum):
    FOUNDER = "founder"  # 发起人
    SUPERVISOR_OF_PAYMENT = "supervisor_of_payment"  # 负有监督出资义务的董事、高管
    WITHDRAWAL_AIDER = "withdrawal_aider"  # 协助抽逃出资的人


@rule(
    id="cn.bi2.20.2",
    cite="《破产法解释二》第二十条第二款",
    text=(
        "管理人依据公司法的相关规定代表债务人提起诉讼，主张公司的发起人和负有监督"
        "股东履行出资义务的董事、高级管理人员，或者协助抽逃出资的其他股东、董事、"
        "高级管理人员、实际控制人等，对股东违反出资义务或者抽逃出资承担相应责任，"
        "并将财产归入债务人财产的，人民法院应予支持。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-07",
)
def answers_for_capital(*, person: CapitalLiable, was_withdrawn: bool) -> bool:
    """Founders and who had to watch payment answer for it; aiders for a withdrawal."""
    return was_withdrawn or person != CapitalLiable.WITHDRAWAL_AIDER


class InsiderIncome(StrEnum):
    PERFORMANCE_BONUS = "performance_bonus"  # 绩效奖金
    WAGES_WHILE_STAFF_UNPAID = "wages_while_staff_unpaid"  # 普遍拖欠职工工资时的工资性收入
    OTHER_ABNORMAL = "other_abnormal"  # 其他非正常收入


@rule(
    id="cn.ebl.36",
    cite="《企业破产法》第三十六条；《破产法解释二》第二十四条第一款",
    text=(
        "债务人的董事、监事和高级管理人员利用职权从企业获取的非正常收入和侵占的企"
        "业财产，管理人应当追回。……债务人有企业破产法第二条第一款规定的情形时，"
        "债务人的董事、监事和高级管理人员利用职权获取的以下收入，人民法院应当认定"
        "为企业破产法第三十六条规定的非正常收入：……（一）绩效奖金；……（二）普"
        "遍拖欠职工工资情况下获取的工资性收入；……（三）其他非正常收入。"
    ),
    status="V1",
    since=EBL,
    sheet="EST-08",
)
def abnormal_income_fen(
    *,
    income: InsiderIncome,
    fen: int,
    had_cause: bool,
    used_position: bool,
    staff_widely_unpaid: bool = False,
) -> int:
    """What a director or manager returns: taken by office while the debtor was insolvent.

    Wages only if staff were generally left unpaid at that time.
    """
    is_wages = income == InsiderIncome.WAGES_WHILE_STAFF_UNPAID
    if not (had_cause and used_position) or (is_wages and not staff_widely_unpaid):
        return 0
    return fen


@rule(
    id="cn.bi2.24.3",
    cite="《破产法解释二》第二十四条第三款",
    text=(
        "债务人的董事、监事和高级管理人员因返还第一款第（一）项、第（三）项非正常"
        "收入形成的债权，可以作为普通破产债权清偿。因返还第一款第（二）项非正常收"
        "入形成的债权，依据企业破产法第一百一十三条第三款的规定，按照该企业职工平"
        "均工资计算的部分作为拖欠职工工资清偿；高出该企业职工平均工资计算的部分，"
        "可以作为普通破产债权清偿。"
    ),
    status="V1",
    since=BI2,
    sheet=("EST-08", "CLM-09"),
)
def claim_from_return(
    *, income: InsiderIncome, returned_fen: int, average_wage_fen: int
) -> Wages:
    """Returned income is an ordinary claim; wages are an employee's up to the average."""
    if income == InsiderIncome.WAGES_WHILE_STAFF_UNPAID:
        return insider_wages(unpaid_fen=returned_fen, average_fen=average_wage_fen)
    return Wages(employee_fen=0, ordinary_fen=returned_fen)

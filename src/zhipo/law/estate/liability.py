"""Who sues for the estate, who answers to it, and what an undone trade costs it."""

from datetime import date

from zhipo.kernel.periods import add, years
from zhipo.kernel.rules import rule
from zhipo.law.estate import BI2, EBL
from zhipo.law.estate.avoidance import Act

BAN_YEARS = 3
CREDITORS_MAY_UNDO = frozenset({Act.GRATUITOUS, Act.UNREASONABLE_PRICE, Act.WAIVER})


@rule(
    id="cn.bi2.9.2",
    cite="《破产法解释二》第九条第二款",
    text=(
        "管理人因过错未依法行使撤销权导致债务人财产不当减损，债权人提起诉讼主张管"
        "理人对其损失承担相应赔偿责任的，人民法院应予支持。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-06",
)
def administrator_owes_fen(*, is_at_fault: bool, acted_in_law: bool, loss_fen: int) -> int:
    """What the administrator owes for not having had an act undone, through fault."""
    return loss_fen if is_at_fault and not acted_in_law else 0


@rule(
    id="cn.bi2.11",
    cite="《破产法解释二》第十一条",
    text=(
        "人民法院根据管理人的请求撤销涉及债务人财产的以明显不合理价格进行的交易的"
        "，买卖双方应当依法返还从对方获取的财产或者价款。……因撤销该交易，对于债"
        "务人应返还受让人已支付价款所产生的债务，受让人请求作为共益债务清偿的，人"
        "民法院应予支持。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-06",
)
def price_returned_fen(*, act: Act, paid_to_debtor_fen: int) -> int:
    """The price the estate returns, as a common-benefit debt, when it undoes a trade."""
    return paid_to_debtor_fen if act == Act.UNREASONABLE_PRICE else 0


@rule(
    id="cn.bi2.13",
    cite="《破产法解释二》第十三条",
    text=(
        "破产申请受理后，管理人未依据企业破产法第三十一条的规定请求撤销债务人无偿"
        "转让财产、以明显不合理价格交易、放弃债权行为的，债权人依据民法典第五百三"
        "十八条、第五百三十九条等规定提起诉讼，请求撤销债务人上述行为并将因此追回"
        "的财产归入债务人财产的，人民法院应予受理。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-06",
)
def creditor_may_undo(*, act: Act, administrator_has_asked: bool) -> bool:
    """A creditor may undo three of the five acts, for the estate, if nobody else does.

    Security given and early payments are the administrator's alone.
    """
    return act in CREDITORS_MAY_UNDO and not administrator_has_asked


@rule(
    id="cn.bi2.23.3",
    cite="《破产法解释二》第二十三条第三款",
    text=(
        "管理人不予追收，个别债权人代表全体债权人提起相关诉讼，主张次债务人或者债"
        "务人的出资人等向债务人清偿或者返还债务人财产，或者依法申请合并破产的，人"
        "民法院应予受理。"
    ),
    status="V1",
    since=BI2,
    sheet=("EST-06", "STY-10"),
)
def creditor_may_collect(
    *, administrator_collects: bool, for_all_creditors: bool, goes_to_estate: bool
) -> bool:
    """One creditor may sue the estate's debtors and shareholders, for all, if none does."""
    return not administrator_collects and for_all_creditors and goes_to_estate


@rule(
    id="cn.ebl.128",
    cite="《企业破产法》第一百二十八条；《破产法解释二》第十八条",
    text=(
        "债务人有本法第三十一条、第三十二条、第三十三条规定的行为，损害债权人利益"
        "的，债务人的法定代表人和其他直接责任人员依法承担赔偿责任。……管理人代表"
        "债务人依据企业破产法第一百二十八条的规定，以债务人的法定代表人和其他直接"
        "责任人员对所涉债务人财产的相关行为存在故意或者重大过失，造成债务人财产损"
        "失为由提起诉讼，主张上述责任人员承担相应赔偿责任的，人民法院应予支持。"
    ),
    status="V1",
    since=EBL,
    sheet="EST-13",
)
def responsible_person_owes_fen(
    *,
    is_representative: bool,
    is_directly_responsible: bool,
    is_intent_or_gross_negligence: bool,
    loss_fen: int,
) -> int:
    """What the legal representative or who is directly responsible owes for such acts."""
    is_responsible = is_representative or is_directly_responsible
    return loss_fen if is_responsible and is_intent_or_gross_negligence else 0


@rule(
    id="cn.ebl.125.2",
    cite="《企业破产法》第一百二十五条",
    text=(
        "企业董事、监事或者高级管理人员违反忠实义务、勤勉义务，致使所在企业破产的"
        "，依法承担民事责任。……有前款规定情形的人员，自破产程序终结之日起三年内"
        "不得担任任何企业的董事、监事、高级管理人员。"
    ),
    status="V1",
    since=EBL,
    sheet="EST-13",
)
def banned_until(
    *, breached_duty: bool, caused_bankruptcy: bool, ended_on: date
) -> date | None:
    """The last day on which a director or manager who caused it may hold no such office."""
    if not (breached_duty and caused_bankruptcy):
        return None
    return add(ended_on, years(BAN_YEARS))

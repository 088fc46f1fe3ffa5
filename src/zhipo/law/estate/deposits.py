"""Platform deposits and prepaid money in custody: whose they are (EST-10, EST-12)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import ceil

from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note

ECL = date(2019, 1, 1)
SECURITY_INTERPRETATION = date(2021, 1, 1)
CARD = date(2012, 11, 1)


class DepositAccount(StrEnum):
    DEDICATED_CONTROLLED = "dedicated_controlled"  # 专门保证金账户并由债权人实际控制
    CREDITORS_OWN = "creditors_own"  # 存入债权人设立的保证金账户
    UNCONTROLLED = "uncontrolled"  # 其他账户


@rule(
    id="cn.sec.70",
    cite="《担保制度解释》第七十条",
    text=(
        "债务人或者第三人为担保债务的履行，设立专门的保证金账户并由债权人实际控制"
        "，或者将其资金存入债权人设立的保证金账户，债权人主张就账户内的款项优先受"
        "偿的，人民法院应予支持。当事人以保证金账户内的款项浮动为由，主张实际控制"
        "该账户的债权人对账户内的款项不享有优先受偿权的，人民法院不予支持。……在"
        "银行账户下设立的保证金分户，参照前款规定处理。……当事人约定的保证金并非"
        "为担保债务的履行设立，或者不符合前两款规定的情形，债权人主张就保证金优先"
        "受偿的，人民法院不予支持，但是不影响当事人依照法律的规定或者按照当事人的"
        "约定主张权利。"
    ),
    status="V1",
    since=SECURITY_INTERPRETATION,
    sheet="EST-10",
)
def has_priority_over_deposit(*, secures_debt: bool, account: DepositAccount) -> bool:
    """A deposit secures whoever controls its account, if it was set up to secure a debt.

    A sub-account (保证金分户) is judged by the same marks.
    """
    return secures_debt and account != DepositAccount.UNCONTROLLED


@rule(
    id="cn.ecl.58.2",
    cite="《电子商务法》第五十八条第二款；《企业破产法》第十七条；《企业破产法》第三十条",
    text=(
        "电子商务平台经营者与平台内经营者协议设立消费者权益保证金的，双方应当就消"
        "费者权益保证金的提取数额、管理、使用和退还办法等作出明确约定。……人民法"
        "院受理破产申请后，债务人的债务人或者财产持有人应当向管理人清偿债务或者交"
        "付财产。"
    ),
    status="V1",
    since=ECL,
    sheet="EST-10",
)
def deposit_remainder_fen(*, deposit_fen: int, agreed_deductions_fen: int) -> int:
    """What the platform pays to the estate after the deductions that were agreed."""
    return max(0, deposit_fen - agreed_deductions_fen)


PLATFORM_RECOURSE_RANK = option(
    "option.estate.platform_recourse_rank",
    default="same_as_consumer",
    choices=("same_as_consumer", "ordinary"),
    status="I",
    reason="who paid for the debtor has the claim it paid, no better and no worse; no "
    "text gives the platform's recourse a rank of its own",
    sheet="EST-10",
)


@rule(
    id="cn.ecl.58.3",
    cite="《电子商务法》第五十八条第三款；《消费者权益保护法》第四十四条；"
    "《企业破产法》第五十一条",
    text=(
        "消费者要求电子商务平台经营者承担先行赔偿责任以及电子商务平台经营者赔偿后"
        "向平台内经营者的追偿，适用《中华人民共和国消费者权益保护法》的有关规定。"
        "……网络交易平台提供者赔偿后，有权向销售者或者服务者追偿。……债务人的保"
        "证人或者其他连带债务人已经代替债务人清偿债务的，以其对债务人的求偿权申报"
        "债权。"
    ),
    status="I",
    since=ECL,
    sheet="EST-10",
    reason=PLATFORM_RECOURSE_RANK.reason,
)
def recourse_rank(
    *, consumers_rank: str, choice: str = PLATFORM_RECOURSE_RANK.default
) -> str:
    """The rank of a platform that paid consumers first and now claims it back."""
    return consumers_rank if choice == "same_as_consumer" else "ordinary"


class CardIssuer(StrEnum):
    SCALE = "scale"  # 规模发卡企业
    GROUP = "group"  # 集团发卡企业
    BRAND = "brand"  # 品牌发卡企业


CUSTODY_SHARE: dict[CardIssuer, Fraction] = {
    CardIssuer.SCALE: Fraction(20, 100),
    CardIssuer.GROUP: Fraction(30, 100),
    CardIssuer.BRAND: Fraction(40, 100),
}


@rule(
    id="cn.card.26",
    cite="《单用途商业预付卡管理办法（试行）》第二十六条",
    status="V2",
    since=CARD,
    sheet="EST-12",
)
def least_custody_fen(
    *, issuer: CardIssuer, quarter_end_balance_fen: int, guaranteed_fen: int = 0
) -> int:
    """What must lie in custody of the last quarter's balance: 20, 30 or 40 %.

    Guarantee insurance or a bank's guarantee replaces it up to `guaranteed_fen`.
    """
    required = ceil(CUSTODY_SHARE[CardIssuer(issuer)] * quarter_end_balance_fen)
    note(required_fen=required)
    return max(0, required - guaranteed_fen)


class ConsumerMoney(StrEnum):
    CUSTODY_ACCOUNT = "custody_account"  # 存管账户资金
    GUARANTEE_INSURANCE = "guarantee_insurance"  # 履约保证保险
    BANK_GUARANTEE = "bank_guarantee"  # 银行保函


CUSTODY_MONEY_IS_ESTATE = option(
    "option.estate.custody_money_is_estate",
    default=True,
    choices=(True, False),
    status="I",
    reason="no text takes custody money out of the estate: it is the debtor's, bound to "
    "the agreed purpose, until a court rules otherwise",
    sheet="EST-12",
)


@dataclass(frozen=True)
class MoneyStanding:
    """Whether money is estate, bound to a purpose, and the question a court must settle."""

    is_estate: bool
    is_bound_to_purpose: bool
    legal_issue: str | None


@rule(
    id="cn.card.26.estate",
    cite="《单用途商业预付卡管理办法（试行）》第二十六条；《预付式消费解释》第十六条第二款；"
    "《企业破产法》第三十条",
    text=(
        "经营者依照行政主管部门要求已将预付款转入监管账户，消费者请求按被监管资金"
        "的实际利率计算应返还的被监管部分预付款利息的，人民法院应予支持。……破产"
        "申请受理时属于债务人的全部财产，以及破产申请受理后至破产程序终结前债务人"
        "取得的财产，为债务人财产。"
    ),
    status="I",
    since=CARD,
    sheet="EST-12",
    reason=CUSTODY_MONEY_IS_ESTATE.reason,
)
def custody_money(
    *, money: ConsumerMoney, is_estate: bool = CUSTODY_MONEY_IS_ESTATE.default
) -> MoneyStanding:
    """Custody money is estate with an open question; an insurer's or bank's is not."""
    if money == ConsumerMoney.CUSTODY_ACCOUNT:
        return MoneyStanding(is_estate, True, "custody_money")
    return MoneyStanding(False, True, None)

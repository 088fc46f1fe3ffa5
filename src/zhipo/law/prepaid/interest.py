"""Interest on a prepayment that must come back (arts. 16 and 17)."""

from datetime import date
from fractions import Fraction
from pathlib import Path

from zhipo.kernel.money import round_half_up
from zhipo.kernel.options import option
from zhipo.kernel.parameters import load
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.prepaid import IN_FORCE
from zhipo.law.prepaid.refunds import Fault

PARAMETERS = load(Path(__file__).with_name("parameters.yaml"))
RATE_OF = {Fault.OPERATOR: "lpr_one_year", Fault.CONSUMER: "deposit_benchmark_one_year"}

DAYS_IN_YEAR = option(
    "option.prepaid.days_in_year",
    default=365,
    choices=(360, 365),
    status="P",
    reason="the interpretation names a yearly rate and no day count; calendar days / 365",
    sheet="PPC-12",
)


@rule(
    id="cn.pre.16.rate",
    cite="《预付式消费解释》第十六条",
    text=(
        "当事人对返还预付款利息计付标准有约定的，按照约定处理。没有约定或者约定不"
        "明，因经营者原因返还预付款的，按照预付式消费合同成立时一年期贷款市场报价"
        "利率计算利息；因消费者原因返还预付款的，按照预付式消费合同成立时中国人民"
        "银行公布的一年定期存款基准利率计算利息。……经营者依照行政主管部门要求已"
        "将预付款转入监管账户，消费者请求按被监管资金的实际利率计算应返还的被监管"
        "部分预付款利息的，人民法院应予支持。"
    ),
    status="U",
    since=IN_FORCE,
    sheet=("PPC-12", "PPC-17"),
)
def interest_rate(
    *, formed_on: date, fault: Fault, needs_lawyer_check: bool = False
) -> Fraction:
    """The yearly rate where none was agreed: LPR, or the deposit benchmark.

    The rule is read in full text; the values of the two rates are unverified.
    """
    value = PARAMETERS[RATE_OF[Fault(fault)]].on(formed_on)
    note(rate=value.value, since=value.since, needs_lawyer_check=needs_lawyer_check)
    return value.fraction


@rule(
    id="cn.pre.17",
    cite="《预付式消费解释》第十七条；《企业破产法》第四十六条第二款",
    text=(
        "预付式消费合同解除、无效、被撤销或者确定不发生效力，消费者请求返还预付款"
        "的，自合同解除、被确认无效、被撤销或者确定不发生效力时起计算利息。……当"
        "事人就返还预付款利息起算时间作出对消费者更有利的约定或者法律另有规定的，"
        "按照当事人约定或者法律规定处理。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-13",
)
def refund_interest_fen(
    *,
    balance_fen: int,
    yearly_rate: Fraction,
    rescinded_on: date,
    accepted_on: date,
    days_in_year: int = DAYS_IN_YEAR.default,
) -> int:
    """Interest from rescission until acceptance; none where rescission came later."""
    counted = max(0, (accepted_on - rescinded_on).days)
    interest = balance_fen * yearly_rate * counted / days_in_year
    note(days=counted, interest_fen=interest)
    return round_half_up(Fraction(interest))

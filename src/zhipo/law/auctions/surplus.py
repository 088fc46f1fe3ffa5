"""Whether selling pays, how much is sold, what is taken in payment (《拍卖变卖规定》)."""

from dataclasses import dataclass
from datetime import date

from zhipo.kernel.periods import Deadline, days, deadline
from zhipo.kernel.rules import rule
from zhipo.law.auctions import AUCO


@dataclass(frozen=True)
class Surplus:
    """Whether the reserve leaves anything to the applicant, else the least new reserve."""

    is_expected: bool
    least_new_reserve_fen: int | None


@rule(
    id="cn.auco.6",
    cite="《拍卖变卖规定》第六条",
    text=(
        "保留价确定后，依据本次拍卖保留价计算，拍卖所得价款在清偿优先债权和强制执"
        "行费用后无剩余可能的，应当在实施拍卖前将有关情况通知申请执行人。申请执行"
        "人于收到通知后五日内申请继续拍卖的，人民法院应当准许，但应当重新确定保留"
        "价；重新确定的保留价应当大于该优先债权及强制执行费用的总额。……依照前款"
        "规定流拍的，拍卖费用由申请执行人负担。"
    ),
    status="V1",
    since=AUCO,
    sheet="AUC-12",
)
def surplus_test(*, reserve_fen: int, priority_fen: int, cost_fen: int) -> Surplus:
    """The reserve must exceed priority claims and costs, or the applicant is asked first.

    If the applicant goes on, the reserve is fixed anew above their sum, and the costs
    of a failed auction are the applicant's.
    """
    ahead = priority_fen + cost_fen
    is_expected = reserve_fen > ahead
    return Surplus(is_expected, None if is_expected else ahead + 1)


@rule(
    id="cn.auco.6.days",
    cite="《拍卖变卖规定》第六条",
    text=(
        "申请执行人于收到通知后五日内申请继续拍卖的，人民法院应当准许，但应当重新"
        "确定保留价；"
    ),
    status="V1",
    since=AUCO,
    sheet="AUC-12",
)
def applicant_goes_on_by(*, told_on: date) -> Deadline:
    """The applicant has five days to ask that the auction go on."""
    return deadline(told_on, days(5))


@rule(
    id="cn.auco.14",
    cite="《拍卖变卖规定》第十四条",
    text=(
        "拍卖多项财产时，其中部分财产卖得的价款足以清偿债务和支付被执行人应当负担"
        "的费用的，对剩余的财产应当停止拍卖，但被执行人同意全部拍卖的除外。"
    ),
    status="V1",
    since=AUCO,
    sheet="AUC-12",
)
def must_stop(
    *, proceeds_fen: int, debt_fen: int, cost_fen: int, debtor_consents: bool = False
) -> bool:
    """Of several things the rest stays unsold once debt and costs are covered."""
    return proceeds_fen >= debt_fen + cost_fen and not debtor_consents


@rule(
    id="cn.auco.15",
    cite="《拍卖变卖规定》第十五条",
    text=("拍卖的多项财产在使用上不可分，或者分别拍卖可能严重减损其价值的，应当合并拍卖。"),
    status="V1",
    since=AUCO,
    sheet="AUC-12",
)
def must_sell_together(*, is_one_in_use: bool, apart_badly_lowers_value: bool) -> bool:
    """Things that belong together, or lose much of their value apart, are one lot."""
    return is_one_in_use or apart_badly_lowers_value


@rule(
    id="cn.auco.16",
    cite="《拍卖变卖规定》第十六条",
    text=(
        "拍卖时无人竞买或者竞买人的最高应价低于保留价，到场的申请执行人或者其他执"
        "行债权人申请或者同意以该次拍卖所定的保留价接受拍卖财产的，应当将该财产交"
        "其抵债。……有两个以上执行债权人申请以拍卖财产抵债的，由法定受偿顺位在先"
        "的债权人优先承受；受偿顺位相同的，以抽签方式决定承受人。承受人应受清偿的"
        "债权额低于抵债财产的价额的，人民法院应当责令其在指定的期间内补交差额。"
    ),
    status="V1",
    since=AUCO,
    sheet="AUC-12",
)
def supplement_fen(*, reserve_fen: int, due_to_taker_fen: int) -> int:
    """What a creditor who takes the unsold thing at the reserve pays beyond its claim."""
    return max(0, reserve_fen - due_to_taker_fen)

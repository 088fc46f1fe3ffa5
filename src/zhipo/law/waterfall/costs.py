"""What is paid at any time: costs and common-benefit debts (arts. 41-43)."""

from dataclasses import dataclass

from zhipo.kernel.rules import rule
from zhipo.law.waterfall import IN_FORCE


@dataclass(frozen=True)
class Costs:
    """What costs and common-benefit debts receive (fen), and whether to end the case."""

    expense_fen: int
    common_fen: int
    must_terminate: bool


@rule(
    id="cn.ebl.43",
    cite="《企业破产法》第四十三条",
    text=(
        "破产费用和共益债务由债务人财产随时清偿。……债务人财产不足以清偿所有破产"
        "费用和共益债务的，先行清偿破产费用。……债务人财产不足以清偿所有破产费用"
        "或者共益债务的，按照比例清偿。……债务人财产不足以清偿破产费用的，管理人"
        "应当提请人民法院终结破产程序。人民法院应当自收到请求之日起十五日内裁定终"
        "结破产程序，并予以公告。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-05",
)
def paid_at_any_time(*, money_fen: int, expense_fen: int, common_fen: int) -> Costs:
    """Costs first, then common-benefit debts; too little for costs ends the case."""
    expense = min(money_fen, expense_fen)
    common = min(money_fen - expense, common_fen)
    return Costs(expense, common, must_terminate=money_fen < expense_fen)

"""What acceptance stops, lifts and asks leave for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.periods import days, deadline, months
from zhipo.kernel.rules import rule

EBL = date(2007, 6, 1)
BI2 = date(2021, 1, 1)

REPLY_DAYS = option(
    "option.stay.reply_days",
    default=7,
    choices=(3, 7, 15),
    status="P",
    reason="no national text gives those who are told of a stay a time to answer; seven "
    "days are Pudong's for lifting (art. 11), used to show who has not answered",
    sheet="STY-08",
)


class Payment(StrEnum):
    EXPENSE = "expense"  # 破产费用
    COMMON_BENEFIT = "common_benefit"  # 共益债务
    DISTRIBUTION = "distribution"  # 经批准的分配
    INDIVIDUAL = "individual"  # 个别清偿
    PREPAID_CARD = "prepaid_card"  # 兑付预付卡


ALLOWED = frozenset({Payment.EXPENSE, Payment.COMMON_BENEFIT, Payment.DISTRIBUTION})


@dataclass(frozen=True)
class Allowed:
    """Whether an act is allowed, and why."""

    is_allowed: bool
    reason: str


@rule(
    id="cn.ebl.16",
    cite="《企业破产法》第十六条",
    text="人民法院受理破产申请后，债务人对个别债权人的债务清偿无效。",
    status="V1",
    since=EBL,
    sheet="STY-03",
)
def outgoing_payment(*, payment: Payment) -> Allowed:
    """After acceptance only costs, common-benefit debts and approved distributions."""
    if payment in ALLOWED:
        return Allowed(True, f"{Payment(payment).value} is paid by the procedure")
    return Allowed(False, "an individual payment after acceptance is void")


@rule(
    id="cn.ebl.17",
    cite="《企业破产法》第十七条",
    text=(
        "人民法院受理破产申请后，债务人的债务人或者财产持有人应当向管理人清偿债务"
        "或者交付财产。……债务人的债务人或者财产持有人故意违反前款规定向债务人清"
        "偿债务或者交付财产，使债权人受到损失的，不免除其清偿债务或者交付财产的义"
        "务。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-04",
)
def discharged_fen(*, paid_to_debtor_fen: int, knew: bool, creditors_loss_fen: int) -> int:
    """Who knowingly pays the debtor is not discharged as far as creditors lose by it."""
    loss = creditors_loss_fen if knew else 0
    return max(0, paid_to_debtor_fen - loss)


class Contract(StrEnum):
    OPEN = "open"  # 待决定
    CONTINUED = "continued"  # 继续履行
    RESCINDED = "rescinded"  # 视为解除


@rule(
    id="cn.ebl.18",
    cite="《企业破产法》第十八条",
    text=(
        "人民法院受理破产申请后，管理人对破产申请受理前成立而债务人和对方当事人均"
        "未履行完毕的合同有权决定解除或者继续履行，并通知对方当事人。管理人自破产"
        "申请受理之日起二个月内未通知对方当事人，或者自收到对方当事人催告之日起三"
        "十日内未答复的，视为解除合同。……管理人决定继续履行合同的，对方当事人应"
        "当履行；但是，对方当事人有权要求管理人提供担保。管理人不提供担保的，视为"
        "解除合同。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-05",
)
def contract_state(
    *,
    accepted_on: date,
    today: date,
    notified_on: date | None = None,
    demanded_on: date | None = None,
    security_refused: bool = False,
) -> Contract:
    """Silence for two months, or 30 days after a demand, rescinds; so does no security."""
    ends = [deadline(accepted_on, months(2)).last_day]
    if demanded_on is not None:
        ends.append(deadline(demanded_on, days(30)).last_day)
    last_day = min(ends)
    if notified_on is not None and notified_on <= last_day:
        return Contract.RESCINDED if security_refused else Contract.CONTINUED
    return Contract.RESCINDED if today > last_day else Contract.OPEN


@rule(
    id="cn.ebl.18.prepaid",
    cite="《企业破产法》第十八条；《企业破产法》第四十二条",
    text="债务人和对方当事人均未履行完毕的合同",
    status="I",
    since=EBL,
    sheet="STY-06",
    reason="who has fully prepaid has performed: the contract is not 均未履行完毕, its "
    "balance no common-benefit debt",
)
def class_of_prepaid_balance(*, is_fully_prepaid: bool) -> str:
    """Where a consumer's balance stands: ordinary, unless both still owe something."""
    return "ordinary" if is_fully_prepaid else "by_administrators_choice"


@rule(
    id="cn.ebl.19",
    cite="《企业破产法》第十九条；《破产法解释二》第五条",
    text=("人民法院受理破产申请后，有关债务人财产的保全措施应当解除，执行程序应当中止。"),
    status="V1",
    since=EBL,
    sheet=("STY-07", "STY-09"),
)
def after_acceptance(*, is_preservation: bool) -> str:
    """Preservation is lifted, enforcement stayed."""
    return "lift" if is_preservation else "stay"


@rule(
    id="local.pudong.11",
    cite="《浦东新区破产规定》第十一条",
    text=(
        "人民法院受理破产申请后，应当向已对债务人财产采取保全措施的有关单位发出解"
        "除通知，并附破产受理裁定书及指定管理人决定书。有关单位收到通知或者知悉破"
        "产申请受理后七日内未解除的，财产处置方案经债权人会议同意和人民法院审核后"
        "，管理人可以先行处置被查封债务人财产，处置后依据人民法院出具的法律文书办"
        "理解封和资产过户、移交手续。"
    ),
    status="V1",
    since=date(2022, 1, 1),
    sheet="STY-08",
)
def may_sell_before_lifting(
    *, days_since_notice: int, creditors_consent: bool, court_checked: bool
) -> bool:
    """Local to Pudong: not lifted within seven days of notice, sold first."""
    return days_since_notice > 7 and creditors_consent and court_checked


@rule(
    id="cn.ebl.20",
    cite="《企业破产法》第二十条",
    text=(
        "人民法院受理破产申请后，已经开始而尚未终结的有关债务人的民事诉讼或者仲裁"
        "应当中止；在管理人接管债务人的财产后，该诉讼或者仲裁继续进行。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-10",
)
def suit_is_stayed(*, was_pending: bool, administrator_took_over: bool) -> bool:
    """Pending suits and arbitrations wait until the administrator has taken over."""
    return was_pending and not administrator_took_over


@rule(
    id="cn.bi2.8",
    cite="《破产法解释二》第八条",
    text=(
        "人民法院受理破产申请后至破产宣告前裁定驳回破产申请，或者依据企业破产法第"
        "一百零八条的规定裁定终结破产程序的，应当及时通知原已采取保全措施并已依法"
        "解除保全措施的单位按照原保全顺位恢复相关保全措施。……在已依法解除保全的"
        "单位恢复保全措施或者表示不再恢复之前，受理破产申请的人民法院不得解除对债"
        "务人财产的保全措施。"
    ),
    status="V1",
    since=BI2,
    sheet="STY-11",
)
def restored(
    *, lifted_in_order: tuple[str, ...], declined: frozenset[str]
) -> tuple[str, ...]:
    """After dismissal preservation comes back in the original order."""
    return tuple(unit for unit in lifted_in_order if unit not in declined)


@rule(
    id="cn.ebl.75",
    cite="《企业破产法》第七十五条；《企业破产法》第九十六条",
    text=(
        "在重整期间，对债务人的特定财产享有的担保权暂停行使。但是，担保物有损坏或"
        "者价值明显减少的可能，足以危害担保权人权利的，担保权人可以向人民法院请求"
        "恢复行使担保权。……在重整期间，债务人或者管理人为继续营业而借款的，可以"
        "为该借款设定担保。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-12",
)
def may_act_on_security(*, procedure: str, is_value_in_danger: bool) -> bool:
    """In reorganisation security rests unless its value is in danger; in settlement not."""
    return procedure == "settlement" or (
        procedure == "reorganisation" and is_value_in_danger
    )


@rule(
    id="cn.min18.25",
    cite="《全国法院破产审判工作会议纪要》第二十五条",
    status="U",
    since=date(2018, 3, 4),
    sheet="STY-12",
)
def may_realise_in_liquidation(
    *, separate_sale_lowers_whole: bool, needs_lawyer_check: bool = False
) -> bool:
    """Security is realised on demand unless that lowers the value of the whole."""
    return not separate_sale_lowers_whole


@rule(
    id="cn.ebl.26",
    cite="《企业破产法》第二十六条",
    text=(
        "在第一次债权人会议召开之前，管理人决定继续或者停止债务人的营业或者有本法"
        "第六十九条规定行为之一的，应当经人民法院许可。"
    ),
    status="V1",
    since=EBL,
    sheet="STY-14",
)
def needs_court_leave(
    *, is_before_first_meeting: bool, is_business_or_major_act: bool
) -> bool:
    """Before the first meeting business decisions and major acts need the court's leave."""
    return is_before_first_meeting and is_business_or_major_act


@rule(
    id="cn.bi3.2",
    cite="《破产法解释三》第二条",
    text=(
        "破产申请受理后，经债权人会议决议通过，或者第一次债权人会议召开前经人民法"
        "院许可，管理人或者自行管理的债务人可以为债务人继续营业而借款。提供借款的"
        "债权人主张参照企业破产法第四十二条第四项的规定优先于普通破产债权清偿的，"
        "人民法院应予支持，但其主张优先于此前已就债务人特定财产享有担保的债权清偿"
        "的，人民法院不予支持。……管理人或者自行管理的债务人可以为前述借款设定抵"
        "押担保，抵押物在破产申请受理前已为其他债权人设定抵押的，债权人主张按照民"
        "法典第四百一十四条规定的顺序清偿，人民法院应予支持。"
    ),
    status="V1",
    since=date(2019, 3, 28),
    sheet="STY-15",
)
def rank_of_new_loan(*, by_resolution: bool, by_court_before_first_meeting: bool) -> str:
    """A loan to continue ranks as common benefit, never above existing security."""
    has_leave = by_resolution or by_court_before_first_meeting
    return "common_benefit" if has_leave else "ordinary"

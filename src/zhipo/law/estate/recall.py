"""Owners recall their things (取回权), the estate redeems its own (EBL arts. 37 to 39)."""

from dataclasses import dataclass
from datetime import date

from zhipo.kernel.rules import rule
from zhipo.law.estate import BI2, EBL
from zhipo.law.estate.assets import OwnerGets


@rule(
    id="cn.ebl.37",
    cite="《企业破产法》第三十七条",
    text=(
        "人民法院受理破产申请后，管理人可以通过清偿债务或者提供为债权人接受的担保"
        "，取回质物、留置物。……前款规定的债务清偿或者替代担保，在质物或者留置物"
        "的价值低于被担保的债权额时，以该质物或者留置物当时的市场价值为限。"
    ),
    status="V1",
    since=EBL,
    sheet="EST-09",
)
def redemption_cap_fen(*, claim_fen: int, market_fen: int) -> int:
    """The most that may be paid to redeem a pledged or retained thing: its market value."""
    return min(claim_fen, market_fen)


@rule(
    id="cn.bi2.25",
    cite="《破产法解释二》第二十五条",
    text=(
        "管理人拟通过清偿债务或者提供担保取回质物、留置物，或者与质权人、留置权人"
        "协议以质物、留置物折价清偿债务等方式，进行对债权人利益有重大影响的财产处"
        "分行为的，应当及时报告债权人委员会。未设立债权人委员会的，管理人应当及时"
        "报告人民法院。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def redemption_is_reported_to(
    *, weighs_on_creditors: bool, has_committee: bool
) -> str | None:
    """A redemption of weight is reported to the committee, without one to the court."""
    if not weighs_on_creditors:
        return None
    return "committee" if has_committee else "court"


@dataclass(frozen=True)
class Recall:
    """Whether a thing is handed to its owner, and whether who was late bears the cost."""

    is_granted: bool
    bears_delay_cost: bool
    reason: str


@rule(
    id="cn.ebl.38",
    cite="《企业破产法》第三十八条；《破产法解释二》第二十六条；《破产法解释二》第二十八条",
    text=(
        "人民法院受理破产申请后，债务人占有的不属于债务人的财产，该财产的权利人可"
        "以通过管理人取回。但是，本法另有规定的除外。……权利人依据企业破产法第三"
        "十八条的规定行使取回权，应当在破产财产变价方案或者和解协议、重整计划草案"
        "提交债权人会议表决前向管理人提出。权利人在上述期限后主张取回相关财产的，"
        "应当承担延迟行使取回权增加的相关费用。……权利人行使取回权时未依法向管理"
        "人支付相关的加工费、保管费、托运费、委托费、代销费等费用，管理人拒绝其取"
        "回相关财产的，人民法院应予支持。"
    ),
    status="V1",
    since=EBL,
    sheet="EST-09",
)
def recall(
    *,
    is_owner: bool,
    asked_on: date,
    plan_voted_on: date | None,
    fees_owed_fen: int,
    fees_paid_fen: int,
) -> Recall:
    """The owner asks through the administrator, before the plan is put to the vote.

    Later is still possible, at the owner's cost; fees owed for the thing are paid first.
    """
    is_late = plan_voted_on is not None and asked_on >= plan_voted_on
    if not is_owner:
        return Recall(False, False, "not the owner")
    if fees_paid_fen < fees_owed_fen:
        return Recall(False, is_late, "fees for the thing are unpaid")
    return Recall(True, is_late, "late" if is_late else "in time")


@rule(
    id="cn.bi2.40",
    cite="《破产法解释二》第四十条",
    text=(
        "债务人重整期间，权利人要求取回债务人合法占有的权利人的财产，不符合双方事"
        "先约定条件的，人民法院不予支持。但是，因管理人或者自行管理的债务人违反约"
        "定，可能导致取回物被转让、毁损、灭失或者价值明显减少的除外。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def may_recall_in_reorganisation(
    *, meets_agreed_terms: bool, breach_endangers_thing: bool
) -> bool:
    """In reorganisation only as agreed beforehand, unless a breach endangers the thing."""
    return meets_agreed_terms or breach_endangers_thing


@rule(
    id="cn.bi2.29",
    cite="《破产法解释二》第二十九条",
    text=(
        "对债务人占有的权属不清的鲜活易腐等不易保管的财产或者不及时变现价值将严重"
        "贬损的财产，管理人及时变价并提存变价款后，有关权利人就该变价款行使取回权"
        "的，人民法院应予支持。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def price_stands_for_thing(
    *, is_title_unclear: bool, is_perishable_or_losing_value: bool, price_is_deposited: bool
) -> bool:
    """Whether the owner recalls the deposited price of a disputed thing sold in time."""
    return is_title_unclear and is_perishable_or_losing_value and price_is_deposited


@rule(
    id="cn.bi2.30",
    cite="《破产法解释二》第三十条；《破产法解释二》第三十二条",
    text=(
        "债务人占有的他人财产被违法转让给第三人，依据民法典第三百一十一条的规定第"
        "三人已善意取得财产所有权，原权利人无法取回该财产的，人民法院应当按照以下"
        "规定处理：……（一）转让行为发生在破产申请受理前的，原权利人因财产损失形"
        "成的债权，作为普通破产债权清偿；……（二）转让行为发生在破产申请受理后的"
        "，因管理人或者相关人员执行职务导致原权利人损害产生的债务，作为共益债务清"
        "偿。……（一）财产毁损、灭失发生在破产申请受理前的，权利人因财产损失形成"
        "的债权，作为普通破产债权清偿；……（二）财产毁损、灭失发生在破产申请受理"
        "后的，因管理人或者相关人员执行职务导致权利人损害产生的债务，作为共益债务"
        "清偿。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def owners_loss_stands_as(
    *, happened_on: date, accepted_on: date, is_by_office: bool
) -> OwnerGets:
    """Another's thing sold to a protected buyer or lost: when, and in whose office.

    Before acceptance an ordinary claim; after it a common-benefit debt where the
    administrator or staff caused it in office. Of other losses after it no text speaks.
    """
    if happened_on < accepted_on:
        return OwnerGets.ORDINARY
    return OwnerGets.COMMON_BENEFIT if is_by_office else OwnerGets.NOT_SAID


@rule(
    id="cn.bi2.31",
    cite="《破产法解释二》第三十一条",
    text=(
        "债务人占有的他人财产被违法转让给第三人，第三人已向债务人支付了转让价款，"
        "但依据民法典第三百一十一条的规定未取得财产所有权，原权利人依法追回转让财"
        "产的，对因第三人已支付对价而产生的债务，人民法院应当按照以下规定处理：…"
        "…（一）转让行为发生在破产申请受理前的，作为普通破产债权清偿；……（二）"
        "转让行为发生在破产申请受理后的，作为共益债务清偿。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def buyers_price_stands_as(*, sold_on: date, accepted_on: date) -> OwnerGets:
    """The price of a buyer who paid for another's thing and had to give it back."""
    return OwnerGets.ORDINARY if sold_on < accepted_on else OwnerGets.COMMON_BENEFIT


@rule(
    id="cn.bi2.32.1",
    cite="《破产法解释二》第三十二条第一款",
    text=(
        "债务人占有的他人财产毁损、灭失，因此获得的保险金、赔偿金、代偿物尚未交付"
        "给债务人，或者代偿物虽已交付给债务人但能与债务人财产予以区分的，权利人主"
        "张取回就此获得的保险金、赔偿金、代偿物的，人民法院应予支持。……保险金、"
        "赔偿金已经交付给债务人，或者代偿物已经交付给债务人且不能与债务人财产予以"
        "区分的，人民法院应当按照以下规定处理："
    ),
    status="V1",
    since=BI2,
    sheet="EST-09",
)
def may_recall_compensation(
    *, is_delivered: bool, is_substitute_thing: bool, is_distinguishable: bool
) -> bool:
    """Insurance or damages not yet paid over, or a substitute that can be told apart."""
    return not is_delivered or (is_substitute_thing and is_distinguishable)


@rule(
    id="cn.ebl.39",
    cite="《企业破产法》第三十九条；《破产法解释二》第三十九条",
    text=(
        "人民法院受理破产申请时，出卖人已将买卖标的物向作为买受人的债务人发运，债"
        "务人尚未收到且未付清全部价款的，出卖人可以取回在运途中的标的物。但是，管"
        "理人可以支付全部价款，请求出卖人交付标的物。……出卖人依据企业破产法第三"
        "十九条的规定，通过通知承运人或者实际占有人中止运输、返还货物、变更到达地"
        "，或者将货物交给其他收货人等方式，对在运途中标的物主张了取回权但未能实现"
        "，或者在货物未达管理人前已向管理人主张取回在运途中标的物，在买卖标的物到"
        "达管理人后，出卖人向管理人主张取回的，管理人应予准许。……出卖人对在运途"
        "中标的物未及时行使取回权，在买卖标的物到达管理人后向管理人行使在运途中标"
        "的物取回权的，管理人不应准许。"
    ),
    status="V1",
    since=EBL,
    sheet="EST-09",
)
def may_recall_in_transit(
    *,
    arrived_on: date | None,
    accepted_on: date,
    claimed_on: date,
    is_price_unpaid: bool,
    administrator_pays_in_full: bool = False,
) -> bool:
    """An unpaid seller recalls goods under way, if claimed before they arrived.

    A claim made in time holds after arrival too; the administrator may pay in full
    instead. `arrived_on` is None while they are under way.
    """
    is_under_way_at_acceptance = arrived_on is None or arrived_on >= accepted_on
    is_claimed_in_time = arrived_on is None or claimed_on < arrived_on
    return (
        is_price_unpaid
        and not administrator_pays_in_full
        and is_under_way_at_acceptance
        and is_claimed_in_time
    )

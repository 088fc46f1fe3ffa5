"""Sales by the administrator under the plan that creditors passed (AUC-20 to AUC-24)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.waterfall.basis import checked_basis

EBL = date(2007, 6, 1)
PUDONG = date(2022, 1, 1)


@rule(
    id="cn.ebl.111",
    cite="《企业破产法》第一百一十一条；《企业破产法》第六十五条第一款",
    text=(
        "管理人应当及时拟订破产财产变价方案，提交债权人会议讨论。……管理人应当按"
        "照债权人会议通过的或者人民法院依照本法第六十五条第一款规定裁定的破产财产"
        "变价方案，适时变价出售破产财产。……本法第六十一条第一款第八项、第九项所"
        "列事项，经债权人会议表决未通过的，由人民法院裁定。"
    ),
    status="V1",
    since=EBL,
    sheet="AUC-20",
)
def may_sell_under_plan(
    *, is_drafted: bool, passed_by_meeting: bool, ruled_by_court: bool
) -> bool:
    """The administrator drafts; the meeting passes it, or else the court rules."""
    return is_drafted and (passed_by_meeting or ruled_by_court)


class WayOfSale(StrEnum):
    AUCTION = "auction"  # 拍卖
    AS_RESOLVED = "as_resolved"  # 债权人会议另有决议
    AS_STATE_PRESCRIBES = "as_state_prescribes"  # 按照国家规定的方式处理


@rule(
    id="cn.ebl.112",
    cite="《企业破产法》第一百一十二条",
    text=(
        "变价出售破产财产应当通过拍卖进行。但是，债权人会议另有决议的除外。……破"
        "产企业可以全部或者部分变价出售。企业变价出售时，可以将其中的无形资产和其"
        "他财产单独变价出售。……按照国家规定不能拍卖或者限制转让的财产，应当按照"
        "国家规定的方式处理。"
    ),
    status="V1",
    since=EBL,
    sheet="AUC-20",
)
def way_of_sale(
    *, is_restricted_by_state: bool, meeting_resolved_otherwise: bool
) -> WayOfSale:
    """By auction, unless the meeting resolves otherwise; restricted things as prescribed.

    The business is sold whole or in part; intangibles may go separately.
    """
    if is_restricted_by_state:
        return WayOfSale.AS_STATE_PRESCRIBES
    return WayOfSale.AS_RESOLVED if meeting_resolved_otherwise else WayOfSale.AUCTION


@rule(
    id="cn.min18.26",
    cite="《全国法院破产审判工作会议纪要》第二十六条",
    status="U",
    since=date(2018, 3, 4),
    sheet="AUC-22",
)
def may_leave_auction(
    *,
    covers_its_cost: bool,
    has_failed: bool,
    is_resolved: bool,
    needs_lawyer_check: bool = False,
) -> bool:
    """Direct sale or distribution in kind by resolution, where an auction does not pay."""
    return is_resolved and (has_failed or not covers_its_cost)


@rule(
    id="local.pudong.12",
    cite="《浦东新区破产规定》第十二条",
    text=(
        "处置破产财产时，经债权人会议同意可以直接变价处理，不适用拍卖程序。确需进"
        "行拍卖的，由债权人会议自行确定或者授权管理人确定起拍价，并优先通过网上拍"
        "卖平台进行。"
    ),
    status="V1",
    since=PUDONG,
    sheet="AUC-23",
)
def pudong_way_of_sale(*, meeting_consents: bool) -> WayOfSale:
    """Local to Pudong: with the meeting's consent things are sold without an auction."""
    return WayOfSale.AS_RESOLVED if meeting_consents else WayOfSale.AUCTION


@rule(
    id="local.pudong.12.start",
    cite="《浦东新区破产规定》第十二条",
    text=(
        "确需进行拍卖的，由债权人会议自行确定或者授权管理人确定起拍价，并优先通过"
        "网上拍卖平台进行。"
    ),
    status="V1",
    since=PUDONG,
    sheet="AUC-23",
)
def pudong_start_fen(
    *, meeting_fen: int | None, administrator_fen: int | None, is_authorised: bool
) -> int:
    """Local to Pudong: the meeting's start price, or the administrator's if authorised.

    Raises ValueError where neither has fixed one lawfully.
    """
    if meeting_fen is not None:
        return meeting_fen
    if administrator_fen is None or not is_authorised:
        raise ValueError("the start price is the meeting's, or by its authority")
    return administrator_fen


@dataclass(frozen=True)
class Premium:
    """What a sale brought above its start price, in fen, and by what it is distributed."""

    fen: int
    goes_by: str


@rule(
    id="cn.ebl.30.premium",
    cite="《企业破产法》第三十条；《企业破产法》第一百一十三条",
    text=(
        "破产申请受理时属于债务人的全部财产，以及破产申请受理后至破产程序终结前债"
        "务人取得的财产，为债务人财产。……破产财产在优先清偿破产费用和共益债务后"
        "，依照下列顺序清偿："
    ),
    status="I",
    since=EBL,
    sheet=("AUC-24", "S2"),
    reason="no statute read gives a premium to consumers first: it is estate and goes "
    "through the order; only a lawful plan or agreement directs it",
)
def premium_goes_by(
    *,
    sold_fen: int,
    start_fen: int,
    wanted_for_some: bool = False,
    basis: str | None = None,
    evidence: str | None = None,
) -> Premium:
    """A premium follows the statutory order unless a lawful basis directs it.

    Raises NoBasis where it is wanted for some creditors without one.
    """
    premium = max(0, sold_fen - start_fen)
    if not wanted_for_some:
        return Premium(premium, "waterfall")
    return Premium(premium, checked_basis(basis=basis, evidence=evidence).value)

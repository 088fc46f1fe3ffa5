"""What is estate and what is not (EBL art. 30; 《破产法解释二》 arts. 1 to 4)."""

from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.money import share_out
from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.claims.amounts import SetOffBar
from zhipo.law.estate import BI2, EBL


class AssetKind(StrEnum):
    CASH_BANK = "cash_bank"  # 银行存款
    CASH_PAYMENT_ACCOUNT = "cash_payment_account"  # 支付账户余额
    PLATFORM_DEPOSIT = "platform_deposit"  # 平台保证金
    RECEIVABLE_SETTLEMENT = "receivable_settlement"  # 待结算货款
    INVENTORY = "inventory"  # 存货
    IP = "ip"  # 商标、著作权、软件
    DOMAIN = "domain"  # 域名
    STORE_ACCOUNT = "store_account"  # 店铺账号
    DATA_ASSET = "data_asset"  # 数据资产
    TRAFFIC_CONTRACT = "traffic_contract"  # 流量推广合同
    EQUITY = "equity"  # 对外股权
    AVOIDANCE_CLAIM = "avoidance_claim"  # 撤销追回请求权
    CAPITAL_CALL = "capital_call"  # 出资催缴请求权


@rule(
    id="cn.ebl.30",
    cite="《企业破产法》第三十条；《破产法解释二》第一条；《破产法解释二》第三条",
    text=(
        "破产申请受理时属于债务人的全部财产，以及破产申请受理后至破产程序终结前债"
        "务人取得的财产，为债务人财产。……除债务人所有的货币、实物外，债务人依法"
        "享有的可以用货币估价并可以依法转让的债权、股权、知识产权、用益物权等财产"
        "和财产权益，人民法院均应认定为债务人财产。……债务人已依法设定担保物权的"
        "特定财产，人民法院应当认定为债务人财产。"
    ),
    status="V1",
    since=EBL,
    sheet="EST-01",
)
def is_estate(
    *,
    acquired_on: date,
    accepted_on: date,
    parted_on: date | None = None,
    ended_on: date | None = None,
    is_worth_money: bool,
    is_transferable: bool,
) -> bool:
    """All the debtor has at acceptance or gets before the end, encumbered or not.

    It must have a money value and be lawfully transferable. What left the debtor on
    the day of acceptance had not left before it.
    """
    left_before = parted_on is not None and parted_on < accepted_on
    came_in_time = ended_on is None or acquired_on < ended_on
    return came_in_time and not left_before and is_worth_money and is_transferable


@rule(
    id="cn.bi2.4",
    cite="《破产法解释二》第四条",
    text=(
        "债务人对按份享有所有权的共有财产的相关份额，或者共同享有所有权的共有财产"
        "的相应财产权利，以及依法分割共有财产所得部分，人民法院均应认定为债务人财"
        "产。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-01",
)
def estate_share_fen(*, value_fen: int, share: Fraction) -> int:
    """The debtor's part of a thing owned in shares (按份共有)."""
    others = share.denominator - share.numerator
    return share_out(value_fen, [share.numerator, others])[0]


class HeldAs(StrEnum):
    OWNER = "owner"  # 自有
    STORAGE = "storage"  # 仓储
    KEEPING = "keeping"  # 保管
    PROCESSING = "processing"  # 承揽
    CONSIGNMENT = "consignment"  # 代销
    LOAN_FOR_USE = "loan_for_use"  # 借用
    LEFT_IN_CARE = "left_in_care"  # 寄存
    LEASE = "lease"  # 租赁
    TITLE_RETAINED = "title_retained"  # 所有权保留
    STATE_EXCLUSIVE = "state_exclusive"  # 国家专有且不得转让
    OTHERS_BY_LAW = "others_by_law"  # 其他依法不属于债务人


@rule(
    id="cn.bi2.2",
    cite="《破产法解释二》第二条",
    text=(
        "下列财产不应认定为债务人财产：……（一）债务人基于仓储、保管、承揽、代销"
        "、借用、寄存、租赁等合同或者其他法律关系占有、使用的他人财产；……（二）"
        "债务人在所有权保留买卖中尚未取得所有权的财产；……（三）所有权专属于国家"
        "且不得转让的财产；……（四）其他依照法律、行政法规不属于债务人的财产。"
    ),
    status="V1",
    since=BI2,
    sheet="EST-02",
)
def is_excluded(*, held_as: HeldAs, has_acquired_title: bool = False) -> bool:
    """Others' things are not estate; goods under retained title become it with title."""
    if held_as == HeldAs.TITLE_RETAINED:
        return not has_acquired_title
    return held_as != HeldAs.OWNER


COMMINGLED_IS_CLAIM = option(
    "option.estate.commingled_money_is_claim",
    default=True,
    choices=(True, False),
    status="I",
    reason="money paid into one account with the debtor's own can no longer be told "
    "apart: nothing is left that its owner could take back",
    sheet="EST-02",
)


class OwnerGets(StrEnum):
    RECALL = "recall"  # 取回权
    ORDINARY = "ordinary"  # 普通债权
    COMMON_BENEFIT = "common_benefit"  # 共益债务
    NOT_SAID = "not_said"  # 法无明文


@rule(
    id="cn.bi2.2.money",
    cite="《破产法解释二》第二条；《企业破产法》第三十八条",
    text=(
        "下列财产不应认定为债务人财产：……（一）债务人基于仓储、保管、承揽、代销"
        "、借用、寄存、租赁等合同或者其他法律关系占有、使用的他人财产；……人民法"
        "院受理破产申请后，债务人占有的不属于债务人的财产，该财产的权利人可以通过"
        "管理人取回。"
    ),
    status="I",
    since=BI2,
    sheet="EST-02",
    reason=COMMINGLED_IS_CLAIM.reason,
)
def agency_receipts_stand_as(
    *, is_kept_apart: bool, commingled_is_claim: bool = COMMINGLED_IS_CLAIM.default
) -> OwnerGets:
    """Receipts of goods sold for others: taken back if kept apart, else a claim."""
    if is_kept_apart or not commingled_is_claim:
        return OwnerGets.RECALL
    return OwnerGets.ORDINARY


@rule(
    id="cn.npay.27",
    cite="《非银行支付机构监督管理条例》第二十七条；《非银行支付机构监督管理条例》第三十一条；"
    "《企业破产法》第三十条；《企业破产法》第四十条",
    text=(
        "非银行支付机构不得以任何形式挪用、占用、借用备付金，不得以备付金为自己或"
        "者他人提供担保。"
    ),
    status="V1",
    since=date(2024, 5, 1),
    sheet="EST-11",
)
def payment_balance_fen(
    *, balance_fen: int, fees_fen: int, set_off_bars: tuple[SetOffBar, ...] | None
) -> int:
    """What the estate gets of the debtor's payment account.

    The institution keeps nothing by itself. Its fees go off only by a set-off it has
    declared and that no bar of art. 40 meets; `set_off_bars` is None if it declared
    none.
    """
    is_set_off = set_off_bars == ()
    note(is_set_off=is_set_off)
    return balance_fen - (min(fees_fen, balance_fen) if is_set_off else 0)


NEEDS_PLATFORM = frozenset({AssetKind.STORE_ACCOUNT, AssetKind.TRAFFIC_CONTRACT})


@rule(
    id="cn.ecl.32",
    cite="《电子商务法》第三十二条",
    text=(
        "电子商务平台经营者应当遵循公开、公平、公正的原则，制定平台服务协议和交易"
        "规则，明确进入和退出平台、商品和服务质量保障、消费者权益保护、个人信息保"
        "护等方面的权利和义务。"
    ),
    status="I",
    since=date(2019, 1, 1),
    sheet="EST-15",
    reason="a store account and a traffic contract are positions in a contract: they go "
    "to another only as the platform's rules allow",
)
def needs_platform_consent(*, kind: AssetKind) -> bool:
    """Whether selling this asks for the platform's consent first."""
    return kind in NEEDS_PLATFORM

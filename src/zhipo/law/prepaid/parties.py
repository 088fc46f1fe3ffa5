"""Who may claim, on what evidence, and against whom else."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.prepaid import IN_FORCE

PUNITIVE_FACTOR = 3
PUNITIVE_LEAST_FEN = 50_000


class Evidence(StrEnum):
    OPERATOR_RECORDS = "operator_records"  # 经营者控制的证据
    CONSUMER_ACCOUNT = "consumer_account"  # 消费者主张
    NOTHING = "nothing"  # 无证据


@dataclass(frozen=True)
class Accepted:
    """Which evidence counts, and whether a person must look."""

    evidence: Evidence
    is_flagged: bool


class Rescission(StrEnum):
    MOVED = "moved"  # 变更经营场所明显不便
    TRANSFERRED = "transferred"  # 未经同意转移义务
    UNLIMITED_FAILS = "unlimited_fails"  # 承诺不限次数却不能提供
    OTHER = "other"  # 其他法定情形


@rule(
    id="cn.pre.2",
    cite="《预付式消费解释》第二条",
    text=(
        "不记名预付卡的持卡人起诉请求经营者承担民事责任的，人民法院应当依法受理。"
        "记名预付卡的实际持卡人与预付卡记载的持卡人不一致，但提供其系合法持卡人的"
        "初步证据，起诉请求经营者承担民事责任的，人民法院应当依法受理。……消费者"
        "提供其与经营者存在预付式消费合同关系的其他初步证据，起诉请求经营者承担民"
        "事责任的，人民法院应当依法受理。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-02",
)
def may_claim(*, holds_card: bool, is_named: bool, has_prima_facie_evidence: bool) -> bool:
    """The holder of a bearer card, or who shows prima facie that the relation is theirs."""
    return has_prima_facie_evidence or (holds_card and not is_named)


@rule(
    id="cn.pre.25",
    cite="《预付式消费解释》第二十五条",
    text=(
        "经营者控制合同文本或者记录消费内容、消费次数、消费金额、预付款余额等信息"
        "的证据，无正当理由拒不提交，消费者主张该证据的内容不利于经营者的，人民法"
        "院可以根据消费者的主张认定争议事实。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-02",
)
def evidence_that_counts(
    *, operator_has_records: bool, operator_withholds: bool, consumer_gives_account: bool
) -> Accepted:
    """Records withheld speak for the consumer; what nobody shows goes to a person."""
    if operator_has_records and not operator_withholds:
        return Accepted(Evidence.OPERATOR_RECORDS, is_flagged=False)
    if consumer_gives_account:
        return Accepted(Evidence.CONSUMER_ACCOUNT, is_flagged=True)
    return Accepted(Evidence.NOTHING, is_flagged=True)


@rule(
    id="cn.pre.13",
    cite="《预付式消费解释》第十三条",
    text=(
        "消费者请求解除预付式消费合同，经营者存在下列情形之一的，人民法院应予支持"
        "：……（一）变更经营场所给消费者接受商品或者服务造成明显不便；……（二）"
        "未经消费者同意将预付式消费合同义务转移给第三人；……（三）承诺在合同约定"
        "期限内提供不限次数服务却不能正常提供；……（四）法律规定或者合同约定消费"
        "者享有解除合同权利的其他情形。……预付式消费合同成立后，消费者身体健康等"
        "合同的基础条件发生了当事人在订立合同时无法预见、不属于商业风险的重大变化"
        "，继续履行合同对于消费者明显不公平的，消费者可以与经营者重新协商；在合理"
        "期限内协商不成，消费者请求人民法院变更或者解除预付式消费合同的，人民法院"
        "应予支持。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-03",
)
def may_rescind(*, grounds: frozenset[Rescission]) -> bool:
    """Any one ground of the article suffices."""
    return bool(grounds)


@rule(
    id="cn.crpl.53",
    cite="《消费者权益保护法》第五十三条",
    text=(
        "经营者以预收款方式提供商品或者服务的，应当按照约定提供。未按照约定提供的"
        "，应当按照消费者的要求履行约定或者退回预付款；并应当承担预付款的利息、消"
        "费者必须支付的合理费用。"
    ),
    status="V1",
    since=date(2014, 3, 15),
    sheet=("PPC-03", "WAT-20"),
)
def claim_from_broken_prepayment(*, is_performed_as_agreed: bool) -> frozenset[str]:
    """A claim to the balance, interest and reasonable costs. It gives no priority."""
    if is_performed_as_agreed:
        return frozenset()
    return frozenset({"balance", "interest", "reasonable_costs"})


@rule(
    id="cn.pre.23",
    cite="《预付式消费解释》第二十三条；《消费者权益保护法》第五十五条",
    text=(
        "经营者收取预付款后终止营业，既不按照约定兑付商品或者提供服务又恶意逃避消"
        "费者申请退款，消费者请求经营者承担惩罚性赔偿责任的，人民法院依法予以支持"
        "。……经营者行为涉嫌刑事犯罪的，人民法院应当将犯罪线索移送公安机关。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-14",
)
def punitive_damages_fen(*, price_fen: int, is_fraud: bool) -> int:
    """Three times the price, at least 500 yuan, for malicious closure.

    In bankruptcy they stand below ordinary claims (law.waterfall), never with them.
    """
    return max(PUNITIVE_LEAST_FEN, PUNITIVE_FACTOR * price_fen) if is_fraud else 0


@rule(
    id="cn.pre.10",
    cite="《预付式消费解释》第十条",
    text=(
        "无民事行为能力人与经营者订立预付式消费合同，向经营者支付预付款，法定代理"
        "人请求确认合同无效、经营者返还预付款的，人民法院应予支持。……限制民事行"
        "为能力人与经营者订立预付式消费合同，向经营者支付预付款，法定代理人请求确"
        "认合同无效、经营者返还预付款的，人民法院应予支持，但该合同经法定代理人同"
        "意、追认或者预付款金额等合同内容与限制民事行为能力人的年龄、智力相适应的"
        "除外。……经营者主张从预付款中抵扣已经兑付商品或者提供服务价款的，人民法"
        "院依法予以支持，但经营者违反法律规定向未成年人提供网络付费游戏等服务的除"
        "外。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="PPC-15",
)
def minor_refund_fen(
    *, prepaid_fen: int, delivered_fen: int, is_unlawful_paid_game: bool
) -> int:
    """A minor's void prepayment comes back less deliveries, unlawful games apart."""
    return prepaid_fen if is_unlawful_paid_game else max(0, prepaid_fen - delivered_fen)


@rule(
    id="cn.pre.4",
    cite="《预付式消费解释》第四条",
    text=(
        "经营者允许他人使用其营业执照或者以其他方式允许他人使用其名义与消费者订立"
        "预付式消费合同，消费者请求经营者承担民事责任，经营者以其并非实际经营者为"
        "由提出抗辩的，人民法院对其抗辩不予支持。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet=("PPC-16", "TRI-14"),
)
def received_from_all_fen(*, claim_fen: int, received_fen: tuple[int, ...]) -> int:
    """What co-liable persons together may be counted for: never more than the claim."""
    return min(claim_fen, sum(received_fen))

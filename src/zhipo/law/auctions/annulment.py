"""When a network auction is annulled (《网络司法拍卖规定》第三十一条)."""

from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.auctions import AUC


class AnnulmentGround(StrEnum):
    FALSE_DESCRIPTION = "false_description"  # 说明严重失实
    SYSTEM_ERROR = "system_error"  # 系统故障、数据错误等
    COLLUSION = "collusion"  # 恶意串通
    UNQUALIFIED_BUYER = "unqualified_buyer"  # 买受人不具备竞买资格
    UNLAWFUL_RESTRICTION = "unlawful_restriction"  # 违法限制竞买人或者设定不同条件
    OTHER_SERIOUS_BREACH = "other_serious_breach"  # 其他严重违反程序


class Harm(StrEnum):
    NO_HARM = "no_harm"  # 无损害
    SOME_HARM = "some_harm"  # 损害
    SERIOUS_HARM = "serious_harm"  # 严重损害


@rule(
    id="cn.auc.31",
    cite="《网络司法拍卖规定》第三十一条",
    text=(
        "当事人、利害关系人提出异议请求撤销网络司法拍卖，符合下列情形之一的，人民"
        "法院应当支持：……（一）由于拍卖财产的文字说明、视频或者照片展示以及瑕疵"
        "说明严重失实，致使买受人产生重大误解，购买目的无法实现的，但拍卖时的技术"
        "水平不能发现或者已经就相关瑕疵以及责任承担予以公示说明的除外；……（二）"
        "由于系统故障、病毒入侵、黑客攻击、数据错误等原因致使拍卖结果错误，严重损"
        "害当事人或者其他竞买人利益的；……（三）竞买人之间，竞买人与网络司法拍卖"
        "服务提供者之间恶意串通，损害当事人或者其他竞买人利益的；……（四）买受人"
        "不具备法律、行政法规和司法解释规定的竞买资格的；……（五）违法限制竞买人"
        "参加竞买或者对享有同等权利的竞买人规定不同竞买条件的；……（六）其他严重"
        "违反网络司法拍卖程序且损害当事人或者竞买人利益的情形。"
    ),
    status="V1",
    since=AUC,
    sheet="AUC-10",
)
def upheld_grounds(
    *,
    proven: frozenset[AnnulmentGround],
    harm: Harm = Harm.NO_HARM,
    defeats_purpose: bool = False,
    undetectable_or_disclosed: bool = False,
) -> tuple[AnnulmentGround, ...]:
    """Of the grounds proven, those that annul the auction; empty: it stands.

    A false description must have misled the buyer and defeated the purchase; system
    errors must have done serious harm, collusion and other breaches some; an unqualified
    buyer and an unlawful restriction suffice by themselves.
    """
    does_harm = harm != Harm.NO_HARM
    suffices = {
        AnnulmentGround.FALSE_DESCRIPTION: defeats_purpose
        and not undetectable_or_disclosed,
        AnnulmentGround.SYSTEM_ERROR: harm == Harm.SERIOUS_HARM,
        AnnulmentGround.COLLUSION: does_harm,
        AnnulmentGround.UNQUALIFIED_BUYER: True,
        AnnulmentGround.UNLAWFUL_RESTRICTION: True,
        AnnulmentGround.OTHER_SERIOUS_BREACH: does_harm,
    }
    return tuple(ground for ground, holds in suffices.items() if holds and ground in proven)

"""Who may buy before others at the same price, and how long each has to answer."""

from datetime import date, timedelta
from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.periods import Deadline, days, deadline
from zhipo.kernel.rules import rule
from zhipo.law.auctions import AUC

CIVIL_CODE = date(2021, 1, 1)
COMPANY_LAW = date(2024, 7, 1)
TENANT_NOTICE_DAYS = 5


@rule(
    id="cn.auc.16.waived",
    cite="《网络司法拍卖规定》第十六条第二款",
    text=(
        "权利人书面明确放弃权利的，可以不通知。……优先购买权人经通知未参与竞买的"
        "，视为放弃优先购买权。"
    ),
    status="V1",
    since=AUC,
    sheet="AUC-02",
)
def has_waived(*, is_told: bool, took_part: bool, waived_in_writing: bool = False) -> bool:
    """A pre-emptor told of the auction who stays away has waived the right."""
    return waived_in_writing or (is_told and not took_part)


class Preemptor(StrEnum):
    CO_OWNER = "co_owner"  # 按份共有人
    TENANT = "tenant"  # 房屋承租人


@rule(
    id="cn.civ.305",
    cite="《民法典》第三百零五条；《民法典》第七百二十六条",
    status="V1",
    since=CIVIL_CODE,
    sheet="AUC-13",
)
def may_preempt(
    *,
    preemptor: Preemptor,
    offers_same_terms: bool,
    co_owner_preempts: bool = False,
    buyer_is_close_relative: bool = False,
) -> bool:
    """On the same terms; a tenant stands back behind a co-owner and a close relative."""
    stands_back = preemptor == Preemptor.TENANT and (
        co_owner_preempts or buyer_is_close_relative
    )
    return offers_same_terms and not stands_back


@rule(
    id="cn.civ.726.2",
    cite="《民法典》第七百二十六条第二款",
    status="V1",
    since=CIVIL_CODE,
    sheet="AUC-13",
)
def tenant_answers_by(*, told_on: date) -> Deadline:
    """A tenant told of a sale has 15 days to say clearly that it buys."""
    return deadline(told_on, days(15))


@rule(
    id="cn.civ.727",
    cite="《民法典》第七百二十七条",
    status="V1",
    since=CIVIL_CODE,
    sheet="AUC-13",
)
def latest_notice_to_tenant(*, auction_on: date) -> date:
    """The last day to tell the tenant of a house of its auction: 5 days before."""
    return auction_on - timedelta(days=TENANT_NOTICE_DAYS)


@rule(
    id="cn.company.85",
    cite="《公司法》第八十五条",
    text=(
        "人民法院依照法律规定的强制执行程序转让股东的股权时，应当通知公司及全体股"
        "东，其他股东在同等条件下有优先购买权。其他股东自人民法院通知之日起满二十"
        "日不行使优先购买权的，视为放弃优先购买权。"
    ),
    status="V1",
    since=COMPANY_LAW,
    sheet="AUC-13",
)
def shareholders_answer_by(*, told_on: date) -> Deadline:
    """When a court sells shares, fellow shareholders have 20 days from its notice."""
    return deadline(told_on, days(20))


SHAREHOLDER_DAYS = option(
    "option.auction.shareholder_days_in_bankruptcy",
    default=30,
    choices=(30, 20),
    status="I",
    reason="art. 85 speaks of transfers by enforcement; a sale by the administrator is "
    "none, so art. 84 and its 30 days apply, which also cost nobody a right",
    sheet="AUC-13",
)


@rule(
    id="cn.company.84.2",
    cite="《公司法》第八十四条；《公司法》第八十五条",
    text=(
        "股东向股东以外的人转让股权的，应当将股权转让的数量、价格、支付方式和期限"
        "等事项书面通知其他股东，其他股东在同等条件下有优先购买权。股东自接到书面"
        "通知之日起三十日内未答复的，视为放弃优先购买权。"
    ),
    status="I",
    since=COMPANY_LAW,
    sheet="AUC-13",
    reason=SHAREHOLDER_DAYS.reason,
)
def shareholders_answer_administrator_by(
    *, told_on: date, answer_days: int = SHAREHOLDER_DAYS.default
) -> Deadline:
    """When the administrator sells shares, how long fellow shareholders may answer."""
    return deadline(told_on, days(answer_days))

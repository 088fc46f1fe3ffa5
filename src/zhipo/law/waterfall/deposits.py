"""Shares that wait, and money found later (arts. 117-119, 123)."""

from datetime import date

from zhipo.kernel.periods import Deadline, deadline, months, years
from zhipo.kernel.rules import rule
from zhipo.law.waterfall import IN_FORCE


@rule(
    id="cn.ebl.117",
    cite="《企业破产法》第一百一十七条",
    text=(
        "对于附生效条件或者解除条件的债权，管理人应当将其分配额提存。……管理人依"
        "照前款规定提存的分配额，在最后分配公告日，生效条件未成就或者解除条件成就"
        "的，应当分配给其他债权人；在最后分配公告日，生效条件成就或者解除条件未成"
        "就的，应当交付给债权人。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-11",
)
def goes_to_creditor(*, is_suspensive: bool, is_condition_met: bool) -> bool:
    """Whether the deposited share of a conditional claim is the creditor's.

    On the last-distribution notice day: a suspensive condition met, or a resolutive
    one not met.
    """
    return is_condition_met if is_suspensive else not is_condition_met


@rule(
    id="cn.ebl.118",
    cite="《企业破产法》第一百一十八条",
    text=(
        "债权人未受领的破产财产分配额，管理人应当提存。债权人自最后分配公告之日起"
        "满二个月仍不领取的，视为放弃受领分配的权利，管理人或者人民法院应当将提存"
        "的分配额分配给其他债权人。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-12",
)
def unclaimed_until(*, last_distribution_notice_on: date) -> Deadline:
    """Two months after the last-distribution notice an unclaimed share is waived."""
    return deadline(last_distribution_notice_on, months(2))


@rule(
    id="cn.ebl.119",
    cite="《企业破产法》第一百一十九条",
    text=(
        "破产财产分配时，对于诉讼或者仲裁未决的债权，管理人应当将其分配额提存。自"
        "破产程序终结之日起满二年仍不能受领分配的，人民法院应当将提存的分配额分配"
        "给其他债权人。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-13",
)
def disputed_until(*, ended_on: date) -> Deadline:
    """Two years after the end a share in dispute goes to the other creditors."""
    return deadline(ended_on, years(2))


@rule(
    id="cn.ebl.123",
    cite="《企业破产法》第一百二十三条",
    text=(
        "自破产程序依照本法第四十三条第四款或者第一百二十条的规定终结之日起二年内"
        "，有下列情形之一的，债权人可以请求人民法院按照破产财产分配方案进行追加分"
        "配：……（一）发现有依照本法第三十一条、第三十二条、第三十三条、第三十六"
        "条规定应当追回的财产的；……（二）发现破产人有应当供分配的其他财产的。…"
        "…有前款规定情形，但财产数量不足以支付分配费用的，不再进行追加分配，由人"
        "民法院将其上交国库。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet=("WAT-14", "EST-14"),
)
def is_distributed_later(
    *, ended_on: date, found_on: date, found_fen: int, distribution_cost_fen: int
) -> bool:
    """Property found within two years is distributed if worth the cost of doing so."""
    in_time = found_on <= deadline(ended_on, years(2)).last_day
    return in_time and found_fen > distribution_cost_fen

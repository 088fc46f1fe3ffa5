"""What a distribution plan has to say, and who decides on it (art. 115)."""

from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.waterfall import IN_FORCE


class PlanItem(StrEnum):
    CREDITORS = "creditors"  # 债权人名称或者姓名、住所
    CLAIMS = "claims"  # 债权额
    PROPERTY = "property"  # 可供分配的破产财产数额
    ORDER = "order"  # 分配的顺序、比例及数额
    METHOD = "method"  # 实施分配的方法


@rule(
    id="cn.ebl.115.2",
    cite="《企业破产法》第一百一十五条",
    text=(
        "破产财产分配方案应当载明下列事项：……（一）参加破产财产分配的债权人名称或"
        "者姓名、住所；……（二）参加破产财产分配的债权额；……（三）可供分配的破产"
        "财产数额；……（四）破产财产分配的顺序、比例及数额；……（五）实施破产财产"
        "分配的方法。……债权人会议通过破产财产分配方案后，由管理人将该方案提请人民"
        "法院裁定认可。"
    ),
    status="V1",
    since=IN_FORCE,
    sheet="WAT-10",
)
def missing_from_plan(*, said: frozenset[PlanItem]) -> tuple[PlanItem, ...]:
    """What a plan still lacks of what it has to say, in the article's order."""
    return tuple(item for item in PlanItem if item not in said)

"""Publication periods by class, repair in two steps, and the local rule of Pudong."""

from dataclasses import dataclass
from enum import StrEnum

from zhipo.kernel.periods import Period, months, years
from zhipo.kernel.rules import rule
from zhipo.law.credit import MARKET_REPAIR, PUDONG, REPAIR


class Misconduct(StrEnum):
    MINOR = "minor"  # 轻微失信
    NORMAL = "normal"  # 一般失信
    SERIOUS = "serious"  # 严重失信


class RepairStage(StrEnum):
    NOT_REPAIRED = "not_repaired"  # 未修复
    TEMPORARY = "temporary"  # 临时修复
    FINAL = "final"  # 正式修复


@dataclass(frozen=True)
class Publication:
    """How long misconduct is published: at least (none: need not be), and at most."""

    least: Period | None
    most: Period


PUBLISHED: dict[Misconduct, Publication] = {
    Misconduct.MINOR: Publication(None, months(3)),
    Misconduct.NORMAL: Publication(months(3), years(1)),
    Misconduct.SERIOUS: Publication(years(1), years(3)),
}


@rule(
    id="cn.credit.publication",
    cite="《信用修复管理办法》（国家发展改革委）",
    status="V2",
    since=REPAIR,
    sheet="CRE-01",
)
def publication_of(*, misconduct: Misconduct) -> Publication:
    """Minor: as a rule not at all; otherwise three months to one year, one to three."""
    return PUBLISHED[misconduct]


@rule(
    id="cn.credit.who",
    cite="《信用修复管理办法》（国家发展改革委）",
    status="V2",
    since=REPAIR,
    sheet="CRE-01",
)
def repairs_it(*, found_by: str) -> str:
    """Who found the misconduct repairs it; 信用中国 takes the application."""
    return found_by


@rule(
    id="cn.credit.two_steps",
    cite="《市场监督管理信用修复管理办法》；国办发〔2025〕22号",
    status="V2",
    since=MARKET_REPAIR,
    sheet="CRE-02",
)
def repair_stage(*, has_ruling: bool, has_applied: bool, is_performed: bool) -> RepairStage:
    """Temporary on the ruling that approves plan or settlement, final once performed.

    Temporary: the information is shielded and measures pause. Without an application
    nothing changes.
    """
    if not has_ruling or not has_applied:
        return RepairStage.NOT_REPAIRED
    return RepairStage.FINAL if is_performed else RepairStage.TEMPORARY


@rule(
    id="local.pudong.16.1",
    cite="《浦东新区破产规定》第十六条第一款",
    text=(
        "浦东新区建立完善破产重整企业信用修复机制。浦东新区人民法院裁定批准重整计"
        "划或者认可破产和解协议后，管理人可以通过“一网通办”平台或者直接向原失信"
        "信息提供单位申请信用修复。"
    ),
    status="V1",
    since=PUDONG,
    sheet="CRE-03",
)
def administrator_may_apply(*, is_pudong: bool, has_ruling: bool) -> bool:
    """Local to Pudong: after the court's ruling the administrator may apply."""
    return is_pudong and has_ruling


@rule(
    id="local.pudong.16.2",
    cite="《浦东新区破产规定》第十六条第二款",
    text=(
        "重整计划执行期间及执行完毕后，不得因破产重整直接排除其参与招投标、融资等"
        "市场行为的资格，不得限制其参与评优评先以及在政府审批、公共服务中享受容缺"
        "受理、证明替代等便利措施，法律、行政法规另有规定的除外。"
    ),
    status="V1",
    since=PUDONG,
    sheet="CRE-03",
)
def may_exclude_from_market(
    *, is_pudong: bool, only_for_reorganising: bool, other_law_excludes: bool
) -> bool:
    """Local to Pudong: no exclusion from tenders or finance for reorganising alone."""
    if other_law_excludes:
        return True
    return not (is_pudong and only_for_reorganising)

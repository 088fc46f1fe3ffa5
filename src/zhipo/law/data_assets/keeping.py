"""What happens to data that nobody takes over: deletion, storing, security, audits."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.periods import add, years
from zhipo.kernel.rules import rule
from zhipo.law.data_assets import ECL, PIPL

AUDIT_ABOVE_PERSONS = 10_000_000


class DeletionGround(StrEnum):
    PURPOSE_GONE = "purpose_gone"  # 处理目的已实现、无法实现或者不再必要
    SERVICE_STOPPED = "service_stopped"  # 停止提供产品或者服务
    RETENTION_OVER = "retention_over"  # 保存期限已届满
    CONSENT_WITHDRAWN = "consent_withdrawn"  # 个人撤回同意
    UNLAWFUL_PROCESSING = "unlawful_processing"  # 违法或者违约处理
    ACCOUNT_CLOSED = "account_closed"  # 个人注销账号


class Fate(StrEnum):
    KEEP = "keep"  # 继续保存使用
    STORE_ONLY = "store_only"  # 仅存储并采取安全措施
    DELETE = "delete"  # 删除或者匿名化


class Measure(StrEnum):
    INTERNAL_RULES = "internal_rules"  # 内部管理制度和操作规程
    CLASSIFICATION = "classification"  # 分类管理
    ENCRYPTION = "encryption"  # 加密、去标识化
    ACCESS_LIMITS = "access_limits"  # 操作权限和培训
    INCIDENT_PLAN = "incident_plan"  # 安全事件应急预案


class Notified(StrEnum):
    AUTHORITY = "authority"  # 履行个人信息保护职责的部门
    PERSONS = "persons"  # 个人


KEEP_UNTIL_CLOSING = option(
    "option.data.keep_until_closing",
    default=True,
    choices=(False, True),
    status="I",
    reason="claims are proved from the transaction records; they are stored, and used for "
    "nothing else, until the case is closed",
    sheet="DAT-06",
)


@rule(
    id="cn.pipl.47",
    cite="《个人信息保护法》第四十七条；《网络数据安全管理条例》第二十四条",
    text=(
        "有下列情形之一的，个人信息处理者应当主动删除个人信息；个人信息处理者未删"
        "除的，个人有权请求删除：……（一）处理目的已实现、无法实现或者为实现处理"
        "目的不再必要；……（二）个人信息处理者停止提供产品或者服务，或者保存期限"
        "已届满；……（三）个人撤回同意；……（四）个人信息处理者违反法律、行政法"
        "规或者违反约定处理个人信息；……（五）法律、行政法规规定的其他情形。……"
        "法律、行政法规规定的保存期限未届满，或者删除个人信息从技术上难以实现的，"
        "个人信息处理者应当停止除存储和采取必要的安全保护措施之外的处理。……因使"
        "用自动化采集技术等无法避免采集到非必要个人信息或者未依法取得个人同意的个"
        "人信息，以及个人注销账号的，网络数据处理者应当删除个人信息或者进行匿名化"
        "处理。法律、行政法规规定的保存期限未届满，或者删除、匿名化处理个人信息从"
        "技术上难以实现的，网络数据处理者应当停止除存储和采取必要的安全保护措施之"
        "外的处理。"
    ),
    status="V1",
    since=PIPL,
    sheet=("DAT-06", "DAT-14"),
)
def fate_of_data(
    *,
    grounds: frozenset[DeletionGround],
    day: date,
    retained_until: date | None = None,
    is_case_open: bool = False,
    keep_until_closing: bool = KEEP_UNTIL_CLOSING.default,
) -> Fate:
    """Any ground deletes; while a legal retention period runs it is stored, no more.

    The last day of the retention period still counts. A closed account may also be
    anonymised (NDR 24).
    """
    if not grounds:
        return Fate.KEEP
    is_retained = retained_until is not None and day <= retained_until
    is_needed_for_claims = is_case_open and keep_until_closing
    return Fate.STORE_ONLY if is_retained or is_needed_for_claims else Fate.DELETE


@rule(
    id="cn.ecl.31",
    cite="《电子商务法》第三十一条",
    text=(
        "电子商务平台经营者应当记录、保存平台上发布的商品和服务信息、交易信息，并"
        "确保信息的完整性、保密性、可用性。商品和服务信息、交易信息保存时间自交易"
        "完成之日起不少于三年；法律、行政法规另有规定的，依照其规定。"
    ),
    status="V1",
    since=ECL,
    sheet="DAT-06",
)
def transactions_kept_until(*, completed_on: date, is_platform: bool) -> date | None:
    """A platform keeps transaction information three years from completion at least."""
    return add(completed_on, years(3)) if is_platform else None


@rule(
    id="cn.ecl.24",
    cite="《电子商务法》第二十四条第二款",
    text=(
        "电子商务经营者收到用户信息查询或者更正、删除的申请的，应当在核实身份后及"
        "时提供查询或者更正、删除用户信息。用户注销的，电子商务经营者应当立即删除"
        "该用户的信息；依照法律、行政法规的规定或者双方约定保存的，依照其规定。"
    ),
    status="V1",
    since=ECL,
    sheet="DAT-14",
)
def is_deleted_at_once(*, has_closed_account: bool, must_be_kept: bool) -> bool:
    """On closing an account, unless a law or the parties' agreement keeps it."""
    return has_closed_account and not must_be_kept


@rule(
    id="cn.pipl.51",
    cite="《个人信息保护法》第五十一条",
    text=(
        "个人信息处理者应当根据个人信息的处理目的、处理方式、个人信息的种类以及对"
        "个人权益的影响、可能存在的安全风险等，采取下列措施确保个人信息处理活动符"
        "合法律、行政法规的规定，并防止未经授权的访问以及个人信息泄露、篡改、丢失"
        "：……（一）制定内部管理制度和操作规程；……（二）对个人信息实行分类管理"
        "；……（三）采取相应的加密、去标识化等安全技术措施；……（四）合理确定个"
        "人信息处理的操作权限，并定期对从业人员进行安全教育和培训；……（五）制定"
        "并组织实施个人信息安全事件应急预案；……（六）法律、行政法规规定的其他措"
        "施。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-08",
)
def missing_measures(*, in_place: frozenset[Measure]) -> frozenset[Measure]:
    """Which of the named security measures are still lacking."""
    return frozenset(Measure) - in_place


@rule(
    id="cn.pipl.57",
    cite="《个人信息保护法》第五十七条；《网络数据安全管理条例》第十一条",
    text=(
        "发生或者可能发生个人信息泄露、篡改、丢失的，个人信息处理者应当立即采取补"
        "救措施，并通知履行个人信息保护职责的部门和个人。通知应当包括下列事项：…"
        "…（一）发生或者可能发生个人信息泄露、篡改、丢失的信息种类、原因和可能造"
        "成的危害；……（二）个人信息处理者采取的补救措施和个人可以采取的减轻危害"
        "的措施；……（三）个人信息处理者的联系方式。……个人信息处理者采取措施能"
        "够有效避免信息泄露、篡改、丢失造成危害的，个人信息处理者可以不通知个人；"
        "履行个人信息保护职责的部门认为可能造成危害的，有权要求个人信息处理者通知"
        "个人。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-08",
)
def told_of_leak(*, harm_is_averted: bool, authority_demands: bool) -> frozenset[Notified]:
    """The authority always; the persons unless harm is averted and nobody demands it."""
    if harm_is_averted and not authority_demands:
        return frozenset({Notified.AUTHORITY})
    return frozenset(Notified)


@rule(
    id="cn.pipl.54",
    cite="《个人信息保护法》第五十四条",
    text=("个人信息处理者应当定期对其处理个人信息遵守法律、行政法规的情况进行合规审计。"),
    status="V1",
    since=PIPL,
    sheet="DAT-11",
)
def is_audit_due(*, processes_personal_data: bool) -> bool:
    """Whoever processes personal information has its compliance audited regularly."""
    return processes_personal_data


@rule(
    id="cn.audit.10_million",
    cite="《个人信息保护合规审计管理办法》",
    status="V2",
    since=date(2025, 5, 1),
    sheet="DAT-11",
)
def next_audit_by(*, persons: int, last_audit_on: date) -> date | None:
    """Above 10 million persons within two years of the last; otherwise no fixed day."""
    return add(last_audit_on, years(2)) if persons > AUDIT_ABOVE_PERSONS else None

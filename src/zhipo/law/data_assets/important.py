"""Large, important and core data, and data that would leave the country."""

from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.law.data_assets import DSL, NDR, PIPL
from zhipo.law.data_assets.duties import Duty
from zhipo.law.data_assets.kinds import Grade

MANY_PERSONS = 10_000_000

FOREIGN_BLOCKED = option(
    "option.data.foreign_blocked",
    default=True,
    choices=(False, True),
    status="P",
    reason="sending data abroad takes an assessment, a certificate or the standard "
    "contract, and separate consent; a case that has none of them does not sell abroad",
    sheet="DAT-09",
)


@rule(
    id="cn.ndr.28",
    cite="《网络数据安全管理条例》第二十八条；《网络数据安全管理条例》第三十条；"
    "《网络数据安全管理条例》第三十二条",
    text=(
        "网络数据处理者处理1000万人以上个人信息的，还应当遵守本条例第三十条、"
        "第三十二条对处理重要数据的网络数据处理者（以下简称重要数据的处理者）作出"
        "的规定。……重要数据的处理者因合并、分立、解散、破产等可能影响重要数据安"
        "全的，应当采取措施保障网络数据安全，并向省级以上有关主管部门报告重要数据"
        "处置方案、接收方的名称或者姓名和联系方式等；主管部门不明确的，应当向省级"
        "以上数据安全工作协调机制报告。"
    ),
    status="V1",
    since=NDR,
    sheet="DAT-10",
)
def disposal_duties(*, persons: int, grade: Grade) -> frozenset[Duty]:
    """From 10 million persons, and for important data: report plan and recipient.

    The report goes to the competent authority at provincial level or above. Of the
    duties on important data, art. 28 carries over arts. 30 and 32 only.
    """
    if persons >= MANY_PERSONS or grade is not Grade.GENERAL:
        return frozenset({Duty.REPORT_DISPOSAL})
    return frozenset()


@rule(
    id="cn.ndr.31",
    cite="《网络数据安全管理条例》第三十一条",
    text=(
        "重要数据的处理者提供、委托处理、共同处理重要数据前，应当进行风险评估，但"
        "是属于履行法定职责或者法定义务的除外。"
    ),
    status="V1",
    since=NDR,
    sheet="DAT-12",
)
def risk_duties(*, grade: Grade) -> frozenset[Duty]:
    """Before important data is provided to another its risk is assessed."""
    if grade is Grade.GENERAL:
        return frozenset()
    return frozenset({Duty.RISK_ASSESSMENT})


@rule(
    id="policy.data_core",
    cite="《数据安全法》第二十一条",
    text=(
        "关系国家安全、国民经济命脉、重要民生、重大公共利益等数据属于国家核心数据"
        "，实行更加严格的管理制度。"
    ),
    status="P",
    since=DSL,
    sheet="DAT-12",
    reason="the article asks for a stricter regime for core data and names no way to sell "
    "it; a bankruptcy sale never does",
)
def may_be_sold_by_grade(*, grade: Grade) -> bool:
    """Core data is never sold."""
    return grade is not Grade.CORE


@rule(
    id="cn.pipl.38",
    cite="《个人信息保护法》第三十八条；《个人信息保护法》第三十九条；"
    "《个人信息保护法》第四十条；"
    "《网络数据安全管理条例》第三十五条；《网络数据安全管理条例》第三十七条",
    text=(
        "个人信息处理者因业务等需要，确需向中华人民共和国境外提供个人信息的，应当"
        "具备下列条件之一：……（一）依照本法第四十条的规定通过国家网信部门组织的"
        "安全评估；……（二）按照国家网信部门的规定经专业机构进行个人信息保护认证"
        "；……（三）按照国家网信部门制定的标准合同与境外接收方订立合同，约定双方"
        "的权利和义务；……（四）法律、行政法规或者国家网信部门规定的其他条件。…"
        "…个人信息处理者向中华人民共和国境外提供个人信息的，应当向个人告知境外接"
        "收方的名称或者姓名、联系方式、处理目的、处理方式、个人信息的种类以及个人"
        "向境外接收方行使本法规定权利的方式和程序等事项，并取得个人的单独同意。…"
        "…网络数据处理者在中华人民共和国境内运营中收集和产生的重要数据确需向境外"
        "提供的，应当通过国家网信部门组织的数据出境安全评估。网络数据处理者按照国"
        "家有关规定识别、申报重要数据，但未被相关地区、部门告知或者公开发布为重要"
        "数据的，不需要将其作为重要数据申报数据出境安全评估。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-09",
)
def export_duties(
    *, is_abroad: bool, is_personal: bool, grade: Grade, has_assessment_duty: bool = False
) -> frozenset[Duty]:
    """What must be had before data goes abroad; nothing for plain non-personal data.

    `has_assessment_duty`: a critical-infrastructure operator, or as many persons as
    the authority has fixed (art. 40), for whom the other conditions do not suffice.
    """
    duties: set[Duty] = set()
    if is_abroad and is_personal:
        condition = Duty.EXPORT_ASSESSMENT if has_assessment_duty else Duty.EXPORT_CONDITION
        told = {Duty.TELL_RECIPIENT, Duty.TELL_PURPOSE, Duty.TELL_RIGHTS_ABROAD}
        duties |= told | {condition, Duty.SEPARATE_CONSENT, Duty.IMPACT_ASSESSMENT}
    if is_abroad and grade is not Grade.GENERAL:
        duties.add(Duty.EXPORT_ASSESSMENT)
    return frozenset(duties)


@rule(
    id="policy.data_abroad",
    cite="《个人信息保护法》第三十八条；《网络数据安全管理条例》第三十七条",
    text=(
        "个人信息处理者因业务等需要，确需向中华人民共和国境外提供个人信息的，应当"
        "具备下列条件之一："
    ),
    status="P",
    since=PIPL,
    sheet="DAT-09",
    reason=FOREIGN_BLOCKED.reason,
)
def is_blocked_abroad(
    *,
    is_abroad: bool,
    is_personal: bool,
    grade: Grade,
    foreign_blocked: bool = FOREIGN_BLOCKED.default,
) -> bool:
    """Personal and important data does not go to a foreign buyer."""
    is_guarded = is_personal or grade is not Grade.GENERAL
    return is_abroad and is_guarded and foreign_blocked

"""Sensitive personal information and the assessment that comes before (PIPL)."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.periods import add, years
from zhipo.kernel.rules import rule
from zhipo.law.data_assets import NDR, PIPL
from zhipo.law.data_assets.duties import Duty

KEPT_AT_LEAST = years(3)


class SensitiveKind(StrEnum):
    BIOMETRIC = "biometric"  # 生物识别
    RELIGION = "religion"  # 宗教信仰
    SPECIFIC_IDENTITY = "specific_identity"  # 特定身份
    HEALTH = "health"  # 医疗健康
    FINANCIAL_ACCOUNT = "financial_account"  # 金融账户
    LOCATION_TRACK = "location_track"  # 行踪轨迹
    CHILD = "child"  # 不满十四周岁未成年人信息
    OTHER_SENSITIVE = "other_sensitive"  # 其他敏感个人信息


SENSITIVE_EXCLUDED = option(
    "option.data.sensitive_excluded",
    default=True,
    choices=(False, True),
    status="P",
    reason="arts. 28 to 31 ask for a specific purpose, sufficient necessity and separate "
    "consent; raising money for creditors hardly is such a necessity, so it is not sold",
    sheet="DAT-05",
)
SUCCESSION_IS_MAJOR = option(
    "option.data.succession_is_major",
    default=True,
    choices=(False, True),
    status="I",
    reason="art. 55 does not name a transfer under art. 22; handing all users of a failed "
    "business to another is taken to affect them in a major way (its last item)",
    sheet="DAT-07",
)


@rule(
    id="cn.pipl.28",
    cite="《个人信息保护法》第二十八条",
    text=(
        "敏感个人信息是一旦泄露或者非法使用，容易导致自然人的人格尊严受到侵害或者"
        "人身、财产安全受到危害的个人信息，包括生物识别、宗教信仰、特定身份、医疗"
        "健康、金融账户、行踪轨迹等信息，以及不满十四周岁未成年人的个人信息。……"
        "只有在具有特定的目的和充分的必要性，并采取严格保护措施的情形下，个人信息"
        "处理者方可处理敏感个人信息。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-05",
)
def is_sensitive(*, kinds: frozenset[SensitiveKind]) -> bool:
    """Any one kind the article names, or another of the same danger, suffices."""
    return bool(kinds)


@rule(
    id="cn.pipl.28.age",
    cite="《个人信息保护法》第二十八条",
    text=(
        "敏感个人信息是一旦泄露或者非法使用，容易导致自然人的人格尊严受到侵害或者"
        "人身、财产安全受到危害的个人信息，包括生物识别、宗教信仰、特定身份、医疗"
        "健康、金融账户、行踪轨迹等信息，以及不满十四周岁未成年人的个人信息。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-05",
)
def is_child_data(*, age: int) -> bool:
    """All information about a person under 14 is sensitive; from 14 on not for age."""
    return age < 14


@rule(
    id="cn.pipl.29",
    cite="《个人信息保护法》第二十八条；《个人信息保护法》第二十九条；"
    "《个人信息保护法》第三十一条；《网络数据安全管理条例》第二十二条",
    text=(
        "只有在具有特定的目的和充分的必要性，并采取严格保护措施的情形下，个人信息"
        "处理者方可处理敏感个人信息。……处理敏感个人信息应当取得个人的单独同意；"
        "法律、行政法规规定处理敏感个人信息应当取得书面同意的，从其规定。……个人"
        "信息处理者处理不满十四周岁未成年人个人信息的，应当取得未成年人的父母或者"
        "其他监护人的同意。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-05",
)
def sensitive_duties(*, kinds: frozenset[SensitiveKind]) -> frozenset[Duty]:
    """What sensitive data takes where it is not left out; a guardian for children."""
    if not is_sensitive(kinds=kinds):
        return frozenset()
    duties = {Duty.STRICT_PROTECTION, Duty.SEPARATE_CONSENT, Duty.IMPACT_ASSESSMENT}
    if SensitiveKind.CHILD in kinds:
        duties.add(Duty.GUARDIAN_CONSENT)
    return frozenset(duties)


@rule(
    id="policy.data_sensitive",
    cite="《个人信息保护法》第二十八条",
    text=(
        "只有在具有特定的目的和充分的必要性，并采取严格保护措施的情形下，个人信息"
        "处理者方可处理敏感个人信息。"
    ),
    status="P",
    since=PIPL,
    sheet="DAT-05",
    reason=SENSITIVE_EXCLUDED.reason,
)
def is_left_out(
    *, kinds: frozenset[SensitiveKind], excluded: bool = SENSITIVE_EXCLUDED.default
) -> bool:
    """Sensitive parts stay out of the package that is sold."""
    return excluded and is_sensitive(kinds=kinds)


@rule(
    id="cn.pipl.55",
    cite="《个人信息保护法》第五十五条",
    text=(
        "有下列情形之一的，个人信息处理者应当事前进行个人信息保护影响评估，并对处"
        "理情况进行记录：……（一）处理敏感个人信息；……（二）利用个人信息进行自"
        "动化决策；……（三）委托处理个人信息、向其他个人信息处理者提供个人信息、"
        "公开个人信息；……（四）向境外提供个人信息；……（五）其他对个人权益有重"
        "大影响的个人信息处理活动。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-07",
)
def needs_impact_assessment(
    *, is_sensitive_part: bool, is_provided: bool, is_abroad: bool, has_major_effect: bool
) -> bool:
    """Before providing to another, sending abroad, or a major effect on persons.

    A transfer under art. 22 is not named; it falls under the last item where it has a
    major effect.
    """
    return is_sensitive_part or is_provided or is_abroad or has_major_effect


@rule(
    id="cn.pipl.56",
    cite="《个人信息保护法》第五十六条",
    text="个人信息保护影响评估报告和处理情况记录应当至少保存三年。",
    status="V1",
    since=PIPL,
    sheet="DAT-07",
)
def assessment_kept_until(*, made_on: date) -> date:
    """The assessment and its record are kept three years at least: the earliest end."""
    return add(made_on, KEPT_AT_LEAST)


@rule(
    id="cn.ndr.12.records",
    cite="《网络数据安全管理条例》第十二条",
    text=(
        "网络数据处理者向其他网络数据处理者提供、委托处理个人信息和重要数据的，应"
        "当通过合同等与网络数据接收方约定处理目的、方式、范围以及安全保护义务等，"
        "并对网络数据接收方履行义务的情况进行监督。向其他网络数据处理者提供、委托"
        "处理个人信息和重要数据的处理情况记录，应当至少保存3年。"
    ),
    status="V1",
    since=NDR,
    sheet="DAT-07",
)
def transfer_record_kept_until(*, provided_on: date) -> date:
    """The record of what was provided is kept three years at least: the earliest end."""
    return add(provided_on, KEPT_AT_LEAST)

"""What a part of the data is: personal or not, how graded, which of the paper's classes."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.data_assets import DSL, PIPL


class PaperClass(StrEnum):
    PERSONAL = "personal"  # 用户个人信息
    TRANSACTION = "transaction"  # 交易数据
    OPERATIONAL = "operational"  # 经营数据


class Grade(StrEnum):
    CORE = "core"  # 核心数据
    IMPORTANT = "important"  # 重要数据
    GENERAL = "general"  # 一般数据


class Concern(StrEnum):
    NATIONAL_SECURITY = "national_security"  # 国家安全
    ECONOMIC_LIFELINE = "economic_lifeline"  # 国民经济命脉
    LIVELIHOOD = "livelihood"  # 重要民生
    MAJOR_PUBLIC_INTEREST = "major_public_interest"  # 重大公共利益
    ORGANISATION = "organisation"  # 组织权益
    INDIVIDUAL = "individual"  # 个人权益


class DataRight(StrEnum):
    HOLD = "hold"  # 数据资源持有权
    PROCESS_AND_USE = "process_and_use"  # 数据加工使用权
    OPERATE_PRODUCT = "operate_product"  # 数据产品经营权


OWN = frozenset({Concern.ORGANISATION, Concern.INDIVIDUAL})


@rule(
    id="cn.pipl.4",
    cite="《个人信息保护法》第四条；《个人信息保护法》第七十三条",
    text=(
        "个人信息是以电子或者其他方式记录的与已识别或者可识别的自然人有关的各种信"
        "息，不包括匿名化处理后的信息。……（三）去标识化，是指个人信息经过处理，"
        "使其在不借助额外信息的情况下无法识别特定自然人的过程。……（四）匿名化，"
        "是指个人信息经过处理无法识别特定自然人且不能复原的过程。"
    ),
    status="V1",
    since=PIPL,
    sheet="DAT-01",
)
def is_personal_data(
    *, concerns_person: bool, can_identify: bool, can_restore: bool
) -> bool:
    """Whether it is personal information: all about a person that is not anonymised.

    Anonymised is only what can neither identify nor be restored. De-identified data,
    which other information would restore, stays personal.
    """
    return concerns_person and (can_identify or can_restore)


@rule(
    id="policy.data_class",
    cite="《个人信息保护法》第四条",
    text=(
        "个人信息是以电子或者其他方式记录的与已识别或者可识别的自然人有关的各种信"
        "息，不包括匿名化处理后的信息。"
    ),
    status="P",
    since=PIPL,
    sheet="DAT-16",
    reason="the paper's three classes are no terms of law: transaction data is personal "
    "where it can be linked to a person, and operational otherwise",
)
def treated_as(*, paper_class: PaperClass, is_personal: bool) -> PaperClass:
    """The class whose rules a part follows: what is personal follows the personal ones.

    A label never takes personal information out of the law, and what is labelled
    personal but is anonymised is an ordinary asset.
    """
    note(paper_class=paper_class)
    return PaperClass.PERSONAL if is_personal else PaperClass.OPERATIONAL


@rule(
    id="cn.dsl.21",
    cite="《数据安全法》第二十一条；《网络数据安全管理条例》第二十九条",
    text=(
        "国家建立数据分类分级保护制度，根据数据在经济社会发展中的重要程度，以及一"
        "旦遭到篡改、破坏、泄露或者非法获取、非法利用，对国家安全、公共利益或者个"
        "人、组织合法权益造成的危害程度，对数据实行分类分级保护。国家数据安全工作"
        "协调机制统筹协调有关部门制定重要数据目录，加强对重要数据的保护。……关系"
        "国家安全、国民经济命脉、重要民生、重大公共利益等数据属于国家核心数据，实"
        "行更加严格的管理制度。……各地区、各部门应当按照数据分类分级保护制度，确"
        "定本地区、本部门以及相关行业、领域的重要数据具体目录，对列入目录的数据进"
        "行重点保护。……网络数据处理者应当按照国家有关规定识别、申报重要数据。对"
        "确认为重要数据的，相关地区、部门应当及时向网络数据处理者告知或者公开发布"
        "。网络数据处理者应当履行网络数据安全保护责任。"
    ),
    status="V1",
    since=DSL,
    sheet="DAT-12",
)
def data_grade(*, concerns: frozenset[Concern], is_in_catalogue: bool) -> Grade:
    """Core by what it concerns; important where a catalogue or a notice says so."""
    if concerns - OWN:
        return Grade.CORE
    return Grade.IMPORTANT if is_in_catalogue else Grade.GENERAL


@rule(
    id="cn.gbt43697.own",
    cite="GB/T 43697-2024《数据安全技术 数据分类分级规则》",
    status="V2",
    since=date(2024, 10, 1),
    sheet="DAT-12",
)
def is_normally_general(*, concerns: frozenset[Concern]) -> bool:
    """What affects only the organisation or individual citizens is normally general."""
    return bool(concerns) and concerns <= OWN


@rule(
    id="cn.dsl.33",
    cite="《数据安全法》第三十三条",
    text=(
        "从事数据交易中介服务的机构提供服务，应当要求数据提供方说明数据来源，审核"
        "交易双方的身份，并留存审核、交易记录。"
    ),
    status="V1",
    since=DSL,
    sheet="DAT-12",
)
def is_intermediary_in_order(
    *, source_explained: bool, identities_checked: bool, records_kept: bool
) -> bool:
    """A data exchange asks for the source, checks both parties, keeps the records."""
    return source_explained and identities_checked and records_kept


@rule(
    id="policy.data_right",
    cite="《关于构建数据基础制度更好发挥数据要素作用的意见》（数据二十条）",
    status="V2",
    since=date(2022, 12, 2),
    sheet="DAT-15",
)
def described_right(*, right: str) -> DataRight:
    """What is sold is one of the three rights. Raises ValueError for "ownership"."""
    if right not in set(DataRight):
        raise ValueError("data is sold as a right to hold, to use or to operate a product")
    return DataRight(right)

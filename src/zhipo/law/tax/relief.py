"""Who may lighten a tax, and why the paper's relief is never applied."""

from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.law.tax import TCL, TCR, VAT


class Grantor(StrEnum):
    STATUTE = "statute"  # 法律
    STATE_COUNCIL = "state_council"  # 国务院
    LOCAL_GOVERNMENT = "local_government"  # 地方各级人民政府
    DEPARTMENT = "department"  # 政府主管部门
    COURT = "court"  # 人民法院
    CREDITORS = "creditors"  # 债权人会议
    PAPER = "paper"  # 论文建议


class ReliefIsProposal(ValueError):
    """The relief was proposed in a paper; no law grants it and it is never applied."""


@rule(
    id="cn.tcl.33",
    cite="《税收征收管理法》第三条；《税收征收管理法》第三十三条",
    text=(
        "税收的开征、停征以及减税、免税、退税、补税，依照法律的规定执行；法律授权"
        "国务院规定的，依照国务院制定的行政法规的规定执行。……任何机关、单位和个"
        "人不得违反法律、行政法规的规定，擅自作出税收开征、停征以及减税、免税、退"
        "税、补税和其他同税收法律、行政法规相抵触的决定。……纳税人依照法律、行政"
        "法规的规定办理减税、免税。……地方各级人民政府、各级人民政府主管部门、单"
        "位和个人违反法律、行政法规规定，擅自作出的减税、免税决定无效，税务机关不"
        "得执行，并向上级税务机关报告。"
    ),
    status="V1",
    since=TCL,
    sheet="TAX-06",
)
def is_relief_valid(*, granted_by: Grantor, is_authorised_by_law: bool = False) -> bool:
    """A relief stands on a statute, or on the State Council authorised by one.

    What anybody else decides against them is void, and the tax office does not carry
    it out.
    """
    by_council = granted_by is Grantor.STATE_COUNCIL and is_authorised_by_law
    return granted_by is Grantor.STATUTE or by_council


@rule(
    id="cn.vat.25",
    cite="《增值税法》第二十五条",
    text=(
        "根据国民经济和社会发展的需要，国务院对支持小微企业发展、扶持重点产业、鼓"
        "励创新创业就业、公益事业捐赠等情形可以制定增值税专项优惠政策，报全国人民"
        "代表大会常务委员会备案。"
    ),
    status="V1",
    since=VAT,
    sheet=("TAX-02", "TAX-06"),
)
def may_grant_special_vat_relief(*, granted_by: Grantor) -> bool:
    """Special reliefs from value-added tax are the State Council's to make."""
    return granted_by is Grantor.STATE_COUNCIL


@rule(
    id="paper.vat_relief",
    cite="论文建议（3年增值税减免）；《增值税法》第二十五条；《税收征收管理法》第三十三条",
    text=(
        "根据国民经济和社会发展的需要，国务院对支持小微企业发展、扶持重点产业、鼓"
        "励创新创业就业、公益事业捐赠等情形可以制定增值税专项优惠政策，报全国人民"
        "代表大会常务委员会备案。……地方各级人民政府、各级人民政府主管部门、单位"
        "和个人违反法律、行政法规规定，擅自作出的减税、免税决定无效，税务机关不得"
        "执行，并向上级税务机关报告。"
    ),
    status="P",
    since=TCL,
    sheet="TAX-06",
    reason="a paper's proposal is no law: three years' relief from value-added tax would "
    "be void if a court, a meeting or a local authority gave it",
)
def vat_after_paper_relief_fen(*, vat_fen: int) -> int:
    """Never a number: raises ReliefIsProposal, whatever the tax."""
    raise ReliefIsProposal(f"no law reduces {vat_fen} fen of value-added tax")


@rule(
    id="cn.tcr.50",
    cite="《税收征收管理法实施细则》第五十条",
    text=(
        "纳税人有解散、撤销、破产情形的，在清算前应当向其主管税务机关报告；未结清"
        "税款的，由其主管税务机关参加清算。"
    ),
    status="V1",
    since=TCR,
    sheet="TAX-06",
)
def is_reported_before_clearing(*, reported_on: date | None, clearing_on: date) -> bool:
    """Whether the tax office was told before liquidation began."""
    return reported_on is not None and reported_on < clearing_on


@rule(
    id="cn.tcr.50.office",
    cite="《税收征收管理法实施细则》第五十条",
    text=(
        "纳税人有解散、撤销、破产情形的，在清算前应当向其主管税务机关报告；未结清"
        "税款的，由其主管税务机关参加清算。"
    ),
    status="V1",
    since=TCR,
    sheet="TAX-06",
)
def does_tax_office_take_part(*, unsettled_tax_fen: int) -> bool:
    """The tax office takes part in the liquidation while tax is unsettled."""
    return unsettled_tax_fen > 0

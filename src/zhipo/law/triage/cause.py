"""Who may go bankrupt, and whether there is a cause (《企业破产法》 art. 2, 解释一 1-5)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note

EBL = date(2007, 6, 1)
BI1 = date(2011, 9, 26)


class Entity(StrEnum):
    COMPANY = "company"  # 企业法人
    SOLE_TRADER = "sole_trader"  # 个体工商户
    NATURAL_PERSON = "natural_person"  # 自然人
    RURAL_HOUSEHOLD = "rural_household"  # 农村承包经营户
    OTHER_ORGANISATION = "other_organisation"  # 其他组织


class Inability(StrEnum):
    NO_FUNDS = "no_funds"  # 资金严重不足或财产不能变现
    MISSING_REPRESENTATIVE = "missing_representative"  # 法定代表人下落不明
    FAILED_ENFORCEMENT = "failed_enforcement"  # 经强制执行无法清偿
    LONG_LOSSES = "long_losses"  # 长期亏损且扭亏困难
    OTHER = "other"  # 其他情形


@dataclass(frozen=True)
class Eligible:
    """Whether the debtor may go into bankruptcy proceedings, and why."""

    is_eligible: bool
    reason: str


@rule(
    id="cn.ebl.2.eligible",
    cite="《企业破产法》第二条；《企业破产法》第一百三十五条",
    text="企业法人不能清偿到期债务",
    status="V1",
    since=EBL,
    sheet=("TRI-01", "S12"),
)
def eligibility(*, entity: Entity, other_law_applies_ebl: bool = False) -> Eligible:
    """Only enterprise legal persons directly; other organisations by another law.

    A shop run by an 个体工商户 goes to enforcement distribution, never to referral.
    """
    if entity == Entity.COMPANY:
        return Eligible(True, "an enterprise legal person")
    if entity == Entity.OTHER_ORGANISATION and other_law_applies_ebl:
        return Eligible(True, "another law applies the procedure (art. 135)")
    return Eligible(False, f"{entity.value} is no enterprise legal person")


@rule(
    id="cn.bi1.2",
    cite="《破产法解释一》第二条",
    text=(
        "下列情形同时存在的，人民法院应当认定债务人不能清偿到期债务：……（一）债"
        "权债务关系依法成立；……（二）债务履行期限已经届满；……（三）债务人未完"
        "全清偿债务。"
    ),
    status="V1",
    since=BI1,
    sheet="TRI-03",
)
def cannot_pay_due_debts(
    *, debt_is_lawful: bool, period_has_expired: bool, is_fully_paid: bool
) -> bool:
    """All three: a lawful debt, its period expired, not fully paid."""
    return debt_is_lawful and period_has_expired and not is_fully_paid


@rule(
    id="cn.bi1.3",
    cite="《破产法解释一》第三条",
    text=(
        "债务人的资产负债表，或者审计报告、资产评估报告等显示其全部资产不足以偿付"
        "全部负债的，人民法院应当认定债务人资产不足以清偿全部债务，但有相反证据足"
        "以证明债务人资产能够偿付全部负债的除外。"
    ),
    status="V1",
    since=BI1,
    sheet="TRI-04",
)
def assets_do_not_suffice(
    *, assets_fen: int, liabilities_fen: int, contrary_evidence: bool = False
) -> bool:
    """Assets below liabilities by balance sheet, audit or valuation, unless rebutted."""
    return assets_fen < liabilities_fen and not contrary_evidence


@rule(
    id="cn.bi1.4",
    cite="《破产法解释一》第四条",
    text=(
        "债务人账面资产虽大于负债，但存在下列情形之一的，人民法院应当认定其明显缺"
        "乏清偿能力：……（一）因资金严重不足或者财产不能变现等原因，无法清偿债务"
        "；……（二）法定代表人下落不明且无其他人员负责管理财产，无法清偿债务；…"
        "…（三）经人民法院强制执行，无法清偿债务；……（四）长期亏损且经营扭亏困"
        "难，无法清偿债务；……（五）导致债务人丧失清偿能力的其他情形。"
    ),
    status="V1",
    since=BI1,
    sheet="TRI-05",
)
def obviously_unable(*, signs: frozenset[Inability]) -> bool:
    """Any one sign suffices, even where book assets exceed liabilities."""
    return bool(signs)


@rule(
    id="cn.bi1.4.zhongben",
    cite="《破产法解释一》第四条第三项",
    text="（三）经人民法院强制执行，无法清偿债务；",
    status="I",
    since=BI1,
    sheet="TRI-05",
    reason="a 终本 ruling as proof of failed enforcement is common practice, not text",
)
def enforcement_has_failed(
    *, has_zhongben_ruling: bool, is_ruling_taken_as_proof: bool = True
) -> bool:
    """Whether enforcement counts as failed on the strength of a 终本 ruling."""
    return has_zhongben_ruling and is_ruling_taken_as_proof


@dataclass(frozen=True)
class Facts:
    """What enforcement knows of the debtor; amounts in fen."""

    debt_is_lawful: bool
    period_has_expired: bool
    is_fully_paid: bool
    assets_fen: int
    liabilities_fen: int
    signs: frozenset[Inability] = frozenset()
    solvent_guarantor: bool = False
    contrary_evidence: bool = False  # that assets suffice after all


@dataclass(frozen=True)
class Cause:
    """Whether there is a cause of bankruptcy, and which parts of it hold."""

    exists: bool
    cannot_pay: bool
    assets_short: bool
    obviously_unable: bool


@rule(
    id="cn.bi1.1",
    cite="《破产法解释一》第一条；《企业破产法》第二条",
    text=(
        "债务人不能清偿到期债务并且具有下列情形之一的，人民法院应当认定其具备破产"
        "原因：……（一）资产不足以清偿全部债务；……（二）明显缺乏清偿能力。……"
        "相关当事人以对债务人的债务负有连带责任的人未丧失清偿能力为由，主张债务人"
        "不具备破产原因的，人民法院应不予支持。"
    ),
    status="V1",
    since=BI1,
    sheet="TRI-02",
)
def cause_of_bankruptcy(*, facts: Facts) -> Cause:
    """Unable to pay due debts and (assets short or obviously unable to pay).

    A solvent guarantor is no defence.
    """
    unable = cannot_pay_due_debts(
        debt_is_lawful=facts.debt_is_lawful,
        period_has_expired=facts.period_has_expired,
        is_fully_paid=facts.is_fully_paid,
    )
    short = assets_do_not_suffice(
        assets_fen=facts.assets_fen,
        liabilities_fen=facts.liabilities_fen,
        contrary_evidence=facts.contrary_evidence,
    )
    obvious = obviously_unable(signs=facts.signs)
    note(solvent_guarantor_is_no_defence=facts.solvent_guarantor)
    return Cause(unable and (short or obvious), unable, short, obvious)

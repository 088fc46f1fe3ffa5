"""Which road a case takes (分流), and who may ask for it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note
from zhipo.law.triage.cause import EBL, Entity, Facts, cause_of_bankruptcy, eligibility

WAN_FEN = 10_000 * 100


class Road(StrEnum):
    NOT_ELIGIBLE = "NOT_ELIGIBLE"  # 不具备破产资格
    ENFORCE_ONLY = "ENFORCE_ONLY"  # 继续执行
    REFER_LIQUIDATION = "REFER_LIQUIDATION"  # 移送破产清算
    REFER_REORG = "REFER_REORG"  # 移送重整
    REFER_SETTLEMENT = "REFER_SETTLEMENT"  # 移送和解
    NO_ASSET_NEEDS_FUND = "NO_ASSET_NEEDS_FUND"  # 无产可破，需要援助资金


class Applicant(StrEnum):
    DEBTOR = "debtor"  # 债务人
    CREDITOR = "creditor"  # 债权人
    LIQUIDATION_OBLIGOR = "liquidation_obligor"  # 清算责任人
    SHAREHOLDER = "shareholder"  # 出资人


class Procedure(StrEnum):
    LIQUIDATION = "liquidation"  # 破产清算
    REORGANISATION = "reorganisation"  # 重整
    SETTLEMENT = "settlement"  # 和解


@dataclass(frozen=True)
class Triage:
    """A proposal for the judge: the road and its reasons. Nothing is decided by it."""

    road: Road
    reasons: tuple[str, ...]


@rule(
    id="policy.triage",
    cite="《企业破产法》第二条；《企业破产法》第七条；《企业破产法》第四十三条",
    text="管理人应当提请人民法院终结破产程序",
    status="P",
    since=EBL,
    sheet=("TRI-01", "TRI-02", "TRI-11"),
    reason="a proposal with its reasons; the judge decides",
)
def triage(
    *,
    entity: Entity,
    facts: Facts,
    has_consent: bool,
    estate_fen: int,
    cost_fen: int,
    is_worth_rescuing: bool = False,
    debtor_asks_settlement: bool = False,
    other_law_applies_ebl: bool = False,
) -> Triage:
    """The road that the rules point to; whether to rescue is a person's finding."""
    eligible = eligibility(entity=entity, other_law_applies_ebl=other_law_applies_ebl)
    if not eligible.is_eligible:
        return Triage(Road.NOT_ELIGIBLE, (eligible.reason,))
    if not cause_of_bankruptcy(facts=facts).exists:
        return Triage(Road.ENFORCE_ONLY, ("no cause of bankruptcy is shown",))
    if not has_consent:
        reason = "neither the debtor nor any applicant consents in writing"
        return Triage(Road.ENFORCE_ONLY, (reason,))
    if estate_fen < cost_fen:
        note(missing_fen=cost_fen - estate_fen)
        return Triage(Road.NO_ASSET_NEEDS_FUND, ("the estate does not pay the costs",))
    if is_worth_rescuing:
        return Triage(Road.REFER_REORG, ("worth more as a going concern",))
    if debtor_asks_settlement:
        return Triage(Road.REFER_SETTLEMENT, ("the debtor asks for a settlement",))
    return Triage(Road.REFER_LIQUIDATION, ("cause, consent and money for the costs",))


@rule(
    id="cn.ebl.2.2",
    cite="《企业破产法》第二条第二款",
    text=(
        "企业法人有前款规定情形，或者有明显丧失清偿能力可能的，可以依照本法规定进行重整。"
    ),
    status="V1",
    since=EBL,
    sheet="TRI-06",
)
def may_reorganise(*, has_cause: bool, may_lose_ability_to_pay: bool) -> bool:
    """Reorganisation alone needs no cause where losing the ability to pay is likely."""
    return has_cause or may_lose_ability_to_pay


MAY_ASK: dict[Applicant, frozenset[Procedure]] = {
    Applicant.DEBTOR: frozenset(Procedure),
    Applicant.CREDITOR: frozenset({Procedure.LIQUIDATION, Procedure.REORGANISATION}),
    Applicant.LIQUIDATION_OBLIGOR: frozenset({Procedure.LIQUIDATION}),
    Applicant.SHAREHOLDER: frozenset(),
}


@rule(
    id="cn.ebl.7",
    cite="《企业破产法》第七条；《企业破产法》第九十五条",
    text=(
        "债务人有本法第二条规定的情形，可以向人民法院提出重整、和解或者破产清算申"
        "请。……债务人不能清偿到期债务，债权人可以向人民法院提出对债务人进行重整"
        "或者破产清算的申请。……企业法人已解散但未清算或者未清算完毕，资产不足以"
        "清偿债务的，依法负有清算责任的人应当向人民法院申请破产清算。"
    ),
    status="V1",
    since=EBL,
    sheet="TRI-07",
)
def may_ask(*, applicant: Applicant, procedure: Procedure) -> bool:
    """Who may ask for which procedure; settlement is the debtor's alone."""
    return procedure in MAY_ASK[Applicant(applicant)]


@rule(
    id="cn.ebl.70.2",
    cite="《企业破产法》第七十条第二款",
    text=(
        "债权人申请对债务人进行破产清算的，在人民法院受理破产申请后、宣告债务人破"
        "产前，债务人或者出资额占债务人注册资本十分之一以上的出资人，可以向人民法"
        "院申请重整。"
    ),
    status="V1",
    since=EBL,
    sheet="TRI-07",
)
def may_turn_to_reorganisation(
    *,
    is_creditors_case: bool,
    is_declared: bool,
    applicant: Applicant,
    capital_share: Fraction,
) -> bool:
    """After a creditor's case is accepted and before declaration: debtor or a tenth."""
    if not is_creditors_case or is_declared:
        return False
    has_tenth = applicant == Applicant.SHAREHOLDER and capital_share * 10 >= 1
    return applicant == Applicant.DEBTOR or has_tenth


@rule(
    id="cn.bi1.5",
    cite="《破产法解释一》第五条",
    text=(
        "企业法人已解散但未清算或者未在合理期限内清算完毕，债权人申请债务人破产清"
        "算的，除债务人在法定异议期限内举证证明其未出现破产原因外，人民法院应当受"
        "理。"
    ),
    status="V1",
    since=date(2011, 9, 26),
    sheet="TRI-08",
)
def must_accept_dissolved(
    *, is_dissolved: bool, is_liquidated_in_time: bool, debtor_disproves_cause: bool
) -> bool:
    """A dissolved, unliquidated company: accepted unless the debtor disproves a cause."""
    return is_dissolved and not is_liquidated_in_time and not debtor_disproves_cause


DEBTORS_PAPERS = (
    "财产状况说明",
    "债务清册",
    "债权清册",
    "有关财务会计报告",
    "职工安置预案",
    "职工工资的支付和社会保险费用的缴纳情况",
)


@rule(
    id="cn.ebl.8",
    cite="《企业破产法》第八条",
    text=(
        "向人民法院提出破产申请，应当提交破产申请书和有关证据。……破产申请书应当"
        "载明下列事项：……（一）申请人、被申请人的基本情况；……（二）申请目的；"
        "……（三）申请的事实和理由；……（四）人民法院认为应当载明的其他事项。…"
        "…债务人提出申请的，还应当向人民法院提交财产状况说明、债务清册、债权清册"
        "、有关财务会计报告、职工安置预案以及职工工资的支付和社会保险费用的缴纳情"
        "况。"
    ),
    status="V1",
    since=EBL,
    sheet="TRI-09",
)
def missing_papers(*, applicant: Applicant, handed_in: frozenset[str]) -> tuple[str, ...]:
    """What the debtor's own petition still lacks, in the article's order."""
    if applicant != Applicant.DEBTOR:
        return ()
    return tuple(paper for paper in DEBTORS_PAPERS if paper not in handed_in)


@rule(
    id="cn.ebl.108",
    cite="《企业破产法》第一百零八条；《企业破产法》第九条",
    text=(
        "破产宣告前，有下列情形之一的，人民法院应当裁定终结破产程序，并予以公告："
        "……（一）第三人为债务人提供足额担保或者为债务人清偿全部到期债务的；……"
        "（二）债务人已清偿全部到期债务的。"
    ),
    status="V1",
    since=EBL,
    sheet="TRI-10",
)
def ends_before_declaration(
    *, is_declared: bool, third_party_secures_or_pays: bool, all_due_debts_paid: bool
) -> bool:
    """Before declaration full security or payment of all due debts ends the case."""
    return not is_declared and (third_party_secures_or_pays or all_due_debts_paid)


@rule(
    id="local.pudong.7",
    cite="《浦东新区破产规定》第七条",
    text=(
        "破产案件事实清楚、债权债务关系明确、财产状况清晰且具备下列情形之一的，应"
        "当先行适用简易破产程序：……（一）债务人账面资产为一千万元以下；……（二"
        "）已知债权人为三十人以下；……（三）已知债务总额为一百万元以下。"
    ),
    status="V1",
    since=date(2022, 1, 1),
    sheet="TRI-12",
)
def is_simple_in_pudong(
    *, is_clear: bool, book_assets_fen: int, creditors: int, known_debts_fen: int
) -> bool:
    """Local to Pudong: clear facts and any one of three small sizes."""
    sizes = (
        book_assets_fen <= 1_000 * WAN_FEN,
        creditors <= 30,
        known_debts_fen <= 100 * WAN_FEN,
    )
    return is_clear and any(sizes)


FAST_TRACK_EXCLUSIONS = (
    "pending_suits_or_complex_claims",
    "hard_or_long_realisation",
    "listed_financial_consolidated_or_cross_border",
    "other",
)


@rule(
    id="cn.fast20.scope",
    cite="《推进破产案件依法高效审理的意见》",
    status="U",
    since=date(2020, 4, 15),
    sheet="TRI-13",
)
def may_use_fast_track(
    *,
    claims_clear: bool,
    assets_clear: bool,
    facts_simple: bool,
    exclusions: frozenset[str],
    needs_lawyer_check: bool = False,
) -> bool:
    """Clear claims, clear assets, simple facts, and none of the exclusions."""
    return claims_clear and assets_clear and facts_simple and not exclusions

"""When a case may be referred, where to, and by whom it is decided."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.law.triage.cause import Entity, eligibility

CPLI = date(2022, 4, 10)


REFOP = date(2017, 1, 20)


class Regime(StrEnum):
    REFOP_2017 = "refop_2017"  # 法发〔2017〕2号


REGIME_IN_FORCE = Regime.REFOP_2017
"""The announced 执破衔接指导意见 was not found in text: a new regime is a new member."""


@dataclass(frozen=True)
class Referable:
    """Whether the conditions are met, and which are missing."""

    is_met: bool
    missing: tuple[str, ...]


@rule(
    id="cn.cpli.511",
    cite="《民事诉讼法解释》第五百一十一条",
    text=(
        "在执行中，作为被执行人的企业法人符合企业破产法第二条第一款规定情形的，执"
        "行法院经申请执行人之一或者被执行人同意，应当裁定中止对该被执行人的执行，"
        "将执行案件相关材料移送被执行人住所地人民法院。"
    ),
    status="V1",
    since=CPLI,
    sheet=("REF-01", "REF-02"),
)
def referral_conditions(
    *, entity: Entity, has_written_consent: bool, has_cause: bool
) -> Referable:
    """A legal person, written consent of the debtor or any one applicant, a cause.

    Never ex officio under current law.
    """
    conditions = {
        "debtor is no enterprise legal person": eligibility(entity=entity).is_eligible,
        "nobody consents in writing": has_written_consent,
        "no cause of bankruptcy": has_cause,
    }
    missing = tuple(name for name, holds in conditions.items() if not holds)
    return Referable(not missing, missing)


class Court(StrEnum):
    INTERMEDIATE = "intermediate"  # 中级人民法院
    BASIC = "basic"  # 基层人民法院


@rule(
    id="cn.refop.3",
    cite="《执转破意见》第三条",
    status="V2",
    since=REFOP,
    sheet="REF-03",
)
def has_jurisdiction(
    *, court: Court, is_at_domicile: bool, has_high_court_approval: bool
) -> bool:
    """The intermediate court at the debtor's domicile; a basic one with approval."""
    is_level_right = court == Court.INTERMEDIATE or has_high_court_approval
    return is_at_domicile and is_level_right


CHAIN = ("handler", "panel", "president")

PANEL_JUDGES = option(
    "option.referral.panel_judges",
    default=3,
    choices=(3, 5, 7),
    status="P",
    reason="the opinions ask for a 合议庭 and give no number; three judges, the handler "
    "among them, are the fewest that can outvote one",
    sheet="REF-05",
)


@rule(
    id="cn.refop.5",
    cite="《执转破意见》第五条",
    status="V2",
    since=REFOP,
    sheet="REF-05",
)
def next_to_decide(*, signed: tuple[str, ...]) -> str | None:
    """承办人, then 合议庭, then 院长; None once all have signed. Raises ValueError."""
    if signed != CHAIN[: len(signed)]:
        raise ValueError("signed out of order")
    return CHAIN[len(signed)] if len(signed) < len(CHAIN) else None


@rule(
    id="cn.refop.6",
    cite="《执转破意见》第六条",
    status="V2",
    since=REFOP,
    sheet="REF-06",
)
def needs_own_intermediate_approval(
    *, court: Court, receiving_is_own_intermediate: bool
) -> bool:
    """A basic court referring elsewhere first asks its own intermediate court."""
    return court == Court.BASIC and not receiving_is_own_intermediate


ARTICLES_SINCE_2022 = {513: 511, 514: 512, 515: 513, 516: 514, 487: 485, 519: 517, 508: 506}


@rule(
    id="policy.cpli",
    cite="《民事诉讼法解释》第五百一十一条",
    text="移送被执行人住所地人民法院",
    status="P",
    since=CPLI,
    sheet="REF-20",
    reason="old papers cite the numbers of 2015; the sheet gives the new ones",
)
def article_since_2022(*, old: int) -> int:
    """The number that an article of the 2015 interpretation has today."""
    return ARTICLES_SINCE_2022.get(old, old)


@rule(
    id="policy.referral.regime",
    cite="《执转破意见》",
    status="P",
    since=REFOP,
    sheet=("REF-21", "NEW-04"),
    reason="the 执破衔接指导意见 announced on 2026-01-26 was not found in text: until "
    "it is read, the opinions of 2017 are what referral follows",
)
def referral_regime() -> Regime:
    """The set of rules that referral follows; a coming one is a `law_version` first."""
    return REGIME_IN_FORCE

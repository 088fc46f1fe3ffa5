"""What carries: heads and amounts, both, in whole numbers."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note

EBL = date(2007, 6, 1)


BI3 = date(2019, 3, 28)


@dataclass(frozen=True)
class Vote:
    """Heads present and for; fen for, and the fen of all who count (present or not)."""

    present: int
    heads_for: int
    fen_for: int
    all_fen: int


@dataclass(frozen=True)
class Carried:
    """Whether it carried, by heads and by amount."""

    is_carried: bool
    by_heads: bool
    by_amount: bool


def carried(vote: Vote, share: Fraction) -> Carried:
    """More than half of the heads present, and `share` or more of all amounts."""
    heads = 2 * vote.heads_for > vote.present
    amount = share.denominator * vote.fen_for >= share.numerator * vote.all_fen
    note(present=vote.present, heads_for=vote.heads_for)
    return Carried(heads and amount, heads, amount)


@rule(
    id="cn.ebl.64.1",
    cite="《企业破产法》第六十四条第一款",
    text=(
        "债权人会议的决议，由出席会议的有表决权的债权人过半数通过，并且其所代表的"
        "债权额占无财产担保债权总额的二分之一以上。但是，本法另有规定的除外。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-03",
)
def ordinary_resolution(*, vote: Vote) -> Carried:
    """More than half of those present, and half or more of all unsecured claims."""
    return carried(vote, Fraction(1, 2))


SECURED_DO_NOT_VOTE = frozenset({7, 10})


@rule(
    id="cn.ebl.59",
    cite="《企业破产法》第五十九条",
    text=(
        "依法申报债权的债权人为债权人会议的成员，有权参加债权人会议，享有表决权。"
        "……债权尚未确定的债权人，除人民法院能够为其行使表决权而临时确定债权额的"
        "外，不得行使表决权。……对债务人的特定财产享有担保权的债权人，未放弃优先"
        "受偿权利的，对于本法第六十一条第一款第七项、第十项规定的事项不享有表决权"
        "。……债权人可以委托代理人出席债权人会议，行使表决权。代理人出席债权人会"
        "议，应当向人民法院或者债权人会议主席提交债权人的授权委托书。……债权人会"
        "议应当有债务人的职工和工会的代表参加，对有关事项发表意见。"
    ),
    status="V1",
    since=EBL,
    sheet=("VOT-01", "REG-03"),
)
def may_vote(
    *,
    item: int,
    is_secured: bool,
    has_waived: bool,
    is_determined: bool,
    court_set_amount: bool,
) -> bool:
    """Secured creditors not on settlement (7) and distribution plan (10) of art. 61."""
    if not is_determined and not court_set_amount:
        return False
    return not (is_secured and not has_waived and item in SECURED_DO_NOT_VOTE)


@rule(
    id="cn.ebl.62.2",
    cite="《企业破产法》第六十二条第二款",
    text=(
        "以后的债权人会议，在人民法院认为必要时，或者管理人、债权人委员会、占债权"
        "总额四分之一以上的债权人向债权人会议主席提议时召开。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-02",
)
def may_call_meeting(*, asking_fen: int, all_fen: int) -> bool:
    """Creditors with a quarter or more of all claims may ask for a meeting."""
    return 4 * asking_fen >= all_fen


COURT_RULES_AFTER = {8: 1, 9: 1, 10: 2}


@rule(
    id="cn.ebl.65",
    cite="《企业破产法》第六十五条",
    text=(
        "本法第六十一条第一款第八项、第九项所列事项，经债权人会议表决未通过的，由"
        "人民法院裁定。……本法第六十一条第一款第十项所列事项，经债权人会议二次表"
        "决仍未通过的，由人民法院裁定。……对前两款规定的裁定，人民法院可以在债权"
        "人会议上宣布或者另行通知债权人。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-05",
)
def court_rules(*, item: int, failed_votes: int) -> bool:
    """Management and realisation plans after one failed vote, distribution after two."""
    needed = COURT_RULES_AFTER.get(item)
    return needed is not None and failed_votes >= needed


@rule(
    id="cn.ebl.66.who",
    cite="《企业破产法》第六十六条",
    text=(
        "债权人对人民法院依照本法第六十五条第一款作出的裁定不服的，债权额占无财产"
        "担保债权总额二分之一以上的债权人对人民法院依照本法第六十五条第二款作出的"
        "裁定不服的，可以自裁定宣布之日或者收到通知之日起十五日内向该人民法院申请"
        "复议。复议期间不停止裁定的执行。"
    ),
    status="V1",
    since=EBL,
    sheet="VOT-05",
)
def may_ask_reconsideration(*, item: int, asking_fen: int, all_unsecured_fen: int) -> bool:
    """Any creditor for (8) and (9); half or more of unsecured claims for (10)."""
    return item in (8, 9) or (item == 10 and 2 * asking_fen >= all_unsecured_fen)


@rule(
    id="cn.ebl.silence",
    cite="《企业破产法》第六十四条",
    text="由出席会议的有表决权的债权人过半数通过",
    status="I",
    since=EBL,
    sheet="VOT-14",
    reason="current law has no deemed consent: who is silent is not present, and stays in "
    "the denominator of the amounts",
)
def silent_creditor_consents(
    *, was_notified: bool, was_warned: bool, objects: bool
) -> bool:
    """Whether silence counts as consent: under current law never."""
    return False


@rule(
    id="cn.ebl.silence",
    cite="《企业破产法（修订草案）》一次审议稿第一百八十一条",
    status="V2",
    since=date(2025, 9, 12),
    sheet=("NEW-02", "VOT-14"),
    law_version="ebl_draft_1",
)
def silent_creditor_consents_in_draft(
    *, was_notified: bool, was_warned: bool, objects: bool
) -> bool:
    """Draft, not in force: after notice and warning, silence without objection consents."""
    return was_notified and was_warned and not objects

"""The decision on one mass claim against the ledger (the engine does it in columns)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhipo.kernel.options import option
from zhipo.kernel.rules import rule
from zhipo.kernel.trace import note

SINCE = date(2007, 6, 1)
SHARED_BY_MORE_THAN = 3

TOLERANCE_FEN = option(
    "option.review.tolerance_fen",
    default=0,
    status="P",
    reason="no text allows a difference; a court may set one to spare people's time",
    sheet="REV-12",
)


class Decision(StrEnum):
    ADMIT = "admit"  # 确认
    REDUCE = "reduce"  # 部分确认
    MANUAL = "manual"  # 人工审查
    REJECT = "reject"  # 不予确认


class Reason(StrEnum):
    SUPERSEDED = "SUPERSEDED"  # 被后一次申报取代
    NO_LEDGER = "NO_LEDGER"  # 账上查无此人
    IDENTITY_MISMATCH = "IDENTITY_MISMATCH"  # 身份不符
    SHARED_PAYOUT_ACCOUNT = "SHARED_PAYOUT_ACCOUNT"  # 多人共用收款账户
    NOTHING_OWED = "NOTHING_OWED"  # 没有欠款
    CLAIMED_MORE = "CLAIMED_MORE"  # 多报
    CLAIMED_LESS = "CLAIMED_LESS"  # 少报
    MATCH = "MATCH"  # 相符
    AFTER_ACCEPTANCE = "AFTER_ACCEPTANCE"  # 受理后仍有交易


@dataclass(frozen=True)
class Facts:
    """What is known of one claim; amounts in fen, `ledger_fen` None without any event."""

    claimed_fen: int
    ledger_fen: int | None
    is_live: bool = True
    is_other_person: bool = False
    account_sharers: int = 1
    has_events_after_acceptance: bool = False


@dataclass(frozen=True)
class Decided:
    """The decision, what is admitted (fen), and the reasons, sorted."""

    decision: Decision
    admitted_fen: int
    reasons: tuple[Reason, ...]


@rule(
    id="cn.ebl.57.1",
    cite="《企业破产法》第五十七条第一款",
    text=("管理人收到债权申报材料后，应当登记造册，对申报的债权进行审查，并编制债权表。"),
    status="V1",
    since=SINCE,
    sheet=("REV-01", "REV-12"),
)
def decide(*, facts: Facts, tolerance_fen: int = TOLERANCE_FEN.default) -> Decided:
    """The first row of the table that applies; all manual reasons together."""
    decided = _decide(facts, tolerance_fen)
    note(ledger_fen=facts.ledger_fen, claimed_fen=facts.claimed_fen)
    if facts.is_live and facts.has_events_after_acceptance:
        reasons = tuple(sorted((*decided.reasons, Reason.AFTER_ACCEPTANCE)))
        return Decided(decided.decision, decided.admitted_fen, reasons)
    return decided


def _decide(facts: Facts, tolerance_fen: int) -> Decided:
    if not facts.is_live:
        return superseded()
    manual = manual_reasons(
        has_ledger=facts.ledger_fen is not None,
        is_other_person=facts.is_other_person,
        account_sharers=facts.account_sharers,
    )
    if manual:
        return Decided(Decision.MANUAL, 0, manual)
    assert facts.ledger_fen is not None
    return compared(
        claimed_fen=facts.claimed_fen,
        ledger_fen=facts.ledger_fen,
        tolerance_fen=tolerance_fen,
    )


@rule(
    id="policy.review.superseded",
    cite="本系统规则",
    status="P",
    since=SINCE,
    sheet="REV-12",
    reason="one holder has one claim; the latest statement is the one that is meant",
)
def superseded() -> Decided:
    """A claim after which the same holder filed another one is not counted twice."""
    return Decided(Decision.REJECT, 0, (Reason.SUPERSEDED,))


@rule(
    id="policy.review.identity",
    cite="本系统规则",
    status="P",
    since=SINCE,
    sheet="REV-12",
    reason="doubt about the person is for a person to settle; the claim is kept",
)
def manual_reasons(
    *, has_ledger: bool, is_other_person: bool, account_sharers: int
) -> tuple[Reason, ...]:
    """Why a person must look, all reasons, sorted."""
    doubts = {
        Reason.NO_LEDGER: not has_ledger,
        Reason.IDENTITY_MISMATCH: is_other_person,
        Reason.SHARED_PAYOUT_ACCOUNT: is_account_shared(sharers=account_sharers),
    }
    return tuple(sorted(reason for reason, holds in doubts.items() if holds))


@rule(
    id="policy.review.shared_account",
    cite="本系统规则",
    status="P",
    since=SINCE,
    sheet="REV-12",
    reason="families share an account; more than three holders on one is looked at",
)
def is_account_shared(*, sharers: int) -> bool:
    """Whether live claims of more than three holders name one payout account."""
    return sharers > SHARED_BY_MORE_THAN


@rule(
    id="policy.review.claimed_less",
    cite="本系统规则",
    status="P",
    since=SINCE,
    sheet="REV-12",
    reason="nobody is given more than they ask for; the shown balance lets them amend",
)
def compared(*, claimed_fen: int, ledger_fen: int, tolerance_fen: int) -> Decided:
    """What was claimed against what the ledger says is owed."""
    if ledger_fen == 0:
        return Decided(Decision.REJECT, 0, (Reason.NOTHING_OWED,))
    if claimed_fen > ledger_fen + tolerance_fen:
        return Decided(Decision.REDUCE, ledger_fen, (Reason.CLAIMED_MORE,))
    if claimed_fen < ledger_fen - tolerance_fen:
        return Decided(Decision.ADMIT, claimed_fen, (Reason.CLAIMED_LESS,))
    return Decided(Decision.ADMIT, min(claimed_fen, ledger_fen), (Reason.MATCH,))

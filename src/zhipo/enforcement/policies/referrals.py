"""Whether a debtor may be referred, where to, and who may sign next.

The rules are `law.referral`'s; this module asks them about rows and turns their noes into
sentences.
"""

from datetime import date

from zhipo.accounts.models import Organisation
from zhipo.enforcement.models import CourtRank, Debtor, EnforcementCase, Referral
from zhipo.enforcement.referral_states import (
    REFERRAL_MOVES,
    ConsentAnswer,
    CourtLevel,
    ReferralState,
    Signer,
)
from zhipo.enforcement.states import EnforcementState
from zhipo.law.referral.conditions import (
    PANEL_JUDGES,
    Court,
    has_jurisdiction,
    needs_own_intermediate_approval,
    next_to_decide,
    referral_conditions,
)
from zhipo.law.referral.transfer import may_refer_again
from zhipo.law.triage.cause import Entity, eligibility
from zhipo.law.triage.road import Road
from zhipo.web.refusals import NotInState
from zhipo.web.words import say

R = ReferralState
ROADS = frozenset({Road.REFER_LIQUIDATION, Road.REFER_REORG, Road.REFER_SETTLEMENT})
REFUSED_ONCE = frozenset({R.REFUSED, R.RETURNED, R.DISMISSED})


def move(referral: Referral, to: ReferralState) -> None:
    """Set the state, if a way leads there. Raises NotInState."""
    check_state(referral, *(one for one in R if to in REFERRAL_MOVES[one]))
    referral.state = to


def check_state(referral: Referral, *states: ReferralState) -> None:
    """Raise NotInState unless the referral is in one of these."""
    if referral.state not in states:
        raise NotInState(
            "enforcement.referral.wrong_state",
            state=say(f"enforcement.referral_state.{referral.state}"),
        )


def check_day(day: date, *, since: date | None, today: date) -> None:
    """Raise NotInState for a day before what it follows from, or in the future."""
    if since is not None and day < since:
        raise NotInState("enforcement.referral.too_early", since=since, day=day)
    if day > today:
        raise NotInState("enforcement.referral.in_future", day=day)


def check_can_open(debtor: Debtor, leading: EnforcementCase, road: Road) -> None:
    """Raise NotInState where no referral of this debtor may begin in this case."""
    if not eligibility(entity=Entity(debtor.entity)).is_eligible:
        raise NotInState(
            "enforcement.referral.not_eligible",
            entity=say(f"enforcement.entity.{debtor.entity}"),
        )
    was_refused = debtor.referrals.filter(state__in=REFUSED_ONCE).exists()
    if not may_refer_again(was_refused=was_refused, needs_lawyer_check=True):
        raise NotInState("enforcement.referral.not_again")
    if leading.debtor_id != debtor.pk or leading.state == EnforcementState.CLOSED:
        raise NotInState("enforcement.referral.wrong_case", number=leading.number)
    if road not in ROADS:
        raise NotInState("enforcement.referral.no_road")


def check_jurisdiction(
    receiving: Organisation, *, is_at_domicile: bool, high_court_approval: str
) -> None:
    """Raise NotInState where the court may not receive (《执转破意见》第三条)."""
    level = rank_of(receiving).level
    is_open = level in list(Court) and has_jurisdiction(
        court=Court(level),
        is_at_domicile=is_at_domicile,
        has_high_court_approval=bool(high_court_approval.strip()),
    )
    if not is_open:
        raise NotInState("enforcement.referral.no_jurisdiction", court=receiving.name)


def missing_conditions(referral: Referral) -> tuple[str, ...]:
    """What the law still asks before a decision (《民事诉讼法解释》第五百一十一条)."""
    agreed = referral.consents.filter(answer=ConsentAnswer.AGREES).exists()
    found = referral_conditions(
        entity=Entity(referral.debtor.entity),
        has_written_consent=agreed,
        has_cause=referral.has_cause,
    )
    return found.missing


def check_conditions(referral: Referral) -> None:
    """Raise NotInState with everything that is missing for a decision."""
    missing = missing_conditions(referral)
    if missing:
        between = say("enforcement.referral.between")
        said = between.join(say(CONDITION[one]) for one in missing)
        raise NotInState("enforcement.referral.conditions", missing=said)


CONDITION = {
    "debtor is no enterprise legal person": "enforcement.condition.entity",
    "nobody consents in writing": "enforcement.condition.consent",
    "no cause of bankruptcy": "enforcement.condition.cause",
}
"""What `referral_conditions` names -> its sentence."""


def panel_verdict(votes: list[bool], *, judges: int = PANEL_JUDGES.default) -> bool | None:
    """What the panel has decided by majority, None while votes are missing.

    The handler sits on the panel, so its vote is one of them.
    """
    if len(votes) < judges:
        return None
    return sum(votes) * 2 > len(votes)


def check_next_signer(referral: Referral, role: Signer) -> None:
    """Raise NotInState unless it is this one's turn (《执转破意见》第五条、第六条)."""
    due = next_to_decide(signed=signed_by(referral))
    waits_above = role == Signer.PRESIDENT and referral.state == R.APPROVING
    if due != role or waits_above:
        due_now = "approval" if waits_above else due
        raise NotInState(
            "enforcement.referral.out_of_order", due=say(f"enforcement.signer.{due_now}")
        )


def signed_by(referral: Referral) -> tuple[str, ...]:
    """The links of the chain that have signed: the panel once all its judges have."""
    signatures = list(referral.signatures.all())
    roles = {one.role for one in signatures}
    signed = [Signer.HANDLER] if Signer.HANDLER in roles else []
    if signed and panel_verdict(votes_of(referral)):
        signed.append(Signer.PANEL)
    if Signer.PRESIDENT in roles:
        signed.append(Signer.PRESIDENT)
    return tuple(str(one) for one in signed)


def votes_of(referral: Referral) -> list[bool]:
    """The panel's votes so far, the handler's among them."""
    panel = {Signer.HANDLER, Signer.PANEL}
    return [one.agrees for one in referral.signatures.all() if one.role in panel]


def needs_approval(referral: Referral) -> bool:
    """Whether the own intermediate court must approve first (《执转破意见》第六条).

    A court that gives the case to its own bankruptcy judges refers to no other court.
    """
    rank = rank_of(referral.sending)
    if rank.level not in list(Court):
        return False
    is_own = referral.receiving_id == rank.above_id
    asks = needs_own_intermediate_approval(
        court=Court(rank.level), receiving_is_own_intermediate=is_own
    )
    return asks and referral.receiving_id != referral.sending_id


def court_above(court: Organisation) -> Organisation:
    """The court above. Raises NotInState where it is not entered."""
    above = rank_of(court).above
    if above is None:
        raise NotInState("enforcement.referral.no_court_above", court=court.name)
    return above


def rank_of(court: Organisation) -> CourtRank:
    """Where a court stands. Raises NotInState where nobody has entered it."""
    rank = CourtRank.objects.select_related("above").filter(court=court).first()
    if rank is None:
        raise NotInState("enforcement.referral.no_rank", court=court.name)
    return rank


def check_rank(level: CourtLevel, above: CourtRank | None) -> None:
    """Raise NotInState for a court that would stand under one that is no higher."""
    order = list(CourtLevel)
    if above is not None and order.index(CourtLevel(above.level)) <= order.index(level):
        raise NotInState("enforcement.referral.not_above", court=above.court.name)

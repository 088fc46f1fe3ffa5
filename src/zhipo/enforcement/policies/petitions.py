"""Who does what with a petition, when, and its days by the law (《企业破产法》第十条)."""

from datetime import date
from functools import partial
from typing import Any

from zhipo.accounts.roles import Role
from zhipo.cases.power_table import Power, PowerTable, Supervisor
from zhipo.enforcement.models import Debtor, Petition
from zhipo.enforcement.petition_states import (
    PetitionAct,
    Petitioner,
    PetitionOutcome,
    PetitionState,
)
from zhipo.enforcement.policies.referrals import check_day
from zhipo.enforcement.queries.debtors import roles_in
from zhipo.enforcement.states import Stage
from zhipo.kernel.periods import Deadline
from zhipo.law.deadlines.table import deadline_of
from zhipo.law.stay.petition import ruling_due
from zhipo.law.triage.cause import Entity, eligibility
from zhipo.law.triage.road import Applicant, Procedure, may_ask
from zhipo.web.refusals import NotInState
from zhipo.web.words import say

A, S = PetitionAct, PetitionState
JUDGE = frozenset({Role.BANKRUPTCY_JUDGE})
COURT = frozenset({Role.BANKRUPTCY_JUDGE, Role.COURT_CLERK})
OPEN = frozenset({S.IN_REVIEW, S.SUPPLEMENTING})
ABOVE = (Supervisor.HIGHER_COURT,)
ART_10 = "《企业破产法》第十条"
SUPPLEMENTS = "《破产法解释一》第七条"
POWERS = (
    Power(A.RECEIVE_PETITION, frozenset({S.IN_REVIEW}), COURT, ABOVE,
          "《企业破产法》第七条、第八条；《破产法解释一》第七条"),
    Power(A.NOTIFY_DEBTOR, frozenset({S.IN_REVIEW}), COURT, ABOVE, ART_10),
    Power(A.TAKE_OBJECTION, OPEN, COURT, ABOVE, ART_10),
    Power(A.ASK_PETITIONER, frozenset({S.IN_REVIEW}), COURT, ABOVE, SUPPLEMENTS),
    Power(A.TAKE_SUPPLEMENT, frozenset({S.SUPPLEMENTING}), COURT, ABOVE, SUPPLEMENTS),
    Power(A.EXTEND_RULING, OPEN, JUDGE, ABOVE, ART_10),
    Power(A.RULE_ON_PETITION, OPEN, JUDGE, ABOVE,
          "《企业破产法》第九条、第十条、第十二条"),
    Power(A.ACCEPT_ON_APPEAL, frozenset({S.ENDED}), JUDGE, ABOVE,
          "《企业破产法》第十二条第一款"),
    Power(A.SERVE_REFUSAL, frozenset({S.ENDED}), COURT, ABOVE,
          "《企业破产法》第十二条第一款"),
)  # fmt: skip
TABLE = PowerTable("enforcement", POWERS, PetitionState)
APPLICANT: dict[Petitioner, Applicant] = {
    Petitioner.CREDITOR: Applicant.CREDITOR,
    Petitioner.DEBTOR: Applicant.DEBTOR,
    Petitioner.LIQUIDATOR: Applicant.LIQUIDATION_OBLIGOR,
}
"""Who petitions, as the rule of art. 7 names them."""


def check_power_over(petition: Petition, act: PetitionAct, by: Any) -> Role:
    """The role at the petition's court in which `by` may do it now.

    Raises NotAllowed, NotInState.
    """
    held = roles_in(by, petition.court_id)
    return TABLE.check(act, PetitionState(petition.state), held)


def check_may_receive(court_id: int, by: Any) -> Role:
    """The role in which `by` may enter a petition at a court. Raises NotAllowed."""
    return TABLE.check(A.RECEIVE_PETITION, S.IN_REVIEW, roles_in(by, court_id))


def open_acts(petition: Petition, by: Any) -> dict[str, bool]:
    """Every act by name, and whether `by` may do it now: for buttons."""
    held = roles_in(by, petition.court_id)
    return TABLE.open_to(held, PetitionState(petition.state))


def check_may_ask(by_whom: Petitioner, procedure: Procedure) -> None:
    """Raise NotInState for a procedure that others alone may ask for (第七条)."""
    if not may_ask(applicant=APPLICANT[by_whom], procedure=procedure):
        raise NotInState(
            "enforcement.petition.not_theirs",
            procedure=say(f"enforcement.procedure.{procedure}"),
        )


def ruling_clock(petition: Petition) -> tuple[str, date, Deadline] | None:
    """Which clock the ruling runs on, from what day, to what day.

    None for a creditor's petition of which the debtor was not told yet: the ten days
    begin when its seven are over.
    """
    due = partial(
        ruling_due,
        received_on=petition.received_on,
        supplement_days=supplement_days(petition),
        is_extended=bool(petition.extension),
    )
    if petition.by_whom != Petitioner.CREDITOR:
        return "D04", petition.received_on, due(debtor_notified_on=None)
    if petition.notified_on is None:
        return None
    objected = _objects_until(petition.notified_on)
    return "D03", objected, due(debtor_notified_on=petition.notified_on)


def supplement_days(petition: Petition) -> int:
    """Days spent on supplementing, which are not counted (《破产法解释一》第七条第三款)."""
    if petition.asked_on is None or petition.supplemented_on is None:
        return 0
    return (petition.supplemented_on - petition.asked_on).days


def check_can_notify(petition: Petition) -> None:
    """Only of a creditor's petition the debtor is told, and once."""
    if petition.by_whom != Petitioner.CREDITOR:
        raise NotInState("enforcement.petition.not_creditors")
    if petition.notified_on is not None:
        raise NotInState("enforcement.petition.notified")


def check_can_object(petition: Petition, day: date, *, today: date) -> None:
    """Within the seven days of the notice; later the ruling may be appealed."""
    if petition.notified_on is None:
        raise NotInState("enforcement.petition.not_notified")
    if petition.objected_on is not None:
        raise NotInState("enforcement.petition.objected")
    check_day(day, since=petition.notified_on, today=today)
    last = _objects_until(petition.notified_on)
    if day > last:
        raise NotInState("enforcement.petition.objects_late", last_day=last)


def check_can_be_accepted(debtor: Debtor | None) -> None:
    """One bankruptcy a debtor, and only of those that can go bankrupt (第二条).

    Of a debtor that enforcement does not know the court alone knows what it is.
    """
    if debtor is None:
        return
    if debtor.stage == Stage.ACCEPTED:
        raise NotInState("enforcement.petition.accepted_already")
    if not eligibility(entity=Entity(debtor.entity)).is_eligible:
        raise NotInState(
            "enforcement.referral.not_eligible",
            entity=say(f"enforcement.entity.{debtor.entity}"),
        )


def check_is_refused(petition: Petition) -> None:
    """Raise NotInState for a petition that ended otherwise."""
    if petition.outcome != PetitionOutcome.REFUSED:
        raise NotInState("enforcement.petition.not_refused")


def check_can_serve_refusal(petition: Petition) -> None:
    """Only a refusal is served so, and once."""
    check_is_refused(petition)
    if petition.refusal_served_on is not None:
        raise NotInState("enforcement.petition.refusal_served")


def check_can_rule(petition: Petition, outcome: PetitionOutcome, ruled_on: date) -> None:
    """Nobody rules while the debtor's seven days run; a petition may be withdrawn always.

    《企业破产法》第九条、第十条.
    """
    if outcome == PetitionOutcome.WITHDRAWN:
        return
    if petition.by_whom == Petitioner.CREDITOR:
        if petition.notified_on is None:
            raise NotInState("enforcement.petition.not_notified")
        last = _objects_until(petition.notified_on)
        if petition.objected_on is None and ruled_on <= last:
            raise NotInState("enforcement.petition.may_object", last_day=last)


def _objects_until(notified_on: date) -> date:
    """The last of the debtor's seven days (《企业破产法》第十条第一款)."""
    return deadline_of("D02", event_on=notified_on).last_day

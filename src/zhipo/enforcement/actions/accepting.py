"""A petition to the court itself is accepted: its case is opened, enforcement is stayed.

What enforcement knows of the debtor goes into the case as after a referral; nothing is
typed again but what the ruling says that is new.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.models import Case
from zhipo.enforcement.actions.known_creditors import put_petitioner_in
from zhipo.enforcement.actions.origins import locked_petition
from zhipo.enforcement.actions.petitions import (
    PetitionRuling,
    end_petition,
    reverse_refusal,
)
from zhipo.enforcement.actions.rulings import stay_enforcement
from zhipo.enforcement.actions.taking_over import (
    Acceptance,
    opened_case,
    put_into_case,
    record_take_over,
)
from zhipo.enforcement.actions.telling import tell
from zhipo.enforcement.models import Debtor, Petition
from zhipo.enforcement.petition_states import PetitionOutcome
from zhipo.enforcement.policies.petitions import check_can_be_accepted
from zhipo.enforcement.policies.referrals import move
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ENDED, ReferralState


@transaction.atomic
def accept_petition(
    *, petition_id: int, acceptance: Acceptance, by: Any, today: date | None = None
) -> Case:
    """Accept: the case is opened, its administrator appointed with it. Again: that case.

    A refusal that the court above has reversed is followed by acceptance in this way too.
    Every court that enforces against the debtor is told and stays (第十九条); its assets,
    evidence, papers, freezes' last days and known creditors stand in the case. Raises
    NotAllowed, NotInState; then nothing has changed.
    """
    petition = locked_petition(petition_id)
    if petition.case is not None:
        return petition.case
    ruled = acceptance.ruling
    ruling = PetitionRuling(PetitionOutcome.ACCEPTED, ruled.ruled_on, ruled.number)
    end = reverse_refusal if petition.outcome == PetitionOutcome.REFUSED else end_petition
    role = end(petition, ruling, by=by, today=today or timezone.localdate())
    check_can_be_accepted(petition.debtor)
    petition.case = opened_case(
        acceptance, name=petition.name, debtor=petition.debtor, court=petition.court, by=by
    )
    petition.save(update_fields=["case", "debtor"])

    told = 0
    if petition.debtor is not None:
        told = _tell_courts(petition, petition.debtor)
        _take_over(petition, petition.debtor, petition.case, by)
    put_petitioner_in(petition, petition.case)

    record(Event.PETITION_RULED, of=petition, by=by, role=role, chain=petition.number,
           outcome=ruling.outcome, case=petition.case.number, courts_told=told)  # fmt: skip
    return petition.case


def _take_over(petition: Petition, debtor: Debtor, case: Case, by: Any) -> None:
    """Enforcement stays, and what it knows of the debtor is put into the case."""
    overtaken = _overtake(debtor, case.accepted_on)
    counts = stay_enforcement(petition, case.accepted_on)
    record_take_over(petition, case, put_into_case(debtor, case), by=by)

    record(Event.ENFORCEMENT_STAYED, of=petition, by=by, chain=chain_of(debtor),
           case=case.number, counts=counts, overtaken=overtaken)  # fmt: skip


def _overtake(debtor: Debtor, day: date) -> int:
    """A referral that has not come to its end has nothing left to ask for; how many."""
    open_ones = list(debtor.referrals.select_for_update().exclude(state__in=ENDED))
    for referral in open_ones:
        move(referral, ReferralState.OVERTAKEN)
        referral.save(update_fields=["state"])
        referral.clocks.filter(done_on=None).update(done_on=day)
    return len(open_ones)


def _tell_courts(petition: Petition, debtor: Debtor) -> int:
    """Tell each court with a case against the debtor, once; how many were told."""
    cases = debtor.cases.order_by("court_id", "filed_on", "pk")
    return sum(
        tell(case, "petition_accepted", key=f"petition-{petition.pk}:{case.court_id}",
             now=timezone.now(), court=petition.court.name, number=petition.ruling_number,
             day=petition.ruled_on)
        for case in cases.distinct("court_id")
    )  # fmt: skip

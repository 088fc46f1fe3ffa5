"""Trying the line to an institution: address, keys and clocks, before anything is asked."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.accounts.models import Organisation
from zhipo.accounts.queries import organisations_where
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement import courts
from zhipo.enforcement.actions.institution_keys import locked
from zhipo.enforcement.courts import ClientOf
from zhipo.enforcement.models import Institution
from zhipo.enforcement.policies.institutions import check_can_activate, check_can_enter
from zhipo.enforcement.queries.debtors import BUREAU
from zhipo.enforcement.states import LineState
from zhipo.gateways.institutions.client import (
    AskOutcome,
    BadAnswer,
    CourtClient,
    Refused,
    Unknown,
)
from zhipo.gateways.institutions.refusals import Reason
from zhipo.web.refusals import NotInState

UNPROVEN = frozenset(
    {Reason.NOT_SIGNED, Reason.UNKNOWN_KEY, Reason.KEY_NOT_VALID, Reason.WRONG_SIGNATURE,
     Reason.WRONG_PARTY, Reason.STALE, Reason.REPLAYED}
)  # fmt: skip


def try_line(
    *, institution_id: int, by: Any, client_of: ClientOf = courts.client_of
) -> Institution:
    """Ask after an order that nobody has made, and keep what came of it.

    Waits for the institution, outside of any transaction. Raises NotAllowed, NotInState
    where nothing can be sent yet.
    """
    check_can_enter(by)
    institution = Institution.objects.get(pk=institution_id)
    check_can_activate(institution)
    client = _client(by, client_of)
    if institution.party not in {one.party for one in client.directory.institutions()}:
        raise NotInState("enforcement.refused.not_a_party", name=institution.name)

    result = line_state(client.probe(institution.party))

    return _keep(institution_id, result, by)


def line_state(outcome: AskOutcome) -> LineState:
    """What an answer to a probe says of the line."""
    if isinstance(outcome, Unknown):
        return LineState.SILENT
    if isinstance(outcome, BadAnswer):
        return LineState.UNPROVEN if outcome.reason in UNPROVEN else LineState.ODD
    if isinstance(outcome, Refused) and outcome.problem.reason is Reason.UNKNOWN_ORDER:
        return LineState.WORKS
    return LineState.REFUSED if isinstance(outcome, Refused) else LineState.ODD


@transaction.atomic
def _keep(institution_id: int, result: LineState, by: Any) -> Institution:
    found = locked(institution_id)
    found.tested_at, found.test_result = timezone.now(), result
    found.save(update_fields=["tested_at", "test_result"])

    record(Event.INSTITUTION_TRIED, of=found, by=by, result=result)
    return found


def _client(by: Any, client_of: ClientOf) -> CourtClient:
    """The client of a court of `by`'s that takes part. Raises NotInState."""
    own = Organisation.objects.filter(pk__in=organisations_where(by, BUREAU))
    refused = None
    for court in own.order_by("pk"):
        try:
            return client_of(court)
        except NotInState as error:
            refused = error
    assert refused is not None
    raise refused

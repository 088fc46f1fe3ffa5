"""Who prepares, releases, pauses, stops, and when: four eyes on every payment."""

from typing import Any

from zhipo.accounts.roles import BANKRUPTCY_COURT
from zhipo.cases.powers import Act, check_power
from zhipo.cases.queries import role_in
from zhipo.distributions.models import Plan
from zhipo.distributions.states import PlanState
from zhipo.payouts.models import Release
from zhipo.payouts.states import ReleaseState
from zhipo.web.refusals import NotAllowed, NotInState

R = ReleaseState
RUNNING = frozenset({R.RELEASED, R.PAUSED})


def check_can_prepare(by: Any, plan: Plan) -> None:
    """The cashier, for a plan that the court has approved (EBL 116.1)."""
    check_power(plan.case, Act.PREPARE_RELEASE, by)
    if plan.state != PlanState.APPROVED:
        raise NotInState("payouts.refused.not_approved")


def check_can_discard(by: Any, release: Release) -> None:
    """Whoever prepares may take back what nobody has released."""
    check_power(release.plan.case, Act.PREPARE_RELEASE, by)
    if not _is_discarded(release):
        _check_state(release, R.PREPARED)


def check_can_release(by: Any, release: Release) -> None:
    """The lead, never the person who prepared it, for a plan that still stands."""
    check_power(release.plan.case, Act.RELEASE_ORDERS, by)
    if release.prepared_by_id == by.pk:
        raise NotAllowed("payouts.refused.own_release")
    _check_state(release, R.PREPARED)
    if release.plan.state != PlanState.APPROVED:
        raise NotInState("payouts.refused.not_approved")


def check_can_pause(by: Any, release: Release) -> None:
    """The lead or the judge, while it runs."""
    check_power(release.plan.case, Act.PAUSE_RELEASE, by)
    _check_state(release, R.RELEASED)


def check_can_resume(by: Any, release: Release) -> None:
    """Who may pause; but what a court has paused only the court lets go on."""
    check_power(release.plan.case, Act.PAUSE_RELEASE, by)
    _check_state(release, R.PAUSED)
    case = release.plan.case
    is_by_court = bool(role_in(release.paused_by, case) & BANKRUPTCY_COURT)
    if is_by_court and not role_in(by, case) & BANKRUPTCY_COURT:
        raise NotAllowed("payouts.refused.paused_by_court")


def check_can_stop(by: Any, release: Release, *, why: str) -> None:
    """The lead or the judge, before it is done; stopped so already, it may be again."""
    check_power(release.plan.case, Act.STOP_RELEASE, by)
    if release.state == R.STOPPED and release.why == why:
        return
    _check_state(release, R.RELEASED, R.PAUSED)


def check_reason(why: str) -> str:
    """Why a release is held up, for whoever asks later. Raises NotInState without."""
    if not why.strip():
        raise NotInState("payouts.refused.no_reason")
    return why.strip()[:300]


def _is_discarded(release: Release) -> bool:
    return release.state == R.STOPPED and release.released_at is None


def _check_state(release: Release, *states: ReleaseState) -> None:
    if release.state not in states:
        raise NotInState("payouts.refused.release_state", state=release.state)

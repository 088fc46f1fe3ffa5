"""The demonstration begins at enforcement: each step an act, by the person whose it is.

Taken up again after an interruption it goes on where it was: each step says whether it is
due, and the acts themselves are safe to repeat.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from zhipo.demo import court_days as day
from zhipo.demo.court_days import SharedClock
from zhipo.demo.court_effect import CourtEffect, board_path, court_effect, keep_board
from zhipo.demo.court_findings import describe_brand, follow_clue, take_report
from zhipo.demo.court_inquiring import (
    ask_everywhere,
    freeze_and_check,
    read_histories,
    release_custody,
    renew_in_time,
    wait_in_line,
)
from zhipo.demo.court_memo import conclude_again, identify
from zhipo.demo.court_people import know_institutions, people_since, rank_courts
from zhipo.demo.court_plan import ACCOUNTS
from zhipo.demo.court_referring import decide, open_and_ask, send, serve, tell_courts
from zhipo.demo.court_registering import join_names, register
from zhipo.demo.court_reviewing import accept, add_what_was_missing, receive
from zhipo.demo.court_stay import hand_everything_over, lift_freezes, write_letters
from zhipo.demo.court_world import World
from zhipo.enforcement.courts import directory
from zhipo.enforcement.models import (
    Debtor,
    Freeze,
    InquiryOrder,
    Property,
    Referral,
    TransactionHistory,
)
from zhipo.enforcement.referral_states import NoticeKind, ReferralState
from zhipo.enforcement.states import HOLDS, Stage, Title

R = ReferralState
IN_DECISION = (R.COLLECTING, R.DECIDING, R.APPROVING, R.APPROVED)
REVIEWED = (R.UNDER_REVIEW, R.SUPPLEMENTING)
Due = Callable[[World], bool]


@dataclass(frozen=True)
class Step:
    """One step, and whether it is due still."""

    do: Callable[[World], object]
    is_due: Due


def run_court(
    *, home: Path, folder: Path, clock: SharedClock, told: Callable[[int, int], None]
) -> CourtEffect:
    """From the first case to the hand-over, or what of it is left; what came of it."""
    with clock.on(day.REGISTERED_ON):
        people = people_since(day.APPOINTED_ON, home=home)
        world = World(home, folder, people, clock)
        if _is_enforced(world):
            know_institutions(directory(), by=people["clerk"])
            rank_courts(people)
    for place, step in enumerate(STEPS, start=1):
        if step.is_due(world):
            step.do(world)
        told(place, len(STEPS))
    return court_effect(world)


def _is_enforced(world: World) -> bool:
    """Nobody refers yet: registering, asking and freezing may go on."""
    return not Debtor.objects.exclude(stage=Stage.ENFORCING).exists()


def _is(*states: ReferralState) -> Due:
    """Whether the referral stands in one of these."""
    return lambda world: Referral.objects.filter(state__in=states).exists()


def _has_memos_below(count: int) -> Due:
    return lambda world: _is_enforced(world) and world.debtor.memos.count() < count


def _has_unchecked(world: World) -> bool:
    things = Property.objects.exclude(institution=None)
    return _is_enforced(world) and things.filter(title=Title.UNCHECKED).exists()


def _lacks_histories(world: World) -> bool:
    return _is_enforced(world) and TransactionHistory.objects.count() < len(ACCOUNTS)


def _has_silent_courts(world: World) -> bool:
    told = Referral.objects.filter(notices__kind=NoticeKind.TELL_COURT)
    return told.filter(notices__acknowledged_on=None).exists()


def _lacks_second_bundle(world: World) -> bool:
    found = Referral.objects.filter(state__in=REVIEWED).first()
    return found is not None and found.received_bundles.count() < 2


def _has_unsent_letters(world: World) -> bool:
    accepted = Referral.objects.filter(state=R.ACCEPTED)
    return accepted.filter(notices__sent_on=None, notices__isnull=False).exists()


def _has_freezes(world: World) -> bool:
    return _is(R.ACCEPTED)(world) and Freeze.objects.filter(state__in=HOLDS).exists()


def _has_loose_ends(world: World) -> bool:
    open_letters = Referral.objects.filter(
        notices__isnull=False, notices__acknowledged_on=None
    )
    unsettled = InquiryOrder.objects.filter(settled_at=None)
    open_clocks = Referral.objects.filter(clocks__isnull=False, clocks__done_on=None)
    return any(found.exists() for found in (open_letters, unsettled, open_clocks))


STEPS: tuple[Step, ...] = (
    Step(register, _is_enforced),
    Step(join_names, _is_enforced),
    Step(ask_everywhere, _is_enforced),
    Step(freeze_and_check, _has_unchecked),
    Step(release_custody, _is_enforced),
    Step(keep_board, lambda world: not board_path(world.home).exists()),
    Step(wait_in_line, _is_enforced),
    Step(read_histories, _lacks_histories),
    Step(follow_clue, _is_enforced),
    Step(take_report, _is_enforced),
    Step(describe_brand, _is_enforced),
    Step(renew_in_time, _is_enforced),
    Step(identify, _has_memos_below(1)),
    Step(open_and_ask, _is_enforced),
    Step(conclude_again, _has_memos_below(2)),
    Step(decide, _is(*IN_DECISION)),
    Step(tell_courts, _has_silent_courts),
    Step(serve, _is(R.DECIDED)),
    Step(send, _is(R.SERVED)),
    Step(receive, _is(R.SENT)),
    Step(add_what_was_missing, _lacks_second_bundle),
    Step(accept, _is(R.UNDER_REVIEW)),
    Step(write_letters, _has_unsent_letters),
    Step(lift_freezes, _has_freezes),
    Step(hand_everything_over, _has_loose_ends),
)
"""In the order of the days; some share one."""

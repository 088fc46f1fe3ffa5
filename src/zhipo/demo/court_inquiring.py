"""Found, frozen, checked: one act asks everybody, and the answers come as they come."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhipo.demo import court_days as day
from zhipo.demo.court_plan import ACCOUNTS, BASIC_ACCOUNT, CUSTODY, SHORT_FREEZE
from zhipo.demo.court_world import World
from zhipo.demo.web_people import COURT, YUETANG
from zhipo.enforcement.actions.freezing import lift_freeze, order_freeze, renew_freeze
from zhipo.enforcement.actions.inquiring import (
    ask_history,
    ask_ownership,
    inquire_everywhere,
)
from zhipo.enforcement.actions.telling import see_notice
from zhipo.enforcement.actions.watching import watch_freezes
from zhipo.enforcement.models import EnforcementCase, Freeze, Property
from zhipo.enforcement.policies.freezing import FreezeWanted, owed_fen
from zhipo.enforcement.queries.inquiries import notices_for
from zhipo.enforcement.states import HOLDS
from zhipo.gateways.institutions.messages import ObjectKind
from zhipo.gateways.institutions.periods import longest_freeze
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour, Manner

FORM = "demo"
NOT_THE_DEBTORS = "权属核查表明系代收入驻商家货款，不属于被执行人财产。"
ASKED: dict[str, Behaviour] = {
    "wallet-green": Behaviour(manner=Manner.FORGED),
    "wallet-blue": Behaviour(manner=Manner.LATE, hours=60),
    "bank-north": Behaviour(manner=Manner.TWICE),
    "bank-south": Behaviour(manner=Manner.SILENT),
    "platform-mall": Behaviour(manner=Manner.PARTIAL, hours=20),
    "platform-video": Behaviour(manner=Manner.RECEIPT_LOST),
}
"""How each institution meets the first question: no two alike, none as it should be."""

FROZEN: dict[str, Behaviour] = {
    "wallet-blue": Behaviour(manner=Manner.LATE, hours=30),
    "bank-south": Behaviour(manner=Manner.TWICE),
}
"""And the first freeze; what is not named here is done at once."""


@dataclass(frozen=True)
class Share:
    """What one case freezes of one account, in fen."""

    case: EnforcementCase
    thing: Property
    fen: int


def ask_everywhere(world: World) -> None:
    """One act asks six institutions; late by days, silent, in parts, twice, forged."""
    _behave(world, ASKED)
    with world.clock.on(day.ASKED_ON):
        inquire_everywhere(
            case_id=world.leading.pk, form_key=FORM, by=world.people["enforcement"]
        )
    world.clock.until_answered()


def freeze_and_check(world: World) -> None:
    """Freeze the accounts, and ask of everything found whose it is."""
    judge = world.people["enforcement"]
    _behave(world, FROZEN)
    with world.clock.on(day.FROZEN_ON):
        for share in shares(world):
            until = longest_freeze(
                ObjectKind(share.thing.kind), frozen_on=world.clock.today
            )
            if share.thing == world.thing(SHORT_FREEZE):
                until = day.SHORT_FREEZE_ENDS
            order_freeze(
                case_id=share.case.pk,
                wanted=FreezeWanted(share.thing.pk, share.fen, until),
                form_key=FORM,
                by=judge,
            )
        found = world.debtor.properties.exclude(institution=None)
        ask_ownership(
            case_id=world.leading.pk,
            property_ids=list(found.values_list("pk", flat=True)),
            by=judge,
        )
    world.clock.until_answered()


def release_custody(world: World) -> None:
    """What is kept for others was frozen before anybody knew; now it is let go."""
    with world.clock.on(day.RELEASED_ON):
        _see_notices(world)
        for freeze in Freeze.objects.filter(
            target=world.thing(CUSTODY), state__in=HOLDS
        ).order_by("pk"):
            lift_freeze(
                freeze_id=freeze.pk, grounds=NOT_THE_DEBTORS, by=world.people["enforcement"]
            )
    world.clock.until_answered()


def wait_in_line(world: World) -> None:
    """Another court freezes the basic account too: it waits behind those before it."""
    case = _cases_at(world, YUETANG)[0]
    thing = world.thing(BASIC_ACCOUNT)
    fen = min(owed_fen(case), thing.value_fen or 0)
    with world.clock.on(day.RELEASED_ON, hour=15):
        until = longest_freeze(ObjectKind(thing.kind), frozen_on=world.clock.today)
        order_freeze(
            case_id=case.pk,
            wanted=FreezeWanted(thing.pk, fen, until),
            form_key=FORM,
            by=world.people["enforcement-yuetang"],
        )
    world.clock.until_answered()


def read_histories(world: World) -> None:
    """A year of every account, sealed as evidence."""
    things = [world.thing(reference).pk for reference in ACCOUNTS]
    with world.clock.on(day.RELEASED_ON, hour=16):
        ask_history(
            case_id=world.leading.pk,
            property_ids=things,
            days=(day.HISTORY_FROM, day.ASKED_ON),
            by=world.people["enforcement"],
        )
    world.clock.until_answered()


def renew_in_time(world: World) -> None:
    """The alert for the freeze that ends first, and its renewal before it does."""
    with world.clock.on(day.WATCHED_ON):
        watch_freezes(is_ex_officio=False)
    with world.clock.on(day.RENEWED_ON):
        _see_notices(world)
        for freeze in Freeze.objects.filter(
            target__debtor=world.debtor, until=day.SHORT_FREEZE_ENDS, state__in=HOLDS
        ).order_by("pk"):
            renew_freeze(freeze_id=freeze.pk, by=world.people["enforcement"])
    world.clock.until_answered()


def shares(world: World) -> Iterator[Share]:
    """Which case freezes how much where: the largest case first, no account twice over."""
    cases = iter(_cases_at(world, COURT))
    case, left = None, 0
    for reference in (*ACCOUNTS, CUSTODY):
        thing = world.thing(reference)
        wanted = thing.value_fen or 0
        while wanted:
            if not left:
                case = next(cases)
                left = owed_fen(case)
            assert case is not None
            fen = min(left, wanted)
            yield Share(case, thing, fen)
            left, wanted = left - fen, wanted - fen


def _see_notices(world: World) -> None:
    """The judge reads what the system has told: late, wrongly signed, about to end."""
    judge = world.people["enforcement"]
    for notice in notices_for(judge, world.debtor):
        see_notice(notice_id=notice.pk, by=judge)


def _cases_at(world: World, court: str) -> list[EnforcementCase]:
    found = EnforcementCase.objects.filter(
        debtor=world.debtor, court=world.people.offices[court]
    )
    return list(found.order_by("number"))


def _behave(world: World, behaviours: dict[str, Behaviour]) -> None:
    for party, behaviour in behaviours.items():
        world.clock.network.set_behaviour(party, behaviour)

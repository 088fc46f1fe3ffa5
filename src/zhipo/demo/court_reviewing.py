"""Reviewed and accepted: the bundle received, added to, and taken over into the case."""

from zhipo.demo import case as inputs
from zhipo.demo import court_days as day
from zhipo.demo.court_world import World
from zhipo.demo.web_people import ADMINISTRATOR
from zhipo.enforcement.actions.bundling import seal_bundle
from zhipo.enforcement.actions.proceeds import Booking, book_proceeds
from zhipo.enforcement.actions.receiving import Arrival, receive_bundle
from zhipo.enforcement.actions.reviews import ask_supplement, hand_in_supplement
from zhipo.enforcement.actions.rulings import Ruling
from zhipo.enforcement.actions.taking_over import Acceptance, take_over
from zhipo.law.referral.handover import Held

ARRIVAL = Arrival(day.RECEIVED_ON, "（2025）湘0302破申3号")
RULING = Ruling("（2025）湘0302破申3号之一", day.RULED_ON)
WANTED = "已发放执行款的明细，以及专项审计报告所附债务清册（据以认定资产不足清偿）。"
GIVEN = "补充已发放执行款一笔的明细，并附债务清册；移交包已重新封存。"
PAID_OUT = "向申请执行人发放执行款（银行转账）"


def receive(world: World) -> None:
    """Checked through at the bankruptcy court, and its thirty days begin."""
    with world.clock.on(day.RECEIVED_ON):
        _receive(world)


def add_what_was_missing(world: World) -> None:
    """One gap is asked for; enforcement fills it, and the next version has it."""
    referral, judge = world.referral, world.people["judge"]
    with world.clock.on(day.WANTED_ON):
        supplement = referral.supplements.first() or ask_supplement(
            referral_id=referral.pk, what=WANTED, affects_cause=True, by=judge
        )
    with world.clock.on(day.SUPPLEMENTED_ON):
        leading = world.leading
        booking = Booking(PAID_OUT, Held.PAID_OUT, leading.paid_fen, since=leading.filed_on)
        book_proceeds(case_id=leading.pk, booking=booking, by=world.people["clerk"])
        hand_in_supplement(
            supplement_id=supplement.pk, answer=GIVEN, by=world.people["enforcement"]
        )
        seal_bundle(referral_id=referral.pk, by=world.people["enforcement"])
        _receive(world)


def accept(world: World) -> None:
    """The ruling: the case, its assets, creditors, evidence and deadlines are there."""
    with world.clock.on(day.RULED_ON):
        take_over(
            referral_id=world.referral.pk,
            acceptance=acceptance(world),
            by=world.people["judge"],
        )


def acceptance(world: World) -> Acceptance:
    """What is new with the ruling, and nothing else."""
    return Acceptance(
        ruling=RULING,
        case_number=inputs.NUMBER,
        administrator_id=world.people.offices[ADMINISTRATOR].pk,
        administrator_phone=inputs.ADMINISTRATOR_PHONE,
        administrator_address=inputs.ADMINISTRATOR_ADDRESS,
        slug=inputs.SLUG,
    )


def _receive(world: World) -> None:
    receive_bundle(referral_id=world.referral.pk, arrival=ARRIVAL, by=world.people["judge"])

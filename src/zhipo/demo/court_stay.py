"""After acceptance: letters to courts and institutions, freezes lifted, all handed over."""

from zhipo.cases.actions import stop_clock
from zhipo.demo import court_days as day
from zhipo.demo.court_people import CLERK_OF, JUDGE_OF
from zhipo.demo.court_referring import STAYED
from zhipo.demo.court_world import World
from zhipo.enforcement.actions.assets import take_asset
from zhipo.enforcement.actions.freezing import lift_freeze
from zhipo.enforcement.actions.notices import acknowledge_notice, send_notices
from zhipo.enforcement.actions.proceeds import hand_over, receive_ruling
from zhipo.enforcement.actions.taking_over import FREEZE_ENDS
from zhipo.enforcement.models import Asset, Freeze, Notice, Referral
from zhipo.enforcement.referral_states import NoticeKind
from zhipo.enforcement.states import HOLDS, Belonging

LIFTED_FOR = "破产申请已受理，保全措施应当解除（《企业破产法》第十九条）。"
LIFTED = "已解除全部冻结。"


def write_letters(world: World) -> None:
    """Each court sends its own: stay, and lift what you hold."""
    referral = world.referral
    with world.clock.on(day.TOLD_ON):
        for court, login in CLERK_OF.items():
            letters = referral.notices.filter(sender=world.people.offices[court])
            send_notices(
                referral_id=referral.pk,
                notice_ids=list(letters.filter(sent_on=None).values_list("pk", flat=True)),
                by=world.people[login],
            )


def lift_freezes(world: World) -> None:
    """The institutions are told on the wire too, and say that they have lifted."""
    with world.clock.on(day.LIFTED_ON):
        standing = Freeze.objects.filter(target__debtor=world.debtor, state__in=HOLDS)
        for freeze in standing.select_related("case__court").order_by("pk"):
            lift_freeze(
                freeze_id=freeze.pk,
                grounds=LIFTED_FOR,
                by=world.people[JUDGE_OF[freeze.case.court.name]],
            )
    world.clock.until_answered()


def hand_everything_over(world: World) -> None:
    """Replies are entered, the ruling has come, the administrator has every asset."""
    referral, clerk = world.referral, world.people["clerk"]
    with world.clock.on(day.ACKNOWLEDGED_ON):
        receive_ruling(
            referral_id=referral.pk, received_on=day.LIFTED_ON, by=world.people["clerk"]
        )
        for letter in referral.notices.filter(acknowledged_on=None).order_by("pk"):
            acknowledge_notice(
                notice_id=letter.pk,
                acknowledged_on=day.ACKNOWLEDGED_ON,
                reply=LIFTED if letter.kind == NoticeKind.LIFT else STAYED,
                by=world.people[_answering(letter)],
            )
        _stop_watching(world, referral)
    with world.clock.on(day.HANDED_OVER_ON):
        hand_over(
            referral_id=referral.pk, proceeds_ids=[], by=clerk,
            handed_over_on=day.HANDED_OVER_ON,
        )  # fmt: skip
        for asset in Asset.objects.filter(case=referral.case, handed_over_on=None).exclude(
            belongs=Belonging.EXCLUDED
        ):
            take_asset(
                asset_id=asset.pk,
                handed_over_on=day.HANDED_OVER_ON,
                by=world.people["lead"],
            )
    world.clock.until_settled()


def _stop_watching(world: World, referral: Referral) -> None:
    """What was lifted cannot lapse: the case's clocks of freezes are done."""
    assert referral.case is not None
    for clock in referral.case.clocks.filter(deadline=FREEZE_ENDS, done_at=None):
        stop_clock(clock_id=clock.pk, by=world.people["judge"])


def _answering(letter: Notice) -> str:
    """The addressee's clerk; for an institution the clerk of the court that wrote."""
    court = letter.court if letter.court is not None else letter.sender
    return CLERK_OF[court.name]

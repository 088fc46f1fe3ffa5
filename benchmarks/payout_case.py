"""A case whose plan is approved and whose payments can begin, at any size, within seconds.

What the acts before it leave behind is written in bulk: register, shares, book. Everything
from the release on is done by the acts themselves.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from django.db import connection, transaction
from django.utils import timezone

from zhipo.accounts.models import Appointment, Organisation, User
from zhipo.accounts.roles import GIVEN_BY, OrganisationKind, Role
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.models import Claim
from zhipo.claims.search_hashes import make_findable
from zhipo.claims.states import PayoutChannel
from zhipo.distributions.chart import BANK, GENERAL, claims_of, open_chart
from zhipo.distributions.models import Plan, Share
from zhipo.distributions.states import PlanState
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.law.waterfall.order import ClaimClass
from zhipo.ledger.posting import Movement, post
from zhipo.payouts.actions.posting import open_paying_accounts
from zhipo.payouts.actions.preparing import prepare_release
from zhipo.payouts.actions.releasing import release_orders
from zhipo.payouts.channels import PAYS_FROM
from zhipo.payouts.models import Release
from zhipo.privacy.columns import lookup_hash

CONSUMER = ClaimClass.CONSUMER
PUT_SHARES = """COPY distributions_share (plan_id, claim_id, class_name, fen, baseline_fen,
    paid_fen, reserved_fen, unpaid_fen, parts) FROM STDIN"""
RULING = "（2026）湘0302破1号之三"
SEAL = "0" * 64
ACCOUNTS = {
    PayoutChannel.WECHAT: "oPayee{:08d}",
    PayoutChannel.ALIPAY: "payee-{:08d}@example.com",
}
_numbers = count(1)


@dataclass(frozen=True)
class PayingCase:
    """A case with money in its paying accounts, and who acts in it."""

    case: Case
    plan: Plan
    cashier: User
    lead: User


@transaction.atomic
def open_paying_case(
    people: int, *, channels: tuple[PayoutChannel, ...], seed: int = 1, parts: int = 1
) -> PayingCase:
    """So many consumers, each owed between 0.10 and 300 yuan by an approved plan, in so
    many parts that are due today; they take turns in how they want to be paid.
    """
    case = _case()
    lead, cashier, judge = (
        _person(role, organisation)
        for role, organisation in (
            (Role.ADMINISTRATOR_LEAD, case.administrator),
            (Role.ADMINISTRATOR_CASHIER, case.administrator),
            (Role.BANKRUPTCY_JUDGE, case.court),
        )
    )
    plan = _approved(case, parts, lead, judge)
    sums = _put_claims(case, people, channels, random.Random(seed))
    _put_shares(plan, sums, parts)
    _post(case.number, _totals(sums, channels))
    return PayingCase(case, plan, cashier, lead)


def released(paying: PayingCase, *, now: datetime) -> Release:
    """Everything that is due, prepared by the one and let go by the other."""
    made = prepare_release(
        plan_id=paying.plan.pk, until=timezone.localdate(), by=paying.cashier
    )
    return release_orders(release_id=made.pk, by=paying.lead, now=now)


def _case() -> Case:
    number, today = f"{next(_numbers)}-{datetime.now(UTC):%H%M%S%f}", timezone.localdate()
    organisations = {
        name: Organisation.objects.create(kind=kind, name=f"{kind} {number}")
        for name, kind in (
            ("court", OrganisationKind.COURT),
            ("administrator", OrganisationKind.ADMINISTRATOR),
        )
    }
    return Case.objects.create(
        slug=f"paying-{number}", number=f"（2026）湘0302破{number}号",
        debtor="湘潭鲜享家电子商务有限公司", brand="鲜享家", phase=Phase.DISTRIBUTION,
        accepted_on=today - timedelta(days=200), published_on=today - timedelta(days=190),
        filing_until=today - timedelta(days=150), meeting_on=today - timedelta(days=140),
        confirmed_on=today - timedelta(days=120), **organisations,
    )  # fmt: skip


def _person(role: Role, organisation: Organisation) -> User:
    assert organisation.kind == GIVEN_BY[role]
    user = User.objects.create(
        login=f"{role}-{organisation.pk}-{next(_numbers)}", is_staff_member=True
    )
    since = timezone.localdate() - timedelta(days=30)
    Appointment.objects.create(user=user, organisation=organisation, role=role, since=since)
    return user


def _approved(case: Case, parts: int, lead: User, judge: User) -> Plan:
    today = timezone.localdate()
    return Plan.objects.create(
        case=case, number=1, title="第一次分配方案", state=PlanState.APPROVED,
        procedure="liquidation", content={}, due_days=[today] * parts, law_date=today,
        register_sha256=SEAL, plan_sha256=SEAL, result_sha256=SEAL, made_by=lead,
        made_at=timezone.now(), ruling=RULING, ruled_on=today, ruled_by=judge,
    )  # fmt: skip


def _put_claims(
    case: Case, people: int, channels: tuple[PayoutChannel, ...], chance: random.Random
) -> dict[str, int]:
    """Confirmed claims, each with an account of its own; number -> fen."""
    filed, sums, claims = timezone.now() - timedelta(days=160), {}, []
    for place in range(people):
        number, fen = (
            f"A-{place // 1000:03d}-{place % 1000:03d}",
            chance.randint(10, 30_000),
        )
        channel = channels[place % len(channels)]
        account = ACCOUNTS[channel].format(chance.randrange(10**8))
        sums[number] = fen
        claim = Claim(
            case=case, number=number, kind="consumer", state="confirmed",
            claimed_fen=fen, admitted_fen=fen, confirmed_fen=fen, ruling=RULING,
            identity="trail", filed_at=filed, filed_through="phone",
            claimant=f"张三丰{place}", payout_channel=channel, payout_account=account,
            payout_hash=lookup_hash("account", account),
        )  # fmt: skip
        make_findable(claim)
        claims.append(claim)
    Claim.objects.bulk_create(claims, batch_size=2_000)
    return sums


def _put_shares(plan: Plan, sums: dict[str, int], parts: int) -> None:
    claims = dict(plan.case.claims.values_list("number", "pk"))
    with connection.cursor() as cursor, cursor.copy(PUT_SHARES) as copy:
        for number, fen in sums.items():
            split = [fen // parts + (place < fen % parts) for place in range(parts)]
            copy.write_row((plan.pk, claims[number], CONSUMER, fen, fen, fen, 0, 0, split))
    assert Share.objects.filter(plan=plan).count() == len(sums)


def _totals(
    sums: dict[str, int], channels: tuple[PayoutChannel, ...]
) -> dict[ChannelName, int]:
    """What each channel has to pay out in all."""
    found = dict.fromkeys((ChannelName.WECHAT, ChannelName.ALIPAY), 0)
    for place, fen in enumerate(sums.values()):
        found[ChannelName(channels[place % len(channels)].value)] += fen
    return found


def _post(book: str, totals: dict[ChannelName, int]) -> None:
    """Money came, was given out by the approval, and lies where it is paid from."""
    open_chart(book)
    open_paying_accounts(book)
    today, fen = timezone.localdate(), sum(totals.values())
    lines: dict[str, dict[str, int]] = {
        "received": {BANK: fen, GENERAL: -fen},
        "plan:1": {GENERAL: fen, claims_of(CONSUMER): -fen},
        "filled": {BANK: -fen, **{PAYS_FROM[one]: part for one, part in totals.items()}},
    }
    for key, each in lines.items():
        moved = {code: amount for code, amount in each.items() if amount}
        post(book, Movement(key, "open_paying_case", moved, today), by=None)

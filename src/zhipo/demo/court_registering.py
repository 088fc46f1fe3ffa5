"""Cases come in at three courts; one debtor under two names is joined, a shop stays out."""

from collections.abc import Sequence

from django.utils import translation

from zhipo.demo.court_cases import (
    COMPANY,
    ELSEWHERE,
    KAIFU_SERIES,
    KEPT_OUT,
    SHOP_SERIES,
    YUETANG_SERIES,
    YUHU_SERIES,
    Creditor,
    before_courts,
    entries_at,
)
from zhipo.demo.court_days import REGISTERED_ON
from zhipo.demo.court_people import JUDGE_OF
from zhipo.demo.court_plan import SHOP_CODE
from zhipo.demo.court_world import World
from zhipo.demo.web_people import COURT, KAIFU, YUETANG
from zhipo.enforcement.actions.joining import join_debtors
from zhipo.enforcement.actions.referrals import ReferralPlan, open_referral
from zhipo.enforcement.actions.registering import register_cases
from zhipo.enforcement.entries import DebtorEntry
from zhipo.enforcement.models import Debtor
from zhipo.enforcement.queries.joining import proposals_for
from zhipo.enforcement.states import ApplicantKind
from zhipo.law.triage.road import Road
from zhipo.web.refusals import Declined

JOINED_FOR = "字号、行业、法定代表人和住所一致，裁判文书载明系同一企业的旧名称。"
SHOPS_CREDITOR = Creditor("湘潭鲜丰包装有限公司", 860_000, "", ApplicantKind.SUPPLIER)


def register(world: World) -> None:
    """Each court registers its own; the court elsewhere knows another name and no code."""
    before = before_courts(world.folder)
    with world.clock.on(REGISTERED_ON):
        _register(world, COURT, YUHU_SERIES, before.yuhu, COMPANY)
        _register(world, COURT, SHOP_SERIES, [SHOPS_CREDITOR], KEPT_OUT)
        _register(world, YUETANG, YUETANG_SERIES, before.yuetang, COMPANY)
        _register(world, KAIFU, KAIFU_SERIES, before.kaifu, ELSEWHERE)


def join_names(world: World) -> None:
    """What linkage proposes is looked at and joined by a judge."""
    judge = world.people["enforcement"]
    with world.clock.on(REGISTERED_ON, hour=15):
        for one in proposals_for(judge, world.debtor):
            join_debtors(
                kept_id=one.kept.pk, joined_id=one.joined.pk, reason=JOINED_FOR, by=judge
            )


def why_shop_stays_out(world: World, *, lang: str) -> str:
    """Try to refer the shop; the reason for which it is refused (TRI-01), in a language."""
    shop = Debtor.objects.get(credit_code=SHOP_CODE)
    plan = ReferralPlan(
        leading_id=shop.cases.get().pk,
        receiving_id=world.court.pk,
        road=Road.REFER_LIQUIDATION,
        domicile=shop.address,
        is_at_domicile=True,
        cause=JOINED_FOR,
    )
    with translation.override(lang):
        try:
            open_referral(debtor_id=shop.pk, plan=plan, by=world.people["enforcement"])
        except Declined as declined:
            return declined.sentence
    raise AssertionError("a shop of a person's own was referred")


def _register(
    world: World,
    court: str,
    series: str,
    creditors: Sequence[Creditor],
    debtor: DebtorEntry,
) -> None:
    court_id = world.people.offices[court].pk
    entries = entries_at(court_id, creditors, debtor=debtor, series=series)
    register_cases(entries=entries, by=world.people[JUDGE_OF[court]])

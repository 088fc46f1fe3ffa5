"""Whose a thing is, what keeps its value, and holding back in lawful forms alone."""

from datetime import date
from typing import Any

import pytest

from factories import make_staff
from factories_inquiries import (
    CUSTODY,
    SHOP,
    WALLET,
    Bureau,
    NoTrail,
    fail_to_record,
    make_court,
)
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions import protecting
from zhipo.enforcement.actions.inquiring import ask_ownership
from zhipo.enforcement.actions.protecting import (
    Circumstances,
    Description,
    describe_property,
    find_ownership,
    protect,
    register_property,
)
from zhipo.enforcement.models import Debtor, OwnershipCheck, Property, Protection
from zhipo.enforcement.states import PropertyKind, Stage, Title
from zhipo.law.enforcement.freezes import Measure
from zhipo.law.enforcement.measures import Exempt
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db

SINCE = date(2025, 3, 3)


@pytest.fixture
def informed(informed_again: Bureau) -> Bureau:
    return informed_again


def hold_back(bureau: Bureau, reference: str = SHOP, **given: Any) -> Protection:
    values = {
        "circumstances": Circumstances(may_be_used=True),
        "grounds": "停用将使店铺失去活跃买家",
        "days": (SINCE, None),
        "by": bureau.judge,
    }
    return protect(
        case_id=bureau.case.pk, property_id=bureau.found(reference).pk, **values | given
    )


@pytest.mark.parametrize(
    ("circumstances", "form"),
    [
        (Circumstances(parties_settled=True), Measure.SETTLEMENT),
        (
            Circumstances(has_security=True, applicant_consents=True),
            Measure.DEFERRED_WITH_SECURITY,
        ),
        (Circumstances(may_be_used=True), Measure.SEIZED_IN_USE),
        (Circumstances(has_security=True, may_be_used=True), Measure.SEIZED_IN_USE),
    ],
)
def test_holding_back_names_its_lawful_form(
    informed: Bureau, circumstances: Circumstances, form: Measure
) -> None:
    assert hold_back(informed, circumstances=circumstances).form == form


@pytest.mark.parametrize(
    "circumstances",
    [
        Circumstances(),
        Circumstances(has_security=True),
        Circumstances(applicant_consents=True),
    ],
)
def test_holding_back_without_a_lawful_form_is_refused(
    informed: Bureau, circumstances: Circumstances
) -> None:
    with pytest.raises(NotInState, match="no_lawful_form") as refused:
        hold_back(informed, circumstances=circumstances)
    assert "《民事诉讼法》第二百四十二条" in refused.value.sentence
    assert not Protection.objects.exists()


@pytest.mark.parametrize(
    ("wanted", "security_until", "until"),
    [
        (None, None, date(2026, 3, 3)),
        (date(2027, 1, 1), None, date(2026, 3, 3)),
        (date(2025, 6, 1), None, date(2025, 6, 1)),
        (None, date(2025, 9, 1), date(2025, 9, 1)),
    ],
)
def test_deferral_ends_with_its_security_within_a_year(
    informed: Bureau, wanted: date | None, security_until: date | None, until: date
) -> None:
    deferred = Circumstances(
        has_security=True, applicant_consents=True, security_until=security_until
    )

    protection = hold_back(informed, circumstances=deferred, days=(SINCE, wanted))

    assert protection.until == until


def test_same_protection_again_is_the_one_that_stands(informed: Bureau) -> None:
    first, again = hold_back(informed), hold_back(informed)

    assert first.pk == again.pk
    assert Entry.objects.filter(event=Event.PROPERTY_PROTECTED).count() == 1


def test_protection_needs_grounds_and_days_in_order(informed: Bureau) -> None:
    with pytest.raises(NotInState, match="no_grounds"):
        hold_back(informed, grounds="")
    with pytest.raises(NotInState, match="protection_period"):
        hold_back(informed, days=(SINCE, SINCE))


def test_court_finds_whose_it_is_above_the_books(informed: Bureau) -> None:
    thing = informed.found(CUSTODY)
    found = find_ownership(
        case_id=informed.case.pk, property_id=thing.pk, outcome=Title.DEBTORS,
        grounds="分账协议未实际履行", by=informed.judge, now=informed.now,
    )  # fmt: skip
    informed.step(days=1)
    ask_ownership(case_id=informed.case.pk, property_ids=[thing.pk], by=informed.judge,
                  now=informed.now)  # fmt: skip
    informed.chase()

    thing.refresh_from_db()
    assert OwnershipCheck.objects.filter(target=thing).count() == 2
    assert (found.outcome, thing.title) == (Title.DEBTORS, Title.DEBTORS)


@pytest.mark.parametrize(
    ("outcome", "grounds"), [(Title.DEBTORS, " "), (Title.UNCHECKED, "无")]
)
def test_finding_has_an_outcome_and_grounds(
    informed: Bureau, outcome: Title, grounds: str
) -> None:
    with pytest.raises(NotInState, match="no_grounds"):
        find_ownership(
            case_id=informed.case.pk, property_id=informed.found(WALLET).pk,
            outcome=outcome, grounds=grounds, by=informed.judge,
        )  # fmt: skip


def test_virtual_property_says_what_would_destroy_it(informed: Bureau) -> None:
    shop = informed.found(SHOP)
    said = Description(
        control="店铺主账号由法定代表人手机登录",
        loses_value_if="连续 7 日停止发货即降权",
        exempt_as=None,
        value_fen=5,
    )

    for _ in range(2):
        describe_property(
            case_id=informed.case.pk, property_id=shop.pk, description=said,
            by=informed.judge,
        )  # fmt: skip

    shop.refresh_from_db()
    assert (shop.control, shop.value_fen) == (said.control, None)
    assert shop.holder == "湘潭鲜享家科技有限公司"
    entry = Entry.objects.get(event=Event.PROPERTY_DESCRIBED)
    assert entry.detail["changed"] == ["control", "loses_value_if"]


def register(bureau: Bureau, **given: Any) -> Property:
    values = {
        "kind": PropertyKind.BRAND,
        "label": "“鲜享家”商标（第35类）",
        "reference": "TM-1",
        "description": Description(value_fen=8_000_000, exempt_as=Exempt.OTHER_LAW),
        "by": bureau.judge,
    }
    return register_property(case_id=bureau.case.pk, **values | given)


def test_property_of_no_institution_is_registered_once(informed: Bureau) -> None:
    first, again = register(informed), register(informed)

    assert first.pk == again.pk
    assert (first.institution, first.value_fen) == (None, 8_000_000)
    assert first.exempt_as == Exempt.OTHER_LAW


ACTS = {
    "protect": lambda bureau, by: hold_back(bureau, by=by),
    "register": lambda bureau, by: register(bureau, by=by),
    "describe": lambda bureau, by: describe_property(
        case_id=bureau.case.pk, property_id=bureau.found(SHOP).pk,
        description=Description(control="x"), by=by,
    ),
    "find": lambda bureau, by: find_ownership(
        case_id=bureau.case.pk, property_id=bureau.found(SHOP).pk,
        outcome=Title.DISPUTED, grounds="x", by=by,
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_others_do_none_of_it(informed: Bureau, act: str) -> None:
    before = Entry.objects.count()

    for by in (
        make_staff(Role.COURT_PRESIDENT, informed.court),
        make_staff(Role.ENFORCEMENT_JUDGE, make_court("kaifu")),
    ):
        with pytest.raises(NotAllowed):
            ACTS[act](informed, by)
    assert Entry.objects.count() == before


@pytest.mark.parametrize("act", ACTS)
def test_none_of_it_after_acceptance(informed: Bureau, act: str) -> None:
    Debtor.objects.update(stage=Stage.ACCEPTED)

    with pytest.raises(NotInState):
        ACTS[act](informed, informed.judge)


@pytest.mark.parametrize("act", ACTS)
def test_none_of_it_unrecorded(
    informed: Bureau, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_to_record(monkeypatch, protecting)
    before = list(Property.objects.order_by("pk").values())

    with pytest.raises(NoTrail):
        ACTS[act](informed, informed.judge)
    assert list(Property.objects.order_by("pk").values()) == before
    assert not Protection.objects.exists()
    assert not OwnershipCheck.objects.exists()

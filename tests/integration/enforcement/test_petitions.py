"""Petitions and their clocks (D01 to D05): both sides of each edge, holidays, refusals."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from devices import device_of
from factories import (
    make_debtor,
    make_organisation,
    make_staff,
)
from zhipo.accounts.models import Organisation, User
from zhipo.accounts.roles import OrganisationKind, Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.enforcement.actions import petition_watching
from zhipo.enforcement.actions import petitions as acts
from zhipo.enforcement.actions.petition_watching import watch_petitions
from zhipo.enforcement.actions.petitions import (
    PetitionGiven,
    PetitionRuling,
    ask_petitioner,
    extend_ruling,
    notify_debtor,
    receive_petition,
    rule_on_petition,
    serve_refusal,
    take_objection,
    take_supplement,
)
from zhipo.enforcement.models import Petition, PetitionClock
from zhipo.enforcement.petition_states import Petitioner, PetitionOutcome, PetitionState
from zhipo.enforcement.queries.calendar import dues_of
from zhipo.enforcement.queries.petitions import missed_petition_clocks
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
TODAY = date(2025, 12, 31)
MONDAY = date(2025, 3, 3)
O = PetitionOutcome  # noqa: E741


@pytest.fixture
def clerk(court: Organisation) -> User:
    return make_staff(Role.COURT_CLERK, court)


@pytest.fixture
def bankruptcy(court: Organisation) -> User:
    return make_staff(Role.BANKRUPTCY_JUDGE, court)


@pytest.fixture
def petition(court: Organisation, clerk: User) -> Petition:
    """A creditor's, received on Monday 3 March 2025."""
    return receive(court, clerk)


def receive(
    court: Organisation,
    by: User,
    day: date = MONDAY,
    *,
    by_whom: Petitioner = Petitioner.CREDITOR,
    key: str = "k1",
    **given: Any,
) -> Petition:
    values = {"number": f"（2025）湘03破申{key}号", "name": "湘潭鲜享家电子商务有限公司",
              "petitioner": "湘潭供货商贸有限公司"}  # fmt: skip
    petition = PetitionGiven(by_whom=by_whom, received_on=day, **values | given)
    return receive_petition(
        court_id=court.pk, given=petition, form_key=key, by=by, today=TODAY
    )


def clocks(petition: Petition) -> dict[str, date]:
    return {one.deadline: one.last_day for one in petition.clocks.filter(done_on=None)}


def ruling(outcome: PetitionOutcome, day: date, grounds: str = "") -> PetitionRuling:
    return PetitionRuling(outcome, day, "（2025）湘03破申1号之一", grounds)


def told(petition: Petition, by: User, day: date = date(2025, 3, 5)) -> Petition:
    return notify_debtor(petition_id=petition.pk, notified_on=day, by=by, today=TODAY)


@pytest.mark.parametrize(
    ("received_on", "last_day"),
    [
        (date(2025, 3, 3), date(2025, 3, 8)),
        (date(2025, 9, 25), date(2025, 9, 30)),
        (date(2025, 9, 26), date(2025, 10, 9)),  # 1 October: the long holiday
        (date(2025, 1, 21), date(2025, 1, 26)),  # a Sunday that is worked (调休)
        (date(2025, 1, 22), date(2025, 1, 27)),
        (date(2025, 1, 23), date(2025, 2, 5)),  # New Year's Eve by the moon
    ],
)
def test_a_creditors_petition_starts_five_days_to_tell_and_to_ask(
    court: Organisation, clerk: User, received_on: date, last_day: date
) -> None:
    found = clocks(receive(court, clerk, received_on))

    expected = last_day if last_day != date(2025, 3, 8) else date(2025, 3, 10)  # a Saturday
    assert found == {"D01": expected, "D05": expected}


@pytest.mark.parametrize("by_whom", [Petitioner.DEBTOR, Petitioner.LIQUIDATOR])
@pytest.mark.parametrize(
    ("received_on", "last_day"),
    [
        (date(2025, 3, 3), date(2025, 3, 18)),
        (date(2025, 9, 15), date(2025, 9, 30)),
        (date(2025, 9, 16), date(2025, 10, 9)),
    ],
)
def test_any_other_petition_is_ruled_on_within_fifteen_days(
    court: Organisation, clerk: User, by_whom: Petitioner, received_on: date, last_day: date
) -> None:
    found = clocks(receive(court, clerk, received_on, by_whom=by_whom))

    assert found["D04"] == last_day
    assert "D01" not in found


@pytest.mark.parametrize(
    ("notified_on", "objects_until", "rule_until"),
    [
        (date(2025, 3, 5), date(2025, 3, 12), date(2025, 3, 24)),  # the 22nd: a Saturday
        (date(2025, 9, 23), date(2025, 9, 30), date(2025, 10, 10)),
        (date(2025, 9, 24), date(2025, 10, 9), date(2025, 10, 20)),  # the 19th: a Sunday
    ],
)
def test_the_notice_starts_the_debtors_seven_days_and_then_the_courts_ten(
    court: Organisation,
    clerk: User,
    notified_on: date,
    objects_until: date,
    rule_until: date,
) -> None:
    petition = receive(court, clerk)
    for _ in range(2):
        told(petition, clerk, notified_on)

    assert clocks(petition) == {
        "D02": objects_until, "D03": rule_until, "D05": date(2025, 3, 10),
    }  # fmt: skip
    assert PetitionClock.objects.get(deadline="D01").done_on == notified_on
    assert Entry.objects.filter(event=Event.PETITION_NOTIFIED).count() == 1


def test_days_of_supplementing_do_not_count(petition: Petition, clerk: User) -> None:
    told(petition, clerk)
    ask_petitioner(petition_id=petition.pk, what="营业执照", asked_on=date(2025, 3, 6),
                   by=clerk, today=TODAY)  # fmt: skip
    take_supplement(petition_id=petition.pk, supplemented_on=date(2025, 3, 16), by=clerk,
                    today=TODAY)  # fmt: skip

    # 22 March and ten days more: 1 April, a Tuesday.
    assert clocks(petition)["D03"] == date(2025, 4, 1)
    petition.refresh_from_db()
    assert petition.state == PetitionState.IN_REVIEW


def test_the_court_above_may_allow_fifteen_days_more_once(
    petition: Petition, clerk: User, bankruptcy: User
) -> None:
    given = {
        "petition_id": petition.pk,
        "approval": "（2025）湘高法复1号",
        "by": bankruptcy,
    }
    with pytest.raises(NotInState):
        extend_ruling(**given)  # nobody has told the debtor: no days run yet
    told(petition, clerk)

    for _ in range(2):
        extend_ruling(**given)

    assert clocks(petition)["D03"] == date(2025, 4, 7)  # 6 April is a Sunday
    with pytest.raises(NotInState):
        extend_ruling(**given | {"approval": "又一份"})


@pytest.mark.parametrize(
    ("day", "is_taken"), [(date(2025, 3, 12), True), (date(2025, 3, 13), False)]
)
def test_the_debtor_objects_within_seven_days(
    petition: Petition, clerk: User, day: date, is_taken: bool
) -> None:
    told(petition, clerk)
    given = {"petition_id": petition.pk, "objected_on": day, "text": "已清偿", "by": clerk,
             "today": TODAY}  # fmt: skip

    if is_taken:
        assert take_objection(**given).objected_on == day
        assert "D02" not in clocks(petition)
    else:
        with pytest.raises(NotInState):
            take_objection(**given)


@pytest.mark.parametrize(
    ("ruled_on", "is_taken"), [(date(2025, 3, 12), False), (date(2025, 3, 13), True)]
)
def test_nobody_rules_while_the_debtor_may_object(
    petition: Petition, clerk: User, bankruptcy: User, ruled_on: date, is_taken: bool
) -> None:
    told(petition, clerk)
    given = {"petition_id": petition.pk, "ruling": ruling(O.REFUSED, ruled_on, "理由"),
             "by": bankruptcy, "today": TODAY}  # fmt: skip

    if is_taken:
        assert rule_on_petition(**given) == rule_on_petition(**given)
        assert clocks(petition).keys() == {"D08b"}  # the refusal is to be served
        assert Entry.objects.filter(event=Event.PETITION_RULED).count() == 1
    else:
        with pytest.raises(NotInState):
            rule_on_petition(**given)


def test_after_an_objection_the_court_may_rule_at_once(
    petition: Petition, clerk: User, bankruptcy: User
) -> None:
    told(petition, clerk)
    take_objection(petition_id=petition.pk, objected_on=date(2025, 3, 7), text="x",
                   by=clerk, today=TODAY)  # fmt: skip

    done = rule_on_petition(
        petition_id=petition.pk, by=bankruptcy, today=TODAY,
        ruling=ruling(O.REFUSED, date(2025, 3, 8), "异议成立"),
    )  # fmt: skip

    assert (done.outcome, done.state) == (O.REFUSED, PetitionState.ENDED)


def test_a_petition_may_be_withdrawn_before_anybody_was_told(
    petition: Petition, bankruptcy: User
) -> None:
    done = rule_on_petition(
        petition_id=petition.pk, ruling=ruling(O.WITHDRAWN, date(2025, 3, 4)),
        by=bankruptcy, today=TODAY,
    )  # fmt: skip

    assert done.outcome == O.WITHDRAWN
    assert clocks(petition) == {}


def test_the_debtor_that_enforcement_knows_is_recognised(
    court: Organisation, clerk: User
) -> None:
    known = make_debtor(credit_code="91430302MA4L1234XU")

    found = receive(court, clerk, credit_code="91430302MA4L1234XU")

    assert found.debtor == known
    assert receive(court, clerk).pk == found.pk  # the same form is the same petition


def test_acceptance_is_no_ruling_without_its_case(
    petition: Petition, clerk: User, bankruptcy: User
) -> None:
    told(petition, clerk)
    before = state_of_things()

    with pytest.raises(NotInState, match="accept_with_case"):
        rule_on_petition(petition_id=petition.pk, by=bankruptcy, today=TODAY,
                         ruling=ruling(O.ACCEPTED, date(2025, 3, 13)))  # fmt: skip

    assert state_of_things() == before


@pytest.mark.parametrize(
    "given", [{"name": " "}, {"petitioner": ""}, {"number": " "}, {"day": date(2026, 1, 1)}]
)
def test_a_petition_without_its_facts_is_not_entered(
    court: Organisation, clerk: User, given: dict[str, Any]
) -> None:
    with pytest.raises(NotInState):
        receive(court, clerk, **given)

    assert not Petition.objects.exists()


def test_a_number_is_entered_once(
    court: Organisation, clerk: User, petition: Petition
) -> None:
    with pytest.raises(NotInState):
        receive(court, clerk, key="k2", number=petition.number)


def refused(petition: Petition, clerk: User, by: User) -> Petition:
    told(petition, clerk)
    given = ruling(O.REFUSED, date(2025, 3, 13), "没有破产原因")
    return rule_on_petition(petition_id=petition.pk, ruling=given, by=by, today=TODAY)


@pytest.mark.parametrize(
    ("served_on", "appeal_until"),
    [
        (date(2025, 3, 19), date(2025, 3, 31)),  # the 29th: a Saturday
        (date(2025, 3, 25), date(2025, 4, 7)),  # the 4th: the day of the tombs
    ],
)
def test_a_refusal_is_served_within_five_days_and_appealed_within_ten(
    petition: Petition,
    clerk: User,
    bankruptcy: User,
    served_on: date,
    appeal_until: date,
) -> None:
    refused(petition, clerk, bankruptcy)
    assert clocks(petition) == {"D08b": date(2025, 3, 18)}

    for _ in range(2):
        serve_refusal(petition_id=petition.pk, served_on=served_on, by=clerk, today=TODAY)

    assert clocks(petition) == {"D08": appeal_until}
    assert Entry.objects.filter(event=Event.REFUSAL_SERVED).count() == 1
    with pytest.raises(NotInState):
        serve_refusal(petition_id=petition.pk, served_on=date(2025, 3, 26), by=clerk,
                      today=TODAY)  # fmt: skip


@pytest.mark.parametrize("outcome", [O.WITHDRAWN, O.ACCEPTED, ""])
def test_only_a_refusal_is_served(petition: Petition, clerk: User, outcome: str) -> None:
    ended = {"state": PetitionState.ENDED, "outcome": outcome, "ruled_on": MONDAY}
    if outcome:
        Petition.objects.update(**ended)
    before = state_of_things()

    with pytest.raises(NotInState):
        serve_refusal(petition_id=petition.pk, served_on=MONDAY, by=clerk, today=TODAY)

    assert state_of_things() == before


def test_a_refusal_that_was_not_served_goes_to_the_president(
    petition: Petition, clerk: User, bankruptcy: User, court: Organisation
) -> None:
    refused(petition, clerk, bankruptcy)
    president = make_staff(Role.COURT_PRESIDENT, court)

    assert watch_petitions(date(2025, 3, 19)).escalated == 1
    (missed,) = missed_petition_clocks(president, date(2025, 3, 19))
    assert missed.deadline == "D08b"
    serve_refusal(petition_id=petition.pk, served_on=date(2025, 3, 19), by=clerk,
                  today=TODAY)  # fmt: skip
    assert watch_petitions(date(2025, 4, 30)).escalated == 0  # nobody has to appeal


def every_act(
    petition: Petition, day: date = date(2025, 3, 5)
) -> dict[str, Callable[[User], object]]:
    one = {"petition_id": petition.pk}
    return {
        "notify": lambda by: notify_debtor(**one, notified_on=day, by=by, today=TODAY),
        "ask": lambda by: ask_petitioner(**one, what="x", asked_on=day, by=by, today=TODAY),
        "rule": lambda by: rule_on_petition(**one, ruling=ruling(O.WITHDRAWN, day), by=by,
                                            today=TODAY),
        "receive": lambda by: receive(petition.court, by, key="k9"),
    }  # fmt: skip


LATER = ("objection", "supplement", "extend", "served")


def later_act(petition: Petition, name: str, clerk: User) -> Callable[[User], object]:
    """Acts that follow another; the one before them is done here."""
    one, day = {"petition_id": petition.pk}, date(2025, 3, 6)
    if name == "supplement":
        ask_petitioner(**one, what="x", asked_on=day, by=clerk, today=TODAY)
        return lambda by: take_supplement(**one, supplemented_on=day, by=by, today=TODAY)
    if name == "served":
        refused(petition, clerk, make_staff(Role.BANKRUPTCY_JUDGE, petition.court))
        day = date(2025, 3, 14)
        return lambda by: serve_refusal(**one, served_on=day, by=by, today=TODAY)
    told(petition, clerk)
    if name == "objection":
        return lambda by: take_objection(**one, objected_on=day, text="x", by=by,
                                         today=TODAY)  # fmt: skip
    return lambda by: extend_ruling(**one, approval="x", by=by)


def state_of_things() -> tuple[object, ...]:
    return (
        list(Petition.objects.order_by("pk").values()),
        list(PetitionClock.objects.order_by("pk").values()),
        Entry.objects.count(),
    )


@pytest.mark.parametrize("name", ["notify", "ask", "rule", "receive", *LATER])
def test_others_do_nothing_and_a_failing_trail_undoes_it(
    petition: Petition,
    clerk: User,
    bankruptcy: User,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acting = every_act(petition)
    act = acting[name] if name in acting else later_act(petition, name, clerk)
    before = state_of_things()
    strangers = (
        make_staff(Role.BANKRUPTCY_JUDGE),
        make_staff(Role.ENFORCEMENT_JUDGE, petition.court),
        make_staff(Role.COURT_PRESIDENT, petition.court),
    )
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            act(stranger)
    if name in {"rule", "extend"}:
        with pytest.raises(NotAllowed):
            act(clerk)

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no trail")

    monkeypatch.setattr(acts, "record", fail)
    with pytest.raises(RuntimeError):
        act(bankruptcy)

    assert state_of_things() == before


@pytest.mark.parametrize("name", ["notify", "ask", "rule", *LATER[:-1]])
def test_an_ended_petition_takes_no_act(
    petition: Petition, clerk: User, bankruptcy: User, name: str
) -> None:
    acting = every_act(petition)
    act = acting[name] if name in acting else later_act(petition, name, clerk)
    Petition.objects.filter(pk=petition.pk).update(
        state=PetitionState.ENDED, outcome=O.ACCEPTED, ruled_on=date(2025, 4, 1)
    )
    before = state_of_things()

    with pytest.raises(NotInState):
        act(bankruptcy)

    assert state_of_things() == before


@pytest.mark.parametrize("name", ["notify", "objection", "ask", "supplement"])
def test_what_was_done_is_not_done_on_another_day(
    petition: Petition, clerk: User, name: str
) -> None:
    one, other = {"petition_id": petition.pk, "by": clerk, "today": TODAY}, date(2025, 3, 7)
    if name in {"objection"}:
        told(petition, clerk)
    if name == "supplement":
        ask_petitioner(**one, what="x", asked_on=date(2025, 3, 6))
    again: dict[str, Callable[[date], object]] = {
        "notify": lambda day: notify_debtor(**one, notified_on=day),
        "objection": lambda day: take_objection(**one, objected_on=day, text="x"),
        "ask": lambda day: ask_petitioner(**one, what="x", asked_on=day),
        "supplement": lambda day: take_supplement(**one, supplemented_on=day),
    }
    again[name](date(2025, 3, 6))

    with pytest.raises(NotInState):
        again[name](other)


def test_a_debtors_own_petition_is_told_to_nobody(court: Organisation, clerk: User) -> None:
    petition = receive(court, clerk, by_whom=Petitioner.DEBTOR)

    with pytest.raises(NotInState):
        told(petition, clerk)


def test_a_missed_duty_is_reminded_of_then_reported_once_until_it_is_met(
    petition: Petition, clerk: User, court: Organisation
) -> None:
    president = make_staff(Role.COURT_PRESIDENT, court)
    days = [date(2025, 3, day) for day in (4, 5, 10, 11, 12)]

    found = [watch_petitions(day) for day in days]

    assert [one.reminded for one in found] == [0, 2, 2, 0, 0]  # D01 and D05
    assert [one.escalated for one in found] == [0, 0, 0, 1, 0]  # D05 lapses, D01 is a duty
    (missed,) = missed_petition_clocks(president, date(2025, 3, 11))
    assert missed.deadline == "D01"
    told(petition, clerk, date(2025, 3, 11))
    assert not missed_petition_clocks(president, date(2025, 3, 12)).exists()


def test_a_ruling_that_waits_for_papers_has_not_been_missed(
    court: Organisation, clerk: User
) -> None:
    petition = receive(court, clerk, by_whom=Petitioner.DEBTOR)
    ask_petitioner(petition_id=petition.pk, what="x", asked_on=date(2025, 3, 6), by=clerk,
                   today=TODAY)  # fmt: skip

    assert watch_petitions(date(2025, 3, 19)).escalated == 0
    take_supplement(petition_id=petition.pk, supplemented_on=date(2025, 3, 7), by=clerk,
                    today=TODAY)  # fmt: skip
    assert watch_petitions(date(2025, 3, 19)).escalated == 0  # one day was added
    assert watch_petitions(date(2025, 3, 20)).escalated == 1


def test_without_its_record_nothing_is_escalated(
    petition: Petition, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no trail")

    monkeypatch.setattr(petition_watching, "record", fail)
    with pytest.raises(RuntimeError):
        watch_petitions(date(2025, 4, 1))

    assert not PetitionClock.objects.filter(escalated_on__isnull=False).exists()


def test_deadlines_are_on_the_courts_calendar_and_on_no_others(
    petition: Petition, clerk: User
) -> None:
    told(petition, clerk)

    found = dues_of(clerk, date(2025, 3, 1), date(2025, 3, 31))

    assert {(one.words.split(".")[-1], one.day.day, one.is_done) for one in found} == {
        ("D01", 10, True), ("D03", 24, False),
        ("D05", 10, True), ("D02", 12, True),  # nobody failed: they are over
    }  # fmt: skip
    assert {one.name for one in found} == {petition.name}
    assert "《企业破产法》第十条" in {one.cite for one in found}
    for other in (make_staff(Role.COURT_CLERK), make_staff(Role.ENFORCEMENT_JUDGE)):
        assert dues_of(other, date(2025, 3, 1), date(2025, 3, 31)) == []


def test_by_browser_from_receipt_to_ruling(court: Organisation, bankruptcy: User) -> None:
    browser = device_of(bankruptcy)
    page = browser.get("/court/petitions/").content.decode()
    assert "还没有登记破产申请" in page
    given = {"court_id": court.pk, "form_key": "k1", "number": "（2025）湘03破申1号",
             "name": "鲜享家", "by_whom": "creditor_petitions", "petitioner": "甲公司",
             "received_on": "2025-03-03", "procedure": "liquidation"}  # fmt: skip

    answer = browser.post("/court/petitions/receive", given, follow=True)

    assert "通知债务人" in answer.content.decode()
    petition = Petition.objects.get()
    post(browser, petition, "notify", notified_on="2025-03-05")
    firm = make_organisation(OrganisationKind.ADMINISTRATOR)
    accepting = {"number": "一号", "case_number": "（2025）湘03破1号", "is_read": "on",
                 "administrator_id": firm.pk, "slug": "xianxiang"}  # fmt: skip
    early = post(browser, petition, "accept", ruled_on="2025-03-12", **accepting)
    assert early.status_code == 409
    assert "2025-03-12 以前可以提出异议" in early.content.decode()
    assert 'value="一号"' in early.content.decode()
    post(browser, petition, "accept", ruled_on="2025-03-13", **accepting)
    petition.refresh_from_db()
    assert petition.outcome == O.ACCEPTED
    assert "裁定受理" in browser.get("/court/petitions/").content.decode()
    page = browser.get(f"/court/petitions/{petition.pk}/").content.decode()
    assert "/court/xianxiang/" in page
    assert "（2025）湘03破1号" in page


@pytest.mark.parametrize("missing", ["is_read", "number"])
def test_a_ruling_is_entered_knowingly(
    petition: Petition, bankruptcy: User, missing: str
) -> None:
    given = {"outcome": "petition_withdrawn", "ruled_on": "2025-03-13", "number": "一号",
             "is_read": "on"}  # fmt: skip
    given.pop(missing)

    answer = post(device_of(bankruptcy), petition, "rule", **given)

    assert answer.status_code == 400
    petition.refresh_from_db()
    assert petition.outcome == ""


def test_another_court_does_not_find_it(petition: Petition) -> None:
    other = device_of(make_staff(Role.BANKRUPTCY_JUDGE, make_organisation()))

    assert other.get(f"/court/petitions/{petition.pk}/").status_code == 404
    assert post(other, petition, "notify", notified_on="2025-03-05").status_code == 404


def test_the_president_reads_and_sees_what_was_missed(
    petition: Petition, court: Organisation
) -> None:
    watch_petitions(date(2025, 3, 11))
    president = device_of(make_staff(Role.COURT_PRESIDENT, court))

    page = president.get("/court/petitions/").content.decode()

    assert "已超过期限" in page
    assert "登记破产申请</button>" not in page
    assert petition.name in president.get("/bureau/calendar").content.decode()


def post(browser: Client, petition: Petition, name: str, **given: Any) -> Any:
    return browser.post(f"/court/petitions/{petition.pk}/{name}", given)

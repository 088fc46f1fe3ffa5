"""How creditors on paper are paid: entered by one person, checked by another."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from docx import Document as Docx

from factories import make_creditor, make_staff
from factories_payouts import (
    FakeChannel,
    Paying,
    bring_to,
    fake_alipay,
    make_paying,
    make_prepared,
    make_released,
    orders_of,
    speak_to,
)
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.cases.models import Case
from zhipo.claims.actions.papers import path_of
from zhipo.claims.models import Adjustment, Claim, Message, Paper
from zhipo.claims.queries.creditor import text_of
from zhipo.claims.states import PayoutChannel
from zhipo.documents.queries import open_document
from zhipo.payouts.actions import way_letters, ways
from zhipo.payouts.actions.changing import change_payout
from zhipo.payouts.actions.way_letters import make_way_letter
from zhipo.payouts.actions.ways import (
    StatedWay,
    check_ways,
    enter_way,
    enter_ways,
    take_back_ways,
)
from zhipo.payouts.models import EnteredWay, FurtherWay
from zhipo.payouts.states import Ending, OrderState, WayState
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
P, S, W = PayoutChannel, OrderState, WayState
CARD = "6222020200112233"
SOURCE = "债权申报表第2页"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


@pytest.fixture(autouse=True)
def channels(monkeypatch: pytest.MonkeyPatch) -> None:
    speak_to(monkeypatch, FakeChannel(), fake_alipay())


@pytest.fixture
def paying() -> Paying:
    """Two creditors on paper: they chose nothing and have never signed in."""
    return make_paying(30_000, 40_000, channel=None)


@pytest.fixture
def claim(paying: Paying) -> Claim:
    return first_claim(paying)


def first_claim(paying: Paying) -> Claim:
    return paying.case.claims.order_by("pk").select_related("case")[0]


def scan(content: bytes = PNG) -> Any:
    return SimpleUploadedFile("form.png", content, content_type="image/png")


def stated(claim: Claim, **given: Any) -> StatedWay:
    values: dict[str, Any] = {"place": 1, "channel": P.BANK, "account": CARD,
                              "source": SOURCE}  # fmt: skip
    return StatedWay(claim.pk, **(values | given))


def entered(paying: Paying, claim: Claim, **given: Any) -> EnteredWay:
    return enter_way(stated=stated(claim, **given), proof=scan(), by=paying.people.reviewer)


def check(paying: Paying, *found: EnteredWay, by: Any = None) -> list[EnteredWay]:
    chosen = [one.pk for one in found]
    return check_ways(case_id=paying.case.pk, ways=chosen, by=by or paying.people.lead)


def test_what_is_entered_waits_and_its_paper_is_sealed_with_the_claim(
    paying: Paying, claim: Claim
) -> None:
    way = entered(paying, claim, account="6222 0202 0011 2233")

    assert (way.state, way.account, way.source) == (W.ENTERED, CARD, SOURCE)
    assert way.paper is not None
    assert path_of(way.paper).read_bytes() == PNG
    assert (way.paper.claim_id, way.paper.kind) == (claim.pk, "payout_way")
    claim.refresh_from_db()
    assert (claim.payout_channel, claim.payout_account) == ("", "")
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["paper"]) == ("ways_entered", way.paper.pk)
    assert CARD not in str(entry.detail)


def test_the_account_stands_encrypted(paying: Paying, claim: Claim) -> None:
    way = entered(paying, claim)

    with pytest.MonkeyPatch.context() as plain:
        plain.setattr("zhipo.privacy.columns.decrypt", lambda sealed: sealed.hex())
        sealed = EnteredWay.objects.get(pk=way.pk)
    assert CARD.encode().hex() not in sealed.account
    assert SOURCE.encode().hex() not in sealed.source


def test_another_person_checks_it_and_the_creditor_is_paid_so(
    paying: Paying, claim: Claim
) -> None:
    way = entered(paying, claim)

    (checked,) = check(paying, way)

    assert (checked.state, checked.ended_by_id) == (W.CHECKED, paying.people.lead.pk)
    claim.refresh_from_db()
    assert (claim.payout_channel, claim.payout_account) == (P.BANK, CARD)
    kept = Adjustment.objects.get(claim=claim, act="payout_chosen")
    assert kept.after == {"channel": "bank", "account": "************2233"}
    assert kept.by == paying.people.lead
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["count"]) == ("ways_checked", 1)
    told = Message.objects.get(claim=claim)
    assert claim.number in text_of(told)
    assert "2233" not in text_of(told)
    orders = {one.share.claim_id: one for one in orders_of(make_prepared(paying))}
    assert orders[claim.pk].payee_account == CARD


def test_the_same_again_changes_nothing(paying: Paying, claim: Claim) -> None:
    way = entered(paying, claim)
    with nothing_changes():
        assert entered(paying, claim).pk == way.pk
    check(paying, way)
    with nothing_changes():
        check(paying, way)
        assert entered(paying, claim).pk == way.pk
    assert Paper.objects.filter(claim=claim).count() == 1


def test_a_paper_that_is_there_already_is_named_not_doubled(
    paying: Paying, claim: Claim
) -> None:
    first = entered(paying, claim)
    assert first.paper is not None

    second = enter_way(
        stated=stated(claim, place=2, channel=P.ALIPAY, account="a@example.com"),
        proof=first.paper, by=paying.people.reviewer,
    )  # fmt: skip
    third = entered(paying, claim, place=3, channel=P.CASH, account="")

    assert second.paper == third.paper == first.paper
    assert third.account == ""


def test_a_paper_of_another_claim_proves_nothing(paying: Paying, claim: Claim) -> None:
    way = entered(paying, claim)
    assert way.paper is not None
    other = paying.case.claims.exclude(pk=claim.pk).get()

    with refused(NotInState, "other_paper"):
        enter_way(stated=stated(other), proof=way.paper, by=paying.people.reviewer)


def test_further_ways_stand_in_their_places(paying: Paying, claim: Claim) -> None:
    FurtherWay.objects.create(
        claim=claim, place=2, channel=P.CASH, account="", chosen_at=timezone.now(),
        chosen_by=paying.people.lead,
    )  # fmt: skip
    second = entered(paying, claim, place=2, channel=P.ALIPAY, account="a@example.com")
    third = entered(paying, claim, place=3, channel=P.CASH, account="")

    check(paying, second, third)

    rows = FurtherWay.objects.filter(claim=claim).order_by("place")
    assert [(one.place, one.channel, one.account) for one in rows] == [
        (2, P.ALIPAY, "a@example.com"), (3, P.CASH, ""),
    ]  # fmt: skip
    claim.refresh_from_db()
    assert claim.payout_channel == ""


def test_orders_that_no_channel_has_seen_end(paying: Paying, claim: Claim) -> None:
    release = make_released(paying)
    way = entered(paying, claim)

    check(paying, way)

    ended = [one for one in orders_of(release) if one.state == S.FAILED]
    assert [(one.share.claim_id, one.reason) for one in ended] == [
        (claim.pk, Ending.PAYEE_CHANGED)
    ]
    assert AuditEntry.objects.latest("position").detail["orders"] == 1


def test_it_can_be_entered_anew_until_the_payout_is_ordered(
    paying: Paying, claim: Claim
) -> None:
    check(paying, entered(paying, claim))
    check(paying, entered(paying, claim, channel=P.ALIPAY, account="b@example.com"))
    claim.refresh_from_db()
    assert claim.payout_account == "b@example.com"
    order = next(
        one for one in orders_of(make_released(paying)) if one.share.claim_id == claim.pk
    )
    other = stated(claim, account="6222020200998877")
    waiting = enter_way(stated=other, proof=scan(), by=paying.people.reviewer)
    bring_to(order, S.SENDING)

    with refused(NotInState, "way_stands"):
        entered(paying, claim, place=2)
    with refused(NotInState, "way_stands"):
        check(paying, waiting)

    bring_to(order, S.FAILED)
    check(paying, waiting)


def test_a_creditor_who_has_signed_in_says_it_themselves(
    paying: Paying, claim: Claim
) -> None:
    way = entered(paying, claim)
    assert claim.holder is not None
    Claim.objects.filter(pk=claim.pk).update(creditor=make_creditor(claim.holder.phone))

    with refused(NotInState, "way_is_creditors"):
        entered(paying, claim, place=2)
    with refused(NotInState, "way_is_creditors"):
        check(paying, way)


def test_one_entry_waits_at_a_place(paying: Paying, claim: Claim) -> None:
    way = entered(paying, claim)

    with refused(NotInState, "way_waits"):
        entered(paying, claim, account="6222020200998877")
    with refused(NotInState, "way_waits"):
        enter_way(stated=stated(claim), proof=scan(), by=paying.people.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnteredWay.objects.create(
            claim=claim, place=1, channel=P.CASH, paper=way.paper,
            entered_by=paying.people.lead, entered_at=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"channel": P.WECHAT}, "not_on_paper"),
        ({"account": ""}, "account_missing"),
        ({"account": "1" * 11}, "not_a_card"),
        ({"account": "1" * 25}, "not_a_card"),
        ({"account": "６２２２０２０２００１１２２３３"}, "not_a_card"),
        ({"channel": P.ALIPAY, "account": " "}, "account_missing"),
        ({"source": "  "}, "no_source"),
    ],
)
def test_what_no_channel_could_pay_is_not_entered(
    paying: Paying, claim: Claim, given: dict[str, Any], why: str
) -> None:
    with refused(NotInState, why):
        entered(paying, claim, **given)
    assert not Paper.objects.filter(claim=claim).exists()


@pytest.mark.parametrize("digits", [12, 24])
def test_the_shortest_and_the_longest_bank_account(
    paying: Paying, claim: Claim, digits: int
) -> None:
    assert entered(paying, claim, account="1" * digits).state == W.ENTERED


def test_a_wrong_entry_is_taken_back_and_stays_to_be_read(
    paying: Paying, claim: Claim
) -> None:
    way = entered(paying, claim)
    given = {"case_id": paying.case.pk, "ways": [way.pk], "by": paying.people.lead}
    with refused(NotInState, "no_reason"):
        take_back_ways(why=" ", **given)

    take_back_ways(why="看错了一位", **given)

    way.refresh_from_db()
    assert (way.state, way.why) == (W.TAKEN_BACK, "看错了一位")
    assert AuditEntry.objects.latest("position").event == "ways_taken_back"
    with nothing_changes():
        take_back_ways(why="看错了一位", **given)
    with refused(NotInState, "way_ended"):
        check(paying, way)
    assert entered(paying, claim).pk != way.pk


def test_what_is_checked_is_not_taken_back(paying: Paying, claim: Claim) -> None:
    way = entered(paying, claim)
    check(paying, way)

    with refused(NotInState, "way_ended"):
        take_back_ways(
            case_id=paying.case.pk, ways=[way.pk], why="x", by=paying.people.lead
        )
    with refused(NotInState, "way_ended"):
        check(paying, way, by=make_staff(
            Role.ADMINISTRATOR_REVIEWER, paying.case.administrator))  # fmt: skip


def test_whoever_entered_it_does_not_check_it(paying: Paying, claim: Claim) -> None:
    way = entered(paying, claim)

    with refused(NotAllowed, "own_way"):
        check(paying, way, by=paying.people.reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        EnteredWay.objects.filter(pk=way.pk).update(
            state=W.CHECKED, ended_by=way.entered_by_id, ended_at=timezone.now()
        )


def test_reviewers_of_the_case_alone(paying: Paying, claim: Claim) -> None:
    way, people, case = entered(paying, claim), paying.people, paying.case
    stranger = make_staff(Role.ADMINISTRATOR_LEAD)
    assert claim.holder is not None
    creditor = make_creditor(claim.holder.phone)

    for other in (people.cashier, people.judge, people.clerk, stranger, creditor):
        with refused(NotAllowed):
            enter_way(stated=stated(claim, place=2), proof=scan(), by=other)
        with refused(NotAllowed):
            enter_ways(case_id=case.pk, stated=[stated(claim)], batch="a", by=other)
        with refused(NotAllowed):
            check(paying, way, by=other)
        with refused(NotAllowed):
            take_back_ways(case_id=case.pk, ways=[way.pk], why="x", by=other)
        with refused(NotAllowed):
            make_way_letter(way_id=way.pk, by=other)


def test_a_failing_record_undoes_each_act(
    paying: Paying, claim: Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, lead = paying.case, paying.people.lead
    before = set(papers_on_disk(case))
    with failing_record(monkeypatch, ways):
        entered(paying, claim)
    assert set(papers_on_disk(case)) == before
    with failing_record(monkeypatch, ways):
        enter_ways(case_id=case.pk, stated=[stated(claim)], batch="a", by=lead)
    way = entered(paying, claim)
    with failing_record(monkeypatch, ways):
        take_back_ways(case_id=case.pk, ways=[way.pk], why="x", by=lead)
    make_released(paying)
    with failing_record(monkeypatch, ways):
        check(paying, way)
    check(paying, way)
    with failing_record(monkeypatch, way_letters):
        make_way_letter(way_id=way.pk, by=lead)


def papers_on_disk(case: Case) -> list[Path]:
    any_paper = Paper(path=f"papers/{case.slug}/x.png")
    return sorted(path_of(any_paper).parent.glob("*"))


def test_a_list_is_entered_as_a_whole_and_checked_as_a_whole(
    paying: Paying, django_assert_max_num_queries: Any
) -> None:
    case, people = paying.case, paying.people
    rows = [stated(one, account=f"62220202001122{one.pk % 100:02}")
            for one in case.claims.order_by("pk")]  # fmt: skip

    made = enter_ways(case_id=case.pk, stated=rows, batch="ab", by=people.reviewer)

    assert [one.batch for one in made] == ["ab", "ab"]
    with nothing_changes():
        again = enter_ways(case_id=case.pk, stated=rows, batch="ab", by=people.reviewer)
    assert again == made
    with refused(NotAllowed, "own_way"):
        check(paying, *made, by=people.reviewer)
    with django_assert_max_num_queries(60):
        check(paying, *made)
    accounts = Claim.objects.filter(case=case).order_by("pk")
    assert [one.payout_account for one in accounts] == [one.account for one in rows]
    assert Message.objects.filter(claim__case=case).count() == 2
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["count"]) == ("ways_checked", 2)


def test_one_row_that_may_not_be_holds_up_the_list(paying: Paying) -> None:
    case, reviewer = paying.case, paying.people.reviewer
    first, second = case.claims.order_by("pk")
    Claim.objects.filter(pk=second.pk).update(payout_ordered_at=timezone.now())
    rows = [stated(first), stated(second)]

    with refused(NotInState, "way_stands"):
        enter_ways(case_id=case.pk, stated=rows, batch="ab", by=reviewer)
    with refused(NotInState, "no_ways"):
        enter_ways(case_id=case.pk, stated=[], batch="ab", by=reviewer)
    with refused(NotInState, "way_waits"):
        enter_ways(case_id=case.pk, stated=[rows[0], rows[0]], batch="ab", by=reviewer)


def test_a_claim_of_another_case_is_not_there(paying: Paying) -> None:
    foreign = stated(first_claim(make_paying(1_000, channel=None)))
    reviewer = paying.people.reviewer

    with refused(Claim.DoesNotExist):
        enter_ways(case_id=paying.case.pk, stated=[foreign], batch="ab", by=reviewer)


def test_the_letter_says_what_was_entered_with_the_account_masked(
    paying: Paying, claim: Claim
) -> None:
    way = entered(paying, claim)
    with refused(NotInState, "way_not_checked"):
        make_way_letter(way_id=way.pk, by=paying.people.lead)
    check(paying, way)

    document = make_way_letter(way_id=way.pk, by=paying.people.lead)

    with open_document(document) as file:
        text = "\n".join(one.text for one in Docx(file).paragraphs)
    assert claim.holder is not None
    for words in (claim.holder.name, claim.number, SOURCE, "首选收款方式", "********2233"):
        assert words in text
    assert CARD not in text
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["purpose"]) == ("data_unmasked", "letter")
    assert make_way_letter(way_id=way.pk, by=paying.people.lead) == document


def test_the_creditor_who_signs_in_later_changes_it_as_any_other(
    paying: Paying, claim: Claim
) -> None:
    check(paying, entered(paying, claim))
    assert claim.holder is not None
    creditor = make_creditor(claim.holder.phone)
    Claim.objects.filter(pk=claim.pk).update(creditor=creditor)

    changed = change_payout(claim_id=claim.pk, channel=P.CASH, account="", by=creditor)

    assert changed.payout_channel == P.CASH


def test_the_scan_must_be_what_it_says(paying: Paying, claim: Claim) -> None:
    fake = SimpleNamespace(name="x.png", size=3, content_type="image/png",
                           file=scan(b"abc").file)  # fmt: skip

    with nothing_changes(), pytest.raises(Exception, match="paper"):
        enter_way(stated=stated(claim), proof=fake, by=paying.people.reviewer)

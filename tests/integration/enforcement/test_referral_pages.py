"""The bureau's pages of a referral: every state shown, acts by form, refusals in words."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from devices import device_of
from factories_referrals import (
    STEPS,
    Bench,
    elsewhere,
    make_freeze,
    make_referral,
    staff,
)
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.enforcement.actions.escalating import watch_clocks
from zhipo.enforcement.models import CourtRank, Property, Referral
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import PropertyKind
from zhipo.law.referral.handover import Held

pytestmark = pytest.mark.django_db
R = ReferralState


def client_of(user: User, language: str = "zh-hans") -> Client:
    device = device_of(user)
    device.cookies["zhipo_lang"] = language
    return device


def url(bench: Bench, rest: str = "referral") -> str:
    return f"/bureau/{bench.debtor.slug}/{rest}"


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("state", STEPS)
def test_every_state_is_shown_in_both_languages(
    bench: Bench, state: ReferralState, language: str
) -> None:
    make_freeze(bench.leading)
    is_far = state in (R.APPROVING, R.APPROVED)
    make_referral(bench, state, **({"receiving_id": elsewhere(bench).pk} if is_far else {}))

    for person in (bench.handler, bench.clerk, bench.president, bench.beside_clerk):
        client = client_of(person, language)
        for page in ("referral", "stay"):
            assert client.get(url(bench, page)).status_code == 200


def test_without_a_referral_the_page_says_so_and_offers_one(bench: Bench) -> None:
    page = text(client_of(bench.handler).get(url(bench)))

    assert "还没有启动移送" in page
    assert "启动移送" in page


def test_a_referral_goes_to_its_decision_by_forms(bench: Bench) -> None:
    handler, clerk = client_of(bench.handler), client_of(bench.clerk)
    today = str(timezone.localdate())
    opened = handler.post(
        url(bench, "referral/open"),
        {"leading": bench.leading.pk, "receiving": bench.intermediate.pk,
         "road": "REFER_LIQUIDATION", "domicile": "雨湖区", "is_at_domicile": "on",
         "cause": "不能清偿到期债务"},
    )  # fmt: skip
    assert opened.status_code == 302
    clerk.post(url(bench, "referral/ask"))
    asked = Referral.objects.get().consents.get(case=None)
    answered = clerk.post(
        url(bench, f"referral/consents/{asked.pk}"),
        {"answer": "agrees", "form": "questioning", "answered_on": today,
         "reference": "笔录"},
    )  # fmt: skip
    assert answered.status_code == 302

    signature = {"agrees": "yes", "text": "同意", "is_sure": "on"}
    handler.post(url(bench, "referral/sign/handler"), signature)
    for judge in bench.panel:
        client_of(judge).post(url(bench, "referral/sign/panel"), signature)
    waiting = text(client_of(bench.president).get("/bureau/signing"))
    assert bench.debtor.name in waiting
    client_of(bench.president).post(
        url(bench, "referral/sign/president"), {**signature, "number": "执移1号"}
    )

    referral = Referral.objects.get()
    assert referral.state == R.DECIDED
    page = text(client_of(bench.clerk).get(url(bench)))
    assert "移送破产审查决定书" in page


def test_a_refusal_comes_back_with_what_was_typed(bench: Bench) -> None:
    referral = make_referral(bench, R.COLLECTING)
    client_of(bench.clerk).post(url(bench, "referral/ask"))
    asked = referral.consents.get(case=None)

    answer = client_of(bench.clerk).post(
        url(bench, f"referral/consents/{asked.pk}"),
        {"answer": "agrees", "form": "written", "answered_on": str(timezone.localdate())},
    )

    assert answer.status_code == 400
    assert "同意移送须有书面材料" in text(answer)


def test_a_signature_asks_for_the_tick(bench: Bench) -> None:
    make_referral(bench, R.DECIDING)

    answer = client_of(bench.panel[0]).post(
        url(bench, "referral/sign/panel"), {"agrees": "yes", "text": "同意"}
    )

    assert answer.status_code == 400
    assert Referral.objects.get().signatures.count() == 1


def test_another_court_sees_the_fact_and_its_letter_alone(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    client_of(bench.clerk).post(
        url(bench, "stay/letters"),
        {"notice_ids": list(referral.notices.values_list("pk", flat=True))},
    )

    client = client_of(bench.beside_clerk)
    page = text(client.get(url(bench)))
    stay = text(client.get(url(bench, "stay")))

    assert bench.sending.name in page
    assert referral.cause not in page
    assert bench.leading.applicant not in page + stay
    assert "告知已知执行法院" in stay
    posted = client.post(url(bench, "referral/ask"))
    assert posted.status_code == 404


def test_the_other_court_answers_and_its_case_stays(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    notice = referral.notices.get()
    clerk = client_of(bench.clerk)
    clerk.post(url(bench, "stay/letters"), {"notice_ids": [notice.pk]})

    answer = client_of(bench.beside_clerk).post(
        url(bench, f"stay/letters/{notice.pk}"),
        {"acknowledged_on": str(timezone.localdate()), "reply": "已中止"},
    )

    assert answer.status_code == 302
    assert bench.debtor.cases.get(court=bench.beside).state == "suspended"


def test_the_court_above_approves_on_its_page(bench: Bench) -> None:
    referral = make_referral(bench, R.APPROVING, receiving_id=elsewhere(bench).pk)
    client = client_of(bench.above_judge)

    assert bench.debtor.name in text(client.get("/bureau/signing"))
    refused = client.post(f"/bureau/approvals/{referral.pk}", {"agrees": "yes"})
    done = client.post(
        f"/bureau/approvals/{referral.pk}",
        {"agrees": "yes", "text": "同意", "is_sure": "on"},
    )

    assert (refused.status_code, done.status_code) == (400, 302)
    referral.refresh_from_db()
    assert referral.state == R.APPROVED
    stranger = client_of(bench.president)
    assert stranger.post(f"/bureau/approvals/{referral.pk}", {}).status_code == 404


def test_service_sale_and_papers_by_form(bench: Bench) -> None:
    referral = make_referral(bench, R.DECIDED)
    clerk, handler = client_of(bench.clerk), client_of(bench.handler)
    Property.objects.create(
        debtor=bench.debtor, kind=PropertyKind.GOODS, label="鲜肉", reference="1",
        reference_hash="1" * 64, found_by="clue 1", as_of=timezone.now(),
    )  # fmt: skip
    today = str(timezone.localdate())
    target = bench.debtor.properties.get().pk

    served = clerk.post(
        url(bench, "referral/serve"),
        {"service_ids": list(referral.services.values_list("pk", flat=True)),
         "way": "post", "served_on": today, "proof": "XA1"},
    )  # fmt: skip
    sold = handler.post(
        url(bench, "referral/sales"),
        {"target_id": target, "what": "鲜肉 1 吨", "grounds": "易腐",
         "is_perishable": "on", "buyer": "肉联", "price_fen": "1200", "sold_on": today},
    )  # fmt: skip
    made = [
        clerk.post(url(bench, f"referral/papers/{one}")) for one in ("receipts", "letter")
    ]

    assert [one.status_code for one in (served, sold, *made)] == [302] * 4
    page = text(clerk.get(url(bench)))
    assert "移送函" in page
    document = page.split("/referral/kept/")[1].split('"')[0]
    fetched = clerk.get(url(bench, f"referral/kept/{document}"))
    assert fetched["Content-Disposition"].startswith("attachment")
    assert (
        client_of(bench.beside_clerk)
        .get(url(bench, f"referral/kept/{document}"))
        .status_code
        == 404
    )


def test_consent_inquiries_are_one_file(bench: Bench) -> None:
    make_referral(bench, R.COLLECTING)
    clerk = client_of(bench.clerk)

    nothing = clerk.post(url(bench, "referral/papers/consents"))
    clerk.post(url(bench, "referral/ask"))
    made = clerk.post(url(bench, "referral/papers/consents"))

    assert (nothing.status_code, made.status_code) == (409, 302)
    assert "征询意见书（3 件）" in text(clerk.get(url(bench)))
    assert clerk.post(url(bench, "referral/papers/unknown")).status_code == 404


def test_money_is_booked_paid_and_after_acceptance_handed_over(bench: Bench) -> None:
    clerk, handler = client_of(bench.clerk), client_of(bench.handler)
    today = timezone.localdate()
    form = {"booking-case_id": bench.leading.pk, "booking-what": "存款",
            "booking-held": "court_account", "booking-fen": "1000",
            "booking-since": str(today - timedelta(days=1))}  # fmt: skip
    assert clerk.post(url(bench, "stay/proceeds"), form).status_code == 302
    form |= {"booking-what": "余款", "booking-fen": "20"}
    clerk.post(url(bench, "stay/proceeds"), form)
    first, second = bench.leading.proceeds.order_by("pk")
    paid = handler.post(url(bench, f"stay/proceeds/{first.pk}"), {"paid_on": str(today)})
    cost = {"cost-case_id": bench.leading.pk, "cost-kind": "valuation",
            "cost-fen": "300", "cost-note": ""}  # fmt: skip
    assert clerk.post(url(bench, "stay/costs"), cost).status_code == 302
    make_referral(bench, R.ACCEPTED)

    again = handler.post(url(bench, f"stay/proceeds/{second.pk}"), {"paid_on": str(today)})
    ruling = clerk.post(url(bench, "stay/ruling"), {"received_on": str(today)})
    handed = clerk.post(
        url(bench, "stay/hand-over"),
        {"proceeds_ids": [second.pk], "handed_over_on": str(today), "is_sure": "on"},
    )

    assert [one.status_code for one in (paid, again, ruling, handed)] == [
        302,
        400,
        302,
        302,
    ]
    assert "第十六条" in text(again)
    second.refresh_from_db()
    assert (second.held, second.handed_over_on) == (Held.COURT_ACCOUNT, today)
    assert "随时清偿" in text(clerk.get(url(bench, "stay")))


def test_the_calendar_shows_the_month_and_gives_its_file(bench: Bench) -> None:
    make_referral(bench, R.DECIDED)
    watch_clocks(timezone.localdate())
    client = client_of(bench.president)

    page = text(client.get("/bureau/calendar?month=2025-07"))
    other = text(client.get("/bureau/calendar?month=2025-09"))
    odd = client.get("/bureau/calendar?month=x")
    file = client.get("/bureau/calendar.ics")

    assert "送达移送决定" in page
    assert "《执转破意见》第七条" in page
    assert "已报院长" in page
    assert "本月没有期限" in other
    assert odd.status_code == 200
    assert file["Content-Type"].startswith("text/calendar")
    assert file.content.startswith(b"BEGIN:VCALENDAR\r\n")


def test_a_president_enters_courts_by_form(bench: Bench) -> None:
    CourtRank.objects.filter(court=bench.beside).delete()
    form = {"court_id": bench.beside.pk, "level": "basic",
            "above_id": bench.intermediate.pk}  # fmt: skip

    clerk = client_of(bench.clerk).post("/bureau/courts", form)
    done = client_of(bench.president).post("/bureau/courts", form)

    assert (clerk.status_code, done.status_code) == (403, 302)
    assert CourtRank.objects.get(court=bench.beside).above == bench.intermediate
    own = client_of(staff(Role.COURT_PRESIDENT, bench.beside))
    wrong = own.post("/bureau/courts", form | {"above_id": bench.sending.pk})
    assert wrong.status_code == 400


def test_supplements_and_complaints_by_form(bench: Bench) -> None:
    referral = make_referral(bench, R.SUPPLEMENTING)
    supplement = referral.supplements.get()
    clerk = client_of(bench.clerk)

    handed = clerk.post(
        url(bench, f"referral/supplements/{supplement.pk}"), {"answer": "报表"}
    )
    referral.refresh_from_db()
    state = referral.state
    referral.clocks.filter(deadline="D33").update(
        last_day=timezone.localdate() - timedelta(days=1)
    )
    wrote = clerk.post(
        url(bench, "referral/complaints"), {"ground": "overran", "text": "逾期"}
    )
    complaint = referral.complaints.get()
    ordered = clerk.post(
        url(bench, f"referral/complaints/{complaint.pk}"),
        {"what": "order", "on": str(timezone.localdate())},
    )
    taken = clerk.post(
        url(bench, f"referral/complaints/{complaint.pk}"),
        {"what": "take", "on": str(timezone.localdate())},
    )

    assert state == R.UNDER_REVIEW
    assert [one.status_code for one in (handed, wrote, ordered, taken)] == [
        302,
        302,
        302,
        400,
    ]
    assert "还没有满十日" in text(taken)


@pytest.mark.parametrize(
    "rest",
    ["referral/consents/0", "referral/supplements/0", "referral/complaints/0",
     "referral/kept/0", "stay/letters/0", "stay/proceeds/0", "stay/places/0",
     "referral/sign/nobody"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(bench: Bench, rest: str) -> None:
    make_referral(bench, R.ACCEPTED)
    client = client_of(bench.handler)

    method = client.get if "kept" in rest else client.post

    assert method(url(bench, rest), {}).status_code == 404

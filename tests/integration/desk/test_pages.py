"""Pages of the desk: who comes in, that they answer, that their queries do not grow."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from factories import make_case, make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.claims.models import Claim, Message, Objection

SignIn = Callable[[User], Client]
PAGES = ["", "queue", "bulk?do=admit", "claims", "late", "silent", "objections", "register",
         "entering", "search"]  # fmt: skip
BOUND = 25


def doubtful(case: Any, **given: Any) -> Claim:
    values = {"state": "filed", "decision": "manual", "admitted_fen": 0,
              "reasons": ["NO_LEDGER"]}  # fmt: skip
    return make_claim(case, make_holder(case), **(values | given))


def fill(case: Any, count: int) -> None:
    for place in range(count):
        doubtful(case, is_late=place % 2 == 0)
        make_claim(case, make_holder(case))
        claim = doubtful(case, state="reviewed", decision="admit", admitted_fen=27_188)
        Objection.objects.create(claim=claim, by=make_staff(Role.AUDITOR),
                                 at=timezone.now(), text="不同意")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_answers_empty_and_full(
    case: Any, lead: User, signed_in: SignIn, page: str, language: str
) -> None:
    client = signed_in(lead)
    client.cookies["zhipo_lang"] = language
    address = f"/desk/{case.slug}/{page}"

    assert client.get(address, follow=True).status_code == 200
    fill(case, 3)
    assert client.get(address, follow=True).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_queries_do_not_grow_with_the_rows(
    case: Any, lead: User, signed_in: SignIn, page: str
) -> None:
    client, address = signed_in(lead), f"/desk/{case.slug}/{page}"
    fill(case, 2)
    with CaptureQueriesContext(connection) as few:
        client.get(address, follow=True)
    fill(case, 8)

    with CaptureQueriesContext(connection) as many:
        client.get(address, follow=True)

    assert len(many) <= len(few)
    assert len(many) <= BOUND * (2 if page == "queue" else 1)


@pytest.mark.parametrize("page", PAGES)
def test_strangers_stay_outside(case: Any, signed_in: SignIn, page: str) -> None:
    address = f"/desk/{case.slug}/{page}"
    other = make_staff(Role.ADMINISTRATOR_LEAD, make_case().administrator)

    assert Client().get(address).status_code == 302
    assert signed_in(make_creditor()).get(address).status_code == 403
    assert signed_in(make_staff(Role.ENFORCEMENT_JUDGE)).get(address).status_code == 403
    assert signed_in(other).get(address).status_code == 404


def test_court_looks_and_cannot_decide(case: Any, signed_in: SignIn) -> None:
    claim = doubtful(case)
    client = signed_in(make_staff(Role.BANKRUPTCY_JUDGE, case.court))

    page = client.get(f"/desk/{case.slug}/claims/{claim.pk}")
    answer = client.post(
        f"/desk/{case.slug}/claims/{claim.pk}/decide", {"decision": "admit"}
    )

    assert page.status_code == 200
    assert 'id="decide"' not in page.content.decode()
    assert answer.status_code == 403


def test_decision_leads_to_the_next_claim(case: Any, lead: User, signed_in: SignIn) -> None:
    first, second = doubtful(case), doubtful(case)
    client = signed_in(lead)

    answer = client.post(
        f"/desk/{case.slug}/claims/{first.pk}/decide", {"decision": "admit", "text": ""}
    )

    assert answer.headers["Location"] == (
        f"/desk/{case.slug}/claims/{second.pk}?last={first.pk}"
    )
    first.refresh_from_db()
    assert (first.state, first.admitted_fen) == ("reviewed", 27_188)


def test_wrong_figure_comes_back_with_what_was_typed(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    claim = doubtful(case)

    answer = signed_in(lead).post(
        f"/desk/{case.slug}/claims/{claim.pk}/decide",
        {"decision": "reduce", "admitted": "一百", "text": "账目较少"},
    )

    assert answer.status_code == 422
    assert "账目较少" in answer.content.decode()
    claim.refresh_from_db()
    assert claim.state == "filed"


def test_names_are_masked_until_unmasked_for_a_purpose(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    claim = doubtful(case)
    client, address = signed_in(lead), f"/desk/{case.slug}/claims/{claim.pk}"

    before = client.get(address).content.decode()
    shown = client.post(f"{address}/unmask", {"purpose": "call"}).content.decode()

    assert "王小明" not in before
    assert "13800138000" not in before
    assert "王小明" in shown
    assert "13800138000" in shown
    entry = Entry.objects.get(event=Event.DATA_UNMASKED)
    assert entry.detail == {"purpose": "call"}


def test_partial_of_the_dashboard_has_no_frame(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    answer = signed_in(lead).get(f"/desk/{case.slug}/", headers={"HX-Request": "true"})

    assert b"<html" not in answer.content
    assert b'class="figures"' in answer.content


def test_cost_meter_follows_the_law(case: Any, lead: User, signed_in: SignIn) -> None:
    page = (
        signed_in(lead).get(f"/desk/{case.slug}/", {"estate": "1000000"}).content.decode()
    )

    assert "¥6,900.00" in page  # half of 13,800: art. 13 on 1,000,000 yuan


def test_link_reproduces_the_view(case: Any, lead: User, signed_in: SignIn) -> None:
    small, large = doubtful(case, claimed_fen=100), doubtful(case, claimed_fen=90_000)
    client = signed_in(lead)

    page = client.get(
        f"/desk/{case.slug}/claims?least=500&sort=-claimed_fen&col=number&col=claimed_fen"
    ).content.decode()

    assert large.number in page
    assert f">{small.number}<" not in page
    assert 'aria-sort="descending"' in page


def test_message_of_a_decision_reads_in_both_languages(case: Any, lead: User) -> None:
    from zhipo.claims.actions.deciding import decide_claim
    from zhipo.claims.queries.creditor import text_of
    from zhipo.law.review.decision import Decision

    claim = doubtful(case, filed_at=timezone.now() - timedelta(days=1))
    decide_claim(claim_id=claim.pk, decision=Decision.ADMIT, admitted_fen=27_188, text="",
                 by=lead)  # fmt: skip

    assert "¥271.88" in text_of(Message.objects.get(claim=claim))

"""Each class of doubt has its own words and its own count on the dashboard."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from factories import make_claim, make_creditor, make_holder
from zhipo.accounts.models import User
from zhipo.claims.actions.filing import amend_claim
from zhipo.claims.actions.others import Statement, file_statement
from zhipo.claims.actions.reviewing import review_filed
from zhipo.claims.models import SecondEntry
from zhipo.claims.policies.doubts import Doubt, Waiting, doubts
from zhipo.claims.policies.reviewing import PersonalReason
from zhipo.claims.queries.desk import figures
from zhipo.claims.states import ClaimKind
from zhipo.law.review.decision import Reason
from zhipo.portals.desk.doubts import doubt_words

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BY_PAPERS = [kind for kind in ClaimKind if kind != ClaimKind.CONSUMER]


def stated(case: Any, kind: ClaimKind) -> Any:
    said = Statement(kind, f"债权人 {kind}", 100_000, "见材料")
    by = make_creditor(f"+86139{list(ClaimKind).index(kind):08d}")
    return file_statement(case_id=case.pk, said=said, form_key=kind, by=by)


def doubtful(case: Any, **given: Any) -> Any:
    values = {"state": "filed", "decision": "manual", "admitted_fen": 0}
    return make_claim(case, make_holder(case), **(values | given))


@pytest.mark.parametrize("is_reviewed", [False, True])
def test_whoever_stands_outside_the_books_is_counted_by_kind(
    case: Any, is_reviewed: bool
) -> None:
    for kind in ClaimKind:
        stated(case, kind)
    if is_reviewed:
        review_filed(case_id=case.pk)

    counted = figures(case).by_doubt

    assert counted == {f"ON_PAPERS.{kind}": 1 for kind in BY_PAPERS} | {"NO_LEDGER": 1}


def test_every_other_doubt_is_counted_as_itself(case: Any, lead: User) -> None:
    doubtful(case, decision="", admitted_fen=None, is_disputed=True)
    doubtful(case, reasons=["DISPUTED"])
    doubtful(case, reasons=["DISPUTED", "SHARED_PAYOUT_ACCOUNT"])
    by = make_creditor()
    decided = doubtful(case, state="reviewed", decision="admit", admitted_fen=27_188,
                       reasons=["MATCH"], creditor=by)  # fmt: skip
    amend_claim(claim_id=decided.pk, claimed_fen=30_000, statement="改", by=by)
    for other_by in (None, lead):
        entered = doubtful(case, reasons=["NO_LEDGER"])
        SecondEntry.objects.create(
            claim=entered, decision="admit", admitted_fen=1, entered_by=lead,
            entered_at=timezone.now(), other_by=other_by,
        )  # fmt: skip

    assert figures(case).by_doubt == {
        "DISPUTED": 3, "SHARED_PAYOUT_ACCOUNT": 1, "AMENDED": 1, "NO_LEDGER": 2,
        "SECOND_ENTRY": 1, "ENTRIES_DIFFER": 1,
    }  # fmt: skip


def test_dashboard_does_not_speak_of_suppliers_as_of_consumers(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    stated(case, ClaimKind.SUPPLIER)
    claim = stated(case, ClaimKind.BANK)
    client = signed_in(lead)

    page = client.get(f"/desk/{case.slug}/").content.decode()
    one = client.get(f"/desk/{case.slug}/claims/{claim.pk}").content.decode()

    assert "供应商：凭合同、发票、对账单审查" in page
    assert "债权人不认可账面金额" not in page
    assert "出借人：凭借款合同和放款凭证审查" in one
    assert "债权人不认可账面金额" not in one


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_every_class_has_words_of_its_own(lang: str) -> None:
    from django.utils import translation

    classes = [*Reason, *Doubt, PersonalReason.DISPUTED,
               *(f"ON_PAPERS.{kind}" for kind in BY_PAPERS)]  # fmt: skip

    with translation.override(lang):
        words = {doubt_words(one) for one in classes}

    assert len(words) == len(classes)


@pytest.mark.parametrize(
    ("waiting", "found"),
    [
        (Waiting("consumer", "manual", ["NO_LEDGER"], True), ["NO_LEDGER"]),
        (Waiting("consumer", "", [], True), ["DISPUTED"]),
        (Waiting("consumer", "manual", [], True), ["AMENDED"]),
        (Waiting("consumer", "", [], False), ["NO_LEDGER"]),
        (Waiting("supplier", "manual", [], False), ["ON_PAPERS.supplier"]),
        (Waiting("supplier", "manual", ["ON_PAPERS"], False, True),
         ["ON_PAPERS.supplier", "SECOND_ENTRY"]),
        (Waiting("bank", "", [], False, True, True), ["ON_PAPERS.bank", "ENTRIES_DIFFER"]),
    ],
)  # fmt: skip
def test_doubts_of_one_claim(waiting: Waiting, found: list[str]) -> None:
    assert [str(one) for one in doubts(waiting)] == found

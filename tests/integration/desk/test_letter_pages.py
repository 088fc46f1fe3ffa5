"""Letters at the desk: where their buttons stand, what comes down, to whom."""

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone

from factories import make_claim, make_creditor, make_holder, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.claims.actions.answering import answer_objection
from zhipo.claims.models import Objection, ReminderRound

SignIn = Callable[[User], Client]


def words_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content)
    return "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)


def objection(case: Any) -> Objection:
    claim = make_claim(case, make_holder(case), state="reviewed", decision="reduce",
                       admitted_fen=20_000)  # fmt: skip
    return Objection.objects.create(
        claim=claim, by=make_creditor(), at=timezone.now(), text="少算"
    )


def test_reply_is_offered_once_the_objection_has_its_answer(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    found, client = objection(case), signed_in(lead)
    address = f"/desk/{case.slug}/objections/{found.pk}"

    before = client.get(address).content.decode()
    early = client.post(f"{address}/reply")
    answer_objection(objection_id=found.pk, upheld_fen=None, text="核对过。", by=lead)
    after = client.get(address).content.decode()
    made = client.post(f"{address}/reply")

    assert (f"{address}/reply" in before, early.status_code) == (False, 409)
    assert f"{address}/reply" in after
    assert ".docx" in made.headers["Content-Disposition"]
    assert "核对过。" in words_of(made)


def test_letter_stands_beside_each_who_has_not_filed(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    claim, client = make_claim(case, make_holder(case)), signed_in(lead)
    address = f"/desk/{case.slug}/silent/letter/{claim.pk}"

    page = client.get(f"/desk/{case.slug}/silent").content.decode()

    assert address in page
    assert "王小明" not in page
    assert "王小明" in words_of(client.post(address))


def test_letters_of_the_filtered_list_are_one_document(
    case: Any, lead: User, signed_in: SignIn
) -> None:
    make_claim(case, make_holder(case, name="多多"), claimed_fen=90_000)
    make_claim(case, make_holder(case, name="少少"), claimed_fen=100)
    client, address = signed_in(lead), f"/desk/{case.slug}/silent"

    client.post(f"{address}/remind?least=500", {"channel": "letter"})
    ordered = ReminderRound.objects.get()
    text = words_of(client.post(f"{address}/{ordered.pk}/letters"))

    assert ("多多" in text, "少少" in text) == (True, False)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR_CASHIER, Role.BANKRUPTCY_JUDGE])
def test_who_writes_no_letters_is_offered_none(
    case: Any, signed_in: SignIn, role: Role
) -> None:
    home = case.court if role == Role.BANKRUPTCY_JUDGE else case.administrator
    claim, client = make_claim(case, make_holder(case)), signed_in(make_staff(role, home))
    address = f"/desk/{case.slug}/silent/letter/{claim.pk}"

    assert address not in client.get(f"/desk/{case.slug}/silent").content.decode()
    assert client.post(address).status_code == 403

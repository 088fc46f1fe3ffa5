"""Pre-filled claims: the generated case of 200 consumers, and corrected exports."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from books import CONSUMERS, book, event, generated, taken_in, users
from django.conf import settings
from django.db import connection

from factories import make_case, make_creditor, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.phases import Phase
from zhipo.claims.actions import prefilling
from zhipo.claims.actions.filing import file_claim, file_disputed
from zhipo.claims.actions.prefilling import prefill_claims
from zhipo.claims.actions.reviewing import review_filed
from zhipo.claims.models import Adjustment, Balance, Claim, Evidence, Holder, Message
from zhipo.claims.queries.books import changes_of
from zhipo.claims.queries.creditor import text_of
from zhipo.demo.case import ACCEPTED_ON
from zhipo.demo.generate import generate_yuhu
from zhipo.law.prepaid.refunds import ledger_balance_fen
from zhipo.law.review.decision import Decision
from zhipo.privacy.columns import lookup_hash

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def yuhu(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("yuhu") / "case"
    generate_yuhu(consumers=CONSUMERS, seed=1, out=folder)
    return folder


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, home=tmp_path)
    )


@pytest.fixture
def case() -> Any:
    return make_case(phase=Phase.FILING, accepted_on=ACCEPTED_ON)


@pytest.fixture
def lead(case: Any) -> Any:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


def state_of(case: Any) -> list[tuple[Any, ...]]:
    """Everything that pre-filling writes, but the ciphers."""
    claims = Claim.objects.filter(case=case).order_by("number")
    return list(
        claims.values_list("pk", "number", "state", "holder__phone_hash", "claimed_fen")
    )


def test_each_holder_who_is_owed_has_one_claim_of_the_true_balance(
    case: Any, lead: Any, yuhu: Path
) -> None:
    taken_in(case, lead, handed=generated(yuhu))

    with (yuhu / "truth_balances.csv").open(encoding="utf-8") as file:
        true = {row["holder_id"]: int(row["fen"]) for row in csv.DictReader(file)}
    owed = {holder: fen for holder, fen in true.items() if fen > 0}
    claims = Claim.objects.filter(case=case).select_related("holder")
    assert {one.holder.holder_id: one.claimed_fen for one in claims if one.holder} == owed
    assert all(one.state == "prefilled" and one.kind == "consumer" for one in claims)
    numbers = sorted(one.number for one in claims)
    assert (numbers[0], numbers[-1]) == ("A-000-001", f"A-000-{len(owed):03d}")
    balances = Balance.objects.filter(evidence__case=case)
    assert {one.holder.holder_id: one.ledger_fen for one in balances} == true


def test_balances_are_the_laws_own(case: Any, lead: Any, yuhu: Path) -> None:
    evidence = taken_in(case, lead, handed=generated(yuhu))

    for one in Balance.objects.filter(evidence=evidence)[:50]:
        assert one.ledger_fen == ledger_balance_fen(
            paid_fen=one.paid_fen,
            bonus_fen=one.bonus_fen,
            used_fen=one.used_fen,
            back_fen=one.back_fen,
        )


def test_what_is_personal_is_encrypted_and_found_by_hash(
    case: Any, lead: Any, yuhu: Path
) -> None:
    taken_in(case, lead, handed=generated(yuhu))

    with (yuhu / "holders.csv").open(encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    holder = Holder.objects.get(
        case=case, phone_hash=lookup_hash("phone", f"+86{row['phone']}")
    )
    assert holder.holder_id == row["holder_id"]
    assert (holder.name, holder.id_no) == (row["name"], row["id_no"])
    assert holder.id_hash == lookup_hash("id_no", row["id_no"])
    assert holder.phone_tail_hash == lookup_hash("phone_tail", row["phone"][-4:])
    assert holder.payer_hash == lookup_hash("account", row["payer_account"])


def test_again_changes_nothing(case: Any, lead: Any, yuhu: Path) -> None:
    taken_in(case, lead, handed=generated(yuhu))
    before = state_of(case)
    ciphers = [bytes(cipher) for cipher in _ciphers(case)]

    prefill_claims(case_id=case.pk)

    assert state_of(case) == before
    assert [bytes(cipher) for cipher in _ciphers(case)] == ciphers


CIPHERS = "SELECT name FROM claims_holder WHERE case_id = %s ORDER BY id"


def _ciphers(case: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(CIPHERS, [case.pk])
        return [row[0] for row in cursor.fetchall()]


def test_a_failing_audit_undoes_claims_and_balances(
    case: Any, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise RuntimeError("the audit fails")

    with monkeypatch.context() as patch:
        patch.setattr(prefilling, "record", failing)
        with pytest.raises(RuntimeError):
            taken_in(case, lead, book(event(1, "M1", "1.00")))
    assert not Claim.objects.exists()
    assert not Balance.objects.exists()

    prefill_claims(case_id=case.pk)

    assert Claim.objects.get().claimed_fen == 100


def test_without_sealed_books_nothing_is_done(case: Any) -> None:
    assert prefill_claims(case_id=case.pk) is None
    assert not Entry.objects.filter(chain=case.number).exists()


FIRST = (
    event(1, "M1", "100.00"),
    event(2, "M2", "50.00"),
    event(3, "M3", "30.00"),
    event(4, "M4", "20.00"),
    event(5, "M6", "7.00"),
)
SECOND = (
    event(1, "M1", "100.00"),
    event(2, "M2", "60.00"),
    event(3, "M3", "25.00"),
    event(5, "M5", "9.00"),
    event(6, "M6", "7.00"),
    event(7, "M6", "7.00", "退款"),
)
PEOPLE = users(*((f"M{i}", f"张{i}", "", f"1720000000{i}", f"wx-{i}") for i in range(1, 7)))


def claim_of(case: Any, holder: str) -> Claim:
    return Claim.objects.get(case=case, holder__holder_id=holder)


def test_a_corrected_export_brings_what_waits_up_to_date(case: Any, lead: Any) -> None:
    taken_in(case, lead, book(*FIRST), holders=PEOPLE)

    taken_in(case, lead, book(*SECOND), holders=PEOPLE)

    found = Claim.objects.filter(case=case).order_by("holder__holder_id")
    assert list(found.values_list("holder__holder_id", "number", "claimed_fen")) == [
        ("M1", "A-000-001", 10_000),
        ("M2", "A-000-002", 6_000),
        ("M3", "A-000-003", 2_500),
        ("M5", "A-000-004", 900),
    ]


def test_a_corrected_export_says_what_changed_for_whom(case: Any, lead: Any) -> None:
    first = taken_in(case, lead, book(*FIRST), holders=PEOPLE)
    second = taken_in(case, lead, book(*SECOND), holders=PEOPLE)

    assert first.changes["against"] is None
    assert first.changes["new"] == {"count": 5, "before_fen": 0, "after_fen": 20_700}
    assert second.changes == {
        "against": 1,
        "up": {"count": 1, "before_fen": 5_000, "after_fen": 6_000},
        "down": {"count": 1, "before_fen": 3_000, "after_fen": 2_500},
        "new": {"count": 1, "before_fen": 0, "after_fen": 900},
        "gone": {"count": 2, "before_fen": 2_700, "after_fen": 0},
        "claims": {"updated": 2, "gone": 2, "filed_changed": 0, "new": 1},
    }
    rows = changes_of(second, kind="", limit=10, offset=0)
    assert [(one.holder_id, one.kind, one.difference_fen) for one in rows] == [
        ("M4", "gone", -2_000),
        ("M2", "up", 1_000),
        ("M5", "new", 900),
        ("M6", "gone", -700),
        ("M3", "down", -500),
    ]
    assert rows[1].name == "张*"
    assert [
        one.holder_id for one in changes_of(second, kind="gone", limit=1, offset=1)
    ] == ["M6"]


def filed(case: Any, holder: str, number: int) -> Claim:
    person = make_creditor(f"+861720000000{number}")
    return file_claim(claim_id=claim_of(case, holder).pk, by=person)


@pytest.mark.parametrize(
    ("holder", "number", "after", "told"),
    [("M2", 2, 6_000, "¥60.00"), ("M4", 4, None, "¥0.00")],
)
def test_a_filed_claim_stands_and_its_creditor_is_told(
    case: Any, lead: Any, holder: str, number: int, after: int | None, told: str
) -> None:
    taken_in(case, lead, book(*FIRST), holders=PEOPLE)
    claim = filed(case, holder, number)
    claimed = claim.claimed_fen

    taken_in(case, lead, book(*SECOND), holders=PEOPLE)
    prefill_claims(case_id=case.pk)

    claim.refresh_from_db()
    assert (claim.state, claim.claimed_fen, claim.ledger_fen) == ("filed", claimed, after)
    history = Adjustment.objects.get(claim=claim)
    assert (history.before, history.after) == (
        {"ledger_fen": claimed},
        {"ledger_fen": after},
    )
    message = Message.objects.get(claim=claim)
    assert told in text_of(message)
    done = Evidence.objects.get(case=case, version=2).changes["claims"]
    assert done["filed_changed"] == 0  # the second run found nothing left to tell


def test_an_automatic_decision_falls_with_its_books_and_is_made_anew(
    case: Any, lead: Any
) -> None:
    taken_in(case, lead, book(*FIRST), holders=PEOPLE)
    claim = filed(case, "M3", 3)
    review_filed(case_id=case.pk)
    claim.refresh_from_db()
    assert (claim.decision, claim.admitted_fen) == (Decision.ADMIT, 3_000)

    taken_in(case, lead, book(*SECOND), holders=PEOPLE)
    claim.refresh_from_db()
    assert claim.decision == ""
    review_filed(case_id=case.pk)

    claim.refresh_from_db()
    assert (claim.decision, claim.admitted_fen) == (Decision.REDUCE, 2_500)
    assert claim.reasons == ["CLAIMED_MORE"]


def test_a_persons_decision_stands_under_other_books(case: Any, lead: Any) -> None:
    taken_in(case, lead, book(*FIRST), holders=PEOPLE)
    claim = filed(case, "M3", 3)
    Claim.objects.filter(pk=claim.pk).update(
        state="reviewed", decision="admit", admitted_fen=2_900, is_decided_by_person=True,
        decided_by=lead,
    )  # fmt: skip

    taken_in(case, lead, book(*SECOND), holders=PEOPLE)
    review_filed(case_id=case.pk)

    claim.refresh_from_db()
    assert (claim.decision, claim.admitted_fen, claim.ledger_fen) == ("admit", 2_900, 2_500)


def test_a_disputed_claim_stays_with_people(case: Any, lead: Any) -> None:
    taken_in(case, lead, book(*FIRST), holders=PEOPLE)
    claim = file_disputed(
        claim_id=claim_of(case, "M3").pk,
        claimed_fen=9_000,
        statement="还有一笔充值",
        by=make_creditor("+8617200000003"),
    )
    review_filed(case_id=case.pk)

    taken_in(case, lead, book(*SECOND), holders=PEOPLE)
    review_filed(case_id=case.pk)

    claim.refresh_from_db()
    assert (claim.state, claim.decision, claim.claimed_fen) == ("filed", "manual", 9_000)
    assert claim.reasons == ["CLAIMED_MORE", "DISPUTED"]


def test_one_entry_with_counts_is_recorded(case: Any, lead: Any) -> None:
    taken_in(case, lead, book(*FIRST), holders=PEOPLE)

    entry = Entry.objects.get(chain=case.number, event=Event.CLAIMS_PREFILLED)
    assert entry.detail["claims"] == {
        "updated": 0, "gone": 0, "filed_changed": 0, "new": 5,
    }  # fmt: skip


def test_two_cases_do_not_see_each_others_holders(case: Any, lead: Any) -> None:
    taken_in(case, lead, book(*FIRST), holders=PEOPLE)
    other = make_case(phase=Phase.FILING, accepted_on=ACCEPTED_ON)
    their_lead = make_staff(Role.ADMINISTRATOR_LEAD, other.administrator)

    taken_in(other, their_lead, book(*SECOND), holders=PEOPLE)

    assert Claim.objects.filter(case=case).count() == 5
    assert Claim.objects.filter(case=other).count() == 4
    assert Claim.objects.get(case=other, holder__holder_id="M2").claimed_fen == 6_000

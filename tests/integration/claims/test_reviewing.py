"""The automatic review: law and engine agree; people's claims are left to people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from books import book, event, taken_in, users
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import make_case, make_claim, make_creditor, make_staff
from zhipo.accounts.models import User
from zhipo.accounts.roles import Role
from zhipo.audit.events import Event
from zhipo.audit.models import Entry
from zhipo.cases.phases import Phase
from zhipo.claims.actions import reviewing
from zhipo.claims.actions.evidence import folder_of
from zhipo.claims.actions.filing import amend_claim, file_claim, file_disputed
from zhipo.claims.actions.review_by_engine import judge_by_engine
from zhipo.claims.actions.review_by_law import judge_by_law
from zhipo.claims.actions.reviewing import asked_of, review_filed
from zhipo.claims.models import Claim, Evidence
from zhipo.claims.policies.reviewing import Asked, Verdict
from zhipo.demo.case import ACCEPTED_ON
from zhipo.law.review.decision import Decision
from zhipo.privacy.columns import lookup_hash

pytestmark = pytest.mark.django_db
MEMBERS = range(1, 10)
PEOPLE = users(
    *(
        (f"M{i}", f"张{i}", f"43030219900101{i:04d}", f"1720000000{i}", f"wx-{i}")
        for i in MEMBERS
    )
)
BOOKS = book(
    *(event(i, f"M{i}", "100.00") for i in range(1, 9)),
    event(9, "M8", "100.00", "退款"),
    ("000010", "M7", "2025-09-15T10:00:00", "提货", "1.00"),
)
"""M8 was paid back; M7 has an event after acceptance; M9 is on the list alone."""


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, home=tmp_path)
    )


@pytest.fixture
def case() -> Any:
    return make_case(phase=Phase.FILING, accepted_on=ACCEPTED_ON)


@pytest.fixture
def books(case: Any) -> Evidence:
    lead = make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)
    return taken_in(case, lead, BOOKS, holders=PEOPLE)


def claim_of(case: Any, number: int) -> Claim:
    return Claim.objects.get(case=case, holder__holder_id=f"M{number}")


def filed(case: Any, number: int) -> Claim:
    person = make_creditor(f"+861720000000{number}")
    return file_claim(claim_id=claim_of(case, number).pk, by=person)


def share_an_account(case: Any, *numbers: int) -> None:
    Claim.objects.filter(
        case=case, holder__holder_id__in=[f"M{one}" for one in numbers]
    ).update(payout_channel="wechat", payout_hash=lookup_hash("account", "wx-shared"))


BOTH_WAYS = pytest.mark.parametrize("few", [1, 200], ids=["engine", "law"])
"""With `few` 1 even one claim goes to the engine; with 200 the small case to the law."""


@BOTH_WAYS
def test_a_match_is_admitted(case: Any, books: Evidence, few: int) -> None:
    claim = filed(case, 1)

    counts = review_filed(case_id=case.pk, few=few)

    claim.refresh_from_db()
    assert counts == {"admit": 1}
    assert (claim.state, claim.decision, claim.admitted_fen) == (
        "reviewed",
        "admit",
        10_000,
    )
    assert (claim.reasons, claim.rules) == (["MATCH"], ["cn.pre.18.1.2"])
    assert claim.decided_by is None
    entry = Entry.objects.get(chain=case.number, event=Event.CLAIMS_REVIEWED)
    assert entry.detail == {"version": 1, "fen": 10_000, "decisions": {"admit": 1}}


@BOTH_WAYS
def test_again_does_nothing(case: Any, books: Evidence, few: int) -> None:
    claim = filed(case, 1)
    review_filed(case_id=case.pk, few=few)
    first = Claim.objects.get(pk=claim.pk).decided_at

    assert review_filed(case_id=case.pk, few=few) == {}
    assert Claim.objects.get(pk=claim.pk).decided_at == first
    assert Entry.objects.filter(event=Event.CLAIMS_REVIEWED).count() == 1


@BOTH_WAYS
def test_another_identity_goes_to_people(case: Any, books: Evidence, few: int) -> None:
    claim = filed(case, 1)
    other = lookup_hash("id_no", "430302199001019999")
    User.objects.filter(pk=claim.creditor_id).update(id_hash=other)

    review_filed(case_id=case.pk, few=few)

    claim.refresh_from_db()
    assert (claim.state, claim.decision, claim.admitted_fen) == ("filed", "manual", 0)
    assert claim.reasons == ["IDENTITY_MISMATCH"]


@BOTH_WAYS
def test_an_account_shared_by_more_than_three_goes_to_people(
    case: Any, books: Evidence, few: int
) -> None:
    for number in (1, 2, 3, 4):
        filed(case, number)
    share_an_account(case, 1, 2, 3, 4)

    assert review_filed(case_id=case.pk, few=few) == {"manual": 4}


@BOTH_WAYS
def test_the_fourth_on_an_account_brings_the_three_back(
    case: Any, books: Evidence, few: int
) -> None:
    for number in (1, 2, 3):
        filed(case, number)
    share_an_account(case, 1, 2, 3)
    assert review_filed(case_id=case.pk, few=few) == {"admit": 3}
    filed(case, 4)
    share_an_account(case, 4)

    assert review_filed(case_id=case.pk, few=few) == {"manual": 4}
    decisions = set(
        Claim.objects.filter(case=case, state="reviewed").values_list("decision")
    )
    assert decisions == {("manual",)}


@BOTH_WAYS
def test_a_disputed_claim_goes_to_people(case: Any, books: Evidence, few: int) -> None:
    claim = file_disputed(
        claim_id=claim_of(case, 1).pk,
        claimed_fen=20_000,
        statement="漏记一笔",
        by=make_creditor("+8617200000001"),
    )

    review_filed(case_id=case.pk, few=few)

    claim.refresh_from_db()
    assert (claim.state, claim.decision) == ("filed", "manual")
    assert claim.reasons == ["CLAIMED_MORE", "DISPUTED"]


@BOTH_WAYS
@pytest.mark.parametrize(
    "decided",
    [{"state": "filed", "decision": "reject"}, {"state": "filed", "decision": ""}],
)
def test_a_persons_decision_is_never_overwritten(
    case: Any, books: Evidence, few: int, decided: dict[str, Any]
) -> None:
    claim = filed(case, 1)
    filed(case, 2)
    person = make_staff(Role.ADMINISTRATOR_REVIEWER, case.administrator)
    Claim.objects.filter(pk=claim.pk).update(
        **decided, is_decided_by_person=True, decided_by=person, admitted_fen=0
    )

    assert review_filed(case_id=case.pk, few=few) == {"admit": 1}

    claim.refresh_from_db()
    assert (claim.decision, claim.admitted_fen) == (decided["decision"], 0)


@BOTH_WAYS
@pytest.mark.parametrize(
    "change", [{"claimed_fen": 9_000}, {"payout_hash": "x" * 64}, {"is_disputed": True}]
)
def test_what_changes_while_it_is_judged_waits_for_the_next_round(
    case: Any,
    books: Evidence,
    few: int,
    change: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claim = filed(case, 1)
    name = "_many" if few == 1 else "_few"
    judge: Callable[..., list[Verdict]] = getattr(reviewing, name)

    def judge_slowly(*asked: Any) -> list[Verdict]:
        verdicts = judge(*asked)
        Claim.objects.filter(pk=claim.pk).update(**change)
        return verdicts

    with monkeypatch.context() as patch:
        patch.setattr(reviewing, name, judge_slowly)
        assert review_filed(case_id=case.pk, few=few) == {}
    claim.refresh_from_db()
    assert claim.decision == ""

    review_filed(case_id=case.pk, few=few)
    claim.refresh_from_db()
    assert claim.decision != ""


def test_claims_on_accounts_wait_until_the_balances_are_in(case: Any) -> None:
    claim = make_claim(case, state="filed", holder=_holder(case))

    assert review_filed(case_id=case.pk) == {}
    claim.refresh_from_db()
    assert claim.decision == ""


def _holder(case: Any) -> Any:
    from factories import make_holder

    return make_holder(case)


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [
        ("consumer", ["NO_LEDGER"]),
        ("supplier", ["ON_PAPERS"]),
        ("social_tax", ["ON_PAPERS"]),
        ("employee", ["ON_PAPERS"]),
    ],
)
def test_claims_without_an_account_always_go_to_people(
    case: Any, kind: str, reasons: list[str]
) -> None:
    claim = make_claim(case, kind=kind, state="filed")

    assert review_filed(case_id=case.pk) == {"manual": 1}

    claim.refresh_from_db()
    assert (claim.state, claim.decision, claim.reasons) == ("filed", "manual", reasons)
    assert review_filed(case_id=case.pk) == {}


def test_a_failing_audit_undoes_the_review(
    case: Any, books: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise RuntimeError("the audit fails")

    claim = filed(case, 1)
    monkeypatch.setattr(reviewing, "record", failing)

    with pytest.raises(RuntimeError):
        review_filed(case_id=case.pk)

    claim.refresh_from_db()
    assert (claim.state, claim.decision) == ("filed", "")


def test_one_new_claim_leaves_the_ledger_closed(case: Any, books: Evidence) -> None:
    filed(case, 1)
    (folder_of(books) / "ledger.parquet").unlink()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert review_filed(case_id=case.pk) == {"admit": 1}

    assert len(queries) < 20


def test_an_amended_claim_is_not_decided_by_rule(case: Any, books: Evidence) -> None:
    claim = filed(case, 1)
    review_filed(case_id=case.pk)
    amend_claim(claim_id=claim.pk, claimed_fen=9_000, statement="", by=claim.creditor)

    assert review_filed(case_id=case.pk) == {}
    claim.refresh_from_db()
    assert claim.decision == Decision.MANUAL


NOW = datetime(2025, 10, 1, tzinfo=UTC)


def asked_about_everything(case: Any, books: Evidence) -> list[Asked]:
    """One of each kind that the table knows, a superseded one included.

    The database lets one holder have one live claim, so the second claim of M1 and those
    of holders who are owed nothing stand here as review would see them.
    """
    for number in range(1, 8):
        filed(case, number)
    asked = asked_of(Claim.objects.filter(case=case), books)
    first = asked[0]
    last = max(one.claim_id for one in asked)

    def another(place: int, **changes: Any) -> Asked:
        at = NOW + timedelta(hours=place)
        own = {"claim_id": last + place, "filed_at": at, "payout_hash": str(place)}
        return replace(first, **(own | changes))

    shared = [replace(one, payout_hash="f" * 64) for one in asked[1:5]]
    other = replace(asked[5], id_hash="a" * 64)
    paid_back = {"holder_id": "M8", "ledger_fen": 0}
    unknown = {"holder_id": "M9", "ledger_fen": None}
    return [
        replace(first, filed_at=NOW),
        another(1, claimed_fen=12_000),
        another(2, claimed_fen=9_000),
        *shared,
        other,
        asked[6],
        another(3, **paid_back),
        another(4, **unknown),
        another(5, holder_id="M10", ledger_fen=None, is_disputed=True),
        another(6, holder_id="M11", ledger_fen=None, payout_hash="f" * 64),
    ]


@pytest.mark.parametrize("tolerance_fen", [0, 2_000])
def test_law_and_engine_agree(
    case: Any, books: Evidence, tmp_path: Path, tolerance_fen: int
) -> None:
    asked = asked_about_everything(case, books)

    by_law = judge_by_law(asked, among=asked, tolerance_fen=tolerance_fen)
    work = tmp_path / "work"
    work.mkdir()
    by_engine = judge_by_engine(
        asked,
        ledger=folder_of(books) / "ledger.parquet",
        accepted_on=case.accepted_on,
        tolerance_fen=tolerance_fen,
        work=work,
    )

    lawful = {one.asked.claim_id: one for one in by_law}
    columnar = {one.asked.claim_id: one for one in by_engine}
    assert lawful == columnar
    seen = {reason for one in lawful.values() for reason in one.reasons}
    assert seen >= {
        "SUPERSEDED", "SHARED_PAYOUT_ACCOUNT", "IDENTITY_MISMATCH", "NO_LEDGER", "DISPUTED",
        "NOTHING_OWED", "AFTER_ACCEPTANCE",
    }  # fmt: skip


def test_no_personal_data_goes_into_the_work_folder(
    case: Any, books: Evidence, tmp_path: Path
) -> None:
    filed(case, 1)
    work = tmp_path / "work"
    work.mkdir()
    list(
        judge_by_engine(
            asked_of(Claim.objects.filter(case=case, state="filed"), books),
            ledger=folder_of(books) / "ledger.parquet",
            accepted_on=case.accepted_on,
            tolerance_fen=0,
            work=work,
        )
    )

    kept = b"".join(path.read_bytes() for path in work.rglob("*") if path.is_file())
    for text in ("wx-1", "430302199001010001", "17200000001", "张1"):
        assert text.encode() not in kept

"""A bill against the book: matched one to one, the rest listed, read again as it stands."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from factories import make_case, make_staff
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.distributions.actions import reconciling
from zhipo.distributions.actions.money import Receipt, enter_money
from zhipo.distributions.actions.reconciling import (
    reconcile_account,
    statement_of,
)
from zhipo.distributions.bills import bill_formats, read_bill
from zhipo.distributions.chart import BANK, GENERAL
from zhipo.distributions.models import Bill
from zhipo.distributions.sources import Source
from zhipo.kernel.faults import Refused
from zhipo.ledger.reconciling import Moved
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
DAY = date(2025, 10, 9)
SAMPLES = Path(__file__).resolve().parents[2] / "unit" / "engine" / "evidence" / "samples"


@pytest.fixture
def case() -> Case:
    case = make_case(phase=Phase.CHECKING)
    cashier = make_staff(Role.ADMINISTRATOR_CASHIER, case.administrator)
    for key, fen in (("a", 1_000), ("b", 2_000), ("c", 3_000)):
        enter_money(
            case_id=case.pk,
            receipt=Receipt(Source.SOLD, BANK, GENERAL, fen, DAY, f"R-{key}"),
            form_key=key,
            by=cashier,
        )
    return case


@pytest.fixture
def lead(case: Case) -> Any:
    return make_staff(Role.ADMINISTRATOR_LEAD, case.administrator)


def reconciled(case: Case, by: Any, *lines: Moved) -> Bill:
    statement = statement_of("十月.csv", b"10", lines)
    return reconcile_account(case_id=case.pk, account=BANK, statement=statement, by=by)


def test_what_does_not_match_is_listed_with_why(case: Case, lead: Any) -> None:
    bill = reconciled(
        case, lead, Moved("R-a", 1_000, DAY), Moved("R-b", 2_001, DAY), Moved("", 9, DAY)
    )

    found = [(one["why"], one["book"] and one["book"]["fen"],
              one["bill"] and one["bill"]["fen"]) for one in bill.differences]  # fmt: skip
    assert sorted(found, key=str) == [
        ("only_in_bill", None, 9),
        ("only_in_book", 3_000, None),
        ("other_sum", 2_000, 2_001),
    ]
    assert bill.matched == 1
    last = AuditEntry.objects.filter(chain=case.number).latest("position")
    assert (last.event, last.detail["differences"]) == ("bill_reconciled", 3)


def test_the_same_bill_is_compared_anew_and_kept_once(case: Case, lead: Any) -> None:
    lines = (Moved("R-a", 1_000, DAY), Moved("R-b", 2_000, DAY), Moved("R-c", 3_000, DAY))
    first = reconciled(case, lead, *lines[:2])

    again = reconciled(case, lead, *lines)

    assert (again.pk, again.differences, again.matched) == (first.pk, [], 3)


def test_another_role_another_account_and_an_empty_bill_are_refused(
    case: Case, lead: Any
) -> None:
    line = Moved("R-a", 1_000, DAY)

    with pytest.raises(NotAllowed):
        reconciled(case, make_staff(Role.BANKRUPTCY_JUDGE, case.court), line)
    with pytest.raises(NotInState):
        reconcile_account(case_id=case.pk, account=GENERAL,
                          statement=statement_of("x", b"", [line]), by=lead)  # fmt: skip
    with pytest.raises(NotInState):
        reconciled(case, lead)
    assert not Bill.objects.exists()


def test_a_failing_record_undoes_it(
    case: Case, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(reconciling, "record", failing)

    with pytest.raises(RuntimeError):
        reconciled(case, lead, Moved("R-a", 1_000, DAY))

    assert not Bill.objects.exists()


def test_a_banks_statement_is_read_with_signs_and_days_and_without_its_words() -> None:
    lines = read_bill(SAMPLES / "icbc.csv", read_as="icbc")

    assert [(line.fen, line.on) for line in lines] == [
        (120_000, date(2024, 3, 1)),
        (-20_000, date(2024, 3, 2)),
    ]
    assert {line.reference for line in lines} == {""}


def test_a_merchants_fund_flow_is_matched_by_number() -> None:
    lines = read_bill(SAMPLES / "fundflow.csv", read_as="wechat-fundflow")

    assert all(line.reference for line in lines)


def test_a_file_that_is_no_such_bill_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "bill.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(Refused):
        read_bill(wrong, read_as="icbc")


def test_bills_of_a_persons_own_account_are_not_offered() -> None:
    assert "icbc" in bill_formats()
    assert "alipay" not in bill_formats()

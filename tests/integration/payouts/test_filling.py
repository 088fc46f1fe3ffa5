"""Money moves from the administrator's bank to the accounts that channels pay from."""

from dataclasses import replace
from datetime import timedelta

import pytest

from factories import make_staff
from factories_plans import TODAY, make_funded_case
from integration.payouts.unchanged import failing_record, nothing_changes, refused
from zhipo.accounts.roles import Role
from zhipo.audit.models import Entry as AuditEntry
from zhipo.distributions.chart import BANK
from zhipo.gateways.payouts.channel import ChannelName
from zhipo.ledger.queries import balance_fen, trial_balance
from zhipo.payouts.actions import filling
from zhipo.payouts.actions.filling import Filling, fill_paying_account
from zhipo.payouts.channels import PAYS_FROM
from zhipo.web.refusals import NotAllowed, NotInState

pytestmark = pytest.mark.django_db
MOVED = Filling(ChannelName.WECHAT, 400_000, TODAY, "B-77")


def test_the_account_is_filled_once_for_a_form() -> None:
    case, people = make_funded_case(1_000_000)

    fill_paying_account(case_id=case.pk, filling=MOVED, form_key="k", by=people.cashier)

    assert balance_fen(case.number, BANK) == 600_000
    assert balance_fen(case.number, PAYS_FROM[ChannelName.WECHAT]) == 400_000
    lines = trial_balance(case.number)
    assert sum(one.debit_fen for one in lines) == sum(one.credit_fen for one in lines)
    entry = AuditEntry.objects.latest("position")
    assert (entry.event, entry.detail["fen"]) == ("paying_account_filled", 400_000)
    with nothing_changes():
        fill_paying_account(case_id=case.pk, filling=MOVED, form_key="k", by=people.cashier)
    with refused(NotInState, "other_form"):
        fill_paying_account(
            case_id=case.pk, filling=replace(MOVED, fen=1), form_key="k", by=people.cashier
        )


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"fen": 1_000_001}, "bank_holds_less"),
        ({"fen": 0}, "not_a_sum"),
        ({"fen": -5}, "not_a_sum"),
        ({"channel": ChannelName.BY_CASH}, "not_a_sum"),
        ({"value_on": TODAY + timedelta(days=1)}, "not_yet"),
    ],
)
def test_what_cannot_be_is_refused(changed: dict[str, object], key: str) -> None:
    case, people = make_funded_case(1_000_000)
    wrong = replace(MOVED, **changed)  # type: ignore[arg-type]

    with refused(NotInState, key):
        fill_paying_account(case_id=case.pk, filling=wrong, form_key="k", by=people.cashier)


def test_only_the_cashier_fills() -> None:
    case, people = make_funded_case(1_000_000)
    stranger = make_staff(Role.ADMINISTRATOR_CASHIER)

    for other in (people.lead, people.reviewer, people.judge, people.clerk, stranger):
        with refused(NotAllowed):
            fill_paying_account(case_id=case.pk, filling=MOVED, form_key="k", by=other)


def test_a_failing_record_undoes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    case, people = make_funded_case(1_000_000)

    with failing_record(monkeypatch, filling):
        fill_paying_account(case_id=case.pk, filling=MOVED, form_key="k", by=people.cashier)

"""The demonstration's second half, small: register, plan, payments, all books compared."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from ports import free_ports
from zhipo.audit.models import Entry
from zhipo.cases.models import Case
from zhipo.cases.phases import Phase
from zhipo.claims.actions.reviewing import review_filed
from zhipo.claims.models import Claim
from zhipo.demo import past, web_payouts
from zhipo.demo.days import days_of, opened_on
from zhipo.demo.steps import Clock
from zhipo.demo.web_case import open_demo_case
from zhipo.demo.web_checks import BOOK_OF
from zhipo.demo.web_doors import phones
from zhipo.demo.web_end import End, filed_case, finish
from zhipo.demo.web_filing import file_in_bulk, people_of
from zhipo.demo.web_paid_table import agree_lines, paid_lines
from zhipo.demo.web_report import PAGE, write_paid_report
from zhipo.distributions.costs import CostKind
from zhipo.distributions.models import CostPayment, Share
from zhipo.gateways.payouts.sandbox.running import PayoutSandboxes
from zhipo.kernel.identifiers import parse_phone
from zhipo.ledger.models import Transaction
from zhipo.payouts import channels as known_channels
from zhipo.payouts.models import Deposit, Order, Release
from zhipo.payouts.states import OPEN, OrderState

pytestmark = pytest.mark.django_db
CONSUMERS = 150
DIFFICULT = 0.5
"""Half of all transfers: every manner is met in each run, whatever the references are."""


class Interrupted(Exception):
    """What stops the demonstration in the middle of its payments."""


@dataclass
class Ended:
    """The case before and after, its folder and the channels that still run."""

    case: Case
    out: Path
    channels: PayoutSandboxes
    end: End

    def finished_again(self) -> End:
        return finished(self.case, self.channels, self.out)


def finished(case: Case, channels: PayoutSandboxes, out: Path) -> End:
    return finish(case, consumers=CONSUMERS, channels=channels, out=out, clock=Clock("zh"))


@pytest.fixture(scope="module")
def ended(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ended]:
    """One demonstration for the module, interrupted once while it pays, then gone on.

    Committed act by act, as it is: ten thousand acts in one transaction are slow.
    """
    out = tmp_path_factory.mktemp("demo")
    home = out / "home"
    home.mkdir()
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        demo = replace(settings.ENVIRONMENT, home=home, is_demo=True)
        patch.setattr(settings, "ENVIRONMENT", demo)
        stack.enter_context(mock.patch.dict(os.environ))
        patch.setattr(web_payouts, "DIFFICULT", DIFFICULT)
        known_channels.spoken.cache_clear()
        stack.callback(known_channels.spoken.cache_clear)
        stack.callback(call_command, "flush", verbosity=0, interactive=False)
        case = filed(home, out)
        channels = stack.enter_context(
            web_payouts.running_channels(out / "payouts", port_base=free_ports(3))
        )
        interrupt(case, channels, out)
        yield Ended(case, out, channels, finished(case, channels, out))


def filed(home: Path, out: Path) -> Case:
    with past.at(past.morning_of(opened_on())):
        case = open_demo_case(home=home, out=out, consumers=CONSUMERS).case
        file_in_bulk(case, people_of(out / "case"), told=lambda done, total: None)
        review_filed(case_id=case.pk)
    assert filed_case() is None
    return case


def interrupt(case: Case, channels: PayoutSandboxes, out: Path) -> None:
    def stop(plan: object) -> tuple[int, int]:
        raise Interrupted

    with pytest.MonkeyPatch.context() as stopped:
        stopped.setattr(web_payouts, "_ended", stop)
        with pytest.raises(Interrupted):
            finished(case, channels, out)
    assert Order.objects.filter(state__in=sorted(OPEN)).exists()


def test_all_books_agree_to_the_fen(ended: Ended) -> None:
    checked = ended.end.checked

    assert checked.is_right, checked
    assert {told for _, told in agree_lines(checked, "en")} == {"yes"}


def test_whoever_the_plan_pays_is_paid_or_has_a_deposit(ended: Ended) -> None:
    paid = ended.end.paid

    assert 0 < paid.reached[0] <= paid.due[0]
    assert paid.reached[1] + paid.deposited[1] == paid.due[1]
    assert paid.consumers_reached[1] > 0
    assert not Order.objects.filter(state__in=sorted(OPEN)).exists()


def test_difficult_channels_were_met_and_other_ways_found(ended: Ended) -> None:
    paid = ended.end.paid

    assert {"wrong_name", "account_closed"} & set(paid.ended)
    assert paid.orders > sum(leg.paid for leg in paid.legs)
    assert Order.objects.exclude(follows=None).filter(state=OrderState.PAID).exists()
    assert {leg.channel for leg in paid.legs} >= {*BOOK_OF}


def test_two_people_stand_behind_every_release(ended: Ended) -> None:
    releases = list(Release.objects.select_related("prepared_by", "released_by"))

    assert len(releases) >= len(days_of(ended.case).paid_on)
    assert {one.prepared_by.login for one in releases} == {"cashier"}
    assert {one.released_by and one.released_by.login for one in releases} == {"lead"}


def test_two_people_have_paid_every_cost_of_the_plan(ended: Ended) -> None:
    payments = list(CostPayment.objects.select_related("entered_by", "checked_by"))

    assert {one.kind for one in payments} == set(CostKind) - {CostKind.ADVANCE}
    assert {one.entered_by.login for one in payments} == {"cashier"}
    assert {one.checked_by and one.checked_by.login for one in payments} == {"lead"}
    assert ended.end.paid.costs == (len(payments), sum(one.fen for one in payments))
    pay = next(one for one in payments if one.kind == CostKind.ADMINISTRATOR)
    assert pay.paid_on == days_of(ended.case).deposited_on


def test_consumers_get_what_the_chosen_plan_promised(ended: Ended) -> None:
    compared = ended.end.paid.compared
    _, owed, by_order, got = compared["before_ordinary"]["consumer"]

    assert compared["statutory"]["consumer"][-1] == by_order < got
    assert by_order < compared["rate_25"]["consumer"][-1] < got
    assert 25 <= got * 100 // owed <= 37


def test_claims_in_doubt_keep_their_share(ended: Ended) -> None:
    waiting = Claim.objects.filter(case=ended.case, kind="consumer", decision="manual")
    shares = Share.objects.filter(claim__in=waiting)

    assert waiting.exists()
    assert not shares.filter(paid_fen__gt=0).exists()
    assert ended.end.paid.reserved[0] >= shares.filter(reserved_fen__gt=0).count() > 0
    assert not Order.objects.filter(share__in=shares).exists()


def test_nothing_lies_ahead_and_no_deadline_is_missed_on_the_way(ended: Ended) -> None:
    ended.case.refresh_from_db()
    last = days_of(ended.case).deposited_on

    assert ended.case.phase == Phase.DISTRIBUTION
    latest = Entry.objects.filter(chain=ended.case.number).order_by("-at")[0]
    assert timezone.localdate(latest.at) <= last
    assert ended.end.paid.released_on[-1] < last


def test_again_it_changes_nothing(ended: Ended) -> None:
    def counts() -> list[int]:
        tables = (Entry, Transaction, Order, Release, Deposit, Claim)
        return [table.objects.count() for table in tables]

    before = counts()

    again = ended.finished_again()

    assert counts() == before
    assert again == ended.end


def test_the_published_bundle_and_a_proof_lie_in_the_folder(ended: Ended) -> None:
    names = {path.name for path in (ended.out / "web").iterdir()}

    assert {"published", "proof.json"} <= names
    assert ended.end.paid.root in (ended.out / "web/published/statement.json").read_text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_table_says_it_in_both_languages(ended: Ended, lang: str) -> None:
    lines = {what: (here, other) for what, here, other in paid_lines(ended.end.paid, lang)}

    assert len(lines) == 11
    assert any("68 %" in other for _, other in lines.values())
    assert any(here == ended.end.paid.root for here, _ in lines.values())


def test_the_report_is_one_page_in_both_languages(ended: Ended, tmp_path: Path) -> None:
    write_paid_report(ended.end, tmp_path / PAGE, lang="zh")

    html = (tmp_path / PAGE).read_text(encoding="utf-8")
    root = ended.end.paid.root
    assert html.count(f"<td>{root}</td>") == 2
    assert "鲜享家演示案：钱到了谁手里" in html
    assert "Nearly everybody" in html
    assert "http" not in html.replace("http://www.w3.org", "")


def test_phones_of_people_in_each_situation_are_given(ended: Ended) -> None:
    found = phones(ended.case, ended.out / "case")

    assert {"silent", "paid", "doubtful"} <= set(found)
    assert all(parse_phone(phone) for phone in found.values())
    assert len(set(found.values())) == len(found)


def test_the_clock_goes_back_to_the_machines(ended: Ended) -> None:
    before = timezone.now()

    with past.at(past.morning_of(opened_on())):
        assert timezone.localdate() == opened_on()

    assert timedelta() <= timezone.now() - before < timedelta(minutes=1)

"""Which tax rules stand on which day: before and after, nothing is guessed."""

from datetime import date

import pytest

from zhipo.kernel.rules import NoRuleInForce, Status, rule_on
from zhipo.law.registry import import_all

import_all()


@pytest.mark.parametrize(
    ("rule_id", "day"),
    [
        ("cn.vat.10", date(2025, 12, 31)),
        ("cn.vat.small_scale_2026", date(2025, 12, 31)),
        ("cn.vat.small_scale_2026", date(2028, 1, 1)),
        ("cn.cit.28.effective", date(2028, 1, 1)),
        ("cn.t24.left_over", date(2025, 11, 26)),
    ],
)
def test_no_rule_outside_its_time(rule_id: str, day: date) -> None:
    with pytest.raises(NoRuleInForce):
        rule_on(day, rule_id)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2027, 12, 31)])
def test_small_scale_relief_stands_on_its_first_and_last_day(day: date) -> None:
    assert rule_on(day, "cn.vat.small_scale_2026").status is Status.V2


def test_administrator_files_by_the_unverified_notice_until_the_announcement() -> None:
    assert rule_on(date(2025, 11, 26), "cn.tax.administrator_files").status is Status.U
    assert rule_on(date(2025, 11, 27), "cn.tax.administrator_files").status is Status.V2

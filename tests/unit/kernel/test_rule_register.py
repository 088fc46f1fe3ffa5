"""The register refuses what would make the law ambiguous, and traces what ran."""

from datetime import date

import pytest

from zhipo.kernel import rules as kernel_rules
from zhipo.kernel.options import OPTIONS, option
from zhipo.kernel.rules import (
    NeedsLawyerCheck,
    NoRuleInForce,
    Rule,
    Status,
    TwoRulesInForce,
    all_rules,
    rule,
    rule_on,
)
from zhipo.kernel.trace import note, traced, tracing

OLD, NEW = date(2007, 6, 1), date(2025, 5, 1)


@pytest.fixture(autouse=True)
def _empty_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_rules, "REGISTER", {})


def enter(id: str = "cn.test.1", *, since: date = OLD, **more: object) -> Rule:  # noqa: A002
    """Enter a rule that yields its own date, and return its entry."""

    def answer(*, needs_lawyer_check: bool = False) -> date:
        """Answers with its date.

        And nothing else.
        """
        note(since=since)
        return since

    how: dict[str, object] = {
        "cite": "《法》第一条",
        "status": "V1",
        "since": since,
        **more,
    }
    function = rule(id, **how)(answer)  # type: ignore[arg-type]
    return function.rule  # type: ignore[attr-defined, no-any-return]


def test_the_version_in_force_changes_on_its_day() -> None:
    old = enter(until=NEW)
    new = enter(since=NEW)

    assert rule_on(date(2025, 4, 30), "cn.test.1") is old
    assert rule_on(NEW, "cn.test.1") is new


def test_no_version_before_the_first_nor_after_the_last() -> None:
    enter(until=NEW)

    for day in (date(2007, 5, 31), NEW):
        with pytest.raises(NoRuleInForce, match=r"cn\.test\.1"):
            rule_on(day, "cn.test.1")


def test_an_unknown_rule_is_not_in_force() -> None:
    with pytest.raises(NoRuleInForce):
        rule_on(NEW, "cn.test.unknown")


@pytest.mark.parametrize("until", [None, date(2025, 5, 2)])
def test_two_versions_in_force_on_one_day_are_refused(until: date | None) -> None:
    enter(until=until)

    with pytest.raises(TwoRulesInForce):
        enter(since=NEW)


def test_an_older_version_entered_later_is_refused_too() -> None:
    enter(since=NEW)

    with pytest.raises(TwoRulesInForce):
        enter(since=OLD)


def test_a_law_version_is_asked_first_and_falls_back() -> None:
    current = enter()
    draft = enter(since=NEW, law_version="draft")

    assert rule_on(OLD, "cn.test.1") is current
    assert rule_on(OLD, "cn.test.1", law_version="draft") is draft
    assert rule_on(OLD, "cn.test.1", law_version="another") is current


def test_an_unverified_rule_runs_only_on_request() -> None:
    unverified = enter(status="U")

    with pytest.raises(NeedsLawyerCheck, match="unverified"):
        unverified()
    with pytest.raises(NeedsLawyerCheck):
        unverified(needs_lawyer_check=False)
    assert unverified(needs_lawyer_check=True) == OLD


def test_an_unverified_rule_must_take_the_flag() -> None:
    with pytest.raises(ValueError, match="needs_lawyer_check"):

        @rule("cn.test.2", cite="《法》", status="U", since=OLD)
        def answer() -> int:
            return 1


@pytest.mark.parametrize("status", ["I", "P"])
def test_interpretation_and_policy_need_a_reason(status: str) -> None:
    with pytest.raises(ValueError, match="reason"):
        enter(status=status)

    assert enter(status=status, reason="because").reason == "because"


def test_an_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="V3"):
        enter(status="V3")


def test_all_rules_stand_by_id_then_date() -> None:
    new, other, old = enter(since=NEW), enter("cn.test.0"), enter(until=NEW)

    assert all_rules() == [other, old, new]


def test_a_rule_says_its_promise_sheet_and_module() -> None:
    entry = enter(sheet="TRI-01")

    assert entry.promise == "Answers with its date."
    assert entry.sheet == ("TRI-01",)
    assert entry.module == __name__
    assert entry.status is Status.V1


def test_a_rule_without_docstring_promises_nothing() -> None:
    @rule("cn.test.3", cite="《法》", status="V1", since=OLD)
    def answer() -> int:
        return 1

    assert rule_on(OLD, "cn.test.3").promise == ""
    assert answer() == 1


def test_a_trace_nests_rules_as_they_call_each_other() -> None:
    inner = enter("cn.test.inner", status="U")

    @rule("cn.test.outer", cite="《法》", status="V1", since=OLD)
    def outer(*, fen: int) -> int:
        inner(needs_lawyer_check=True)
        note(twice=2 * fen)
        return fen

    run = traced(outer, fen=3)

    assert run.value == 3
    assert run.rule_ids == ["cn.test.outer", "cn.test.inner"]
    assert run.needs_lawyer_check
    (top,) = run.steps
    assert (top.inputs, top.value, top.notes) == ({"fen": 3}, 3, {"twice": 6})
    assert not top.needs_lawyer_check
    assert [step.notes for step in top.steps] == [{"since": OLD}]


def test_nobody_tracing_keeps_nothing_and_a_trace_ends_with_its_block() -> None:
    entry = enter()
    note(lost=1)
    with tracing() as steps:
        entry()
    entry()

    assert len(steps) == 1


def test_a_rule_that_raises_leaves_its_step_without_a_value() -> None:
    entry = enter(status="U")
    with tracing() as steps, pytest.raises(NeedsLawyerCheck):
        entry()
    assert steps == []

    @rule("cn.test.4", cite="《法》", status="V1", since=OLD)
    def fails() -> int:
        raise ZeroDivisionError

    with tracing() as steps:
        with pytest.raises(ZeroDivisionError):
            fails()
        enter("cn.test.5")()

    assert [step.value for step in steps] == [None, OLD]


def test_an_option_is_entered_once_with_a_default_among_its_choices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("zhipo.kernel.options.OPTIONS", {})
    one = option("option.a", default=1, choices=(1, 2), status="P", reason="r")
    free = option("option.b", default=9, status="I", reason="r", sheet="TRI-01")

    assert (one.default, free.sheet, free.status) == (1, "TRI-01", Status.I)
    with pytest.raises(ValueError, match="twice"):
        option("option.a", default=1, status="P", reason="r")
    with pytest.raises(ValueError, match="not a choice"):
        option("option.c", default=3, choices=(1, 2), status="P", reason="r")
    assert "option.a" not in OPTIONS

"""Each rule's sentence stands, word for word, in the project's copy of the enactment."""

import pytest

from zhipo.kernel.rules import Rule, all_rules
from zhipo.law.registry import import_all
from zhipo.law.statutes import TITLES, articles_cited, copy_of, is_verbatim

import_all()
COPIED = [
    rule
    for rule in all_rules()
    if any(title in TITLES for title, _ in articles_cited(rule.cite))
]


@pytest.mark.parametrize("rule", COPIED, ids=lambda rule: f"{rule.id}@{rule.since}")
def test_text_is_verbatim(rule: Rule) -> None:
    assert rule.text, f"{rule.id} cites an enactment at hand: it has its sentence"
    assert is_verbatim(rule.text, rule.cite)


@pytest.mark.parametrize("rule", COPIED, ids=lambda rule: f"{rule.id}@{rule.since}")
def test_cited_articles_are_in_the_copy(rule: Rule) -> None:
    for title, article in articles_cited(rule.cite):
        if title in TITLES:
            assert article in copy_of(title)


def test_is_verbatim_finds_a_changed_word() -> None:
    cite = "《企业破产法》第四十六条第二款"

    assert is_verbatim("附利息的债权自破产申请受理时起停止计息。", cite)
    assert not is_verbatim("附利息的债权自破产宣告时起停止计息。", cite)

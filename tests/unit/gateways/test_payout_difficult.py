"""How many transfers a payout sandbox makes difficult is for its plan to say."""

import pytest

from zhipo.gateways.payouts.sandbox.behaviour import Behaviour, Manner, drawn

REFERENCES = [f"REFERENCE{number:05d}" for number in range(4_000)]


def difficult_ones(share: float) -> set[str]:
    return {
        reference
        for reference in REFERENCES
        if drawn(seed=7, channel="wechat", reference=reference, difficult=share).manner
        is not Manner.PROMPT
    }


@pytest.mark.parametrize("share", [0.04, 0.5, 0.9])
def test_about_the_asked_share_is_met_otherwise_than_promptly(share: float) -> None:
    # One of the 22 manners that are drawn among is to be prompt.
    expected = share * 21 / 22

    assert abs(len(difficult_ones(share)) / len(REFERENCES) - expected) < 0.02


def test_none_and_all_are_shares_too() -> None:
    assert difficult_ones(0) == set()
    assert len(difficult_ones(1)) > len(REFERENCES) * 9 // 10


def test_a_larger_share_keeps_who_was_difficult_in_a_smaller_one() -> None:
    assert difficult_ones(0.04) <= difficult_ones(0.5) <= difficult_ones(0.9)


def test_a_seed_of_0_is_prompt_whatever_the_share() -> None:
    found = drawn(seed=0, channel="wechat", reference=REFERENCES[0], difficult=1)

    assert found == Behaviour()

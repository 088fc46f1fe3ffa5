"""A transfer is what every channel would take; nobody reads a payee off a log."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from unit.gateways.payout_samples import transfer
from zhipo.gateways.payouts.limits import WECHAT, Limits, Window, read_limits
from zhipo.gateways.payouts.outcomes import Reason
from zhipo.gateways.payouts.transfers import Payee, PayeeKind

OPENID = PayeeKind.WECHAT_OPENID
NOON = datetime(2025, 6, 3, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "ZP-1"},
        {"reference": "ZP001"},
        {"reference": "Z" * 33},
        {"reference": "支付00001"},
        {"reference": "ZP0000000001\n"},
        {"fen": 0},
        {"fen": -1},
        {"fen": True},
        {"fen": 10**15 + 1},
        {"remark": ""},
        {"remark": "长" * 33},
        {"remark": "一\n二"},
    ],
)
def test_transfer_that_no_channel_would_take_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        transfer(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": ""},
        {"account": "a b"},
        {"account": "a" * 65},
        {"name": "张\n三"},
        {"name": "长" * 65},
        {"bank": "\x00"},
    ],
)
def test_payee_is_one_line_of_text(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(Payee(OPENID, "openid-1"), **wrong)


def test_fingerprint_is_of_everything_told() -> None:
    one = transfer()
    payee = one.payee
    others = [
        transfer(reference="ZP0000000002"),
        transfer(fen=27_217),
        transfer(remark="第二期分配"),
        *(
            transfer(payee=replace(payee, **change))
            for change in (
                {"account": "openid-2"},
                {"name": "张三"},
                {"bank": "某银行"},
                {"kind": PayeeKind.ALIPAY_USER},
            )
        ),
    ]

    assert transfer().fingerprint == one.fingerprint
    assert len({one.fingerprint, *(other.fingerprint for other in others)}) == 8


def test_repr_names_nobody() -> None:
    told = repr(transfer())

    assert "ZP0000000001" in told
    assert "openid-1" not in told
    assert "张三丰" not in told


@pytest.mark.parametrize(
    ("fen", "name", "reason"),
    [
        (9, "", Reason.BELOW_MINIMUM),
        (10, "", None),
        (1_999_99, "", None),
        (2_000_00, "", Reason.NAME_MISSING),
        (2_000_00, "张三丰", None),
        (20_000_00, "张三丰", None),
        (20_000_01, "张三丰", Reason.ABOVE_MAXIMUM),
    ],
)
def test_limits_turn_away_at_their_edges(
    fen: int, name: str, reason: Reason | None
) -> None:
    payee = Payee(OPENID, "openid-1", name=name)

    assert WECHAT.refusal(transfer(fen=fen, payee=payee), at=NOON) == reason


@pytest.mark.parametrize(
    ("hour", "minute", "is_covered"),
    [(22, 59, False), (23, 0, True), (0, 0, True), (1, 29, True), (1, 30, False)],
)
def test_window_runs_over_midnight_in_china(
    hour: int, minute: int, is_covered: bool
) -> None:
    window = Window(since=time(23), until=time(1, 30))
    at = datetime(2025, 6, 3, (hour - 8) % 24, minute, tzinfo=UTC)

    assert window.covers(at) is is_covered
    closed = Limits(windows=(window,)).refusal(transfer(), at=at)
    assert closed == (Reason.CLOSED_HOURS if is_covered else None)


def test_installation_sets_its_own_limits_over_the_known_ones() -> None:
    read = read_limits('{"day_fen": 100000000, "windows": []}', WECHAT)

    assert read == WECHAT.model_copy(update={"day_fen": 100_000_000})
    assert read_limits("  ", WECHAT) is WECHAT


@pytest.mark.parametrize(
    "text", ['{"day_yuan": 1}', '{"min_fen": 0}', "[]", "no", '{"day_fen": "many"}']
)
def test_limits_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_limits(text, WECHAT)

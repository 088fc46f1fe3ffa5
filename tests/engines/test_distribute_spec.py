"""CONTRACTS, `zhipo distribute`, step by step."""

from collections.abc import Callable
from typing import Any

import pytest

from zhipo.kernel.faults import Refused

Distributed = Callable[..., dict[Any, Any]]
BASIS = {"basis": "PLAN_SMALL_CLASS", "evidence": "第二次债权人会议决议"}


def claims(**by_class: list[int]) -> list[dict[str, Any]]:
    """Claims named by class and number: consumer1, consumer2, ..."""
    return [
        {"claim_id": f"{name}{i}", "class": name, "fen": fen}
        for name, amounts in by_class.items()
        for i, fen in enumerate(amounts, 1)
    ]


def general(fen: int, *more: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": "general", "fen": fen}, *more]


def paid(rows: dict[Any, Any]) -> dict[str, int]:
    return {name: int(row["paid_fen"]) for name, row in rows.items() if name}


def test_a_step_gets_nothing_until_the_step_above_is_whole(
    distributed: Distributed,
) -> None:
    register = claims(expense=[100], employee=[100], ordinary=[100], punitive=[100])

    rows = distributed(register, pools=general(250))

    assert paid(rows) == {
        "expense1": 100,
        "employee1": 100,
        "ordinary1": 50,
        "punitive1": 0,
    }


def test_the_last_fen_goes_by_largest_remainder_then_register_order(
    distributed: Distributed,
) -> None:
    rows = distributed(claims(ordinary=[10, 10, 10, 20]), pools=general(11))

    assert paid(rows) == {"ordinary1": 2, "ordinary2": 2, "ordinary3": 2, "ordinary4": 5}
    rows = distributed(claims(ordinary=[1, 1, 1]), pools=general(2))
    assert paid(rows) == {"ordinary1": 1, "ordinary2": 1, "ordinary3": 0}


def test_register_order_is_the_text_of_the_id(distributed: Distributed) -> None:
    register = [{"claim_id": name, "class": "ordinary", "fen": 1} for name in ("9", "10")]

    assert paid(distributed(register, pools=general(1))) == {"10": 1, "9": 0}


def test_a_lien_pays_its_claims_and_the_shortfall_stands_as_ordinary(
    distributed: Distributed,
) -> None:
    register = claims(secured=[600], ordinary=[200])

    rows = distributed(
        register, pools=general(200, {"id": "lien", "fen": 400, "secures": ["secured1"]})
    )

    assert paid(rows) == {"secured1": 500, "ordinary1": 100}


def test_what_a_lien_leaves_joins_the_general_pool(distributed: Distributed) -> None:
    rows = distributed(
        claims(secured=[100], ordinary=[500]),
        pools=general(0, {"id": "lien", "fen": 300, "secures": ["secured1"]}),
    )

    assert paid(rows) == {"secured1": 100, "ordinary1": 200}


def test_first_to_pays_before_the_order_and_not_in_the_baseline(
    distributed: Distributed,
) -> None:
    premium = {"id": "premium", "fen": 100, "first_to": ["consumer"], **BASIS}

    rows = distributed(claims(consumer=[200], ordinary=[200]), pools=general(100, premium))

    assert paid(rows) == {"consumer1": 133, "ordinary1": 67}
    assert rows["consumer1"]["baseline_fen"] == "100"
    assert rows[None]["classes"]["ordinary"]["shift_fen"] == -33


def test_before_ordinary_is_a_step_of_its_own(distributed: Distributed) -> None:
    rows = distributed(
        claims(consumer=[100, 100], ordinary=[200]),
        pools=general(240),
        overlay={**BASIS, "consumer": "before_ordinary"},
    )

    assert paid(rows) == {"consumer1": 100, "consumer2": 100, "ordinary1": 40}


def test_rate_brings_each_consumer_to_exactly_the_floor(distributed: Distributed) -> None:
    premium = {"id": "premium", "fen": 10, "first_to": ["consumer"], **BASIS}

    rows = distributed(
        claims(consumer=[101, 99], ordinary=[1000]),
        pools=general(100, premium),
        overlay={**BASIS, "consumer": {"rate": "0.31"}},
    )

    assert paid(rows) == {"consumer1": 31, "consumer2": 30, "ordinary1": 49}


def test_rate_is_refused_where_the_money_does_not_suffice(distributed: Distributed) -> None:
    with pytest.raises(Refused) as refused:
        distributed(
            claims(consumer=[1000]),
            pools=general(309),
            overlay={**BASIS, "consumer": {"rate": "0.31"}},
        )

    assert refused.value.faults[0].column == "overlay.consumer.rate"


def test_flat_pays_small_claims_in_full(distributed: Distributed) -> None:
    rows = distributed(
        claims(consumer=[50_000, 50_001, 99_999]),
        pools=general(100_000),
        overlay={**BASIS, "consumer": "before_ordinary"},
        small_claims={"mode": "flat", "ceiling_fen": 50_000},
    )

    assert paid(rows) == {"consumer1": 50_000, "consumer2": 16_667, "consumer3": 33_333}


def test_tiered_pays_the_first_tier_of_every_claim(distributed: Distributed) -> None:
    rows = distributed(
        claims(consumer=[40_000, 60_000, 150_000]),
        pools=general(151_000),
        overlay={**BASIS, "consumer": "before_ordinary"},
        small_claims={"mode": "tiered", "ceiling_fen": 50_000},
    )

    assert paid(rows) == {"consumer1": 40_000, "consumer2": 51_000, "consumer3": 60_000}


def test_provisional_claims_are_reserved(distributed: Distributed) -> None:
    register = claims(ordinary=[100, 100])
    register[0]["state"] = "provisional"

    rows = distributed(register, pools=general(100))

    assert (rows["ordinary1"]["paid_fen"], rows["ordinary1"]["reserved_fen"]) == ("0", "50")
    assert rows["ordinary2"]["paid_fen"] == "50"


def test_consumers_over_the_ceiling_are_paid_in_parts(distributed: Distributed) -> None:
    rows = distributed(
        claims(consumer=[50_000, 50_002], ordinary=[90_000]),
        pools=general(190_002),
        instalments=3,
    )

    assert rows["consumer1"]["parts"] == "50000"
    assert rows["consumer2"]["parts"] == "16667;16667;16668"
    assert rows["ordinary1"]["parts"] == "90000"


def test_what_nobody_is_owed_is_left_over(distributed: Distributed) -> None:
    rows = distributed(claims(criminal_fine=[10]), pools=general(25))

    assert rows[None]["left_over_fen"] == 15


def test_very_large_sums_are_exact(distributed: Distributed) -> None:
    register = claims(ordinary=[10**15, 10**15 - 1, 1])

    rows = distributed(register, pools=general(10**15 + 1))

    assert (
        paid(rows)
        == {
            "ordinary1": 5 * 10**14 + 1,
            "ordinary2": 5 * 10**14,
            "ordinary3": 0,
        }
        or sum(paid(rows).values()) == 10**15 + 1
    )
    from zhipo.kernel.money import share_out

    assert list(paid(rows).values()) == share_out(10**15 + 1, [10**15, 10**15 - 1, 1])


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        ({"pools": general(-1)}, "pools[0].fen"),
        ({"pools": []}, "pools"),
        (
            {"pools": general(1, {"id": "l", "fen": 1, "secures": ["X"]})},
            "pools[1].secures",
        ),
        (
            {"pools": general(1, {"id": "p", "fen": 1, "first_to": ["consumer"]})},
            "pools[1].basis",
        ),
        (
            {"pools": general(1), "overlay": {"consumer": "before_ordinary"}},
            "overlay.basis",
        ),
        ({"pools": general(1), "overlay": {**BASIS, "basis": "WISH"}}, "overlay.basis"),
        ({"pools": general(1), "overlay": {"basis": "SETTLEMENT"}}, "overlay.evidence"),
        ({"pools": general(1), "small_claims": {"mode": "flat"}}, "small_claims.mode"),
        ({"pools": general(1), "instalments": 0}, "instalments"),
        ({"pools": general(1), "law_date": "soon"}, "law_date"),
        ({"pools": general(1), "colour": "red"}, "colour"),
    ],
)
def test_a_faulty_plan_is_refused_at_its_place(
    distributed: Distributed, plan: dict[str, Any], place: str
) -> None:
    with pytest.raises(Refused) as refused:
        distributed(claims(consumer=[1]), **plan)

    assert place in [fault.column for fault in refused.value.faults]

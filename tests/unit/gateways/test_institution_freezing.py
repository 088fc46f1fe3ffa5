"""Freezes on one object, whatever comes: none beyond the balance, none out of turn."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from unit.gateways.orders import TARGET
from zhipo.gateways.institutions.messages import FreezeStatus, ObjectKind, Target
from zhipo.gateways.institutions.sandbox.freezing import Freeze, Frozen

DAY = date(2025, 3, 3)
SUMS = st.integers(1, 10**15)
SHOP = Target(kind=ObjectKind.SHOP, reference="shop")


@st.composite
def frozen_objects(draw: st.DrawFn, *, is_money: bool = True) -> Frozen:
    count = draw(st.integers(0, 6))
    freezes = [
        Freeze(
            order_id=UUID(int=number),
            court="court-yuhu",
            court_name="甲法院",
            case_number=str(number),
            limit_fen=draw(SUMS) if is_money else None,
            until=DAY + timedelta(days=draw(st.integers(-2, 2))),
            is_lifted=draw(st.booleans()),
        )
        for number in range(count)
    ]
    balance = draw(st.integers(0, 10**15)) if is_money else 0
    return Frozen(
        target=TARGET if is_money else SHOP, balance_fen=balance, freezes=freezes, day=DAY
    )


@settings(deadline=None)
@given(thing=frozen_objects())
def test_frozen_is_the_balance_or_all_that_is_asked_whichever_is_less(
    thing: Frozen,
) -> None:
    asked = sum(one.limit_fen or 0 for one in thing.standing)

    assert sum(thing.held_fen().values()) == min(thing.balance_fen, asked)


@settings(deadline=None)
@given(thing=frozen_objects())
def test_nobody_holds_anything_before_the_earlier_is_whole(thing: Frozen) -> None:
    held = thing.held_fen()
    whole = [held[one.order_id] == one.limit_fen for one in thing.standing]

    for place, one in enumerate(thing.standing):
        assert all(whole[:place]) or held[one.order_id] == 0


@settings(deadline=None)
@given(thing=frozen_objects(), data=st.data())
def test_end_of_one_freeze_takes_nothing_from_the_others(
    thing: Frozen, data: st.DataObject
) -> None:
    if not thing.standing:
        return
    gone = data.draw(st.sampled_from(thing.standing))
    rest = [replace(one, is_lifted=True) if one is gone else one for one in thing.freezes]

    before, after = thing.held_fen(), replace(thing, freezes=rest).held_fen()

    assert all(after[order_id] >= before[order_id] for order_id in after)


@settings(deadline=None)
@given(thing=frozen_objects(), more=SUMS)
def test_money_that_comes_in_takes_nothing_from_anybody(thing: Frozen, more: int) -> None:
    before = thing.held_fen()
    after = replace(thing, balance_fen=thing.balance_fen + more).held_fen()

    assert all(after[order_id] >= before[order_id] for order_id in before)


@settings(deadline=None)
@given(thing=st.booleans().flatmap(lambda money: frozen_objects(is_money=money)))
def test_states_are_messages_that_agree_with_themselves(thing: Frozen) -> None:
    """FreezeState refuses to be made otherwise."""
    states = [thing.state_of(one) for one in thing.freezes]

    ranks = [one.rank for one in states if one.rank]
    assert ranks == list(range(1, len(thing.standing) + 1))
    assert len(thing.reported()) == len(ranks)
    for one, state in zip(thing.freezes, states, strict=True):
        assert (state.status is FreezeStatus.LIFTED) == one.is_lifted
        assert one.is_lifted or ((state.status is FreezeStatus.LAPSED) == (one.until < DAY))


@settings(deadline=None)
@given(thing=frozen_objects(is_money=False))
def test_thing_is_held_by_the_first_that_stands(thing: Frozen) -> None:
    standing = [thing.state_of(one).status for one in thing.standing]

    assert standing == [
        FreezeStatus.WAITING if place else FreezeStatus.IN_FORCE
        for place in range(len(standing))
    ]

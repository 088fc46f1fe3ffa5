"""Orders say all that their act needs and nothing else; answers agree with themselves."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from unit.gateways.orders import (
    AT,
    FIELDS,
    PDF,
    TARGET,
    make_holding,
    make_order,
    paper,
)
from zhipo.gateways.institutions.amounts import Amount, amount
from zhipo.gateways.institutions.answers import (
    Direction,
    FreezeState,
    History,
    StandingFreeze,
    Transaction,
)
from zhipo.gateways.institutions.messages import (
    NEEDS,
    OPTIONAL,
    Act,
    DocumentKind,
    FreezeStatus,
    ObjectKind,
    Target,
)
from zhipo.gateways.institutions.reading import read_order
from zhipo.gateways.institutions.refusals import BadMessage, Reason
from zhipo.kernel.money import MAX_FEN

SHOP = Target(kind=ObjectKind.SHOP, reference="shop-1")


@pytest.mark.parametrize("act", Act)
def test_order_comes_back_from_its_bytes_and_gives_the_same_bytes(act: Act) -> None:
    order = make_order(act)

    read = read_order(order.to_bytes())

    assert read == order
    assert read.to_bytes() == order.to_bytes()


@pytest.mark.parametrize("act", Act)
def test_order_without_a_field_of_its_act_is_refused(act: Act) -> None:
    for name in NEEDS[act]:
        with pytest.raises(ValidationError, match="needs"):
            make_order(act, **{name: None})


@pytest.mark.parametrize("act", Act)
def test_order_with_a_field_of_another_act_is_refused(act: Act) -> None:
    strange = set(OPTIONAL) - NEEDS[act]
    if act is Act.QUERY:
        strange.remove("target")
    for name in strange:
        with pytest.raises(ValidationError, match="needs"):
            make_order(act, **{name: FIELDS[name]})


def test_freeze_of_a_thing_has_no_amount() -> None:
    assert make_order(Act.FREEZE, target=SHOP, amount=None).amount is None
    with pytest.raises(ValidationError, match="needs"):
        make_order(Act.FREEZE, target=SHOP)


def test_query_may_name_one_object() -> None:
    assert make_order(Act.QUERY, target=TARGET).target == TARGET


@pytest.mark.parametrize("act", [Act.FREEZE, Act.RENEW, Act.LIFT, Act.DEDUCT])
def test_measure_without_its_ruling_is_refused(act: Act) -> None:
    with pytest.raises(ValidationError, match="ruling"):
        make_order(act, documents=(paper(DocumentKind.ASSISTANCE_NOTICE),))


def test_order_over_nothing_and_answered_before_it_is_sent_are_refused() -> None:
    with pytest.raises(ValidationError, match="over nothing"):
        make_order(Act.FREEZE, amount=amount(0))
    with pytest.raises(ValidationError, match="not after"):
        make_order(answer_by=AT)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("debtor", "uscc"), "91430302MA4XJ0001D"),
        (("documents", 0, "sha256"), "0" * 64),
        (("documents", 0, "content"), base64.b64encode(PDF + b" ").decode()),
        (("documents", 0, "content"), "  " + base64.b64encode(PDF).decode()),
        (("documents", 0, "media_type"), "text/html"),
        (("act",), "seize"),
        (("sent_at",), "2025-03-03T09:00:00"),
        (("order_id",), 1),
        (("institution",), "Wallet A"),
        (("surprise",), 1),
    ],
)
def test_order_that_is_not_as_described_is_refused(
    path: tuple[str | int, ...], value: object
) -> None:
    content = json.loads(make_order().to_bytes())
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    with pytest.raises(BadMessage) as refused:
        read_order(json.dumps(content).encode())

    assert refused.value.reason is Reason.MALFORMED


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"unit": "yuan", "value": "1200.00"}, Reason.UNKNOWN_UNIT),
        ({"unit": "CNY"}, Reason.UNKNOWN_UNIT),
        ({"unit": None}, Reason.UNKNOWN_UNIT),
        ({"currency": "USD"}, Reason.WRONG_CURRENCY),
        ({"value": 120_000.0}, Reason.NOT_WHOLE),
        ({"value": "120000"}, Reason.NOT_WHOLE),
        ({"value": True}, Reason.NOT_WHOLE),
        ({"value": None}, Reason.NOT_WHOLE),
        ({"value": -1, "yuan": "-0.01"}, Reason.NEGATIVE),
        ({"value": MAX_FEN + 1}, Reason.TOO_LARGE),
        ({"value": 1_200}, Reason.AMOUNTS_DISAGREE),
        ({"yuan": "120,000.00"}, Reason.AMOUNTS_DISAGREE),
        ({"yuan": "1200"}, Reason.AMOUNTS_DISAGREE),
        ({"yuan": 1200.0}, Reason.AMOUNTS_DISAGREE),
        ({"more": 1}, Reason.MALFORMED),
    ],
)
def test_amount_that_could_be_read_wrongly_is_refused(
    given: dict[str, object], reason: Reason
) -> None:
    content = json.loads(make_order(Act.FREEZE).to_bytes())
    content["amount"].update(given)

    with pytest.raises(BadMessage) as refused:
        read_order(json.dumps(content).encode())

    assert refused.value.reason is reason


@settings(deadline=None)
@given(fen=st.integers(0, MAX_FEN))
def test_amount_means_its_fen_and_no_other_scale(fen: int) -> None:
    given = amount(fen).model_dump(mode="json")

    assert Amount.model_validate_json(json.dumps(given)).value == fen
    for other in {fen * 100, fen // 100} - {fen}:
        with pytest.raises(ValidationError):
            Amount.model_validate({**given, "value": other})


@settings(deadline=None)
@given(body=st.binary(max_size=200))
def test_bytes_that_are_no_order_are_refused_as_such(body: bytes) -> None:
    with pytest.raises(BadMessage):
        read_order(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"[" * 100_000, Reason.NOT_JSON),
        (b'{"protocol": "zhipo-inquiry/1", "a": NaN}', Reason.NOT_JSON),
        (b'{"protocol": 1, "protocol": 2}', Reason.NOT_JSON),
        (b"[]", Reason.MALFORMED),
        (b"{}", Reason.UNKNOWN_VERSION),
        (b'{"protocol": "zhipo-inquiry/2"}', Reason.UNKNOWN_VERSION),
    ],
)
def test_body_that_readers_could_take_differently_is_refused(
    body: bytes, reason: Reason
) -> None:
    with pytest.raises(BadMessage) as refused:
        read_order(body)

    assert refused.value.reason is reason


def test_holding_must_add_up() -> None:
    freeze = StandingFreeze(
        rank=1,
        court_name="甲法院",
        case_number="1",
        limit=amount(50_000),
        frozen=amount(20_000),
        until=date(2026, 1, 1),
    )
    good = {"available": amount(100_000), "frozen": amount(20_000), "freezes": (freeze,)}

    assert make_holding(**good)
    for change in ({"available": amount(120_000)}, {"freezes": ()}, {"balance": None}):
        with pytest.raises(ValidationError, match=r"frozen|balance"):
            make_holding(**{**good, **change})
    with pytest.raises(ValidationError, match="thing"):
        make_holding(target=SHOP)


@pytest.mark.parametrize(
    ("status", "limit_fen", "frozen_fen", "rank", "is_right"),
    [
        (FreezeStatus.IN_FORCE, 100, 100, 1, True),
        (FreezeStatus.IN_FORCE, 100, 99, 1, False),
        (FreezeStatus.IN_FORCE, 100, 101, 1, False),
        (FreezeStatus.IN_FORCE, 100, 100, 0, False),
        (FreezeStatus.PARTLY_IN_FORCE, 100, 99, 1, True),
        (FreezeStatus.PARTLY_IN_FORCE, 100, 100, 1, False),
        (FreezeStatus.PARTLY_IN_FORCE, 100, 0, 1, False),
        (FreezeStatus.WAITING, 100, 0, 2, True),
        (FreezeStatus.WAITING, 100, 1, 2, False),
        (FreezeStatus.LAPSED, 100, 0, 0, True),
        (FreezeStatus.LAPSED, 100, 1, 0, False),
        (FreezeStatus.LIFTED, 100, 0, 1, False),
    ],
)
def test_freeze_agrees_with_itself(
    status: FreezeStatus, limit_fen: int, frozen_fen: int, rank: int, is_right: bool
) -> None:
    def make() -> FreezeState:
        return FreezeState(
            freeze_order=UUID(int=1),
            target=TARGET,
            status=status,
            limit=amount(limit_fen),
            frozen=amount(frozen_fen),
            rank=rank,
            until=date(2026, 1, 1),
        )

    if is_right:
        assert make().status is status
    else:
        with pytest.raises(ValidationError):
            make()


def test_history_runs_from_balance_to_balance() -> None:
    def row(fen: int, after: int, direction: Direction) -> Transaction:
        return Transaction(
            booking="1",
            at=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=1),
            direction=direction,
            amount=amount(fen),
            counterparty="某供应商",
            memo="",
            balance_after=amount(after),
        )

    rows = (row(50, 150, Direction.INCOMING), row(150, 0, Direction.OUTGOING))

    assert History(opening=amount(100), closing=amount(0), transactions=rows)
    for opening, closing in ((0, 0), (100, 1)):
        with pytest.raises(ValidationError, match=r"follow|last"):
            History(opening=amount(opening), closing=amount(closing), transactions=rows)

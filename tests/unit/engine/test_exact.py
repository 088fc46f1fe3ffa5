"""Division of whole numbers on columns is exact, on 64 bits and on 38 digits."""

from collections.abc import Iterator

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhipo.engine.backends import Backend, backend
from zhipo.engine.exact import Width, divided
from zhipo.kernel.money import MAX_FEN


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    with backend("duckdb", work=tmp_path_factory.mktemp("work")) as opened:
        yield opened


def divmods(
    engine: Backend, weights: list[int], pot: int, total: int
) -> list[tuple[int, int]]:
    table = engine.table_of(pa.table({"weight": pa.array(weights, pa.int64())}), "weights")
    width = Width.for_products_up_to(max(weights) * pot)
    product = width.wide(table.weight) * ibis.literal(pot, "int64").cast(width.dtype)
    quotient, remainder = divided(product, total)
    rows = engine.rows(table.select(q=quotient, r=remainder.cast("decimal(38, 0)")))
    return [(int(row["q"]), int(row["r"])) for row in rows]


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_divided_is_divmod(engine: Backend, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(0, MAX_FEN), min_size=1, max_size=20))
    total = data.draw(st.integers(max(1, *weights, 1), 10**18))
    pot = data.draw(st.integers(0, total))

    found = divmods(engine, weights, pot, total)

    assert found == [divmod(weight * pot, total) for weight in weights]


@pytest.mark.parametrize("total", [10**18 - 1, 10**15 + 37, 2 * 10**15])
def test_divided_next_to_whole_quotients(engine: Backend, total: int) -> None:
    weights = [MAX_FEN, MAX_FEN - 1, MAX_FEN // 2, 3, 1, 0]

    for pot in (total, total - 1, total // 2, total // 3, 1):
        found = divmods(engine, weights, pot, total)
        assert found == [divmod(weight * pot, total) for weight in weights]


def test_width_is_narrow_only_where_products_fit() -> None:
    assert Width.for_products_up_to(2**62 - 1).dtype == "int64"
    assert Width.for_products_up_to(2**62).dtype == "decimal(38, 0)"

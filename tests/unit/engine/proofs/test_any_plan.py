"""Whatever `zhipo distribute` divides holds when it is published: random plans."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories_distributions import distribution
from zhipo.engine.proofs.checks import faults_of
from zhipo.engine.proofs.publishing import publish
from zhipo.engine.proofs.reading import read_bundle
from zhipo.engine.tables import CLASSES
from zhipo.kernel.faults import Refused

BASIS = {"basis": "SETTLEMENT", "evidence": "和解协议"}
claim = st.tuples(
    st.sampled_from([*CLASSES, "consumer", "consumer", "ordinary"]),
    st.one_of(st.integers(1, 200), st.integers(1, 10**9)),
    st.sampled_from(["confirmed", "confirmed", "provisional"]),
)
overlay = st.one_of(
    st.none(),
    st.just({**BASIS}),
    st.just({**BASIS, "consumer": "before_ordinary"}),
    st.sampled_from(["0.01", "0.31", "1"]).map(
        lambda rate: {**BASIS, "consumer": {"rate": rate}}
    ),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[tuple[Any, ...]], dict[str, Any]]:
    claims = draw(st.lists(claim, min_size=1, max_size=30))
    register = [(f"C{number:02}", *one) for number, one in enumerate(claims)]
    owed = sum(row[2] for row in register)
    names = [row[0] for row in register]
    pools: list[dict[str, Any]] = [{"id": "general", "fen": draw(st.integers(0, 2 * owed))}]
    if draw(st.booleans()):
        secured = draw(
            st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)
        )
        pools.append({"id": "lien", "fen": draw(st.integers(0, owed)), "secures": secured})
    if draw(st.booleans()):
        named = draw(
            st.lists(st.sampled_from(CLASSES), min_size=1, max_size=3, unique=True)
        )
        pool = {"id": "premium", "fen": draw(st.integers(0, owed)), "first_to": named}
        pools.append({**pool, **BASIS})
    over = draw(overlay)
    mode = draw(st.sampled_from(["none", "flat", "tiered"])) if over else "none"
    plan = {
        "law_date": "2025-10-22",
        "claims": "claims.csv",
        "pools": pools,
        "overlay": over,
        "small_claims": {"mode": mode, "ceiling_fen": draw(st.integers(1, 10**6))},
        "instalments": draw(st.integers(1, 5)),
    }
    return register, plan


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_every_distribution_holds_when_published(
    case: tuple[list[tuple[Any, ...]], dict[str, Any]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            payments = distribution(folder, *case)
        except Refused:  # a rate or a flat sum for which the money does not suffice
            return
        publish(payments, folder / "bundle", secret_file=folder / "secret.hex")

        assert faults_of(read_bundle(folder / "bundle")) == []

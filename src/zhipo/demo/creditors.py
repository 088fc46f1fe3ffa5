"""The creditors who are no consumers: suppliers, employees, tax, the lender."""

import numpy as np

from zhipo.demo import case
from zhipo.demo.people import names
from zhipo.kernel.money import share_out
from zhipo.law.waterfall.tax import tax_late_fee_fen

Row = dict[str, str | int]
GOODS = ("果业", "水产", "粮油", "乳业", "农场", "冷链", "调味品", "日化", "禽蛋", "包装")
PLACES = ("湘潭", "长沙", "株洲", "益阳", "岳阳", "常德", "衡阳", "邵阳", "永州")


def other_claims(seed: int, consumers: int) -> list[Row]:
    """claim_id, class, fen, name: amounts scale with the case, their sum is exact."""
    rng = np.random.default_rng([seed, 5])
    late_fee = tax_late_fee_fen(
        tax_fen=case.TAX_FEN, due_on=case.TAX_DUE_ON, accepted_on=case.ACCEPTED_ON
    )
    single = [
        ("L0001", "secured", case.LENDER_FEN, "湘江村镇银行"),
        ("T0001", "social_tax", case.TAX_FEN, "税务局（税款）"),
        ("T0002", "social_tax", case.SOCIAL_INSURANCE_FEN, "税务局（社会保险费）"),
        ("T0003", "ordinary", late_fee, "税务局（滞纳金）"),
        ("G0001", "common_benefit", case.COMMON_BENEFIT_FEN, "继续营业所生债务"),
        ("P0001", "punitive", case.PUNITIVE_FEN, "惩罚性赔偿"),
        ("P0002", "admin_fine", case.ADMIN_FINE_FEN, "行政罚款"),
    ]
    rows = [
        _row(claim, kind, case.scaled(fen, consumers), name)
        for claim, kind, fen, name in single
    ]
    return rows + _suppliers(rng, consumers) + _employees(rng, consumers)


def _suppliers(rng: np.random.Generator, consumers: int) -> list[Row]:
    total = case.scaled(case.PAPER_SUPPLIERS_FEN, consumers)
    fen = _uneven(rng, total, case.PAPER_SUPPLIERS)
    called = [
        f"{PLACES[i % len(PLACES)]}{FIRST[i % len(FIRST)]}{GOODS[i % len(GOODS)]}有限公司"
        for i in range(len(fen))
    ]
    return [
        _row(f"S{i:04d}", "ordinary", one, called[i - 1]) for i, one in enumerate(fen, 1)
    ]


FIRST = ("鲜丰", "绿源", "田园", "四季", "湘味", "本味", "优选")


def _employees(rng: np.random.Generator, consumers: int) -> list[Row]:
    fen = _uneven(rng, case.scaled(case.EMPLOYEES_FEN, consumers), case.EMPLOYEES)
    called = names(rng, len(fen))
    return [
        _row(f"E{i:04d}", "employee", one, str(called[i - 1]))
        for i, one in enumerate(fen, 1)
    ]


def _uneven(rng: np.random.Generator, total: int, count: int) -> list[int]:
    """`count` uneven amounts, each at least one fen, with exactly this sum."""
    weights = (rng.lognormal(0, 0.8, count) * 1_000).astype(int) + 1
    return [1 + share for share in share_out(total - count, weights.tolist())]


def _row(claim_id: str, kind: str, fen: int, name: str) -> Row:
    return {"claim_id": claim_id, "class": kind, "fen": fen, "name": name}

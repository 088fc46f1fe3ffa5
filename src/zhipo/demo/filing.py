"""Who files what: the right claims, the silent, and the wrongs that are planted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhipo.demo.orders import member_ids
from zhipo.demo.people import id_numbers, names, numbered, phones

SILENT_SHARE = 0.02
WRONGS = {"inflated": 100, "deflated": 200, "double": 200, "identity": 500, "shared": 128}
"""Wrong -> one holder in so many; those who share an account come five to one."""
SHARED_BY = 5
UNKNOWN_ONE_IN = 500
EMPTIED_ONE_IN = 400
FILING_SECONDS = 35 * 86_400
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]

EXPECTED = {
    "inflated": "reduce",
    "deflated": "admit",
    "double": "reject",
    "identity": "manual",
    "shared": "manual",
    "refunded": "reject",
    "unknown": "manual",
}
"""Planted wrong -> what review must decide of that claim."""


@dataclass(frozen=True)
class Filed:
    """Claims, the holders' list and what was planted, as tables."""

    claims: pa.Table
    holders: pa.Table
    truth: pa.Table


@dataclass(frozen=True)
class Filing:
    """Claims as drawn, one row each; `wrong` is empty where nothing was planted."""

    member: Ints
    claimed: Ints
    wrong: Texts
    account: Texts
    expected: Ints

    def chosen(self, mask: npt.NDArray[np.bool_]) -> "Filing":
        return Filing(
            self.member[mask],
            self.claimed[mask],
            self.wrong[mask],
            self.account[mask],
            self.expected[mask],
        )


def file_block(seed: int, block: int, first: int, balance: Ints) -> Filed:
    """The claims of one block of members who are owed money."""
    rng = np.random.default_rng([seed, 3, block])
    member = np.arange(first, first + len(balance))
    holders = _holders(rng, member)
    filing = _draw(rng, member, balance)
    doubled = filing.chosen(filing.wrong == "double")
    filing.wrong[filing.wrong == "double"] = ""
    return Filed(
        pa.concat_tables(
            [
                _claims(rng, filing, holders, first, prefix="A", late=1),
                _claims(rng, doubled, holders, first, prefix="B", late=0),
            ]
        ),
        holders,
        pa.concat_tables([_truth(filing, "A"), _truth(doubled, "B")]),
    )


def file_for_nothing(seed: int, first: int, emptied: int, unknown: int) -> Filed:
    """Claims by members who were paid back, and by people the books do not know."""
    rng = np.random.default_rng([seed, 4])
    member = np.arange(first, first + emptied + unknown)
    wrong = np.array(["refunded"] * emptied + ["unknown"] * unknown, dtype="U12")
    filing = Filing(
        member,
        rng.integers(2_000, 60_000, len(member)),
        wrong,
        np.char.add("wx-", member_ids(member)),
        np.zeros(len(member), np.int64),
    )
    holders = _holders(rng, member)
    claims = _claims(rng, filing, holders, first, prefix="A", late=1)
    return Filed(claims, holders.slice(0, emptied), _truth(filing, "A"))


def _draw(rng: np.random.Generator, member: Ints, balance: Ints) -> Filing:
    wrong = _wrongs(rng, len(member))
    account = np.char.add("wx-", member_ids(member))
    sharing = np.flatnonzero(wrong == "shared")
    whole_groups = len(sharing) // SHARED_BY * SHARED_BY
    wrong[sharing[whole_groups:]] = ""
    sharing = sharing[:whole_groups]
    account[sharing] = np.repeat(account[sharing[::SHARED_BY]], SHARED_BY)
    more = balance + np.maximum(100, balance * rng.integers(5, 90, len(member)) // 100)
    less = np.maximum(1, balance - np.maximum(1, balance // 4))
    claimed = np.select([wrong == "inflated", wrong == "deflated"], [more, less], balance)
    wrong[(wrong == "deflated") & (claimed == balance)] = ""
    expected = np.where(
        np.isin(wrong, ["identity", "shared"]), 0, np.minimum(claimed, balance)
    )
    is_filed = (rng.random(len(member)) >= SILENT_SHARE) | (wrong != "")
    return Filing(member, claimed, wrong, account, expected).chosen(is_filed)


def _wrongs(rng: np.random.Generator, count: int) -> Texts:
    draw = rng.random(count)
    wrong = np.full(count, "", dtype="U12")
    low = 0.0
    for name, one_in in WRONGS.items():
        wrong[(draw >= low) & (draw < low + 1 / one_in)] = name
        low += 1 / one_in
    return wrong


def _holders(rng: np.random.Generator, member: Ints) -> pa.Table:
    ids = member_ids(member)
    return pa.table(
        {
            "holder_id": pa.array(ids),
            "name": pa.array(names(rng, len(member))),
            "id_no": pa.array(id_numbers(rng, len(member))),
            "phone": pa.array(phones(member)),
            "payer_account": pa.array(np.char.add("wx-", ids)),
        }
    )


def _claims(
    rng: np.random.Generator,
    filing: Filing,
    holders: pa.Table,
    first: int,
    *,
    prefix: str,
    late: int,
) -> pa.Table:
    """Rows of the contract's claims; `late` puts the second filing after the first."""
    place = filing.member - first
    known = holders.take(pa.array(place))
    id_no = np.array(known["id_no"].to_pylist(), dtype="U18")
    is_other = filing.wrong == "identity"
    id_no = np.where(is_other, id_numbers(rng, len(place)), id_no)
    second = rng.integers(0, FILING_SECONDS, len(place)) + late * FILING_SECONDS // 50
    filed_at = np.datetime64("2025-09-11T08:00:00") + second
    if not late:
        filed_at = np.full(len(place), np.datetime64("2025-09-11T07:00:00"))
    return pa.table(
        {
            "claim_id": pa.array(numbered(prefix, filing.member)),
            "holder_id": pa.array(member_ids(filing.member)),
            "claimed_fen": pa.array(filing.claimed),
            "filed_at": pa.array(np.datetime_as_string(filed_at, unit="s")),
            "name": known["name"],
            "id_no": pa.array(id_no),
            "phone": known["phone"],
            "payout_account": pa.array(filing.account),
        }
    )


def _truth(filing: Filing, prefix: str) -> pa.Table:
    """What was planted, and what review must decide of it."""
    planted = filing.chosen(filing.wrong != "")
    is_double = prefix == "B"
    expected = np.zeros(len(planted.member), np.int64) if is_double else planted.expected
    return pa.table(
        {
            "claim_id": pa.array(numbered(prefix, planted.member)),
            "holder_id": pa.array(member_ids(planted.member)),
            "wrong": pa.array(planted.wrong),
            "decision": pa.array([EXPECTED[wrong] for wrong in planted.wrong], pa.string()),
            "admitted_fen": pa.array(expected),
        }
    )

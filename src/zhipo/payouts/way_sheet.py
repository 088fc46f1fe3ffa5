"""Ways of being paid as a workbook: the template, and reading what is handed in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.policies.payout_accounts import account_fault, clean_account
from zhipo.claims.states import PayoutChannel
from zhipo.enforcement.entries import BadEntries, EntryFault
from zhipo.enforcement.sheet_rows import (
    NotRead,
    Reader,
    member_of,
    read_entries,
    write_columns,
)
from zhipo.payouts.actions.ways import StatedWay
from zhipo.payouts.policies.ways import ON_PAPER, way_fault
from zhipo.payouts.queries.ways import waiting_places, without_way
from zhipo.web.words import say

COLUMNS = ("claim_number", "way_place", "way_channel", "way_account", "way_source")
REQUIRED = ("claim_number",)
NEEDED = ("way_channel", "way_source")
"""What a row has besides, unless nobody has filled it in."""

CHANNEL = "claims.channel"
PLACES = ("1", "2", "3")
MOST = 2_000
LONGEST = {"way_account": 60, "way_source": 200}

Read = tuple[int, Mapping[str, Any]]
"""A row's place in the sheet, and its values by column."""


def write_template(file: IO[bytes], case: Case) -> None:
    """A workbook to fill in, with the claims of the case for which no way is known."""
    numbers = without_way(case).values_list("number")[:MOST]
    channels = [say(f"{CHANNEL}.{one}") for one in ON_PAPER]
    choices = {"way_channel": channels, "way_place": list(PLACES)}
    write_columns(file, COLUMNS, title=say("payouts.ways.sheet"), choices=choices,
                  rows=numbers)  # fmt: skip


def read_ways(path: Path, case: Case) -> list[StatedWay]:
    """The ways of a workbook or CSV, against the case's claims as they stand.

    Raises BadEntries with every fault: nothing of such a file is entered.
    """
    readers: dict[str, Reader] = {
        "claim_number": str.upper,
        "way_channel": _channel,
        "way_place": _place,
        "way_account": _account,
        "way_source": _source,
    }
    rows: list[Read] = read_entries(
        path, COLUMNS, required=REQUIRED, readers=readers, entry=lambda *row: row
    )
    read = [row for row in rows if any(row[1][name] for name in (*NEEDED, "way_account"))]
    claims = _claims(case, {values["claim_number"] for _, values in read})
    faults = [*_faults_of_list(read), *_faults_of_rows(read, claims)]
    if faults:
        raise BadEntries(faults)
    return [_stated(values, claims[values["claim_number"]]) for _, values in read]


def _claims(case: Case, numbers: set[str]) -> dict[str, Claim]:
    claims = {one.number: one for one in case.claims.filter(number__in=numbers)}
    for claim in claims.values():
        claim.case = case
    return claims


def _faults_of_list(read: Sequence[Read]) -> Iterator[EntryFault]:
    if not read:
        yield EntryFault(0, "", "", "no_ways")
    if len(read) > MOST:
        yield EntryFault(0, "", "", "too_many_ways", {"most": MOST})


def _faults_of_rows(
    read: Sequence[Read], claims: Mapping[str, Claim]
) -> Iterator[EntryFault]:
    """What is wrong with rows whose cells can all be read, row by row."""
    waiting = waiting_places([claim.pk for claim in claims.values()])
    stand = Counter((values["claim_number"], values["way_place"]) for _, values in read)
    for row, values in read:
        missing = (name for name in NEEDED if not values[name])
        yield from (EntryFault(row, name, "", "required") for name in missing)
        number, place = values["claim_number"], values["way_place"]
        claim = claims.get(number)
        fault = _fault_of_claim(claim, place, waiting)
        if not fault and stand[number, place] > 1:
            fault = "stands_twice"
        if fault:
            yield EntryFault(row, "claim_number", number, fault)
        if fault := account_fault(values["way_channel"] or "", values["way_account"]):
            yield EntryFault(row, "way_account", "", fault)


def _fault_of_claim(
    claim: Claim | None, place: int, waiting: frozenset[tuple[int, int]]
) -> str:
    if claim is None:
        return "claim_unknown"
    if fault := way_fault(claim):
        return fault
    return "way_waits" if (claim.pk, place) in waiting else ""


def _stated(values: Mapping[str, Any], claim: Claim) -> StatedWay:
    return StatedWay(claim.pk, values["way_place"], values["way_channel"],
                     values["way_account"], values["way_source"])  # fmt: skip


def _channel(text: str) -> PayoutChannel | None:
    """Raises NotRead also for the way that no paper can name."""
    if not text:
        return None
    found = member_of(PayoutChannel, text, words=CHANNEL)
    if found not in ON_PAPER:
        raise NotRead("not_on_paper")
    return PayoutChannel(found)


def _place(text: str) -> int:
    """The first way where nothing is said."""
    if (text or "1") not in PLACES:
        raise NotRead("choice", choices=say("enforcement.between").join(PLACES))
    return int(text or "1")


def _account(text: str) -> str:
    return _no_longer(clean_account(text), "way_account")


def _source(text: str) -> str:
    return _no_longer(text, "way_source")


def _no_longer(text: str, column: str) -> str:
    if len(text) > LONGEST[column]:
        raise NotRead("too_long")
    return text

"""How a creditor on paper is paid: one person enters it, another one checks it.

A single way and a list of many are the same acts on one or on many rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.locking import locked_case
from zhipo.cases.models import Case
from zhipo.claims.actions.messages import put_messages
from zhipo.claims.actions.papers import digest_of, kept_papers
from zhipo.claims.actions.payout import Chosen, put_payouts
from zhipo.claims.models import Claim, Paper
from zhipo.claims.policies.papers import Upload
from zhipo.claims.policies.payout_accounts import clean_account
from zhipo.claims.states import PayoutChannel
from zhipo.payouts.actions.changing import end_planned, lock_planned
from zhipo.payouts.models import EnteredWay, FurtherWay
from zhipo.payouts.policies.ways import (
    check_can_check,
    check_can_enter,
    check_can_take_back,
    check_is_on_paper,
    check_way,
)
from zhipo.payouts.queries.ways import waiting_places, ways_of_list
from zhipo.payouts.states import WayState
from zhipo.privacy.columns import lookup_hash
from zhipo.web.refusals import NotInState

PAPER_KIND = "payout_way"
FURTHER = ("channel", "account", "account_hash", "chosen_by", "chosen_at")


@dataclass(frozen=True)
class StatedWay:
    """What a paper says: whose claim, which place, way, account, and where it says so."""

    claim_id: int
    place: int
    channel: PayoutChannel
    account: str
    source: str

    @property
    def said(self) -> tuple[int, int, str, str, str]:
        """As it is kept."""
        return (self.claim_id, self.place, self.channel, self.number, self.source.strip())

    @property
    def number(self) -> str:
        """The account without spaces; the cash desk has none."""
        is_cash = self.channel == PayoutChannel.CASH
        return "" if is_cash else clean_account(self.account)


@transaction.atomic
def enter_way(*, stated: StatedWay, proof: Upload | Paper, by: Any) -> EnteredWay:
    """Enter what a paper says, the paper sealed with the claim: a new file, or one there.

    The same again: as it stands. Raises NotAllowed, NotInState, PaperRefused.
    """
    case = _case_of(stated.claim_id)
    check_can_enter(by, case)
    (claim,) = _locked_claims(case, [stated.claim_id])
    known = _known(stated, by)
    if known is not None:
        return known
    check_is_on_paper(claim)
    paper = proof if isinstance(proof, Paper) else _same_paper(claim, proof)
    if paper is not None:
        return _enter_one(case, stated, paper, by)
    assert not isinstance(proof, Paper)
    new = Paper(claim=claim, kind=PAPER_KIND, added_by=by)
    with kept_papers(new, [proof]) as (paper,):
        return _enter_one(case, stated, paper, by)


@transaction.atomic
def enter_ways(
    *, case_id: int, stated: Sequence[StatedWay], batch: str, by: Any
) -> list[EnteredWay]:
    """Enter the rows of a list, all or none; `batch` is the SHA-256 of its file.

    The same list again, unless it was taken back: as it stands. Raises NotAllowed,
    NotInState.
    """
    case = locked_case(case_id)
    check_can_enter(by, case)
    known = list(ways_of_list(case, batch).exclude(state=WayState.TAKEN_BACK))
    if known:
        return known
    if not stated:
        raise NotInState("payouts.refused.no_ways")
    for claim in _locked_claims(case, [one.claim_id for one in stated]):
        check_is_on_paper(claim)
    entered = _enter(stated, None, batch=batch, by=by)

    record(Event.WAYS_ENTERED, of=case, by=by, chain=case.number, count=len(entered),
           list=batch)  # fmt: skip
    return entered


@transaction.atomic
def check_ways(
    *, case_id: int, ways: Sequence[int], by: Any, now: datetime | None = None
) -> list[EnteredWay]:
    """Confirm what another person entered, paper in hand: the creditors are paid so.

    Orders that no channel has seen end, as when creditors change it themselves, and the
    creditors are told. Again by the same person: as it stands. Raises NotAllowed,
    NotInState: of all, where one of them may not be checked.
    """
    at = now or timezone.now()
    case = Case.objects.get(pk=case_id)
    claim_ids = _claim_ids(case, ways)
    lock_planned(claim_ids)
    claims = {claim.pk: claim for claim in _locked_claims(case, claim_ids)}
    entered = _locked(case, ways)
    if all(one.state == WayState.CHECKED and one.ended_by_id == by.pk for one in entered):
        check_can_enter(by, case)
        return entered
    for one in entered:
        check_can_check(by, case, one)
        check_is_on_paper(claims[one.claim_id])

    _end(entered, WayState.CHECKED, by=by, now=at)
    moved = put_payouts(_first_ways(entered, claims), by=by)
    _put_further(entered, by=by, now=at)
    count, fen = end_planned([claim.pk for claim in moved])
    _tell(entered, claims, now=at)

    record(Event.WAYS_CHECKED, of=_of(case, entered), by=by, chain=case.number,
           count=len(entered), orders=count, fen=fen)  # fmt: skip
    return entered


@transaction.atomic
def take_back_ways(
    *, case_id: int, ways: Sequence[int], why: str, by: Any
) -> list[EnteredWay]:
    """Withdraw wrong entries that nobody has checked; they stay, with the reason.

    Again: as it stands. Raises NotAllowed, NotInState.
    """
    case = Case.objects.get(pk=case_id)
    _locked_claims(case, _claim_ids(case, ways))
    entered = _locked(case, ways)
    if all(one.state == WayState.TAKEN_BACK for one in entered):
        check_can_enter(by, case)
        return entered
    for one in entered:
        check_can_take_back(by, case, one)
    if not why.strip():
        raise NotInState("payouts.refused.no_reason")

    _end(entered, WayState.TAKEN_BACK, by=by, now=timezone.now(), why=why.strip())

    record(Event.WAYS_TAKEN_BACK, of=_of(case, entered), by=by, chain=case.number,
           count=len(entered))  # fmt: skip
    return entered


def _enter_one(case: Case, stated: StatedWay, paper: Paper, by: Any) -> EnteredWay:
    if paper.claim_id != stated.claim_id:
        raise NotInState("payouts.refused.other_paper")
    (entered,) = _enter([stated], paper, batch="", by=by)

    record(Event.WAYS_ENTERED, of=entered.claim, by=by, chain=case.number, count=1,
           place=stated.place, channel=stated.channel, paper=paper.pk)  # fmt: skip
    return entered


def _enter(
    stated: Sequence[StatedWay], paper: Paper | None, *, batch: str, by: Any
) -> list[EnteredWay]:
    """Their rows. Raises NotInState for a way that no paper names, and for one that waits
    at the same place already.
    """
    places = {(one.claim_id, one.place) for one in stated}
    waiting = waiting_places({one.claim_id for one in stated})
    if len(places) < len(stated) or places & waiting:
        raise NotInState("payouts.refused.way_waits")
    for one in stated:
        check_way(one.channel, one.number)
        if not one.source.strip():
            raise NotInState("payouts.refused.no_source")
    now = timezone.now()
    return EnteredWay.objects.bulk_create(
        EnteredWay(
            claim_id=one.claim_id, place=one.place, channel=one.channel,
            account=one.number, account_hash=lookup_hash("account", one.number),
            source=one.source.strip(), paper=paper, batch=batch, entered_by=by,
            entered_at=now,
        )
        for one in stated
    )  # fmt: skip


def _known(stated: StatedWay, by: Any) -> EnteredWay | None:
    """What this person entered of the same words and nobody has taken back since."""
    last = (
        EnteredWay.objects.filter(claim=stated.claim_id, place=stated.place)
        .exclude(state=WayState.TAKEN_BACK)
        .order_by("-pk")
        .first()
    )
    if last is None or last.entered_by_id != by.pk:
        return None
    said = (last.claim_id, last.place, last.channel, last.account, last.source)
    return last if said == stated.said else None


def _same_paper(claim: Claim, upload: Upload) -> Paper | None:
    """The paper of the claim that has the same bytes."""
    digest = digest_of(upload.file)
    return claim.papers.filter(sha256=digest, objection=None).first()


def _case_of(claim_id: int) -> Case:
    return Case.objects.get(claims=claim_id)


def _claim_ids(case: Case, ways: Sequence[int]) -> list[int]:
    rows = EnteredWay.objects.filter(pk__in=ways, claim__case=case)
    return list(rows.values_list("claim_id", flat=True).distinct().order_by("claim_id"))


def _locked_claims(case: Case, claim_ids: Sequence[int]) -> list[Claim]:
    """The claims of this case, all that are asked for, in one order."""
    rows = Claim.objects.select_for_update().filter(pk__in=claim_ids, case=case)
    found = list(rows.order_by("pk"))
    if len(found) != len(set(claim_ids)):
        raise Claim.DoesNotExist
    for claim in found:
        claim.case = case
    return found


def _locked(case: Case, ways: Sequence[int]) -> list[EnteredWay]:
    rows = EnteredWay.objects.select_for_update(of=("self",)).filter(
        pk__in=ways, claim__case=case
    )
    found = list(rows.order_by("pk"))
    if not found or len(found) != len(set(ways)):
        raise EnteredWay.DoesNotExist
    return found


def _end(
    entered: Sequence[EnteredWay], to: WayState, *, by: Any, now: datetime, why: str = ""
) -> None:
    for one in entered:
        one.state, one.ended_by, one.ended_at, one.why = to, by, now, why
    EnteredWay.objects.filter(pk__in=[one.pk for one in entered]).update(
        state=to, ended_by=by, ended_at=now, why=why
    )


def _first_ways(entered: Sequence[EnteredWay], claims: dict[int, Claim]) -> list[Chosen]:
    return [
        Chosen(claims[one.claim_id], PayoutChannel(one.channel), one.account)
        for one in entered
        if one.place == 1
    ]


def _put_further(entered: Sequence[EnteredWay], *, by: Any, now: datetime) -> None:
    """The second and third ways, in the place of those that stood there."""
    FurtherWay.objects.bulk_create(
        (
            FurtherWay(claim_id=one.claim_id, place=one.place, channel=one.channel,
                       account=one.account, account_hash=one.account_hash, chosen_by=by,
                       chosen_at=now)
            for one in entered
            if one.place > 1
        ),
        update_conflicts=True, unique_fields=["claim", "place"], update_fields=FURTHER,
    )  # fmt: skip


def _tell(
    entered: Sequence[EnteredWay], claims: dict[int, Claim], *, now: datetime
) -> None:
    said = (
        (one.claim_id, f"message.way_checked_{one.channel}",
         {"number": claims[one.claim_id].number})
        for one in entered
    )  # fmt: skip
    put_messages(said, now=now)


def _of(case: Case, entered: Sequence[EnteredWay]) -> Any:
    """What the trail's entry is about: the claim, or the case where they are several."""
    return entered[0].claim if len(entered) == 1 else case

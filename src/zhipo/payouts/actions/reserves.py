"""A reserved share once its claim is settled: the creditor's part, the rest the others'."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.distributions.chart import GENERAL, claims_of
from zhipo.distributions.models import GivenBack
from zhipo.distributions.queries.register import UNSETTLED, weight_in
from zhipo.law.register.states import ClaimState
from zhipo.payouts.actions.posting import post_release
from zhipo.payouts.models import Deposit
from zhipo.payouts.states import ReleasedTo
from zhipo.web.refusals import NotInState


def settle_reserved(deposit: Deposit, *, on: date, by: Any) -> Deposit:
    """Part of handing a deposit over: divide it by what its claim has come to.

    The creditor has what the settled sum would have had of it, to the fen below; what was
    reserved beyond that goes back to the general pool for a further plan
    (《企业破产法》第一百一十九条). Returns the creditor's part, or the whole where nothing
    is the creditor's. Raises NotInState while the claim is in dispute or its creditor
    unproven.
    """
    own_fen = _own_fen(deposit)
    back_fen = deposit.fen - own_fen
    if back_fen:
        _give_back(deposit, back_fen, on)
    own = _hand_over(deposit, own_fen, on) if own_fen else deposit
    _post(deposit, own_fen, back_fen, on=on, by=by)

    event = Event.DEPOSIT_HANDED_OVER if own_fen else Event.DEPOSITS_REDISTRIBUTED
    record(event, of=own, by=by, chain=_case(deposit).number, fen=own_fen,
           given_back_fen=back_fen)  # fmt: skip
    return own


def is_settled(deposit: Deposit) -> bool:
    """Whether `settle_reserved` has divided this reserved share already."""
    if deposit.part is not None or deposit.released_on is None:
        return False
    return GivenBack.objects.filter(share=deposit.share_id).exists()


def _own_fen(deposit: Deposit) -> int:
    """What of a reserved share is its creditor's now. Raises NotInState."""
    share = deposit.share
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=share.claim_id)
    claim.case = _case(deposit)
    if Claim.objects.filter(UNSETTLED, pk=claim.pk).exists():
        raise NotInState("payouts.refused.claim_open", number=claim.number)
    if claim.state != ClaimState.CONFIRMED:
        return 0
    weight = min(weight_in(share.plan, claim), share.fen)
    return deposit.fen * weight // share.fen


def _give_back(deposit: Deposit, fen: int, on: date) -> None:
    deposit.fen, deposit.released_on = fen, on
    deposit.released_to = ReleasedTo.OTHERS
    deposit.save(update_fields=["fen", "released_on", "released_to"])
    GivenBack.objects.create(share=deposit.share, fen=fen, on=on)


def _hand_over(deposit: Deposit, fen: int, on: date) -> Deposit:
    """The creditor's part: the deposit itself, or one beside what is given back."""
    own = deposit
    if deposit.released_on is not None:
        own = Deposit(share=deposit.share, part=None, why=deposit.why, since=deposit.since)
    own.fen, own.until = fen, deposit.until
    own.released_on, own.released_to = on, ReleasedTo.CREDITOR
    own.save()
    return own


def _post(deposit: Deposit, own_fen: int, back_fen: int, *, on: date, by: Any) -> None:
    def sums() -> Iterator[tuple[str, tuple[str, int]]]:
        if own_fen:
            yield f"{deposit.pk}", (claims_of(deposit.share.class_name), own_fen)
        if back_fen:
            yield f"{deposit.pk}:back", (GENERAL, back_fen)

    post_release(_case(deposit).number, dict(sums()), on=on, by=by)


def _case(deposit: Deposit) -> Case:
    return deposit.share.plan.case

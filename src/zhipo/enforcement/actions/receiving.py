"""Receiving a bundle at the court to which it is addressed: checked first, then put in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.bundling import directory_of_keys
from zhipo.enforcement.actions.referrals import locked
from zhipo.enforcement.actions.reviews import receive_referral
from zhipo.enforcement.bundle.reading import Bundle, open_bundle
from zhipo.enforcement.bundle.storing import (
    below_files,
    bundle_path,
    incoming,
    keep_content,
)
from zhipo.enforcement.bundle.unpacking import (
    Unpacked,
    local_path,
    origin_of,
    put_in,
)
from zhipo.enforcement.bundle.words import speaking
from zhipo.enforcement.linkage import keys_of
from zhipo.enforcement.models import (
    Debtor,
    LinkageKey,
    ReceivedBundle,
    Referral,
    SealedBundle,
)
from zhipo.enforcement.policies.bundles import (
    bundle_of,
    check_can_receive,
    check_is_addressed,
)
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ReferralState
from zhipo.enforcement.states import Stage
from zhipo.web.words import current_language


@dataclass(frozen=True)
class Arrival:
    """On which day the papers came, and under which number the review is entered (破申)."""

    received_on: date
    review_number: str


def receive_bundle(
    *, referral_id: int, arrival: Arrival, by: Any, today: date | None = None
) -> ReceivedBundle:
    """Receive the bundle that another court of this installation has sent. Again: the same.

    It is checked as one from elsewhere is. Raises NotAllowed, NotInState, Refused.
    """
    referral = Referral.objects.select_related("debtor").get(pk=referral_id)
    sealed = bundle_of(referral)
    check_can_receive(referral, by)
    bundle = _opened(below_files(sealed.path))
    return _enter(bundle, sealed.sha256, referral_id, arrival, by=by, today=today)


def receive_file(
    *, chunks: Iterable[bytes], arrival: Arrival, by: Any, today: date | None = None
) -> ReceivedBundle:
    """Receive a bundle that came as a file. The same file again: what came of it before.

    Nothing is kept of a bundle that does not hold. Raises NotAllowed, NotInState, Refused.
    """
    with incoming() as file:
        for chunk in chunks:
            file.sink.write(chunk)
        sha256 = file.digest()
        bundle = _opened(file.path)
        check_is_addressed(bundle.manifest, by)
        own = SealedBundle.objects.filter(sha256=sha256).first()
        if own is not None:
            return _enter(bundle, sha256, own.referral_id, arrival, by=by, today=today)
        file.keep(below_files(bundle_path(sha256)))
    return _enter(_opened(below_files(bundle_path(sha256))), sha256, None, arrival,
                  by=by, today=today)  # fmt: skip


def _opened(path: Path) -> Bundle:
    """Raises Refused with every fault, in the reader's language."""
    with speaking(current_language()):
        return open_bundle(path, directory_of_keys())


@transaction.atomic
def _enter(
    bundle: Bundle,
    sha256: str,
    referral_id: int | None,
    arrival: Arrival,
    *,
    by: Any,
    today: date | None,
) -> ReceivedBundle:
    """The bundle's rows, its receipt and the review's beginning, or nothing of it.

    `referral_id` None: the rows are not here yet, or are those of an earlier version.
    """
    known = ReceivedBundle.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    unpacked = Unpacked()
    if referral_id is None:
        unpacked = _unpack(bundle)
        referral_id = unpacked.ids["referrals"][bundle.referral.id]
    referral = locked(referral_id)
    check_can_receive(referral, by)

    received = ReceivedBundle.objects.create(
        referral=referral,
        origin=origin_of(bundle),
        path=bundle_path(sha256),
        sha256=sha256,
        size=bundle.sheath.path.stat().st_size,
        signer=bundle.sheath.signer.name,
        signed_at=bundle.sheath.signature.signed_at,
        gaps=[one.model_dump(mode="json") for one in bundle.manifest.gaps],
        counts=unpacked.counts,
        received_by=by,
        received_at=timezone.now(),
    )
    if referral.state == ReferralState.SENT:
        received.referral = receive_referral(
            referral_id=referral.pk,
            received_on=arrival.received_on,
            review_number=arrival.review_number,
            by=by,
            today=today,
        )

    record(Event.BUNDLE_RECEIVED, of=received, by=by, chain=chain_of(referral.debtor),
           sha256=sha256, gaps=len(received.gaps), rows=unpacked.counts)  # fmt: skip
    return received


def _unpack(bundle: Bundle) -> Unpacked:
    """Files first: rows never name what is not there; last what a debtor is found by."""
    for path in bundle.files():
        keep_content(bundle.chunks(path), below_files(local_path(path)))
    unpacked = put_in(bundle)
    sent_on = timezone.localdate(bundle.sheath.signature.signed_at)
    referral = unpacked.ids["referrals"][bundle.referral.id]
    debtor = unpacked.ids["debtors"][bundle.debtor.id]
    Referral.objects.filter(pk=referral, state=ReferralState.SERVED).update(
        state=ReferralState.SENT, sent_on=sent_on
    )
    Debtor.objects.filter(pk=debtor, stage__in=(Stage.REFERRING, Stage.ENFORCING)).update(
        stage=Stage.UNDER_REVIEW
    )
    names = [one.name for one in bundle.tables["other_names"]]
    keys = keys_of(Debtor.objects.get(pk=debtor), names)
    LinkageKey.objects.bulk_create(keys, ignore_conflicts=True)
    return unpacked

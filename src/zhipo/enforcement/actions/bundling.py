"""Sealing a referral's bundle and sending it, at the court that refers."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.actions.referrals import locked
from zhipo.enforcement.actions.services import send_referral
from zhipo.enforcement.bundle.assembling import Draft, FileLost, draft_of
from zhipo.enforcement.bundle.gathering import gather
from zhipo.enforcement.bundle.manifest import sign
from zhipo.enforcement.bundle.storing import below_files, bundle_path, incoming
from zhipo.enforcement.models import Referral, SealedBundle
from zhipo.enforcement.policies.bundles import check_can_seal
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.referral_states import ReferralState
from zhipo.gateways.institutions.keys import (
    Directory,
    NoKeys,
    PrivateKey,
    read_directory,
    read_private_key,
)
from zhipo.web.refusals import NotInState


@transaction.atomic
def seal_bundle(*, referral_id: int, by: Any, now: datetime | None = None) -> SealedBundle:
    """Put everything about a debtor into one signed file; unchanged, the one that is there.

    Raises NotAllowed; NotInState before service, without the court's keys, or where a file
    that is to go along is lost or was changed.
    """
    referral = locked(referral_id)
    check_can_seal(referral, by)
    directory, key = _keys_of(referral)
    draft = _draft(referral, directory)
    known = referral.bundles.filter(manifest_sha256=draft.manifest.sha256).first()
    if known is not None:
        _put_back(known, draft, key)
        return known

    at = (now or timezone.now()).replace(microsecond=0)
    sealed = _keep(referral, draft, key, at, by)

    try:
        record(Event.BUNDLE_SEALED, of=sealed, by=by, chain=chain_of(referral.debtor),
               version=sealed.version, sha256=sealed.sha256, parts=sealed.parts,
               size=sealed.size, gaps=len(sealed.gaps))  # fmt: skip
    except BaseException:
        below_files(sealed.path).unlink(missing_ok=True)
        raise
    return sealed


@transaction.atomic
def send_bundle(
    *, referral_id: int, by: Any, today: date | None = None, now: datetime | None = None
) -> SealedBundle:
    """Seal the bundle and hand it to the receiving court. Again: what was sent.

    Raises NotAllowed, NotInState.
    """
    referral = locked(referral_id)
    sent = referral.bundles.filter(sha256=referral.bundle_sha256 or "-").first()
    if sent is not None and referral.state == ReferralState.SENT:
        return sent

    sealed = seal_bundle(referral_id=referral_id, by=by, now=now)

    send_referral(referral_id=referral_id, bundle_sha256=sealed.sha256, by=by, today=today)
    return sealed


def directory_of_keys() -> Directory:
    """The directory of courts and institutions. Raises NotInState where there is none."""
    try:
        return read_directory()
    except NoKeys as error:
        raise NotInState("enforcement.bundle.no_directory") from error


def _keys_of(referral: Referral) -> tuple[Directory, PrivateKey]:
    """The directory, and the key of the sending court, found by its name."""
    directory = directory_of_keys()
    name = referral.sending.name
    courts = (one for one in directory.parties if one.role == "court")
    party = next((one for one in courts if one.name == name), None)
    try:
        if party is None:
            raise NoKeys(name)
        return directory, read_private_key(party.party)
    except NoKeys as error:
        raise NotInState("enforcement.bundle.no_key", court=name) from error


def _draft(referral: Referral, directory: Directory) -> Draft:
    gathered = gather(referral)
    try:
        return draft_of(
            gathered.tables,
            files=gathered.files,
            source=f"{referral.debtor.slug}/{referral.pk}",
            directory=directory,
        )
    except FileLost as lost:
        raise NotInState("enforcement.bundle.file_lost", path=lost.path) from lost


def _keep(
    referral: Referral, draft: Draft, key: PrivateKey, at: datetime, by: Any
) -> SealedBundle:
    """The file first, then its row: a row without its file would promise too much."""
    last = referral.bundles.aggregate(last=Max("version"))["last"] or 0
    sha256, size = _write(draft, key, at)
    return SealedBundle.objects.create(
        referral=referral,
        version=last + 1,
        path=bundle_path(sha256),
        sha256=sha256,
        manifest_sha256=draft.manifest.sha256,
        size=size,
        parts=len(draft.manifest.parts),
        gaps=[one.model_dump(mode="json") for one in draft.manifest.gaps],
        key_id=key.key_id,
        sealed_by=by,
        sealed_at=at,
    )


def _write(draft: Draft, key: PrivateKey, at: datetime) -> tuple[str, int]:
    with incoming() as file:
        draft.write(sign(draft.manifest, key=key, at=at), file.sink)
        sha256 = file.digest()
        size = file.path.stat().st_size
        file.keep(below_files(bundle_path(sha256)))
    return sha256, size


def _put_back(known: SealedBundle, draft: Draft, key: PrivateKey) -> None:
    """A file that was lost is made again, the same to the last byte: nothing is by chance.

    A key that has been changed since signs otherwise; then the row stands alone, and
    whoever asks for the file is told.
    """
    if not below_files(known.path).exists() and key.key_id == known.key_id:
        _write(draft, key, known.sealed_at)

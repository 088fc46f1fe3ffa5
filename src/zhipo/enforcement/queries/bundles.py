"""Bundles as pages show them: what was sealed, what a received one held and lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from zhipo.accounts.queries import organisations_where
from zhipo.accounts.roles import BANKRUPTCY_COURT
from zhipo.enforcement.bundle.container import NotAContainer, content_of, read_container
from zhipo.enforcement.bundle.manifest import FILES, MANIFEST, Gap, Manifest, Part
from zhipo.enforcement.bundle.opening import MAX_MANIFEST
from zhipo.enforcement.bundle.storing import below_files
from zhipo.enforcement.bundle.words import words
from zhipo.enforcement.models import ReceivedBundle, Referral, SealedBundle
from zhipo.enforcement.queries.referrals import ARRIVED, referrals_visible_to
from zhipo.enforcement.referral_states import ReferralState
from zhipo.web.words import current_language


@dataclass(frozen=True)
class GapShown:
    """One gap in words, with its article and how sure that is."""

    sentence: str
    cite: str
    status: str


@dataclass(frozen=True)
class PartShown:
    """One part of a bundle as it is listed."""

    path: str
    what: str
    cite: str
    sha256: str
    kib: int
    is_file: bool


def referrals_received(user: Any) -> QuerySet[Referral]:
    """Referrals that have come to the reader's own court, the newest first."""
    courts = organisations_where(user, BANKRUPTCY_COURT)
    return (
        Referral.objects.filter(receiving__in=courts, state__in=ARRIVED)
        .select_related("debtor", "sending", "receiving", "leading", "case")
        .order_by("-sent_on", "-pk")
    )


def waiting_to_be_received(user: Any) -> QuerySet[Referral]:
    """Those that were sent and that nobody has received yet."""
    return referrals_received(user).filter(state=ReferralState.SENT)


def sealed_bundles_visible_to(user: Any) -> QuerySet[SealedBundle]:
    """Bundles of the referrals that are the reader's court's."""
    return SealedBundle.objects.filter(referral__in=referrals_visible_to(user))


def received_bundles_visible_to(user: Any) -> QuerySet[ReceivedBundle]:
    """Bundles that the reader's court has received."""
    return ReceivedBundle.objects.filter(referral__in=referrals_received(user))


def gaps_shown(gaps: Sequence[dict[str, Any]]) -> list[GapShown]:
    """Gaps as they are kept beside a bundle, in the reader's language."""
    lang = current_language()
    found = [Gap.model_validate(one) for one in gaps]
    return [
        GapShown(words(f"gap.{one.code}", lang=lang, count=one.count), one.cite, one.status)
        for one in found
    ]


def parts_shown(path: str) -> list[PartShown]:
    """What the manifest of a kept bundle lists; nothing where its file is gone.

    The file is not checked through here: that was done when it was sealed or received.
    """
    manifest = _manifest(below_files(path))
    return [_shown(one) for one in manifest.parts] if manifest else []


def _shown(part: Part) -> PartShown:
    """A table by its name in the reader's language, a file by its own title."""
    is_file = part.path.startswith(f"{FILES}/")
    table = f"table.{Path(part.path).stem}"
    what = part.what if is_file else words(table, lang=current_language())
    kib = -(-part.size // 1024)
    return PartShown(part.path, what, part.cite, part.sha256, kib, is_file)


def _manifest(path: Path) -> Manifest | None:
    try:
        entries = {one.path: one for one in read_container(path)}
        raw = content_of(path, entries[MANIFEST], limit=MAX_MANIFEST)
    except (OSError, NotAContainer, KeyError):
        return None
    return Manifest.model_validate_json(raw)

"""Letters that stop, lift and restore: made, sent out as DOCX, watched for their answer."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.documents.actions import make_document
from zhipo.enforcement.actions.origins import locked_origin
from zhipo.enforcement.actions.suspending import suspend_cases
from zhipo.enforcement.documents import NOTICE_DOCUMENTS, notice_fields
from zhipo.enforcement.models import Debtor, Freeze, KeptPlace, Notice, Referral
from zhipo.enforcement.policies.origins import (
    Origin,
    as_fields,
    bankruptcy_court_of,
    debtor_of,
    writer_of,
)
from zhipo.enforcement.policies.referrals import check_day
from zhipo.enforcement.policies.stays import reply_by
from zhipo.enforcement.powers import Act, check_power_at
from zhipo.enforcement.queries.debtors import BUREAU, chain_of, roles_in
from zhipo.enforcement.referral_states import NoticeKind
from zhipo.enforcement.states import HOLDS, EnforcementState, FreezeState
from zhipo.web.refusals import NotInState

K = NoticeKind
STOPS = frozenset({K.TELL_COURT, K.SUSPEND})
"""A court that acknowledges one of these has stayed its cases."""


def tell_known_courts(referral: Referral, day: date) -> int:
    """A letter for every other court that enforces (《执转破意见》第八条); how many."""
    return _make(
        [
            Notice(referral=referral, kind=K.TELL_COURT, sender=referral.sending,
                   court_id=court, made_on=day)
            for court in _other_courts(referral.debtor, referral.sending_id)
        ],
    )  # fmt: skip


def make_stay_notices(origin: Origin, day: date) -> int:
    """The letters that acceptance asks for (《企业破产法》第十九条); how many.

    To every other court to stay enforcement; from each court that has freezes to each
    institution where they are, to lift them. Their order is kept first.
    """
    debtor, writer = debtor_of(origin), writer_of(origin)
    keep_places(origin)
    lifts = _holding(debtor).values_list("case__court_id", "order__institution_id")
    letters = [
        *(
            Notice(**as_fields(origin), kind=K.SUSPEND, sender=writer, court_id=court,
                   made_on=day)
            for court in _other_courts(debtor, writer.pk)
        ),
        *(
            Notice(**as_fields(origin), kind=K.LIFT, sender_id=court,
                   institution_id=institution, made_on=day)
            for court, institution in sorted(set(lifts))
        ),
    ]  # fmt: skip
    return _make(letters)


def make_restore_notices(origin: Origin, day: date) -> int:
    """A letter to every court whose freezes were lifted (《破产法解释二》第八条)."""
    units = origin.kept_places.filter(lifted_on__isnull=False)
    courts = set(units.values_list("freeze__case__court_id", flat=True))
    return _make(
        [
            Notice(**as_fields(origin), kind=K.RESTORE, court_id=court, made_on=day,
                   sender=bankruptcy_court_of(origin))
            for court in sorted(courts)
        ],
    )  # fmt: skip


def keep_places(origin: Origin) -> None:
    """Keep the order of all freezes on each property, as it is at acceptance."""
    places: dict[int, int] = {}
    kept = []
    holding = _holding(debtor_of(origin))
    for freeze in holding.order_by("target_id", "rank", "frozen_on", "pk"):
        place = places[freeze.target_id] = places.get(freeze.target_id, 0) + 1
        kept.append(
            KeptPlace(**as_fields(origin), freeze=freeze, place=place, was=freeze.state)
        )
    KeptPlace.objects.bulk_create(kept, ignore_conflicts=True)


@transaction.atomic
def send_notices(
    *,
    notice_ids: Collection[int],
    by: Any,
    referral_id: int | None = None,
    petition_id: int | None = None,
    today: date | None = None,
) -> int:
    """Set each letter as a document and send it; how many that were not sent before.

    All are letters of one referral or of one petition. Raises NotAllowed for a letter of
    another court, NotInState, FieldsMissing.
    """
    origin = locked_origin(referral_id=referral_id, petition_id=petition_id)
    debtor = debtor_of(origin)
    day = today or timezone.localdate()
    waiting = list(
        origin.notices.filter(pk__in=notice_ids, sent_on=None)
        .select_related("court", "institution", "sender")
        .order_by("pk")
    )
    for notice in waiting:
        check_power_at(debtor, _act_of(notice), by, notice.sender_id)
    for notice in waiting:
        notice.sent_on, notice.reply_by = day, reply_by(day)
        notice.document = make_document(
            kind=NOTICE_DOCUMENTS[K(notice.kind)],
            chain=chain_of(debtor),
            fields=notice_fields(origin, notice, dated_on=day),
            by=by,
        )
    Notice.objects.bulk_update(waiting, ["document", "sent_on", "reply_by"])

    if waiting:
        record(Event.NOTICES_SENT, of=origin, by=by, chain=chain_of(debtor),
               count=len(waiting))  # fmt: skip
    return len(waiting)


@transaction.atomic
def acknowledge_notice(
    *,
    notice_id: int,
    acknowledged_on: date,
    reply: str,
    by: Any,
    today: date | None = None,
) -> Notice:
    """Record what the addressee answered: a court has stayed, an institution has lifted.

    By the people of the court that wrote, or of the court that it was written to. Again
    changes nothing. Raises NotAllowed, NotInState.
    """
    of = Notice.objects.values("referral_id", "petition_id").get(pk=notice_id)
    origin = locked_origin(**of)
    debtor = debtor_of(origin)
    notice = Notice.objects.select_related("court", "institution").get(pk=notice_id)
    if notice.acknowledged_on is not None:
        return notice
    _check_may_acknowledge(debtor, notice, by)
    if notice.sent_on is None:
        raise NotInState("enforcement.notice.not_sent")
    check_day(acknowledged_on, since=notice.sent_on, today=today or timezone.localdate())

    notice.acknowledged_on, notice.reply = acknowledged_on, reply.strip()
    notice.save(update_fields=["acknowledged_on", "reply"])
    changed = _follow(origin, notice)

    record(Event.NOTICE_ACKNOWLEDGED, of=notice, by=by, chain=chain_of(debtor),
           kind=notice.kind, changed=changed)  # fmt: skip
    return notice


def _follow(origin: Origin, notice: Notice) -> int:
    """What an answer brings about: cases suspended, or freezes lifted; how many."""
    if notice.kind in STOPS:
        return suspend_cases(debtor_of(origin), court=notice.court)
    if notice.kind != K.LIFT:
        return 0
    places = origin.kept_places.filter(
        lifted_on=None,
        freeze__case__court=notice.sender_id,
        freeze__order__institution=notice.institution_id,
    )
    freezes = list(places.values_list("freeze_id", flat=True))
    places.update(lifted_on=notice.acknowledged_on)
    return Freeze.objects.filter(pk__in=freezes).update(state=FreezeState.LIFTED)


def _check_may_acknowledge(debtor: Debtor, notice: Notice, by: Any) -> None:
    """The addressee's own people first, else those of the sender."""
    if notice.court_id is not None and roles_in(by, notice.court_id) & BUREAU:
        return
    check_power_at(debtor, _act_of(notice), by, notice.sender_id)


def _act_of(notice: Notice) -> Act:
    return Act.NOTIFY_RESTORE if notice.kind == K.RESTORE else Act.NOTIFY_STAY


def _other_courts(debtor: Debtor, writer_id: int) -> list[int]:
    known = debtor.cases.exclude(state=EnforcementState.CLOSED)
    courts = set(known.values_list("court_id", flat=True))
    return sorted(courts - {writer_id})


def _holding(debtor: Debtor) -> QuerySet[Freeze]:
    return Freeze.objects.filter(
        target__debtor=debtor, state__in=HOLDS, case__debtor=F("target__debtor")
    )


def _make(letters: list[Notice]) -> int:
    """Keep the letters that are not there yet; how many stand in the list."""
    Notice.objects.bulk_create(letters, ignore_conflicts=True)
    return len(letters)

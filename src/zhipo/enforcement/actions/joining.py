"""Making two rows one debtor, saying that they are not, and taking either back."""

from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.utils import timezone

from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.enforcement.finding_states import JoiningState, LinkKind
from zhipo.enforcement.linkage import Ground, grounds_of, keys_of, score_of
from zhipo.enforcement.models import (
    Debtor,
    EnforcementCase,
    Joining,
    LinkageKey,
    OtherName,
)
from zhipo.enforcement.policies.joining import (
    check_can_join,
    check_can_keep_apart,
    check_can_undo,
    check_reason,
)
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.queries.joining import shared_kinds
from zhipo.web.refusals import NotInState

OF_THE_ROW = (Joining, LinkageKey, OtherName)
"""What describes a row itself and does not go over to another."""

FILLED = ("brand", "address", "representative", "founded_on")
Locked = tuple[Debtor, Debtor]


@transaction.atomic
def join_debtors(*, kept_id: int, joined_id: int, reason: str, by: Any) -> Joining:
    """Make two rows one debtor: everything of `joined` goes over to `kept`.

    The row with a code is kept, whichever was named. Its name stays as another name.
    Again: the joining that is there. Raises NotAllowed, NotInState.
    """
    kept, joined = _in_order(*_locked(kept_id, joined_id))
    known = Joining.objects.filter(
        kept=kept, joined=joined, state=JoiningState.JOINED
    ).first()
    if known is not None:
        return known
    role = check_can_join(kept, joined, by)
    _check_free(kept, joined)
    text = check_reason(reason)

    joining = _decided(kept, joined, JoiningState.JOINED, text, by)
    joining.newest = _newest(kept, joined)
    joining.moved = _move(joined, to=kept)
    joining.filled = _fill(kept, joined)
    joining.save()
    _remember_name(kept, joined, joining)

    _record(Event.DEBTORS_JOINED, joining, by=by, role=role)
    return joining


@transaction.atomic
def keep_apart(*, kept_id: int, joined_id: int, reason: str, by: Any) -> Joining:
    """Say that two rows are not one debtor, so that they are no longer proposed.

    Again: the decision that is there. Raises NotAllowed, NotInState.
    """
    kept, joined = _in_order(*_locked(kept_id, joined_id))
    known = Joining.objects.filter(
        kept=kept, joined=joined, state=JoiningState.KEPT_APART
    ).first()
    if known is not None:
        return known
    role = check_can_keep_apart(kept, joined, by)
    _check_free(kept, joined)
    text = check_reason(reason)

    joining = _decided(kept, joined, JoiningState.KEPT_APART, text, by)
    joining.save()

    _record(Event.DEBTORS_KEPT_APART, joining, by=by, role=role)
    return joining


@transaction.atomic
def undo_joining(*, joining_id: int, by: Any) -> Joining:
    """Take a decision back; a joining only while nothing newer hangs on it.

    Again changes nothing. Raises NotAllowed, NotInState.
    """
    found = Joining.objects.get(pk=joining_id)
    _locked(found.kept_id, found.joined_id)
    joining = (
        Joining.objects.select_for_update(of=("self",))
        .select_related("kept", "joined")
        .get(pk=joining_id)
    )
    if joining.state == JoiningState.UNDONE and joining.undone_by_id == by.pk:
        return joining
    _check_is_last(joining)
    role = check_can_undo(joining, by)
    if joining.state == JoiningState.JOINED:
        _check_nothing_depends(joining)
        _move_back(joining)

    joining.state = JoiningState.UNDONE
    joining.undone_by, joining.undone_at = by, timezone.now()
    joining.save(update_fields=["state", "undone_by", "undone_at"])

    _record(Event.JOINING_UNDONE, joining, by=by, role=role)
    return joining


def _locked(one_id: int, other_id: int) -> Locked:
    """Both rows, locked in one order. Raises Debtor.DoesNotExist."""
    rows = Debtor.objects.select_for_update().filter(pk__in={one_id, other_id})
    found = {debtor.pk: debtor for debtor in rows.order_by("pk")}
    if len(found) != 2:
        raise Debtor.DoesNotExist
    return found[one_id], found[other_id]


def _in_order(kept: Debtor, joined: Debtor) -> Locked:
    return (joined, kept) if joined.credit_code and not kept.credit_code else (kept, joined)


def _check_free(kept: Debtor, joined: Debtor) -> None:
    """Neither is part of another debtor already."""
    pair = {kept.pk, joined.pk}
    if Joining.objects.filter(joined__in=pair, state=JoiningState.JOINED).exists():
        raise NotInState("enforcement.refused.joined_already")


def _decided(
    kept: Debtor, joined: Debtor, state: JoiningState, reason: str, by: Any
) -> Joining:
    grounds = grounds_between(kept, joined)
    return Joining(
        kept=kept,
        joined=joined,
        state=state,
        score=score_of(grounds),
        grounds=[ground.kind for ground in grounds],
        reason=reason,
        by=by,
        at=timezone.now(),
    )


def grounds_between(kept: Debtor, joined: Debtor) -> list[Ground]:
    """In what two debtors agree, by their keys as they stand."""
    kinds = shared_kinds(kept.pk, joined.pk)
    return grounds_of((LinkKind(kind) for kind in kinds), kept.name, joined.name)


def _tables() -> list[tuple[type[models.Model], str]]:
    """Every table whose rows belong to a debtor, and the column that says to which."""
    return [
        (one.related_model, one.field.name)
        for one in Debtor._meta.related_objects
        if one.related_model not in OF_THE_ROW
    ]


def _newest(kept: Debtor, joined: Debtor) -> dict[str, int]:
    """The highest id of each table among the rows of both."""
    newest = {}
    for table, column in _tables():
        rows = table._default_manager.filter(**{f"{column}__in": [kept, joined]})
        newest[_label(table)] = rows.aggregate(most=Max("pk"))["most"] or 0
    return newest


def _move(joined: Debtor, *, to: Debtor) -> dict[str, list[int]]:
    """Give everything of one row to the other; which rows they were."""
    moved = {}
    for table, column in _tables():
        rows = table._default_manager.filter(**{column: joined})
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        if ids:
            _give(table, ids, column, to)
            moved[_label(table)] = ids
    return moved


def _give(table: type[models.Model], ids: list[int], column: str, to: Debtor) -> None:
    try:
        with transaction.atomic():
            table._default_manager.filter(pk__in=ids).update(**{column: to})
    except IntegrityError as clash:
        raise NotInState(
            "enforcement.refused.joining_clash", table=_label(table)
        ) from clash


def _fill(kept: Debtor, joined: Debtor) -> list[str]:
    """Take over what only the other row knows of the debtor; which columns."""
    filled = [name for name in FILLED if not getattr(kept, name) and getattr(joined, name)]
    for name in filled:
        setattr(kept, name, getattr(joined, name))
    kept.save(update_fields=filled)
    return filled


def _remember_name(kept: Debtor, joined: Debtor, joining: Joining) -> None:
    """The other name, and every name it went by, with the keys that find them."""
    names = _names_of(joined)
    OtherName.objects.bulk_create(
        [
            OtherName(debtor=kept, name=name, grounds=joining.reason[:200],
                      joined_by=joining.by, joined_at=joining.at)
            for name in dict.fromkeys(names)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    renew_keys(kept)


def _names_of(debtor: Debtor) -> list[str]:
    return [debtor.name, *debtor.other_names.values_list("name", flat=True)]


def renew_keys(debtor: Debtor) -> None:
    """Write the keys of a debtor anew, from its data and all its names."""
    LinkageKey.objects.filter(debtor=debtor).delete()
    names = debtor.other_names.values_list("name", flat=True)
    LinkageKey.objects.bulk_create(keys_of(debtor, names))


def _check_is_last(joining: Joining) -> None:
    """The kept row has not become part of another: that joining is to be undone first."""
    if Joining.objects.filter(joined=joining.kept, state=JoiningState.JOINED).exists():
        raise NotInState("enforcement.refused.joined_already")


def _check_nothing_depends(joining: Joining) -> None:
    """Nothing has come to the kept row since."""
    for table, column in _tables():
        label = _label(table)
        newer = {column: joining.kept, "pk__gt": joining.newest.get(label, 0)}
        if table._default_manager.filter(**newer).exists():
            raise NotInState("enforcement.refused.depends", table=label)


def _move_back(joining: Joining) -> None:
    columns = {_label(table): (table, column) for table, column in _tables()}
    for label, ids in joining.moved.items():
        table, column = columns[label]
        _give(table, ids, column, joining.joined)
    for name in joining.filled:
        setattr(joining.kept, name, None if name == "founded_on" else "")
    joining.kept.save(update_fields=joining.filled)
    names = _names_of(joining.joined)
    joining.kept.other_names.filter(name__in=names, joined_at=joining.at).delete()
    renew_keys(joining.kept)


def _label(table: type[models.Model]) -> str:
    return str(table._meta.label_lower)


def _record(event: Event, joining: Joining, *, by: Any, role: str) -> None:
    """In the chains of both: each court's people read of it where they look."""
    cases = len(joining.moved.get(_label(EnforcementCase), []))
    pair = sorted((joining.kept, joining.joined), key=lambda debtor: debtor.slug)
    for debtor in pair:
        record(event, of=joining, by=by, role=role, chain=chain_of(debtor),
               score=joining.score, grounds=joining.grounds, cases=cases)  # fmt: skip

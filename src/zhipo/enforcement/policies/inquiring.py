"""What can be asked over the wire at all, and what nobody may touch."""

from typing import Any

from zhipo.enforcement.models import Property
from zhipo.gateways.institutions.messages import THINGS, ObjectKind
from zhipo.law.enforcement.freezes import freeze_target
from zhipo.web.refusals import NotInState


def check_on_the_wire(thing: Property, *, needs_money: bool = False) -> ObjectKind:
    """The protocol's own kind of a property that an institution keeps.

    Raises NotInState for what no institution keeps, for a thing where an account is
    needed, and for the institution's own reserve account (ENF-02), of all users together.
    """
    if thing.institution is None or thing.kind not in set(ObjectKind):
        raise NotInState("enforcement.refused.not_on_the_wire", label=thing.label)
    kind = ObjectKind(thing.kind)
    target = freeze_target(is_institutions_reserve=kind is ObjectKind.RESERVE_ACCOUNT)
    if not target.is_lawful:
        raise NotInState("enforcement.refused.reserve", cite=_cite(freeze_target))
    if needs_money and kind in THINGS:
        raise NotInState("enforcement.refused.not_money", label=thing.label)
    return kind


def _cite(function: Any) -> str:
    return str(function.rule.cite)

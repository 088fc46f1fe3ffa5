"""What may be done to a freeze that stands: renew in time, lift, lift in part, deduct."""

from datetime import date
from typing import Any

from zhipo.enforcement.models import Freeze, InquiryObjection, InquiryOrder
from zhipo.enforcement.policies.freezing import OTHERS, check_until, check_within_debt
from zhipo.enforcement.policies.own_case import check_own_case
from zhipo.enforcement.powers import TABLE, Act
from zhipo.enforcement.states import HOLDS, FreezeState, Stage
from zhipo.gateways.institutions import messages
from zhipo.gateways.institutions.messages import THINGS, ObjectKind
from zhipo.kernel.money import yuan_text
from zhipo.law.enforcement.freezes import Kind, freeze_ends
from zhipo.law.enforcement.measures import Taking
from zhipo.web.refusals import NotInState
from zhipo.web.words import say

HOLDS_MONEY = frozenset({FreezeState.IN_FORCE, FreezeState.PARTLY_IN_FORCE})


def check_can_renew(freeze: Freeze, until: date, *, today: date, by: Any) -> None:
    """Before the last day is over, to a later one within the law's limit (CPLI 485).

    `by` None is the court acting ex officio by its installation's choice (third paragraph
    there): the stage must allow it, nobody's role is asked.
    """
    if by is None:
        _check_stage(freeze)
    else:
        check_own_case(freeze.case, Act.RENEW_FREEZE, by)
    _check_stands(freeze)
    if freeze.until < today:
        raise NotInState("enforcement.refused.renewed_too_late", until=freeze.until)
    if until <= freeze.until:
        raise NotInState("enforcement.refused.not_later", until=freeze.until)
    check_until(ObjectKind(freeze.target.kind), until, today=today)


def check_can_lift(freeze: Freeze, *, by: Any) -> None:
    check_own_case(freeze.case, Act.LIFT_FREEZE, by)
    if freeze.state not in HOLDS | {FreezeState.TAKEN_OVER}:
        raise _not_standing(freeze)


def check_can_lift_in_part(freeze: Freeze, fen: int, *, by: Any) -> None:
    """Part of what is frozen, so that something stays frozen; of money alone."""
    check_can_lift(freeze, by=by)
    if ObjectKind(freeze.target.kind) in THINGS:
        raise NotInState("enforcement.refused.not_money", label=freeze.target.label)
    if not 0 < fen < freeze.frozen_fen:
        frozen = yuan_text(freeze.frozen_fen)
        raise NotInState("enforcement.refused.part", frozen=frozen)


def check_can_deduct(freeze: Freeze, fen: int, *, by: Any) -> None:
    """Out of what this freeze holds, within the debt, from what is the debtor's own.

    Not while an objection is open (CPL 238), nor twice at once.
    """
    check_own_case(freeze.case, Act.DEDUCT, by)
    if ObjectKind(freeze.target.kind) in THINGS:
        raise NotInState("enforcement.refused.not_money", label=freeze.target.label)
    if freeze.state not in HOLDS_MONEY:
        raise _not_standing(freeze)
    if not 0 < fen <= freeze.frozen_fen:
        frozen = yuan_text(freeze.frozen_fen)
        raise NotInState("enforcement.refused.part", frozen=frozen)
    check_within_debt(freeze.case, Taking.DEDUCT, fen)
    if freeze.target.title in OTHERS:
        word = say(f"enforcement.title.{freeze.target.title}")
        raise NotInState("enforcement.refused.not_debtors", title=word)
    _check_no_open_objection(freeze)
    _check_no_open_deduction(freeze)


def next_until(freeze: Freeze, *, today: date) -> date:
    """The last day that a renewal made today may name: what is proposed to the judge."""
    return freeze_ends(kind=Kind(freeze.kind), frozen_on=today)


def _check_stage(freeze: Freeze) -> None:
    stage = Stage(freeze.case.debtor.stage)
    if TABLE.row_in(Act.RENEW_FREEZE, stage) is None:
        said = say(f"enforcement.phase.{stage}")
        raise NotInState("enforcement.refused.stage", phase=said)


def _check_stands(freeze: Freeze) -> None:
    if freeze.state not in HOLDS:
        raise _not_standing(freeze)


def _not_standing(freeze: Freeze) -> NotInState:
    word = say(f"enforcement.freeze.{freeze.state}")
    return NotInState("enforcement.refused.freeze_state", state=word)


def _check_no_open_objection(freeze: Freeze) -> None:
    about = InquiryOrder.objects.filter(target=freeze.target_id)
    if InquiryObjection.objects.filter(order__in=about, replied_at=None).exists():
        raise NotInState("enforcement.refused.objection_open")


def _check_no_open_deduction(freeze: Freeze) -> None:
    """A second one before the first is answered could not know what is left."""
    if InquiryOrder.objects.filter(
        freeze_order=freeze.order_id, act=messages.Act.DEDUCT, finished_at=None,
        settled_at=None,
    ).exists():  # fmt: skip
        raise NotInState("enforcement.refused.deduction_open")

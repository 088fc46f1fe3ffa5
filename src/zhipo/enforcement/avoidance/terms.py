"""What a search starts from, what it finds, and the law's answer for one day's payments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from zhipo.enforcement.avoidance.parties import Party, Standing
from zhipo.enforcement.finding_states import AvoidableKind, Basis, DealingKind
from zhipo.law.estate.avoidance import (
    Act,
    LookBack,
    PaidDebt,
    VoidAct,
    avoidable_act,
    avoidable_payment_fen,
    void_acts,
)

K, D = AvoidableKind, DealingKind
RULE_OF: dict[AvoidableKind, str] = {
    **{K(act.value): "cn.ebl.31" for act in Act},
    K.PREFERENCE: "cn.ebl.32",
    **{K(act.value): "cn.ebl.33" for act in VoidAct},
}
ACT_OF: dict[DealingKind, Act] = {
    D.GIFT: Act.GRATUITOUS,
    D.PRICE: Act.UNREASONABLE_PRICE,
    D.SECURITY: Act.SECURITY_ADDED,
    D.WAIVER: Act.WAIVER,
}
"""Entries that are an act of art. 31 by themselves, without a booking."""


@dataclass(frozen=True)
class Terms:
    """The look-back, the day from which the cause existed, the least sum of a sign (fen).

    What a person has entered is listed whatever its sum.
    """

    look_back: LookBack
    cause_since: date
    least_fen: int = 0

    def had_cause(self, day: date) -> bool:
        return day >= self.cause_since


@dataclass(frozen=True)
class Entry:
    """One entered act that needs no booking; `fen` what the debtor lost by it."""

    number: int
    kind: DealingKind
    basis: Basis
    counterparty: str
    done_on: date
    fen: int


@dataclass(frozen=True)
class Payments:
    """What went to one party on one day; `has_lent` whether money had come from it."""

    party: Party
    paid_on: date
    fen: int
    has_lent: bool = False


def kind_of_entry(entry: Entry, terms: Terms) -> AvoidableKind | None:
    """What the law calls an entered act, None where it lies outside the look-back."""
    if entry.kind in ACT_OF:
        act = ACT_OF[entry.kind]
        found = avoidable_act(act=act, done_on=entry.done_on, look_back=terms.look_back)
        return K(act.value) if found.is_avoidable else None
    void = void_acts(
        hidden_or_moved=entry.kind == D.HIDING,
        to_evade_debts=entry.kind == D.HIDING,
        is_debt_untrue=entry.kind == D.FABRICATED,
    )
    return K(void[0].value)


def kind_of_payments(paid: Payments, terms: Terms) -> AvoidableKind | None:
    """What the law calls one day's payments to a party, None where they stand."""
    return ANSWERS[paid.party.standing](paid, terms)


def _gift(paid: Payments, terms: Terms) -> AvoidableKind | None:
    found = avoidable_act(
        act=Act.GRATUITOUS, done_on=paid.paid_on, look_back=terms.look_back
    )
    return K.GRATUITOUS if found.is_avoidable else None


def _debt(paid: Payments, terms: Terms) -> AvoidableKind | None:
    """Before its day an early payment, from its day on a payment to one creditor."""
    due_on = paid.party.due_on
    if due_on is None or paid.paid_on >= due_on:
        return _preference(paid, terms)
    found = avoidable_act(
        act=Act.EARLY_PAYMENT,
        done_on=paid.paid_on,
        look_back=terms.look_back,
        due_on=due_on,
        had_cause=terms.had_cause(paid.paid_on),
    )
    return K.EARLY_PAYMENT if found.is_avoidable else None


def _preference(paid: Payments, terms: Terms) -> AvoidableKind | None:
    party = paid.party
    fen = avoidable_payment_fen(
        payment=PaidDebt(
            paid_on=paid.paid_on,
            fen=paid.fen,
            shields=party.shields,
            claim_fen=party.claim_fen,
            security_fen=party.security_fen,
            is_collusive=party.is_collusive,
        ),
        look_back=terms.look_back,
        had_cause=terms.had_cause(paid.paid_on),
    )
    return K.PREFERENCE if fen else None


def _related(paid: Payments, terms: Terms) -> AvoidableKind | None:
    """Who had put money in may be getting it back; who never had, gets it for nothing."""
    return _preference(paid, terms) if paid.has_lent else _gift(paid, terms)


def _none(paid: Payments, terms: Terms) -> None:
    return None


Answer = Callable[[Payments, Terms], AvoidableKind | None]
ANSWERS: dict[Standing, Answer] = {
    Standing.OWN: _none,
    Standing.COURT: _none,
    Standing.GIFT: _gift,
    Standing.DEBT: _debt,
    Standing.CREDITOR: _preference,
    Standing.RELATED: _related,
    Standing.NOTE: _gift,
}
BASIS_OF: dict[Standing, Basis] = {
    Standing.GIFT: Basis.ENTERED,
    Standing.DEBT: Basis.ENTERED,
    Standing.CREDITOR: Basis.CREDITOR,
    Standing.RELATED: Basis.RELATED,
    Standing.NOTE: Basis.NOTE,
}
SIGNS = frozenset({Basis.CREDITOR, Basis.RELATED, Basis.NOTE})
"""Grounds on which nobody has stated anything: small sums of these are not listed."""

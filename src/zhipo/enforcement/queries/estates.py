"""What a bankruptcy has from enforcement: assets, freezes, money, evidence, open clocks.

For whoever may see the case: its administrator and its court see the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from zhipo.cases.models import Case
from zhipo.enforcement.documents import consenters_of
from zhipo.enforcement.models import (
    Asset,
    Debtor,
    Exhibit,
    Freeze,
    Petition,
    Referral,
    ReferralClock,
    TakeOver,
)
from zhipo.enforcement.petition_states import Petitioner
from zhipo.enforcement.policies.origins import debtor_of, writer_of
from zhipo.enforcement.queries.freezes import FreezeLeft
from zhipo.enforcement.queries.stays import Holding, holdings_of
from zhipo.enforcement.states import ApplicantKind, Belonging
from zhipo.kernel.identifiers import mask_name
from zhipo.law.stay.acceptance import papers_due_from_debtor


@dataclass(frozen=True)
class Estate:
    """Everything of one take-over, ready to be shown; sums in fen."""

    take_over: TakeOver
    assets: Sequence[Asset]
    freezes: Sequence[FreezeLeft]
    money: Sequence[Holding]
    exhibits: Sequence[Exhibit]
    creditors: Sequence[Any]
    clocks: Sequence[ReferralClock]
    gaps: Sequence[dict[str, Any]]

    @property
    def court(self) -> str:
        """The court that referred, or that accepted a petition."""
        return writer_of(self.take_over.origin).name

    @property
    def estate_fen(self) -> int:
        """The value of what is estate, where one is known."""
        return sum(
            one.value_fen or 0 for one in self.assets if one.belongs == Belonging.ESTATE
        )

    @property
    def open_count(self) -> int:
        return sum(one.belongs == Belonging.OPEN for one in self.assets)

    @property
    def due_fen(self) -> int:
        """Money that enforcement still owes the estate."""
        return sum(
            one.proceeds.fen
            for one in self.money
            if one.is_estate and one.proceeds.handed_over_on is None
        )

    @property
    def handed_over_fen(self) -> int:
        return sum(
            one.proceeds.fen
            for one in self.money
            if one.proceeds.handed_over_on is not None
        )


def estate_of(case: Case, *, today: date) -> Estate | None:
    """What the case took over; None where it did not come from enforcement."""
    taken = (
        TakeOver.objects.select_related(
            "referral__debtor", "referral__sending", "petition__debtor", "petition__court"
        )
        .filter(case=case)
        .first()
    )
    if taken is None:
        return None
    debtor = debtor_of(taken.origin)
    clocks, gaps = _of_referral(taken.referral)
    return Estate(
        take_over=taken,
        assets=list(
            case.assets.select_related("target__institution").order_by("target_id")
        ),
        freezes=freezes_left(debtor.pk, today),
        money=holdings_of(debtor),
        exhibits=list(
            case.exhibits.select_related("history__target").order_by("history_id")
        ),
        creditors=cases_owed(debtor),
        clocks=clocks,
        gaps=gaps,
    )


def _of_referral(
    referral: Referral | None,
) -> tuple[list[ReferralClock], list[dict[str, Any]]]:
    """What a referral leaves open: deadlines of enforcement, gaps of its bundle."""
    if referral is None:
        return [], []
    last = referral.received_bundles.order_by("-pk").first()
    open_clocks = referral.clocks.filter(done_on=None).order_by("last_day")
    return list(open_clocks), last.gaps if last else []


def debtor_taken_over(case: Case) -> Debtor | None:
    """The debtor whose enforcement went over into a case; None where none did."""
    taken = TakeOver.objects.select_related("referral__debtor", "petition__debtor")
    found = taken.filter(case=case).first()
    return debtor_of(found.origin) if found else None


def petitioner_of(case: Case) -> str:
    """Who asked for this bankruptcy, as its notices name them; empty where nobody knows.

    Who petitioned, or who consented to the referral (《执转破意见》第十四条, tag U).
    """
    petition = Petition.objects.filter(case=case).first()
    if petition is not None:
        return str(petition.petitioner)
    referral = Referral.objects.filter(case=case).first()
    return consenters_of(referral) if referral else ""


def owes_papers(case: Case) -> bool:
    """Whether the debtor has still to hand in its papers (《企业破产法》第十一条第二款).

    Who was petitioned against by a creditor, or referred by an enforcement court; not who
    asked: its papers came with the petition (第八条第三款).
    """
    petition = Petition.objects.filter(case=case).first()
    is_creditors = petition is None or petition.by_whom == Petitioner.CREDITOR
    due = papers_due_from_debtor(is_creditors_petition=is_creditors, handed_in=frozenset())
    return bool(due)


def cases_owed(debtor: Debtor, *, most: int | None = None) -> list[Any]:
    """Every court's cases, with what a title still gives (`owed_fen`), people masked.

    The first `most` by their days where there may be very many; each row is decrypted.
    """
    owed = F("amount_fen") - F("paid_fen")
    cases = debtor.cases.select_related("court").annotate(owed_fen=owed)
    found: list[Any] = list(cases.order_by("filed_on", "pk")[:most])
    for one in found:
        is_person = one.applicant_kind in PEOPLE
        one.shown_applicant = mask_name(one.applicant) if is_person else one.applicant
    return found


PEOPLE = frozenset({ApplicantKind.CONSUMER, ApplicantKind.EMPLOYEE})
"""Applicants who are persons: masked on pages and in files."""


def freezes_left(debtor_id: int, today: date) -> list[FreezeLeft]:
    """The nearest end first; those that stand before those that have ended."""
    found = [
        FreezeLeft(one, (one.until - today).days)
        for one in Freeze.objects.filter(target__debtor=debtor_id)
        .select_related("case__court", "target")
        .order_by("until", "rank", "pk")
    ]
    return sorted(found, key=lambda one: not one.holds)

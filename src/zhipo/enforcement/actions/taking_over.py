"""Acceptance: what enforcement had goes over into a bankruptcy case, all or nothing.

Nothing is typed again but what is new: the case's number and its administrator.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.validators import slug_re
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from zhipo.accounts.models import Organisation
from zhipo.accounts.roles import OrganisationKind
from zhipo.audit.events import Event
from zhipo.audit.trail import record
from zhipo.cases.actions import Opening, open_case
from zhipo.cases.models import Case, Clock
from zhipo.documents.models import Document
from zhipo.enforcement.actions.known_creditors import put_known_creditors_in
from zhipo.enforcement.actions.referrals import locked
from zhipo.enforcement.actions.rulings import Ruling, accept_referral
from zhipo.enforcement.models import (
    Asset,
    Debtor,
    Exhibit,
    Freeze,
    TakeOver,
    TransactionHistory,
)
from zhipo.enforcement.policies.bundles import check_can_take_over
from zhipo.enforcement.policies.estates import place_of
from zhipo.enforcement.policies.origins import Origin, as_fields
from zhipo.enforcement.queries.debtors import chain_of
from zhipo.enforcement.states import HOLDS, Title
from zhipo.web.refusals import NotInState

FREEZE_ENDS = "D37"
LONGEST_SLUG = 50
OF_AN_ORIGIN = Q(referral__isnull=False) | Q(petition__isnull=False)


@dataclass(frozen=True)
class Acceptance:
    """What the acceptance ruling says that is new: numbers, day, administrator.

    `slug` is the case's name in addresses, short enough for a poster; empty: the debtor's.
    """

    ruling: Ruling
    case_number: str
    administrator_id: int
    administrator_phone: str = ""
    administrator_address: str = ""
    slug: str = ""


@transaction.atomic
def take_over(
    *, referral_id: int, acceptance: Acceptance, by: Any, today: date | None = None
) -> TakeOver:
    """Accept the referral: open the case and put everything into it that was handed over.

    Enforcement's acts on the debtor are closed from then on, the administrator's are open.
    Again: what was taken over. Raises NotAllowed, NotInState; then nothing has changed.
    """
    referral = locked(referral_id)
    known = TakeOver.objects.filter(referral=referral).first()
    if known is not None:
        return known
    check_can_take_over(referral, by)
    case = opened_case(
        acceptance, name=referral.debtor.name, debtor=referral.debtor,
        court=referral.receiving, by=by,
    )  # fmt: skip
    accept_referral(
        referral_id=referral.pk, case_id=case.pk, ruling=acceptance.ruling, by=by,
        today=today,
    )  # fmt: skip

    counts = put_into_case(referral.debtor, case)
    return record_take_over(referral, case, counts, by=by)


def record_take_over(
    origin: Origin, case: Case, counts: dict[str, int], *, by: Any
) -> TakeOver:
    """Note that all of this is in the case; the last step of the act that accepts."""
    taken = TakeOver.objects.create(
        **as_fields(origin), case=case, counts=counts, by=by, at=timezone.now()
    )

    record(Event.ESTATE_TAKEN_OVER, of=taken, by=by, chain=case.number, counts=counts)
    return taken


def put_into_case(debtor: Debtor, case: Case) -> dict[str, int]:
    """Assets, evidence, creditors, clocks and papers into the case; how many of each."""
    return {
        "assets": _put_assets(debtor, case),
        "exhibits": _put_exhibits(debtor, case),
        "creditors": put_known_creditors_in(debtor, case),
        "clocks": _put_clocks(debtor, case),
        "documents": _put_documents(debtor, case),
    }


def opened_case(
    acceptance: Acceptance,
    *,
    name: str,
    debtor: Debtor | None,
    court: Organisation,
    by: Any,
) -> Case:
    """The case of this ruling, its administrator appointed with it (第十三条).

    From what the court holds: the debtor's `name`, and all that enforcement knows of it.
    Raises NotInState.
    """
    ruling = acceptance.ruling
    administrator = Organisation.objects.filter(
        pk=acceptance.administrator_id, kind=OrganisationKind.ADMINISTRATOR
    ).first()
    if administrator is None:
        raise NotInState("enforcement.bundle.no_administrator")
    opening = Opening(
        slug=_chosen_slug(acceptance.slug) or _free_slug(debtor.slug if debtor else "case"),
        number=acceptance.case_number.strip(),
        debtor=name,
        brand=debtor.brand if debtor and debtor.brand else name[:80],
        accepted_on=ruling.ruled_on,
        court=court,
        administrator=administrator,
        administrator_phone=acceptance.administrator_phone.strip(),
        administrator_address=acceptance.administrator_address.strip(),
    )
    case = open_case(opening, by=by)
    is_taken = Case.objects.filter(pk=case.pk).filter(OF_AN_ORIGIN).exists()
    if is_taken or (case.debtor, case.court_id) != (name, court.pk):
        raise NotInState("enforcement.bundle.case_of_another", number=case.number)
    return case


def _chosen_slug(chosen: str) -> str:
    """The name that was chosen, if one was. Raises NotInState where it cannot be one."""
    wanted = chosen.strip()
    if not wanted:
        return ""
    if len(wanted) > LONGEST_SLUG or slug_re.fullmatch(wanted) is None:
        raise NotInState("enforcement.bundle.no_slug", slug=wanted)
    if Case.objects.filter(slug=wanted).exists():
        raise NotInState("enforcement.bundle.slug_taken", slug=wanted)
    return wanted


def _free_slug(wanted: str) -> str:
    """The debtor's own name in addresses, with a number where another case has it."""
    taken = set(Case.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (f"{wanted[:44]}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (wanted, *numbered) if one not in taken)


def _put_assets(debtor: Debtor, case: Case) -> int:
    """Every property with what is known of its title; the rest stays with the property."""
    rows = []
    for one in debtor.properties.order_by("pk"):
        place = place_of(
            Title(one.title),
            found_on=timezone.localdate(one.as_of),
            accepted_on=case.accepted_on,
        )
        rows.append(
            Asset(case=case, target=one, belongs=place.belongs, rule=place.rule,
                  value_fen=one.value_fen)
        )  # fmt: skip
    return len(Asset.objects.bulk_create(rows))


def _put_exhibits(debtor: Debtor, case: Case) -> int:
    """Transaction histories under the very digest of their seal."""
    now = timezone.now()
    histories = TransactionHistory.objects.filter(debtor=debtor).order_by("pk")
    rows = [
        Exhibit(case=case, history=one, sha256=one.sha256, sealed_at=now)
        for one in histories
    ]
    return len(Exhibit.objects.bulk_create(rows))


def _put_clocks(debtor: Debtor, case: Case) -> int:
    """A clock for each day on which a freeze runs out: until it is lifted it must not."""
    days = (
        Freeze.objects.filter(
            target__debtor=debtor, state__in=HOLDS, until__gte=case.accepted_on
        )
        .order_by("until")
        .values_list("until", flat=True)
        .distinct()
    )
    rows = [
        Clock(case=case, deadline=FREEZE_ENDS, event_on=day, last_day=day,
              is_calendar_known=True)
        for day in days
    ]  # fmt: skip
    return len(Clock.objects.bulk_create(rows, ignore_conflicts=True))


def _put_documents(debtor: Debtor, case: Case) -> int:
    """The papers of enforcement as papers of the case, the same files."""
    chains = [chain_of(debtor), *debtor.cases.values_list("number", flat=True)]
    rows = []
    for one in Document.objects.filter(chain__in=chains).order_by("pk"):
        one.pk, one.chain = None, case.number
        rows.append(one)
    return len(Document.objects.bulk_create(rows, ignore_conflicts=True))

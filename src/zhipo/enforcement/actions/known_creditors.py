"""Who enforced against the debtor is a known creditor: in the case at once, to be told.

Each applicant is a holder, found by phone and name as those of the books are, with a
pre-filled claim over what its title still gives: the notice of 《企业破产法》第十四条 and
the tap of filing find it. What is filed goes to a person, for interest, costs and doubles
are not settled here.
"""

from collections import Counter
from typing import Any

from django.db.models import F

from zhipo.cases.models import Case
from zhipo.claims.actions.others import PREFIX
from zhipo.claims.models import Claim, Holder
from zhipo.claims.states import ClaimKind
from zhipo.enforcement.models import Debtor, EnforcementCase, Petition
from zhipo.enforcement.petition_states import Petitioner
from zhipo.enforcement.states import ApplicantKind
from zhipo.kernel.identifiers import IdentifierError, parse_phone
from zhipo.privacy.columns import lookup_hash

KIND: dict[ApplicantKind, ClaimKind | None] = {
    ApplicantKind.CONSUMER: ClaimKind.CONSUMER,
    ApplicantKind.SUPPLIER: ClaimKind.SUPPLIER,
    ApplicantKind.EMPLOYEE: None,
    ApplicantKind.LENDER: ClaimKind.BANK,
    ApplicantKind.TAX: ClaimKind.SOCIAL_TAX,
    ApplicantKind.SOCIAL_INSURANCE: ClaimKind.SOCIAL_TAX,
    ApplicantKind.OTHER: ClaimKind.SUPPLIER,
}
"""Applicant -> kind of claim; employees file nothing, the administrator lists them
(《企业破产法》第四十八条第二款)."""


def put_known_creditors_in(debtor: Debtor, case: Case) -> int:
    """A holder for every enforcement case that is not paid in full; how many."""
    owed = list(
        debtor.cases.filter(amount_fen__gt=F("paid_fen")).order_by("filed_on", "number")
    )
    Holder.objects.bulk_create((_holder(case, one) for one in owed), ignore_conflicts=True)
    holders = dict(
        Holder.objects.filter(
            case=case, holder_id__in=[one.number for one in owed]
        ).values_list("holder_id", "pk")
    )
    claimed = set(Claim.objects.filter(case=case).values_list("holder_id", flat=True))
    fresh = [one for one in owed if holders[one.number] not in claimed]
    Claim.objects.bulk_create(_claims(case, fresh, holders))
    return len(owed)


def put_petitioner_in(petition: Petition, case: Case) -> int:
    """A holder for the creditor who petitioned, unless one of that name is there; how many.

    It is known and to be notified; how much it is owed it files itself.
    """
    if petition.by_whom != Petitioner.CREDITOR:
        return 0
    name_hash = lookup_hash("name", petition.petitioner)
    if Holder.objects.filter(case=case, name_hash=name_hash).exists():
        return 0
    _made_holder(case, petition.number, petition.petitioner).save()
    return 1


def _holder(case: Case, one: EnforcementCase) -> Holder:
    return _made_holder(case, one.number, one.applicant, _phone(one.applicant_phone))


def _made_holder(case: Case, number: str, name: str, phone: str = "") -> Holder:
    return Holder(
        case=case,
        holder_id=number,
        name=name,
        name_hash=lookup_hash("name", name),
        phone=phone,
        phone_hash=lookup_hash("phone", phone),
        phone_tail_hash=lookup_hash("phone_tail", phone[-4:]),
    )


def _claims(
    case: Case, owed: list[EnforcementCase], holders: dict[str, int]
) -> list[Claim]:
    """Pre-filled claims, numbered by kind after those that are there."""
    last = Counter(
        number[0]
        for number in Claim.objects.filter(case=case).values_list("number", flat=True)
    )
    made = []
    for one in owed:
        kind = KIND[ApplicantKind(one.applicant_kind)]
        if kind is not None:
            last[PREFIX[kind]] += 1
            made.append(_claim(case, one, kind, last[PREFIX[kind]], holders[one.number]))
    return made


def _claim(
    case: Case, one: EnforcementCase, kind: ClaimKind, number: int, holder_id: int
) -> Claim:
    details: dict[str, Any] = {"title": one.title, "enforcement_case": one.number}
    return Claim(
        case=case,
        number=f"{PREFIX[kind]}-{number // 1000:03d}-{number % 1000:03d}",
        kind=kind,
        holder_id=holder_id,
        claimed_fen=one.amount_fen - one.paid_fen,
        is_disputed=True,
        details=details,
    )


def _phone(text: str) -> str:
    """In E.164 where it is a number, as written where it is not: nobody is left out."""
    try:
        return parse_phone(text) if text else ""
    except IdentifierError:
        return text

"""The register 债权表, by heading, and what stands reserved beside it (EBL 57)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now, TruncDate

from zhipo.cases.models import Case as BankruptcyCase
from zhipo.claims.models import Claim, Objection
from zhipo.claims.states import LIVE, ClaimKind, FiledThrough, ObjectionState
from zhipo.law.register.states import REGISTER_CLASS, ClaimState, shown_to

HEADINGS = ("SECURED", "EMPLOYEE", "SOCIAL_TAX", "ORDINARY", "SUBORDINATED")
SETTLED = (ClaimState.TABLED, ClaimState.CHECKED, ClaimState.CONFIRMED)
LISTED = Q(
    state=ClaimState.FILED, kind=ClaimKind.EMPLOYEE, filed_through=FiledThrough.LISTED
)
"""Employees need not file: what the administrator lists stands as reviewed (EBL 48.2)."""

UNSETTLED = (ClaimState.DISPUTED, ClaimState.DEFERRED, ClaimState.FILED)
RESERVED = Q(state__in=UNSETTLED) & ~LISTED
"""Not settled: the whole claimed sum stays in reserve (EBL 117 to 119)."""


def _with_objection(*conditions: Q, **wanted: Any) -> Exists:
    return Exists(Objection.objects.filter(*conditions, claim=OuterRef("pk"), **wanted))


TODAY = TruncDate(Now())
"""At the database, in the court's time zone: these conditions outlive a process's day."""

OBJECTED = _with_objection(state__in=[ObjectionState.OPEN, ObjectionState.SUED])
EXPLAINED = _with_objection(state=ObjectionState.EXPLAINED)
MAY_STILL_SUE = _with_objection(
    Q(suit_until__isnull=True) | Q(suit_until__gte=TODAY), state=ObjectionState.EXPLAINED
)
"""Answered, and the fifteen days for a suit not over or not begun (BI3 8)."""

CHECKED = Q(state=ClaimState.CHECKED)
SETTLED_AGAIN = (
    Q(state=ClaimState.DISPUTED, admitted_fen__gt=0)
    & Q(EXPLAINED) & ~Q(OBJECTED) & ~Q(MAY_STILL_SUE)
)  # fmt: skip
"""In dispute until the last day for a suit passed without one: what was admitted stands."""

UNDISPUTED = CHECKED & ~Q(OBJECTED) & ~Q(MAY_STILL_SUE) | SETTLED_AGAIN
"""What a ruling confirms: the meeting has checked it and nobody objects (EBL 58.2)."""

IN_DISPUTE = Q(state=ClaimState.DISPUTED) & ~SETTLED_AGAIN | CHECKED & Q(OBJECTED)
"""What a ruling leaves out, for the court to decide on in a suit (EBL 58.3). What may
still be sued over is left out too and stays as it is: a later ruling confirms it."""

WAITING = CHECKED & ~Q(OBJECTED) & Q(MAY_STILL_SUE)

ENTERED = (*SETTLED, ClaimState.DISPUTED, ClaimState.DEFERRED, ClaimState.REJECTED)
"""What has been put before the meeting; before that nobody but its creditor sees it."""

ON_REGISTER = (*SETTLED, *UNSETTLED, ClaimState.REVIEWED, ClaimState.REJECTED)


@dataclass(frozen=True)
class Heading:
    """One heading of the register: how many, and the sums in fen."""

    name: str
    count: int
    claimed_fen: int
    admitted_fen: int
    reserved_fen: int


def register(case: BankruptcyCase) -> QuerySet[Any]:
    """Filed claims with `heading` and `reserved_fen`, in register order."""
    return (
        Claim.objects.filter(case=case, state__in=ON_REGISTER)
        .select_related("holder", "case")
        .annotate(
            heading=Case(
                *(
                    When(kind=kind, then=Value(name))
                    for kind, name in REGISTER_CLASS.items()
                ),
                output_field=CharField(),
            ),
            reserved_fen=Case(
                When(RESERVED, then=F("claimed_fen")),
                default=Value(0),
                output_field=BigIntegerField(),
            ),
            listed_fen=Coalesce("confirmed_fen", "admitted_fen", Value(0)),
        )
    )


def headings(case: BankruptcyCase) -> list[Heading]:
    """The register's sums by heading, in its order; empty headings left out."""
    rows = (
        register(case)
        .order_by()
        .values("heading")
        .annotate(
            count=Count("pk"),
            claimed=Sum("claimed_fen"),
            admitted=Sum("listed_fen", filter=~RESERVED, default=0),
            reserved=Sum("reserved_fen"),
        )
    )
    found = {
        row["heading"]: Heading(
            row["heading"], row["count"], row["claimed"], row["admitted"], row["reserved"]
        )
        for row in rows
    }
    return [found[name] for name in HEADINGS if name in found]


def in_heading(claims: QuerySet[Any], heading: str) -> QuerySet[Any]:
    """The claims under one heading; all for an empty one."""
    return claims.filter(heading=heading) if heading else claims


def filed_by(user: Any, case_id: int) -> QuerySet[Claim]:
    """The live claims that a person has filed in a case, the oldest first."""
    return Claim.objects.filter(case=case_id, creditor=user.pk, state__in=LIVE).order_by(
        "pk"
    )


def register_shown_to(user: Any, case: BankruptcyCase) -> QuerySet[Any]:
    """The register as a creditor of the case may consult it; nothing for anybody else.

    《企业破产法》第五十七条第二款. Names are for `shown_name`.
    """
    entries = register(case).filter(state__in=ENTERED).order_by("number")
    return entries if filed_by(user, case.pk).exists() else entries.none()


def shown_name(claim: Claim) -> str:
    """The creditor's name as other creditors see it: masked."""
    holder = claim.holder
    name = claim.claimant or (holder.name if holder is not None else "")
    return shown_to(reader="creditor", name=name, id_no="")[0]

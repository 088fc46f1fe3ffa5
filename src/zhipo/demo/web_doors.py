"""Who can be looked in as when the demonstration is served: staff, and some consumers."""

from pathlib import Path

from django.db.models import QuerySet

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.queries.desk import silent
from zhipo.claims.states import ClaimKind
from zhipo.demo import case as inputs
from zhipo.demo.web_filing import people_of
from zhipo.demo.web_people import SignIn, organisations, staff
from zhipo.payouts.states import DepositReason, OrderState

COUNTRY = "+86"


def sign_ins(home: Path) -> list[SignIn]:
    """How everybody on the staff signs in, as kept since the first run."""
    return staff(home, organisations(), since=inputs.ACCEPTED_ON)


def phones(case: Case, folder: Path) -> dict[str, str]:
    """What a person is an example of -> a phone; left out where there is none such."""
    own = Claim.objects.filter(case=case, kind=ClaimKind.CONSUMER).exclude(creditor=None)
    in_parts = own.filter(shares__orders__part=1, shares__orders__state=OrderState.PAID)
    examples = {
        "silent": silent(case).exclude(ledger_fen=None),
        "paid": in_parts,
        "deposited": own.filter(shares__deposits__why=DepositReason.UNCLAIMED),
    }
    found = {name: _phone(claims) for name, claims in examples.items()}
    wrong = (one.phone for one in people_of(folder) if one.wrong == "inflated")
    found["doubtful"] = next(wrong, "")
    return {name: phone for name, phone in found.items() if phone}


def _phone(claims: QuerySet[Claim]) -> str:
    claim = claims.exclude(holder=None).select_related("holder").order_by("pk").first()
    if claim is None or claim.holder is None:
        return ""
    return str(claim.holder.phone).removeprefix(COUNTRY)

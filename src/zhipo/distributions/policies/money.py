"""When money may be entered, a pool be earmarked, an entry be taken back."""

from collections.abc import Sequence
from typing import Any

from zhipo.cases.models import Case
from zhipo.claims.models import Claim
from zhipo.claims.states import ClaimKind
from zhipo.distributions.sources import OF_A_POOL, Source
from zhipo.law.waterfall.basis import NoBasis, checked_basis
from zhipo.law.waterfall.order import ClaimClass
from zhipo.ledger.kinds import ASSETS, AccountKind
from zhipo.ledger.models import Account
from zhipo.web.refusals import NotInState


def check_sum(fen: int) -> None:
    """Raises NotInState for a sum that is none."""
    if fen <= 0:
        raise NotInState("distributions.refused.not_a_sum")


def checked_places(case: Case, *, account: str, pool: str, source: Source) -> None:
    """That both accounts are there and of their kinds. Raises NotInState."""
    held = dict(Account.objects.filter(book=case.number).values_list("code", "kind"))
    if held.get(account) not in ASSETS:
        raise NotInState("distributions.refused.no_account", account=account)
    if source in OF_A_POOL and held.get(pool) != AccountKind.POOL:
        raise NotInState("distributions.refused.no_pool", pool=pool)


def checked_earmark(
    case: Case, *, secures: Sequence[str], first_to: Sequence[str], basis: str,
    evidence: str,
) -> dict[str, Any]:  # fmt: skip
    """The earmark of a pool, if it is lawful. Raises NotInState.

    A pool secures named claims (《企业破产法》第一百零九条) or goes first to named classes
    on one of the grounds of law/waterfall/basis, with its evidence; not both.
    """
    if secures and first_to:
        raise NotInState("distributions.refused.two_earmarks")
    if secures:
        _check_secured(case, secures)
        return {"secures": sorted(secures)}
    if not first_to:
        return {}
    if not set(first_to) <= set(ClaimClass):
        raise NotInState("distributions.refused.no_class")
    try:
        checked_basis(basis=basis, evidence=evidence)
    except NoBasis as none:
        raise NotInState("distributions.refused.no_basis") from none
    return {"first_to": list(first_to), "evidence": evidence.strip()}


def _check_secured(case: Case, numbers: Sequence[str]) -> None:
    """Only claims that are filed as secured have collateral."""
    known = set(
        Claim.objects.filter(
            case=case, number__in=numbers, kind=ClaimKind.SECURED
        ).values_list("number", flat=True)
    )
    missing = sorted(set(numbers) - known)
    if missing:
        raise NotInState("distributions.refused.not_secured", numbers="、".join(missing))

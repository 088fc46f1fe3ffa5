"""What a claim outside the books is found by: keyed hashes beside what is encrypted."""

from zhipo.claims.models import Claim
from zhipo.kernel.identifiers import name_key
from zhipo.privacy.columns import lookup_hash

CREDIT_CODE = "credit_code"
"""Where `details` holds the 统一社会信用代码."""


def make_findable(claim: Claim) -> None:
    """Set the hashes of the creditor's name and credit code; saving is for the act.

    The database refuses a claim that has the one without the other.
    """
    claim.claimant_hash = claimant_hash(claim.claimant)
    claim.credit_code_hash = credit_code_hash(str(claim.details.get(CREDIT_CODE, "")))


def claimant_hash(name: str) -> str:
    """The hash of a creditor's name as it is looked for."""
    return lookup_hash("claimant", name_key(name) or name)


def credit_code_hash(code: str) -> str:
    """The hash of a 统一社会信用代码 as it is looked for."""
    return lookup_hash("credit_code", code.strip().upper())

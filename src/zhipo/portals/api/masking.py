"""What a machine is shown of a person: what other creditors may see, never more.

A program's copy cannot be asked back, so not even the court's programs get the whole
(《个人信息保护法》第六条); people unmask on a page, which is recorded.
"""

from zhipo.claims.models import Claim
from zhipo.law.register.states import shown_to


def masked(claim: Claim) -> tuple[str, str]:
    """Claimant and identity number of a claim, masked."""
    holder = claim.holder
    name = claim.claimant or (holder.name if holder is not None else "")
    return shown_to(
        reader="machine", name=name, id_no=holder.id_no if holder is not None else ""
    )

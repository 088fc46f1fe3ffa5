"""What a payment costs by each channel, as this installation's contracts say.

Fees differ by contract and are not published as one figure: what nobody has entered is not
known, and pages say so instead of taking it for nothing.
"""

import os
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from zhipo.gateways.payouts.channel import ChannelName

FEES = "ZHIPO_PAYOUT_FEES"
"""JSON: channel -> {"each_fen": 100, "per_million": 6000}."""

MILLION = 1_000_000


class Fee(BaseModel):
    """A sum for each payment, and millionths of what is paid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    each_fen: int = Field(default=0, ge=0)
    per_million: int = Field(default=0, ge=0, le=MILLION)

    def cost_fen(self, count: int, fen: int) -> int:
        """What so many payments of so much together have cost, rounded up to a fen."""
        return count * self.each_fen + -(-fen * self.per_million // MILLION)


def fees_known(environment: Mapping[str, str] = os.environ) -> Mapping[ChannelName, Fee]:
    """The fees that were entered. Raises ValueError for what is not in the form."""
    text = environment.get(FEES, "").strip()
    if not text:
        return {}
    return TypeAdapter(dict[ChannelName, Fee]).validate_json(text)

"""An order in a worker's hands: what it was when it was taken, what came of it."""

from dataclasses import dataclass, field
from datetime import datetime

from zhipo.gateways.payouts.channel import ChannelName
from zhipo.gateways.payouts.outcomes import AskOutcome, CancelOutcome, SendOutcome
from zhipo.gateways.payouts.transfers import Payee, PayeeKind, Transfer
from zhipo.payouts.states import OrderState, ReleaseState
from zhipo.payouts.verdicts import Asked, Standing, Verdict
from zhipo.privacy.columns import decrypt

Outcome = SendOutcome | AskOutcome | CancelOutcome


@dataclass(frozen=True)
class Work:
    """One order, taken up in one turn; the payee is still sealed.

    `has_package` says whether the payee's client can be opened for it already.
    """

    order: int
    turn: int
    before: OrderState
    release_state: ReleaseState
    tries: int
    confirm_until: datetime | None
    has_package: bool
    channel: ChannelName
    reference: str
    fen: int
    part: int
    claim_number: str
    payee_kind: PayeeKind
    sealed: tuple[bytes, bytes, bytes] = field(repr=False)

    @property
    def standing(self) -> Standing:
        return Standing(self.state, self.turn, self.confirm_until)

    @property
    def state(self) -> OrderState:
        """As it stands since it was taken: what was planned is being sent."""
        is_new = self.before is OrderState.PLANNED
        return OrderState.SENDING if is_new else self.before

    def transfer(self) -> Transfer:
        """What the channel is told, the same whenever it is told. Raises ValueError."""
        account, name, bank = (decrypt(one) for one in self.sealed)
        payee = Payee(self.payee_kind, account, name=name, bank=bank)
        return Transfer(self.reference, self.fen, payee, remark(self))


@dataclass(frozen=True)
class Done:
    """What came of one turn: every answer in its order, and what follows from them."""

    work: Work
    answers: tuple[tuple[Asked, Outcome], ...]
    verdict: Verdict
    sent_again: bool = False


def remark(work: Work) -> str:
    """What the payee reads beside the sum: nothing that could change between two tries."""
    return f"破产财产分配 {work.claim_number} 第{work.part + 1}期"[:32]

"""The channels as processes: started, killed, started again, asked about."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from zhipo.gateways.payouts.sandbox.behaviour import Behaviour
from zhipo.gateways.payouts.sandbox.plan import CHANNELS, Plan, lay_out, settings
from zhipo.gateways.sandboxes.processes import HOST, Sandboxes

PROCESS = f"{__package__}.process"


@dataclass(kw_only=True)
class PayoutSandboxes(Sandboxes):
    """What is running over a folder, by channel: `wechat`, `alipay`, `bank`.

    The book of a channel has `paid`, which is what really left.
    """

    plan: Plan
    port_base: int

    timeout_seconds: ClassVar[int] = 60

    def command(self, name: str) -> Sequence[str]:
        return (PROCESS, str(self.home), name, str(self.seed), str(self._port(name)))

    def address(self, name: str) -> str:
        return f"http://{HOST}:{self._port(name)}"

    def settings(self) -> dict[str, str]:
        """The environment with which `read_account` finds its channel."""
        addresses = {channel: self.address(channel) for channel in CHANNELS}
        return settings(self.home, self.plan, addresses=addresses)

    def set_behaviour(
        self, channel: str, behaviour: Behaviour, *, reference: str | None = None
    ) -> None:
        """How a transfer (or a bank's batch) is met, or the next one that arrives."""
        content = {**behaviour.model_dump(mode="json"), "reference": reference}
        self.control(channel, "behaviour", content)

    def confirm(self, reference: str) -> dict[str, Any]:
        """The payee takes a WeChat transfer. Raises httpx.HTTPStatusError if too late."""
        return self.control("wechat", "confirm", {"reference": reference})

    def _port(self, channel: str) -> int:
        return self.port_base + CHANNELS.index(channel)


@contextmanager
def running_payouts(
    home: Path, *, port_base: int, seed: int = 0, plan: Plan | None = None
) -> Iterator[PayoutSandboxes]:
    """Every channel on its port, until the block ends. Raises NotReady.

    Started again over the same `home`, they go on with the books they had.
    """
    chosen = plan or Plan()
    lay_out(chosen, home)
    running = PayoutSandboxes(home=home, plan=chosen, seed=seed, port_base=port_base)
    try:
        running.start(*CHANNELS)
        yield running
    finally:
        running.end()

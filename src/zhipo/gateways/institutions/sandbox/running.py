"""The institutions as six processes: started, killed, started again, asked about."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from zhipo.gateways.institutions.keys import (
    DIRECTORY,
    PRIVATE_FILE,
    Directory,
    PrivateKey,
    read_private_key,
)
from zhipo.gateways.institutions.sandbox import plan as plans
from zhipo.gateways.institutions.sandbox.behaviour import Behaviour
from zhipo.gateways.sandboxes.processes import Sandboxes

PROCESS = f"{__package__}.process"


@dataclass(kw_only=True)
class Institutions(Sandboxes):
    """What is running over a folder, by party."""

    directory: Directory

    def command(self, name: str) -> Sequence[str]:
        return (PROCESS, str(self.home), name, str(self.seed))

    def address(self, name: str) -> str:
        return self.directory.party(name).address

    def settings(self) -> Mapping[str, str]:
        """The environment with which a court's side finds directory and keys."""
        return {
            DIRECTORY: str(self.home / plans.DIRECTORY),
            PRIVATE_FILE: str(self.home / plans.COURTS),
        }

    def court_key(self, court: str) -> PrivateKey:
        return read_private_key(court, self.settings())

    def set_behaviour(
        self, party: str, behaviour: Behaviour, *, order_id: object = None
    ) -> None:
        """How an institution meets an order, or the next one that arrives."""
        content = behaviour.model_dump(mode="json")
        content["order_id"] = None if order_id is None else str(order_id)
        self.control(party, "behaviour", content)


@contextmanager
def running_institutions(
    home: Path, *, port_base: int, seed: int = 0, plan: plans.Plan | None = None
) -> Iterator[Institutions]:
    """Every institution of the plan on its port, until the block ends. Raises NotReady.

    Started again over the same `home`, they go on with the books they had.
    """
    directory = plans.lay_out(plan or plans.read_plan(), home, port_base=port_base)
    running = Institutions(home=home, directory=directory, seed=seed)
    try:
        running.start(*(one.party for one in directory.institutions()))
        yield running
    finally:
        running.end()

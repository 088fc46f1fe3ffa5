"""What a sandbox is made of: institutions with their books, courts with their addresses.

A plan is a JSON file: `default_plan.json` unless another is given. From it come the
directory of parties and everybody's keys, all in one folder.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from zhipo.gateways.institutions.keys import (
    Directory,
    Party,
    PrivateKey,
    new_private_key,
    write_private_keys,
)
from zhipo.gateways.institutions.messages import (
    Debtor,
    ObjectKind,
    PartyId,
    Reference,
    Target,
    Text,
    Title,
)
from zhipo.kernel.money import MAX_FEN

DEFAULT = Path(__file__).with_name("default_plan.json")
PLAN, DIRECTORY, COURTS = "plan.json", "directory.json", "courts.private.json"
FOUNDED = datetime(2020, 1, 1, tzinfo=UTC)
RENEWED = datetime(2024, 1, 1, tzinfo=UTC)
ENDS = datetime(2040, 1, 1, tzinfo=UTC)


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Movement(_Entry):
    """Money in (fen above zero) or out of an account before the sandbox starts."""

    at: AwareDatetime
    fen: int = Field(ge=-MAX_FEN, le=MAX_FEN)
    counterparty: Text
    memo: str = ""


class PlannedObject(_Entry):
    """One account or thing; its balance is the sum of its movements."""

    kind: ObjectKind
    reference: Reference
    label: Text
    holder: Debtor
    title: Title = Title.DEBTORS
    evidence: tuple[Text, ...] = ("开户资料与实名登记一致",)
    movements: tuple[Movement, ...] = ()

    @property
    def target(self) -> Target:
        return Target(kind=self.kind, reference=self.reference)


class Respondent(_Entry):
    party: PartyId
    name: Text
    objects: tuple[PlannedObject, ...]


class PlannedCourt(_Entry):
    """`address` is where answers are posted; empty: the court asks, nothing is posted."""

    party: PartyId
    name: Text
    address: str = ""


class Plan(_Entry):
    courts: tuple[PlannedCourt, ...]
    institutions: tuple[Respondent, ...]

    def respondent(self, party: str) -> Respondent:
        return next(one for one in self.institutions if one.party == party)


def read_plan(path: Path = DEFAULT) -> Plan:
    """The plan in a file. Raises OSError, or ValueError with what is wrong in it."""
    return Plan.model_validate_json(path.read_bytes())


def at_addresses(plan: Plan, addresses: dict[str, str]) -> Plan:
    """The plan with courts at these addresses. Raises ValueError for an unknown court."""
    unknown = set(addresses) - {court.party for court in plan.courts}
    if unknown:
        raise ValueError(f"no such court: {', '.join(sorted(unknown))}")
    courts = tuple(
        court.model_copy(update={"address": addresses.get(court.party, court.address)})
        for court in plan.courts
    )
    return plan.model_copy(update={"courts": courts})


def lay_out(plan: Plan, home: Path, *, port_base: int) -> Directory:
    """Write plan, directory and keys into `home`.

    A later start over the same folder keeps keys and books; only the addresses are new.
    """
    home.mkdir(parents=True, exist_ok=True)
    if (home / DIRECTORY).exists():
        kept = Directory.model_validate_json((home / DIRECTORY).read_bytes())
        parties = list(kept.parties)
    else:
        courts = [_court(court) for court in plan.courts]
        write_private_keys([key for _, key in courts], home / COURTS)
        parties = [party for party, _ in courts]
        parties += [_institution(one, home) for one in plan.institutions]
        _write(home / PLAN, plan)
    addresses = {court.party: court.address for court in plan.courts}
    for port, respondent in enumerate(plan.institutions, start=port_base):
        addresses[respondent.party] = f"http://127.0.0.1:{port}"
    directory = Directory(parties=tuple(_moved(one, addresses) for one in parties))
    _write(home / DIRECTORY, directory)
    return directory


def private_file(home: Path, party: str) -> Path:
    """Where an institution's keys are: the one in use, then the retired one."""
    return home / f"{party}.private.json"


def _moved(party: Party, addresses: dict[str, str]) -> Party:
    address = addresses.get(party.party, party.address)
    return party.model_copy(update={"address": address})


def _court(court: PlannedCourt) -> tuple[Party, PrivateKey]:
    key = new_private_key(court.party, f"{court.party}-1")
    party = Party(
        party=court.party,
        name=court.name,
        role="court",
        address="",
        keys=(key.public_key(since=FOUNDED, until=ENDS),),
    )
    return party, key


def _institution(respondent: Respondent, home: Path) -> Party:
    """With a key that was retired in 2024 beside the one in use."""
    name = respondent.party
    retired = new_private_key(name, f"{name}-0")
    used = new_private_key(name, f"{name}-1")
    write_private_keys([used, retired], private_file(home, name))
    return Party(
        party=name,
        name=respondent.name,
        role="institution",
        address="",
        keys=(
            used.public_key(since=RENEWED, until=ENDS),
            retired.public_key(since=FOUNDED, until=RENEWED),
        ),
    )


def _write(path: Path, content: BaseModel) -> None:
    part = path.with_name(f"{path.name}.part")
    text = json.dumps(content.model_dump(mode="json"), ensure_ascii=False, indent=1)
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(path)

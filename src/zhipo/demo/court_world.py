"""What every step before the case works on: people, clock, files, the one debtor."""

from dataclasses import dataclass
from pathlib import Path

from zhipo.accounts.models import Organisation
from zhipo.demo.case import scaled
from zhipo.demo.court_cases import LEADING, consumers_of
from zhipo.demo.court_days import SharedClock
from zhipo.demo.court_people import People
from zhipo.demo.court_plan import CODE
from zhipo.demo.web_people import COURT
from zhipo.enforcement.actions.findings import reference_hash
from zhipo.enforcement.models import Debtor, EnforcementCase, Property, Referral


@dataclass(frozen=True)
class World:
    """`folder` holds the generated case, `home` what is kept of this run."""

    home: Path
    folder: Path
    people: People
    clock: SharedClock

    @property
    def court(self) -> Organisation:
        """Where it is enforced, referred and reviewed: the court of the domicile."""
        return self.people.offices[COURT]

    @property
    def debtor(self) -> Debtor:
        return Debtor.objects.get(credit_code=CODE)

    @property
    def leading(self) -> EnforcementCase:
        """The largest supplier's case; the referral is decided in it."""
        return EnforcementCase.objects.get(number=LEADING)

    @property
    def referral(self) -> Referral:
        """The debtor's, from the day on which it is opened. Raises DoesNotExist."""
        return Referral.objects.get(debtor=self.debtor)

    def thing(self, reference: str) -> Property:
        """A property by what its institution calls it. Raises DoesNotExist."""
        return Property.objects.get(
            debtor=self.debtor, reference_hash=reference_hash(reference)
        )

    def scaled(self, fen: int) -> int:
        """An amount of the 32,000-consumer case in this one."""
        return scaled(fen, consumers_of(self.folder))

"""The courts of the days before the case, their people, and where each court stands."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from zhipo.accounts.models import Organisation, User
from zhipo.demo.web_people import (
    ABOVE,
    COURT,
    KAIFU,
    YUETANG,
    SignIn,
    organisations,
    staff,
    staff_member,
)
from zhipo.enforcement.actions.institutions import register_institutions
from zhipo.enforcement.actions.referrals import rank_court
from zhipo.enforcement.institution_entries import InstitutionEntry
from zhipo.enforcement.referral_states import CourtLevel
from zhipo.enforcement.states import InstitutionKind
from zhipo.gateways.institutions.keys import Directory

HIGH, XIANGTAN, CHANGSHA = ABOVE
RANKS: tuple[tuple[str, CourtLevel, str], ...] = (
    (HIGH, CourtLevel.HIGH, ""),
    (XIANGTAN, CourtLevel.INTERMEDIATE, HIGH),
    (CHANGSHA, CourtLevel.INTERMEDIATE, HIGH),
    (COURT, CourtLevel.BASIC, XIANGTAN),
    (YUETANG, CourtLevel.BASIC, XIANGTAN),
    (KAIFU, CourtLevel.BASIC, CHANGSHA),
)
"""Court, level, the court above; each after the one it stands under."""

JUDGE_OF = {
    COURT: "enforcement",
    YUETANG: "enforcement-yuetang",
    KAIFU: "enforcement-kaifu",
}
CLERK_OF = {COURT: "clerk", YUETANG: "clerk-yuetang", KAIFU: "clerk-kaifu"}
"""Court that enforces -> the sign-in name of who acts for it."""

KIND_OF = {
    "wallet": InstitutionKind.PAYMENT,
    "bank": InstitutionKind.BANK,
    "platform": InstitutionKind.PLATFORM,
}
"""How a party of the sandbox begins -> its kind."""


@dataclass(frozen=True)
class People:
    """Who acts, by sign-in name, and the offices they hold."""

    offices: dict[str, Organisation]
    sign_ins: list[SignIn]
    known: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Any:
        """The person with this sign-in name, read once."""
        if login not in self.known:
            self.known[login] = staff_member(login)
        return self.known[login]


def people_since(day: date, *, home: Path) -> People:
    """Everybody of the demonstration, appointed on or before that day."""
    offices = organisations()
    return People(offices, staff(home, offices, since=day))


def rank_courts(people: People) -> None:
    """Enter where each court stands, as a president does."""
    for court, level, above in RANKS:
        rank_court(
            court_id=people.offices[court].pk,
            level=level,
            above_id=people.offices[above].pk if above else None,
            by=people["president"],
        )


def know_institutions(directory: Directory, *, by: User) -> None:
    """Register everybody whom the installation's directory names as an institution."""
    entries = [
        InstitutionEntry(one.party, one.name, KIND_OF[one.party.split("-")[0]])
        for one in directory.institutions()
    ]
    register_institutions(entries=entries, by=by)

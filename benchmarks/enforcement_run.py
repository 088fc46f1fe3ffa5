"""One seeded run under fire: accounts found, frozen, watched to the end; then referred."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from enforcement_found import Book, Intended, alerts_missing, faults_of, overdue_untold
from enforcement_ground import COURTS, HELD, Network, People, Slot
from enforcement_people import Actor, Clock, Web
from enforcement_referral import Referring
from enforcement_referral_found import referral_faults
from web_ground import kill_postgresql
from zhipo.enforcement.actions.sending import UNSENT
from zhipo.enforcement.models import (
    Debtor,
    EnforcementCase,
    Freeze,
    InquiryObjection,
    InquiryOrder,
    Property,
)
from zhipo.enforcement.states import HOLDS, STILL_OPEN, InquiryState
from zhipo.gateways.institutions.messages import Act
from zhipo.gateways.institutions.moments import china_day
from zhipo.law.enforcement.freezes import ALERT_DAYS

ROUNDS = 12
HOURS = 25
"""A round of chasing is a day and an hour: whatever is due once a day is due then."""

RESENT_MINUTES = 5
"""The worker sends every minute what was not taken; each try waits longer than the last."""

FIRST, SECOND = COURTS
CONTESTED = "A"
"""The account that both courts freeze: the second waits in the queue."""

CORRECTED = 3
"""Rounds after the last end in which what was told wrongly is told again, and believed."""

OWED_FEN = 900_000_000
SHARES = {"actor": 0.2, "institution": 0.1, "web": 0.08}
REFERRAL_SHARES = {"actor": 0.3}
"""How often, for each act, who is killed on the way; a referral asks no institution."""

FATAL_ACTS = (4, 60)
"""Where PostgreSQL is killed: among these acts of the run."""

STATEMENTS, REFERRAL_STATEMENTS = (1, 90), (1, 45)
"""After how many points the acting process dies; acts of a referral have fewer."""

KILL_WITHIN_SECONDS = 0.2


@dataclass
class Grounds:
    """What a run needs of the installation."""

    home: Path
    network: Network
    people: People
    clock: Clock
    web: Web


@dataclass
class Run:
    """The court's side of one seed; `killed` counts who died on the way."""

    on: Grounds
    slot: Slot
    seed: int
    actor: Actor
    kills_postgresql: bool
    now: datetime = field(init=False)
    killed: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    intended: Intended = field(default_factory=Intended)
    cases: dict[str, int] = field(default_factory=dict)
    untold: set[int] = field(default_factory=set)
    acts: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.now = self.slot.begins_at
        self.renews_ex_officio = self.chance.random() < 0.3
        self.shares, self.statements = SHARES, STATEMENTS
        self.fatal_act = self.chance.randint(*FATAL_ACTS) if self.kills_postgresql else 0

    def go(self) -> list[str]:
        """The whole way; what was found wrong."""
        network = self.on.network
        self._set_clock()
        book = Book(known=set(network.answered()), balances=network.balances(self.slot))
        self._open()
        self._inquire()
        self._freeze()
        self._ask_and_lower()
        self._watch_to_the_end()
        self._settle(calm=CORRECTED)
        self.faults += faults_of(self.intended, book, network, self.slot, self.now)
        self._refer()
        return self.faults

    def _refer(self) -> None:
        """The same debtor on its way into bankruptcy."""
        self.shares, self.statements = REFERRAL_SHARES, REFERRAL_STATEMENTS
        case = EnforcementCase.objects.get(pk=self.cases[FIRST])
        way = Referring(self._act, self._wait, self.on.people, self.chance, self.seed)
        try:
            way.go(case.pk, case.debtor_id)
        finally:
            self.faults += way.faults
        self.faults += referral_faults(way.sent, self.now)

    def _wait(self, days: int) -> datetime:
        """Days go by for the court; no institution is asked meanwhile."""
        self.now += timedelta(days=days)
        self.on.clock.set(self.now)
        return self.now

    def _open(self) -> None:
        """The debtor, and a case before each court."""
        debtor = Debtor.objects.create(
            slug=f"run-{self.seed}", name=self.slot.name, credit_code=self.slot.uscc
        )
        for number, (party, court) in enumerate(self.on.people.courts.items(), start=1):
            case = EnforcementCase.objects.create(
                debtor=debtor, court_id=court, judge_id=self.on.people.judges[party],
                number=f"（2024）湘030{number}执{self.seed}号", applicant="供货商",
                applicant_hash="0" * 64, applicant_kind="supplier", title="民事判决书",
                amount_fen=OWED_FEN, filed_on=date(2024, 1, 8),
            )  # fmt: skip
            self.cases[party] = case.pk

    def _inquire(self) -> None:
        self._act("inquire", case_id=self.cases[FIRST], form_key="f", by=FIRST)
        self.intended.add(Act.QUERY, len(self.on.network.parties))
        urgent = self.chance.random() < 0.5
        self._act("clue", case_id=self.cases[FIRST], form_key=f"clue-{self.seed}",
                  is_urgent=urgent, by=FIRST)  # fmt: skip
        self.intended.clues += 1
        self._settle(calm=CORRECTED)

    def _freeze(self) -> None:
        letters = self.chance.sample([letter for *_, letter in HELD if letter != "A"], 2)
        for letter in (CONTESTED, *letters):
            self._order_freeze(letter, FIRST)
        self._order_freeze(CONTESTED, SECOND)
        self._settle()

    def _order_freeze(self, letter: str, party: str) -> None:
        thing = self._thing(letter)
        fen = None if thing.value_fen is None else self.chance.randint(100_000, 3_000_000)
        until = self.today + timedelta(days=self.chance.randint(64, 84))
        freeze = self._act(
            "freeze", case_id=self.cases[party], wanted=(thing.pk, fen, until),
            form_key="f", by=party,
        )  # fmt: skip
        self.intended.add(Act.FREEZE)
        if self.chance.random() < 0.6:
            self.intended.renewed_before[freeze] = self.chance.randint(6, 14)

    def _ask_and_lower(self) -> None:
        things = [self._thing(letter).pk for letter in self.chance.sample("ABCDEFH", 2)]
        on = {"case_id": self.cases[FIRST], "by": FIRST}
        self._act("ownership", property_ids=things, **on)
        self.intended.add(Act.OWNERSHIP_CHECK, len(things))
        first = self.today - timedelta(days=365)
        self._act("history", property_ids=things[:1], first=first, last=self.today, **on)
        self.intended.add(Act.HISTORY)
        holding = Freeze.objects.filter(
            case=self.cases[FIRST], frozen_fen__gt=10, state__in=HOLDS
        ).order_by("pk")
        for freeze, name in zip(list(holding), ("deduct", "lift_part"), strict=False):
            self._act(name, freeze_id=freeze.pk, fen=freeze.frozen_fen // 3, form_key="d",
                      by=FIRST)  # fmt: skip
            self.intended.add(Act.DEDUCT if name == "deduct" else Act.PARTIAL_LIFT)
        self._settle()

    def _watch_to_the_end(self) -> None:
        """Day by day of those that matter, some of them missed: nothing ran then."""
        began = self.now
        for day in self._days():
            if day <= self.today:
                continue
            self.now = began + timedelta(days=(day - china_day(began)).days)
            self._set_clock()
            self._renew(day)
            self._watch(day)
            self._act("mind", now=self.now)
            self._chase_until_sent()
            self._reply()

    def _days(self) -> list[date]:
        ends = set(Freeze.objects.values_list("until", flat=True))
        alerts = {end - timedelta(days=one) for end in ends for one in ALERT_DAYS}
        kept = {day for day in alerts if self.chance.random() < 0.3}
        renewals = {
            Freeze.objects.get(pk=pk).until - timedelta(days=before)
            for pk, before in self.intended.renewed_before.items()
        }
        over = {end + timedelta(days=1) for end in ends}
        return sorted(kept | renewals | over)

    def _renew(self, day: date) -> None:
        """The judge's renewals of that day, unless the court has renewed by itself."""
        for pk, before in self.intended.renewed_before.items():
            freeze = Freeze.objects.get(pk=pk)
            is_day = freeze.until - timedelta(days=before) == day
            if is_day and freeze.state in HOLDS:
                self._act("renew", freeze_id=pk, by=self._party_of(freeze.case_id))
                self.intended.renewed[pk] = freeze.until

    def _watch(self, day: date) -> None:
        standing = dict(
            Freeze.objects.filter(state__in=HOLDS, until__gte=day).values_list(
                "pk", "until"
            )
        )
        self._act("watch", now=self.now, is_ex_officio=self.renews_ex_officio)
        self.faults += alerts_missing(standing, day)

    def _settle(self, *, calm: int = 1) -> None:
        """Let time pass for everything late, replying to whatever is objected to.

        `calm`: so many rounds after the last answer, in which corrections come.
        """
        quiet = 0
        for _ in range(ROUNDS):
            self.now += timedelta(hours=HOURS)
            self._set_clock()
            self._chase()
            self._reply()
            open_ones = InquiryOrder.objects.filter(
                state__in=STILL_OPEN | {InquiryState.OBJECTED}
            )
            quiet = 0 if open_ones.exists() else quiet + 1
            if quiet > calm:
                return

    def _chase_until_sent(self) -> None:
        """Within the hour: an order that met silence does not lie until the next day kept.

        A renewal would else arrive after the end of its freeze, which no court lets happen.
        """
        for _ in range(ROUNDS):
            self._chase()
            if not InquiryOrder.objects.filter(state__in=UNSENT).exists():
                return
            self.now += timedelta(minutes=RESENT_MINUTES)
            self._set_clock()

    def _chase(self) -> None:
        self._act("chase", now=self.now)
        untold = overdue_untold(self.now)
        self.faults += [
            f"order {pk} is overdue, nobody was told" for pk in untold & self.untold
        ]
        self.untold = untold

    def _reply(self) -> None:
        for objection in InquiryObjection.objects.filter(replied_at=None):
            case = InquiryOrder.objects.get(pk=objection.order_id).case_id
            self._act("reply", objection_id=objection.pk, by=self._party_of(case))

    def _thing(self, letter: str) -> Property:
        reference = self.slot.reference(letter)
        found = [one for one in Property.objects.all() if one.reference == reference]
        assert len(found) == 1, (reference, len(found))
        return found[0]

    def _party_of(self, case: int) -> str:
        return next(name for name, pk in self.cases.items() if pk == case)

    @property
    def today(self) -> date:
        return china_day(self.now)

    def _set_clock(self) -> None:
        self.on.clock.set(self.now)
        self.on.network.set_clock(self.now)

    def _act(self, name: str, **given: Any) -> Any:
        """An act; whoever it meets may be killed before it has come to its end."""
        if "by" in given:
            given["by"] = self.on.people.judges[given["by"]]
            given["now"] = self.now
        self.acts += 1
        victim = self._victim()
        if victim == "actor":
            dies_after = self.chance.randint(*self.statements)
            return self.actor.do(name, kill_after=dies_after, **given)
        self.actor.tell(name, **given)
        if victim:
            time.sleep(self.chance.uniform(0, KILL_WITHIN_SECONDS))
            self._killers()[victim]()
            self.killed[victim] = self.killed.get(victim, 0) + 1
        return self.actor.done(name, **given)

    def _victim(self) -> str:
        if self.acts == self.fatal_act:
            return "postgresql"
        drawn = self.chance.random()
        for name, share in self.shares.items():
            if drawn < share:
                return name
            drawn -= share
        return ""

    def _killers(self) -> dict[str, Callable[[], None]]:
        return {
            "institution": self._kill_institution,
            "web": self._kill_web,
            "postgresql": lambda: kill_postgresql(self.on.home),
        }

    def _kill_institution(self) -> None:
        party = self.chance.choice(self.on.network.parties)
        self.on.network.kill(party)
        self.on.network.restart(party, self.now)

    def _kill_web(self) -> None:
        self.on.web.kill()
        self.on.web.start()
